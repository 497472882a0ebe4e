//! 完成时限 within the limit rules of the task.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::deadline::{latest_deadline, reason};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "deadline-over-limit",
    severity: Severity::Error,
    what: "完成时限超过方案为该任务规定的时限。",
    why: "方案定了最晚哪天完成，台账不能自己放宽；要放宽，走延期。方案定的是固定日期的，只约束该日之前发现的问题。",
    fix: "把完成时限改到规定日期之内；确需延长的，填写延期四列。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let (campaign, issue) = (cx.campaign, row.issue);
    let milestone = issue.milestone.map(|ix| &campaign.milestones[usize::from(ix)]);
    let task = issue.task.map(|ix| &campaign.tasks[usize::from(ix)]);
    let (title, latest) = match (milestone, task) {
        (Some(milestone), _) => (&milestone.name, Some((milestone.by, None))),
        (None, Some(task)) => {
            (&task.title, latest_deadline(task, row, campaign.issued, &cx.workspace.calendar))
        }
        (None, None) => return,
    };
    if let Some((latest, limit)) = latest.filter(|(latest, _)| issue.deadline > *latest) {
        out.push(
            cx.finding(&RULE, row, format!("超过“{title}”的时限（{}）", reason(latest, limit)))
                .field("完成时限")
                .value(&issue.deadline.to_string())
                .help(format!("不晚于 {latest}；确需延长的，填写延期四列")),
        );
    }
}
