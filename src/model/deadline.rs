//! Limits, lights and the clocks of unit and verifier.

use super::calendar::{Calendar, add_months};
use super::campaign::{Limit, LimitStart, Task};
use super::issue::{Issue, Row};
use super::policy::{Lights, Policy};
use super::workflow::Status;
use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::Deserialize;

/// A period such as `48 hours`, `5 workdays`, `30 days`, `3 months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[1-9][0-9]* (hours?|days?|workdays?|months?)$"))]
#[schemars(description = "期限：48 hours、5 workdays、30 days、3 months")]
pub enum Within {
    Hours(u32),
    Days(u32),
    Workdays(u32),
    Months(u32),
}

impl TryFrom<String> for Within {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("“{text}”不是期限；可写 48 hours、5 workdays、30 days、3 months");
        let (count, unit) = text.split_once(' ').ok_or_else(wrong)?;
        let count: u32 = count.parse().ok().filter(|n| (1..=9999).contains(n)).ok_or_else(wrong)?;
        match unit.trim_end_matches('s') {
            "hour" => Ok(Within::Hours(count)),
            "day" => Ok(Within::Days(count)),
            "workday" => Ok(Within::Workdays(count)),
            "month" => Ok(Within::Months(count)),
            _ => Err(wrong()),
        }
    }
}

impl Within {
    /// The last day of the period: the first day does not count, a last day off rolls forward (民法典 201 to 203);
    /// hours are whole days begun and do not roll. `None` outside the known calendar.
    pub fn last_day(self, from: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
        match self {
            Within::Hours(hours) => from.checked_add_days(Days::new(u64::from(hours.div_ceil(24)))),
            Within::Days(days) => calendar.roll(from.checked_add_days(Days::new(days.into()))?),
            Within::Workdays(days) => calendar.add_workdays(from, days),
            Within::Months(months) => calendar.roll(add_months(from, months)?),
        }
    }

    pub fn label(self) -> String {
        match self {
            Within::Hours(n) => format!("{n} 小时内"),
            Within::Days(n) => format!("{n} 日内"),
            Within::Workdays(n) => format!("{n} 个工作日内"),
            Within::Months(n) => format!("{n} 个月内"),
        }
    }
}

impl LimitStart {
    pub fn label(self) -> &'static str {
        match self {
            LimitStart::Found => "发现日期",
            LimitStart::Assigned => "交办日期",
            LimitStart::Issued => "方案印发日期",
        }
    }
}

/// What a limit rule says of one row.
#[derive(Debug, PartialEq, Eq)]
pub enum Bound {
    /// The rule is about other rows, or the problem was found after its day.
    None,
    /// 完成时限 may be this day at the latest.
    Latest(NaiveDate),
    /// The working-day calendar does not reach that far.
    UnknownCalendar,
}

/// Applies one limit rule. A fixed day binds the problems found up to it; those found later are bound by the campaign.
pub fn bound(limit: &Limit, row: &Row, issued: Option<NaiveDate>, calendar: &Calendar) -> Bound {
    if let Some(when) = &limit.when
        && row.under(&when.column).as_deref() != Some(when.is.as_str())
    {
        return Bound::None;
    }
    let issue = row.issue;
    if let Some(by) = limit.by {
        return if issue.found <= by { Bound::Latest(by) } else { Bound::None };
    }
    let Some(within) = limit.within else { return Bound::None };
    let from = match limit.from {
        LimitStart::Found => Some(issue.found),
        LimitStart::Assigned => issue.assigned.or(Some(issue.found)),
        LimitStart::Issued => issued,
    };
    let Some(from) = from else { return Bound::None };
    within.last_day(from, calendar).map_or(Bound::UnknownCalendar, Bound::Latest)
}

/// A limit rule in words: “隐患等级=紧急：2025-09-15 前”.
pub fn describe(limit: &Limit) -> String {
    let what = match (limit.by, limit.within) {
        (Some(by), _) => format!("{by} 前"),
        (None, Some(within)) => format!("自{}起 {}", limit.from.label(), within.label()),
        (None, None) => String::new(),
    };
    match &limit.when {
        Some(when) => format!("{}={}：{what}", when.column, when.is),
        None => what,
    }
}

