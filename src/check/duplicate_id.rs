//! 编号 with 轮次 is unique over the whole workspace.

use super::{Context, LedgerIds, Sheet};
use crate::finding::{Finding, Rule, Severity};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

pub static RULE: Rule = Rule {
    code: "duplicate-id",
    severity: Severity::Error,
    what: "两行的编号和轮次相同。",
    why: "编号是问题的身份，销号、延期、追溯都认它；重复的分不清谁是谁。",
    fix: "后登记的改用新的序号；是同一问题反弹的，轮次加 1；是重复登记的，并案。",
};

/// Within one ledger.
pub fn check(sheet: &Sheet, cx: &Context, out: &mut Vec<Finding>) {
    for (first, second) in &sheet.duplicates {
        let (first, second) = (&sheet.entries[*first], &sheet.entries[*second]);
        out.push(duplicate(&cx.path, second.line, sheet.id(second), &format!("与第 {} 行的", first.line)));
    }
}

/// Between ledgers: only an id that stands in a foreign ledger can clash with one at home.
pub fn check_across(ledgers: &[LedgerIds], out: &mut Vec<Finding>) {
    let foreign = || ledgers.iter().flat_map(|ledger| ledger.all().filter(|id| !id.text.starts_with(&ledger.prefix)).map(move |id| (ledger, id)));
    let wanted: FxHashSet<(&str, u16)> = foreign().map(|(_, id)| (id.text, id.round)).collect();
    if wanted.is_empty() {
        return;
    }
    let mut seen: FxHashMap<(&str, u16), (&LedgerIds, u32)> = FxHashMap::default();
    for home in ledgers {
        for id in home.all().filter(|id| id.text.starts_with(&home.prefix) && wanted.contains(&(id.text, id.round))) {
            seen.entry((id.text, id.round)).or_insert((home, id.line));
        }
    }
    for (ledger, id) in foreign() {
        let (other, line) = *seen.entry((id.text, id.round)).or_insert((ledger, id.line));
        if other.path != ledger.path {
            out.push(duplicate(&ledger.path, id.line, id.text, &format!("与 {} 第 {line} 行的", other.path)));
        }
    }
}

fn duplicate(path: &Arc<str>, line: u32, id: &str, other: &str) -> Finding {
    Finding::new(&RULE, path, line, format!("{other}编号、轮次相同"))
        .id(id)
        .field("编号")
        .value(id)
        .help("后登记的改用新的序号；反弹的轮次加 1")
}
