//! Dates of a plan lie in its period.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::Campaign;
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "date-outside-period",
    severity: Severity::Error,
    what: "阶段、任务、节点、指标或时限规则的日期在专项的起止日期之外。",
    why: "专项结束之后的节点没有人负责；多半是年份写错。",
    fix: "核对方案，改正日期或专项的 period。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let period = campaign.period;
    let mut look = |day: Option<NaiveDate>, key: String| {
        if let Some(day) = day.filter(|day| !period.contains(*day)) {
            let start = period.start.map_or("即日起".to_owned(), |start| start.to_string());
            let message = format!("不在专项的起止日期（{start} 至 {}）之内", period.end);
            out.push(cx.origin.finding(&RULE, &key, message).value(&day.to_string()).help("核对方案，改正日期"));
        }
    };
    for (ix, stage) in campaign.stages.iter().enumerate() {
        look(stage.start, format!("stages[{ix}].start"));
        look(Some(stage.end), format!("stages[{ix}].end"));
    }
    for (ix, task) in campaign.tasks.iter().enumerate() {
        look(task.deadline, format!("tasks[{ix}].deadline"));
        for (at, limit) in task.limits.iter().enumerate() {
            look(limit.by, format!("tasks[{ix}].limits[{at}].by"));
        }
    }
    for (ix, milestone) in campaign.milestones.iter().enumerate() {
        look(Some(milestone.by), format!("milestones[{ix}].by"));
    }
    for (ix, target) in campaign.targets.iter().enumerate() {
        look(target.by, format!("targets[{ix}].by"));
    }
}
