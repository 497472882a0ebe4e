//! The commits of the repository around a workspace, read without checkout and without the git binary.

use super::disk::Tree;
use anyhow::{Result, anyhow};
use chrono::{DateTime, NaiveDate};
use gix::ObjectId;
use gix::objs::TreeRefIter;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// Why the history proves nothing: never taken for a clean one.
#[derive(Debug)]
pub struct CannotVerify(pub String);

impl std::fmt::Display for CannotVerify {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "不能核验：{}", self.0)
    }
}

impl std::error::Error for CannotVerify {}

/// The history of a workspace; paths are relative to the workspace, with forward slashes.
pub struct History {
    pub(super) repo: gix::Repository,
    /// Folders from the top of the repository down to the workspace.
    below: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Commit {
    pub(super) id: ObjectId,
    parents: Vec<ObjectId>,
    /// First eight digits of the id.
    pub short: String,
    pub author: String,
    /// Tells two people of one name apart.
    pub email: String,
    /// Days on the author's and the committer's own clocks.
    pub authored: NaiveDate,
    pub committed: NaiveDate,
    pub subject: String,
}

impl Commit {
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }

    /// Changes to look at: against each parent, or against nothing for a first commit.
    pub fn bases(&self) -> Vec<Base> {
        match self.parents[..] {
            [] => vec![Base(None)],
            _ => self.parents.iter().map(|parent| Base(Some(*parent))).collect(),
        }
    }
}

/// What a commit is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Base(Option<ObjectId>);

/// A version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version(ObjectId);

/// A file that differs between a commit and its base.
#[derive(Debug)]
pub struct FileChange {
    pub path: String,
    pub old: Option<Version>,
    pub new: Option<Version>,
}

/// A history that threads can open for themselves.
pub struct SharedHistory {
    repo: gix::ThreadSafeRepository,
    below: Vec<String>,
}

impl SharedHistory {
    pub fn open(&self) -> History {
        let mut repo = self.repo.to_thread_local();
        repo.object_cache_size_if_unset(8 << 20);
        History { repo, below: self.below.clone() }
    }
}

fn cannot(why: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(CannotVerify(why.into()))
}

impl History {
    pub fn open(tree: &Tree) -> Result<History> {
        let root = tree.full("");
        let mut repo = genuine(&root).ok_or_else(|| cannot("工作区不在 git 仓库里"))?;
        if repo.is_shallow().unwrap_or(true) {
            return Err(cannot(
                "这是浅克隆，历史不全；先运行 git fetch --unshallow（CI 里设 fetch-depth: 0）",
            ));
        }
        // The default cache is far smaller than what git itself uses.
        let mut config = repo.config_snapshot_mut();
        config.set_raw_value("core.deltaBaseCacheLimit", "32m").map_err(|error| anyhow!("{error}"))?;
        config.commit().map_err(|error| anyhow!("{error}"))?;
        repo.object_cache_size_if_unset(8 << 20);
        let top = repo.workdir().map(|top| top.canonicalize()).transpose()?;
        let root = root.canonicalize()?;
        let inside = top.as_ref().and_then(|top| root.strip_prefix(top).ok());
        let below = inside.map(|path| path.iter().map(|part| part.to_string_lossy().into_owned()).collect());
        Ok(History { repo, below: below.unwrap_or_default() })
    }

    pub fn share(&self) -> SharedHistory {
        SharedHistory { repo: self.repo.clone().into_sync(), below: self.below.clone() }
    }

    /// The commits of a range (`A..B`, `A..`, `B`; all of HEAD without), every parent before its children.
    pub fn commits(&self, range: Option<&str>) -> Result<Vec<Commit>> {
        let (from, to) = match range.map(|range| range.split_once("..")) {
            None => (None, "HEAD"),
            Some(None) => (None, range.unwrap_or("HEAD")),
            Some(Some((from, to))) => (Some(from), if to.is_empty() { "HEAD" } else { to }),
        };
        let tip = self.resolve(to)?;
        let hidden = from.map(|from| self.resolve(from)).transpose()?;
        let walk =
            self.repo.rev_walk([tip]).with_hidden(hidden).all().map_err(|error| cannot(error.to_string()))?;
        let mut commits = vec![];
        for info in walk {
            let id = info.map_err(|error| cannot(format!("历史读不全（{error}）")))?.id;
            commits.push(self.commit(id)?);
        }
        Ok(parents_first(commits))
    }

