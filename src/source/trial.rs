//! A real merge in a throw-away repository, to see whether a driver runs.

#![expect(clippy::disallowed_methods, reason = "this file runs git in a folder of its own")]

use super::disk::reason;
use super::git::said;
use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a trial merge came to.
#[derive(Debug)]
pub struct Trial {
    pub is_clean: bool,
    pub text: String,
    /// What git and the driver said.
    pub said: String,
}

/// Merges two branches that changed a file, with a driver and attributes.
pub fn trial_merge(
    driver: &str,
    attributes: &str,
    path: &str,
    [base, ours, theirs]: [&str; 3],
) -> Result<Trial> {
    let folder = tempfile::tempdir().context("无法建立临时文件夹")?;
    let top = folder.path();
    git(top, &["init", "-q", "-b", "ours"])?;
    git(top, &["config", "merge.zxzz.driver", driver])?;
    write(top, ".gitattributes", attributes)?;
    commit(top, path, base)?;
    git(top, &["checkout", "-q", "-b", "theirs"])?;
    commit(top, path, theirs)?;
    git(top, &["checkout", "-q", "ours"])?;
    commit(top, path, ours)?;
    let merge = run(top, &["merge", "--no-edit", "theirs"])?;
    let text = fs::read(top.join(path)).map_err(|error| anyhow!("无法读取 {path}：{}", reason(&error)))?;
    Ok(Trial {
        is_clean: merge.status.success(),
        text: String::from_utf8_lossy(&text).into_owned(),
        said: said(&[merge.stdout, merge.stderr].concat()),
    })
}

fn commit(top: &Path, path: &str, text: &str) -> Result<()> {
    write(top, path, text)?;
    git(top, &["add", "-A"])?;
    git(top, &["commit", "-q", "-m", "trial"])
}

fn write(top: &Path, path: &str, text: &str) -> Result<()> {
    let path = top.join(path);
    let folder = path.parent().unwrap_or(top);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| anyhow!("无法写入 {}：{}", path.display(), reason(&error)))
}

fn git(top: &Path, words: &[&str]) -> Result<()> {
    let output = run(top, words)?;
    if !output.status.success() {
        bail!("git {} 没有成功：{}", words.join(" "), said(&output.stderr));
    }
    Ok(())
}

/// Git without the settings of user and machine, and unaware of a repository around us.
fn run(top: &Path, words: &[&str]) -> Result<Output> {
    let mut git = Command::new("git");
    git.current_dir(top).args(words).stdin(Stdio::null()).env("GIT_CONFIG_NOSYSTEM", "1");
    git.env("GIT_CONFIG_GLOBAL", top.join("none")).env("LC_ALL", "C.UTF-8");
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_CONFIG_PARAMETERS",
        "GIT_CONFIG_COUNT",
    ] {
        git.env_remove(name);
    }
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "zxzz").env(format!("GIT_{who}_EMAIL"), "zxzz@localhost");
    }
    git.output().context("无法运行 git")
}
