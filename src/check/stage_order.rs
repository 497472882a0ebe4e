//! What begins, begins before it ends.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::load::toml_file::Origin;
use crate::model::campaign::Campaign;
use crate::model::unit::Register;
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "stage-order",
    severity: Severity::Error,
    what: "开始日期晚于结束日期（专项、阶段、事项或人员的任期）。",
    why: "日期颠倒的一天也没有：报表上的“当前阶段”是空的，人员哪天都无权办理。",
    fix: "核对方案或名录，改正日期。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let mut look = |start, end, key: String| out.extend(reversed(cx.origin, start, end, &key));
    look(campaign.period.start, Some(campaign.period.end), "period.start".to_owned());
    for (ix, stage) in campaign.stages.iter().enumerate() {
        look(stage.start, Some(stage.end), format!("stages[{ix}].start"));
    }
    for (ix, duty) in campaign.duties.iter().enumerate() {
        look(duty.start, duty.until, format!("duties[{ix}].start"));
    }
}

pub fn check_units(register: &Register, origin: &Origin, out: &mut Vec<Finding>) {
    for (ix, person) in register.people.iter().enumerate() {
        out.extend(reversed(origin, person.from, person.until, &format!("people[{ix}].from")));
    }
}

fn reversed(origin: &Origin, start: Option<NaiveDate>, end: Option<NaiveDate>, key: &str) -> Option<Finding> {
    let (start, end) = start.zip(end).filter(|(start, end)| start > end)?;
    let message = format!("开始日期 {start} 晚于结束日期 {end}");
    Some(origin.finding(&RULE, key, message).value(&start.to_string()).help("核对方案或名录，改正日期"))
}
