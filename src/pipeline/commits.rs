//! The commits of a history with what was in force, and the ledgers that they changed, file by file.

use crate::history::versions::Records;
use crate::load::workspace::{self, Configuration};
use crate::model::unit::UnitIx;
use crate::source::disk::MARKER;
use crate::source::history::{Commit, FileChange, History, Version};
use anyhow::Result;
use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Commits whose changes are in memory together.
const BATCH: usize = 2048;

/// Seconds by which an honest clock may be behind.
const DAY: i64 = 24 * 60 * 60;

/// The settings, units and plans in force; none where they could not be read.
type InForce = Option<Arc<Configuration>>;

/// A commit with the files that it changed, against each parent.
pub struct Step<'c> {
    pub commit: &'c Commit,
    pub configuration: InForce,
    /// What was in force before, where this commit changed it.
    pub former: InForce,
    /// What was in force before, at each parent, as last readable; its own where the workspace begins.
    pub before: Vec<InForce>,
    /// The ancestor that was committed last: when, and on which day; none where a parent is older than that one already.
    pub latest: Option<(i64, NaiveDate)>,
    /// The workspace begins here, though it had begun elsewhere before.
    pub begins_again: bool,
    /// Where the workspace stood before this commit moved it.
    pub moved_from: Option<String>,
    /// One list for each parent; one against nothing for a first commit.
    pub changes: Vec<Vec<FileChange>>,
}

/// Goes through the commits, parents first, and knows what was in force at each.
pub struct Walk<'c> {
    history: &'c History,
    commits: &'c [Commit],
    /// Of the commits gone through so far.
    in_force: Vec<InForce>,
    /// The same, or what was last readable before.
    readable: Vec<InForce>,
    /// Of each commit gone through, the latest time of it and its ancestors, and the day.
    clocks: Vec<(i64, NaiveDate)>,
    /// What was read last, and from which files.
    last: Option<(Vec<(String, Version)>, InForce)>,
}

