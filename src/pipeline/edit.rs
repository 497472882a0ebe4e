//! Moves by command: hold the ledgers, draft, judge, write all or nothing.

use super::Opened;
use crate::check::{Context, LedgerCheckup, LedgerIds};
use crate::edit::frame::{Frame, Line};
use crate::edit::judge::{Judge, faults, out_of_turn, reasons};
use crate::edit::splice::{Edited, NewRows, RowChange, Write, edit};
use crate::edit::step::{Draft, Request, Step};
use crate::edit::text::LedgerText;
use crate::finding::{Finding, nearest};
use crate::load::ledger::{self, Keep, Origin};
use crate::model::book::Desk;
use crate::model::column::{Column, headings};
use crate::model::issue::Row;
use crate::model::unit::UnitIx;
use crate::source::disk::LedgerFile;
use crate::source::hold::{Held, take_places};
use crate::source::journal::{CellChange, Entry};
use anyhow::{Result, bail};
use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Why an issue may not move so.
#[derive(Debug)]
pub struct Refusal {
    pub id: String,
    pub reasons: Vec<String>,
}

/// What happened, or would, to one row.
#[derive(Debug)]
pub struct Changed {
    pub path: String,
    pub id: String,
    pub round: u16,
    pub line: u32,
    pub cells: Vec<CellChange>,
    /// Round and cells of the row that was added.
    pub added: Option<(u16, Vec<(String, String)>)>,
    /// The lines of the file, before and after.
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// Mistakes that the row had before and still has.
    pub old_faults: usize,
}

/// All or nothing: either every row moved, or none did.
#[derive(Debug)]
pub enum Outcome {
    Refused(Vec<Refusal>),
    Changed(Vec<Changed>),
}

/// Whether to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    /// `--dry-run`
    Show,
}

impl Opened {
    /// Takes one step with every issue in `ids`.
    pub fn step(&self, ids: &[String], request: &Request, today: NaiveDate, mode: Mode) -> Result<Outcome> {
        self.require_sound()?;
        let files = self.ledgers_of(ids)?;
        let helds =
            files.iter().map(|(file, _)| self.take(&file.path, mode)).collect::<Result<Vec<Held>>>()?;
        let others = match request.step {
            Step::Merge { .. } => self.all_ids(today),
            _ => vec![],
        };
        let texts =
            helds.iter().map(|held| LedgerText::of(&held.path, &held.bytes)).collect::<Result<Vec<_>>>()?;
        let mut refusals = vec![];
        let mut stepped = vec![];
        for ((file, ids), text) in files.iter().zip(&texts) {
            let path: Arc<str> = file.path.as_str().into();
            let (campaign, unit) = self.place(file, &path).map_err(|finding| super::refused(&finding))?;
            let work = Work { opened: self, path, campaign, unit, today, others: &others };
            stepped.push(work.step(text.as_str(), ids, request, &mut refusals)?);
        }
        if !refusals.is_empty() {
            return Ok(Outcome::Refused(refusals));
        }
        if mode == Mode::Write {
            let edits: Vec<_> =
                helds.iter().zip(&texts).zip(&stepped).map(|((h, t), s)| (h, t, &s.edited)).collect();
            self.write(&edits, request.step.rule().name, stepped.iter().map(|done| &done.changed[..]))?;
        }
        Ok(Outcome::Changed(stepped.into_iter().flat_map(|done| done.changed).collect()))
    }

