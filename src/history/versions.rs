//! The versions of a ledger, and the rows in which two of them differ.

use crate::finding::Finding;
use crate::load::decode::{Decoded, decode};
use crate::load::ledger::{self, Origin, looks_like_header};
use crate::load::scan::Scanner;
use crate::model::book::Desk;
use crate::model::column::{Column, Layout, Position};
use crate::model::issue::{Issue, Row};
use crate::model::values::Values;
use memchr::memmem::Finder;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;
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
    /// What the checks say of it.
    pub faults: Vec<Finding>,
}

fn values_of(row: &Row) -> Values {
    let mut values = Values::with_capacity(row.layout.width, 512);
    for at in 0..row.layout.width {
        let value = row.cells.value(at as Position);
        // A line end within a cell follows those of the file.
        match value.contains('\r') {
            true => values.push(&value.replace("\r\n", "\n")),
            false => values.push(&value),
        }
    }
    values
}

/// Finds the faults of a row.
pub type Judge<'j> = &'j dyn Fn(&Row) -> Vec<Finding>;

/// Where nobody asks for faults.
pub const UNJUDGED: Judge<'static> = &|_| vec![];

impl RowVersion {
    fn of(row: &Row, layout: &Arc<Layout>, judge: Judge) -> RowVersion {
        RowVersion {
            id: row.id().into_owned(),
            issue: *row.issue,
            layout: Arc::clone(layout),
            values: values_of(row),
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
    /// Where the rows stand in a file's bytes; `None` if its encoding is unknown. Of a version that is mostly the same as
    /// `like`, only the rest is looked through.
    pub fn of(bytes: Vec<u8>, like: Option<&Records>) -> Option<Records> {
        let bytes = match decode(&bytes, looks_like_header) {
            Decoded::Utf8(_) => bytes,
            Decoded::Other(text, _) => text.into_bytes(),
            Decoded::Unknown(_) => return None,
        };
        let start = if bytes.starts_with("\u{FEFF}".as_bytes()) { 3 } else { 0 };
        let mut at = start;
        let header = next_record(&bytes, &mut at).unwrap_or(start..start);
        let mut known = like.into_iter().flat_map(|like| like.rows.iter().map(|row| like.line(row)));
        let mut rows = Vec::with_capacity(like.map_or(0, |like| like.rows.len() + 1));
        while at < bytes.len() {
            let same = known.next().flatten().filter(|line| bytes[at..].starts_with(line));
            match same {
                Some(line) => {
                    rows.push(at..at + without_end(line).len());
                    at += line.len();
                }
                None => rows.extend(next_record(&bytes, &mut at)),
            }
        }
        Some(Records { bytes, header, rows })
    }

    /// A record with its line end, if it has one.
    fn line(&self, row: &Range<usize>) -> Option<&[u8]> {
        let rest = &self.bytes[row.end..];
        let end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
        (end > 0).then(|| &self.bytes[row.start..row.end + end])
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

    /// The rows with these 编号, by 编号; several rounds of one, or more than there should be. Of few, only the records that
    /// mention them are read.
    pub fn rows_of(
        &mut self,
        origin: Origin,
        version: &Records,
        ids: &FxHashSet<&str>,
    ) -> FxHashMap<String, Vec<RowVersion>> {
        const FEW: usize = 8;
        let mut rows: FxHashMap<String, Vec<RowVersion>> = FxHashMap::default();
        if ids.is_empty() {
            return rows;
        }
        let finders: Vec<Finder> = ids.iter().map(Finder::new).collect();
        let is_asked = |ix: &usize| {
            let record = version.record(*ix);
            ids.len() > FEW || finders.iter().any(|finder| finder.find(record).is_some())
        };
        let places = (0..version.rows.len()).filter(is_asked);
        let layout = self.layout(origin, version);
        read(origin, &layout, &version.part(places), |row| {
            if ids.contains(&*row.id()) {
                let row = RowVersion::of(row, &layout, UNJUDGED);
                rows.entry(row.id.clone()).or_default().push(row);
            }
        });
        rows
    }

    /// One row of each kind, and how many rows there are.
    pub fn one_of_each<K: Eq + Hash>(
        &mut self,
        origin: Origin,
        version: &Records,
        kind: impl Fn(&RowVersion) -> K,
    ) -> (Vec<RowVersion>, usize) {
        let layout = self.layout(origin, version);
        let (mut kinds, mut some, mut count) = (FxHashSet::default(), vec![], 0);
        read(origin, &layout, version.body(), |row| {
            let row = RowVersion::of(row, &layout, UNJUDGED);
            count += 1;
            if kinds.insert(kind(&row)) {
                some.push(row);
            }
        });
        (some, count)
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
        let (new, new_unread) = self.rows(origin, after, only_after.into_iter(), judge);
        // What was wrong before is asked only where something is wrong now.
        let judge = if new.iter().all(|row| row.faults.is_empty()) { UNJUDGED } else { judge };
        let (old, old_unread) = self.rows(origin, before, only_before.into_iter(), judge);
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

/// Compares two texts of a ledger.
pub fn differing(origin: Origin, before: &str, after: &str) -> Differing {
    let records = |text: &str| Records::of(text.as_bytes().to_vec(), None).unwrap_or_default();
    Reader::default().differing(origin, &records(before), &records(after), UNJUDGED)
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The record that begins at `at`, which is set to the next one.
fn next_record(bytes: &[u8], at: &mut usize) -> Option<Range<usize>> {
    let mut scanner = Scanner::new(&bytes[*at..]);
    let record = scanner.next(&mut Vec::with_capacity(64))?;
    let start = *at;
    *at += scanner.position();
    Some(start + record.start as usize..start + record.end as usize)
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

    /// Every row of the later version, and what it was.
    pub fn pairs(&self) -> impl Iterator<Item = (Option<&RowVersion>, &RowVersion)> {
        self.after.iter().map(|(key, after)| (self.before.get(key), after))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lines of a file with odd quotes and line ends; edits of it repeat and drop some.
    fn lines() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[a,\"\r\n]{0,5}(\n|\r\n)", 0..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        /// What is taken over from another version is where a look at every byte finds it.
        #[test]
        fn rows_stand_where_they_stand(all in lines(), keep in prop::collection::vec(0usize..8, 0..10), tail in "[a\"]{0,2}") {
            let kept: Vec<&str> = keep.iter().filter_map(|ix| all.get(*ix)).map(String::as_str).collect();
            let (one, other) = (format!("编号\n{}", all.concat()), format!("编号\n{}{tail}", kept.concat()));
            for (text, like) in [(&one, &other), (&other, &one)] {
                let like = Records::of(like.clone().into_bytes(), None).unwrap();
                let plain = Records::of(text.clone().into_bytes(), None).unwrap();
                let taken = Records::of(text.clone().into_bytes(), Some(&like)).unwrap();
                prop_assert_eq!(&taken.rows, &plain.rows, "{:?}", text);
            }
        }
    }
}
