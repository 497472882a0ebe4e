//! One row of three versions, cell by cell.

use super::cell::CellOf;
use super::sheet::{ColumnName, Key, RawRow, Sheet};
use super::{Merged, Side, Told};
use crate::edit::splice::quoted;
use crate::model::column::Column;
use crate::model::issue::unquoted;
use std::borrow::Cow;

/// The cells of a row under the merged columns.
type Aligned<'r> = Vec<Cow<'r, str>>;

/// What becomes of a line.
#[derive(Debug)]
pub enum Outcome<'r> {
    /// Both sides deleted it.
    Nothing,
    /// No row: its text.
    Other(&'r str),
    Row(Aligned<'r>),
    Conflict {
        reason: String,
        /// In what else the two versions differ.
        rest: String,
        ours: Option<Aligned<'r>>,
        theirs: Option<Aligned<'r>>,
    },
}

impl Outcome<'_> {
    /// Whether something stands under a column.
    pub fn fills(&self, at: usize) -> bool {
        let is_filled = |cells: &Aligned| !unquoted(&cells[at]).is_empty();
        match self {
            Outcome::Nothing | Outcome::Other(_) => false,
            Outcome::Row(cells) => is_filled(cells),
            Outcome::Conflict { ours, theirs, .. } => ours.iter().chain(theirs).any(is_filled),
        }
    }
}

/// Base, ours and theirs under common columns.
pub struct Sources<'s> {
    sheets: [&'s Sheet<'s>; 3],
    columns: &'s [ColumnName],
    guarded: Vec<bool>,
    /// For each sheet, where it has each column.
    positions: [Vec<Option<usize>>; 3],
}

/// A row that both sides have.
struct Both<'r> {
    base: Option<Aligned<'r>>,
    ours: Aligned<'r>,
    theirs: Aligned<'r>,
}

impl Both<'_> {
    fn cell(&self, at: usize) -> CellOf<'_> {
        let base = self.base.as_ref().map_or("", |base| &base[at]);
        CellOf { base, ours: &self.ours[at], theirs: &self.theirs[at] }
    }

    /// The columns under which the sides say different things.
    fn different(&self) -> Vec<usize> {
        (0..self.ours.len()).filter(|at| self.cell(*at).differs()).collect()
    }

    /// Both sides have a hand in what differs.
    fn is_mixed(&self, different: &[usize]) -> bool {
        [Side::Ours, Side::Theirs]
            .iter()
            .all(|side| different.iter().any(|at| self.cell(*at).is_changed_by(*side)))
    }
}

impl<'s> Sources<'s> {
    pub fn new(sheets: [&'s Sheet<'s>; 3], columns: &'s [ColumnName], guarded: Vec<bool>) -> Sources<'s> {
        let positions = sheets.map(|sheet| {
            columns.iter().map(|column| sheet.columns.iter().position(|own| own == column)).collect()
        });
        Sources { sheets, columns, guarded, positions }
    }

    /// The header's cells; the form that one side gave a heading is kept.
    pub fn header(&self) -> Aligned<'s> {
        let raw = |sheet: usize, at: usize| {
            self.positions[sheet][at].map(|position| self.sheets[sheet].header[position])
        };
        let pick = |at: usize| match (raw(1, at), raw(2, at)) {
            (Some(ours), Some(theirs)) => {
                CellOf { base: raw(0, at).unwrap_or_default(), ours, theirs }.chosen()
            }
            (ours, theirs) => ours.or(theirs).unwrap_or_default(),
        };
        (0..self.columns.len()).map(|at| Cow::Borrowed(pick(at))).collect()
    }

