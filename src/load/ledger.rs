//! One ledger: text to typed issues, in one pass over the bytes.

use super::conflict;
use super::header::read_header;
use super::row::RowReader;
use super::rules::{BLANK_ROW, CONTROL_CHARACTER, MISSING_HEADER, UNCLOSED_QUOTE};
use super::scan::{QuoteFault, Record, Scanner};
use crate::finding::Finding;
use crate::model::book::{Desk, Ledger};
use crate::model::column::{Column, Layout};
use crate::model::invisible::{holds_invisible, seen};
use crate::model::issue::{Cells, Row};
use crate::model::unit::UnitIx;
use std::sync::Arc;

/// Columns without which no row can be an issue.
pub const NEEDED: [Column; 4] = [Column::Id, Column::Found, Column::Deadline, Column::Status];

/// Which issues of a ledger stay in memory, and whether with their text or as typed facts only.
#[derive(Clone, Copy)]
pub struct Keep<'k> {
    pub wanted: &'k (dyn Fn(&Row, Origin) -> bool + Sync),
    pub text: bool,
}

impl Keep<'static> {
    /// The caller looks at each row as it passes.
    pub const NOTHING: Keep<'static> = Keep { wanted: &|_, _| false, text: false };
    /// Every issue, without text.
    pub const FACTS: Keep<'static> = Keep { wanted: &|_, _| true, text: false };
    /// Every issue with its text.
    pub const TEXT: Keep<'static> = Keep { wanted: &|_, _| true, text: true };
}

/// Which ledger a text is.
#[derive(Clone, Copy)]
pub struct Origin<'w> {
    pub path: &'w Arc<str>,
    pub campaign: u16,
    pub unit: UnitIx,
    pub desk: &'w Desk,
}

/// Reads every row, shows each issue to `on_row` as it passes, and keeps what `keep` wants.
pub fn read<'t>(
    origin: Origin<'t>,
    text: &'t str,
    keep: Keep,
    findings: &mut Vec<Finding>,
    on_row: impl FnMut(&Row<'_>, &mut Vec<Finding>),
) -> Ledger {
    let mut ledger = empty(origin);
    let mut scanner = Scanner::new(text.as_bytes());
    let mut ends = Vec::with_capacity(64);
    find_control_characters(origin.path, text, findings);
    conflict::find(origin.path, text, findings);
    let header = scanner.next(&mut ends);
    match header {
        None => findings.push(no_header(origin.path)),
        Some(record) if record.fault == Some(QuoteFault::Unclosed) => {
            let rows = lines_in(&text[..record.end as usize]) - 1;
            (ledger.rows, ledger.unread) = (rows, vec![1; rows as usize]);
            findings.push(
                Finding::new(&UNCLOSED_QUOTE, origin.path, 1, "表头的引号一直没有结束，整份未读")
                    .help("删去多余的英文双引号，或在列名末尾补上"),
            );
            return ledger;
        }
        Some(record) => {
            let cells = Cells { text, start: record.start, ends: &ends };
            ledger.layout = read_header(origin, cells, record.line, findings);
        }
    }
    let layout = std::mem::take(&mut ledger.layout);
    read_rows(origin, &layout, text, &mut scanner, &mut ledger, (keep, findings), on_row);
    ledger.layout = layout;
    ledger
}

/// Where the columns stand, by a header alone.
pub fn layout_of(origin: Origin, header: &str) -> Layout {
    let mut ends = vec![];
    match Scanner::new(header.as_bytes()).next(&mut ends) {
        Some(record) if record.fault != Some(QuoteFault::Unclosed) => {
            read_header(origin, Cells { text: header, start: record.start, ends: &ends }, 1, &mut vec![])
        }
        _ => Layout::default(),
    }
}

