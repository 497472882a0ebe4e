//! Each line of `ledgers/_seals.csv` holds the hash of the one before; nothing is changed, taken out or put in.

use crate::finding::{Finding, Rule, Severity};
use crate::model::seal::{List, SEALS, SealLine, Seals, list_path, month};
use std::sync::Arc;

pub static RULE: Rule = Rule {
    code: "broken-seal-chain",
    severity: Severity::Error,
    what: "封账的文件被改动：_seals.csv 的一行改过、中间缺行、次序变了、末尾缺合计，或 _seals 文件夹里的清单改过、缺了、多了。",
    why: "每行的校验码盖住这一行和上一行的校验码，动一处就接不上；封账的文件变了，封住的行也就无从核对。",
    fix: "从 git 历史恢复 ledgers/_seals.csv 和 ledgers/_seals/；这些文件只由 zxzz seal 写。",
};

const RESTORE: &str = "从 git 历史恢复；封账的文件只由 zxzz seal 写";

pub fn check(seals: &Seals, out: &mut Vec<Finding>) {
    let mut before: Option<&SealLine> = None;
    for line in &seals.lines {
        out.extend(faults(before, line).into_iter().map(|why| finding(SEALS, line.line, &why)));
        before = Some(line);
    }
    if let Some(last) = before.filter(|last| !last.is_total()) {
        out.push(finding(SEALS, last.line, &format!("{} 的封账没有合计行：末尾缺了行", month(last.day))));
    }
    for line in seals.totals() {
        out.extend(list_fault(line, seals.list(line.day)));
    }
    out.extend(seals.lists.iter().filter_map(|list| stray(list, seals)));
}

fn finding(path: &str, line: u32, message: &str) -> Finding {
    Finding::new(&RULE, &Arc::from(path), line, message).help(RESTORE)
}

/// A line by itself and after the one before.
fn faults(before: Option<&SealLine>, line: &SealLine) -> Vec<String> {
    let mut faults = vec![];
    if line.hash != line.expected() {
        faults.push(format!("{} {} 的这一行改过：校验码对不上", month(line.day), line.campaign));
    }
    if line.previous != before.map_or("", |before| before.hash.as_str()) {
        faults.push("与上一行接不上：中间缺了行、插了行，或上一行改过".to_owned());
    }
    let is_in_order = before.is_none_or(|before| match before.is_total() {
        true => before.day < line.day,
        false => before.day == line.day,
    });
    if !is_in_order {
        faults.push(format!("{} 排在这里，月份的次序不对", month(line.day)));
    }
    faults
}

fn list_fault(line: &SealLine, list: Option<&List>) -> Option<Finding> {
    match list {
        None => Some(finding(
            SEALS,
            line.line,
            &format!("缺少清单 {}，{} 封住的行无从核对", list_path(line.day), month(line.day)),
        )),
        Some(list) if list.hash != line.list => Some(finding(
            &list.path,
            0,
            &format!("清单改过：与封账时的清单校验不同，{} 封住的行无从核对", month(line.day)),
        )),
        Some(_) => None,
    }
}

/// A list without its seal: the end of the file was cut off, or a sealing did not come to its end.
fn stray(list: &List, seals: &Seals) -> Option<Finding> {
    let is_known = seals.totals().any(|line| list_path(line.day) == list.path);
    (!is_known).then(|| {
        finding(&list.path, 0, "有清单，_seals.csv 里没有这次封账：末尾被截去，或封账没有做完")
            .help("从 git 历史恢复 _seals.csv；封账没有做完的，再运行一次 zxzz seal")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::seal::{TOTAL, sha256};

    /// Two seals of one campaign each.
    fn seals() -> Seals {
        let mut lines: Vec<SealLine> = vec![];
        let mut lists = vec![];
        for day in ["2025-08-31", "2025-09-30"] {
            let day: chrono::NaiveDate = day.parse().unwrap();
            let hash = sha256(day.to_string().as_bytes());
            for (campaign, list) in [("yanglao", ""), (TOTAL, hash.as_str())] {
                let previous = lines.last().map_or("", |line| line.hash.as_str()).to_owned();
                let line = SealLine::new(day, campaign, [3; 14], list, &previous);
                lines.push(SealLine { line: lines.len() as u32 + 2, ..line });
            }
            lists.push(List { path: list_path(day), hash, records: vec![] });
        }
        Seals { lines, lists }
    }

    #[test]
    fn every_change_of_the_files_is_found_but_a_whole_seal_cut_off_with_its_list() {
        type Change = (&'static str, fn(&mut Seals), &'static [(u32, &'static str)]);
        let changes: [Change; 11] = [
            ("nothing", |_| {}, &[]),
            ("a count", |s| s.lines[0].figures[4] = 9, &[(2, "这一行改过")]),
            ("a count and its hash", |s| rehash(s, 1), &[(4, "接不上")]),
            ("a line taken out", |s| drop(s.lines.remove(2)), &[(5, "接不上")]),
            ("the first line taken out", |s| drop(s.lines.remove(0)), &[(3, "接不上")]),
            ("the last line cut off", |s| drop(s.lines.pop()), &[(0, "有清单"), (4, "没有合计行")]),
            ("a seal cut off", |s| s.lines.truncate(2), &[(0, "有清单")]),
            ("a seal and its list cut off", cut_off, &[]),
            ("a list changed", |s| s.lists[0].hash = sha256(b"other"), &[(0, "清单改过")]),
            ("a list gone", |s| drop(s.lists.remove(0)), &[(3, "缺少清单")]),
            (
                "the order changed",
                |s| s.lines.rotate_left(2),
                &[(2, "接不上"), (2, "次序"), (4, "接不上")],
            ),
        ];
        for (name, change, want) in changes {
            let mut seals = seals();
            change(&mut seals);
            let mut findings = vec![];
            check(&seals, &mut findings);
            findings.sort_by_key(|finding| finding.place.line);
            let got: Vec<(u32, &str)> =
                findings.iter().map(|finding| (finding.place.line, finding.message.as_str())).collect();
            assert_eq!(got.len(), want.len(), "{name}: {got:?}");
            for ((line, says), (want_line, want_says)) in got.iter().zip(want) {
                assert!(line == want_line && says.contains(want_says), "{name}: {got:?}");
            }
        }
    }

    fn cut_off(seals: &mut Seals) {
        seals.lines.truncate(2);
        seals.lists.pop();
    }

    fn rehash(seals: &mut Seals, at: usize) {
        seals.lines[at].figures[4] = 9;
        seals.lines[at].hash = seals.lines[at].expected();
    }
}