    /// Writes every ledger beside itself first, then puts all in place.
    pub(super) fn write<'e>(
        &self,
        edits: &[(&Held, &LedgerText, &Edited)],
        name: &str,
        changed: impl Iterator<Item = &'e [Changed]>,
    ) -> Result<()> {
        let mut prepared = vec![];
        for (held, text, edited) in edits.iter().filter(|(_, _, edited)| !edited.is_unchanged()) {
            let pieces = text.encoded(&edited.pieces());
            prepared.push(held.prepare(pieces.iter().map(|piece| &**piece))?);
        }
        for ((held, ..), changed) in edits.iter().zip(changed) {
            let entry = |row: &Changed| Entry {
                name: name.to_owned(),
                id: row.id.clone(),
                round: row.round,
                cells: row.cells.clone(),
                added: row.added.clone(),
            };
            let moved = changed.iter().filter(|row| !row.cells.is_empty() || row.added.is_some());
            self.tree.note(&held.path, moved.map(entry))?;
        }
        take_places(&prepared)
    }

    /// A ledger to edit, or only to show what an edit would do.
    pub(super) fn take(&self, path: &str, mode: Mode) -> Result<Held> {
        match mode {
            Mode::Write => self.tree.hold(path),
            Mode::Show => self.tree.look_at(path),
        }
    }

    /// Paths of the ledgers in which the issues stand.
    pub fn paths_of(&self, ids: &[String]) -> Result<Vec<String>> {
        Ok(self.ledgers_of(ids)?.into_iter().map(|(file, _)| file.path.clone()).collect())
    }

    /// The ledgers in which the issues stand, in the order of their paths, so that no two commands wait for each other.
    pub(super) fn ledgers_of(&self, ids: &[String]) -> Result<Vec<(&LedgerFile, Vec<String>)>> {
        let mut found: Vec<(&LedgerFile, Vec<String>)> = vec![];
        let mut elsewhere = vec![];
        let mut seen = FxHashSet::default();
        for id in ids.iter().filter(|id| seen.insert(id.as_str())) {
            match self.home_of(id) {
                Some(file) => match found.iter_mut().find(|(known, _)| known.path == file.path) {
                    Some((_, ids)) => ids.push(id.clone()),
                    None => found.push((file, vec![id.clone()])),
                },
                None => elsewhere.push(id.as_str()),
            }
        }
        if let Some(id) = elsewhere.first() {
            let all = elsewhere.join("、");
            let hint = match id.split('-').count() {
                3 => "没有对应的台账",
                _ => "编号像 YL-SS-0007 这样，由专项代码、单位代码、序号组成",
            };
            bail!("没有编号为“{all}”的问题：{hint}；可用 zxzz list 查找");
        }
        found.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The ledger that the codes of a 编号 name.
    fn home_of(&self, id: &str) -> Option<&LedgerFile> {
        let mut parts = id.splitn(3, '-');
        let (campaign, unit) = (parts.next()?, parts.next()?);
        parts.next()?;
        let workspace = self.workspace();
        let campaign = workspace.campaigns.iter().find(|desk| desk.campaign.code == campaign)?;
        let unit = workspace.register.unit(workspace.register.unit_by_code(unit)?);
        let is_home = |file: &&LedgerFile| file.campaign == campaign.campaign.id && file.unit == unit.id;
        self.listing.ledgers.iter().find(is_home)
    }

    /// Every 编号 and merger of the workspace.
    fn all_ids(&self, today: NaiveDate) -> Vec<LedgerIds> {
        let files: Vec<&LedgerFile> = self.listing.ledgers.iter().collect();
        let outcomes = self.each_ledger(&files, |origin, text, findings| {
            let cx = Context::new(origin.path, self.workspace(), origin.campaign, origin.unit, today);
            let mut checkup = LedgerCheckup::new(cx, text);
            ledger::read(origin, text, Keep::NOTHING, findings, |row, findings| checkup.row(row, findings));
            checkup.finish(findings)
        });
        outcomes.into_iter().filter_map(|outcome| outcome.read).collect()
    }
}

/// One ledger that is being worked on.
pub(super) struct Work<'o> {
    pub opened: &'o Opened,
    pub path: Arc<str>,
    pub campaign: u16,
    pub unit: UnitIx,
    pub today: NaiveDate,
    pub others: &'o [LedgerIds],
}

/// The rows of a ledger that moved.
pub(super) struct Stepped<'t> {
    pub edited: Edited<'t>,
    pub changed: Vec<Changed>,
}

/// A row as it was read, and what the request would do with it.
struct Candidate {
    id: String,
    round: u16,
    /// Position among the lines that were picked.
    line: usize,
    old: Vec<(String, String)>,
    draft: Result<Draft, String>,
}

