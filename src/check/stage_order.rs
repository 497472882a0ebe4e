//! What begins, begins before it ends.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::Campaign;
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "stage-order",
    severity: Severity::Error,
    what: "开始日期晚于结束日期（专项、阶段或事项）。",
    why: "日期颠倒的阶段一天也没有，报表上的“当前阶段”就是空的。",
    fix: "核对方案，改正日期。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let mut look = |start: Option<NaiveDate>, end: Option<NaiveDate>, key: String| {
        if let (Some(start), Some(end)) = (start, end)
            && start > end
        {
            let message = format!("开始日期 {start} 晚于结束日期 {end}");
            out.push(cx.origin.finding(&RULE, &key, message).value(&start.to_string()).help("核对方案，改正日期"));
        }
    };
    look(campaign.period.start, Some(campaign.period.end), "period.start".to_owned());
    for (ix, stage) in campaign.stages.iter().enumerate() {
        look(stage.start, Some(stage.end), format!("stages[{ix}].start"));
    }
    for (ix, duty) in campaign.duties.iter().enumerate() {
        look(duty.start, duty.until, format!("duties[{ix}].start"));
    }
}