/// The latest 完成时限 that a task's own deadline and its limit rules allow a row, and the rule that says so;
/// none where it is the task's own deadline.
pub fn latest_deadline<'t>(
    task: &'t Task,
    row: &Row,
    issued: Option<NaiveDate>,
    calendar: &Calendar,
) -> Option<(NaiveDate, Option<&'t Limit>)> {
    let own = task.deadline.filter(|by| row.issue.found <= *by).map(|by| (by, None));
    let ruled = task.limits.iter().filter_map(|limit| match bound(limit, row, issued, calendar) {
        Bound::Latest(day) => Some((day, Some(limit))),
        Bound::None | Bound::UnknownCalendar => None,
    });
    own.into_iter().chain(ruled).min_by_key(|(day, _)| *day)
}

/// What sets a latest day, in words.
pub fn reason(latest: NaiveDate, limit: Option<&Limit>) -> String {
    limit.map_or(format!("{latest} 前"), describe)
}

/// 亮灯: how close an open issue is to its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    Green,
    Blue,
    Yellow,
    Red,
    DarkRed,
}

pub const LIGHTS: [(Light, &str); 5] = [
    (Light::Green, "绿"),
    (Light::Blue, "蓝"),
    (Light::Yellow, "黄"),
    (Light::Red, "红"),
    (Light::DarkRed, "深红"),
];

impl Light {
    pub fn label(self) -> &'static str {
        LIGHTS[self as usize].1
    }

    pub fn named(label: &str) -> Option<Light> {
        LIGHTS.iter().find(|(_, name)| *name == label).map(|(light, _)| *light)
    }
}

/// The report day with everything a clock needs.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    pub as_of: NaiveDate,
    pub calendar: &'a Calendar,
    pub lights: &'a Lights,
    pub policy: &'a Policy,
}

/// Days between two days, the second list `None` outside the known calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub days: i64,
    pub workdays: Option<i64>,
}

impl Clock<'_> {
    fn span(&self, from: NaiveDate, to: NaiveDate) -> Span {
        Span { days: (to - from).num_days(), workdays: self.calendar.workdays_between(from, to) }
    }

    /// How far an open issue is past its limit; `None` when it is in time (the last day itself is) or not open.
    pub fn overdue(&self, issue: &Issue) -> Option<Span> {
        let limit = issue.limit_on(self.as_of);
        (issue.status_on(self.as_of).is_open() && limit < self.as_of).then(|| self.span(limit, self.as_of))
    }

    /// How long an open issue still has.
    pub fn left(&self, issue: &Issue) -> Option<Span> {
        let limit = issue.limit_on(self.as_of);
        (issue.status_on(self.as_of).is_open() && limit >= self.as_of).then(|| self.span(self.as_of, limit))
    }

    /// How long a 待销号 issue has been with the verifiers, from the application on.
    pub fn waiting(&self, issue: &Issue) -> Option<Span> {
        (issue.status_on(self.as_of) == Status::Applied)
            .then(|| self.span(issue.applied.unwrap_or(self.as_of), self.as_of))
    }

    /// Whether a 待销号 issue is the verifiers' backlog.
    pub fn is_backlog(&self, issue: &Issue) -> bool {
        let allowed = i64::from(self.policy.verifier_workdays);
        self.waiting(issue).is_some_and(|span| span.workdays.unwrap_or(span.days) > allowed)
    }

    /// The light of an open issue; none for one that is applied for, closed or gone.
    /// Outside the known calendar only what calendar days alone prove is claimed.
    pub fn light(&self, issue: &Issue) -> Option<Light> {
        let lights = self.lights;
        let returned = u32::from(issue.returns) >= lights.dark_red_returns;
        if let Some(left) = self.left(issue) {
            let near = left.workdays.unwrap_or(left.days) <= i64::from(lights.yellow_workdays);
            return Some(match () {
                () if returned => Light::DarkRed,
                () if near => Light::Yellow,
                () if left.days <= i64::from(lights.blue_days) => Light::Blue,
                () => Light::Green,
            });
        }
        let overdue = self.overdue(issue)?;
        let long = overdue.workdays.is_some_and(|days| days > i64::from(lights.dark_red_workdays));
        Some(if returned || long { Light::DarkRed } else { Light::Red })
    }
}

