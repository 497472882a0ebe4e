//! 进展: how many problems are in which state, in all, by unit and by task; and what a monthly bulletin says of them. Every
//! row of a ledger counts here, also one that stands for a milestone of the plan.

use crate::calendar::{around, eve, workdays};
use crate::district::{MILESTONES, name};
use crate::records::{Day, Record};
use crate::scene::Scene;
use chrono::Datelike;

const STATUSES: [&str; 6] = ["未整改", "整改中", "待销号", "已销号", "已移交", "已并案"];

/// Counts of rows at the end of a day.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub statuses: [usize; 6],
    /// 绿 蓝 黄 红 深红
    pub lights: [usize; 5],
    pub overdue: usize,
    pub closed_late: usize,
    pub listed: usize,
    pub backlog: usize,
}

impl Counts {
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r Record>, day: Day) -> Counts {
        let mut counts = Counts::default();
        for row in rows {
            if row.found() > day {
                continue;
            }
            let status = row.status(day);
            counts.statuses[STATUSES.iter().position(|name| *name == status).unwrap()] += 1;
            counts.overdue += usize::from(row.is_overdue(day));
            counts.closed_late += usize::from(status == "已销号" && !row.is_in_time());
            let is_listed = row.had("挂牌日期", day) && !row.had("摘牌日期", day);
            counts.listed += usize::from(is_listed && matches!(status, "未整改" | "整改中" | "待销号"));
            let waits = status == "待销号" && workdays(row.day("申请日期").unwrap(), day) > 5;
            counts.backlog += usize::from(waits);
            if let Some(light) = light(row, day) {
                counts.lights[light] += 1;
            }
        }
        counts
    }

    fn total(&self) -> usize {
        self.statuses.iter().sum()
    }

    pub fn closed(&self) -> usize {
        self.statuses[3]
    }

    fn gone(&self) -> usize {
        self.statuses[4] + self.statuses[5]
    }

    /// 问题 未整改 整改中 待销号 已销号 移交并案
    fn told(&self) -> String {
        let [new, underway, applied, closed, ..] = self.statuses;
        format!("{} {new} {underway} {applied} {closed} {}", self.total(), self.gone())
    }

    pub fn closing_rate(&self) -> String {
        format!("{}/{}", self.closed(), self.total() - self.gone())
    }

    fn on_time_rate(&self) -> String {
        format!("{}/{}", self.closed() - self.closed_late, self.closed())
    }
}

/// Only problems on which the unit has still to act have a light.
fn light(row: &Record, day: Day) -> Option<usize> {
    if !matches!(row.status(day), "未整改" | "整改中") {
        return None;
    }
    let limit = row.limit(day);
    let is_returned = row.count("退回次数") >= 2;
    Some(match () {
        () if is_returned => 4,
        () if day > limit && workdays(limit, day) > 10 => 4,
        () if day > limit => 3,
        () if workdays(day, limit) <= 3 => 2,
        () if (limit - day).num_days() <= 7 => 1,
        () => 0,
    })
}

/// Of all campaigns: a line each and their sum, then what is to be worried about in the same order.
pub fn of_all(scene: &Scene, day: Day) -> Vec<String> {
    let rows = |campaign: &'static str| scene.of(campaign).flat_map(|ledger| &ledger.rows);
    let each = [
        ("道路交通专项整治", Counts::of(rows("daolu"), day)),
        ("养老服务专项整治", Counts::of(rows("yanglao"), day)),
        ("合计", Counts::of(rows("daolu").chain(rows("yanglao")), day)),
    ];
    progress(&each).chain(worries(&each)).collect()
}

