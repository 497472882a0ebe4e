//! Foreign rows into ledgers: matched with what is there, judged like every edit, written all or not at all.

use super::Opened;
use super::edit::{Changed, Mode, Work, mini};
use crate::edit::frame::{Frame, Line};
use crate::edit::register::{neighbours, proposed_deadline};
use crate::edit::splice::{Edited, RowChange, Write, edit};
use crate::edit::text::LedgerText;
use crate::finding::{Finding, Rule, Severity};
use crate::history::step::{StepContext, added, changed};
use crate::history::versions::differing;
use crate::import::headings::Scale;
use crate::import::plan::{Fate, Incoming, Planned};
use crate::import::rows::{Fault, ForeignRow};
use crate::import::values::{self, Terms};
use crate::load::workbook::RawCell;
use crate::model::column::{Column, headings};
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use crate::scaffold;
use crate::source::hold::Held;
use crate::source::journal::{self, CellChange};
use anyhow::{Result, anyhow, bail};
use chrono::{Datelike, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A row of a ledger that a foreign one may be.
struct Known {
    id: String,
    round: u16,
    line: Line,
}

/// The rows of a ledger by 编号 and by what they say.
#[derive(Default)]
struct Shelf {
    rows: Vec<Known>,
    last_round: FxHashMap<String, usize>,
    by_words: FxHashMap<String, Vec<usize>>,
    rounds: FxHashMap<String, Vec<usize>>,
}

/// Where an incoming row goes.
enum Goes {
    To(usize),
    /// Position among the new rows.
    New(usize),
    Nowhere,
}

/// One ledger with everything that comes into it.
struct Intake<'t> {
    edited: Edited<'t>,
    planned: Vec<Planned>,
    changed: Vec<Changed>,
}