#[cfg(test)]
mod tests {
    use super::super::workflow::Kind;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn issue(deadline: &str) -> Issue {
        Issue {
            line: 2,
            round: 1,
            task: None,
            milestone: None,
            kind: Kind::Limited,
            status: Status::Underway,
            listed: false,
            returns: 0,
            found: day("2025-08-01"),
            assigned: Some(day("2025-08-02")),
            deadline: day(deadline),
            extension: None,
            applied: None,
            last_signed: None,
            closed: None,
            listed_on: None,
            delisted_on: None,
            reviewed: None,
            relapsed: false,
        }
    }

    fn light(issue: &Issue, as_of: &str) -> Option<Light> {
        let (calendar, lights, policy) = (Calendar::default(), Lights::default(), Policy::default());
        Clock { as_of: day(as_of), calendar: &calendar, lights: &lights, policy: &policy }.light(issue)
    }

    #[test]
    fn lights_change_on_the_day() {
        for (as_of, want) in [
            ("2025-09-22", Light::Green),
            ("2025-09-23", Light::Blue),
            ("2025-09-25", Light::Blue),
            ("2025-09-26", Light::Yellow),
            ("2025-09-30", Light::Yellow),
            ("2025-10-01", Light::Red),
            ("2025-10-21", Light::Red),
            ("2025-10-22", Light::DarkRed),
        ] {
            assert_eq!(light(&issue("2025-09-30"), as_of), Some(want), "{as_of}");
        }
    }

    #[test]
    fn two_returns_are_dark_red_and_applied_rows_have_no_light() {
        let mut row = issue("2025-09-30");
        row.returns = 2;
        assert_eq!(light(&row, "2025-08-10"), Some(Light::DarkRed));
        row.status = Status::Applied;
        row.applied = Some(day("2025-09-01"));
        assert_eq!(light(&row, "2025-12-01"), None);
        assert_eq!(light(&row, "2025-08-31"), Some(Light::DarkRed), "not yet applied on that day");
    }

    #[test]
    fn an_extension_counts_from_its_approval() {
        let mut row = issue("2025-09-30");
        row.extension = Some((day("2025-10-31"), day("2025-09-20")));
        assert_eq!(row.limit_on(day("2025-09-19")), day("2025-09-30"));
        assert_eq!(row.limit_on(day("2025-09-20")), day("2025-10-31"));
        row.extension = Some((day("2025-10-31"), day("2025-10-01")));
        assert_eq!(row.limit_on(day("2025-10-15")), day("2025-09-30"), "approved too late");
        row.extension = Some((day("2025-09-15"), day("2025-09-10")));
        assert_eq!(row.limit_on(day("2025-09-20")), day("2025-09-30"), "ends before the limit");
        row.extension = Some((day("2025-10-31"), day("2025-09-20")));
        row.applied = Some(day("2025-10-31"));
        assert!(!row.is_late());
        row.applied = Some(day("2025-11-01"));
        assert!(row.is_late());
    }

    #[test]
    fn periods_end_on_the_day_the_law_says() {
        let calendar = Calendar::default();
        for (text, from, want) in [
            ("48 hours", "2025-09-30", Some("2025-10-02")),
            ("5 workdays", "2025-09-26", Some("2025-10-10")),
            ("30 days", "2025-09-05", Some("2025-10-09")),
            ("3 months", "2025-08-01", Some("2025-11-03")),
            ("3 months", "2026-11-01", None),
        ] {
            let within = Within::try_from(text.to_owned()).unwrap();
            assert_eq!(within.last_day(day(from), &calendar), want.map(day), "{text} from {from}");
        }
        for text in ["48小时", "0 days", "5 weeks", "days", ""] {
            assert!(Within::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
