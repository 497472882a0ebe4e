//! The versions of a ledger, and the rows in which two of them differ.

use crate::finding::Finding;
use crate::load::decode::{Decoded, decode};
use crate::load::ledger::{self, Keep, Origin, looks_like_header};
use crate::load::scan::Scanner;
use crate::model::issue::{Issue, Row};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// 编号 and 轮次.
pub type Key = (String, u16);

/// A row of one version: its facts and its cells by heading.
#[derive(Debug, Clone)]
pub struct RowVersion {
    pub id: String,
    pub issue: Issue,
    /// Shared by all rows of a version.
    headings: Arc<[String]>,
    values: Vec<String>,
    pub faults: Faults,
}

/// What the checks say of a row: by what is in force, and by what was before.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub now: Vec<Finding>,
    pub former: Vec<Finding>,
}

/// Finds the faults of a row.
pub type Judge<'j> = &'j dyn Fn(&Row) -> Faults;

/// Where nobody asks for faults.
pub const UNJUDGED: Judge<'static> = &|_| Faults::default();

impl RowVersion {
    fn of(row: &Row, headings: &Arc<[String]>, judge: Judge) -> RowVersion {
        RowVersion {
            faults: judge(row),
            id: row.id().into_owned(),
            issue: *row.issue,
            headings: Arc::clone(headings),
            values: (0..headings.len()).map(|at| value(row, at as u16)).collect(),
        }
    }

    pub fn key(&self) -> Key {
        (self.id.clone(), self.issue.round)
    }

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
}

/// A line end within a cell follows those of the file.
fn value(row: &Row, at: u16) -> String {
    let value = row.cells.value(at);
    if value.contains('\r') { value.replace("\r\n", "\n") } else { value.into_owned() }
}

/// A version of a ledger as UTF-8, and where its records stand.
#[derive(Debug, Default)]
pub struct Records {
    bytes: Vec<u8>,
    header: Range<usize>,
    rows: Vec<Range<usize>>,
}

impl Records {
    /// Where the rows stand in a file's bytes; `None` if its encoding is unknown.
    pub fn of(bytes: Vec<u8>) -> Option<Records> {
        let bytes = match decode(&bytes, looks_like_header) {
            Decoded::Utf8(_) => bytes,
            Decoded::Other(text, _) => text.into_bytes(),
            Decoded::Unknown(_) => return None,
        };
        let start = if bytes.starts_with("\u{FEFF}".as_bytes()) { 3 } else { 0 };
        let mut scanner = Scanner::new(&bytes[start..]);
        let mut ends = Vec::with_capacity(64);
        let mut next = || {
            scanner.next(&mut ends).map(|record| start + record.start as usize..start + record.end as usize)
        };
        let header = next().unwrap_or_default();
        let rows = std::iter::from_fn(next).collect();
        Some(Records { bytes, header, rows })
    }

    fn record(&self, ix: usize) -> &[u8] {
        &self.bytes[self.rows[ix].clone()]
    }

    fn header(&self) -> &[u8] {
        &self.bytes[self.header.clone()]
    }

    /// The rows in these places as a ledger of their own.
    fn part(&self, rows: impl Iterator<Item = usize>) -> Vec<u8> {
        let records = std::iter::once(self.header()).chain(rows.map(|ix| self.record(ix)));
        let mut part = vec![];
        for record in records {
            part.extend_from_slice(record);
            part.push(b'\n');
        }
        part
    }

    /// Shows every row; returns how many could not be read.
    pub fn each(&self, origin: Origin, visit: impl FnMut(&Row)) -> u32 {
        read(origin, &self.part(0..self.rows.len()), visit)
    }

    /// The rows with this 编号; several rounds of it, or more than there should be.
    pub fn rows_of(&self, origin: Origin, id: &str) -> Vec<RowVersion> {
        let finder = memchr::memmem::Finder::new(id);
        let places = (0..self.rows.len()).filter(|ix| finder.find(self.record(*ix)).is_some());
        let mut rows = versions(origin, &self.part(places), UNJUDGED).0;
        rows.retain(|row| row.id == id);
        rows
    }
}

