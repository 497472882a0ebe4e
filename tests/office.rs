//! What goes to Excel, WPS and Word: bytes that those programs read, and that hold what the ledger holds.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, lawful, told, with};
use std::fs;
use zxzz::model::workflow::{Kind, Status};

/// The file that a command writes.
fn written(desk: &Desk, words: &[&str], file: &str) -> Vec<u8> {
    let path = desk.path().join(file);
    let output = desk.run(&[words, &["-o", path.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{words:?}: {}", told(&output));
    fs::read(path).unwrap()
}

fn row(id: &str, cells: &[(&str, &str)]) -> String {
    with(&lawful(id, Status::Registered, Kind::Limited), cells)
}

#[test]
fn csv_for_spreadsheets_has_a_mark_and_their_line_ends_and_no_formula() {
    let desk = Desk::new(&[row("YL-SS-0001", &[("问题描述", "＝HYPERLINK(1)"), ("备注", "=1+1")])]);
    let list = ["list", "--as-of", "2025-09-01", "--columns", "编号,问题描述,备注", "--excel"];
    let want = "\u{FEFF}编号,问题描述,备注\r\nYL-SS-0001,'＝HYPERLINK(1),'=1+1\r\n";
    assert_eq!(String::from_utf8(written(&desk, &list, "清单.csv")).unwrap(), want);
    let status = String::from_utf8(written(&desk, &["status", "--excel"], "进展.csv")).unwrap();
    assert!(status.contains("\r\n\r\n"), "several tables");
    assert_eq!(status.matches('\n').count(), status.matches("\r\n").count());
}
