//! Seals before and after a commit: lines are only added, at the end, and a list stays as it was.

use super::rules::{CHANGED_SEAL, DELETED_SEAL};
use super::step::Offence;
use crate::finding::Rule;
use crate::load::scan::Scanner;
use crate::model::issue::Cells;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a commit did to `ledgers/_seals.csv` beyond adding lines at its end. No bytes stand for no file.
pub fn changed(before: &[u8], after: &[u8]) -> Vec<Offence> {
    let (old, new) = (records(before), records(after));
    if new.is_empty() && !old.is_empty() {
        return vec![offence(&DELETED_SEAL, "", "", "", "封账的文件被删或清空".to_owned())];
    }
    let at: FxHashMap<Key, usize> = new.iter().enumerate().rev().map(|(at, row)| (key(row), at)).collect();
    let mut offences = vec![];
    let mut last = None;
    for row in &old {
        let Some(at) = at.get(&key(row)).copied() else {
            offences.push(offence(&DELETED_SEAL, "", &named(row), "", "封账的一行被删".to_owned()));
            continue;
        };
        offences.extend(difference(&old[0], row, &new[at]));
        if last.is_some_and(|last| at < last) {
            offences.push(offence(&CHANGED_SEAL, "", &named(row), "", "封账的次序变了".to_owned()));
        }
        last = last.max(Some(at));
    }
    let known: FxHashSet<Key> = old.iter().map(|row| key(row)).collect();
    let inserted = new[..last.unwrap_or(0)].iter().filter(|row| !known.contains(&key(row)));
    offences.extend(
        inserted
            .map(|row| offence(&CHANGED_SEAL, "", "", &named(row), "在已有的封账中间插了一行".to_owned())),
    );
    offences
}

/// What a commit did to a list of sealed rows, which never changes.
pub fn list_changed(before: &[u8], after: Option<&[u8]>) -> Option<Offence> {
    match after {
        None => Some(offence(&DELETED_SEAL, "", "", "", "封账的清单被删".to_owned())),
        Some(after) if records(before) != records(after) => {
            Some(offence(&CHANGED_SEAL, "", "", "", "封账的清单被改动".to_owned()))
        }
        Some(_) => None,
    }
}

/// 截止日 and 专项.
type Key<'r> = &'r [String];

fn key(row: &[String]) -> Key<'_> {
    &row[..row.len().min(2)]
}

/// 截止日, 专项 and the short hash.
fn named(row: &[String]) -> String {
    let hash: String = row.last().map_or("", String::as_str).chars().take(16).collect();
    format!("{} {hash}", key(row).join(" "))
}

/// The first cell in which a line differs.
fn difference(headings: &[String], old: &[String], new: &[String]) -> Option<Offence> {
    if old == new {
        return None;
    }
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let at = (0..old.len().max(new.len())).find(|at| cell(old, *at) != cell(new, *at)).unwrap_or_default();
    let message = format!("{} 的封账改了", key(old).join(" "));
    Some(offence(&CHANGED_SEAL, &cell(headings, at), &cell(old, at), &cell(new, at), message))
}

fn offence(rule: &'static Rule, field: &str, before: &str, after: &str, message: String) -> Offence {
    let (field, before, after) = (field.to_owned(), before.to_owned(), after.to_owned());
    Offence { rule, field, before, after, message }
}

/// Every line with its cells; quotes, a BOM, line ends and blank lines are form.
fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut scanner = Scanner::new(text.as_bytes());
    let mut ends = vec![];
    let mut rows = vec![];
    while let Some(record) = scanner.next(&mut ends) {
        let cells = Cells { text, start: record.start, ends: &ends };
        let row: Vec<String> = (0..ends.len()).map(|at| cells.value(at as u16).into_owned()).collect();
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "截止日,专项,问题\n2025-08-31,yanglao,3\n2025-08-31,合计,3\n2025-09-30,合计,5\n";

    #[test]
    fn lines_are_only_added_at_the_end() {
        let line = |ix: usize| OLD.lines().nth(ix).unwrap();
        let of = |lines: &[&str]| lines.join("\n") + "\n";
        let appended = format!("{OLD}2025-10-31,合计,6\n");
        let inserted = of(&[line(0), line(1), "2025-08-31,daolu,0", line(2), line(3)]);
        let swapped = of(&[line(0), line(3), line(1), line(2)]);
        let rehashed = OLD.replace("yanglao,3", "yanglao,4").replace("08-31,合计,3", "08-31,合计,4");
        for (name, new, want) in [
            ("the same", OLD.to_owned(), vec![]),
            (
                "other form",
                format!("\u{FEFF}{}", OLD.replace('\n', "\r\n").replace("合计", "\"合计\"")),
                vec![],
            ),
            ("appended", appended, vec![]),
            ("a count", OLD.replace(",5", ",4"), vec![("changed-seal", "问题", "5", "4")]),
            (
                "counts, and the sum too",
                rehashed,
                vec![("changed-seal", "问题", "3", "4"), ("changed-seal", "问题", "3", "4")],
            ),
            ("a cell more", OLD.replace(",5", ",5,9"), vec![("changed-seal", "", "", "9")]),
            (
                "a line out of the middle",
                of(&[line(0), line(1), line(3)]),
                vec![("deleted-seal", "", "2025-08-31 合计 3", "")],
            ),
            (
                "cut off",
                of(&[line(0), line(1), line(2)]),
                vec![("deleted-seal", "", "2025-09-30 合计 5", "")],
            ),
            ("put in the middle", inserted, vec![("changed-seal", "", "", "2025-08-31 daolu 0")]),
            ("another order", swapped, vec![("changed-seal", "", "2025-09-30 合计 5", "")]),
        ] {
            let offences = changed(OLD.as_bytes(), new.as_bytes());
            let got: Vec<_> = offences
                .iter()
                .map(|o| (o.rule.code, o.field.as_str(), o.before.as_str(), o.after.as_str()))
                .collect();
            assert_eq!(got, want, "{name}");
        }
        assert!(changed(b"", OLD.as_bytes()).is_empty(), "the first seal");
        assert_eq!(changed(OLD.as_bytes(), b"").len(), 1, "the whole file deleted");
    }

    #[test]
    fn a_list_never_changes() {
        let old = "编号,轮次,范围,摘要\nA-1,1,在办,00\n";
        let code = |after: Option<&str>| {
            list_changed(old.as_bytes(), after.map(str::as_bytes)).map(|offence| offence.rule.code)
        };
        assert_eq!(code(Some(&old.replace('\n', "\r\n"))), None);
        assert_eq!(code(Some(&format!("{old}A-2,1,在办,00\n"))), Some("changed-seal"));
        assert_eq!(code(Some(&old.replace("00", "01"))), Some("changed-seal"));
        assert_eq!(code(None), Some("deleted-seal"));
    }
}
