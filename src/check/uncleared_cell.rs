//! Cells of a later step than the status has reached.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::forbidden;

pub static RULE: Rule = Rule {
    code: "uncleared-cell",
    severity: Severity::Error,
    what: "填了还没有走到的那一步的格：例如整改中却有申请日期，或未销号却有销号日期。",
    why: "多半是退回后没有清空，或只改了日期没有改状态；两者矛盾，不知以谁为准。",
    fix: "退回的清空申请日期和签字；确实走到那一步的，改整改状态。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let status = row.issue.status;
    let mut report = |field: String, value: &str| {
        out.push(
            cx.finding(&RULE, row, format!("整改状态是{}，不应有", status.label()))
                .field(field)
                .value(value)
                .help(match status.is_elsewhere() {
                    true => "移交、并案的没有这一步，清空该格",
                    false => "退回的清空该格；已走到这一步的，改整改状态",
                }),
        );
    };
    for column in forbidden(status) {
        let value = row.text(*column);
        if !value.is_empty() {
            report(column.heading().to_owned(), &value);
        }
    }
    if forbidden(status).contains(&Column::Applied) {
        for (name, signoff) in cx.campaign.closure.signoffs.iter().zip(row.signoffs()) {
            if !signoff.person.is_empty() {
                report(format!("{name}人"), &signoff.person);
            }
            if let Some(day) = signoff.date {
                report(format!("{name}日期"), &day.to_string());
            }
        }
    }
}
