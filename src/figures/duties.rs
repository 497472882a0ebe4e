//! Recurring duties (调度, 通报, 会议 …): what was owed, and what the records show was done.

use super::expanded;
use crate::model::book::Book;
use crate::model::campaign::{Campaign, Duty};
use crate::model::filing::{Deed, DutyRecord};
use crate::model::rhythm::{Stretch, periods_up_to};
use crate::model::unit::UnitIx;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// One duty, of one unit where each owes it by itself.
#[derive(Debug, Clone)]
pub struct DutyLine<'b> {
    pub campaign: u16,
    pub duty: &'b Duty,
    pub unit: Option<UnitIx>,
    /// Every period that has begun, in order; none where the plan names no rhythm.
    pub periods: Vec<Turn>,
    /// Times done in all.
    pub done: u32,
    /// Times by unit, in all.
    pub by: BTreeMap<UnitIx, u32>,
    pub last: Option<NaiveDate>,
    /// Last day of the period in which it is owed next.
    pub next: Option<NaiveDate>,
    /// The plan does not list who owes it.
    pub is_open: bool,
}

/// One period of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub within: Stretch,
    pub done: u32,
    pub owed: u32,
    /// Its last day is the report day or before.
    pub is_over: bool,
}

impl Turn {
    pub fn missing(self) -> u32 {
        if self.is_over { self.owed.saturating_sub(self.done) } else { 0 }
    }
}

impl DutyLine<'_> {
    pub fn over(&self) -> impl Iterator<Item = &Turn> {
        self.periods.iter().filter(|turn| turn.is_over)
    }

    pub fn missed(&self) -> impl Iterator<Item = &Turn> {
        self.over().filter(|turn| turn.missing() > 0)
    }

    /// The period that runs on the report day.
    pub fn current(&self) -> Option<&Turn> {
        self.periods.last().filter(|turn| !turn.is_over)
    }
}

/// Every duty in scope.
pub fn lines<'b>(book: &'b Book) -> Vec<DutyLine<'b>> {
    let mut lines = vec![];
    for campaign in &book.scope {
        for at in 0..book.workspace.campaign(*campaign).duties.len() {
            let roster = Roster::new(book, *campaign, at);
            match roster.duty.each {
                true => lines.extend(roster.of_each()),
                false => lines.push(roster.line(None)),
            }
        }
    }
    lines
}

/// One duty with its periods and with the records of those who owe it.
struct Roster<'b> {
    book: &'b Book<'b>,
    campaign: u16,
    plan: &'b Campaign,
    duty: &'b Duty,
    records: BTreeMap<UnitIx, Vec<&'b DutyRecord>>,
    /// Every period that has begun.
    periods: Vec<Stretch>,
}

impl<'b> Roster<'b> {
    fn new(book: &'b Book, campaign: u16, at: usize) -> Roster<'b> {
        let plan = book.workspace.campaign(campaign);
        let duty = &plan.duties[at];
        let filed = book.filings_of(campaign).into_iter().flat_map(|filings| &filings.duties);
        let done = filed.filter(|record| record.deed == Deed::Duty(at as u16) && record.day <= book.as_of);
        let (owing, _) = expanded(book, &duty.units);
        let register = &book.workspace.register;
        let mut records: BTreeMap<UnitIx, Vec<&DutyRecord>> = BTreeMap::new();
        for record in done {
            // What a section does counts for the unit of which it is a part.
            let whole = register.upwards(record.unit).find(|unit| owing.contains(unit));
            records.entry(whole.unwrap_or(record.unit)).or_default().push(record);
        }
        records.retain(|unit, _| duty.is_owed_by(*unit, register));
        let mut roster = Roster { book, campaign, plan, duty, records, periods: vec![] };
        roster.periods = periods_up_to(duty, plan, roster.first_day(), book.as_of).collect();
        roster
    }

    /// From when it is owed. Where the plan names no day, from the first day on which the campaign shows any work.
    fn first_day(&self) -> NaiveDate {
        self.stated_start().unwrap_or_else(|| {
            let done = self.records.values().flatten().map(|record| record.day);
            let ledgers = self.book.ledgers.iter().filter(|ledger| ledger.campaign == self.campaign);
            let found = ledgers.flat_map(|ledger| &ledger.issues).map(|issue| issue.found);
            done.chain(found).min().unwrap_or(self.book.as_of).min(self.book.as_of)
        })
    }

    fn stated_start(&self) -> Option<NaiveDate> {
        self.duty.start.or(self.plan.period.start).or(self.plan.issued)
    }

    /// One line a unit. Who stands under an open group is not known to owe it: what was done is told, nothing is missed.
    fn of_each(&self) -> Vec<DutyLine<'b>> {
        let (units, is_open) = expanded(self.book, &self.duty.units);
        let others = self.records.keys().filter(|unit| !units.contains(unit));
        let unjudged = |line: DutyLine<'b>| DutyLine { is_open, periods: vec![], next: None, ..line };
        let mut lines: Vec<DutyLine> =
            units.iter().map(|unit| DutyLine { is_open, ..self.line(Some(*unit)) }).collect();
        lines.extend(others.map(|unit| unjudged(self.line(Some(*unit)))));
        if units.is_empty() {
            lines.push(unjudged(self.line(None)));
        }
        lines
    }

    /// The line of a unit, or of all together.
    fn line(&self, unit: Option<UnitIx>) -> DutyLine<'b> {
        let turn = |within: &Stretch| Turn {
            within: *within,
            done: 0,
            owed: self.duty.times,
            is_over: within.1 <= self.book.as_of,
        };
        let mut turns: Vec<Turn> = self.periods.iter().map(turn).collect();
        let (mut by, mut done, mut last) = (BTreeMap::new(), 0, None);
        let own = self.records.iter().filter(|(owner, _)| unit.is_none_or(|unit| unit == **owner));
        for record in own.flat_map(|(_, records)| records) {
            *by.entry(record.unit).or_insert(0) += record.times;
            done += record.times;
            last = last.max(Some(record.day));
            let at = turns.partition_point(|turn| turn.within.1 < record.day);
            if let Some(turn) = turns.get_mut(at).filter(|turn| turn.within.0 <= record.day) {
                turn.done += record.times;
            }
        }
        let next = self.next(&turns);
        let (campaign, duty) = (self.campaign, self.duty);
        DutyLine { campaign, duty, unit, periods: turns, done, by, last, next, is_open: false }
    }

    /// The end of the running period while something is owed in it, else of the one after; of the first before it begins.
    fn next(&self, turns: &[Turn]) -> Option<NaiveDate> {
        let first = match turns.last() {
            Some(last) if !last.is_over && last.done < last.owed => return Some(last.within.1),
            Some(last) => last.within.1.succ_opt()?,
            None => self.stated_start().unwrap_or(self.book.as_of),
        };
        periods_up_to(self.duty, self.plan, first, first).next().map(|(_, end)| end)
    }
}
