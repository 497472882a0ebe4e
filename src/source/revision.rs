//! The commits of the repository around a workspace, by the names that users give them.

use super::disk::{MARKER, Tree};
use super::history::{cannot, day_in_china, folders_below, genuine, workspaces};
use anyhow::Result;
use chrono::NaiveDate;
use gix::ObjectId;
use std::path::Path;

/// The repository around a workspace. One commit can be read from a shallow clone too.
pub struct Revisions {
    pub(super) repo: gix::Repository,
    /// Folders from the top of the repository down to the workspace.
    pub(super) below: Vec<String>,
}

/// A commit that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// The day on the committer's own clock.
    pub day: NaiveDate,
}

impl Revision {
    pub fn hex(&self) -> String {
        self.id.to_hex().to_string()
    }

    /// First eight digits of the id.
    pub fn short(&self) -> String {
        self.id.to_hex_with_len(8).to_string()
    }
}

/// The workspace that is meant; it may stand in the history only, as in a bare repository.
pub fn locate(dir: Option<&Path>, here: &Path) -> Result<(Tree, Revisions)> {
    let on_disk = Tree::find(dir, here);
    let tree = match &on_disk {
        Ok(tree) => tree.clone(),
        Err(_) => Tree::unmarked(dir.unwrap_or(here)),
    };
    match (Revisions::around(&tree), on_disk) {
        (Ok(Some(revisions)), _) => Ok((tree, revisions)),
        (Ok(None), Ok(_)) => Err(cannot("工作区不在 git 仓库里")),
        (Ok(None), Err(error)) | (Err(error), _) => Err(error),
    }
}

impl Revisions {
    /// `None` outside of any repository.
    pub fn around(tree: &Tree) -> Result<Option<Revisions>> {
        let root = tree.full("");
        let root = root.canonicalize()?;
        let Some(mut repo) = genuine(&root)? else { return Ok(None) };
        repo.object_cache_size_if_unset(8 << 20);
        let below = folders_below(&repo, &root)?;
        Ok(Some(Revisions { repo, below }))
    }

    /// The commit that a branch, tag, id or `HEAD~2` stands for.
    pub fn named(&self, name: &str) -> Result<Revision> {
        let unknown = || cannot(format!("没有“{name}”这个版本；仓库里还没有提交，或没有取到它（git fetch）"));
        let object =
            self.repo.rev_parse_single(name).map_err(|_| unknown())?.object().map_err(|_| unknown())?;
        self.revision(object.peel_to_commit().map_err(|_| unknown())?.id)
    }

    /// `None` on a branch without commits.
    pub fn head(&self) -> Result<Option<Revision>> {
        let head = self.repo.head().map_err(|error| cannot(format!("HEAD 读不出来（{error}）")))?;
        match head.id() {
            _ if head.is_unborn() => Ok(None),
            _ => self.named("HEAD").map(Some),
        }
    }

    fn revision(&self, id: ObjectId) -> Result<Revision> {
        let unreadable = || cannot(format!("提交 {id} 读不出来"));
        let commit = self.repo.find_commit(id).map_err(|_| unreadable())?;
        let time = commit.time().map_err(|_| unreadable())?;
        let day = day_in_china(time.seconds).ok_or_else(unreadable)?;
        let tree = commit.tree_id().map_err(|_| unreadable())?.detach();
        Ok(Revision { id, tree, day })
    }

    /// Where two histories part. A shallow clone may lack it, or show another.
    pub fn merge_base(&self, name: &str, head: &Revision) -> Result<Revision> {
        if self.repo.is_shallow().unwrap_or(true) {
            return Err(cannot(
                "这是浅克隆，找不到共同的起点；先运行 git fetch --unshallow（CI 里设 fetch-depth: 0）",
            ));
        }
        let other = self.named(name)?;
        let base = self.repo.merge_base(other.id, head.id);
        match base.map_err(|error| cannot(format!("历史读不全（{error}）")))? {
            Some(base) => self.revision(base.detach()),
            None => Err(cannot(format!("“{name}”与当前的历史没有共同的起点"))),
        }
    }

    /// Where a workspace stood in a commit that a later one, or the disk, has no more.
    pub fn moved_from(&self, before: &Revision, after: Option<&Revision>) -> Result<Option<String>> {
        let now = after.map(|after| workspaces(&self.repo, after.tree)).transpose()?;
        let is_there = |folder: &String| match &now {
            Some(now) => now.contains(folder),
            None => self.repo.workdir().is_some_and(|top| top.join(folder).join(MARKER).is_file()),
        };
        Ok(workspaces(&self.repo, before.tree)?.into_iter().find(|folder| !is_there(folder)))
    }

    /// Whether the next commit will join histories.
    pub fn is_merging(&self) -> bool {
        self.repo.git_dir().join("MERGE_HEAD").is_file()
    }

    /// Where the file that marks the workspace stands, seen from the top of the repository.
    pub(super) fn marker(&self) -> String {
        self.below.iter().map(String::as_str).chain([MARKER]).collect::<Vec<_>>().join("/")
    }
}
