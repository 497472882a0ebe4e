//! The workspace as a commit or the index holds it, read without checkout.

use super::disk::{Listing, MARKER};
use super::history::cannot;
use super::revision::{Revision, Revisions};
use anyhow::{Result, anyhow, bail};
use gix::index::entry::{Flags, Mode, Stage};
use gix::objs::{TreeRefIter, tree::EntryKind};
use gix::{ObjectId, ThreadSafeRepository};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// Files by their paths relative to the workspace, with forward slashes.
pub struct Snapshot {
    repo: ThreadSafeRepository,
    /// Of a commit only what reports read: the files beside `zxzz.toml`, the plans, and all below `ledgers/`.
    files: BTreeMap<String, Entry>,
    /// The workspace in the commit; none for the index, which was listed whole.
    tree: Option<ObjectId>,
    /// Every file of the commit, listed once evidence is looked for.
    all: OnceLock<FxHashSet<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub id: ObjectId,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Link,
    /// A submodule, or a folder that a sparse index keeps folded.
    Elsewhere,
}

impl Kind {
    /// Why there is nothing to read.
    fn reason(self) -> &'static str {
        match self {
            Kind::File => "不是文件夹",
            Kind::Link => "在 git 里是符号链接，不跟着它走；请把真正的文件放到这里",
            Kind::Elsewhere => "在 git 里是子模块或没有展开的文件夹，内容不在这里",
        }
    }
}

/// What git holds of a file that Git LFS keeps elsewhere.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

impl Snapshot {
    pub fn of_commit(revisions: &Revisions, revision: &Revision) -> Result<Snapshot> {
        let snapshot = Snapshot::of_any_commit(revisions, revision)?;
        let (short, day) = (revision.short(), revision.day);
        let missing = || anyhow!("提交 {short}（{day}）里没有 {}", revisions.marker());
        snapshot.filter(|snapshot| snapshot.files.contains_key(MARKER)).ok_or_else(missing)
    }

    /// `None` where the folder of the workspace did not exist yet.
    pub fn of_any_commit(revisions: &Revisions, revision: &Revision) -> Result<Option<Snapshot>> {
        let repo = &revisions.repo;
        let mut tree = Some(revision.tree);
        for part in &revisions.below {
            let Some(at) = tree else { break };
            let folder = lines(repo, at)?.into_iter().find(|line| line.kind.is_none() && line.name == *part);
            tree = folder.map(|line| line.id);
        }
        let is_read = |folder: &str| folder == "campaigns" || folder.split('/').next() == Some("ledgers");
        let Some(tree) = tree else { return Ok(None) };
        let files = walk(repo, tree, is_read)?;
        Ok(Some(Snapshot { repo: repo.clone().into_sync(), files, tree: Some(tree), all: OnceLock::new() }))
    }

    /// What the next commit would hold.
    pub fn of_index(revisions: &Revisions) -> Result<Snapshot> {
        let repo = &revisions.repo;
        let index = index(repo)?;
        let prefix: String = revisions.below.iter().map(|part| format!("{part}/")).collect();
        let (mut files, mut unmerged) = (BTreeMap::new(), vec![]);
        for entry in index.entries() {
            let path = entry.path(&index).to_string();
            let Some(path) = path.strip_prefix(&prefix) else { continue };
            if entry.stage() != Stage::Unconflicted {
                unmerged.push(path.to_owned());
            } else if !entry.flags.contains(Flags::INTENT_TO_ADD) {
                files.insert(path.to_owned(), Entry { id: entry.id, kind: kind_in_index(entry.mode) });
            }
        }
        unmerged.dedup();
        if !unmerged.is_empty() {
            bail!("合并的冲突还没有解决：{}；改好后 git add，再运行", unmerged.join("、"));
        }
        if !files.contains_key(MARKER) {
            bail!("暂存区里没有 {}；先 git add", revisions.marker());
        }
        Ok(Snapshot { repo: repo.clone().into_sync(), files, tree: None, all: OnceLock::new() })
    }

    pub(super) fn entry(&self, path: &str) -> Option<Entry> {
        self.files.get(path).copied()
    }

    /// Whether both hold the same bytes, or neither has the file.
    pub fn agrees(&self, other: &Snapshot, path: &str) -> bool {
        self.entry(path) == other.entry(path)
    }

    /// Whether the file holds these bytes.
    pub fn is(&self, path: &str, bytes: &[u8]) -> bool {
        self.entry(path).is_some_and(|entry| entry.kind == Kind::File && is_blob(entry.id, bytes))
    }

    /// Whether a relative path names a file of the workspace; one that leads out of it never does.
    pub fn holds(&self, path: &str) -> bool {
        let mut plain = PathBuf::new();
        for part in Path::new(path).components() {
            match part {
                Component::Normal(part) => plain.push(part),
                Component::CurDir => {}
                _ => return false,
            }
        }
        let plain = super::disk::slashed(&plain);
        self.entry(&plain).is_some_and(|entry| entry.kind == Kind::File) || self.all().contains(&plain)
    }

    fn all(&self) -> &FxHashSet<String> {
        self.all.get_or_init(|| {
            let Some(tree) = self.tree else { return FxHashSet::default() };
            // What cannot be listed is not there: its evidence is found missing.
            let all = walk(&self.repo.to_thread_local(), tree, |_| true).unwrap_or_default();
            all.into_iter().filter(|(_, entry)| entry.kind == Kind::File).map(|(path, _)| path).collect()
        })
    }

    /// Whether a path names a file, or a folder with files.
    pub fn knows(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let below = self.files.range(folder.clone()..).next();
        path.is_empty() || self.holds(path) || below.is_some_and(|(other, _)| other.starts_with(&folder))
    }

