//! Foreign rows into ledgers: matched with what is there, judged like every edit, written all or not at all.

mod fresh;
mod placing;
mod shelf;
mod verdicts;

use super::Opened;
use super::edit::{Changed, Mode, Work};
use crate::edit::frame::Frame;
use crate::edit::splice::{Edited, NewRows, RowChange, Write, edit};
use crate::edit::text::LedgerText;
use crate::import::plan::{Batch, Fate, Incoming, Planned};
use crate::model::column::{Column, headings};
use crate::model::unit::UnitIx;
use crate::scaffold;
use crate::source::hold::Held;
use crate::source::journal::{self, CellChange};
use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use placing::{Goes, Numbers, Placing};
use rustc_hash::FxHashMap;
use shelf::Shelf;
use std::collections::BTreeMap;
use std::sync::Arc;
use verdicts::{Rows, Verdicts};

/// One ledger with everything that comes into it.
struct Intake<'t> {
    edited: Edited<'t>,
    planned: Vec<Planned>,
    changed: Vec<Changed>,
}

impl Opened {
    /// Plans the rows of one campaign, and in [`Mode::Write`] writes them if none is refused. `tick` is told how many
    /// rows were placed or judged: each is, once. What becomes of the rows is told in their order.
    pub fn import(
        &self,
        campaign: u16,
        batch: Batch,
        today: NaiveDate,
        mode: Mode,
        tick: &dyn Fn(usize),
    ) -> Result<Vec<Planned>> {
        self.require_sound()?;
        let mut by_unit: BTreeMap<String, (UnitIx, Vec<Incoming>)> = BTreeMap::new();
        let mut lost = vec![];
        for one in batch.rows {
            let Some(unit) = one.unit else {
                let id = one.row.value(Column::Id).to_owned();
                let faults =
                    one.row.faults.iter().map(|fault| (fault.column.clone(), fault.why.clone())).collect();
                lost.push(Planned { incoming: one, id, limit: None, fate: Fate::Refused(faults) });
                continue;
            };
            let id = &self.workspace().register.unit(unit).id;
            let path = format!("ledgers/{}/{id}.csv", self.workspace().campaign(campaign).id);
            by_unit.entry(path).or_insert_with(|| (unit, vec![])).1.push(one);
        }
        let helds: Vec<Held> = by_unit.keys().map(|path| self.take(path, mode)).collect::<Result<_>>()?;
        let empty = scaffold::ledger(self.workspace().campaign(campaign));
        let texts = helds.iter().map(|held| match held.exists() {
            true => LedgerText::of(&held.path, &held.bytes),
            false => Ok(LedgerText::new(&empty)),
        });
        let texts = texts.collect::<Result<Vec<_>>>()?;
        let mut intakes = vec![];
        for (((path, (unit, rows)), text), held) in by_unit.into_iter().zip(&texts).zip(&helds) {
            let work = Work { opened: self, path: Arc::from(path), campaign, unit, today, others: &[] };
            intakes.push(work.take_in(text.as_str(), (&batch.sheets, rows), held.exists(), tick)?);
        }
        let is_refused = |planned: &Planned| matches!(planned.fate, Fate::Refused(_));
        let may_write = lost.is_empty()
            && intakes.iter().flat_map(|intake| &intake.planned).all(|planned| !is_refused(planned));
        if mode == Mode::Write && may_write {
            let edits: Vec<_> = helds
                .iter()
                .zip(&texts)
                .zip(&intakes)
                .map(|((held, text), intake)| (held, text, &intake.edited))
                .collect();
            self.write(&edits, "导入", intakes.iter().map(|intake| &intake.changed[..]))?;
        }
        let rest = intakes.into_iter().flat_map(|intake| intake.planned);
        let mut all: Vec<Planned> = lost.into_iter().chain(rest).collect();
        all.sort_by_key(|one| (one.incoming.sheet, one.incoming.row.row));
        Ok(all)
    }
}

