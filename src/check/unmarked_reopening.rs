//! A new round needs a closed one before it that a look-back found relapsed.

use super::{Context, Sheet};
use crate::finding::{Finding, Rule, Severity};
use crate::model::workflow::Status;

pub static RULE: Rule = Rule {
    code: "unmarked-reopening",
    severity: Severity::Error,
    what: "另起了新一轮，而上一轮没有销号，或没有记下回头看结果为反弹，或新一轮的发现日期早于回头看日期。",
    why: "只有已销号又反弹的才重开；没销号的接着整改，不能另起一行重算时限。",
    fix: "上一轮补填回头看日期和结果“反弹”；上一轮没有销号的，删去新行之前先确认没有提交过，已提交的并案。",
};

pub fn check(sheet: &Sheet, cx: &Context, out: &mut Vec<Finding>) {
    for entry in sheet.entries.iter().filter(|entry| entry.issue.round > 1) {
        let id = sheet.id(entry);
        let Some(before) = sheet.find(id, entry.issue.round - 1) else { continue };
        let (message, help) = if before.issue.status != Status::Closed {
            ("还没有销号".to_owned(), "上一轮接着整改；本行没有提交过的删去，已提交的并案")
        } else if !before.issue.relapsed {
            ("没有记回头看结果“反弹”".to_owned(), "确已反弹的，上一轮补填回头看日期和结果“反弹”")
        } else if let Some(reviewed) = before.issue.reviewed.filter(|reviewed| entry.issue.found < *reviewed) {
            let message = format!("的回头看日期 {reviewed} 晚于本轮的发现日期 {}", entry.issue.found);
            (message, "核对两个日期，改正错的一个")
        } else {
            continue;
        };
        out.push(
            Finding::new(&RULE, &cx.path, entry.line, format!("上一轮（第 {} 行）{message}", before.line))
                .id(id)
                .field("轮次")
                .value(&entry.issue.round.to_string())
                .help(help),
        );
    }
}
