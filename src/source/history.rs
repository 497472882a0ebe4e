//! The commits of the repository around a workspace, read without checkout and without the git binary.

use super::disk::{MARKER, Tree};
use anyhow::Result;
use chrono::{DateTime, NaiveDate};
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::TreeRefIter;
use gix::objs::tree::{EntryMode, EntryRef};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::path::Path;
use std::sync::Arc;

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
    /// The workspace's folder in it; none where it did not exist yet.
    tree: Option<ObjectId>,
    /// Places of its parents among the commits it was read with; none for one that is only what others start from.
    pub parents: Vec<usize>,
    /// Only what others start from.
    pub is_base: bool,
    pub author: Arc<str>,
    /// Tells two people of one name apart; in lower case.
    pub email: Arc<str>,
    /// The committer's, who may be another.
    pub committer_email: Arc<str>,
    /// Days in China of what the author's and the committer's clocks showed, whatever their time zones.
    pub authored: NaiveDate,
    pub committed: NaiveDate,
    /// Seconds since 1970 on the committer's clock.
    pub seconds: i64,
}

impl Commit {
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }

    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// First eight digits of the id.
    pub fn short(&self) -> String {
        self.id.to_hex_with_len(8).to_string()
    }

    /// A row of this commit cannot tell of a later day.
    pub fn latest_day(&self) -> NaiveDate {
        self.committed.max(self.authored)
    }
}

/// A version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version(ObjectId);

/// A file that differs between two commits. Links and submodules are no files.
#[derive(Debug)]
pub struct FileChange {
    pub path: String,
    pub old: Option<Version>,
    pub new: Option<Version>,
}

/// Seconds by which the one clock of China is ahead of UTC.
const CHINA: i64 = 8 * 60 * 60;

/// A history that threads can open for themselves.
pub struct SharedHistory {
    repo: gix::ThreadSafeRepository,
    below: Vec<String>,
}

impl SharedHistory {
    pub fn open(&self) -> History {
        History { repo: self.repo.to_thread_local(), below: self.below.clone() }
    }
}

/// The day of an instant.
pub(super) fn day_in_china(seconds: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(seconds.saturating_add(CHINA), 0).map(|time| time.date_naive())
}

/// An error that proves nothing.
pub fn cannot(why: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(CannotVerify(why.into()))
}

/// What a caller may not change: substitute commits (`git replace`) and what a commit-graph file says are passed over, and
/// a base that many versions are stored as differences from is kept at hand.
const CONFIG: [&str; 3] =
    ["core.useReplaceRefs=false", "core.commitGraph=false", "core.deltaBaseCacheLimit=16m"];

/// Folders in folders beyond which nothing honest is found.
const DEEPEST: usize = 200;

/// The repository around a folder, as it was committed; `None` outside of any.
pub(super) fn genuine(root: &Path) -> Result<Option<gix::Repository>> {
    let options = gix::open::Options::default().config_overrides(CONFIG);
    match gix::discover_opts(root, Default::default(), options) {
        Ok(repo) => Ok(Some(repo)),
        Err(_) if gix::discover::upwards(root).is_err() => Ok(None),
        Err(error) => Err(cannot(format!("git 仓库打不开（{error}）"))),
    }
}

/// Folders from the top of the repository down to a workspace.
pub(super) fn folders_below(repo: &gix::Repository, root: &Path) -> Result<Vec<String>> {
    let Some(top) = repo.workdir().map(|top| top.canonicalize()).transpose()? else { return Ok(vec![]) };
    let below =
        root.strip_prefix(&top).map_err(|_| cannot("工作区不在 git 仓库的工作目录里（core.worktree？）"))?;
    Ok(below.iter().map(|part| part.to_string_lossy().into_owned()).collect())
}

impl History {
    pub fn open(tree: &Tree) -> Result<History> {
        let root = tree.full("").canonicalize()?;
        let repo = genuine(&root)?.ok_or_else(|| cannot("工作区不在 git 仓库里"))?;
        if repo.is_shallow().unwrap_or(true) {
            return Err(cannot(
                "这是浅克隆，历史不全；先运行 git fetch --unshallow（CI 里设 fetch-depth: 0）",
            ));
        }
        let below = folders_below(&repo, &root)?;
        Ok(History { repo, below })
    }

