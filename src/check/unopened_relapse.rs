//! A relapse opens a new round.

use super::{Context, Sheet};
use crate::finding::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    code: "unopened-relapse",
    severity: Severity::Error,
    what: "回头看结果是反弹，却没有另起一行重新整改。",
    why: "反弹的问题没有人再管，而销号率照算。",
    fix: "另起一行：同一编号、轮次加 1、整改中、新的完成时限。",
};

pub fn check(sheet: &Sheet, cx: &Context, out: &mut Vec<Finding>) {
    for entry in sheet.entries.iter().filter(|entry| entry.issue.relapsed) {
        let (id, next) = (sheet.id(entry), entry.issue.round.saturating_add(1));
        if sheet.find(id, next).is_none() {
            out.push(
                Finding::new(&RULE, &cx.path, entry.line, format!("已反弹，没有第 {next} 轮"))
                    .id(id)
                    .field("回头看结果")
                    .value("反弹")
                    .help(format!("另起一行：同一编号、轮次 {next}、整改中、新的完成时限")),
            );
        }
    }
}
