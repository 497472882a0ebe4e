//! A write-off needs every sign-off of the campaign.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;
use crate::model::workflow::Status;

pub static RULE: Rule = Rule {
    code: "missing-signoff",
    severity: Severity::Error,
    what: "已销号的问题缺少规定的签字人或签字日期。",
    why: "销号要有第二双眼睛看过：没有核查人和核查日期，就是凭一句话销号。",
    fix: "由核查人核实后补签；没有核查过的，把整改状态改回待销号。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    if row.issue.status != Status::Closed {
        return;
    }
    for (name, signoff) in cx.campaign.closure.signoffs.iter().zip(row.signoffs()) {
        let absent = [("人", signoff.person.is_empty()), ("日期", !signoff.is_dated)];
        for (part, _) in absent.into_iter().filter(|(_, is_missing)| *is_missing) {
            out.push(
                cx.finding(&RULE, row, "已销号的问题应有")
                    .field(format!("{name}{part}"))
                    .help(format!("由{name}人核实后补签，或把整改状态改回待销号")),
            );
        }
    }
}
