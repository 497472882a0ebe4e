//! The four columns of an extension come together.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::EXTEND;

pub static RULE: Rule = Rule {
    code: "incomplete-extension",
    severity: Severity::Error,
    what: "延期至、延期事由、延期批准人、延期批准日期四列没有填全。",
    why: "没有事由和批准人的延期不算数，时限仍按原来的。",
    fix: "四列都填，或都清空。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let is_missing = |column: &&Column| row.is_blank(**column);
    let count = EXTEND.needs.iter().filter(is_missing).count();
    if count == 0 || count == EXTEND.needs.len() {
        return;
    }
    let missing: Vec<_> = EXTEND.needs.iter().filter(is_missing).map(|column| column.heading()).collect();
    out.push(
        cx.finding(&RULE, row, format!("延期没有填全，还缺：{}", missing.join("、")))
            .field(missing[0])
            .help("四列都填，或都清空"),
    );
}
