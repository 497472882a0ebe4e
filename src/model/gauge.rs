//! Measures counted from issues. `docs/metrics.md` defines each one for those who recompute it.

use super::actual::Actual;
use super::campaign::Measure;
use super::deadline::Clock;
use super::issue::Issue;
use super::rhythm::Stretch;
use super::workflow::Status;
use chrono::{Days, NaiveDate};

/// One measure of some issues: states at the end of the clock's day, events since `from`.
#[derive(Debug, Clone)]
pub struct Gauge<'c> {
    measure: Measure,
    /// First day of the period; none takes everything up to the clock's day.
    from: Option<NaiveDate>,
    clock: Clock<'c>,
    part: i64,
    whole: i64,
    /// Whether there was any issue at all.
    has_seen: bool,
}

impl<'c> Gauge<'c> {
    pub fn new(measure: Measure, from: Option<NaiveDate>, clock: Clock<'c>) -> Gauge<'c> {
        Gauge { measure, from, clock, part: 0, whole: 0, has_seen: false }
    }

    pub fn add(&mut self, issue: &Issue) {
        if !issue.exists_on(self.clock.as_of) {
            return;
        }
        self.has_seen = true;
        let (is_part, is_of) = self.counts(issue);
        self.part += i64::from(is_part);
        self.whole += i64::from(is_of);
    }

    /// `None` where nothing can be said: no issue, or for a rate none that it is taken of.
    pub fn value(&self) -> Option<Actual> {
        match self.measure.is_rate() {
            true => Actual::share(self.part, self.whole),
            false => self.has_seen.then(|| Actual::count(self.part)),
        }
    }

    /// Whether the issue is in the numerator, and in the denominator.
    fn counts(&self, issue: &Issue) -> (bool, bool) {
        let day = self.clock.as_of;
        let status = issue.status_on(day);
        let is_here = !status.is_elsewhere();
        let is_closed = status == Status::Closed;
        let closed_within = is_closed && self.is_within(issue.closed.unwrap_or(issue.found));
        let of = |whole: bool, part: bool| (whole && part, whole);
        match self.measure {
            Measure::FoundCount => (self.is_within(issue.found), false),
            Measure::OpenCount => (is_here && !is_closed, false),
            Measure::ClosedCount => (closed_within, false),
            Measure::OverdueCount => (self.clock.overdue(issue).is_some(), false),
            Measure::ResolvedRate => of(is_here && (!is_closed || closed_within), closed_within),
            Measure::OnTimeRate => of(closed_within, !issue.is_late()),
            Measure::DueRate => {
                let limit = issue.limit_on(day);
                let is_due = is_here && limit <= day && self.is_within(limit);
                of(is_due, status >= Status::Applied && !issue.is_late())
            }
            Measure::OverdueRate => of(status.is_open(), self.clock.overdue(issue).is_some()),
            Measure::ReturnRate => {
                of(is_here && (status >= Status::Applied || issue.returns > 0), issue.returns > 0)
            }
            Measure::RelapseRate => of(is_closed, issue.relapsed && is_reviewed(issue, day)),
            Measure::ReviewRate => of(is_closed, is_reviewed(issue, day)),
            Measure::Reported | Measure::Coverage => (false, false),
        }
    }

    fn is_within(&self, day: NaiveDate) -> bool {
        day <= self.clock.as_of && self.from.is_none_or(|from| from <= day)
    }
}

/// Whether a closed problem had been looked at again by `day`.
pub fn is_reviewed(issue: &Issue, day: NaiveDate) -> bool {
    match issue.reviewed {
        Some(reviewed) => reviewed <= day,
        None => issue.relapsed,
    }
}

/// The stretches within `within` on whose days something was not written off, or was overdue (动态清零 was broken).
pub fn unclean(measure: Measure, issues: impl Iterator<Item = Issue>, within: Stretch) -> Vec<Stretch> {
    let days_of = |issue: Issue| match measure {
        Measure::OverdueCount => overdue_days(&issue, within),
        _ => open_days(&issue, within),
    };
    let mut open: Vec<Stretch> = issues.filter_map(days_of).collect();
    open.sort();
    let mut spells: Vec<Stretch> = vec![];
    for (from, to) in open {
        match spells.last_mut() {
            Some(last) if from <= last.1 + Days::new(1) => last.1 = last.1.max(to),
            _ => spells.push((from, to)),
        }
    }
    spells
}

/// From the day it was found to the day before it was written off, as far as that lies within.
fn open_days(issue: &Issue, within: Stretch) -> Option<Stretch> {
    let last = match issue.status {
        status if status.is_elsewhere() => return None,
        Status::Closed => issue.closed.unwrap_or(issue.found).pred_opt()?,
        _ => within.1,
    };
    let days = (issue.found.max(within.0), last.min(within.1));
    (days.0 <= days.1).then_some(days)
}

/// From the day after its limit to the day before it was applied for. An extension is approved before the limit or not at
/// all, so the limit in force does not move once it is past.
fn overdue_days(issue: &Issue, within: Stretch) -> Option<Stretch> {
    let last = match issue.status {
        status if status.is_elsewhere() => return None,
        status if status >= Status::Applied => issue.applied?.pred_opt()?,
        _ => within.1,
    };
    let days = (issue.limit_on(within.1).succ_opt()?.max(within.0), last.min(within.1));
    (days.0 <= days.1).then_some(days)
}
