//! The rows in which two versions of a ledger differ.

use crate::edit::frame::Frame;
use crate::load::ledger::{self, Keep, Origin};
use crate::load::scan::Scanner;
use crate::model::issue::{Issue, Row};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::sync::Arc;

/// A row of one version: its facts and its cells by heading.
#[derive(Debug, Clone)]
pub struct RowVersion {
    pub id: String,
    pub issue: Issue,
    /// Shared by all rows of a version.
    headings: Arc<[String]>,
    values: Vec<String>,
}

impl RowVersion {
    /// Headings and values in the order of the file.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headings.iter().map(String::as_str).zip(self.values.iter().map(String::as_str))
    }

    /// The value under a heading; empty if the version has no such column.
    pub fn cell(&self, heading: &str) -> &str {
        self.cells().find(|(name, _)| *name == heading).map_or("", |(_, value)| value)
    }

    /// The headings under which two versions say something else; a column that one of them lacks is empty.
    pub fn differences<'v>(&'v self, other: &'v RowVersion) -> Vec<&'v str> {
        if Arc::ptr_eq(&self.headings, &other.headings) || self.headings == other.headings {
            let pairs = self.cells().zip(&other.values);
            return pairs.filter(|((_, own), other)| own != other).map(|((heading, _), _)| heading).collect();
        }
        let added = other.headings.iter().filter(|name| !self.headings.contains(name));
        let all = self.headings.iter().chain(added).map(String::as_str);
        all.filter(|heading| self.cell(heading) != other.cell(heading)).collect()
    }

    /// Keeps only what these columns say.
    pub fn reduce(&mut self, kept: &Arc<[String]>) {
        self.values = kept.iter().map(|heading| self.cell(heading).to_owned()).collect();
        self.headings = Arc::clone(kept);
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
    let mut headings: Option<Arc<[String]>> = None;
    let ledger = ledger::read(origin, text, Keep::NOTHING, &mut findings, |row, _| {
        let headings = headings.get_or_insert_with(|| row.layout.headings.clone().into());
        into.insert((row.id().into_owned(), row.issue.round), version(row, headings));
    });
    ledger.unread
}

fn version(row: &Row, headings: &Arc<[String]>) -> RowVersion {
    RowVersion {
        id: row.id().into_owned(),
        issue: *row.issue,
        headings: Arc::clone(headings),
        values: (0..headings.len()).map(|at| row.cells.value(at as u16).into_owned()).collect(),
    }
}
