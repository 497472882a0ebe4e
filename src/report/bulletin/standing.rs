//! Where everything stood at the end of a period, and what happened in it, in all, by unit and by campaign.

use crate::model::book::Book;
use crate::model::issue::Issue;
use crate::model::rhythm::Stretch;
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use crate::report::tally::Tally;
use std::collections::BTreeMap;

/// State at the end of a period and events within it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Account {
    pub tally: Tally,
    pub found: u32,
    pub applied: u32,
    pub closed: u32,
}

impl Account {
    fn add(&mut self, issue: &Issue, status: Status, within: Stretch) {
        let holds =
            |day: Option<chrono::NaiveDate>| day.is_some_and(|day| (within.0..=within.1).contains(&day));
        self.found += u32::from(holds(Some(issue.found)));
        self.applied +=
            u32::from(status >= Status::Applied && !status.is_elsewhere() && holds(issue.applied));
        self.closed += u32::from(status == Status::Closed && holds(issue.closed));
    }

    /// Not written off, transferred or merged.
    pub fn open(&self) -> u32 {
        self.tally.closable() - self.tally.of(Status::Closed)
    }

    /// Numerator and denominator of 销号率.
    pub fn closing(&self) -> (u32, u32) {
        (self.tally.of(Status::Closed), self.tally.closable())
    }
}

#[derive(Debug, Default)]
pub struct Standing {
    pub whole: Account,
    pub units: BTreeMap<UnitIx, Account>,
    pub campaigns: BTreeMap<u16, Account>,
}

impl Standing {
    pub fn of(book: &Book, within: Stretch) -> Standing {
        let clock = book.workspace.clock(within.1);
        let mut standing = Standing::default();
        for ledger in &book.ledgers {
            let mut own = Account::default();
            for issue in ledger.issues.iter().filter(|issue| issue.exists_on(within.1)) {
                own.tally.add(issue, &clock);
                own.add(issue, issue.status_on(within.1), within);
            }
            let units = standing.units.entry(ledger.unit).or_default();
            let campaigns = standing.campaigns.entry(ledger.campaign).or_default();
            for sum in [&mut standing.whole, units, campaigns] {
                sum.tally.merge(&own.tally);
                sum.found += own.found;
                sum.applied += own.applied;
                sum.closed += own.closed;
            }
        }
        standing
    }
}
