//! What belongs to one clone and not to its history: git's settings, hooks, attributes, state.

#![expect(clippy::disallowed_methods, reason = "this file touches the disk")]

use super::disk::{reason, write_atomically};
use super::git::{Repository, said};
use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where git looks for hooks.
#[derive(Debug)]
pub struct HooksFolder {
    pub path: PathBuf,
    /// Set for all repositories of this user or machine.
    pub is_shared: bool,
}

/// A script of the hooks folder.
#[derive(Debug)]
pub struct Hook {
    pub path: PathBuf,
    pub text: Option<String>,
    pub is_executable: bool,
}

impl Repository {
    /// A setting in force; `None` when it is not set.
    pub fn config(&self, key: &str) -> Result<Option<String>> {
        let output = self.run(["config", "--get", key])?;
        Ok(output.status.success().then(|| said(&output.stdout)))
    }

    pub fn set_config(&self, key: &str, value: &str) -> Result<()> {
        let output = self.run(["config", "--local", key, value])?;
        if !output.status.success() {
            bail!("git config {key} 没有设成：{}", said(&output.stderr));
        }
        Ok(())
    }

    /// Takes a section out of this clone's settings.
    pub fn remove_config(&self, section: &str) -> Result<()> {
        let output = self.run(["config", "--local", "--remove-section", section])?;
        if !output.status.success() {
            bail!("git config 的 {section} 没有删掉：{}", said(&output.stderr));
        }
        Ok(())
    }

    /// The workspace as seen from the top of the work tree: `.`, or a folder without a slash at its end.
    pub fn below_top(&self) -> Result<String> {
        let prefix = said(&self.run(["rev-parse", "--show-prefix"])?.stdout);
        Ok(if prefix.is_empty() { ".".to_owned() } else { prefix.trim_end_matches('/').to_owned() })
    }

    pub fn top(&self) -> Result<PathBuf> {
        let output = self.run(["rev-parse", "--show-toplevel"])?;
        if !output.status.success() {
            bail!("这里不是 git 的工作树：{}", said(&output.stderr));
        }
        Ok(PathBuf::from(said(&output.stdout)))
    }

    pub fn hooks_folder(&self) -> Result<HooksFolder> {
        let scope = said(&self.run(["config", "--show-scope", "--get", "core.hooksPath"])?.stdout);
        let is_shared = ["global", "system"].iter().any(|shared| scope.starts_with(shared));
        let top = self.top()?;
        let mut git = Command::new("git");
        git.arg("-C").arg(&top).args(["rev-parse", "--git-path", "hooks"]).stdin(Stdio::null());
        let output = git.output().context("无法运行 git")?;
        Ok(HooksFolder { path: top.join(said(&output.stdout)), is_shared })
    }

    /// What an attribute of a file is set to.
    pub fn attribute(&self, name: &str, path: &str) -> Result<String> {
        let output = self.run(["check-attr", name, "--", path])?;
        Ok(said(&output.stdout).rsplit(": ").next().unwrap_or_default().to_owned())
    }

    /// Whether the history was cut short, and whether contents are fetched only when asked for.
    pub fn is_shallow_or_partial(&self) -> Result<(bool, bool)> {
        let shallow = said(&self.run(["rev-parse", "--is-shallow-repository"])?.stdout) == "true";
        let partial =
            self.run(["config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"])?;
        Ok((shallow, partial.status.success()))
    }

    /// Files of the workspace that differ from the last commit, and those whose merge is not finished.
    pub fn changed_files(&self) -> Result<(usize, usize)> {
        let words = ["--no-optional-locks", "status", "--porcelain", "--untracked-files=no", "--", "."];
        let output = self.run(words)?;
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_unmerged =
            |line: &&str| ["DD", "AU", "UD", "UA", "DU", "AA", "UU"].contains(&&line[..2.min(line.len())]);
        let unmerged = lines.lines().filter(is_unmerged).count();
        Ok((lines.lines().count() - unmerged, unmerged))
    }
}

impl HooksFolder {
    pub fn hook(&self, name: &str) -> Hook {
        let path = self.path.join(name);
        let text = fs::read(&path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let is_executable = is_executable(&path);
        Hook { path, text, is_executable }
    }
}

impl Hook {
    pub fn write(&self, text: &str) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| anyhow!("无法建立文件夹 {}：{}", folder.display(), reason(&error)))?;
        }
        write_atomically(&self.path, text.as_bytes())?;
        make_executable(&self.path)
            .map_err(|error| anyhow!("无法让 {} 可以运行：{}", self.path.display(), reason(&error)))
    }

    pub fn remove(&self) -> Result<()> {
        fs::remove_file(&self.path)
            .map_err(|error| anyhow!("无法删除 {}：{}", self.path.display(), reason(&error)))
    }

    /// Runs it as git would, in the top folder and without input; what it said, and whether it succeeded.
    pub fn run(&self, top: &Path, word: &str) -> Result<(bool, String)> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg("exec \"$0\" \"$1\"").arg(&self.path).arg(word).current_dir(top);
        let output = shell.stdin(Stdio::null()).output().context("无法运行 sh")?;
        Ok((output.status.success(), said(&[output.stdout, output.stderr].concat())))
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | 0o111);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
