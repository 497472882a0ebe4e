//! The git side of edits: what is committed, and one commit of exactly the ledgers that changed.

#![expect(clippy::disallowed_methods, reason = "this is the file that runs git")]

use super::disk::Tree;
use anyhow::{Result, anyhow, bail};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The repository in which a workspace lies. Paths are relative to the workspace, with forward slashes.
#[derive(Debug)]
pub struct Repository {
    workspace: PathBuf,
}

impl Repository {
    /// `None` when the workspace is in no repository, or there is no git.
    pub fn around(tree: &Tree) -> Result<Option<Repository>> {
        let repository = Repository { workspace: tree.full("") };
        match repository.git(["rev-parse", "--is-inside-work-tree"]).output() {
            Ok(output) => Ok((said(&output.stdout) == "true").then_some(repository)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => bail!("无法运行 git：{error}"),
        }
    }

    /// Errors when a commit could not be made: nobody to name as its author, or a merge under way.
    pub fn require_ready(&self) -> Result<()> {
        for who in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
            if !self.run(["var", who])?.status.success() {
                bail!(
                    "git 还不知道是谁在提交；先运行 git config user.name 姓名 和 git config user.email 邮箱，或去掉 --commit"
                );
            }
        }
        for (head, what) in [("MERGE_HEAD", "合并"), ("CHERRY_PICK_HEAD", "拣选"), ("REBASE_HEAD", "变基")]
        {
            if self.run(["rev-parse", "-q", "--verify", head])?.status.success() {
                bail!("git 正在{what}，不能只提交台账；先完成或放弃它（git status 有说明），或去掉 --commit");
            }
        }
        Ok(())
    }

    /// Whether a file on disk differs from the last commit, or is not in it.
    pub fn is_changed(&self, path: &str) -> Result<bool> {
        let output = self.run(["status", "--porcelain", "--ignored", "--", path])?;
        Ok(!output.stdout.is_empty())
    }

    /// Files below a folder that differ from the last commit or are not in it; ignored ones aside.
    pub fn changed_below(&self, folder: &str) -> Result<Vec<String>> {
        let output =
            self.run(["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", folder])?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.split('\0').filter_map(|entry| entry.get(3..)).map(str::to_owned).collect())
    }

    /// The bytes of a file in the last commit; `None` if it is not there.
    pub fn committed(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let output = self.run(["cat-file", "blob", &format!("HEAD:./{path}")])?;
        Ok(output.status.success().then_some(output.stdout))
    }

    /// Commits these files as they stand on disk and returns the short id. What else is staged stays staged and out of
    /// it; hooks and signing apply. An error leaves the files changed and the index as it was.
    pub fn commit(&self, paths: &[String], message: &str) -> Result<String> {
        let new: Vec<&String> = paths.iter().filter(|path| !self.is_known(path)).collect();
        if !new.is_empty() {
            let added = self.git(["add", "--intent-to-add", "--"]).args(&new).output()?;
            if !added.status.success() {
                bail!(
                    "台账已改，没有提交：git 不收这个文件（多半写在 .gitignore 里）：{}",
                    said(&added.stderr)
                );
            }
        }
        let mut git = self.git(["commit", "--quiet", "--only", "--file=-", "--"]);
        let mut child =
            git.args(paths).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(message.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            if !new.is_empty() {
                self.git(["reset", "--quiet", "--"]).args(&new).output()?;
            }
            let words = [said(&output.stdout), said(&output.stderr)].join("\n");
            let paths = paths.join(" ");
            bail!(
                "台账已改，git 没有收下这次提交；改好后运行 git commit --only {paths}，或用 zxzz undo 撤销。git 说：\n{}",
                words.trim()
            );
        }
        Ok(said(&self.run(["rev-parse", "--short", "HEAD"])?.stdout))
    }

    /// Whether git follows the file already.
    fn is_known(&self, path: &str) -> bool {
        self.run(["ls-files", "--error-unmatch", "--", path]).is_ok_and(|output| output.status.success())
    }

    pub(super) fn run<const N: usize>(&self, words: [&str; N]) -> Result<Output> {
        self.git(words).output().map_err(|error| anyhow!("无法运行 git：{error}"))
    }

    /// Git in the workspace, taking paths as they are and speaking English.
    fn git<const N: usize>(&self, words: [&str; N]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.workspace).arg("--literal-pathspecs").args(words.map(OsStr::new));
        command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
        command
    }
}

/// The version of git; `None` without git.
pub fn version() -> Option<String> {
    let output = Command::new("git").arg("--version").output().ok()?;
    said(&output.stdout).split_whitespace().nth(2).map(str::to_owned)
}

/// What a merge by lines came to.
#[derive(Debug)]
pub struct LineMerge {
    /// With markers where both sides changed the same lines; `None` where git does not merge such bytes.
    pub bytes: Option<Vec<u8>>,
    pub is_clean: bool,
}

/// Merges ours, base and theirs line by line, as git does without a driver.
pub fn merge_lines(ours: &[u8], base: &[u8], theirs: &[u8]) -> Result<LineMerge> {
    let versions = [ours, base, theirs].map(|bytes| -> io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(bytes)?;
        Ok(file)
    });
    let [ours, base, theirs] = versions;
    let (ours, base, theirs) = (ours?, base?, theirs?);
    let mut git = Command::new("git");
    git.args(["merge-file", "-p", "-q", "-L", "本方", "-L", "合并前", "-L", "对方"]);
    git.args([ours.path(), base.path(), theirs.path()]).stdin(Stdio::null());
    let output = git.output().map_err(|error| anyhow!("无法运行 git：{error}"))?;
    let is_refused = output.status.code().is_none_or(|code| code >= 128);
    Ok(LineMerge { bytes: (!is_refused).then_some(output.stdout), is_clean: output.status.success() })
}

pub(super) fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A commit message with its trailers in the last paragraph.
pub fn message(subject: &str, body: &str, trailers: &[(&str, &str)]) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let trailers: Vec<String> =
        trailers.iter().map(|(key, value)| format!("{key}: {}", one_line(value))).collect();
    format!("{}\n\n{}\n\n{}\n", one_line(subject), body.trim_end(), trailers.join("\n"))
}
