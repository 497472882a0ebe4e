//! The rules of `history/` over every commit, with every parent.

use super::authority::Authority;
use super::commits::{BATCH, Compared, Key, Reader, Step, home, is_ledger, steps};
use crate::check::missing_evidence::cited;
use crate::finding::{Rule, Severity};
use crate::history::rules::*;
use crate::history::step::{Offence, StepContext, added, changed};
use crate::history::versions::RowVersion;
use crate::load::workspace::Configuration;
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::source::history::{Commit, FileChange, History};
use anyhow::Result;
use rustc_hash::{FxHashMap, FxHashSet};

/// One thing that a commit did wrong.
#[derive(Debug)]
pub struct Charge {
    pub commit: Commit,
    pub path: String,
    pub id: String,
    pub offence: Offence,
}

/// What an audit saw.
#[derive(Debug, Default)]
pub struct Audited {
    pub charges: Vec<Charge>,
    pub commits: usize,
    /// Versions of ledgers that were compared.
    pub versions: usize,
    /// Rows that came into the history already under way, with their ledger.
    pub entered: usize,
    /// What could not be judged: never taken for clean.
    pub unverified: Vec<String>,
}

impl Audited {
    pub fn errors(&self) -> usize {
        self.charges.iter().filter(|charge| charge.offence.rule.severity == Severity::Error).count()
    }
}

/// Audits a range of commits; all of them without one.
pub fn audit(history: &History, range: Option<&str>) -> Result<Audited> {
    let commits = history.commits(range)?;
    let mut reader = Reader::new(history);
    let mut auditor = Auditor::default();
    let mut authority = Authority::default();
    for batch in commits.chunks(BATCH) {
        let mut steps = steps(&mut reader, batch, is_ledger, false)?;
        let unauthorised = authority.judge(&mut reader, &mut steps)?;
        for (step, charges) in steps.into_iter().zip(unauthorised) {
            auditor.step(step);
            auditor.audited.charges.extend(charges);
        }
    }
    Ok(auditor.audited)
}

/// What earlier commits have shown.
#[derive(Default)]
struct Known {
    deleted: FxHashMap<Key, RowVersion>,
    deleted_ledgers: FxHashSet<String>,
    /// Who committed the application.
    applicants: FxHashMap<Key, String>,
    /// Files that written-off rows cite.
    evidence: FxHashMap<String, String>,
}

#[derive(Default)]
struct Auditor {
    known: Known,
    audited: Audited,
}

impl Auditor {
    fn step(&mut self, step: Step) {
        let commit = step.commit;
        self.audited.commits += 1;
        self.audited.unverified.extend(step.unverified);
        for changes in &step.changes {
            self.evidence(commit, changes);
            self.ledgers_gone(commit, changes);
        }
        let Some(configuration) = &step.configuration else { return };
        let mut closings = 0;
        for (side, compared) in step.sides.iter().enumerate() {
            self.audited.versions += compared.len();
            for ledger in compared {
                closings += self.ledger(commit, configuration, &step.sides, side, ledger);
            }
        }
        let most = configuration.workspace.settings.policy.burst_closings;
        if !commit.is_merge() && closings > most {
            let message = format!("一次提交销号 {closings} 个，超过 {most} 个");
            self.charge(commit, "", "", commit_offence(&BURST_CLOSING, message));
        }
    }

