//! Working days: weekdays, less statutory holidays, plus make-up days (调休).
//!
//! Holidays are announced year by year (国务院办公厅), so the calendar knows the years it was given and answers
//! `None` outside them: a deadline is never guessed.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// Holidays and make-up days of 2025 and 2026 as announced (国办发明电〔2024〕12号; 国务院办公厅 2025-11-04).
const ANNOUNCED: &str = include_str!("cn_workdays.tsv");

/// A run of whole years whose working days are known.
#[derive(Debug, Clone)]
pub struct Calendar {
    first: NaiveDate,
    /// Entry `i` counts the working days in the `i` days that begin with `first`.
    worked_before: Vec<u32>,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar::announced([], [])
    }
}

impl Calendar {
    /// The announced years plus the days a workspace adds; an added day also makes its year known.
    pub fn announced(
        holidays: impl IntoIterator<Item = NaiveDate>,
        workdays: impl IntoIterator<Item = NaiveDate>,
    ) -> Calendar {
        let mut special: BTreeMap<NaiveDate, bool> =
            ANNOUNCED.lines().skip(1).filter_map(announced_day).collect();
        special.extend(holidays.into_iter().map(|day| (day, false)));
        special.extend(workdays.into_iter().map(|day| (day, true)));
        Calendar::of(&special)
    }

    fn of(special: &BTreeMap<NaiveDate, bool>) -> Calendar {
        let year = |day: Option<&NaiveDate>| day.map_or(2025, NaiveDate::year);
        let (first, last) = (year(special.keys().next()), year(special.keys().next_back()));
        let first = first_of_year(contiguous_start(special, first, last));
        let mut worked_before = vec![0];
        let mut total = 0;
        for day in first.iter_days().take_while(|day| day.year() <= last) {
            let worked = special.get(&day).copied();
            total += u32::from(worked.unwrap_or(!is_weekend(day)));
            worked_before.push(total);
        }
        Calendar { first, worked_before }
    }

    /// First and last known year.
    pub fn years(&self) -> (i32, i32) {
        let days = self.worked_before.len() as u64 - 1;
        (self.first.year(), (self.first + Days::new(days - 1)).year())
    }

    /// Working days after `from` up to and including `to`; negative when `to` is earlier.
    pub fn workdays_between(&self, from: NaiveDate, to: NaiveDate) -> Option<i64> {
        Some(i64::from(self.worked_through(to)?) - i64::from(self.worked_through(from)?))
    }

    /// The day on which the `count`-th working day after `from` falls (民法典 201: the first day does not count).
    pub fn add_workdays(&self, from: NaiveDate, count: u32) -> Option<NaiveDate> {
        if count == 0 {
            return self.roll(from);
        }
        let wanted = self.worked_through(from)? + count;
        let days = self.worked_before.partition_point(|&worked| worked < wanted);
        (days < self.worked_before.len()).then(|| self.first + Days::new(days as u64 - 1))
    }

    /// `day` itself when it is a working day, else the next one (民法典 203).
    pub fn roll(&self, day: NaiveDate) -> Option<NaiveDate> {
        let before = self.index(day)?;
        let wanted = self.worked_before[before] + 1;
        let days = self.worked_before.partition_point(|&worked| worked < wanted);
        (days < self.worked_before.len()).then(|| self.first + Days::new(days as u64 - 1))
    }

    fn worked_through(&self, day: NaiveDate) -> Option<u32> {
        Some(self.worked_before[self.index(day)? + 1])
    }

    fn index(&self, day: NaiveDate) -> Option<usize> {
        let index = usize::try_from((day - self.first).num_days()).ok()?;
        (index + 1 < self.worked_before.len()).then_some(index)
    }
}

/// The same day `count` months later, or that month's last day (民法典 202).
pub fn add_months(from: NaiveDate, count: u32) -> Option<NaiveDate> {
    from.checked_add_months(Months::new(count))
}

fn announced_day(line: &str) -> Option<(NaiveDate, bool)> {
    let mut cells = line.split('\t');
    Some((cells.next()?.parse().ok()?, cells.next()? == "workday"))
}

/// A gap of a whole year without any announced day would be a guess: only the years after the last gap are known.
fn contiguous_start(special: &BTreeMap<NaiveDate, bool>, first: i32, last: i32) -> i32 {
    (first..=last)
        .rev()
        .take_while(|year| special.keys().any(|day| day.year() == *year))
        .last()
        .unwrap_or(last)
}

fn first_of_year(year: i32) -> NaiveDate {
    NaiveDate::from_yo_opt(year, 1).unwrap_or_default()
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn adds_working_days() {
        for (from, count, want) in [
            ("2025-09-26", 5, "2025-10-10"),
            ("2025-09-30", 1, "2025-10-09"),
            ("2025-09-30", 5, "2025-10-14"),
            ("2025-01-24", 3, "2025-02-05"),
            ("2025-04-25", 2, "2025-04-28"),
            ("2025-12-31", 1, "2026-01-04"),
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-13", 2, "2026-02-24"),
            ("2026-09-18", 3, "2026-09-22"),
            ("2025-08-29", 0, "2025-08-29"),
            ("2025-08-30", 0, "2025-09-01"),
        ] {
            let got = Calendar::default().add_workdays(day(from), count);
            assert_eq!(got, Some(day(want)), "{from} + {count}");
        }
    }

    #[test]
    fn counts_working_days_both_ways() {
        for (from, to, want) in [
            ("2025-09-26", "2025-10-10", 5),
            ("2025-10-10", "2025-09-26", -5),
            ("2025-09-30", "2025-09-30", 0),
            ("2025-10-01", "2025-10-08", 0),
            ("2024-12-31", "2025-12-31", -1),
        ] {
            let got = Calendar::default().workdays_between(day(from), day(to));
            assert_eq!(got, (want >= 0 || from != "2024-12-31").then_some(want), "{from}..{to}");
        }
    }

    #[test]
    fn whole_years_hold_248_working_days() {
        let calendar = Calendar::default();
        for (from, to) in [("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-12-31")] {
            let worked = calendar.workdays_between(day(from), day(to)).unwrap();
            assert_eq!(worked, 248, "{from} (itself a holiday)");
        }
    }

    #[test]
    fn refuses_unknown_years() {
        let calendar = Calendar::default();
        assert_eq!(calendar.years(), (2025, 2026));
        assert_eq!(calendar.add_workdays(day("2026-12-30"), 5), None);
        assert_eq!(calendar.workdays_between(day("2026-12-30"), day("2027-01-01")), None);
        assert_eq!(calendar.roll(day("2027-01-01")), None);
    }

    #[test]
    fn a_workspace_may_add_a_year() {
        let calendar = Calendar::announced([day("2027-01-01")], []);
        assert_eq!(calendar.years(), (2025, 2027));
        assert_eq!(calendar.add_workdays(day("2026-12-31"), 1), Some(day("2027-01-04")));
    }

    #[test]
    fn months_end_with_the_month() {
        assert_eq!(add_months(day("2025-11-30"), 3), Some(day("2026-02-28")));
        assert_eq!(add_months(day("2025-08-15"), 1), Some(day("2025-09-15")));
    }
}
