//! Puts together what the commits did: what one ledger or one commit alone does not show.

use super::authority::{Hands, same_signer, settings_acts};
use super::judge::Judged;
use super::{Audited, Charge};
use crate::check::missing_evidence::cited;
use crate::finding::Rule;
use crate::history::authority::{Applicant, authored_ahead, predated};
use crate::history::ledger::{Entered, RowStep};
use crate::history::rules::*;
use crate::history::step::Offence;
use crate::history::versions::{Key, RowVersion};
use crate::load::workspace::Configuration;
use crate::model::campaign::Campaign;
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::pipeline::commits::{Step, is_ledger};
use crate::source::history::{Commit, FileChange};
use chrono::{Days, NaiveDate};
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

/// What earlier commits have shown. Rows go by [`name`].
#[derive(Default, Serialize, Deserialize)]
pub struct Known {
    deleted: BTreeMap<String, Cells>,
    /// Rows whose deletion was told; a merge that brings it is not told again.
    told: BTreeSet<String>,
    /// What rows said when they came in, in short, and those that came in on two branches as different problems.
    arrived: BTreeMap<String, u64>,
    twins: BTreeSet<String>,
    deleted_ledgers: BTreeSet<String>,
    /// E-mail of who committed the application.
    applicants: BTreeMap<String, String>,
    /// Files that rows cite which are signed for or written off, and the rows.
    evidence: BTreeMap<String, BTreeSet<Key>>,
    /// Who signed the application.
    pub signers: BTreeMap<String, Applicant>,
    /// E-mail of who recorded each exception.
    pub granted: BTreeMap<String, String>,
    /// Write-offs in the last days of a stage, by campaign and stage.
    rushes: BTreeMap<String, u32>,
}

/// The cells of a row that are not empty, by heading.
type Cells = BTreeMap<String, String>;

fn cells(row: &RowVersion) -> Cells {
    let filled = row.cells().filter(|(_, value)| !value.is_empty());
    filled.map(|(heading, value)| (heading.to_owned(), value.to_owned())).collect()
}

/// The files that a row cites, from the ledger's folder and from the workspace.
fn cited_paths(evidence: &str, ledger: &str) -> Vec<String> {
    let folder = ledger.rsplit_once('/').map_or("", |(folder, _)| folder);
    let files = cited(evidence).map(|file| file.replace('\\', "/"));
    files.flat_map(|file| [resolved(&format!("{folder}/{file}")), resolved(&file)]).collect()
}

/// 编号 and 轮次 in one.
pub fn name((id, round): &Key) -> String {
    format!("{id}#{round}")
}

#[derive(Default)]
pub struct Auditor {
    pub known: Known,
    pub audited: Audited,
    /// Whether the next commit is to be judged, or only known.
    pub is_judging: bool,
}

impl Auditor {
    pub fn step(&mut self, step: &Step, hands: &Hands, ledgers: Vec<Judged>) {
        let commit = step.commit;
        self.audited.commits += usize::from(self.is_judging);
        self.hands(step, hands, &ledgers);
        self.grants(step);
        for ledger in &ledgers {
            self.forget_evidence(ledger);
        }
        self.evidence(commit, &step.changes);
        for changes in &step.changes {
            self.ledgers_gone(commit, changes);
        }
        let mut closings: BTreeMap<u16, u32> = BTreeMap::new();
        let arrivals = arrivals(&ledgers);
        for ledger in &ledgers {
            self.unverified(commit, ledger);
            self.audited.versions += usize::from(self.is_judging);
            let closed = self.ledger(commit, ledger, &arrivals);
            if let Some(campaign) = ledger.campaign {
                *closings.entry(campaign).or_default() += closed;
            }
        }
        if let Some(configuration) = &step.configuration {
            self.bursts(step, configuration, &closings);
        }
    }

    fn charge(&mut self, commit: &Commit, path: &str, id: &str, offence: Offence) {
        if self.is_judging {
            self.audited.charges.push(Charge::new(commit, path, id, offence));
        }
    }