impl<'c> Walk<'c> {
    pub fn new(history: &'c History, commits: &'c [Commit]) -> Walk<'c> {
        Walk { history, commits, in_force: vec![], readable: vec![], clocks: vec![], last: None }
    }

    /// The next commits; none when all have been gone through.
    pub fn next_batch(&mut self) -> Result<Option<Vec<Step<'c>>>> {
        let start = self.in_force.len();
        let batch = start..self.commits.len().min(start + BATCH);
        if batch.is_empty() {
            return Ok(None);
        }
        let changes = self.changes(batch.clone())?;
        let steps = batch.zip(changes).map(|(ix, changes)| {
            let commit = &self.commits[ix];
            let (former, configuration) = self.configuration(ix, &changes)?;
            let before = self.before(commit, &configuration, &changes);
            self.in_force.push(configuration.clone());
            self.readable.push(configuration.clone().or_else(|| before.first().cloned().flatten()));
            let own = (commit.seconds, commit.committed);
            self.clocks.push(commit.parents.iter().map(|parent| self.clocks[*parent]).fold(own, Ord::max));
            let latest = self.latest(commit);
            let begins_again = self.begins_again(ix);
            let moved_from = self.moved_from(commit, &changes)?;
            Ok(Step { commit, configuration, former, before, latest, begins_again, moved_from, changes })
        });
        Ok(Some(steps.collect::<Result<_>>()?))
    }

    /// What is in force at the last commit gone through.
    pub fn in_force(&self) -> Option<&Configuration> {
        self.in_force.last()?.as_deref()
    }

    /// Newest first within each part: git stores an older version as its difference from a newer one.
    fn changes(&self, batch: Range<usize>) -> Result<Vec<Vec<Vec<FileChange>>>> {
        let (shared, commits) = (self.history.share(), self.commits);
        let share = batch.len().div_ceil(rayon::current_num_threads()).max(1);
        let parts: Vec<&[Commit]> = self.commits[batch].chunks(share).collect();
        let found = parts.into_par_iter().map(|part| {
            let history = shared.open();
            let each = part.iter().rev().map(|commit| changes_of(&history, commits, commit));
            let mut found = each.collect::<Result<Vec<_>>>()?;
            found.reverse();
            Ok(found)
        });
        Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// What was in force before, if that was another, and what is in force now.
    fn configuration(&mut self, ix: usize, changes: &[Vec<FileChange>]) -> Result<(InForce, InForce)> {
        let parent = self.commits[ix].parents.first();
        if let Some(parent) = parent.filter(|_| !changes[0].iter().any(|change| is_setting(&change.path))) {
            return Ok((None, self.in_force[*parent].clone()));
        }
        let former = parent.and_then(|parent| self.readable[*parent].clone());
        Ok((former, self.read_configuration(ix)?))
    }

    /// Nobody can have been in force where the workspace begins: its first commit is judged by its own settings.
    fn before(&self, commit: &Commit, own: &InForce, changes: &[Vec<FileChange>]) -> Vec<InForce> {
        let begins = |change: &FileChange| {
            change.old.is_none() && [MARKER, super::UNITS].contains(&change.path.as_str())
        };
        let of = |(at, changes): (usize, &Vec<FileChange>)| match commit.parents.get(at) {
            Some(parent) if !changes.iter().any(begins) => self.readable[*parent].clone(),
            _ => own.clone(),
        };
        changes.iter().enumerate().map(of).collect()
    }

    /// Told once, where the clock falls behind: what follows a wrong clock is not wrong as well.
    fn latest(&self, commit: &Commit) -> Option<(i64, NaiveDate)> {
        let latest = commit.parents.iter().map(|parent| self.clocks[*parent]).max()?;
        let is_behind = |parent: &usize| latest.0.saturating_sub(self.commits[*parent].seconds) > DAY;
        (!commit.parents.iter().any(is_behind)).then_some(latest)
    }

    fn begins_again(&self, ix: usize) -> bool {
        let commit = &self.commits[ix];
        let is_first = commit.parents.is_empty() && !commit.is_base;
        is_first && self.in_force[ix].is_some() && self.in_force[..ix].iter().any(Option::is_some)
    }

    fn moved_from(&self, commit: &Commit, changes: &[Vec<FileChange>]) -> Result<Option<String>> {
        for (parent, changes) in commit.parents.iter().zip(changes) {
            let begins = |change: &FileChange| change.old.is_none() && change.path == MARKER;
            if changes.iter().any(begins)
                && let Some(folder) = self.history.moved_from(&self.commits[*parent], commit)?
            {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }

    fn read_configuration(&mut self, ix: usize) -> Result<InForce> {
        let commit = &self.commits[ix];
        let mut files = self.history.files(commit, "campaigns")?;
        files.extend(self.history.files(commit, "")?);
        files.retain(|(path, _)| is_setting(path));
        if let Some((_, known)) = self.last.as_ref().filter(|(read, _)| *read == files) {
            return Ok(known.clone());
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
        let says = read.filter(|configuration| !configuration.is_broken).map(Arc::new);
        self.last = Some((files, says.clone()));
        Ok(says)
    }
}

/// The files that a commit changed, against each parent.
fn changes_of(history: &History, commits: &[Commit], commit: &Commit) -> Result<Vec<Vec<FileChange>>> {
    if commit.is_base {
        return Ok(vec![]);
    }
    if commit.parents.is_empty() {
        return Ok(vec![history.changes(None, commit)?]);
    }
    commit.parents.iter().map(|parent| history.changes(Some(&commits[*parent]), commit)).collect()
}

/// What one commit did to one ledger: its version now, and the version of each parent that has another.
#[derive(Debug)]
struct LedgerChange {
    step: usize,
    new: Option<Version>,
    /// Place of the parent, and its version.
    old: Vec<(usize, Option<Version>)>,
}

/// A ledger in one commit, and in each parent that has another version of it.
pub struct Compared<'r> {
    /// Place of the commit among the steps.
    pub step: usize,
    pub path: &'r str,
    /// None where the encoding is unknown.
    pub new: Option<&'r Records>,
    /// Place of the parent and its version: absent there, or not to be decoded.
    pub old: Vec<(usize, OldVersion)>,
}

/// A parent's version of a ledger.
#[derive(Clone)]
pub enum OldVersion {
    Absent,
    Undecoded,
    Read(Rc<Records>),
}

impl OldVersion {
    pub fn records(&self) -> Option<&Records> {
        if let OldVersion::Read(records) = self { Some(records) } else { None }
    }
}

/// Shows every change of a ledger to `visit`, ledgers in parallel, and gives back what it made of each commit's changes,
/// in the order of the paths. `visit` has a memory of its own for each ledger; `on_ledger` is told how many of how many are done.
pub fn each_change<'s, 'c, M: Default, T: Send>(
    history: &History,
    steps: &'s [Step<'c>],
    wanted: impl Fn(&str) -> bool,
    on_ledger: impl Fn(usize, usize) + Sync,
    visit: impl Fn(&mut M, &'s Step<'c>, Compared) -> T + Sync,
) -> Result<Vec<Vec<T>>> {
    let mut ledgers: Vec<(&str, Vec<LedgerChange>)> = by_ledger(steps, wanted).into_iter().collect();
    ledgers.sort_by_key(|(path, changes)| (std::cmp::Reverse(changes.len()), *path));
    let (shared, done) = (history.share(), AtomicUsize::new(0));
    let made = ledgers.par_iter().map_init(
        || shared.open(),
        |history, (path, changes)| {
            let made = one_ledger(history, steps, path, changes, &visit);
            on_ledger(done.fetch_add(1, Ordering::Relaxed) + 1, ledgers.len());
            made
        },
    );
    let mut made: Vec<(usize, &str, T)> = made.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    made.sort_by_key(|(step, path, _)| (*step, *path));
    let mut by_step: Vec<Vec<T>> = steps.iter().map(|_| vec![]).collect();
    for (step, _, one) in made {
        by_step[step].push(one);
    }
    Ok(by_step)
}

fn by_ledger<'s>(steps: &'s [Step], wanted: impl Fn(&str) -> bool) -> FxHashMap<&'s str, Vec<LedgerChange>> {
    let mut ledgers: FxHashMap<&str, Vec<LedgerChange>> = FxHashMap::default();
    for (ix, step) in steps.iter().enumerate() {
        for (side, changes) in step.changes.iter().enumerate() {
            for change in changes.iter().filter(|change| wanted(&change.path)) {
                let ledger = ledgers.entry(&change.path).or_default();
                match ledger.last_mut().filter(|last| last.step == ix) {
                    Some(same) => same.old.push((side, change.old)),
                    None => {
                        let old = vec![(side, change.old)];
                        ledger.push(LedgerChange { step: ix, new: change.new, old });
                    }
                }
            }
        }
    }
    ledgers
}

