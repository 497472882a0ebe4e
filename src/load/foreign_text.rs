//! Separated text as spreadsheets write it: any of our encodings, commas, tabs or semicolons.

use super::decode::{Decoded, decode};
use super::scan::{QuoteFault, Scanner};
use super::workbook::{MOST_COLUMNS, MOST_TEXT, RawCell, RawRow, RawSheet, has_content, too_big};
use crate::model::column::Position;
use crate::model::issue::Cells;
use std::borrow::Cow;

/// An error says why nothing is read, and what to do.
pub fn read(bytes: &[u8], known: impl Fn(&str) -> bool) -> Result<RawSheet, String> {
    let text: Cow<str> = match decode(bytes, known) {
        Decoded::Utf8(text) => text.into(),
        Decoded::Other(text, _) => text.into(),
        Decoded::Unknown(_) => {
            return Err("不是表格文件，也认不出文字编码；在 WPS/Excel 里另存为 xlsx".to_owned());
        }
    };
    if text.trim().is_empty() {
        return Err("是空的".to_owned());
    }
    let start: String = text.trim_start().chars().take(14).collect::<String>().to_lowercase();
    if start.starts_with('<') || start.starts_with("mime-version") {
        return Err("是网页另存的表格，不读；用 WPS/Excel 打开，另存为 xlsx".to_owned());
    }
    // Old spreadsheets end lines with a bare carriage return.
    let text = if text.contains('\n') { text } else { text.replace('\r', "\n").into() };
    if text.len() as u64 > MOST_TEXT {
        return Err(too_big(""));
    }
    let separator = separator(&text);
    let mut scanner = Scanner::separated(text.as_bytes(), separator);
    let (mut rows, mut ends) = (vec![], vec![]);
    while let Some(record) = scanner.next(&mut ends) {
        let line = record.line;
        match record.fault {
            None => {}
            Some(QuoteFault::Unclosed) => {
                return Err(format!(
                    "第 {line} 行有引号只有开头，没有结尾，往后的行都分不清；补上或删去这个引号"
                ));
            }
            Some(QuoteFault::Trailing) => {
                return Err(format!(
                    "第 {line} 行有一格的引号在中间；整格用引号括起来，里面的引号写两个，或在 WPS/Excel 里另存为 xlsx"
                ));
            }
        }
        // Programs write empty cells far to the right.
        if let Some(last) = ends.get(MOST_COLUMNS - 1) {
            let beyond = &text[*last as usize..record.end as usize];
            if !beyond.chars().all(|c| c == char::from(separator) || c == '"' || c.is_whitespace()) {
                return Err(too_big(""));
            }
            ends.truncate(MOST_COLUMNS);
        }
        let cells = Cells { text: &text, start: record.start, ends: &ends };
        let cell = |at: usize| match cells.value(at as Position) {
            value if value.trim().is_empty() => RawCell::Empty,
            value => RawCell::Text(value.into_owned()),
        };
        let row = RawRow { number: line, is_hidden: false, cells: (0..ends.len()).map(cell).collect() };
        rows.extend(Some(row).filter(has_content));
    }
    Ok(RawSheet { rows, ..RawSheet::default() })
}

/// What stands in most of the first lines; titles may hold any of them.
fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let share = |sign: u8| {
        let counts = lines.iter().map(|line| line.bytes().filter(|byte| *byte == sign).count());
        let lines = counts.clone().filter(|count| *count > 0).count();
        (lines, counts.sum::<usize>())
    };
    b",\t;".iter().copied().rev().max_by_key(|sign| share(*sign)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let cell = |cell: &RawCell| match cell {
            RawCell::Text(text) => text.clone(),
            _ => String::new(),
        };
        let row = |row: &RawRow| (row.number, row.cells.iter().map(cell).collect());
        read(text.as_bytes(), |_| false).unwrap().rows.iter().map(row).collect()
    }

    #[test]
    fn lines_are_numbered_as_they_stand() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("序号,存在问题{end}{end}1,\"两{end}行\"{end}2,x");
            let numbers: Vec<u32> = rows(&text).iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [1, 3, 5], "{end:?}");
        }
    }

    #[test]
    fn empty_cells_far_to_the_right_are_none() {
        assert_eq!(rows(&format!("序号,备注{}\n", ",".repeat(70_000)))[0].1[..3], ["序号", "备注", ""]);
    }

    #[test]
    fn the_separator_is_not_taken_from_a_title() {
        let (_, cells) = &rows("排查台账（一，二,三,四;五）\n序号\t存在问题\n1\t灭火器过期\n")[1];
        assert_eq!(cells, &["序号", "存在问题"]);
    }

    #[test]
    fn broken_quotes_and_pages_are_refused() {
        for (text, says) in [
            ("序号,备注\n1,x\n2,\"重点\n3,y\n", "第 3 行"),
            ("序号,备注\n1,\"明厨\"亮灶牌\n", "第 2 行"),
            ("<html><table><tr><td>序号", "网页"),
            ("<?xml version=\"1.0\"?><Workbook>", "网页"),
            ("", "空的"),
            (&format!("序号{}备注\n", ",".repeat(70_000)), "超过 500 列"),
        ] {
            let got = read(text.as_bytes(), |_| false);
            assert!(got.as_ref().is_err_and(|why| why.contains(says)), "{text:?} {got:?}");
        }
    }
}
