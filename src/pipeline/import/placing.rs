//! Where each foreign row goes, and what it would change there.

use super::shelf::{Shelf, round_of, words_of};
use crate::edit::frame::Frame;
use crate::edit::register::neighbours;
use crate::edit::splice::Write;
use crate::import::headings::Scale;
use crate::import::plan::{Fate, Incoming, Planned};
use crate::import::rows::Fault;
use crate::import::values::{self, Terms};
use crate::load::workbook::RawCell;
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::pipeline::edit::Work;
use rustc_hash::{FxHashMap, FxHashSet};

/// Where an incoming row goes.
pub enum Goes {
    To(usize),
    /// Position among the new rows.
    New(usize),
    Nowhere,
}

/// One pass over the rows that come into a ledger.
pub struct Placing<'p, 't> {
    work: &'p Work<'p>,
    frame: &'p Frame<'t>,
    shelf: &'p Shelf,
    /// Numbers to be given, the next one last.
    free: Vec<String>,
    /// Rows of the sheet by what they are.
    seen: FxHashMap<String, Vec<u32>>,
    /// By position on the shelf.
    pub changes: FxHashMap<usize, Vec<Write>>,
    /// How many rows the ledger does not have yet.
    new: usize,
}

/// Numbers for new rows, the next one last.
pub fn numbers(work: &Work, frame: &mut Frame, incoming: &[Incoming], shelf: &Shelf) -> Vec<String> {
    let workspace = work.opened.workspace();
    let campaign = workspace.campaign(work.campaign);
    let prefix = format!("{}-{}-", campaign.code, workspace.register.unit(work.unit).code);
    let mut beside = neighbours(frame, &prefix, &[]);
    let taken: FxHashSet<&str> = incoming
        .iter()
        .map(|one| one.row.value(Column::Id))
        .filter(|id| !id.is_empty() && !shelf.has(id))
        .collect();
    let count = incoming.iter().filter(|one| shelf.find(&one.row, 0).is_none()).count();
    let mut free = vec![];
    while free.len() < count {
        let id = beside.mint(&prefix);
        if !taken.contains(id.as_str()) {
            free.push(id);
        }
    }
    free.reverse();
    free
}

impl<'p, 't> Placing<'p, 't> {
    pub fn new(
        work: &'p Work<'p>,
        frame: &'p Frame<'t>,
        shelf: &'p Shelf,
        free: Vec<String>,
    ) -> Placing<'p, 't> {
        Placing {
            work,
            frame,
            shelf,
            free,
            seen: FxHashMap::default(),
            changes: FxHashMap::default(),
            new: 0,
        }
    }

    /// What one row would change or add.
    pub fn place(&mut self, mut one: Incoming) -> (Planned, Goes) {
        let (frame, shelf) = (self.frame, self.shelf);
        let refused = |one: Incoming, reasons: Vec<(String, String)>| {
            let id = one.row.value(Column::Id).to_owned();
            (Planned { incoming: one, id, fate: Fate::Refused(reasons) }, Goes::Nowhere)
        };
        let own = match one.row.value(Column::Id) {
            "" => words_of(one.row.value(Column::Subject), one.row.value(Column::Description)),
            id => format!("{id} {:?}", round_of(&one.row)),
        };
        let earlier = self.seen.entry(own).or_default();
        earlier.push(one.row.row);
        let nth = earlier.len() - 1;
        let at = shelf.find(&one.row, nth);
        if at.is_none() && nth > 0 {
            let why = format!("与第 {} 行是同一个问题；删去一行", earlier[0]);
            return refused(one, vec![("问题描述".to_owned(), why)]);
        }
        let is_known = |fault: &Fault| {
            let Some((heading, raw)) = &fault.raw else { return false };
            let line = at.map(|at| shelf.rows[at].line.cells(frame.text));
            let old = line.and_then(|cells| Some(cells.value(frame.position(heading)?).into_owned()));
            old.as_ref() == Some(raw)
        };
        let faults: Vec<_> = (one.row.faults.iter())
            .filter(|fault| !is_known(fault))
            .map(|fault| (fault.column.clone(), fault.why.clone()))
            .collect();
        if !faults.is_empty() {
            return refused(one, faults);
        }
        let Some(at) = at else {
            let id = match one.row.value(Column::Id) {
                "" => self.free.pop().unwrap_or_default(),
                id => id.to_owned(),
            };
            self.new += 1;
            return (Planned { incoming: one, id, fate: Fate::Added }, Goes::New(self.new - 1));
        };
        let known = &shelf.rows[at];
        let cells = known.line.cells(frame.text);
        // A blank cell clears only where the row is named by its number; else the sheet just does not say.
        let clears = !one.row.value(Column::Id).is_empty();
        let mut cells_changed = vec![];
        let mut notes = vec![];
        for (heading, value) in one.row.values() {
            let column = Column::named(heading);
            if matches!(column, Some(Column::Id | Column::Round)) || value.is_empty() && !clears {
                continue;
            }
            let old = frame.position(heading).map(|at| cells.value(at).into_owned()).unwrap_or_default();
            if old == value || self.reads_as(&old, heading, value) {
                continue;
            }
            if column == Some(Column::Status)
                && !clears
                && let Some(ahead) = steps_ahead(&old, value)
            {
                // A form has one word for 整改中 and 待销号, and 完成 for 待销号 and 已销号.
                let is_told = ahead > 1 || value == Status::Registered.label();
                notes.extend(is_told.then(|| format!("整改状态：台账是{old}，表里是{value}，不动")));
                continue;
            }
            cells_changed.push((heading.to_owned(), old, value.to_owned()));
        }
        let id = known.id.clone();
        if cells_changed.is_empty() {
            one.row.notes = notes;
            return (Planned { incoming: one, id, fate: Fate::Same }, Goes::To(at));
        }
        let writes = cells_changed.iter().map(|(heading, _, value)| Write::new(heading, value)).collect();
        self.changes.insert(at, writes);
        (Planned { incoming: one, id, fate: Fate::Changed(cells_changed) }, Goes::To(at))
    }

    /// Whether what the ledger holds means the same as `value`: a day or an amount may be written otherwise there.
    fn reads_as(&self, old: &str, heading: &str, value: &str) -> bool {
        let terms = Terms { desk: self.work.desk(), today: self.work.today };
        let cell = if old.is_empty() { RawCell::Empty } else { RawCell::Text(old.to_owned()) };
        values::value(&cell, heading, Scale::One, terms).is_ok_and(|(read, _)| read == value)
    }
}

/// By how many steps a row is further on the way to 已销号 than a sheet says, which never takes it back.
fn steps_ahead(old: &str, told: &str) -> Option<usize> {
    let way = [Status::Registered, Status::Underway, Status::Applied, Status::Closed];
    let place = |label: &str| way.iter().position(|status| status.label() == label);
    place(old)?.checked_sub(place(told)?)
}