impl Work<'_> {
    fn take_in<'t>(
        &self,
        text: &'t str,
        (sheets, incoming): (&[String], Vec<Incoming>),
        exists: bool,
        tick: &dyn Fn(usize),
    ) -> Result<Intake<'t>> {
        let path = &self.path;
        let Some(mut frame) = Frame::open(text) else {
            bail!("{path} 是空的，没有表头；从 git 恢复，或删去它再导入")
        };
        let shelf = Shelf::of(&mut frame);
        let numbers = Numbers::new(self, &mut frame, &incoming);
        let mut placing = Placing::new(self, &frame, &shelf, numbers, sheets, &incoming);
        let mut planned: Vec<Planned> = vec![];
        let mut goes = vec![];
        for one in incoming {
            let (placed, goal) = placing.place(one);
            planned.push(placed);
            goes.push(goal);
            tick(1);
        }
        let Placing { changes, .. } = placing;
        fresh::set_limits(self, &mut planned);
        let order = headings(&self.desk().campaign);
        let (edited, changed) = {
            let new = fresh::table(&planned);
            let edited = edit(&frame, &row_changes(&shelf, &changes), &new, &order);
            let edited = edited.map_err(|why| anyhow!("{path} {why}"))?;
            (edited, self.recorded(&frame, &shelf, &changes, &new))
        };
        let ids: Vec<String> = fresh::added(&planned).map(|one| one.id.clone()).collect();
        tick(planned.len() - ids.len());
        let mut verdicts = Verdicts::new(self, exists);
        verdicts.judge(&Rows { frame: &frame, shelf: &shelf, changes: &changes, ids: &ids }, &edited, tick);
        for (one, goal) in planned.iter_mut().zip(&goes) {
            let id = match goal {
                Goes::To(at) => &shelf.rows[*at].id,
                Goes::New(at) => &ids[*at],
                Goes::Nowhere => continue,
            };
            let Some(told) = verdicts.of(id).filter(|_| one.fate != Fate::Same) else { continue };
            one.incoming.row.notes.extend(told.warnings.iter().map(|(field, why)| format!("{field}：{why}")));
            if !told.errors.is_empty() {
                one.fate = Fate::Refused(told.errors.clone());
            }
        }
        Ok(Intake { edited, planned, changed })
    }

    /// What the record for undo can keep.
    fn recorded(
        &self,
        frame: &Frame,
        shelf: &Shelf,
        changes: &FxHashMap<usize, Vec<Write>>,
        new: &NewRows,
    ) -> Vec<Changed> {
        let row = |id: &str, round: u16, line: u32| Changed {
            path: self.path.to_string(),
            id: id.to_owned(),
            round,
            line,
            cells: vec![],
            added: None,
            before: vec![],
            after: vec![],
            old_faults: 0,
        };
        let mut told: Vec<Changed> = vec![];
        for (at, writes) in changes {
            let known = &shelf.rows[*at];
            let cells = known.line.cells(frame.text);
            let cell = |write: &Write| CellChange {
                heading: write.heading.clone(),
                old: frame
                    .position(&write.heading)
                    .map(|at| cells.value(at).into_owned())
                    .unwrap_or_default(),
                new: write.value.clone(),
            };
            let cells = writes.iter().map(cell).collect();
            told.push(Changed { cells, ..row(&known.id, known.round, known.line.record.line) });
        }
        told.sort_by_key(|changed| changed.line);
        let first = new.rows.len().saturating_sub(journal::KEPT);
        for values in &new.rows[first..] {
            let cells = new.headings.iter().zip(values).filter(|(_, value)| !value.is_empty());
            let cells = cells.map(|(heading, value)| ((*heading).to_owned(), (*value).to_owned()));
            told.push(Changed { added: Some((1, cells.collect())), ..row(values[0], 1, 0) });
        }
        told
    }
}

/// In the order of the file.
fn row_changes(shelf: &Shelf, changes: &FxHashMap<usize, Vec<Write>>) -> Vec<RowChange> {
    let mut at: Vec<_> = changes.iter().collect();
    at.sort_by_key(|(at, _)| **at);
    let change = |(at, writes): (&usize, &Vec<Write>)| RowChange {
        line: shelf.rows[*at].line.clone(),
        writes: writes.clone(),
        next: None,
    };
    at.into_iter().map(change).collect()
}
