//! The rules of `history/` over every commit, with every parent.

use crate::check::missing_evidence::cited;
use crate::edit::text::LedgerText;
use crate::finding::{Rule, Severity};
use crate::history::life::Event;
use crate::history::rules::*;
use crate::history::step::{Offence, StepContext, added, changed};
use crate::history::versions::{Differing, RowVersion, differing};
use crate::load::ledger::Origin;
use crate::load::workspace::{self, Configuration};
use crate::model::column::Column;
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use crate::source::disk::MARKER;
use crate::source::history::{CannotVerify, Commit, FileChange, History, Version};
use anyhow::Result;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// 编号 and 轮次.
type Key = (String, u16);

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

/// Commits whose ledgers are compared at once, file by file on all cores: their rows are in memory together.
const BATCH: usize = 256;

/// Audits a range of commits; all of them without one.
pub fn audit(history: &History, range: Option<&str>) -> Result<Audited> {
    let commits = history.commits(range)?;
    let mut reader = Reader { history, configured: None };
    let mut auditor = Auditor::default();
    for batch in commits.chunks(BATCH) {
        for step in steps(&mut reader, batch, is_ledger, false)? {
            auditor.step(step);
        }
    }
    Ok(auditor.audited)
}

/// What every commit did to one issue, whose ledger stands at `path`.
pub fn life(history: &History, path: &str, id: &str) -> Result<Vec<Event>> {
    let commits = history.commits(None)?;
    let mut reader = Reader { history, configured: None };
    let mut events = vec![];
    for batch in commits.chunks(BATCH) {
        for step in steps(&mut reader, batch, |changed| changed == path, true)? {
            if let Some(why) = step.unverified.first() {
                return Err(anyhow::Error::new(CannotVerify(why.clone())));
            }
            events.extend(step.events(id));
        }
    }
    Ok(events)
}

/// A commit with the ledgers that it changed, against each parent.
struct Step<'c> {
    commit: &'c Commit,
    configuration: Option<Arc<Configuration>>,
    changes: Vec<Vec<FileChange>>,
    sides: Vec<Vec<Compared>>,
    unverified: Vec<String>,
}

/// A ledger in one commit and one of its parents.
struct Compared {
    path: String,
    rows: Differing,
    is_new: bool,
}

impl Compared {
    fn has(&self, key: &Key) -> bool {
        self.rows.before.contains_key(key) || self.rows.after.contains_key(key)
    }

    /// Of the rows of a ledger that enters history little is asked; there may be very many.
    fn reduce(&mut self) {
        let kept: Arc<[String]> = [Column::Description, Column::Evidence, Column::Status]
            .map(|column| column.heading().to_owned())
            .into();
        self.rows.after.values_mut().for_each(|row| row.reduce(&kept));
    }

    fn keys(&self) -> Vec<&Key> {
        let mut keys: Vec<&Key> = self.rows.before.keys().chain(self.rows.after.keys()).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

impl Step<'_> {
    /// What happened to one issue. A merge did something of its own only where it differs from every parent.
    fn events(&self, id: &str) -> Vec<Event> {
        let Some((first, others)) = self.sides.split_first() else { return vec![] };
        let commit = self.commit;
        let who = (commit.short.as_str(), commit.author.as_str(), commit.committed);
        let mut events = vec![];
        for ledger in first {
            let is_own =
                |key: &&Key| key.0 == id && others.iter().all(|side| side.iter().any(|other| other.has(key)));
            for key in ledger.keys().into_iter().filter(is_own) {
                events.push(Event::new(who, key.1, ledger.rows.before.get(key), ledger.rows.after.get(key)));
            }
        }
        events
    }
}

/// One ledger to compare: its place among the steps, and what to compare it by.
struct Job<'j> {
    step: usize,
    side: usize,
    commit: &'j Commit,
    change: &'j FileChange,
    configuration: &'j Configuration,
    /// Whether all cells of a ledger that enters history are wanted.
    is_whole: bool,
}

/// What came of a job.
struct Comparison {
    step: usize,
    side: usize,
    compared: Option<Compared>,
    unverified: Option<String>,
}

/// Finds what each commit changed, then compares file by file: the versions of one file are read together and in order.
fn steps<'c>(
    reader: &mut Reader,
    commits: &'c [Commit],
    wanted: impl Fn(&str) -> bool,
    is_whole: bool,
) -> Result<Vec<Step<'c>>> {
    let mut steps =
        commits.iter().map(|commit| reader.step(commit, &wanted)).collect::<Result<Vec<Step>>>()?;
    let mut by_path: FxHashMap<&str, Vec<Job>> = FxHashMap::default();
    for (ix, step) in steps.iter().enumerate() {
        let Some(configuration) = &step.configuration else { continue };
        for (side, changes) in step.changes.iter().enumerate() {
            for change in changes.iter().filter(|change| wanted(&change.path) && change.new.is_some()) {
                let job = Job { step: ix, side, commit: step.commit, change, configuration, is_whole };
                by_path.entry(&change.path).or_default().push(job);
            }
        }
    }
    let shared = reader.history.share();
    let files: Vec<Vec<Job>> = by_path.into_values().collect();
    let compared: Vec<Vec<Comparison>> = files
        .par_iter()
        .map_init(|| shared.open(), |history, jobs| compare(history, jobs))
        .collect::<Result<_>>()?;
    for one in compared.into_iter().flatten() {
        let step = &mut steps[one.step];
        step.sides[one.side].extend(one.compared);
        step.unverified.extend(one.unverified);
    }
    for side in steps.iter_mut().flat_map(|step| &mut step.sides) {
        side.sort_by(|a, b| a.path.cmp(&b.path));
    }
    Ok(steps)
}

