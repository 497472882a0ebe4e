//! A target's number, unit and comparison go together.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::{Campaign, Comparison, Measure, Target};

pub static RULE: Rule = Rule {
    code: "senseless-target",
    severity: Severity::Error,
    what: "指标的数值、单位和比较不合情理：百分数不在 0 到 100 之间，目标值是负数，由台账算的比率不以 % 为单位、个数以 % 为单位，未销号数要求“越多越好”，或分项之和不等于目标值。",
    why: "这样的指标要么永远达标，要么永远不达标。",
    fix: "核对方案的数字，改 value、unit、op 或 parts。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    for (ix, target) in campaign.targets.iter().enumerate() {
        if let Some((key, message, help)) = fault(target) {
            let finding = cx.origin.finding(&RULE, &format!("targets[{ix}].{key}"), message).help(help);
            out.push(match key {
                "value" => finding.value(&target.value.to_string()),
                "unit" => finding.value(&target.unit),
                _ => finding,
            });
        }
    }
}

/// The key at fault, what is wrong, what to do.
fn fault(target: &Target) -> Option<(&'static str, String, &'static str)> {
    let value = target.value;
    let is_rate = matches!(target.measure, Measure::ResolvedRate | Measure::OnTimeRate);
    let is_count = matches!(target.measure, Measure::OpenCount | Measure::ClosedCount);
    let wants_more = matches!(target.op, Comparison::AtLeast | Comparison::MoreThan);
    let parts = rounded(target.parts.iter().map(|part| part.value).sum());
    if value < 0.0 || !value.is_finite() {
        Some(("value", "目标值不能是负数".to_owned(), "下降的幅度写正数，名称里写“下降”"))
    } else if target.unit == "%" && value > 100.0 {
        Some(("value", "百分数超过 100".to_owned(), "核对数值和单位"))
    } else if is_rate && target.unit != "%" {
        Some(("unit", format!("{}的单位应是 %", target.measure.label()), "写 unit = \"%\""))
    } else if is_count && target.unit == "%" {
        Some(("unit", format!("{}的单位不会是 %", target.measure.label()), "写 unit = \"个\"；要百分数的用 resolved-rate"))
    } else if target.measure == Measure::OpenCount && wants_more {
        Some(("op", "未销号数不会要求越多越好".to_owned(), "写 op = \"=\"（清零）或 \"<=\""))
    } else if !target.parts.is_empty() && parts != rounded(value) {
        Some(("parts", format!("分项之和是 {parts}，目标值是 {value}"), "核对分项和 value"))
    } else {
        None
    }
}

/// Without the noise that adding decimals leaves behind.
fn rounded(sum: f64) -> f64 {
    (sum * 1e6).round() / 1e6
}