impl Opened {
    /// Plans the rows of one campaign, and in [`Mode::Write`] writes them if none is refused.
    pub fn import(
        &self,
        campaign: u16,
        incoming: Vec<Incoming>,
        today: NaiveDate,
        mode: Mode,
    ) -> Result<Vec<Planned>> {
        self.require_sound()?;
        let mut by_unit: BTreeMap<String, (UnitIx, Vec<Incoming>)> = BTreeMap::new();
        let mut lost = vec![];
        for one in incoming {
            let Some(unit) = one.unit else {
                let id = one.row.value(Column::Id).to_owned();
                let faults =
                    one.row.faults.iter().map(|fault| (fault.column.clone(), fault.why.clone())).collect();
                lost.push(Planned { incoming: one, id, fate: Fate::Refused(faults) });
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
            intakes.push(work.take_in(text.as_str(), rows, held.exists())?);
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
        Ok(lost.into_iter().chain(rest).collect())
    }
}

impl Work<'_> {
    fn take_in<'t>(&self, text: &'t str, incoming: Vec<Incoming>, exists: bool) -> Result<Intake<'t>> {
        let path = &self.path;
        let Some(mut frame) = Frame::open(text) else {
            bail!("{path} 是空的，没有表头；从 git 恢复，或删去它再导入")
        };
        let shelf = Shelf::of(&mut frame);
        let order = headings(&self.desk().campaign);
        let mut new = self.numbering(&mut frame, &incoming, &shelf);
        let mut seen: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        let mut planned: Vec<Planned> = vec![];
        let mut changes: FxHashMap<usize, Vec<Write>> = FxHashMap::default();
        let mut goes = vec![];
        for one in incoming {
            let (planned_one, goal) =
                self.place(one, text, &frame, &shelf, &mut new, &mut seen, &mut changes);
            planned.push(planned_one);
            goes.push(goal);
        }
        let rows: Vec<RowChange> = {
            let mut at: Vec<_> = changes.iter().collect();
            at.sort_by_key(|(at, _)| **at);
            let change = |(at, writes): (&usize, &Vec<Write>)| RowChange {
                line: shelf.rows[*at].line.clone(),
                writes: writes.clone(),
                next: None,
            };
            at.into_iter().map(change).collect()
        };
        let edited = edit(&frame, &rows, &new.rows, &order).map_err(|why| anyhow!("{path} {why}"))?;
        let NewRows { ids, rows: written, .. } = new;
        let changed = self.recorded(&frame, &shelf, &changes, &ids, written);
        let verdicts = self.verdicts(&frame, &shelf, &changes, &ids, &edited, exists);
        for (one, goal) in planned.iter_mut().zip(&goes) {
            let id = match goal {
                Goes::To(at) => &shelf.rows[*at].id,
                Goes::New(at) => &ids[*at],
                Goes::Nowhere => continue,
            };
            let Some(told) = verdicts.0.get(id.as_str()).filter(|_| one.fate != Fate::Same) else { continue };
            one.incoming.row.notes.extend(told.warnings.iter().map(|(field, why)| format!("{field}：{why}")));
            if !told.errors.is_empty() {
                one.fate = Fate::Refused(told.errors.clone());
            }
        }
        Ok(Intake { edited, planned, changed })
    }

    /// The numbers that new rows get, and their limits where the sheet names none.
    fn numbering(&self, frame: &mut Frame, incoming: &[Incoming], shelf: &Shelf) -> NewRows {
        let workspace = self.opened.workspace();
        let campaign = workspace.campaign(self.campaign);
        let prefix = format!("{}-{}-", campaign.code, workspace.register.unit(self.unit).code);
        let mut beside = neighbours(frame, &prefix, &[]);
        let taken: FxHashSet<&str> = incoming
            .iter()
            .map(|one| one.row.value(Column::Id))
            .filter(|id| !id.is_empty() && !shelf.last_round.contains_key(*id))
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
        NewRows { free, ids: vec![], rows: vec![] }
    }

    /// What one row would change or add.
    #[expect(clippy::too_many_arguments, reason = "the state of one pass over the rows")]
    fn place(
        &self,
        mut one: Incoming,
        text: &str,
        frame: &Frame,
        shelf: &Shelf,
        new: &mut NewRows,
        seen: &mut FxHashMap<String, Vec<u32>>,
        changes: &mut FxHashMap<usize, Vec<Write>>,
    ) -> (Planned, Goes) {
        let refused = |one: Incoming, reasons: Vec<(String, String)>| {
            let id = one.row.value(Column::Id).to_owned();
            (Planned { incoming: one, id, fate: Fate::Refused(reasons) }, Goes::Nowhere)
        };
        let own = match one.row.value(Column::Id) {
            "" => words_of(one.row.value(Column::Subject), one.row.value(Column::Description)),
            id => format!("{id} {:?}", round_of(&one.row)),
        };
        let earlier = seen.entry(own).or_default();
        earlier.push(one.row.row);
        let nth = earlier.len() - 1;
        let at = shelf.find(&one.row, nth);
        if at.is_none() && nth > 0 {
            let why = format!("与第 {} 行是同一个问题；删去一行", earlier[0]);
            return refused(one, vec![("问题描述".to_owned(), why)]);
        }
        let is_known = |fault: &Fault| {
            let Some((heading, raw)) = &fault.raw else { return false };
            let line = at.map(|at| shelf.rows[at].line.cells(text));
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
                "" => new.free.pop().unwrap_or_default(),
                id => id.to_owned(),
            };
            let row = self.new_row(&one.row, &id);
            new.ids.push(id.clone());
            new.rows.push(row);
            return (Planned { incoming: one, id, fate: Fate::Added }, Goes::New(new.rows.len() - 1));
        };
        let known = &shelf.rows[at];
        let cells = known.line.cells(text);
        // A blank cell clears only where the row is named by its number; else the sheet just does not say.
        let clears = !one.row.value(Column::Id).is_empty();
        let mut cells_changed = vec![];
        let mut notes = vec![];
        for (heading, value) in &one.row.values {
            let column = Column::named(heading);
            if matches!(column, Some(Column::Id | Column::Round)) || value.is_empty() && !clears {
                continue;
            }
            let old = frame.position(heading).map(|at| cells.value(at).into_owned()).unwrap_or_default();
            if old == *value || self.reads_as(&old, heading, value) {
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
            cells_changed.push((heading.to_string(), old, value.clone()));
        }
        let id = known.id.clone();
        if cells_changed.is_empty() {
            one.row.notes = notes;
            return (Planned { incoming: one, id, fate: Fate::Same }, Goes::To(at));
        }
        let writes = cells_changed.iter().map(|(heading, _, value)| Write::new(heading, value)).collect();
        changes.insert(at, writes);
        (Planned { incoming: one, id, fate: Fate::Changed(cells_changed) }, Goes::To(at))
    }

    /// Whether what the ledger holds means the same as `value`: a day or an amount may be written otherwise there.
    fn reads_as(&self, old: &str, heading: &str, value: &str) -> bool {
        let terms = Terms { desk: self.desk(), year: self.today.year() };
        let cell = if old.is_empty() { RawCell::Empty } else { RawCell::Text(old.to_owned()) };
        values::value(&cell, heading, Scale::One, terms).is_ok_and(|(read, _)| read == value)
    }

    /// A row as the ledger writes it; what the sheet has no column for and the ledger demands is filled in where it can be.
    fn new_row(&self, row: &ForeignRow, id: &str) -> Vec<Write> {
        let order = headings(&self.desk().campaign);
        let mut writes: Vec<Write> = (row.values.iter())
            .filter(|(heading, value)| !value.is_empty() && **heading != *Column::Id.heading())
            .map(|(heading, value)| Write::new(&**heading, value))
            .collect();
        writes.push(Write::new(Column::Id.heading(), id));
        if row.value(Column::Status).is_empty() {
            writes.push(Write::new(Column::Status.heading(), Status::Registered.label()));
        }
        if row.value(Column::Deadline).is_empty()
            && let Some((limit, _)) = self.opened.limit_of(self, &writes)
        {
            writes.push(Write::new(Column::Deadline.heading(), limit.to_string()));
        }
        writes.sort_by_key(|write| order.iter().position(|name| *name == write.heading));
        writes
    }

    /// What the checks and the move table hold against the rows as they would stand.
    fn verdicts(
        &self,
        frame: &Frame,
        shelf: &Shelf,
        changes: &FxHashMap<usize, Vec<Write>>,
        ids: &[String],
        edited: &Edited,
        exists: bool,
    ) -> Verdicts {
        let (beside, alone): (Vec<_>, Vec<_>) =
            ids.iter().zip(edited.new_rows()).partition(|(id, _)| shelf.rounds.contains_key(*id));
        let changed = changes.keys().map(|at| &shelf.rows[*at].id);
        let rounds = changed.chain(beside.iter().map(|(id, _)| *id)).filter_map(|id| shelf.rounds.get(id));
        let mut touched: Vec<usize> = rounds.flatten().copied().collect();
        touched.sort_unstable();
        touched.dedup();
        let old = touched.iter().map(|at| shelf.rows[*at].line.text(frame.text).to_owned());
        let before = mini(frame.header.text(frame.text), old);
        let header = edited.record(&frame.header);
        let now = touched.iter().map(|at| edited.record(&shelf.rows[*at].line));
        let after = mini(&header, now.chain(beside.iter().map(|(_, row)| (*row).to_owned())));
        let mut verdicts = Verdicts::default();
        self.judge_part(&before, &after, exists, &mut verdicts);
        let nothing = mini(frame.header.text(frame.text), std::iter::empty());
        for part in alone.chunks(PART) {
            let after = mini(&header, part.iter().map(|(_, row)| (*row).to_owned()));
            self.judge_part(&nothing, &after, exists, &mut verdicts);
        }
        verdicts
    }

    /// Some rows of the ledger, before and after.
    fn judge_part(&self, before: &str, after: &str, exists: bool, verdicts: &mut Verdicts) {
        let judge = self.judge();
        let key = |finding: &Finding| {
            (finding.id.clone(), finding.rule.code, finding.field.clone(), finding.value.clone())
        };
        let known: FxHashSet<_> = judge.look(before, |_| {}).iter().map(key).collect();
        for finding in judge.look(after, |_| {}).iter().filter(|finding| !known.contains(&key(finding))) {
            let field = finding.field.as_deref().unwrap_or_default().to_owned();
            let help = if finding.help.is_empty() { String::new() } else { format!("；{}", finding.help) };
            let why = format!("{}{help}", finding.message);
            verdicts.tell(finding.id.as_deref().unwrap_or_default(), finding.rule, field, why);
        }
        let cx = StepContext {
            signoffs: &self.desk().campaign.closure.signoffs,
            policy: &self.opened.workspace().settings.policy,
            committed: self.today,
            latest: self.today,
            is_merge: false,
        };
        let rows = differing(judge.origin, before, after);
        for (key, now) in &rows.after {
            let offences = match rows.before.get(key) {
                Some(then) => changed(then, now, cx),
                None if exists => added(now, cx),
                // A ledger that is brought in may hold rows already under way.
                None => vec![],
            };
            for offence in offences {
                verdicts.tell(&key.0, offence.rule, offence.field, offence.message);
            }
        }
    }

    /// What the record for undo can keep.
    fn recorded(
        &self,
        frame: &Frame,
        shelf: &Shelf,
        changes: &FxHashMap<usize, Vec<Write>>,
        ids: &[String],
        written: Vec<Vec<Write>>,
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
        let first = written.len().saturating_sub(journal::KEPT);
        for (id, writes) in ids.iter().zip(written).skip(first) {
            let cells = writes.into_iter().map(|write| (write.heading, write.value));
            told.push(Changed { added: Some((1, cells.collect())), ..row(id, 1, 0) });
        }
        told
    }
}