/// Shows the rows of a text without header; returns how many could not be read.
pub fn read_under(origin: Origin, layout: &Layout, text: &str, mut on_row: impl FnMut(&Row<'_>)) -> u32 {
    let mut ledger = empty(origin);
    let rest = (Keep::NOTHING, &mut vec![]);
    read_rows(origin, layout, text, &mut Scanner::new(text.as_bytes()), &mut ledger, rest, |row, _| {
        on_row(row)
    });
    ledger.unread.len() as u32
}

fn read_rows<'t>(
    origin: Origin<'t>,
    layout: &Layout,
    text: &'t str,
    scanner: &mut Scanner<'t>,
    ledger: &mut Ledger,
    (keep, findings): (Keep, &mut Vec<Finding>),
    mut on_row: impl FnMut(&Row<'_>, &mut Vec<Finding>),
) {
    let mut ends = Vec::with_capacity(64);
    let readable = layout.width > 0 && NEEDED.iter().all(|column| layout.has(*column));
    while let Some(record) = scanner.next(&mut ends) {
        let cells = Cells { text, start: record.start, ends: &ends };
        if is_blank(&record, &ends, text) {
            if ends.len() > 1 {
                findings.push(
                    Finding::new(&BLANK_ROW, origin.path, record.line, "整行只有逗号，没有内容")
                        .help("删去该行"),
                );
            }
            continue;
        }
        let swallowed = match record.fault {
            Some(QuoteFault::Unclosed) => lines_in(&text[record.start as usize..record.end as usize]) - 1,
            _ => 0,
        };
        ledger.rows += 1 + swallowed;
        let mut reader = RowReader { origin, layout, cells, line: record.line, findings };
        let issue = if readable { reader.read(&record) } else { None };
        let Some(issue) = issue else {
            ledger.unread.extend(std::iter::repeat_n(record.line, 1 + swallowed as usize));
            continue;
        };
        let row = Row { issue: &issue, layout, cells };
        on_row(&row, findings);
        keep_row(ledger, keep, &row, origin, &record);
    }
}

fn empty(origin: Origin) -> Ledger {
    Ledger {
        path: origin.path.to_string(),
        campaign: origin.campaign,
        unit: origin.unit,
        layout: Layout::default(),
        issues: vec![],
        unread: vec![],
        rows: 0,
        text: String::new(),
        ends: vec![],
        starts: vec![],
    }
}

/// Whether a first line holds a column name of ours.
pub fn looks_like_header(line: &str) -> bool {
    line.split([',', '\t', ';']).any(|cell| Column::named(cell.trim_matches(['"', ' ', '\r'])).is_some())
}

/// Data rows of a text that cannot be read as a ledger at all.
pub fn count_rows(text: &str) -> u32 {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut ends = vec![];
    let mut rows: u32 = 0;
    while let Some(record) = scanner.next(&mut ends) {
        rows += u32::from(!is_blank(&record, &ends, text));
    }
    rows.saturating_sub(1)
}

/// Lines with content, at least one.
pub fn lines_in(text: &str) -> u32 {
    text.lines().filter(|line| !line.trim().is_empty()).count().max(1) as u32
}

fn is_blank(record: &Record, ends: &[u32], text: &str) -> bool {
    let record_text = &text[record.start as usize..record.end as usize];
    // A row of content is longer than its commas; only then is it worth a look at each character.
    record_text.len() < ends.len() * 4 && record_text.chars().all(|c| c == ',' || c.is_whitespace())
}

fn keep_row(ledger: &mut Ledger, keep: Keep, row: &Row, origin: Origin, record: &Record) {
    if !(keep.wanted)(row, origin) {
        return;
    }
    ledger.issues.push(*row.issue);
    if keep.text {
        let base = ledger.text.len() as u32;
        ledger.text.push_str(&row.cells.text[record.start as usize..record.end as usize]);
        ledger.starts.push(base);
        ledger.ends.extend(row.cells.ends.iter().map(|end| end - record.start + base));
    }
}

fn no_header(path: &Arc<str>) -> Finding {
    Finding::new(&MISSING_HEADER, path, 1, "台账是空的，没有表头")
        .help("第一行写列名：编号,任务,问题描述,…；没有问题的单位也要有表头")
}

/// An invisible character is rare: one cheap look at all bytes tells whether to search for it.
pub(super) fn find_control_characters(path: &Arc<str>, text: &str, findings: &mut Vec<Finding>) {
    if !holds_invisible(text) {
        return;
    }
    for (ix, line) in text.split('\n').enumerate() {
        let Some((at, (found, _))) = seen(line).enumerate().find(|(_, (_, is_hidden))| *is_hidden) else {
            continue;
        };
        let message = format!("有看不见的字符 U+{:04X}", found as u32);
        findings.push(
            Finding::new(&CONTROL_CHARACTER, path, ix as u32 + 1, message)
                .column(at as u32 + 1)
                .help("删去该字符，重新输入这一格"),
        );
    }
}
