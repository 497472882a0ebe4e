//! Whether commits are signed, and by which key: git verifies them, many in one run.
//!
//! The repository's own settings name the programs that verify; they are overridden, or `gpg.program = true` would vouch
//! for anything.

#![expect(clippy::disallowed_methods, reason = "this is a file that runs git")]

use super::history::{CannotVerify, Commit, History};
use anyhow::{Result, anyhow};
use gix::bstr::ByteSlice;
use rustc_hash::FxHashMap;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// What a commit's signature proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    Absent,
    /// Not made over this commit.
    Bad,
    Revoked,
    /// Made by the key of these fingerprints and ids. A key that has expired since counts: its owner's term decides.
    Good(Vec<String>),
    /// Nothing is proved either way: why.
    Unverifiable(String),
}

/// Verifies commits; the answers are in the same order.
pub fn signatures(history: &History, commits: &[&Commit]) -> Result<Vec<Signature>> {
    let signed = commits.iter().map(|commit| is_signed(history, commit)).collect::<Result<Vec<bool>>>()?;
    let asked: Vec<String> = commits
        .iter()
        .zip(&signed)
        .filter(|(_, is_signed)| **is_signed)
        .map(|(commit, _)| commit.id.to_string())
        .collect();
    let answers = if asked.is_empty() { FxHashMap::default() } else { verified(history, &asked)? };
    let answer = |(commit, is_signed): (&&Commit, bool)| match answers.get(&commit.id.to_string()) {
        _ if !is_signed => Signature::Absent,
        Some(answer) => answer.clone(),
        None => Signature::Unverifiable("git 没有回答签名是否有效".to_owned()),
    };
    Ok(commits.iter().zip(signed).map(answer).collect())
}

fn is_signed(history: &History, commit: &Commit) -> Result<bool> {
    let unreadable = || anyhow::Error::new(CannotVerify(format!("提交 {} 读不出来", commit.id)));
    let object = history.repo.find_commit(commit.id).map_err(|_| unreadable())?;
    let decoded = object.decode().map_err(|_| unreadable())?;
    Ok(decoded.extra_headers.iter().any(|(name, _)| name.starts_with_str("gpgsig")))
}

/// Git's word on each commit.
fn verified(history: &History, ids: &[String]) -> Result<FxHashMap<String, Signature>> {
    let output = run(history, ids)?;
    let said = String::from_utf8_lossy(&output.stderr);
    let complaint = said.lines().find(|line| line.starts_with("error:") || line.starts_with("fatal:"));
    if !output.status.success() {
        let why = complaint.unwrap_or("git log 没有完成");
        return Err(anyhow::Error::new(CannotVerify(format!("git 不能验证签名：{why}"))));
    }
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers = told.lines().filter_map(|line| {
        let mut fields = line.split('\0');
        let (id, verdict) = (fields.next()?, fields.next()?);
        let keys = fields.filter(|field| !field.is_empty()).map(str::to_owned).collect();
        Some((id.to_owned(), signature(verdict, keys, complaint)))
    });
    Ok(answers.collect())
}

/// A signature that was not confirmed while git complains of a program that it could not run proves nothing.
fn signature(verdict: &str, keys: Vec<String>, complaint: Option<&str>) -> Signature {
    match (verdict, complaint) {
        ("G" | "U" | "X" | "Y", _) => Signature::Good(keys),
        ("R", _) => Signature::Revoked,
        ("E", _) => {
            let key = keys.first().map_or("", String::as_str);
            Signature::Unverifiable(format!("没有密钥 {key} 的公钥，签名不能验证；先 gpg --import"))
        }
        (_, Some(complaint)) => Signature::Unverifiable(format!("签名不能验证：{complaint}")),
        ("B", None) => Signature::Bad,
        _ => Signature::Unverifiable("git 认不出这个签名".to_owned()),
    }
}

fn run(history: &History, ids: &[String]) -> Result<Output> {
    let cannot = |error: std::io::Error| {
        anyhow::Error::new(CannotVerify(format!("验证签名要用 git，无法运行：{error}")))
    };
    // Keys are compared here, by fingerprint; ssh-keygen only wants to see that there is a list.
    let nobody = tempfile::NamedTempFile::new().map_err(cannot)?;
    let settings = [
        "gpg.program=gpg".to_owned(),
        "gpg.openpgp.program=gpg".to_owned(),
        "gpg.x509.program=gpgsm".to_owned(),
        "gpg.ssh.program=ssh-keygen".to_owned(),
        "gpg.minTrustLevel=undefined".to_owned(),
        "gpg.ssh.revocationFile=".to_owned(),
        format!("gpg.ssh.allowedSignersFile={}", nobody.path().display()),
    ];
    let mut git = Command::new("git");
    git.arg("--no-replace-objects").arg("--git-dir").arg(history.repo.git_dir());
    for setting in &settings {
        git.args(["-c", setting]);
    }
    git.args(["log", "--no-walk=unsorted", "--no-patch", "--no-show-signature", "--no-notes", "--no-color"])
        .args(["--encoding=UTF-8", "--format=%H%x00%G?%x00%GF%x00%GP%x00%GK", "--stdin"])
        .env("LC_ALL", "C.UTF-8")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", null_device())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = git.spawn().map_err(cannot)?;
    let mut input = child.stdin.take().ok_or_else(|| anyhow!("无法向 git 传提交号"))?;
    let list = ids.join("\n") + "\n";
    // Git reads the whole list before it answers, so nothing waits for anything.
    let written = input.write_all(list.as_bytes());
    drop(input);
    let output = child.wait_with_output().map_err(cannot)?;
    written.map_err(cannot)?;
    Ok(output)
}

fn null_device() -> &'static str {
    if cfg!(windows) { "NUL" } else { "/dev/null" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_git_confirms_is_good() {
        let good = Signature::Good(vec!["SHA256:x".to_owned()]);
        for (verdict, complaint, want) in [
            ("G", None, Some(&good)),
            ("U", Some("error: cannot run gpg"), Some(&good)),
            ("X", None, Some(&good)),
            ("Y", None, Some(&good)),
            ("R", None, Some(&Signature::Revoked)),
            ("B", None, Some(&Signature::Bad)),
            ("B", Some("error: cannot run ssh-keygen"), None),
            ("E", None, None),
            ("N", None, None),
            ("", None, None),
        ] {
            let told = signature(verdict, vec!["SHA256:x".to_owned()], complaint);
            match want {
                Some(want) => assert_eq!(told, *want, "{verdict}"),
                None => assert!(matches!(told, Signature::Unverifiable(_)), "{verdict} {told:?}"),
            }
        }
    }
}