/// New rows that are judged at once.
const PART: usize = 1_000;

/// By 编号 what is wrong with a row.
#[derive(Default)]
struct Verdicts(FxHashMap<String, Faults>);

impl Verdicts {
    fn tell(&mut self, id: &str, rule: &Rule, field: String, why: String) {
        let own = self.0.entry(id.to_owned()).or_default();
        let own = if rule.severity == Severity::Error { &mut own.errors } else { &mut own.warnings };
        if !own.contains(&(field.clone(), why.clone())) {
            own.push((field, why));
        }
    }
}

/// Column and reason of what is wrong with a row, and of what will be asked about it.
#[derive(Default)]
struct Faults {
    errors: Vec<(String, String)>,
    warnings: Vec<(String, String)>,
}

/// Rows that the ledger does not have yet.
struct NewRows {
    /// Numbers to be given, the next one last.
    free: Vec<String>,
    ids: Vec<String>,
    rows: Vec<Vec<Write>>,
}

impl Shelf {
    fn of(frame: &mut Frame) -> Shelf {
        let mut shelf = Shelf::default();
        let at = |column: Column, frame: &Frame| frame.position(column.heading());
        let columns =
            [Column::Id, Column::Round, Column::Subject, Column::Description].map(|one| at(one, frame));
        frame.rows(|record, cells| {
            let read = |at: Option<u16>| at.map(|at| cells.value(at)).unwrap_or_default();
            let [id, round, subject, description] = columns.map(read);
            let round = round.parse().unwrap_or(1);
            let ix = shelf.rows.len();
            let line = Line { record: *record, ends: cells.ends.to_vec() };
            shelf.rounds.entry(id.clone().into_owned()).or_default().push(ix);
            let last = shelf.last_round.entry(id.clone().into_owned()).or_insert(ix);
            if shelf.rows.get(*last).is_some_and(|known: &Known| known.round < round) {
                *last = ix;
            }
            shelf.by_words.entry(words_of(&subject, &description)).or_default().push(ix);
            shelf.rows.push(Known { id: id.into_owned(), round, line });
        });
        shelf
    }

