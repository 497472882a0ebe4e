//! 完成时限 within the period of the campaign.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "deadline-outside-period",
    severity: Severity::Error,
    what: "完成时限或延期至晚于专项整治的结束日期。",
    why: "专项结束时要交账，时限不能定到结束以后。反弹重开的（轮次大于 1）不受此限。",
    fix: "把时限改到专项结束之前；结束后才发现的问题，登记到接续的专项或日常工作中。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    let end = cx.campaign.period.end;
    if issue.round > 1 {
        return;
    }
    let extended = issue.extension.map(|(to, _)| to);
    for (field, day) in [("完成时限", Some(issue.deadline)), ("延期至", extended)] {
        if let Some(day) = day.filter(|day| *day > end) {
            out.push(
                cx.finding(&RULE, row, format!("晚于专项结束日期 {end}"))
                    .field(field)
                    .value(&day.to_string())
                    .help(format!("不晚于 {end}")),
            );
        }
    }
}