/// Of one campaign: the same, then its units and its tasks.
pub fn of_one(scene: &Scene, day: Day) -> Vec<String> {
    let rows = || scene.of("yanglao").flat_map(|ledger| &ledger.rows);
    let whole = [("养老服务专项整治", Counts::of(rows(), day))];
    let mut parts = vec![];
    for ledger in scene.of("yanglao") {
        parts.push((name(&ledger.unit), Counts::of(&ledger.rows, day)));
    }
    for (id, title, ..) in scene.plan.tasks() {
        // A milestone of the task counts with it.
        let is_own =
            |row: &&Record| row.cell("任务") == *id || MILESTONES.contains(&(row.cell("任务"), Some(*id)));
        parts.push((*title, Counts::of(rows().filter(is_own), day)));
    }
    let mut lines: Vec<String> = progress(&whole).chain(worries(&whole)).collect();
    for (name, counts) in parts {
        let [_, _, yellow, red, dark] = counts.lights;
        let rates = format!("{} {}", counts.closing_rate(), counts.on_time_rate());
        lines.push(format!("{name} {} {yellow} {red} {dark} {rates}", counts.told()));
    }
    lines
}

fn progress(each: &[(&'static str, Counts)]) -> impl Iterator<Item = String> {
    each.iter().map(|(name, counts)| format!("{name} {} {}", counts.told(), counts.closing_rate()))
}

fn worries(each: &[(&'static str, Counts)]) -> impl Iterator<Item = String> {
    each.iter().map(|(name, counts)| {
        let [_, blue, yellow, red, dark] = counts.lights;
        let Counts { overdue, listed, backlog, closed_late, .. } = counts;
        let lights = format!("{blue} {yellow} {red} {dark}");
        format!("{name} {lights} {overdue} {listed} {backlog} {closed_late} {}", counts.on_time_rate())
    })
}

/// What each unit with a problem closed, and all of them.
pub fn closings(scene: &Scene, day: Day) -> Vec<String> {
    let mut lines = vec![];
    let told = |name: &str, counts: &Counts| {
        let rates = format!("{} {}", counts.closing_rate(), counts.on_time_rate());
        format!("{name} {} {} {rates}", counts.closed(), counts.closed_late)
    };
    for ledger in scene.of("yanglao") {
        let counts = Counts::of(&ledger.rows, day);
        if counts.total() > 0 {
            lines.push(told(name(&ledger.unit), &counts));
        }
    }
    let all = scene.of("yanglao").flat_map(|ledger| &ledger.rows);
    lines.push(told("合计", &Counts::of(all, day)));
    lines
}

/// 总体情况 of a month up to the report day: what stands, what happened and how much more than in the month before, up
/// to the same day of it or, of a whole month, in the whole of it.
pub fn of_month(scene: &Scene, day: Day) -> Vec<String> {
    let rows: Vec<&Record> = scene.of("yanglao").flat_map(|ledger| &ledger.rows).collect();
    let now = Counts::of(rows.iter().copied(), day);
    if now.total() == 0 {
        return vec![];
    }
    let from = around("month", day).0;
    let (from_before, end_before) = around("month", eve(from));
    let is_whole = day == around("month", day).1;
    let mut to_before = end_before;
    while !is_whole && to_before.day() > day.day() {
        to_before = eve(to_before);
    }
    let then = Counts::of(rows.iter().copied(), to_before);
    let count = |heading: &str, from: Day, to: Day| {
        let is_own = |row: &&&Record| {
            let is_step = row.day(heading).is_some_and(|day| from <= day && day <= to);
            is_step && (heading == "发现日期" || !row.is_gone())
        };
        rows.iter().filter(is_own).count() as i64
    };
    let mut lines = vec![format!("共登记问题 {} {}", now.total(), now.closing_rate())];
    for (name, count) in STATUSES.iter().zip(now.statuses).filter(|(_, count)| *count > 0) {
        lines.push(format!("{name} {count}"));
    }
    for (name, heading) in [("新发现问题", "发现日期"), ("申请销号", "申请日期"), ("销号", "销号日期")]
    {
        let (now, then) = (count(heading, from, day), count(heading, from_before, to_before));
        lines.push(format!("{name} {now} {:+}", now - then));
    }
    if now.overdue + then.overdue > 0 {
        let change = now.overdue as i64 - then.overdue as i64;
        lines.push(format!("超期未申请销号的 {} {change:+}", now.overdue));
    }
    for (name, count) in [
        ("挂牌督办的", now.listed),
        ("申请后核查积压的", now.backlog),
        ("已销号中逾期申请的", now.closed_late),
    ] {
        if count > 0 {
            lines.push(format!("{name} {count}"));
        }
    }
    lines.sort();
    lines
}