    /// The folder of git, shared by all working trees.
    pub(super) fn git_folder(&self) -> &Path {
        self.repo.common_dir()
    }

    /// Tells the workspaces of one repository apart.
    pub(super) fn workspace_name(&self) -> String {
        self.below.join("~")
    }

    pub fn share(&self) -> SharedHistory {
        SharedHistory { repo: self.repo.clone().into_sync(), below: self.below.clone() }
    }

    /// A commit and all its ancestors, every parent before its children. What a commit-graph file says is not asked.
    pub fn commits(&self, tip: &str) -> Result<Vec<Commit>> {
        self.walk(tip, |_| false)
    }

    /// The same without `base` and its ancestors, except those that others start from; `None` where `base` is no ancestor.
    pub fn commits_since(&self, base: &str, tip: &str) -> Result<Option<Vec<Commit>>> {
        let Ok(base) = self.resolve(base) else { return Ok(None) };
        let hidden = self.ancestors(base)?;
        let commits = self.walk(tip, |id| hidden.contains(id))?;
        // A way from the tip to the base meets no other commit of the base's history before it.
        Ok(commits.iter().any(|commit| commit.id == base).then_some(commits))
    }

    /// A commit and all that it comes from. Dates are not asked: they may be forged.
    fn ancestors(&self, id: ObjectId) -> Result<FxHashSet<ObjectId>> {
        let mut found = FxHashSet::from_iter([id]);
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            let unreadable = || cannot(format!("提交 {id} 读不出来"));
            let commit = self.repo.find_commit(id).map_err(|_| unreadable())?;
            let parents = commit.parent_ids().map(|parent| parent.detach());
            waiting.extend(parents.filter(|parent| found.insert(*parent)));
        }
        Ok(found)
    }

    fn walk(&self, tip: &str, is_base: impl Fn(&ObjectId) -> bool) -> Result<Vec<Commit>> {
        let mut places: FxHashMap<ObjectId, Option<usize>> = FxHashMap::default();
        let mut names = FxHashSet::default();
        let mut commits = vec![];
        let mut waiting = vec![self.resolve(tip)?];
        let mut open: FxHashMap<ObjectId, (Commit, Vec<ObjectId>)> = FxHashMap::default();
        while let Some(id) = waiting.last().copied() {
            if places.get(&id).is_some_and(Option::is_some) {
                waiting.pop();
                continue;
            }
            if let Some((mut commit, parents)) = open.remove(&id) {
                waiting.pop();
                commit.parents =
                    parents.iter().filter_map(|parent| places.get(parent).copied().flatten()).collect();
                places.insert(id, Some(commits.len()));
                commits.push(commit);
                continue;
            }
            let (mut commit, mut parents) = self.commit(id, &mut names)?;
            commit.is_base = is_base(&id);
            parents.retain(|_| !commit.is_base);
            waiting.extend(parents.iter().rev().filter(|parent| !places.contains_key(*parent)));
            places.insert(id, None);
            open.insert(id, (commit, parents));
        }
        Ok(commits)
    }

    /// Where a revision stands among commits; none where it is not one of them.
    pub fn place(&self, revision: &str, commits: &[Commit]) -> Result<Option<usize>> {
        let id = self.resolve(revision)?;
        Ok(commits.iter().position(|commit| commit.id == id))
    }

    /// The nearest commit from which both revisions come.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String> {
        let (one_id, other_id) = (self.resolve(one)?, self.resolve(other)?);
        let base = self.repo.merge_base(one_id, other_id);
        let base = base.ok().flatten();
        let base =
            base.ok_or_else(|| cannot(format!("{one} 和 {other} 没有共同的祖先，历史可能被改写过")))?;
        Ok(base.to_string())
    }

    fn resolve(&self, revision: &str) -> Result<ObjectId> {
        let id = self.repo.rev_parse_single(revision);
        let unknown =
            || cannot(format!("没有“{revision}”这个版本；仓库里还没有提交，或没有取到它（git fetch）"));
        let object = id.map_err(|_| unknown())?.object().map_err(|_| unknown())?;
        Ok(object.peel_to_commit().map_err(|_| unknown())?.id)
    }

    fn commit(&self, id: ObjectId, names: &mut FxHashSet<Arc<str>>) -> Result<(Commit, Vec<ObjectId>)> {
        let unreadable = || cannot(format!("提交 {id} 读不出来"));
        let object = self.repo.find_commit(id).map_err(|_| unreadable())?;
        let decoded = object.decode().map_err(|_| unreadable())?;
        let author = decoded.author().map_err(|_| unreadable())?;
        let committer = decoded.committer().map_err(|_| unreadable())?;
        let day = |time: gix::date::Time| day_in_china(time.seconds);
        let mut kept = |name: &gix::bstr::BStr| {
            let name: Arc<str> = name.to_string().into();
            let known = names.get(&name).map(Arc::clone);
            known.unwrap_or_else(|| {
                names.insert(Arc::clone(&name));
                name
            })
        };
        let commit = Commit {
            id,
            tree: self.workspace(decoded.tree())?,
            parents: vec![],
            is_base: false,
            author: kept(author.name),
            email: kept(author.email.to_ascii_lowercase().as_bstr()),
            committer_email: kept(committer.email.to_ascii_lowercase().as_bstr()),
            authored: author.time().ok().and_then(day).ok_or_else(unreadable)?,
            committed: committer.time().ok().and_then(day).ok_or_else(unreadable)?,
            seconds: committer.time().map_or(0, |time| time.seconds),
        };
        Ok((commit, decoded.parents().collect()))
    }

    /// The folder of the workspace below the top of a commit.
    fn workspace(&self, top: ObjectId) -> Result<Option<ObjectId>> {
        let mut tree = Some(top);
        for part in &self.below {
            let Some(at) = tree else { break };
            tree = self.folder(at, part)?;
        }
        Ok(tree)
    }

    fn folder(&self, tree: ObjectId, name: &str) -> Result<Option<ObjectId>> {
        let data = self.tree(tree)?;
        let found = entries(&data)?.into_iter().find(|entry| entry.mode.is_tree() && entry.filename == name);
        Ok(found.map(|entry| entry.oid.to_owned()))
    }

    /// The files of the workspace that differ, in the order of their paths.
    pub fn changes(&self, old: Option<&Commit>, new: &Commit) -> Result<Vec<FileChange>> {
        let mut changes = vec![];
        self.compare(old.and_then(|commit| commit.tree), new.tree, "", &mut changes)?;
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
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
        if folder.bytes().filter(|byte| *byte == b'/').count() > DEEPEST {
            return Err(cannot(format!("文件夹套了 {DEEPEST} 层以上")));
        }
        let read = |tree: Option<ObjectId>| tree.map(|tree| self.tree(tree)).transpose();
        let (old_data, new_data) = (read(old)?, read(new)?);
        let (old, new) = (listed(old_data.as_ref())?, listed(new_data.as_ref())?);
        let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => old.cmp(new),
            };
            let was = if order.is_le() { old.next() } else { None };
            let is = if order.is_ge() { new.next() } else { None };
            self.compare_entry(was, is, folder, out)?;
        }
    }

    fn compare_entry(
        &self,
        was: Option<EntryRef>,
        is: Option<EntryRef>,
        folder: &str,
        out: &mut Vec<FileChange>,
    ) -> Result<()> {
        let Some(entry) = is.or(was) else { return Ok(()) };
        let of = |entry: Option<EntryRef>, wanted: fn(EntryMode) -> bool| {
            entry.filter(|entry| wanted(entry.mode)).map(|entry| entry.oid.to_owned())
        };
        let path = || format!("{folder}{}", entry.filename);
        if entry.mode.is_tree() {
            let (was, is) = (of(was, |mode| mode.is_tree()), of(is, |mode| mode.is_tree()));
            return if was == is { Ok(()) } else { self.compare(was, is, &format!("{}/", path()), out) };
        }
        let (was, is) = (of(was, |mode| mode.is_blob()), of(is, |mode| mode.is_blob()));
        if was != is {
            out.push(FileChange { path: path(), old: was.map(Version), new: is.map(Version) });
        }
        Ok(())
    }

    /// Where a workspace stood in the parent that the commit has no more, as far as another folder of the repository is that.
    pub fn moved_from(&self, parent: &Commit, commit: &Commit) -> Result<Option<String>> {
        let workspaces = |commit: &Commit| {
            let unreadable = || cannot(format!("提交 {} 读不出来", commit.id));
            let object = self.repo.find_commit(commit.id).map_err(|_| unreadable())?;
            workspaces(&self.repo, object.tree_id().map_err(|_| unreadable())?.detach())
        };
        let now = workspaces(commit)?;
        Ok(workspaces(parent)?.into_iter().find(|folder| !now.contains(folder)))
    }

    fn tree(&self, id: ObjectId) -> Result<gix::Tree<'_>> {
        self.repo.find_tree(id).map_err(|_| cannot(format!("文件夹 {id} 读不出来")))
    }

    pub fn read(&self, version: Version) -> Result<Vec<u8>> {
        let blob = self.repo.find_blob(version.0);
        let blob = blob.map_err(|_| cannot(format!("文件内容 {} 读不出来（部分克隆？）", version.0)))?;
        match u32::try_from(blob.data.len()) {
            Ok(_) => Ok(blob.detach().data),
            Err(_) => Err(cannot(format!("文件内容 {} 超过 4 GiB", version.0))),
        }
    }

    /// Whether the workspace is in a commit.
    pub fn holds_workspace(&self, commit: &Commit) -> Result<bool> {
        let Some(tree) = commit.tree else { return Ok(false) };
        let data = self.tree(tree)?;
        Ok(entries(&data)?.iter().any(|entry| entry.mode.is_blob() && entry.filename == MARKER))
    }

    /// The files below a folder (`""`: beside `zxzz.toml`) in a commit.
    pub fn files(&self, commit: &Commit, folder: &str) -> Result<Vec<(String, Version)>> {
        let Some(mut tree) = commit.tree else { return Ok(vec![]) };
        if !folder.is_empty() {
            let Some(id) = self.folder(tree, folder)? else { return Ok(vec![]) };
            tree = id;
        }
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let data = self.tree(tree)?;
        let files = entries(&data)?.into_iter().filter(|entry| entry.mode.is_blob());
        Ok(files
            .map(|entry| (format!("{prefix}{}", entry.filename), Version(entry.oid.to_owned())))
            .collect())
    }
}