    fn charge(&mut self, commit: &Commit, path: &str, id: &str, offence: Offence) {
        let (path, id) = (path.to_owned(), id.to_owned());
        self.audited.charges.push(Charge { commit: commit.clone(), path, id, offence });
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

    /// Judges the rows of one ledger against one parent; returns how many were written off.
    fn ledger(
        &mut self,
        commit: &Commit,
        configuration: &Configuration,
        sides: &[Vec<Compared>],
        side: usize,
        ledger: &Compared,
    ) -> u32 {
        let Some((campaign, _)) = home(configuration, &ledger.path) else { return 0 };
        let cx = StepContext {
            signoffs: &configuration.workspace.campaign(campaign).closure.signoffs,
            policy: &configuration.workspace.settings.policy,
            committed: commit.committed.max(commit.authored),
        };
        let mut closings = 0;
        for key in ledger.keys() {
            let (before, after) = (ledger.rows.before.get(key), ledger.rows.after.get(key));
            let mut offences = match (before, after) {
                (Some(before), Some(after)) => changed(before, after, cx),
                (None, Some(after)) => self.arrived(commit, key, after, ledger.is_new, cx),
                (Some(before), None) => self.vanished(key, before, &sides[side], &ledger.path),
                (None, None) => vec![],
            };
            if commit.is_merge() {
                offences.retain(|offence| is_of_the_merge(offence, key, sides, side, &ledger.path));
            } else if let Some(after) = after {
                let was = before.map(|row| row.issue.status);
                closings += u32::from(was != Some(Status::Closed) && after.issue.status == Status::Closed);
                offences.extend(self.same_hand(commit, key, was, after.issue.status));
                self.remember_evidence(after, &ledger.path);
            }
            for offence in offences {
                self.charge(commit, &ledger.path, &key.0, offence);
            }
        }
        closings
    }

    /// A row that was not there before. Rows of a ledger that enters history are accepted as they are.
    fn arrived(
        &mut self,
        commit: &Commit,
        key: &Key,
        after: &RowVersion,
        is_new: bool,
        cx: StepContext,
    ) -> Vec<Offence> {
        let description = Column::Description.heading();
        let is_other = |old: &RowVersion| match is_new {
            true => old.cell(description) != after.cell(description),
            false => !old.differences(after).is_empty(),
        };
        let again = self.known.deleted.remove(key).filter(is_other);
        let reused = again.map(|old| Offence {
            before: old.cell(Column::Description.heading()).to_owned(),
            after: after.cell(Column::Description.heading()).to_owned(),
            field: Column::Id.heading().to_owned(),
            rule: &REUSED_ID,
            message: "删除过的编号又用在不同的内容上".to_owned(),
        });
        let is_first = is_new || commit.is_merge();
        self.audited.entered += usize::from(is_new && after.issue.status != Status::Registered);
        let own = if is_first { vec![] } else { added(after, cx) };
        reused.into_iter().chain(own).collect()
    }

    /// A row that is gone. One that a branch has deleted was told there.
    fn vanished(&mut self, key: &Key, before: &RowVersion, side: &[Compared], path: &str) -> Vec<Offence> {
        if self.known.deleted.insert(key.clone(), before.clone()).is_some() {
            return vec![];
        }
        let elsewhere = side.iter().find(|other| other.path != path && other.rows.after.contains_key(key));
        let message = elsewhere.map_or("行被删除".to_owned(), |other| format!("行被移到 {}", other.path));
        vec![Offence {
            before: before.cell(Column::Status.heading()).to_owned(),
            field: Column::Status.heading().to_owned(),
            ..commit_offence(&DELETED_ROW, message)
        }]
    }

    /// Application and write-off by the same person.
    fn same_hand(&mut self, commit: &Commit, key: &Key, was: Option<Status>, is: Status) -> Option<Offence> {
        if is == Status::Applied && was != Some(Status::Applied) {
            self.known.applicants.insert(key.clone(), commit.email.clone());
        }
        let closes = is == Status::Closed && was == Some(Status::Applied);
        let same = closes && self.known.applicants.get(key) == Some(&commit.email);
        same.then(|| Offence {
            field: Column::Status.heading().to_owned(),
            ..commit_offence(&CLOSED_BY_APPLICANT, format!("申请和销号都由 {} 提交", commit.author))
        })
    }

    fn remember_evidence(&mut self, row: &RowVersion, ledger: &str) {
        if row.issue.status != Status::Closed {
            return;
        }
        let folder = ledger.rsplit_once('/').map_or("", |(folder, _)| folder);
        for file in cited(row.cell(Column::Evidence.heading())) {
            let file = file.replace('\\', "/");
            for path in [format!("{folder}/{file}"), file] {
                self.known.evidence.insert(path, row.id.clone());
            }
        }
    }

    /// Evidence of written-off rows stays as it was.
    fn evidence(&mut self, commit: &Commit, changes: &[FileChange]) {
        for change in changes.iter().filter(|change| change.old.is_some() && !commit.is_merge()) {
            if let Some(id) = self.known.evidence.get(&change.path).cloned() {
                let what = if change.new.is_some() { "改动" } else { "删除" };
                let message = format!("已销号问题的佐证被{what}");
                self.charge(commit, &change.path, &id, commit_offence(&CHANGED_EVIDENCE, message));
            }
        }
    }
}

/// In a merge a step that another parent had made already was judged there; only what no parent shows is the merge's own,
/// and a status that goes back is lost work wherever it comes from.
fn is_of_the_merge(offence: &Offence, key: &Key, sides: &[Vec<Compared>], side: usize, path: &str) -> bool {
    let rule = offence.rule.code;
    let others = sides.iter().enumerate().filter(|(other, _)| *other != side);
    let mut same_elsewhere = others.map(|(_, compared)| {
        let Some(ledger) = compared.iter().find(|ledger| ledger.path == path) else { return true };
        match (ledger.rows.before.get(key), ledger.rows.after.get(key)) {
            (None, None) => true,
            (Some(before), Some(after)) => before.cell(&offence.field) == after.cell(&offence.field),
            _ => false,
        }
    });
    let goes_back = [ILLEGAL_MOVE.code, DELETED_ROW.code].contains(&rule)
        || (rule == TOUCHED_CLOSED.code && offence.field == Column::Status.heading());
    let spans_branch = [CLOSED_AT_ONCE.code, LATER_THAN_COMMIT.code, BACKDATED.code].contains(&rule);
    goes_back || !same_elsewhere.any(|same| same) && !spans_branch
}

fn commit_offence(rule: &'static Rule, message: String) -> Offence {
    Offence { rule, field: String::new(), before: String::new(), after: String::new(), message }
}
