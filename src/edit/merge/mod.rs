//! A three-way merge of ledgers by 编号 and 轮次, cell by cell. What nobody or one side only changed keeps that side's bytes;
//! what both changed is joined only where that cannot be wrong, and is a conflict otherwise, never a winner.

pub mod added;
mod cell;
mod clash;
mod order;
mod row;
mod sheet;

use crate::model::column::Column;
use crate::model::workflow::EXTEND;
pub use clash::mentions;
use order::arranged;
use row::{Outcome, Sources};
use rustc_hash::FxHashMap;
pub use sheet::Key;
use sheet::{ColumnName, Name, Sheet};
use std::borrow::Cow;

/// Three versions of a ledger. The base is empty when both sides made the file.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'t> {
    pub base: &'t str,
    pub ours: &'t str,
    pub theirs: &'t str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Ours,
    Theirs,
}

impl Side {
    pub fn label(self) -> &'static str {
        match self {
            Side::Ours => "本方",
            Side::Theirs => "对方",
        }
    }
}

/// What a merge may ask.
pub struct Terms<'m> {
    /// Names of the sign-offs: 核查 has the columns 核查人 and 核查日期.
    pub signoffs: &'m [String],
    /// Whether a 编号 is in use in another ledger.
    pub is_taken: &'m dyn Fn(&str) -> bool,
    /// Whether a row of another ledger refers to a 编号.
    pub is_referred_to: &'m dyn Fn(&str) -> bool,
    /// Rows that were merged, judged and refused: these become conflicts.
    pub refused: &'m FxHashMap<Key, String>,
}

/// What a merge did beyond the plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Conflict {
        key: Key,
        reason: String,
    },
    Renumbered {
        from: String,
        to: String,
        side: Side,
    },
    /// A row that one side had deleted.
    Kept {
        key: Key,
        deleted_by: Side,
    },
    /// A cell to which both sides had added.
    Joined {
        key: Key,
        heading: String,
    },
}

impl Told {
    pub fn is_conflict(&self) -> bool {
        matches!(self, Told::Conflict { .. })
    }

    pub fn words(&self) -> String {
        match self {
            Told::Conflict { key, reason } => format!("冲突 {}：{reason}", named(key)),
            Told::Renumbered { from, to, side } => {
                format!(
                    "改号 {from} → {to}：两边用同一个编号登记了不同的问题，{}的后登记，改用下一个空号",
                    side.label()
                )
            }
            Told::Kept { key, deleted_by } => {
                format!("留下 {}：{}删了这一行；问题登记以后不删", named(key), deleted_by.label())
            }
            Told::Joined { key, heading } => {
                format!("合写 {} {heading}：两边都在后面添了字，都留下", named(key))
            }
        }
    }
}

/// 编号, and the round of a problem that came back.
fn named((id, round): &Key) -> String {
    if *round == 1 { id.clone() } else { format!("{id} 第 {round} 轮") }
}

/// A merged text.
#[derive(Debug, Default)]
pub struct Merged {
    pub text: String,
    pub told: Vec<Told>,
    /// Rows put together from both sides: nobody has seen them yet.
    pub mixed: Vec<Key>,
}

/// Merges; an error says why the versions cannot be read as ledgers.
pub fn merge(versions: Versions, terms: &Terms) -> Result<Merged, String> {
    let base = match versions.base {
        "" => Sheet::default(),
        text => Sheet::read(text).map_err(|why| format!("合并前的版本{why}"))?,
    };
    let read = |text, side: Side| Sheet::read(text).map_err(|why| format!("{}的版本{why}", side.label()));
    let (mut ours, mut theirs) = (read(versions.ours, Side::Ours)?, read(versions.theirs, Side::Theirs)?);
    // A row whose cells do not fit the header would look deleted.
    for (side, sheet) in [(Side::Ours, &ours), (Side::Theirs, &theirs)] {
        let is_gone = |name: &Name| matches!(name, Name::Row(_)) && !sheet.has(name);
        if !sheet.strange().eq(base.strange()) && base.names.iter().any(is_gone) {
            let line = sheet.odd.map_or(String::new(), |line| format!("（第 {line} 行）"));
            return Err(format!("{}的版本里有格数与表头对不上的行{line}", side.label()));
        }
    }
    let clashes = clash::settle(&base, &mut ours, &mut theirs, terms);
    let columns = arranged(&base.columns, &ours.columns, &theirs.columns, |_| true);
    let sources = Sources::new([&base, &ours, &theirs], &columns, guarded(&columns, terms.signoffs));
    let mut merged = Merged { told: clashes.told, ..Merged::default() };
    let is_kept = |name: &Name| match name {
        Name::Row(_) => true,
        // What is no row goes where one side took it out.
        Name::Other(..) => !base.has(name) || (ours.has(name) && theirs.has(name)),
    };
    let mut pieces = vec![];
    let names = arranged(&base.names, &ours.names, &theirs.names, is_kept);
    for name in &names {
        let outcome = match name {
            Name::Row(key) => {
                let refused = clashes.blocked.get(&key.0).or(terms.refused.get(key));
                sources.row(key, refused.map(String::as_str), &mut merged)
            }
            Name::Other(text, _) => Outcome::Other(text),
        };
        pieces.push((outcome, ours.end_of(name)));
    }
    let kept = kept_columns(&columns, &[&base, &ours, &theirs], &pieces);
    for (sheet, side) in [(&ours, Side::Ours), (&theirs, Side::Theirs)] {
        let fits = kept.iter().map(|at| &columns[*at]).eq(&sheet.columns);
        if let Some(line) = sheet.odd.filter(|_| !fits) {
            return Err(format!("{}的版本第 {line} 行的格数或引号不对，表头又有变化", side.label()));
        }
    }
    merged.text = written(sources.header(), &pieces, &kept, &ours);
    Ok(merged)
}

