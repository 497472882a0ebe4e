//! Units that no longer exist.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "retired-unit",
    severity: Severity::Error,
    what: "责任部门或去向写的是已经撤销的单位。",
    why: "撤销的单位没有人负责，问题会落空。",
    fix: "改写承接其职责的单位。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let register = &cx.workspace.register;
    if register.retired.is_empty() {
        return;
    }
    for column in [Column::Department, Column::Destination] {
        let text = row.text(column);
        if let Some(retired) = register.retired(&text) {
            let into = retired.into.join("、");
            out.push(
                cx.finding(&RULE, row, format!("{}已于 {} 撤销", retired.name, retired.since))
                    .field(column.heading())
                    .value(&text)
                    .help(format!("改写承接单位：{into}")),
            );
        }
    }
}
