//! Rounds follow each other without a gap.

use super::{Context, Sheet};
use crate::finding::{Finding, Rule, Severity};

pub static RULE: Rule = Rule {
    code: "round-gap",
    severity: Severity::Error,
    what: "有第 N 轮而没有第 N−1 轮。",
    why: "反弹重开是在原行之外另起一行，原行永远留着；缺了原行，说明有行被删或轮次写错。",
    fix: "从 git 历史恢复被删的行，或改正轮次。",
};

pub fn check(sheet: &Sheet, cx: &Context, out: &mut Vec<Finding>) {
    for entry in sheet.entries.iter().filter(|entry| entry.issue.round > 1) {
        let (id, round) = (sheet.id(entry), entry.issue.round);
        if sheet.find(id, round - 1).is_none() {
            out.push(
                Finding::new(&RULE, &cx.path, entry.line, format!("有第 {round} 轮，没有第 {} 轮", round - 1))
                    .id(id)
                    .field("轮次")
                    .value(&round.to_string())
                    .help("从 git 历史恢复被删的行，或改正轮次"),
            );
        }
    }
}