/// Columns in which two sides may not both have a hand: status, limits, applications, sign-offs, write-off.
fn guarded(columns: &[ColumnName], signoffs: &[String]) -> Vec<bool> {
    const GUARDED: [Column; 5] =
        [Column::Status, Column::Deadline, Column::Applied, Column::Closed, Column::Returns];
    let is_guarded = |heading: &str| match Column::named(heading) {
        Some(column) => GUARDED.contains(&column) || EXTEND.needs.contains(&column),
        None => {
            let level = heading.strip_suffix('人').or(heading.strip_suffix("日期"));
            level.is_some_and(|level| signoffs.iter().any(|name| name == level))
        }
    };
    columns.iter().map(|column| is_guarded(&column.0)).collect()
}

/// Positions of the columns that stay: one that a side took out goes, unless something stands in it.
fn kept_columns(columns: &[ColumnName], sheets: &[&Sheet; 3], pieces: &[(Outcome, &str)]) -> Vec<usize> {
    let [base, ours, theirs] = sheets;
    let is_removed = |column: &ColumnName| {
        base.columns.contains(column) && !(ours.columns.contains(column) && theirs.columns.contains(column))
    };
    let is_filled = |at: usize| pieces.iter().any(|(outcome, _)| outcome.fills(at));
    (0..columns.len()).filter(|at| !is_removed(&columns[*at]) || is_filled(*at)).collect()
}

/// The whole text; lines that ours has end as they end there, others like its header.
fn written(header: Vec<Cow<str>>, pieces: &[(Outcome, &str)], kept: &[usize], ours: &Sheet) -> String {
    let line = |cells: &[Cow<str>]| kept.iter().map(|at| &*cells[*at]).collect::<Vec<_>>().join(",");
    let mut lines = vec![(line(&header), ours.newline)];
    for (outcome, end) in pieces {
        let mut tell = |text: String, end| lines.push((text, end));
        match outcome {
            Outcome::Nothing => {}
            Outcome::Other(text) => tell((*text).to_owned(), end),
            Outcome::Row(cells) => tell(line(cells), end),
            Outcome::Conflict { reason, rest, ours: own, theirs } => {
                tell(plain(&format!("<<<<<<< 本方：{reason}")), ours.newline);
                own.iter().for_each(|cells| tell(line(cells), ours.newline));
                tell("=======".to_owned(), ours.newline);
                theirs.iter().for_each(|cells| tell(line(cells), ours.newline));
                tell(plain(&format!(">>>>>>> 对方{rest}")), ours.newline);
            }
        }
    }
    let last = lines.len() - 1;
    let ends_open = !ours.ends_with_newline;
    let text = lines.iter().enumerate().flat_map(|(ix, (text, end))| {
        let end = if ix == last && ends_open {
            ""
        } else if end.is_empty() {
            ours.newline
        } else {
            end
        };
        [text.as_str(), end]
    });
    text.collect()
}

/// The line of a marker may neither look like cells nor break, whatever a heading or a value holds.
fn plain(marker: &str) -> String {
    marker.replace(|c: char| c.is_control() || c == ',' || c == '"', " ")
}

#[cfg(test)]
mod tests;
