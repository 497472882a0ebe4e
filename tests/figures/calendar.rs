//! Periods and working days.

use crate::records::Day;
use chrono::{Datelike, Days, Weekday};
use std::collections::HashMap;
use std::sync::LazyLock;

pub fn next(day: Day) -> Day {
    day + Days::new(1)
}

pub fn eve(day: Day) -> Day {
    day - Days::new(1)
}

/// First and last day of the period around a day: weeks begin on Monday, half-months on the 1st and the 16th.
pub fn around(period: &str, day: Day) -> (Day, Day) {
    let (year, month) = (day.year(), day.month());
    let months = match period {
        "day" => return (day, day),
        "week" => {
            let mut monday = day;
            while monday.weekday() != Weekday::Mon {
                monday = eve(monday);
            }
            return (monday, monday + Days::new(6));
        }
        "half-month" if day.day() <= 15 => return (date(year, month, 1), date(year, month, 15)),
        "half-month" => return (date(year, month, 16), around("month", day).1),
        "month" => 1,
        "quarter" => 3,
        "half-year" => 6,
        "year" => 12,
        other => panic!("no period {other}"),
    };
    let begin = (month - 1) / months * months + 1;
    let following = begin + months;
    let last = if following > 12 { date(year, 12, 31) } else { eve(date(year, following, 1)) };
    (date(year, begin, 1), last)
}

fn date(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).unwrap()
}

/// `2025-09`, `2025-Q3`, `2025`.
pub fn label(period: &str, day: Day) -> String {
    match period {
        "month" => format!("{}-{:02}", day.year(), day.month()),
        "quarter" => format!("{}-Q{}", day.year(), day.month().div_ceil(3)),
        _ => day.year().to_string(),
    }
}

/// First and last day of what is written as `2025-09-15`, `2025-09`, `2025-Q3` or `2025`.
pub fn stated(text: &str) -> (Day, Day) {
    if let Ok(day) = text.parse() {
        return (day, day);
    }
    let (year, rest) = text.split_once('-').unwrap_or((text, ""));
    let year = year.parse().unwrap();
    match rest.strip_prefix('Q') {
        Some(quarter) => around("quarter", date(year, quarter.parse::<u32>().unwrap() * 3, 1)),
        None if rest.is_empty() => around("year", date(year, 1, 1)),
        None => around("month", date(year, rest.parse().unwrap(), 1)),
    }
}

/// Holidays and make-up days as announced.
static ANNOUNCED: LazyLock<HashMap<Day, bool>> = LazyLock::new(|| {
    let lines = include_str!("../../src/model/cn_workdays.tsv").lines().skip(1);
    let cells = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    cells.map(|cells| (cells[0].parse().unwrap(), cells[1] == "workday")).collect()
});

fn is_workday(day: Day) -> bool {
    match ANNOUNCED.get(&day) {
        Some(is_workday) => *is_workday,
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// Working days after the first day, up to and with the last.
pub fn workdays(after: Day, to: Day) -> i64 {
    let (mut day, mut count) = (after, 0);
    while day < to {
        day = next(day);
        count += i64::from(is_workday(day));
    }
    count
}