/// The folders of the workspaces below the top of a commit, each with a slash at its end.
pub(super) fn workspaces(repo: &gix::Repository, top: ObjectId) -> Result<Vec<String>> {
    let (mut found, mut folders) = (vec![], vec![(String::new(), top)]);
    while let Some((folder, id)) = folders.pop() {
        let tree = repo.find_tree(id).map_err(|_| cannot(format!("文件夹 {id} 读不出来")))?;
        for entry in entries(&tree)? {
            if entry.mode.is_blob() && entry.filename == MARKER {
                found.push(folder.clone());
            } else if entry.mode.is_tree() && folder.split('/').count() <= DEEPEST {
                folders.push((format!("{folder}{}/", entry.filename), entry.oid.to_owned()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The entries of a folder. Git writes each name once and in order; a folder that was made otherwise hides something.
fn entries<'t>(tree: &'t gix::Tree) -> Result<Vec<EntryRef<'t>>> {
    let all = TreeRefIter::from_bytes(&tree.data, tree.id.kind()).collect::<Result<Vec<_>, _>>();
    let all = all.map_err(|_| cannot(format!("文件夹 {} 读不出来", tree.id)))?;
    match all.windows(2).all(|pair| pair[0] < pair[1]) {
        true => Ok(all),
        false => Err(cannot(format!("文件夹 {} 里有重复的或次序不对的名字", tree.id))),
    }
}

fn listed<'t>(tree: Option<&'t gix::Tree>) -> Result<Vec<EntryRef<'t>>> {
    tree.map_or(Ok(vec![]), entries)
}

/// Tells an error that proves nothing from one that keeps the command from running.
pub fn is_unverifiable(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<CannotVerify>())
}