    /// Lists campaigns and ledgers as [`super::disk::Tree::list`] does, in the same order.
    pub fn list(&self) -> Listing {
        let mut listing = Listing::default();
        for (path, entry) in &self.files {
            let parts: Vec<&str> = path.split('/').collect();
            let is_hidden = parts.iter().any(|part| part.starts_with('.'));
            match parts[..] {
                _ if is_hidden => {}
                ["campaigns" | "ledgers"] => {
                    listing.unreadable.push((path.clone(), entry.kind.reason().to_owned()))
                }
                ["campaigns" | "ledgers", ..] if is_folder(&parts, *entry) => {
                    listing.unreadable.push((path.clone(), entry.kind.reason().to_owned()));
                }
                ["campaigns", name] if name.ends_with(".toml") => listing.campaigns.push(path.clone()),
                ["campaigns", name] if name.to_lowercase().ends_with(".toml") => {
                    listing.stray.push(path.clone());
                }
                ["ledgers", ..] => match (2..parts.len() - 1).find(|at| parts[*at].ends_with(".csv")) {
                    Some(at) => listing.not_files.push(parts[..=at].join("/")),
                    None => listing.sort_in(path, true),
                },
                _ => {}
            }
        }
        listing.not_files.dedup();
        listing.ledgers.sort_by(|a, b| a.path.split('/').cmp(b.path.split('/')));
        for paths in [&mut listing.not_files, &mut listing.stray] {
            paths.sort_by(|a, b| a.split('/').cmp(b.split('/')));
        }
        listing
    }

    pub fn reader(&self) -> SnapshotReader<'_> {
        SnapshotReader { snapshot: self, repo: self.repo.to_thread_local() }
    }
}

/// Whether a link or submodule stands where a folder of ledgers or plans is looked for.
fn is_folder(parts: &[&str], entry: Entry) -> bool {
    let has_extension = parts.last().is_some_and(|name| name.contains('.'));
    match entry.kind {
        Kind::File => false,
        Kind::Link => !has_extension,
        Kind::Elsewhere => true,
    }
}

/// Reads files in one thread.
pub struct SnapshotReader<'s> {
    snapshot: &'s Snapshot,
    repo: gix::Repository,
}

impl SnapshotReader<'_> {
    /// Reads a file into `buffer`, replacing what it held.
    pub fn read_into(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let entry = self.snapshot.entry(path).ok_or(io::ErrorKind::NotFound)?;
        if entry.kind != Kind::File {
            return Err(io::Error::other(entry.kind.reason()));
        }
        let blob = self.repo.find_blob(entry.id);
        let blob = blob.map_err(|_| {
            io::Error::other(format!("内容 {} 不在本仓库里（部分克隆？运行 git fetch）", entry.id))
        })?;
        if blob.data.starts_with(LFS_POINTER) {
            return Err(io::Error::other("由 Git LFS 存放，git 里没有内容"));
        }
        buffer.extend_from_slice(&blob.data);
        Ok(())
    }
}

/// One line of a tree; a folder is of no kind.
struct Line {
    name: String,
    id: ObjectId,
    kind: Option<Kind>,
}

fn lines(repo: &gix::Repository, tree: ObjectId) -> Result<Vec<Line>> {
    let unreadable = || cannot(format!("文件夹 {tree} 读不出来"));
    let data = repo.find_tree(tree).map_err(|_| unreadable())?;
    let line = |entry: gix::objs::tree::EntryRef| Line {
        name: entry.filename.to_string(),
        id: entry.oid.to_owned(),
        kind: match entry.mode.kind() {
            EntryKind::Tree => None,
            EntryKind::Blob | EntryKind::BlobExecutable => Some(Kind::File),
            EntryKind::Link => Some(Kind::Link),
            EntryKind::Commit => Some(Kind::Elsewhere),
        },
    };
    TreeRefIter::from_bytes(&data.data, tree.kind())
        .map(|entry| entry.map(line).map_err(|_| unreadable()))
        .collect()
}

/// All that stands in a tree, and in those of its folders that are wanted.
fn walk(
    repo: &gix::Repository,
    tree: ObjectId,
    wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Entry>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(String::new(), tree)];
    while let Some((prefix, tree)) = folders.pop() {
        for Line { name, id, kind } in lines(repo, tree)? {
            let path = format!("{prefix}{name}");
            match kind {
                Some(kind) => {
                    files.insert(path, Entry { id, kind });
                }
                None if wanted(&path) => folders.push((format!("{path}/"), id)),
                None => {}
            }
        }
    }
    Ok(files)
}

/// The index that the next commit is made from; a hook of `git commit --only` is told of one of its own, which gix heeds.
pub(super) fn index(repo: &gix::Repository) -> Result<gix::index::File> {
    let path = repo.index_path();
    if !path.is_file() {
        return Ok(gix::index::File::from_state(gix::index::State::new(repo.object_hash()), path));
    }
    repo.open_index().map_err(|error| cannot(format!("暂存区读不出来（{error}）")))
}

fn kind_in_index(mode: Mode) -> Kind {
    match mode {
        Mode::SYMLINK => Kind::Link,
        Mode::FILE | Mode::FILE_EXECUTABLE => Kind::File,
        _ => Kind::Elsewhere,
    }
}

/// Whether git would name these bytes so.
pub(super) fn is_blob(id: ObjectId, bytes: &[u8]) -> bool {
    gix::objs::compute_hash(id.kind(), gix::objs::Kind::Blob, bytes).is_ok_and(|hash| hash == id)
}
