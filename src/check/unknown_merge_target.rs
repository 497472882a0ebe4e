//! A merged row names an existing other row.

use super::LedgerIds;
use crate::finding::{Finding, Rule, Severity};
use rustc_hash::FxHashMap;

pub static RULE: Rule = Rule {
    code: "unknown-merge-target",
    severity: Severity::Error,
    what: "已并案的问题，去向不是工作区里另一个问题的编号。",
    why: "并到哪里要找得到，否则问题凭空消失。",
    fix: "去向写并入的编号；并到工作区之外的，用已移交。",
};

/// A row merged into another.
#[derive(Debug, Clone)]
pub struct Merger {
    pub line: u32,
    pub from: Box<str>,
    pub into: Box<str>,
}

pub fn check(ledgers: &[&LedgerIds], out: &mut Vec<Finding>) {
    let mut known: FxHashMap<&str, bool> =
        ledgers.iter().flat_map(|ledger| &ledger.mergers).map(|merger| (&*merger.into, false)).collect();
    if known.is_empty() {
        return;
    }
    for id in ledgers.iter().flat_map(|ledger| ledger.all()) {
        known.entry(id.text).and_modify(|is_known| *is_known = true);
    }
    for ledger in ledgers {
        for merger in &ledger.mergers {
            let message = match known.get(&*merger.into) {
                _ if merger.from == merger.into => "并入了自己",
                Some(true) => continue,
                // A blank one is a missing cell.
                _ if merger.into.is_empty() => continue,
                _ => "没有这个编号",
            };
            out.push(
                Finding::new(&RULE, &ledger.path, merger.line, message)
                    .id(&merger.from)
                    .field("去向")
                    .value(&merger.into)
                    .help("写工作区里另一个问题的编号；并到外面的用已移交"),
            );
        }
    }
}
