//! How far a history has been audited, kept in the folder of git: of this machine only, and outside the tree.

#![expect(clippy::disallowed_methods, reason = "this file touches the disk")]

use super::disk::{reason, write_atomically};
use super::history::History;
use anyhow::{Result, anyhow};
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

/// Which build of the program runs: another one may know other rules. None where that cannot be told.
pub fn program() -> Option<String> {
    let meta = std::env::current_exe().and_then(fs::metadata).ok()?;
    let built = meta.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), meta.len(), built.as_nanos()))
}

impl History {
    fn verified_file(&self) -> PathBuf {
        self.git_folder().join("zxzz").join(format!("verified-{}.json", self.workspace_name()))
    }

    /// What the last audit left; none where there was none, or it cannot be read.
    pub fn verified(&self) -> Option<Vec<u8>> {
        fs::read(self.verified_file()).ok()
    }

    /// Replaces what the last audit left.
    pub fn keep_verified(&self, bytes: &[u8]) -> Result<()> {
        let file = self.verified_file();
        let folder = file.parent().unwrap_or(&file);
        fs::create_dir_all(folder)
            .map_err(|error| anyhow!("无法建立文件夹 {}：{}", folder.display(), reason(&error)))?;
        write_atomically(&file, bytes)
    }
}
