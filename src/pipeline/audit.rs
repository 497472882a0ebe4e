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
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
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

/// Audits a range of commits; all of them without one.
pub fn audit(history: &History, range: Option<&str>) -> Result<Audited> {
    let mut auditor = Auditor {
        history,
        last: LastVersions::default(),
        known: Known::default(),
        configured: None,
        audited: Audited::default(),
    };
    for commit in history.commits(range)? {
        auditor.commit(&commit)?;
    }
    Ok(auditor.audited)
}

/// What every commit did to one issue, whose ledger stands at `path`.
pub fn life(history: &History, path: &str, id: &str) -> Result<Vec<Event>> {
    let mut auditor = Auditor {
        history,
        last: LastVersions::default(),
        known: Known::default(),
        configured: None,
        audited: Audited::default(),
    };
    let mut events = vec![];
    for commit in history.commits(None)? {
        let mut sides = vec![];
        for base in commit.bases() {
            let changes = history.changes(&commit, base)?;
            let compared = match changes.iter().find(|change| change.path == path) {
                Some(change) if change.new.is_some() => auditor.compare(&commit, change)?,
                _ => None,
            };
            sides.push(compared);
        }
        // A merge did something of its own only where it differs from every parent.
        let [Some(first), others @ ..] = &sides[..] else { continue };
        let has = |side: &Option<Compared>, key: &Key| {
            side.as_ref()
                .is_some_and(|side| side.rows.before.contains_key(key) || side.rows.after.contains_key(key))
        };
        let mut keys: Vec<&Key> = first.rows.before.keys().chain(first.rows.after.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys.into_iter().filter(|key| key.0 == id && others.iter().all(|side| has(side, key))) {
            let who = (commit.short.as_str(), commit.author.as_str(), commit.committed);
            events.push(Event::new(who, key.1, first.rows.before.get(key), first.rows.after.get(key)));
        }
    }
    match auditor.audited.unverified.first() {
        Some(why) => Err(anyhow::Error::new(CannotVerify(why.clone()))),
        None => Ok(events),
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

/// The configuration in force at a commit.
struct Configured {
    commit: String,
    /// What it was read from.
    files: Vec<(String, Version)>,
    says: Rc<Configuration>,
}

/// Bytes of the last versions that are kept, since the next commit compares with them.
const REMEMBERED: usize = 48 << 20;

/// The last version of each ledger that was read.
#[derive(Default)]
struct LastVersions {
    by_path: FxHashMap<String, (Version, Rc<[u8]>)>,
    bytes: usize,
}

impl LastVersions {
    fn read(&mut self, history: &History, path: &str, version: Version) -> Result<Rc<[u8]>> {
        if let Some((known, bytes)) = self.by_path.get(path)
            && *known == version
        {
            return Ok(Rc::clone(bytes));
        }
        let bytes: Rc<[u8]> = history.read(version)?.into();
        if self.bytes + bytes.len() > REMEMBERED {
            (self.by_path, self.bytes) = (FxHashMap::default(), 0);
        }
        self.bytes += bytes.len();
        let before = self.by_path.insert(path.to_owned(), (version, Rc::clone(&bytes)));
        self.bytes -= before.map_or(0, |(_, bytes)| bytes.len());
        Ok(bytes)
    }
}

struct Auditor<'h> {
    history: &'h History,
    last: LastVersions,
    known: Known,
    configured: Option<Configured>,
    audited: Audited,
}

/// A ledger in one commit and one of its parents.
struct Compared {
    path: String,
    rows: Differing,
    is_new: bool,
}

impl Auditor<'_> {
    fn commit(&mut self, commit: &Commit) -> Result<()> {
        self.audited.commits += 1;
        let mut sides = vec![];
        for base in commit.bases() {
            let changes = self.history.changes(commit, base)?;
            self.evidence(commit, &changes);
            let mut compared = vec![];
            for change in changes.iter().filter(|change| is_ledger(&change.path)) {
                compared.extend(self.compare(commit, change)?);
            }
            sides.push(compared);
        }
        if sides.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let Some(configuration) = self.configuration(commit)? else { return Ok(()) };
        let mut closings = 0;
        for (side, compared) in sides.iter().enumerate() {
            for ledger in compared {
                closings += self.ledger(commit, &configuration, &sides, side, ledger);
            }
        }
        let most = configuration.workspace.settings.policy.burst_closings;
        if !commit.is_merge() && closings > most {
            let message = format!("一次提交销号 {closings} 个，超过 {most} 个");
            self.charge(commit, "", "", commit_offence(&BURST_CLOSING, message));
        }
        Ok(())
    }

    fn charge(&mut self, commit: &Commit, path: &str, id: &str, offence: Offence) {
        let (path, id) = (path.to_owned(), id.to_owned());
        self.audited.charges.push(Charge { commit: commit.clone(), path, id, offence });
    }

    /// The settings, units and plans in force at a commit; read anew only when one of the files changed.
    fn configuration(&mut self, commit: &Commit) -> Result<Option<Rc<Configuration>>> {
        if let Some(known) = self.configured.as_ref().filter(|known| known.commit == commit.short) {
            return Ok(Some(Rc::clone(&known.says)));
        }
        let mut files = self.history.files(commit, "campaigns")?;
        files.retain(|(path, _)| path.ends_with(".toml"));
        let beside = self.history.files(commit, "")?;
        files.extend(beside.into_iter().filter(|(path, _)| path == MARKER || path == super::UNITS));
        if let Some(known) = self.configured.as_mut().filter(|known| known.files == files) {
            known.commit.clone_from(&commit.short);
            return Ok(Some(Rc::clone(&known.says)));
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
            self.unverified(commit, "", "zxzz.toml 或 units.toml 没有或读不出来");
            return Ok(None);
        };
        let configuration = Rc::new(configuration);
        self.configured =
            Some(Configured { commit: commit.short.clone(), files, says: Rc::clone(&configuration) });
        Ok(Some(configuration))
    }

    fn unverified(&mut self, commit: &Commit, path: &str, why: &str) {
        let place = if path.is_empty() { String::new() } else { format!(" {path}") };
        self.audited.unverified.push(format!("{} {}{place}：{why}", commit.short, commit.committed));
    }

    /// The rows of one ledger that differ.
    fn compare(&mut self, commit: &Commit, change: &FileChange) -> Result<Option<Compared>> {
        let Some(new) = change.new else {
            if self.known.deleted_ledgers.insert(change.path.clone()) {
                let offence = commit_offence(&DELETED_LEDGER, "整份台账被删除或移走".to_owned());
                self.charge(commit, &change.path, "", offence);
            }
            return Ok(None);
        };
        self.known.deleted_ledgers.remove(&change.path);
        let Some(configuration) = self.configuration(commit)? else { return Ok(None) };
        let Some((campaign, unit)) = home(&configuration, &change.path) else {
            self.unverified(commit, &change.path, "没有这个专项或单位，台账未核验");
            return Ok(None);
        };
        let old = match change.old {
            Some(old) => self.last.read(self.history, &change.path, old)?,
            None => Rc::from([]),
        };
        let new = self.last.read(self.history, &change.path, new)?;
        let texts = (LedgerText::of(&change.path, &old), LedgerText::of(&change.path, &new));
        let (Ok(old), Ok(new)) = texts else {
            self.unverified(commit, &change.path, "编码认不出，台账未核验");
            return Ok(None);
        };
        let path: Arc<str> = change.path.as_str().into();
        let desk = &configuration.workspace.campaigns[usize::from(campaign)];
        let rows = differing(Origin { path: &path, campaign, unit, desk }, old.as_str(), new.as_str());
        self.audited.versions += 1;
        if rows.unread > 0 {
            self.unverified(commit, &change.path, &format!("有 {} 行读不出来", rows.unread));
        }
        Ok(Some(Compared { path: change.path.clone(), rows, is_new: change.old.is_none() }))
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
        let mut keys: Vec<&Key> = ledger.rows.before.keys().chain(ledger.rows.after.keys()).collect();
        keys.sort();
        keys.dedup();
        let mut closings = 0;
        for key in keys {
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
        let again = self.known.deleted.remove(key).filter(|old| !old.differences(after).is_empty());
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
