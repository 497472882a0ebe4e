//! Mergers end at a row that is not merged itself.

use super::LedgerIds;
use crate::finding::{Finding, Rule, Severity};
use rustc_hash::{FxHashMap, FxHashSet};

pub static RULE: Rule = Rule {
    code: "merge-cycle",
    severity: Severity::Error,
    what: "并案绕成了一圈：甲并入乙，乙又并入甲。",
    why: "一圈之中没有一个问题还在整改。",
    fix: "留一个问题继续整改，其余并入它。",
};

/// Longer ways round are told by their beginning.
const SHOWN: usize = 6;

pub fn check(ledgers: &[&LedgerIds], out: &mut Vec<Finding>) {
    let into: FxHashMap<&str, &str> = (ledgers.iter().flat_map(|ledger| &ledger.mergers))
        .map(|merger| (&*merger.from, &*merger.into))
        .filter(|(from, into)| from != into)
        .collect();
    let circling = circling(&into);
    for ledger in ledgers {
        for merger in ledger.mergers.iter().filter(|merger| circling.contains(&*merger.from)) {
            out.push(
                Finding::new(&RULE, &ledger.path, merger.line, format!("并案绕成一圈：{}", route(&into, &merger.from)))
                    .id(&merger.from)
                    .field("去向")
                    .value(&merger.into)
                    .help("留一个问题继续整改，其余并入它"),
            );
        }
    }
}

/// Those that lead back to themselves; every one is visited once.
fn circling<'i>(into: &FxHashMap<&'i str, &'i str>) -> FxHashSet<&'i str> {
    let mut circling = FxHashSet::default();
    let mut walk_of: FxHashMap<&str, usize> = FxHashMap::default();
    for (walk, start) in into.keys().enumerate() {
        let mut path = vec![];
        let mut at = *start;
        while let Some(next) = into.get(at).filter(|_| !walk_of.contains_key(at)) {
            walk_of.insert(at, walk);
            path.push(at);
            at = next;
        }
        if walk_of.get(at) == Some(&walk) {
            circling.extend(path.into_iter().skip_while(|passed| *passed != at));
        }
    }
    circling
}

fn route(into: &FxHashMap<&str, &str>, from: &str) -> String {
    let onward = |at: &&str| into.get(at).copied().filter(|next| *next != from);
    let passed: Vec<&str> = std::iter::successors(Some(from), onward).take(SHOWN + 1).collect();
    let more = if passed.len() > SHOWN { " → …" } else { "" };
    format!("{}{more} → {from}", passed[..passed.len().min(SHOWN)].join(" → "))
}
