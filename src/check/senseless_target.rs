//! A target's number, unit and comparison go together.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::{Campaign, Measure, Target};
use rust_decimal::Decimal;

pub static RULE: Rule = Rule {
    code: "senseless-target",
    severity: Severity::Error,
    what: "指标的数值、单位和比较不合情理：百分数不在 0 到 100 之间，目标值是负数，由台账算的比率不以 % 为单位、个数以 % 为单位，未销号数、超期率一类要求“越多越好”，填报的又写了 when，或分项之和不等于目标值。",
    why: "这样的指标要么永远达标，要么永远不达标。",
    fix: "核对方案的数字，改 value、unit、op 或 parts。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    for (ix, target) in campaign.targets.iter().enumerate() {
        if let Some((key, message, help)) = fault(target) {
            let finding = cx.origin.finding(&RULE, &format!("targets[{ix}].{key}"), message).help(help);
            out.push(match key {
                "value" => finding.value(&target.value.unwrap_or_default().normalize().to_string()),
                "unit" => finding.value(&target.unit),
                _ => finding,
            });
        }
    }
}

/// The key at fault, what is wrong, what to do.
fn fault(target: &Target) -> Option<(&'static str, String, &'static str)> {
    let value = target.value.unwrap_or_default();
    let is_rate = target.measure.is_rate();
    let is_count = !is_rate && target.measure != Measure::Reported;
    let parts: Decimal = target.parts.iter().map(|part| part.value).sum();
    if value < Decimal::ZERO {
        Some(("value", "目标值不能是负数".to_owned(), "下降的幅度写正数，名称里写“下降”"))
    } else if target.unit == "%" && value > Decimal::ONE_HUNDRED {
        Some(("value", "百分数超过 100".to_owned(), "核对数值和单位"))
    } else if is_rate && target.unit != "%" {
        Some(("unit", format!("{}的单位应是 %", target.measure.label()), "写 unit = \"%\""))
    } else if is_count && target.unit == "%" {
        Some(("unit", format!("{}的单位不会是 %", target.measure.label()), "写 unit = \"个\"；要百分数的用 resolved-rate"))
    } else if target.measure.is_burden() && target.op.wants_more() && target.value.is_some() {
        Some(("op", format!("{}不会要求越多越好", target.measure.label()), "写 op = \"=\"（清零）或 \"<=\""))
    } else if !target.parts.is_empty() && parts != value {
        Some(("parts", format!("分项之和是 {}，目标值是 {}", parts.normalize(), value.normalize()), "核对分项和 value"))
    } else if target.measure == Measure::Reported && target.when.is_some() {
        Some(("when", "填报的指标不能再按台账的列筛选".to_owned(), "删去 when，或改用由台账算的 measure"))
    } else {
        None
    }
}
