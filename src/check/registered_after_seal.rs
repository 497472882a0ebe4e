//! A problem of a sealed month that was registered after the seal.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::seal::month;

pub static RULE: Rule = Rule {
    code: "registered-after-seal",
    severity: Severity::Warning,
    what: "封账后补登：发现日期在已经封账的月份里，而封账时还没有这一行。",
    why: "补登合规，但当月通报的数字里没有它；下一次封账收入并计入“补登”，此后不再提示。",
    fix: "核对发现日期；确是补登的，在备注说明晚登的原因。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let Some(seals) = cx.seals.filter(|seals| seals.is_whole) else { return };
    let Some(line) = seals.first_since(row.issue.found) else { return };
    if seals.records(&row.id(), row.issue.round).next().is_some() {
        return;
    }
    let message = format!("封账后补登：{} 封账（封账号 {}）时没有这一行", month(line.day), line.number());
    out.push(
        cx.finding(&RULE, row, message)
            .field(Column::Found.heading())
            .value(&row.issue.found.to_string())
            .help("核对发现日期；确是补登的，在备注说明"),
    );
}
