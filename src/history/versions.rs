//! The versions of a ledger, and the rows in which two of them differ.

use crate::finding::Finding;
use crate::load::decode::{Decoded, decode};
use crate::load::ledger::{self, Origin, looks_like_header};
use crate::load::scan::Scanner;
use crate::model::book::Desk;
use crate::model::column::{Column, Layout, Position};
use crate::model::issue::{Issue, Row};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// 编号 and 轮次.
pub type Key = (String, u16);

/// A row of one version: its facts and its cells.
#[derive(Debug, Clone)]
pub struct RowVersion {
    pub id: String,
    pub issue: Issue,
    /// Shared by all rows under one header.
    layout: Arc<Layout>,
    values: Values,
    pub faults: Faults,
}

/// The cells of a row, one after the other: an audit reads very many rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Values {
    text: String,
    /// Where each cell ends.
    ends: Vec<u32>,
}

impl Values {
    fn of(row: &Row) -> Values {
        let mut values =
            Values { text: String::with_capacity(512), ends: Vec::with_capacity(row.layout.width) };
        for at in 0..row.layout.width {
            let value = row.cells.value(at as Position);
            // A line end within a cell follows those of the file.
            match value.contains('\r') {
                true => values.text.push_str(&value.replace("\r\n", "\n")),
                false => values.text.push_str(&value),
            }
            values.ends.push(values.text.len() as u32);
        }
        values
    }

    fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start as usize..self.ends[at] as usize]
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| self.get(at))
    }
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
    fn of(row: &Row, layout: &Arc<Layout>, judge: Judge) -> RowVersion {
        RowVersion {
            id: row.id().into_owned(),
            issue: *row.issue,
            layout: Arc::clone(layout),
            values: Values::of(row),
            faults: judge(row),
        }
    }

    pub fn key(&self) -> Key {
        (self.id.clone(), self.issue.round)
    }

    /// Headings and values in the order of the file.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.layout.headings.iter().map(String::as_str).zip(self.values.iter())
    }

    /// The value under a heading; empty if the version has no such column.
    pub fn cell(&self, heading: &str) -> &str {
        let at = self.layout.headings.iter().position(|name| name == heading);
        at.map_or("", |at| self.values.get(at))
    }

    /// The value of a column; empty if the version has no such column.
    pub fn text(&self, column: Column) -> &str {
        self.layout.position(column).map_or("", |at| self.values.get(usize::from(at)))
    }

    /// The headings under which two versions say something else; a column that one of them lacks is empty.
    pub fn differences<'v>(&'v self, other: &'v RowVersion) -> Vec<&'v str> {
        let (own, others) = (&self.layout.headings, &other.layout.headings);
        if Arc::ptr_eq(&self.layout, &other.layout) || own == others {
            let pairs = self.cells().zip(other.values.iter());
            return pairs.filter(|((_, own), other)| own != other).map(|((heading, _), _)| heading).collect();
        }
        let added = others.iter().filter(|name| !own.contains(name));
        let all = own.iter().chain(added).map(String::as_str);
        all.filter(|heading| self.cell(heading) != other.cell(heading)).collect()
    }
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

    /// The rows in these places, a line each.
    fn part(&self, rows: impl Iterator<Item = usize>) -> Vec<u8> {
        let mut part = vec![];
        for ix in rows {
            part.extend_from_slice(self.record(ix));
            part.push(b'\n');
        }
        part
    }

    /// The rows as they stand.
    fn body(&self) -> &[u8] {
        let start = self.rows.first().map_or(self.bytes.len(), |row| row.start);
        &self.bytes[start..]
    }
}

/// Reads versions of one ledger; the header, mostly the same, is read once.
#[derive(Default)]
pub struct Reader {
    last: Option<(Vec<u8>, *const Desk, Arc<Layout>)>,
}

impl Reader {
    /// Shows every row; returns how many could not be read.
    pub fn each(&mut self, origin: Origin, version: &Records, visit: impl FnMut(&Row)) -> u32 {
        let layout = self.layout(origin, version);
        read(origin, &layout, version.body(), visit)
    }

    /// The rows with this 编号; several rounds of it, or more than there should be.
    pub fn rows_of(&mut self, origin: Origin, version: &Records, id: &str) -> Vec<RowVersion> {
        let finder = memchr::memmem::Finder::new(id);
        let places = (0..version.rows.len()).filter(|ix| finder.find(version.record(*ix)).is_some());
        let mut rows = self.rows(origin, version, places, UNJUDGED).0;
        rows.retain(|row| row.id == id);
        rows
    }

    /// Compares two versions; rows that stand in both to the letter are not read.
    pub fn differing(
        &mut self,
        origin: Origin,
        before: &Records,
        after: &Records,
        judge: Judge,
    ) -> Differing {
        let (only_before, only_after) = unlike(before, after);
        let (old, old_unread) = self.rows(origin, before, only_before.into_iter(), judge);
        let (new, new_unread) = self.rows(origin, after, only_after.into_iter(), judge);
        let mut differing = Differing { unread: old_unread + new_unread, ..Differing::default() };
        differing.before = old.into_iter().map(|row| (row.key(), row)).collect();
        for row in new {
            if let Some(twin) = differing.after.insert(row.key(), row) {
                differing.doubled.push(twin.key());
            }
        }
        differing.drop_same();
        differing
    }

    fn rows(
        &mut self,
        origin: Origin,
        version: &Records,
        places: impl Iterator<Item = usize>,
        judge: Judge,
    ) -> (Vec<RowVersion>, u32) {
        let layout = self.layout(origin, version);
        let mut rows = vec![];
        let unread = read(origin, &layout, &version.part(places), |row| {
            rows.push(RowVersion::of(row, &layout, judge))
        });
        (rows, unread)
    }

    fn layout(&mut self, origin: Origin, version: &Records) -> Arc<Layout> {
        let desk: *const Desk = origin.desk;
        let known = self.last.take().filter(|(header, of, _)| *of == desk && header == version.header());
        let (.., layout) = self.last.insert(known.unwrap_or_else(|| {
            let layout = ledger::layout_of(origin, &String::from_utf8_lossy(version.header()));
            (version.header().to_vec(), desk, Arc::new(layout))
        }));
        Arc::clone(layout)
    }
}

/// Compares the versions of a ledger once.
pub fn differing(origin: Origin, before: &Records, after: &Records) -> Differing {
    Reader::default().differing(origin, before, after, UNJUDGED)
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

    /// Drops rows that differ in their form only.
    fn drop_same(&mut self) {
        let is_same = |key: &Key, old: &RowVersion| {
            self.after.get(key).is_some_and(|new| old.differences(new).is_empty())
        };
        let same: Vec<Key> =
            self.before.iter().filter(|(key, old)| is_same(key, old)).map(|(key, _)| key.clone()).collect();
        for key in same {
            self.before.remove(&key);
            self.after.remove(&key);
        }
    }
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

fn read(origin: Origin, layout: &Layout, rows: &[u8], visit: impl FnMut(&Row)) -> u32 {
    match simdutf8::basic::from_utf8(rows) {
        Ok(text) => ledger::read_under(origin, layout, text, visit),
        Err(_) => ledger::read_under(origin, layout, &String::from_utf8_lossy(rows), visit),
    }
}