    /// Who made the commit, and when he says he did.
    fn hands(&mut self, step: &Step, hands: &Hands, ledgers: &[Judged]) {
        let commit = step.commit;
        let mut charges = settings_acts(step, hands);
        for ledger in ledgers {
            charges.extend(ledger.acts.charges.iter().cloned());
            charges.extend(same_signer(step, hands, &ledger.path, &ledger.acts, &mut self.known.signers));
        }
        let late = step.latest.and_then(|latest| predated((commit.seconds, commit.committed), latest));
        let late = late.or_else(|| authored_ahead(commit.authored, commit.committed));
        charges.extend(late.map(|offence| Charge::new(commit, "", "", offence)));
        if self.is_judging {
            self.audited.unverified.extend(step.moved_from.as_ref().map(|folder| moved(commit, folder)));
            self.audited.unverified.extend(step.begins_again.then(|| begun_again(commit)));
            self.audited.charges.extend(charges);
            let told = |why: &String| format!("{} {}：{why}", commit.short(), commit.committed);
            self.audited.unverified.extend(hands.unverifiable.iter().map(told));
        }
    }

    /// Exceptions that the commit recorded; a merge only brings what a branch did.
    fn grants(&mut self, step: &Step) {
        let Some(configuration) = &step.configuration else { return };
        let before = step.former.as_deref();
        let known = before.map_or(&[][..], |former| &former.workspace.settings.exceptions);
        let is_changed = before.is_some() || step.commit.parents.is_empty();
        for exception in configuration.workspace.settings.exceptions.iter().filter(|_| is_changed) {
            let (name, email) = (exception.name(), step.commit.email.to_string());
            if step.commit.is_merge() {
                self.known.granted.entry(name).or_insert(email);
            } else if !known.iter().any(|known| known.name() == name) {
                self.known.granted.insert(name, email);
            }
        }
    }

    fn unverified(&mut self, commit: &Commit, ledger: &Judged) {
        if self.is_judging {
            let told =
                |why: &String| format!("{} {} {}：{why}", commit.short(), commit.committed, ledger.path);
            self.audited.unverified.extend(ledger.unverified.iter().map(told));
        }
    }

    fn ledgers_gone(&mut self, commit: &Commit, changes: &[FileChange]) {
        for change in changes.iter().filter(|change| is_ledger(&change.path)) {
            if change.new.is_some() {
                self.known.deleted_ledgers.remove(&change.path);
            } else if self.known.deleted_ledgers.insert(change.path.clone()) {
                let offence = commit_offence(&DELETED_LEDGER, "整份台账被删除或移走".to_owned());
                self.charge(commit, &change.path, "", offence);
            }
        }
    }

    /// Judges the rows of one ledger; returns how many were written off. `arrivals` tells where rows came in.
    fn ledger(&mut self, commit: &Commit, ledger: &Judged, arrivals: &FxHashMap<&Key, &str>) -> u32 {
        for row in &ledger.step.entered {
            self.entered(commit, row, &ledger.path);
        }
        let mut closings = 0;
        for row in &ledger.step.rows {
            let mut offences = row.offences.clone();
            match (row.was, row.is) {
                (None, Some(_)) => offences.extend(self.reused(commit, row)),
                (Some(_), None) => offences.extend(self.vanished(commit, row, ledger, arrivals)),
                _ if commit.is_merge() => offences.extend(self.lost_twin(row)),
                _ => {}
            }
            closings += u32::from(row.is_closing);
            if row.is.is_some() && (row.is_closing || !commit.is_merge()) {
                offences.extend(self.same_hand(commit, row));
            }
            if matches!(row.is, Some(Status::Applied | Status::Closed)) {
                self.remember_evidence(&row.evidence, &row.key, &ledger.path);
            }
            for offence in offences {
                self.charge(commit, &ledger.path, &row.key.0, offence);
            }
        }
        closings
    }

    /// Rows of a ledger that enters history are accepted as they are, unless they were deleted before.
    fn entered(&mut self, commit: &Commit, row: &Entered, path: &str) {
        self.audited.entered += usize::from(self.is_judging && row.status != Status::Registered);
        self.remember_evidence(&row.evidence, &row.key, path);
        let description = Column::Description.heading();
        self.known.told.remove(&name(&row.key));
        if self.known.arrived.insert(name(&row.key), row.digest).is_some_and(|known| known != row.digest) {
            let message = "台账又一次入库，这一行与以前入库时不同，其间没有对照".to_owned();
            self.charge(commit, path, &row.key.0, commit_offence(&REENTERED_ROW, message));
        }
        let old = self.known.deleted.remove(&name(&row.key));
        let old = old.map(|mut cells| cells.remove(description).unwrap_or_default());
        if let Some(old) = old.filter(|old| *old != row.description) {
            self.charge(commit, path, &row.key.0, reuse(&old, &row.description));
        }
    }

