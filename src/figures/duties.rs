//! Recurring duties (调度, 通报, 会议 …): what was owed, and what the records show was done.

use super::expanded;
use crate::model::book::Book;
use crate::model::campaign::Duty;
use crate::model::filing::{Deed, DutyRecord};
use crate::model::rhythm::{Stretch, periods_up_to};
use crate::model::unit::UnitIx;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

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
        for (at, duty) in book.workspace.campaign(*campaign).duties.iter().enumerate() {
            let periods = periods(book, *campaign, at, duty);
            let line = |unit| line(book, *campaign, at, duty, unit, &periods);
            if !duty.each {
                lines.push(line(None));
                continue;
            }
            let (units, is_open) = expanded(book, &duty.units);
            let others: BTreeSet<UnitIx> = records(book, *campaign, at)
                .map(|record| record.unit)
                .filter(|unit| !units.contains(unit))
                .collect();
            lines.extend(units.iter().map(|unit| DutyLine { is_open, ..line(Some(*unit)) }));
            // Who stands under an open group is not known to owe it: what was done is told, nothing is missed.
            let unjudged = |line: DutyLine<'b>| DutyLine { is_open, periods: vec![], next: None, ..line };
            lines.extend(others.into_iter().map(|unit| unjudged(line(Some(unit)))));
            if units.is_empty() {
                lines.push(unjudged(line(None)));
            }
        }
    }
    lines
}

fn records<'b>(book: &'b Book, campaign: u16, at: usize) -> impl Iterator<Item = &'b DutyRecord> {
    let filed = book.filings_of(campaign).into_iter().flat_map(|filings| &filings.duties);
    let as_of = book.as_of;
    let (duty, register) = (&book.workspace.campaign(campaign).duties[at], &book.workspace.register);
    filed.filter(move |record| {
        record.deed == Deed::Duty(at as u16) && record.day <= as_of && duty.is_owed_by(record.unit, register)
    })
}

fn line<'b>(
    book: &'b Book,
    campaign: u16,
    at: usize,
    duty: &'b Duty,
    unit: Option<UnitIx>,
    periods: &[Stretch],
) -> DutyLine<'b> {
    let turn = |within: &Stretch| Turn {
        within: *within,
        done: 0,
        owed: duty.times,
        is_over: within.1 <= book.as_of,
    };
    let mut turns: Vec<Turn> = periods.iter().map(turn).collect();
    let (mut by, mut done, mut last) = (BTreeMap::new(), 0, None);
    for record in records(book, campaign, at).filter(|record| unit.is_none_or(|unit| record.unit == unit)) {
        *by.entry(record.unit).or_insert(0) += record.times;
        done += record.times;
        last = last.max(Some(record.day));
        let at = turns.partition_point(|turn| turn.within.1 < record.day);
        if let Some(turn) = turns.get_mut(at).filter(|turn| turn.within.0 <= record.day) {
            turn.done += record.times;
        }
    }
    let next = next(duty, book, campaign, &turns);
    DutyLine { campaign, duty, unit, periods: turns, done, by, last, next, is_open: false }
}

/// Every period that has begun.
fn periods(book: &Book, campaign: u16, at: usize, duty: &Duty) -> Vec<Stretch> {
    let first = first_day(book, campaign, at, duty);
    periods_up_to(duty, book.workspace.campaign(campaign), first, book.as_of).collect()
}

/// From when it is owed. Where the plan names no day, from the first day on which the campaign shows any work.
fn first_day(book: &Book, campaign: u16, at: usize, duty: &Duty) -> NaiveDate {
    let plan = book.workspace.campaign(campaign);
    duty.start.or(plan.period.start).or(plan.issued).unwrap_or_else(|| {
        let done = records(book, campaign, at).map(|record| record.day);
        let ledgers = book.ledgers.iter().filter(|ledger| ledger.campaign == campaign);
        let found = ledgers.flat_map(|ledger| &ledger.issues).map(|issue| issue.found);
        done.chain(found).min().unwrap_or(book.as_of).min(book.as_of)
    })
}

/// The end of the running period while something is owed in it, else of the one after; of the first before it begins.
fn next(duty: &Duty, book: &Book, campaign: u16, turns: &[Turn]) -> Option<NaiveDate> {
    let plan = book.workspace.campaign(campaign);
    let first = match turns.last() {
        Some(last) if !last.is_over && last.done < last.owed => return Some(last.within.1),
        Some(last) => last.within.1.succ_opt()?,
        None => duty.start.or(plan.period.start).or(plan.issued).unwrap_or(book.as_of),
    };
    periods_up_to(duty, plan, first, first).next().map(|(_, end)| end)
}
