//! Takes back the last move of an issue, as long as it is not committed.

use super::Opened;
use super::edit::{Changed, Mode, Work};
use crate::edit::frame::Frame;
use crate::edit::frame::Line;
use crate::edit::splice::{NewRows, RowChange, Write, edit};
use crate::edit::text::LedgerText;
use crate::model::column::{Column, headings};
use crate::model::issue::Cells;
use crate::source::journal::{CellChange, Entry};
use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;

/// A move that was taken back.
#[derive(Debug)]
pub struct Undone {
    /// What the move was called.
    pub name: String,
    /// Round of the row that was taken out, if the move had added one.
    pub removed: Option<u16>,
    pub changed: Changed,
}

impl Opened {
    /// `committed` gives the bytes of a ledger in the last commit.
    pub fn undo(
        &self,
        id: &str,
        committed: &dyn Fn(&str) -> Result<Option<Vec<u8>>>,
        today: NaiveDate,
        mode: Mode,
    ) -> Result<Undone> {
        self.require_sound()?;
        let work = self.work_of(id, today)?;
        let path = work.path.to_string();
        let held = self.take(&path, mode)?;
        let text = LedgerText::of(&path, &held.bytes)?;
        let Some(frame) = Frame::open(text.as_str()) else { bail!("{path} 是空的，没有表头") };
        let mut entries = self.tree.noted(&path)?;
        let Some(at) = entries.iter().rposition(|entry| entry.id == id && is_in(entry, text.as_str())) else {
            bail!(
                "{id} 没有可以撤销的一步：本机没有改过，或改后又被别的程序改动；已提交的用 git log {path} 找到那次提交，再 git revert"
            );
        };
        let entry = entries.remove(at);
        if let Some(bytes) = committed(&path)?
            && LedgerText::of(&path, &bytes).is_ok_and(|old| is_in(&entry, old.as_str()))
        {
            bail!(
                "{id} 的上一步已经提交，不能撤销；用 git log {path} 找到那次提交，再运行 git revert 提交号"
            );
        }
        let lines = rows(text.as_str(), id);
        let mut changes = vec![];
        let mut removed = None;
        if !entry.cells.is_empty()
            && let Some((_, line)) = lines.iter().find(|(round, _)| *round == entry.round)
        {
            let writes = entry.cells.iter().map(|cell| Write::new(&cell.heading, &cell.old)).collect();
            changes.push(RowChange { line: line.clone(), writes, next: None });
        }
        if let Some((round, _)) = &entry.added {
            removed = lines.iter().find(|(known, _)| known == round).map(|(_, line)| line.clone());
        }
        let mut edited = edit(&frame, &changes, &NewRows::default(), &headings(&work.desk().campaign))
            .map_err(|why| anyhow!("{path} {why}"))?;
        if let Some(line) = &removed {
            edited.remove(line);
        }
        let shown = |line: &Line| line.text(text.as_str()).to_owned();
        let changed = Changed {
            path: path.clone(),
            id: id.to_owned(),
            round: entry.round,
            line: changes
                .first()
                .map(|row| &row.line)
                .or(removed.as_ref())
                .map_or(0, |line| line.record.line),
            cells: entry.cells.iter().map(reversed).collect(),
            added: None,
            before: changes.iter().map(|row| shown(&row.line)).chain(removed.iter().map(shown)).collect(),
            after: changes.iter().map(|row| edited.record(&row.line)).collect(),
            old_faults: 0,
        };
        if mode == Mode::Write {
            let pieces = text.encoded(&edited.pieces());
            held.prepare(pieces.iter().map(|piece| &**piece))?.take_place()?;
            self.tree.renote(&path, &entries)?;
        }
        Ok(Undone { name: entry.name, removed: entry.added.map(|(round, _)| round), changed })
    }

    fn work_of(&self, id: &str, today: NaiveDate) -> Result<Work<'_>> {
        let files = self.ledgers_of(&[id.to_owned()])?;
        let Some((file, _)) = files.first() else { bail!("没有编号为“{id}”的问题") };
        let path = file.path.as_str().into();
        let (campaign, unit) = self.place(file, &path).map_err(|finding| super::refused(&finding))?;
        Ok(Work { opened: self, path, campaign, unit, today, others: &[] })
    }
}

fn reversed(cell: &CellChange) -> CellChange {
    CellChange { heading: cell.heading.clone(), old: cell.new.clone(), new: cell.old.clone() }
}

/// The rows of one 编号 with their rounds.
fn rows(text: &str, id: &str) -> Vec<(u16, Line)> {
    let mut found = vec![];
    let Some(mut frame) = Frame::open(text) else { return found };
    let Some(at) = frame.position(Column::Id.heading()) else { return found };
    let round = frame.position(Column::Round.heading());
    frame.rows(|record, cells| {
        if cells.value(at) == id {
            let round = round.and_then(|at| cells.value(at).parse().ok()).unwrap_or(1);
            found.push((round, Line { record: *record, ends: cells.ends.to_vec() }));
        }
    });
    found
}

/// Whether a ledger shows what a move wrote, in its row and in the row it added.
fn is_in(entry: &Entry, text: &str) -> bool {
    let Some(frame) = Frame::open(text) else { return false };
    let lines = rows(text, &entry.id);
    let shows = |round: u16, cells: &[(&str, &str)]| {
        lines.iter().filter(|(known, _)| *known == round).any(|(_, line)| {
            let row = line.cells(text);
            cells.iter().all(|(heading, value)| cell(&frame, &row, heading) == *value)
        })
    };
    let moved: Vec<(&str, &str)> =
        entry.cells.iter().map(|cell| (cell.heading.as_str(), cell.new.as_str())).collect();
    let added = entry.added.as_ref().is_none_or(|(round, cells)| {
        shows(
            *round,
            &cells.iter().map(|(heading, value)| (heading.as_str(), value.as_str())).collect::<Vec<_>>(),
        )
    });
    added && (moved.is_empty() || shows(entry.round, &moved))
}

fn cell(frame: &Frame, row: &Cells, heading: &str) -> String {
    frame.position(heading).map_or(String::new(), |at| row.value(at).into_owned())
}
