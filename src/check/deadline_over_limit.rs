//! 完成时限 within the limit rules of the task.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::Task;
use crate::model::deadline::{Bound, bound, describe};
use crate::model::issue::Row;
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "deadline-over-limit",
    severity: Severity::Error,
    what: "完成时限超过方案为该任务规定的时限。",
    why: "方案定了最晚哪天完成，台账不能自己放宽；要放宽，走延期。方案定的是固定日期的，只约束该日之前发现的问题。",
    fix: "把完成时限改到规定日期之内；确需延长的，填写延期四列。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    let (title, bound) = match (issue.milestone, issue.task) {
        (Some(ix), _) => {
            let milestone = &cx.campaign.milestones[usize::from(ix)];
            (&milestone.name, Some((milestone.by, format!("{} 前", milestone.by))))
        }
        (None, Some(ix)) => {
            let task = &cx.campaign.tasks[usize::from(ix)];
            (&task.title, earliest(task, row, cx))
        }
        (None, None) => return,
    };
    if let Some((latest, rule)) = bound.filter(|(latest, _)| issue.deadline > *latest) {
        out.push(
            cx.finding(&RULE, row, format!("超过“{title}”的时限（{rule}）"))
                .field("完成时限")
                .value(&issue.deadline.to_string())
                .help(format!("不晚于 {latest}；确需延长的，填写延期四列")),
        );
    }
}

/// The earliest day that the task's own deadline and its limit rules allow, and which of them it is.
fn earliest(task: &Task, row: &Row, cx: &Context) -> Option<(NaiveDate, String)> {
    let own = task.deadline.filter(|by| row.issue.found <= *by).map(|by| (by, format!("{by} 前")));
    let ruled = task.limits.iter().filter_map(|limit| {
        match bound(limit, row, cx.campaign.issued, &cx.workspace.calendar) {
            Bound::Latest(day) => Some((day, limit)),
            _ => None,
        }
    });
    let ruled = ruled.min_by_key(|(day, _)| *day);
    match (own, ruled) {
        (Some(own), Some((day, limit))) if day < own.0 => Some((day, describe(limit))),
        (Some(own), _) => Some(own),
        (None, ruled) => ruled.map(|(day, limit)| (day, describe(limit))),
    }
}