    fn resolve(&self, revision: &str) -> Result<ObjectId> {
        let id = self.repo.rev_parse_single(revision);
        let unknown =
            || cannot(format!("没有“{revision}”这个版本；仓库里还没有提交，或没有取到它（git fetch）"));
        let object = id.map_err(|_| unknown())?.object().map_err(|_| unknown())?;
        Ok(object.peel_to_commit().map_err(|_| unknown())?.id)
    }

    fn commit(&self, id: ObjectId) -> Result<Commit> {
        let unreadable = || cannot(format!("提交 {id} 读不出来"));
        let object = self.repo.find_commit(id).map_err(|_| unreadable())?;
        let decoded = object.decode().map_err(|_| unreadable())?;
        let author = decoded.author().map_err(|_| unreadable())?;
        let committer = decoded.committer().map_err(|_| unreadable())?;
        let day = |time: gix::date::Time| {
            DateTime::from_timestamp(time.seconds.saturating_add(time.offset.into()), 0)
                .map(|time| time.date_naive())
        };
        Ok(Commit {
            id,
            parents: decoded.parents().collect(),
            short: id.to_hex_with_len(8).to_string(),
            author: author.name.to_string(),
            email: author.email.to_string(),
            authored: author.time().ok().and_then(day).ok_or_else(unreadable)?,
            committed: committer.time().ok().and_then(day).ok_or_else(unreadable)?,
            subject: decoded.message_summary().to_string(),
        })
    }

    /// The latest day on which a parent was committed.
    pub fn parents_day(&self, commit: &Commit) -> Result<Option<NaiveDate>> {
        let days = commit.parents.iter().map(|parent| Ok(self.commit(*parent)?.committed));
        Ok(days.collect::<Result<Vec<NaiveDate>>>()?.into_iter().max())
    }

    /// The files of the workspace that differ, in the order of their paths.
    pub fn changes(&self, commit: &Commit, base: Base) -> Result<Vec<FileChange>> {
        let new = self.workspace_tree(Some(commit.id))?;
        let old = self.workspace_tree(base.0)?;
        let mut changes = vec![];
        self.compare(old, new, "", &mut changes)?;
        Ok(changes)
    }

    /// The tree of the workspace in a commit; none where it did not exist yet.
    fn workspace_tree(&self, commit: Option<ObjectId>) -> Result<Option<ObjectId>> {
        let Some(commit) = commit else { return Ok(None) };
        let unreadable = || cannot(format!("提交 {commit} 的文件读不出来"));
        let found = self.repo.find_commit(commit).map_err(|_| unreadable())?;
        let mut tree = Some(found.tree_id().map_err(|_| unreadable())?.detach());
        for part in &self.below {
            let Some(at) = tree else { break };
            tree = self
                .entries(at)?
                .into_iter()
                .find(|(name, is_tree, _)| *is_tree && name == part)
                .map(|(.., id)| id);
        }
        Ok(tree)
    }

    fn compare(
        &self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        folder: &str,
        out: &mut Vec<FileChange>,
    ) -> Result<()> {
        if old == new {
            return Ok(());
        }
        let entries = |tree: Option<ObjectId>| tree.map_or(Ok(vec![]), |tree| self.entries(tree));
        let (old, new) = (entries(old)?, entries(new)?);
        let (before, after) = (by_name(&old), by_name(&new));
        let mut names: Vec<&String> = old.iter().chain(&new).map(|(name, ..)| name).collect();
        names.sort();
        names.dedup();
        for name in names {
            let path = format!("{folder}{name}");
            let of = |all: &FxHashMap<(&str, bool), ObjectId>, tree| all.get(&(name.as_str(), tree)).copied();
            let (was, is) = (of(&before, false), of(&after, false));
            if was != is {
                out.push(FileChange { path: path.clone(), old: was.map(Version), new: is.map(Version) });
            }
            self.compare(of(&before, true), of(&after, true), &format!("{path}/"), out)?;
        }
        Ok(())
    }

