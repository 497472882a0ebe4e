//! The rows in which two versions of a ledger differ.

use crate::edit::frame::Frame;
use crate::load::ledger::{self, Keep, Origin};
use crate::load::scan::Scanner;
use crate::model::issue::{Issue, Row};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// A row of one version: its facts and its cells by heading.
#[derive(Debug, Clone)]
pub struct RowVersion {
    pub id: String,
    pub issue: Issue,
    pub cells: Vec<(String, String)>,
}

impl RowVersion {
    pub fn cell(&self, heading: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == heading).map_or("", |(_, value)| value)
    }

    /// The headings under which two versions say something else; a column that one of them lacks is empty.
    pub fn differences<'v>(&'v self, other: &'v RowVersion) -> Vec<&'v str> {
        let own = self.cells.iter().map(|(name, _)| name.as_str());
        let added = other.cells.iter().map(|(name, _)| name.as_str());
        let added = added.filter(|name| !self.cells.iter().any(|(own, _)| own == name));
        own.chain(added).filter(|heading| self.cell(heading) != other.cell(heading)).collect()
    }
}

/// Rows by 编号 and 轮次 in which two versions differ.
#[derive(Debug, Default)]
pub struct Differing {
    pub before: FxHashMap<(String, u16), RowVersion>,
    pub after: FxHashMap<(String, u16), RowVersion>,
    /// Rows that differ and that cannot be read in one of the versions.
    pub unread: u32,
}

/// Compares two versions; rows that stand in both to the letter are not read.
pub fn differing(origin: Origin, before: &str, after: &str) -> Differing {
    let (before, after) = parts(before, after);
    let mut differing = Differing::default();
    differing.unread += read(origin, &before, &mut differing.before);
    differing.unread += read(origin, &after, &mut differing.after);
    let same: Vec<(String, u16)> = differing
        .before
        .iter()
        .filter(|(key, old)| differing.after.get(key).is_some_and(|new| old.differences(new).is_empty()))
        .map(|(key, _)| key.clone())
        .collect();
    for key in same {
        differing.before.remove(&key);
        differing.after.remove(&key);
    }
    differing
}

/// Both texts without the rows that both have; whole where their headers differ.
fn parts<'t>(before: &'t str, after: &'t str) -> (Cow<'t, str>, Cow<'t, str>) {
    let headers = (Frame::open(before), Frame::open(after));
    let whole = (Cow::Borrowed(before), Cow::Borrowed(after));
    let (Some(old), Some(new)) = headers else { return whole };
    if old.headings != new.headings {
        return whole;
    }
    let (old_rows, new_rows) = (records(before), records(after));
    let (in_old, in_new): (FxHashSet<&str>, FxHashSet<&str>) =
        (old_rows.iter().copied().collect(), new_rows.iter().copied().collect());
    let only = |header: &str, rows: &[&str], others: &FxHashSet<&str>| {
        let rows = rows.iter().copied().filter(|row| !others.contains(row));
        let lines: Vec<&str> = std::iter::once(header).chain(rows).collect();
        Cow::Owned(lines.join("\n") + "\n")
    };
    (only(old.header.text(before), &old_rows, &in_new), only(new.header.text(after), &new_rows, &in_old))
}

/// Every record after the header.
fn records(text: &str) -> Vec<&str> {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut ends = vec![];
    scanner.next(&mut ends);
    let next = || scanner.next(&mut ends).map(|record| &text[record.start as usize..record.end as usize]);
    std::iter::from_fn(next).collect()
}

/// Reads the rows of a text and returns how many could not be read.
fn read(origin: Origin, text: &str, into: &mut FxHashMap<(String, u16), RowVersion>) -> u32 {
    let mut findings = vec![];
    let ledger = ledger::read(origin, text, Keep::NOTHING, &mut findings, |row, _| {
        into.insert((row.id().into_owned(), row.issue.round), version(row));
    });
    ledger.unread
}

fn version(row: &Row) -> RowVersion {
    let headings = row.layout.headings.iter().enumerate();
    RowVersion {
        id: row.id().into_owned(),
        issue: *row.issue,
        cells: headings
            .map(|(at, heading)| (heading.clone(), row.cells.value(at as u16).into_owned()))
            .collect(),
    }
}
