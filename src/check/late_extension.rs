//! An extension is approved before the limit runs out.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "late-extension",
    severity: Severity::Error,
    what: "延期批准日期晚于原完成时限。",
    why: "过了期再批延期，等于把超期抹掉。",
    fix: "没有在原时限内批准的，延期无效：清空延期四列，按超期处理。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    if let Some((_, approved)) = issue.extension.filter(|(_, approved)| *approved > issue.deadline) {
        out.push(
            cx.finding(&RULE, row, format!("晚于原完成时限 {}，延期无效", issue.deadline))
                .field("延期批准日期")
                .value(&approved.to_string())
                .help("清空延期四列，按超期处理"),
        );
    }
}
