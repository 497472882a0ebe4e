//! Sign-offs follow each other in the order of the campaign.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;
use crate::model::workflow::Status;

pub static RULE: Rule = Rule {
    code: "signoff-order",
    severity: Severity::Error,
    what: "各级签字的日期次序颠倒，或后一级签了而前一级没有签。",
    why: "逐级核验：前一级没有看过，后一级的签字没有根据。",
    fix: "按审核、核查的规定次序补签或改正日期。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let names = &cx.campaign.closure.signoffs;
    if names.len() < 2 {
        return;
    }
    let signed: Vec<_> = names.iter().zip(row.signoffs()).collect();
    for pair in signed.windows(2) {
        let [(before, earlier), (name, later)] = pair else { continue };
        let Some(day) = later.date else { continue };
        let message = match earlier.date {
            // A closed row that lacks one is told so already.
            None if earlier.is_dated || row.issue.status == Status::Closed => continue,
            None => format!("已签，但{before}还没有签"),
            Some(first) if first > day => format!("早于{before}日期 {first}"),
            Some(_) => continue,
        };
        out.push(
            cx.finding(&RULE, row, message)
                .field(format!("{name}日期"))
                .value(&day.to_string())
                .help(format!("先{before}、后{name}，日期依次不早于前一级")),
        );
    }
}