    fn entries(&self, tree: ObjectId) -> Result<Vec<Entry>> {
        let data = self.repo.find_tree(tree).map_err(|_| cannot(format!("文件夹 {tree} 读不出来")))?;
        TreeRefIter::from_bytes(&data.data, tree.kind())
            .filter_map(|entry| match entry {
                Ok(entry) if entry.mode.is_commit() => None,
                Ok(entry) => {
                    Some(Ok((entry.filename.to_string(), entry.mode.is_tree(), entry.oid.to_owned())))
                }
                Err(_) => Some(Err(cannot(format!("文件夹 {tree} 读不出来")))),
            })
            .collect()
    }

    pub fn read(&self, version: Version) -> Result<Vec<u8>> {
        let blob = self.repo.find_blob(version.0);
        Ok(blob.map_err(|_| cannot(format!("文件内容 {} 读不出来（部分克隆？）", version.0)))?.take_data())
    }

    /// The files below a folder (`""`: beside `zxzz.toml`) in a commit.
    pub fn files(&self, commit: &Commit, folder: &str) -> Result<Vec<(String, Version)>> {
        let Some(mut tree) = self.workspace_tree(Some(commit.id))? else { return Ok(vec![]) };
        if !folder.is_empty() {
            let found = self.entries(tree)?.into_iter().find(|(name, is_tree, _)| *is_tree && name == folder);
            let Some((.., id)) = found else { return Ok(vec![]) };
            tree = id;
        }
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let files = self.entries(tree)?.into_iter().filter(|(_, is_tree, _)| !is_tree);
        Ok(files.map(|(name, _, id)| (format!("{prefix}{name}"), Version(id))).collect())
    }
}

/// The repository as it was committed: `git replace` would show other objects under the names of these.
fn genuine(root: &Path) -> Option<gix::Repository> {
    let as_usual = gix::sec::trust::Mapping::<gix::open::Options>::default();
    let genuine = |options: gix::open::Options| options.config_overrides(["core.useReplaceRefs=false"]);
    let trust = gix::sec::trust::Mapping { full: genuine(as_usual.full), reduced: genuine(as_usual.reduced) };
    let found = gix::ThreadSafeRepository::discover_opts(root, Default::default(), trust);
    found.ok().map(|repo| repo.to_thread_local())
}

/// Name, whether it is a folder, id.
type Entry = (String, bool, ObjectId);

fn by_name(entries: &[Entry]) -> FxHashMap<(&str, bool), ObjectId> {
    entries.iter().map(|(name, is_tree, id)| ((name.as_str(), *is_tree), *id)).collect()
}

/// Sorts commits so that every parent comes before its children; otherwise oldest first.
fn parents_first(mut commits: Vec<Commit>) -> Vec<Commit> {
    commits.reverse();
    let at: FxHashMap<ObjectId, usize> =
        commits.iter().enumerate().map(|(ix, commit)| (commit.id, ix)).collect();
    let mut done = FxHashSet::default();
    let mut order = Vec::with_capacity(commits.len());
    for start in 0..commits.len() {
        let mut stack = vec![start];
        while let Some(ix) = stack.last().copied() {
            let waiting = commits[ix].parents.iter().filter_map(|parent| at.get(parent));
            let next = waiting.copied().find(|parent| !done.contains(parent));
            match next {
                Some(parent) => stack.push(parent),
                None => {
                    stack.pop();
                    if done.insert(ix) {
                        order.push(ix);
                    }
                }
            }
        }
    }
    let mut slots: Vec<Option<Commit>> = commits.into_iter().map(Some).collect();
    order.into_iter().filter_map(|ix| slots[ix].take()).collect()
}

/// Tells an error that proves nothing from one that keeps the command from running.
pub fn is_unverifiable(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<CannotVerify>())
}