    /// A row that was deleted comes back as another one.
    fn reused(&mut self, commit: &Commit, row: &RowStep) -> Option<Offence> {
        let new = row.row.as_ref()?;
        if !commit.is_merge() {
            self.known.told.remove(&name(&row.key));
            let digest = digest(new.text(Column::Description));
            if self.known.arrived.insert(name(&row.key), digest).is_some_and(|known| known != digest) {
                self.known.twins.insert(name(&row.key));
            }
        }
        let old = self.known.deleted.remove(&name(&row.key)).filter(|old| *old != cells(new))?;
        let description = Column::Description.heading();
        Some(reuse(old.get(description).map_or("", String::as_str), new.cell(description)))
    }

    /// A row that is gone. One that a branch has deleted was told there; one that cannot be read is not gone.
    fn vanished(
        &mut self,
        commit: &Commit,
        row: &RowStep,
        ledger: &Judged,
        arrivals: &FxHashMap<&Key, &str>,
    ) -> Option<Offence> {
        let old = row.row.as_deref().filter(|_| ledger.step.unread == 0)?;
        let status = old.cell(Column::Status.heading()).to_owned();
        self.known.deleted.insert(name(&row.key), cells(old));
        if !self.known.told.insert(name(&row.key)) && commit.is_merge() {
            return None;
        }
        let elsewhere = arrivals.get(&row.key).filter(|path| **path != ledger.path);
        let message = elsewhere.map_or("行被删除".to_owned(), |path| format!("行被移到 {path}"));
        let field = Column::Status.heading().to_owned();
        Some(Offence { before: status, field, ..commit_offence(&DELETED_ROW, message) })
    }

    /// Two branches gave one 编号 to two problems, and a merge kept one of them.
    fn lost_twin(&self, row: &RowStep) -> Option<Offence> {
        let (was, is) = row.retold.as_ref().filter(|_| self.known.twins.contains(&name(&row.key)))?;
        let message = "两个分支把这个编号给了两个问题，合并后只剩一个".to_owned();
        Some(Offence { message, ..reuse(was, is) })
    }

    /// Application and then sign-off or write-off by the same person.
    fn same_hand(&mut self, commit: &Commit, row: &RowStep) -> Option<Offence> {
        if row.is == Some(Status::Applied) && row.was != Some(Status::Applied) {
            self.known.applicants.insert(name(&row.key), commit.email.to_string());
            return row.is_signed.then(|| same_hand_offence("申请和签字在同一次提交里".to_owned()));
        }
        let closes = row.was == Some(Status::Applied) && row.is == Some(Status::Closed);
        let hands = [&*commit.email, &*commit.committer_email];
        let is_same =
            self.known.applicants.get(&name(&row.key)).is_some_and(|email| hands.contains(&email.as_str()));
        if row.is != Some(Status::Applied) {
            self.known.applicants.remove(&name(&row.key));
        }
        let what = if closes { "销号" } else { "签字" };
        let message = format!("申请和{what}都由 {} 提交", commit.author);
        (is_same && (closes || row.is_signed)).then(|| same_hand_offence(message))
    }

    fn remember_evidence(&mut self, evidence: &str, key: &Key, ledger: &str) {
        for path in cited_paths(evidence, ledger) {
            self.known.evidence.entry(path).or_default().insert(key.clone());
        }
    }

    /// A row that is returned lost its sign-offs: nobody vouches for its evidence any longer.
    fn forget_evidence(&mut self, ledger: &Judged) {
        let is_returned =
            |row: &&RowStep| row.was == Some(Status::Applied) && row.is == Some(Status::Underway);
        for row in ledger.step.rows.iter().filter(is_returned) {
            for path in cited_paths(&row.evidence, &ledger.path) {
                if let Some(rows) = self.known.evidence.get_mut(&path) {
                    rows.remove(&row.key);
                }
            }
        }
    }

