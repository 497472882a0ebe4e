//! An extension ends later than the limit it extends.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "short-extension",
    severity: Severity::Error,
    what: "延期至不晚于原完成时限。",
    why: "延期应当延长时限；更早的日期多半是写错。",
    fix: "改正延期至，或清空延期四列。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    if let Some((to, _)) = issue.extension.filter(|(to, _)| *to <= issue.deadline) {
        out.push(
            cx.finding(&RULE, row, format!("不晚于原完成时限 {}", issue.deadline))
                .field("延期至")
                .value(&to.to_string())
                .help("延期至应晚于原完成时限"),
        );
    }
}
