//! A limit lies after the discovery.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "deadline-before-found",
    severity: Severity::Error,
    what: "完成时限早于发现日期。",
    why: "问题一登记就已超期，多半是年份或月份写错。",
    fix: "核对两个日期，改正错的一个。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    if issue.deadline < issue.found {
        out.push(
            cx.finding(&RULE, row, format!("早于发现日期 {}", issue.found))
                .field("完成时限")
                .value(&issue.deadline.to_string())
                .help("核对两个日期"),
        );
    }
}