/// Rows by 编号 and 轮次 in which two versions differ.
#[derive(Debug, Default)]
pub struct Differing {
    pub before: FxHashMap<Key, RowVersion>,
    pub after: FxHashMap<Key, RowVersion>,
    /// Keys that stand more than once among the rows that are new.
    pub doubled: Vec<Key>,
    /// Rows that differ and that cannot be read in one of the versions.
    pub unread: u32,
}

impl Differing {
    pub fn keys(&self) -> Vec<&Key> {
        let mut keys: Vec<&Key> = self.before.keys().chain(self.after.keys()).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    pub fn has(&self, key: &Key) -> bool {
        self.before.contains_key(key) || self.after.contains_key(key)
    }
}

/// Compares two versions; rows that stand in both to the letter are not read.
pub fn differing(origin: Origin, before: &Records, after: &Records, judge: Judge) -> Differing {
    let (only_before, only_after) = unlike(before, after);
    let (old, old_unread) = versions(origin, &before.part(only_before.into_iter()), judge);
    let (new, new_unread) = versions(origin, &after.part(only_after.into_iter()), judge);
    let mut differing = Differing { unread: old_unread + new_unread, ..Differing::default() };
    differing.before = old.into_iter().map(|row| (row.key(), row)).collect();
    for row in new {
        if let Some(twin) = differing.after.insert(row.key(), row) {
            differing.doubled.push(twin.key());
        }
    }
    let same: Vec<Key> = differing
        .before
        .iter()
        .filter(|(key, old)| differing.after.get(*key).is_some_and(|new| old.differences(new).is_empty()))
        .map(|(key, _)| key.clone())
        .collect();
    for key in same {
        differing.before.remove(&key);
        differing.after.remove(&key);
    }
    differing
}

/// The places of the records that one version has and the other has not; all of them where the headers differ.
fn unlike(before: &Records, after: &Records) -> (Vec<usize>, Vec<usize>) {
    let (old, new) = (before.rows.len(), after.rows.len());
    if before.header() != after.header() {
        return ((0..old).collect(), (0..new).collect());
    }
    let is_same = |ix: &usize| before.record(*ix) == after.record(*ix);
    if old == new {
        let places: Vec<usize> = (0..old).filter(|ix| !is_same(ix)).collect();
        return (places.clone(), places);
    }
    let start = (0..old.min(new)).take_while(is_same).count();
    let mut count: FxHashMap<&[u8], i32> = FxHashMap::default();
    for ix in start..new {
        *count.entry(after.record(ix)).or_default() += 1;
    }
    let mut taken = |record: &[u8], by: i32| {
        let left = count.get_mut(record).filter(|left| **left * by > 0);
        left.map(|left| *left -= by).is_some()
    };
    let only_before: Vec<usize> = (start..old).filter(|ix| !taken(before.record(*ix), 1)).collect();
    let only_after = (start..new).rev().filter(|ix| taken(after.record(*ix), 1));
    let mut only_after: Vec<usize> = only_after.collect();
    only_after.reverse();
    (only_before, only_after)
}

fn versions(origin: Origin, part: &[u8], judge: Judge) -> (Vec<RowVersion>, u32) {
    let mut headings: Option<Arc<[String]>> = None;
    let mut rows = vec![];
    let unread = read(origin, part, |row| {
        let headings = headings.get_or_insert_with(|| row.layout.headings.clone().into());
        rows.push(RowVersion::of(row, headings, judge));
    });
    (rows, unread)
}

fn read(origin: Origin, part: &[u8], mut visit: impl FnMut(&Row)) -> u32 {
    let text = String::from_utf8_lossy(part);
    ledger::read(origin, &text, Keep::NOTHING, &mut vec![], |row, _| visit(row)).unread
}