    /// Merges one row; `refused` says why it must be a conflict.
    pub fn row(&self, key: &Key, refused: Option<&str>, merged: &mut Merged) -> Outcome<'s> {
        let [base, ours, theirs] = self.sheets.map(|sheet| sheet.rows.get(key));
        let outcome = match (base, ours, theirs) {
            (_, None, None) => Outcome::Nothing,
            (None, Some(row), None) => Outcome::Row(self.aligned(1, row)),
            (None, None, Some(row)) => Outcome::Row(self.aligned(2, row)),
            (Some(base), Some(row), None) => self.deleted(key, base, (1, row), Side::Theirs, merged),
            (Some(base), None, Some(row)) => self.deleted(key, base, (2, row), Side::Ours, merged),
            (base, Some(ours), Some(theirs)) => {
                let base = base.map(|row| self.aligned(0, row));
                let both = Both { base, ours: self.aligned(1, ours), theirs: self.aligned(2, theirs) };
                self.both(key, both, refused, merged)
            }
        };
        if let Outcome::Conflict { reason, .. } = &outcome {
            merged.told.push(Told::Conflict { key: key.clone(), reason: reason.clone() });
        }
        outcome
    }

    fn aligned(&self, sheet: usize, row: &'s RawRow<'s>) -> Aligned<'s> {
        let cell = |position: &Option<usize>| position.map_or("", |position| &*row.cells[position]);
        self.positions[sheet].iter().map(|position| Cow::Borrowed(cell(position))).collect()
    }

    /// A row that one side deleted stays if the other left it as it was.
    fn deleted(
        &self,
        key: &Key,
        base: &'s RawRow<'s>,
        (sheet, row): (usize, &'s RawRow<'s>),
        by: Side,
        merged: &mut Merged,
    ) -> Outcome<'s> {
        let (base, row) = (self.aligned(0, base), self.aligned(sheet, row));
        let is_changed = |at: &usize| unquoted(&base[*at]) != unquoted(&row[*at]);
        let changed: Vec<usize> = (0..row.len()).filter(is_changed).collect();
        if changed.is_empty() {
            merged.told.push(Told::Kept { key: key.clone(), deleted_by: by });
            return Outcome::Row(row);
        }
        let (other, ours, theirs) = match by {
            Side::Ours => (Side::Theirs, None, Some(row)),
            Side::Theirs => (Side::Ours, Some(row), None),
        };
        let reason = format!("{}删了这一行，{}改了{}", by.label(), other.label(), self.headings(&changed));
        Outcome::Conflict { reason, rest: String::new(), ours, theirs }
    }

    fn both(&self, key: &Key, both: Both<'s>, refused: Option<&str>, merged: &mut Merged) -> Outcome<'s> {
        let different = both.different();
        let (joined, faulty) = self.judged(&both, &different);
        let (reason, rest) = match refused {
            Some(why) => (why.to_owned(), String::new()),
            None if faulty.is_empty() => {
                if both.is_mixed(&different) {
                    merged.mixed.push(key.clone());
                }
                return Outcome::Row(self.put_together(key, &both, joined, merged));
            }
            None => {
                let others = different.iter().filter(|at| !faulty.contains(at)).copied().collect::<Vec<_>>();
                (self.reason(&both, &faulty), self.rest(&others))
            }
        };
        Outcome::Conflict { reason, rest, ours: Some(both.ours), theirs: Some(both.theirs) }
    }

    /// Of the columns that both sides changed, those that can be joined, with the joined text, and those that cannot.
    fn judged(&self, both: &Both, different: &[usize]) -> (Vec<(usize, String)>, Vec<usize>) {
        let (mut joined, mut faulty) = (vec![], vec![]);
        for at in different.iter().copied().filter(|at| both.cell(*at).is_changed_by_both()) {
            // What both registered for the first time has no text to which they could have added.
            let can_grow = both.base.is_some() && self.is_log(at);
            match both.cell(at).appended().filter(|_| can_grow) {
                Some(text) => joined.push((at, text)),
                None => faulty.push(at),
            }
        }
        let is_guarded_by = |side: Side| {
            (0..self.columns.len()).any(|at| self.guarded[at] && both.cell(at).is_changed_by(side))
        };
        if is_guarded_by(Side::Ours) && is_guarded_by(Side::Theirs) {
            faulty.extend(different.iter().filter(|at| self.guarded[**at]));
            faulty.sort_unstable();
            faulty.dedup();
        }
        (joined, faulty)
    }

    fn put_together(
        &self,
        key: &Key,
        both: &Both<'s>,
        joined: Vec<(usize, String)>,
        merged: &mut Merged,
    ) -> Aligned<'s> {
        let pick = |at: usize| {
            let from = if both.cell(at).is_theirs() { &both.theirs } else { &both.ours };
            from[at].clone()
        };
        let mut cells: Aligned = (0..both.ours.len()).map(pick).collect();
        for (at, text) in joined {
            merged.told.push(Told::Joined { key: key.clone(), heading: self.columns[at].0.clone() });
            cells[at] = Cow::Owned(quoted(&text, both.ours[at].starts_with('"')).into_owned());
        }
        cells
    }

    fn reason(&self, both: &Both, faulty: &[usize]) -> String {
        let names = self.headings(faulty);
        match faulty.iter().all(|at| both.cell(*at).is_changed_by_both()) {
            true => format!("两边都改了{names}"),
            false => format!("两边各改了{names}；状态、时限、签字不能各取一半"),
        }
    }

    fn rest(&self, others: &[usize]) -> String {
        if others.is_empty() { String::new() } else { format!("（两行还差{}）", self.headings(others)) }
    }

    /// Columns that grow by entries.
    fn is_log(&self, at: usize) -> bool {
        matches!(Column::named(&self.columns[at].0), Some(Column::Progress | Column::Remarks))
    }

    fn headings(&self, at: &[usize]) -> String {
        let names = at.iter().map(|at| self.columns[*at].0.as_str());
        format!(" {}", names.collect::<Vec<_>>().join("、"))
    }
}
