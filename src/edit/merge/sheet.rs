//! One version of a ledger as a merge sees it: columns, rows by 编号 and 轮次, and what else stands between them.

use crate::edit::frame::{line_end, raw_cells};
use crate::edit::splice::quoted;
use crate::load::scan::{QuoteFault, Record, Scanner};
use crate::model::column::{Column, Position};
use crate::model::issue::{Cells, unquoted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// 编号 and 轮次.
pub type Key = (String, u16);

/// A heading, and which of those that read the same it is.
pub type ColumnName = (String, usize);

/// What a line of a version is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Name {
    Row(Key),
    /// A blank line, or one that cannot be a row: its text, and which of those that read the same it is.
    Other(String, usize),
}

/// The cells of a row as they stand in the file, and its line end.
#[derive(Debug)]
pub struct RawRow<'t> {
    pub cells: Vec<Cow<'t, str>>,
    end: &'t str,
}

#[derive(Debug)]
pub struct Sheet<'t> {
    pub columns: Vec<ColumnName>,
    pub header: Vec<&'t str>,
    pub names: Vec<Name>,
    pub rows: FxHashMap<Key, RawRow<'t>>,
    /// How the header's line ends.
    pub newline: &'static str,
    pub ends_with_newline: bool,
    /// First line that is not blank and cannot be a row.
    pub odd: Option<u32>,
    known: FxHashSet<Name>,
}

impl Default for Sheet<'_> {
    fn default() -> Self {
        Sheet {
            columns: vec![],
            header: vec![],
            names: vec![],
            rows: FxHashMap::default(),
            newline: "\n",
            ends_with_newline: true,
            odd: None,
            known: FxHashSet::default(),
        }
    }
}

impl<'t> Sheet<'t> {
    /// An error says what keeps the text from being a ledger whose rows can be told apart.
    pub fn read(text: &'t str) -> Result<Sheet<'t>, String> {
        let mut sheet = Sheet { ends_with_newline: text.ends_with('\n'), ..Sheet::default() };
        if u32::try_from(text.len()).is_err() {
            return Err("超过 4 GiB".to_owned());
        }
        let mut scanner = Scanner::new(text.as_bytes());
        let mut ends = Vec::with_capacity(64);
        let record = scanner.next(&mut ends).ok_or("是空的，没有表头")?;
        require_closed(&record)?;
        sheet.header = raw_cells(text, &record, &ends).collect();
        sheet.columns = numbered(sheet.header.iter().map(|raw| unquoted(raw).into_owned()));
        sheet.newline = if text[record.end as usize..].starts_with('\r') { "\r\n" } else { "\n" };
        let id = sheet.position(Column::Id).ok_or("的表头没有“编号”列")?;
        let round = sheet.position(Column::Round);
        let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
        while let Some(record) = scanner.next(&mut ends) {
            require_closed(&record)?;
            let cells = Cells { text, start: record.start, ends: &ends };
            let key = (ends.len() == sheet.columns.len()).then(|| key_of(&cells, id, round));
            match key.filter(|(id, _)| !id.is_empty()) {
                Some(key) => sheet.add_row(key, text, &record, &ends)?,
                None => sheet.add_other(text, &record, &mut seen),
            }
        }
        sheet.known = sheet.names.iter().cloned().collect();
        Ok(sheet)
    }

    /// Lines that are no rows of this ledger and not blank.
    pub fn strange(&self) -> impl Iterator<Item = &str> {
        let others = self.names.iter().filter_map(|name| match name {
            Name::Other(text, _) => Some(text.as_str()),
            Name::Row(_) => None,
        });
        others.filter(|text| !text.chars().all(|c| c == ',' || c.is_whitespace()))
    }

    pub fn has(&self, name: &Name) -> bool {
        self.known.contains(name)
    }

    /// Where a column stands; of two, the first.
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|(heading, _)| heading == column.heading())
    }

    /// What a row says under a column.
    pub fn value(&self, key: &Key, column: Column) -> Cow<'_, str> {
        let cell = self.position(column).and_then(|at| self.rows.get(key)?.cells.get(at));
        cell.map_or(Cow::Borrowed(""), |raw| unquoted(raw))
    }

    /// How the line of a thing ends; like the header where the sheet does not have it.
    pub fn end_of(&self, name: &Name) -> &'t str {
        match name {
            Name::Row(key) => self.rows.get(key).map_or(self.newline, |row| row.end),
            Name::Other(..) => self.newline,
        }
    }

    /// Gives all rounds of some 编号 another one.
    pub fn renumber(&mut self, new: &FxHashMap<String, String>) {
        let Some(at) = self.position(Column::Id).filter(|_| !new.is_empty()) else { return };
        for name in &mut self.names {
            let Name::Row(key) = name else { continue };
            let Some(to) = new.get(&key.0) else { continue };
            let to = (to.clone(), key.1);
            if let Some(mut row) = self.rows.remove(key) {
                let was_quoted = row.cells[at].starts_with('"');
                row.cells[at] = Cow::Owned(quoted(&to.0, was_quoted).into_owned());
                self.rows.insert(to.clone(), row);
            }
            *key = to;
        }
        self.known = self.names.iter().cloned().collect();
    }

    fn add_row(&mut self, key: Key, text: &'t str, record: &Record, ends: &[u32]) -> Result<(), String> {
        let end = &text[record.end as usize..line_end(text, record)];
        // At the end of a file a carriage return alone ends the line; before another row it would not.
        let end = if end == "\r" { self.newline } else { end };
        let row = RawRow { cells: raw_cells(text, record, ends).map(Cow::Borrowed).collect(), end };
        if self.rows.insert(key.clone(), row).is_some() {
            return Err(format!("里编号 {} 轮次 {} 有两行（第 {} 行）", key.0, key.1, record.line));
        }
        self.names.push(Name::Row(key));
        Ok(())
    }

    fn add_other(&mut self, text: &'t str, record: &Record, seen: &mut FxHashMap<&'t str, usize>) {
        let line = &text[record.start as usize..record.end as usize];
        if !line.chars().all(|c| c == ',' || c.is_whitespace()) {
            self.odd.get_or_insert(record.line);
        }
        let count = seen.entry(line).or_default();
        self.names.push(Name::Other(line.to_owned(), *count));
        *count += 1;
    }
}

fn require_closed(record: &Record) -> Result<(), String> {
    match record.fault {
        Some(QuoteFault::Unclosed) => Err(format!("第 {} 行的引号一直没有结束", record.line)),
        _ => Ok(()),
    }
}

fn key_of(cells: &Cells, id: usize, round: Option<usize>) -> Key {
    let round = round.and_then(|at| cells.value(at as Position).parse::<u32>().ok()).unwrap_or(1);
    (cells.value(id as Position).into_owned(), round.clamp(1, u32::from(u16::MAX)) as u16)
}

fn numbered(headings: impl Iterator<Item = String>) -> Vec<ColumnName> {
    let mut columns: Vec<ColumnName> = vec![];
    for heading in headings {
        let count = columns.iter().filter(|(other, _)| *other == heading).count();
        columns.push((heading, count));
    }
    columns
}
