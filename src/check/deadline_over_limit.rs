//! 完成时限 within the limit rules of the task.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::deadline::{Bound, bound, describe};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "deadline-over-limit",
    severity: Severity::Error,
    what: "完成时限超过方案为该任务规定的时限。",
    why: "方案定了最晚哪天完成，台账不能自己放宽；要放宽，走延期。方案定的是固定日期的，只约束该日之前发现的问题。",
    fix: "把完成时限改到规定日期之内；确需延长的，填写延期四列。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let Some(task) = row.issue.task.map(|task| &cx.campaign.tasks[usize::from(task)]) else { return };
    let deadline = row.issue.deadline;
    let own = task.deadline.filter(|by| row.issue.found <= *by).map(|by| (by, format!("{by} 前")));
    let ruled = task.limits.iter().filter_map(|limit| {
        match bound(limit, row, cx.campaign.issued, &cx.workspace.calendar) {
            Bound::Latest(day) => Some((day, describe(limit))),
            _ => None,
        }
    });
    if let Some((latest, rule)) = own.into_iter().chain(ruled).min()
        && deadline > latest
    {
        out.push(
            cx.finding(&RULE, row, format!("超过任务“{}”的时限（{rule}）", task.title))
                .field("完成时限")
                .value(&deadline.to_string())
                .help(format!("不晚于 {latest}；确需延长的，填写延期四列")),
        );
    }
}