    /// The row that a foreign one is: by 编号 and 轮次, else by what it says.
    /// Of several rows that say the same the `nth`.
    fn find(&self, row: &ForeignRow, nth: usize) -> Option<usize> {
        let id = row.value(Column::Id);
        if id.is_empty() {
            let words = words_of(row.value(Column::Subject), row.value(Column::Description));
            return self.by_words.get(&words)?.get(nth).copied();
        }
        if nth > 0 {
            return None;
        }
        match round_of(row) {
            Some(round) => {
                let rounds = self.rounds.get(id)?;
                rounds.iter().copied().find(|at| self.rows[*at].round == round)
            }
            None => self.last_round.get(id).copied(),
        }
    }
}

/// 轮次, of which an empty one is the first; none where the sheet has no such column.
fn round_of(row: &ForeignRow) -> Option<u16> {
    let (_, round) = row.values.iter().find(|(heading, _)| **heading == *Column::Round.heading())?;
    if round.is_empty() { Some(1) } else { round.parse().ok() }
}

/// By how many steps a row is further on the way to 已销号 than a sheet says, which never takes it back.
fn steps_ahead(old: &str, told: &str) -> Option<usize> {
    let way = [Status::Registered, Status::Underway, Status::Applied, Status::Closed];
    let place = |label: &str| way.iter().position(|status| status.label() == label);
    place(old)?.checked_sub(place(told)?)
}

/// Subject and description without blanks and punctuation.
fn words_of(subject: &str, description: &str) -> String {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    format!("{} {}", plain(subject), plain(description))
}

impl Opened {
    /// The latest limit that the plan allows a row that is about to be added.
    fn limit_of(&self, work: &Work, row: &[Write]) -> Option<(NaiveDate, String)> {
        let campaign = &work.desk().campaign;
        let text = scaffold::ledger(campaign);
        let frame = Frame::open(&text)?;
        let found = row.iter().find(|write| write.heading == Column::Found.heading())?;
        let mut trial = row.to_vec();
        trial.push(Write::new(Column::Deadline.heading(), &found.value));
        let edited = edit(&frame, &[], &[trial], &headings(campaign)).ok()?;
        let mut proposed = None;
        work.judge().look(&edited.pieces().concat(), |row| {
            proposed = Some(proposed_deadline(self.workspace(), campaign, row));
        });
        proposed
    }
}
