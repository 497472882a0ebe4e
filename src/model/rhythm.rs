//! The periods in which a recurring duty is owed.

use super::campaign::{Campaign, Duty, Rhythm};
use chrono::{Datelike, Days, Months, NaiveDate};

/// First and last day, both included.
pub type Stretch = (NaiveDate, NaiveDate);

impl Rhythm {
    pub fn label(self) -> &'static str {
        match self {
            Rhythm::Day => "每天",
            Rhythm::Week => "每周",
            Rhythm::HalfMonth => "每半月",
            Rhythm::Month => "每月",
            Rhythm::Quarter => "每季度",
            Rhythm::HalfYear => "每半年",
            Rhythm::Year => "每年",
            Rhythm::Irregular => "未定频次",
        }
    }

    /// The calendar period that holds a day: weeks begin on Monday, half-months on the 1st and the 16th.
    pub fn around(self, day: NaiveDate) -> Option<Stretch> {
        let months = |count: u32| {
            let first = day.with_day(1)?.with_month0(day.month0() / count * count)?;
            Some((first, first.checked_add_months(Months::new(count))?.pred_opt()?))
        };
        match self {
            Rhythm::Day => Some((day, day)),
            Rhythm::Week => {
                let monday = day - Days::new(day.weekday().num_days_from_monday().into());
                Some((monday, monday + Days::new(6)))
            }
            Rhythm::HalfMonth if day.day() <= 15 => Some((day.with_day(1)?, day.with_day(15)?)),
            Rhythm::HalfMonth => Some((day.with_day(16)?, Rhythm::Month.around(day)?.1)),
            Rhythm::Month => months(1),
            Rhythm::Quarter => months(3),
            Rhythm::HalfYear => months(6),
            Rhythm::Year => months(12),
            Rhythm::Irregular => None,
        }
    }
}

/// The periods of a duty that end within `within`. The first begins and the last ends with the duty or its campaign.
pub fn periods(duty: &Duty, campaign: &Campaign, within: Stretch) -> Vec<Stretch> {
    let first = duty.start.or(campaign.period.start).or(campaign.issued).unwrap_or(within.0);
    let from = first.max(duty.every.around(within.0).map_or(first, |(start, _)| start));
    let all = periods_up_to(duty, campaign, from, within.1);
    all.filter(|(_, end)| (within.0..=within.1).contains(end)).collect()
}

/// The periods of a duty from `first` on that begin by `last`, cut off where the duty or its campaign ends.
pub fn periods_up_to(
    duty: &Duty,
    campaign: &Campaign,
    first: NaiveDate,
    last: NaiveDate,
) -> impl Iterator<Item = Stretch> {
    let end_of_all = duty.until.unwrap_or(campaign.period.end).min(campaign.period.end);
    let every = duty.every;
    let period_of = move |day: NaiveDate| {
        let (start, end) = every.around(day).filter(|_| day <= end_of_all.min(last))?;
        Some((start.max(first), end.min(end_of_all)))
    };
    let next = move |(_, end): &Stretch| period_of(*end + Days::new(1));
    std::iter::successors(period_of(first), next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::campaign::{DutyKind, Period};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_end_with_week_month_and_campaign() {
        let campaign = Campaign {
            period: Period { start: Some(day("2025-08-20")), end: day("2025-12-10") },
            ..Campaign::default()
        };
        for (every, from, to, want) in [
            (Rhythm::Week, "2025-08-01", "2025-08-31", vec!["2025-08-24", "2025-08-31"]),
            (Rhythm::HalfMonth, "2025-09-01", "2025-09-30", vec!["2025-09-15", "2025-09-30"]),
            (
                Rhythm::Month,
                "2025-08-01",
                "2025-12-31",
                vec!["2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-10"],
            ),
            (Rhythm::Quarter, "2025-08-01", "2026-12-31", vec!["2025-09-30", "2025-12-10"]),
            (Rhythm::Year, "2025-01-01", "2025-12-31", vec!["2025-12-10"]),
            (Rhythm::Irregular, "2025-01-01", "2025-12-31", vec![]),
        ] {
            let duty = Duty {
                id: String::new(),
                task: None,
                name: String::new(),
                kind: DutyKind::Meeting,
                every,
                times: 1,
                units: vec![],
                each: false,
                start: None,
                until: None,
                source: String::new(),
            };
            let ends: Vec<_> =
                periods(&duty, &campaign, (day(from), day(to))).into_iter().map(|(_, end)| end).collect();
            assert_eq!(ends, want.into_iter().map(day).collect::<Vec<_>>(), "{}", every.label());
        }
    }
}
