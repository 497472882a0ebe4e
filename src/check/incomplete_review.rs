//! 回头看 is of a closed issue and has a day and a result.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::Status;

pub static RULE: Rule = Rule {
    code: "incomplete-review",
    severity: Severity::Error,
    what: "回头看日期和回头看结果没有一起填，或问题还没有销号就填了回头看。",
    why: "回头看是对已销号问题的复查，日期和结果缺一不可。",
    fix: "两列一起填；没有销号的清空这两列。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let has_day = !row.is_blank(Column::Reviewed);
    let has_result = !row.is_blank(Column::ReviewResult);
    let (field, message) = match (has_day, has_result) {
        (false, false) => return,
        (true, false) => (Column::ReviewResult, "有回头看日期，缺结果"),
        (false, true) => (Column::Reviewed, "有回头看结果，缺日期"),
        _ if row.issue.status != Status::Closed => (Column::Reviewed, "没有销号的问题不应有回头看"),
        _ => return,
    };
    out.push(cx.finding(&RULE, row, message).field(field.heading()).help("对已销号的问题，两列一起填；其余清空"));
}
