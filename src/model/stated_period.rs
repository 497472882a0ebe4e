//! 期间 as people write it: a day, a month, a quarter, a year.

use super::campaign::Rhythm;
use super::date;
use super::rhythm::Stretch;
use chrono::NaiveDate;
use std::fmt;

/// What a figure is about: a whole period, or what had come together up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatedPeriod {
    Year(i32),
    Quarter(i32, u32),
    Month(i32, u32),
    UpTo(NaiveDate),
}

/// How 期间 is written, for those who wrote it in another way.
pub const SPELLINGS: &str =
    "写 2025-09（一个月）、2025-Q3（一个季度）、2025（一年），或 2025-09-15（截至这一天）";

impl StatedPeriod {
    /// `2025`, `2025-Q3`, `2025-09`, `2025-09-15` and the same in Chinese: `2025年`, `2025年第三季度`, `2025年9月`.
    pub fn parse(text: &str) -> Option<StatedPeriod> {
        if let Some(day) = date::meant(text) {
            return Some(StatedPeriod::UpTo(day));
        }
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(date::half_width).collect();
        let (year, rest) = plain.split_at_checked(4)?;
        let year: i32 = year.parse().ok().filter(|year| (1900..=2999).contains(year))?;
        if ["", "年", "年度"].contains(&rest) {
            return Some(StatedPeriod::Year(year));
        }
        let rest = rest.strip_prefix(['-', '年', '/', '.']).unwrap_or(rest);
        let quarter = rest.strip_prefix(['Q', 'q']).or_else(|| {
            let rest = rest.strip_suffix("季度")?;
            Some(rest.strip_prefix('第').unwrap_or(rest))
        });
        if let Some(quarter) = quarter {
            const NAMES: [[&str; 2]; 4] = [["1", "一"], ["2", "二"], ["3", "三"], ["4", "四"]];
            let at = NAMES.iter().position(|names| names.contains(&quarter))?;
            return Some(StatedPeriod::Quarter(year, at as u32 + 1));
        }
        let month = rest.strip_suffix("月份").or_else(|| rest.strip_suffix('月')).unwrap_or(rest);
        let is_number = (1..=2).contains(&month.len()) && month.bytes().all(|b| b.is_ascii_digit());
        let month: u32 = month.parse().ok().filter(|month| is_number && (1..=12).contains(month))?;
        Some(StatedPeriod::Month(year, month))
    }

    /// First and last day; of a figure up to a day only that day.
    pub fn stretch(self) -> Stretch {
        let (rhythm, day) = match self {
            StatedPeriod::Year(year) => (Rhythm::Year, NaiveDate::from_ymd_opt(year, 1, 1)),
            StatedPeriod::Quarter(year, quarter) => {
                (Rhythm::Quarter, NaiveDate::from_ymd_opt(year, quarter * 3, 1))
            }
            StatedPeriod::Month(year, month) => (Rhythm::Month, NaiveDate::from_ymd_opt(year, month, 1)),
            StatedPeriod::UpTo(day) => (Rhythm::Day, Some(day)),
        };
        let day = day.unwrap_or_default();
        rhythm.around(day).unwrap_or((day, day))
    }

    /// The day as at which the figure stands.
    pub fn end(self) -> NaiveDate {
        self.stretch().1
    }
}

impl fmt::Display for StatedPeriod {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            StatedPeriod::Year(year) => write!(out, "{year}"),
            StatedPeriod::Quarter(year, quarter) => write!(out, "{year}-Q{quarter}"),
            StatedPeriod::Month(year, month) => write!(out, "{year}-{month:02}"),
            StatedPeriod::UpTo(day) => write!(out, "{day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_however_they_are_written() {
        for (text, want) in [
            ("2025", "2025"),
            ("2025年", "2025"),
            ("2025-Q3", "2025-Q3"),
            ("2025q1", "2025-Q1"),
            ("2025年第三季度", "2025-Q3"),
            ("2025年3季度", "2025-Q3"),
            ("2025-09", "2025-09"),
            ("2025年9月", "2025-09"),
            ("2025年9月份", "2025-09"),
            ("２０２５－０９", "2025-09"),
            ("2025年度", "2025"),
            ("2025/9", "2025-09"),
            ("2025 年 12 月", "2025-12"),
            ("2025-09-15", "2025-09-15"),
            ("2025年9月15日", "2025-09-15"),
        ] {
            assert_eq!(StatedPeriod::parse(text).map(|p| p.to_string()).as_deref(), Some(want), "{text}");
        }
        for text in [
            "",
            "9月",
            "2025-13",
            "2025-00",
            "2025-Q5",
            "2025年第五季度",
            "Sep-25",
            "2025-9-31",
            "年2025",
            "2025-+9",
            "2025-",
        ] {
            assert_eq!(StatedPeriod::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_period_ends_on_its_last_day() {
        for (text, from, to) in [
            ("2025", "2025-01-01", "2025-12-31"),
            ("2025-Q3", "2025-07-01", "2025-09-30"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2025-09-15", "2025-09-15", "2025-09-15"),
        ] {
            let stretch = StatedPeriod::parse(text).unwrap().stretch();
            assert_eq!(stretch, (from.parse().unwrap(), to.parse().unwrap()), "{text}");
        }
    }
}
