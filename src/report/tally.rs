//! Counts of issues by status, light and punctuality, which add up.

use crate::document::Cell;
use crate::model::deadline::{Clock, LIGHTS, Light};
use crate::model::issue::Issue;
use crate::model::workflow::{STATUSES, Status};

/// How rates are defined, told under every table that shows one.
pub const DEFINITIONS: &str = "销号率 = 已销号 ÷（问题 − 已移交 − 已并案）；按期率 = 在时限内申请的已销号 ÷ 已销号；括号内为分子/分母；反弹重开的，各轮分别计数";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    statuses: [u32; STATUSES.len()],
    lights: [u32; LIGHTS.len()],
    /// Closed after an application past the limit (逾期销号).
    pub closed_late: u32,
    /// 待销号 longer than the verifiers are given.
    pub backlog: u32,
    /// Open and past the limit in force.
    pub overdue: u32,
    /// Under 挂牌督办 and not closed.
    pub listed: u32,
}

impl Tally {
    pub fn add(&mut self, issue: &Issue, clock: &Clock) {
        let status = issue.status_on(clock.as_of);
        self.statuses[status as usize] += 1;
        if let Some(light) = clock.light(issue) {
            self.lights[light as usize] += 1;
        }
        self.closed_late += u32::from(status == Status::Closed && issue.is_late());
        self.backlog += u32::from(clock.is_backlog(issue));
        self.overdue += u32::from(clock.overdue(issue).is_some());
        self.listed += u32::from(status < Status::Closed && issue.is_listed_on(clock.as_of));
    }

    pub fn merge(&mut self, other: &Tally) {
        let sum = |mine: &mut [u32], theirs: &[u32]| mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        sum(&mut self.statuses, &other.statuses);
        sum(&mut self.lights, &other.lights);
        self.closed_late += other.closed_late;
        self.backlog += other.backlog;
        self.overdue += other.overdue;
        self.listed += other.listed;
    }

    pub fn of(&self, status: Status) -> u32 {
        self.statuses[status as usize]
    }

    pub fn lit(&self, light: Light) -> u32 {
        self.lights[light as usize]
    }

    pub fn total(&self) -> u32 {
        self.statuses.iter().sum()
    }

    fn elsewhere(&self) -> u32 {
        self.of(Status::Transferred) + self.of(Status::Merged)
    }

    /// What 销号率 is taken of: everything that this ledger answers for.
    pub fn closable(&self) -> u32 {
        self.total() - self.elsewhere()
    }

    pub fn closing_rate(&self) -> Cell {
        Cell::Rate { part: self.of(Status::Closed).into(), whole: self.closable().into() }
    }

    pub fn on_time_rate(&self) -> Cell {
        let closed = self.of(Status::Closed);
        Cell::Rate { part: (closed - self.closed_late).into(), whole: closed.into() }
    }

    /// The cells under [`COUNTS`].
    pub fn counts(&self) -> impl Iterator<Item = Cell> {
        [
            self.total(),
            self.of(Status::Registered),
            self.of(Status::Underway),
            self.of(Status::Applied),
            self.of(Status::Closed),
            self.elsewhere(),
        ]
        .into_iter()
        .map(|count| Cell::Count(count.into()))
    }
}

/// Headings of [`Tally::counts`].
pub const COUNTS: [&str; 6] = ["问题", "未整改", "整改中", "待销号", "已销号", "移交并案"];
