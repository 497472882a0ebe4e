//! The commits of a history with the ledgers that they changed, row by row, and what was in force.

use crate::edit::text::LedgerText;
use crate::history::life::Event;
use crate::history::versions::{Differing, differing};
use crate::load::ledger::Origin;
use crate::load::workspace::{self, Configuration};
use crate::model::column::Column;
use crate::model::unit::UnitIx;
use crate::source::disk::MARKER;
use crate::source::history::{CannotVerify, Commit, FileChange, History, Version};
use anyhow::Result;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// 编号 and 轮次.
pub type Key = (String, u16);

/// Commits whose ledgers are compared at once, file by file on all cores: their rows are in memory together.
pub const BATCH: usize = 256;

/// What every commit did to one issue, whose ledger stands at `path`, up to a revision or HEAD.
pub fn life(history: &History, path: &str, id: &str, revision: Option<&str>) -> Result<Vec<Event>> {
    let commits = history.commits(revision)?;
    let mut reader = Reader::new(history);
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
pub struct Step<'c> {
    pub commit: &'c Commit,
    /// None where no ledger changed, or the settings could not be read.
    pub configuration: Option<Arc<Configuration>>,
    pub changes: Vec<Vec<FileChange>>,
    pub sides: Vec<Vec<Compared>>,
    /// What could not be looked at.
    pub unverified: Vec<String>,
}

/// A ledger in one commit and one of its parents.
pub struct Compared {
    pub path: String,
    pub rows: Differing,
    /// The ledger enters the history.
    pub is_new: bool,
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

    pub fn keys(&self) -> Vec<&Key> {
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
pub fn steps<'c>(
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
pub struct Reader<'h> {
    history: &'h History,
    configured: Option<Configured>,
}

/// The configuration in force, and what it was read from.
struct Configured {
    files: Vec<(String, Version)>,
    says: Arc<Configuration>,
}

impl<'h> Reader<'h> {
    pub fn new(history: &'h History) -> Reader<'h> {
        Reader { history, configured: None }
    }

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

/// `ledgers/<campaign>/<unit>.csv`
pub fn is_ledger(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("ledgers/")
        && path.matches('/').count() == 2
        && path.ends_with(".csv")
        && !name.starts_with('_')
}

pub fn home(configuration: &Configuration, path: &str) -> Option<(u16, UnitIx)> {
    let mut parts = path.trim_end_matches(".csv").split('/').skip(1);
    let (campaign, unit) = (parts.next()?, parts.next()?);
    let workspace = &configuration.workspace;
    let campaign = workspace.campaigns.iter().position(|desk| desk.campaign.id == campaign)?;
    let unit = workspace.register.units.iter().position(|known| known.id == unit)?;
    Some((campaign as u16, unit as UnitIx))
}