/// Newest first: git stores an older version as its difference from a newer one, and what a commit starts from is mostly
/// what the one before it left.
fn one_ledger<'s, 'c, 'p, M: Default, T>(
    history: &History,
    steps: &'s [Step<'c>],
    path: &'p str,
    changes: &[LedgerChange],
    visit: &impl Fn(&mut M, &'s Step<'c>, Compared) -> T,
) -> Result<Vec<(usize, &'p str, T)>> {
    let mut memory = M::default();
    let mut last: Option<(Version, OldVersion)> = None;
    let mut read = |version: Option<Version>| -> Result<OldVersion> {
        let Some(version) = version else { return Ok(OldVersion::Absent) };
        if let Some((_, known)) = last.as_ref().filter(|(known, _)| *known == version) {
            return Ok(known.clone());
        }
        let like = last.as_ref().and_then(|(_, last)| last.records());
        let records = Records::of(history.read(version)?, like);
        let read = records.map_or(OldVersion::Undecoded, |records| OldVersion::Read(Rc::new(records)));
        last = Some((version, read.clone()));
        Ok(read)
    };
    let mut made = vec![];
    for change in changes.iter().rev().filter(|change| change.new.is_some()) {
        let new = read(change.new)?;
        let old = change.old.iter().rev().map(|(side, old)| Ok((*side, read(*old)?)));
        let mut old = old.collect::<Result<Vec<_>>>()?;
        old.reverse();
        let compared = Compared { step: change.step, path, new: new.records(), old };
        made.push((change.step, path, visit(&mut memory, &steps[change.step], compared)));
    }
    Ok(made)
}

/// `ledgers/<campaign>/<unit>.csv`
pub fn is_ledger(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("ledgers/")
        && path.matches('/').count() == 2
        && path.ends_with(".csv")
        && !name.starts_with('_')
}

/// The files in which the settings, the units and the plans stand.
pub fn is_setting(path: &str) -> bool {
    let is_plan = |rest: &str| !rest.contains('/') && rest.ends_with(".toml");
    path == MARKER || path == super::UNITS || path.strip_prefix("campaigns/").is_some_and(is_plan)
}

pub fn home(configuration: &Configuration, path: &str) -> Option<(u16, UnitIx)> {
    let mut parts = path.strip_suffix(".csv")?.split('/').skip(1);
    let (campaign, unit) = (parts.next()?, parts.next()?);
    let workspace = &configuration.workspace;
    let campaign = workspace.campaigns.iter().position(|desk| desk.campaign.id == campaign)?;
    let unit = workspace.register.units.iter().position(|known| known.id == unit)?;
    Some((campaign as u16, unit as UnitIx))
}