    /// Evidence of rows that are signed for or written off stays as it was. A merge answers for what no parent shows.
    fn evidence(&mut self, commit: &Commit, all: &[Vec<FileChange>]) {
        let Some((first, others)) = all.split_first() else { return };
        let is_own = |change: &&FileChange| {
            change.old.is_some()
                && others.iter().all(|side| side.iter().any(|other| other.path == change.path))
        };
        for change in first.iter().filter(is_own) {
            if let Some((id, _)) = self.known.evidence.get(&change.path).and_then(BTreeSet::first).cloned() {
                let what = if change.new.is_some() { "改动" } else { "删除" };
                let message = format!("已签字或已销号问题的佐证被{what}");
                self.charge(commit, &change.path, &id, commit_offence(&CHANGED_EVIDENCE, message));
            }
        }
    }

    /// Many write-offs in one commit, or in the last days of a stage.
    fn bursts(&mut self, step: &Step, configuration: &Configuration, closings: &BTreeMap<u16, u32>) {
        let policy = &configuration.workspace.settings.policy;
        let former = step.former.as_deref().map(|former| &former.workspace.settings.policy);
        let most =
            former.map_or(policy.burst_closings, |former| former.burst_closings.min(policy.burst_closings));
        let total: u32 = closings.values().sum();
        if total > most {
            let message = format!("一次提交销号 {total} 个，超过 {most} 个");
            self.charge(step.commit, "", "", commit_offence(&BURST_CLOSING, message));
        }
        for (campaign, count) in closings.iter().filter(|(_, count)| **count > 0) {
            let campaign = configuration.workspace.campaign(*campaign);
            self.rush(step.commit, campaign, *count, most, policy.stage_end_days);
        }
    }

    /// Told once for each stage, when there are too many.
    fn rush(&mut self, commit: &Commit, campaign: &Campaign, count: u32, most: u32, days: u32) {
        let begins = |end: NaiveDate| end.checked_sub_days(Days::new(days.into())).unwrap_or(end);
        let ending = |end: NaiveDate| begins(end) < commit.committed && commit.committed <= end;
        for stage in campaign.stages.iter().filter(|stage| ending(stage.end)) {
            let closed = self.known.rushes.entry(format!("{}/{}", campaign.id, stage.id)).or_default();
            let before = *closed;
            *closed += count;
            if before <= most && before + count > most {
                let message = format!(
                    "{}的{}最后 {days} 天（{} 止）里已销号 {} 个，超过 {most} 个",
                    campaign.name,
                    stage.name,
                    stage.end,
                    before + count
                );
                self.charge(commit, "", "", commit_offence(&STAGE_END_RUSH, message));
            }
        }
    }
}

fn moved(commit: &Commit, folder: &str) -> String {
    let folder = if folder.is_empty() { "仓库最上层" } else { folder };
    let (short, day) = (commit.short(), commit.committed);
    format!(
        "{short} {day}：工作区由 {folder} 移来，移动前后没有对照；移动以前的历史，取出移动前的提交另行核验"
    )
}

/// Where the rows of a commit came in.
fn arrivals(ledgers: &[Judged]) -> FxHashMap<&Key, &str> {
    let mut arrivals = FxHashMap::default();
    for ledger in ledgers {
        let rows = ledger.step.rows.iter().filter(|row| row.was.is_none());
        arrivals.extend(rows.map(|row| (&row.key, ledger.path.as_str())));
    }
    arrivals
}

fn begun_again(commit: &Commit) -> String {
    let (short, day) = (commit.short(), commit.committed);
    format!("{short} {day}：工作区在这里又从头开始，没有以前的可以对照（合并了不相干的历史？）")
}

/// A short mark of what somebody wrote.
fn digest(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

fn same_hand_offence(message: String) -> Offence {
    let field = Column::Status.heading().to_owned();
    Offence { field, ..commit_offence(&CLOSED_BY_APPLICANT, message) }
}

/// `./佐证//一.jpg` is 佐证/一.jpg.
fn resolved(path: &str) -> String {
    let mut parts: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn reuse(before: &str, after: &str) -> Offence {
    Offence {
        before: before.to_owned(),
        after: after.to_owned(),
        field: Column::Id.heading().to_owned(),
        ..commit_offence(&REUSED_ID, "删除过的编号又用在不同的内容上".to_owned())
    }
}

fn commit_offence(rule: &'static Rule, message: String) -> Offence {
    Offence { rule, field: String::new(), before: String::new(), after: String::new(), message }
}
