//! 零报告: every responsible unit says something in every period, be it that there is nothing.

use super::expanded;
use crate::model::actual::Actual;
use crate::model::book::Book;
use crate::model::filing::Deed;
use crate::model::rhythm::Stretch;
use crate::model::unit::UnitIx;
use chrono::NaiveDate;

/// What a unit did in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// New problems are in its ledger.
    Found,
    ZeroReport,
    /// Both: one of them is wrong.
    Contradiction,
    NoLedger,
    EmptyLedger,
    /// It has a ledger with rows, but none of this period and no zero report.
    Silent,
    /// Its ledger cannot be opened: nobody can tell.
    Unreadable,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            State::Found => "有新问题",
            State::ZeroReport => "零报告",
            State::Contradiction => "零报告与新问题矛盾",
            State::NoLedger => "无台账，也无零报告",
            State::EmptyLedger => "台账无一行，也无零报告",
            State::Silent => "本期无新问题，也无零报告",
            State::Unreadable => "台账打不开，无法判断",
        }
    }

    pub fn is_covered(self) -> bool {
        matches!(self, State::Found | State::ZeroReport)
    }
}

/// One responsible unit in one campaign.
#[derive(Debug, Clone, Copy)]
pub struct CoverageLine {
    pub campaign: u16,
    pub unit: UnitIx,
    /// Rows of its ledger that had been found by the end of the period.
    pub rows: u32,
    /// Problems found in the period.
    pub found: u32,
    /// Day of its last zero report in the period.
    pub zero: Option<NaiveDate>,
    pub state: State,
}

/// The units that have to report: who is responsible for a task, its lead where nobody else is, and whoever keeps a
/// ledger; and whether some cannot be listed.
pub fn responsible(book: &Book, campaign: u16) -> (Vec<UnitIx>, bool) {
    let plan = book.workspace.campaign(campaign);
    let names = plan.tasks.iter().flat_map(|task| match (&task.responsible[..], &task.lead[..]) {
        ([], []) => &plan.lead,
        ([], _) => &task.lead,
        _ => &task.responsible,
    });
    let (mut units, is_open) = expanded(book, names);
    units.extend(book.ledgers.iter().filter(|ledger| ledger.campaign == campaign).map(|ledger| ledger.unit));
    units.sort_unstable();
    units.dedup();
    (units, is_open)
}

/// The units that have something to say about a campaign: those that have to report, and whoever filed something.
pub fn speaking(book: &Book, campaign: u16) -> Vec<UnitIx> {
    let (mut units, _) = responsible(book, campaign);
    if let Some(filings) = book.filings_of(campaign) {
        units.extend(filings.figures.iter().filter_map(|figure| figure.unit));
        units.extend(filings.duties.iter().map(|record| record.unit));
    }
    units.sort_unstable();
    units.dedup();
    units
}

/// Whether anybody owes a report for days on which the campaign runs.
pub fn is_owed(book: &Book, campaign: u16, within: Stretch) -> bool {
    let period = book.workspace.campaign(campaign).period;
    within.0 <= period.end && period.start.is_none_or(|start| start <= within.1)
}

/// Every responsible unit of a campaign; none where it does not run on any of the days.
pub fn lines(book: &Book, campaign: u16, within: Stretch) -> Vec<CoverageLine> {
    if !is_owed(book, campaign, within) {
        return vec![];
    }
    let (units, _) = responsible(book, campaign);
    units.into_iter().map(|unit| line(book, campaign, unit, within)).collect()
}

/// Units that reported, of those that have to; of `units` only, if any are named.
pub fn rate(book: &Book, campaign: u16, within: Stretch, units: &[UnitIx]) -> Option<Actual> {
    let lines: Vec<CoverageLine> = match units {
        _ if !is_owed(book, campaign, within) => vec![],
        [] => lines(book, campaign, within),
        units => units.iter().map(|unit| line(book, campaign, *unit, within)).collect(),
    };
    let covered = lines.iter().filter(|line| line.state.is_covered()).count();
    Actual::share(covered as i64, lines.len() as i64)
}

fn line(book: &Book, campaign: u16, unit: UnitIx, within: Stretch) -> CoverageLine {
    let holds = |day: NaiveDate| (within.0..=within.1).contains(&day);
    let ledger = book.ledgers.iter().find(|ledger| ledger.campaign == campaign && ledger.unit == unit);
    let is_empty = ledger.is_none_or(|ledger| ledger.rows == 0);
    let rows =
        ledger.map_or(0, |ledger| ledger.issues.iter().filter(|issue| issue.exists_on(within.1)).count());
    let found = ledger.map_or(0, |ledger| {
        ledger.issues.iter().filter(|issue| issue.milestone.is_none() && holds(issue.found)).count()
    });
    let filed = book.filings_of(campaign).into_iter().flat_map(|filings| &filings.duties);
    let zero =
        filed.filter(|record| record.deed == Deed::ZeroReport && record.unit == unit && holds(record.day));
    let zero = zero.map(|record| record.day).max();
    let state = match (ledger, zero) {
        (_, Some(_)) if found > 0 => State::Contradiction,
        (_, Some(_)) => State::ZeroReport,
        _ if found > 0 => State::Found,
        (None, None) if is_unreadable(book, campaign, unit) => State::Unreadable,
        (None, None) => State::NoLedger,
        (Some(_), None) if is_empty => State::EmptyLedger,
        (Some(_), None) => State::Silent,
    };
    CoverageLine { campaign, unit, rows: rows as u32, found: found as u32, zero, state }
}

fn is_unreadable(book: &Book, campaign: u16, unit: UnitIx) -> bool {
    let (campaign, unit) = (&book.workspace.campaign(campaign).id, &book.workspace.register.unit(unit).id);
    let path = format!("ledgers/{campaign}/{unit}.csv");
    book.unreadable.iter().any(|(unreadable, _)| *unreadable == path)
}