impl<'o> Work<'o> {
    pub fn desk(&self) -> &'o Desk {
        &self.opened.workspace().campaigns[usize::from(self.campaign)]
    }

    pub fn judge(&self) -> Judge<'_> {
        Judge {
            workspace: self.opened.workspace(),
            origin: Origin { path: &self.path, campaign: self.campaign, unit: self.unit, desk: self.desk() },
            as_of: self.today,
            holds: Box::new(|path| self.opened.files.holds(path)),
            others: self.others,
        }
    }

    /// Drafts, edits and judges; `refusals` receives every reason why not.
    fn step<'t>(
        &self,
        text: &'t str,
        ids: &[String],
        request: &Request,
        refusals: &mut Vec<Refusal>,
    ) -> Result<Stepped<'t>> {
        let path = &self.path;
        let Some(mut frame) = Frame::open(text) else {
            bail!("{path} 是空的，没有表头；从 git 恢复，或删去它再用 zxzz add 登记")
        };
        let lines = pick(&mut frame, ids);
        let judge = self.judge();
        let (candidates, before) = candidates(&judge, &frame, &lines, request, self.desk());
        let chosen = chosen(ids, candidates, &frame, &lines, refusals);
        let changes: Vec<RowChange> =
            chosen.iter().map(|(candidate, draft)| change(candidate, draft, &lines)).collect();
        let edited = edit(&frame, &changes, &NewRows::default(), &headings(&self.desk().campaign))
            .map_err(|why| anyhow::anyhow!("{path} {why}"))?;
        let rows = lines.iter().map(|(_, line)| edited.record(line));
        let rows = rows.chain(edited.new_rows().map(str::to_owned));
        let after = judge.look(&mini(&edited.record(&frame.header), rows), |_| {});
        let rule = request.step.rule();
        for (candidate, draft) in &chosen {
            let written: Vec<&str> = draft.writes.iter().map(|write| write.heading.as_str()).collect();
            let wrong = faults(rule, &candidate.id, &written, &before, &after);
            if !wrong.is_empty() {
                refusals.push(Refusal {
                    id: candidate.id.clone(),
                    reasons: reasons(rule, &candidate.id, &wrong),
                });
            }
        }
        let changed = self.told(&frame, &lines, &chosen, &edited, &before);
        Ok(Stepped { edited, changed })
    }

    /// What becomes of each row.
    fn told(
        &self,
        frame: &Frame,
        lines: &[(String, Line)],
        chosen: &[(Candidate, Draft)],
        edited: &Edited,
        before: &[Finding],
    ) -> Vec<Changed> {
        let old_header = frame.header.text(frame.text);
        let header = edited.record(&frame.header);
        let mut new_rows = edited.new_rows();
        let each = chosen.iter().enumerate().map(|(ix, (candidate, draft))| {
            let line = &lines[candidate.line].1;
            let next = draft.next.as_ref().and_then(|_| new_rows.next()).map(str::to_owned);
            let is_widened = ix == 0 && header != old_header;
            Changed {
                path: self.path.to_string(),
                id: candidate.id.clone(),
                round: candidate.round,
                line: line.record.line,
                cells: cell_changes(&candidate.old, &draft.writes),
                added: draft.next.as_ref().map(|next| (candidate.round + 1, pairs(next))),
                before: is_widened
                    .then(|| old_header.to_owned())
                    .into_iter()
                    .chain([line.text(frame.text).to_owned()])
                    .collect(),
                after: is_widened
                    .then(|| header.clone())
                    .into_iter()
                    .chain([edited.record(line)])
                    .chain(next)
                    .collect(),
                old_faults: before.iter().filter(|old| old.id.as_deref() == Some(&candidate.id)).count(),
            }
        });
        each.collect()
    }
}

fn change(candidate: &Candidate, draft: &Draft, lines: &[(String, Line)]) -> RowChange {
    RowChange {
        line: lines[candidate.line].1.clone(),
        writes: draft.writes.clone(),
        next: draft.next.clone(),
    }
}

/// The last round of every issue in the order of the file, with what is to be done to it.
fn chosen(
    ids: &[String],
    candidates: Vec<Candidate>,
    frame: &Frame,
    lines: &[(String, Line)],
    refusals: &mut Vec<Refusal>,
) -> Vec<(Candidate, Draft)> {
    let mut last: FxHashMap<String, Candidate> = FxHashMap::default();
    for candidate in candidates {
        let is_later = last.get(&candidate.id).is_none_or(|known| known.round < candidate.round);
        if is_later {
            last.insert(candidate.id.clone(), candidate);
        }
    }
    let mut chosen = vec![];
    for id in ids {
        match last.remove(id) {
            None => refusals.push(unfound(id, frame, lines)),
            Some(mut candidate) => match std::mem::replace(&mut candidate.draft, Ok(Draft::default())) {
                Ok(draft) => chosen.push((candidate, draft)),
                Err(reason) => refusals.push(Refusal { id: id.clone(), reasons: vec![reason] }),
            },
        }
    }
    chosen.sort_by_key(|(candidate, _)| candidate.line);
    chosen
}