/// Compares the versions of one file, in the order of the commits.
fn compare(history: &History, jobs: &[Job]) -> Result<Vec<Comparison>> {
    // The next commit mostly starts from what this one left.
    let mut last: Option<(Version, Vec<u8>)> = None;
    let mut comparisons = vec![];
    for job in jobs {
        let mut read = |version: Option<Version>| match (version, &mut last) {
            (None, _) => Ok(vec![]),
            (Some(version), Some((known, bytes))) if *known == version => Ok(std::mem::take(bytes)),
            (Some(version), _) => history.read(version),
        };
        let (old, new) = (read(job.change.old)?, read(job.change.new)?);
        comparisons.push(job.compare(&old, &new));
        last = job.change.new.map(|version| (version, new));
    }
    Ok(comparisons)
}

impl Job<'_> {
    /// The rows of one ledger that differ.
    fn compare(&self, old: &[u8], new: &[u8]) -> Comparison {
        let path = &self.change.path;
        let outcome = |compared, why: Option<String>| Comparison {
            step: self.step,
            side: self.side,
            compared,
            unverified: why.map(|why| unverified(self.commit, path, &why)),
        };
        let Some((campaign, unit)) = home(self.configuration, path) else {
            return outcome(None, Some("没有这个专项或单位，台账未核验".to_owned()));
        };
        let (Ok(old), Ok(new)) = (LedgerText::of(path, old), LedgerText::of(path, new)) else {
            return outcome(None, Some("编码认不出，台账未核验".to_owned()));
        };
        let origin_path: Arc<str> = path.as_str().into();
        let desk = &self.configuration.workspace.campaigns[usize::from(campaign)];
        let rows = differing(Origin { path: &origin_path, campaign, unit, desk }, old.as_str(), new.as_str());
        let unread = (rows.unread > 0).then(|| format!("有 {} 行读不出来", rows.unread));
        let mut compared = Compared { path: path.clone(), rows, is_new: self.change.old.is_none() };
        if compared.is_new && !self.is_whole {
            compared.reduce();
        }
        outcome(Some(compared), unread)
    }
}

fn unverified(commit: &Commit, path: &str, why: &str) -> String {
    let place = if path.is_empty() { String::new() } else { format!(" {path}") };
    format!("{} {}{place}：{why}", commit.short, commit.committed)
}

/// Reads what commits changed and what was in force.
struct Reader<'h> {
    history: &'h History,
    configured: Option<Configured>,
}

/// The configuration in force, and what it was read from.
struct Configured {
    files: Vec<(String, Version)>,
    says: Arc<Configuration>,
}

impl Reader<'_> {
    fn step<'c>(&mut self, commit: &'c Commit, wanted: &impl Fn(&str) -> bool) -> Result<Step<'c>> {
        let bases = commit.bases();
        let changes = bases
            .iter()
            .map(|base| self.history.changes(commit, *base))
            .collect::<Result<Vec<Vec<FileChange>>>>()?;
        let sides = bases.iter().map(|_| vec![]).collect();
        let mut step = Step { commit, configuration: None, changes, sides, unverified: vec![] };
        if step.changes.iter().flatten().any(|change| wanted(&change.path)) {
            step.configuration = self.configuration(commit)?;
            if step.configuration.is_none() {
                step.unverified.push(unverified(commit, "", "zxzz.toml 或 units.toml 没有或读不出来"));
            }
        }
        Ok(step)
    }

    /// The settings, units and plans in force at a commit; read anew only when one of the files changed.
    fn configuration(&mut self, commit: &Commit) -> Result<Option<Arc<Configuration>>> {
        let mut files = self.history.files(commit, "campaigns")?;
        files.retain(|(path, _)| path.ends_with(".toml"));
        let beside = self.history.files(commit, "")?;
        files.extend(beside.into_iter().filter(|(path, _)| path == MARKER || path == super::UNITS));
        if let Some(known) = self.configured.as_ref().filter(|known| known.files == files) {
            return Ok(Some(Arc::clone(&known.says)));
        }
        let mut campaigns = vec![];
        let (mut settings, mut units) = (None, None);
        for (path, version) in &files {
            let file = (path.clone(), self.history.read(*version)?);
            match path.as_str() {
                MARKER => settings = Some(file),
                path if path == super::UNITS => units = Some(file),
                _ => campaigns.push(file),
            }
        }
        let read =
            settings.zip(units).map(|(settings, units)| workspace::read(&settings, &units, &campaigns));
        let Some(configuration) = read.filter(|configuration| !configuration.is_broken) else {
            return Ok(None);
        };
        let says = Arc::new(configuration);
        self.configured = Some(Configured { files, says: Arc::clone(&says) });
        Ok(Some(says))
    }
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

/// `ledgers/<campaign>/<unit>.csv`
fn is_ledger(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("ledgers/")
        && path.matches('/').count() == 2
        && path.ends_with(".csv")
        && !name.starts_with('_')
}

fn home(configuration: &Configuration, path: &str) -> Option<(u16, UnitIx)> {
    let mut parts = path.trim_end_matches(".csv").split('/').skip(1);
    let (campaign, unit) = (parts.next()?, parts.next()?);
    let workspace = &configuration.workspace;
    let campaign = workspace.campaigns.iter().position(|desk| desk.campaign.id == campaign)?;
    let unit = workspace.register.units.iter().position(|known| known.id == unit)?;
    Some((campaign as u16, unit as UnitIx))
}