/// The lines of the rows with one of these 编号, all rounds.
fn pick(frame: &mut Frame, ids: &[String]) -> Vec<(String, Line)> {
    let wanted: FxHashSet<&str> = ids.iter().map(String::as_str).collect();
    let mut lines = vec![];
    if let Some(at) = frame.position(Column::Id.heading()) {
        frame.rows(|record, cells| {
            let id = cells.value(at);
            if wanted.contains(&*id) {
                lines.push((id.into_owned(), Line { record: *record, ends: cells.ends.to_vec() }));
            }
        });
    }
    lines
}

fn candidates(
    judge: &Judge,
    frame: &Frame,
    lines: &[(String, Line)],
    request: &Request,
    desk: &Desk,
) -> (Vec<Candidate>, Vec<Finding>) {
    let records = lines.iter().map(|(_, line)| line.text(frame.text).to_owned());
    let text = mini(frame.header.text(frame.text), records);
    let mut starts = FxHashMap::default();
    let mut at = frame.header.text(frame.text).len() + 1;
    for (ix, (_, line)) in lines.iter().enumerate() {
        starts.insert(at as u32, ix);
        at += line.text(frame.text).len() + 1;
    }
    let mut all = vec![];
    let before = judge.look(&text, |row| {
        let Some(line) = starts.get(&row.cells.start) else { return };
        let id = row.id().into_owned();
        let blocked = out_of_turn(request.step.rule(), &id, row.issue.status, row.issue.kind);
        let draft = match blocked {
            Some(why) => Err(why),
            None => request.draft(row, &desk.campaign),
        };
        all.push(Candidate { id, round: row.issue.round, line: *line, old: values(row), draft });
    });
    (all, before)
}

/// A ledger of a few rows.
pub(super) fn mini(header: &str, records: impl Iterator<Item = String>) -> String {
    let mut text = format!("{header}\n");
    for record in records {
        text.push_str(&record);
        text.push('\n');
    }
    text
}

fn values(row: &Row) -> Vec<(String, String)> {
    let headings = row.layout.headings.iter().enumerate();
    headings.map(|(at, heading)| (heading.clone(), row.cells.value(at as u16).into_owned())).collect()
}

/// Why there is no row to move, with the nearest 编号 that the ledger has.
fn unfound(id: &str, frame: &Frame, lines: &[(String, Line)]) -> Refusal {
    let reason = match lines.iter().find(|(found, _)| found == id) {
        Some((_, line)) => format!("第 {} 行读不出来，先运行 zxzz check 查看并改正", line.record.line),
        None if frame.broken.is_some() => {
            let line = frame.broken.unwrap_or_default();
            format!("没有读到这个编号；第 {line} 行的格数或引号不对，先改好（zxzz check 有说明）")
        }
        None => {
            let mut ids = vec![];
            if let Some((at, mut again)) = frame.position(Column::Id.heading()).zip(Frame::open(frame.text)) {
                again.rows(|_, cells| ids.push(cells.value(at).into_owned()));
            }
            let near = nearest(id, ids.iter().map(String::as_str));
            near.map_or("台账里没有这个编号".to_owned(), |near| {
                format!("台账里没有这个编号；是不是“{near}”？")
            })
        }
    };
    Refusal { id: id.to_owned(), reasons: vec![reason] }
}

fn cell_changes(old: &[(String, String)], writes: &[Write]) -> Vec<CellChange> {
    let old_value =
        |heading: &str| old.iter().find(|(name, _)| name == heading).map_or("", |(_, value)| value);
    let changes = writes.iter().map(|write| CellChange {
        heading: write.heading.clone(),
        old: old_value(&write.heading).to_owned(),
        new: write.value.clone(),
    });
    changes.filter(|change| change.old != change.new).collect()
}

pub(super) fn pairs(writes: &[Write]) -> Vec<(String, String)> {
    writes
        .iter()
        .filter(|write| !write.value.is_empty())
        .map(|write| (write.heading.clone(), write.value.clone()))
        .collect()
}
