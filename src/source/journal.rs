//! The record of moves on this machine, so that the last one that is not committed can be undone.

#![expect(clippy::disallowed_methods, reason = "this file touches the disk")]

use super::disk::{Tree, reason};
use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};

/// One cell before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellChange {
    pub heading: String,
    pub old: String,
    pub new: String,
}

/// One move of one row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// What the move is called.
    pub name: String,
    pub id: String,
    pub round: u16,
    /// Empty for a row that was added.
    pub cells: Vec<CellChange>,
    /// Round of the row that was added, if one was: headings and values.
    pub added: Option<(u16, Vec<(String, String)>)>,
}

/// Entries of a ledger that are kept when its record has grown too large; older ones are long committed.
pub const KEPT: usize = 2_000;

/// Bytes of a record that are too many.
const LARGE: u64 = 4 << 20;

impl Tree {
    /// Adds the last of these to the record of a ledger; the caller holds the ledger.
    pub fn note(&self, ledger: &str, entries: impl DoubleEndedIterator<Item = Entry>) -> Result<()> {
        let path = self.private_file(&journal(ledger))?;
        let mut lines = String::new();
        let latest: Vec<Entry> = entries.rev().take(KEPT).collect();
        for entry in latest.iter().rev() {
            lines += &serde_json::to_string(entry)?;
            lines.push('\n');
        }
        let append = || -> io::Result<()> {
            let mut file = File::options().create(true).append(true).open(&path)?;
            file.write_all(lines.as_bytes())
        };
        append().map_err(|error| anyhow!("无法写入 {}：{}", path.display(), reason(&error)))?;
        let is_large = fs::metadata(&path).is_ok_and(|meta| meta.len() > LARGE);
        if is_large { self.renote(ledger, &self.noted(ledger)?) } else { Ok(()) }
    }

    /// The record of a ledger, oldest first; what cannot be read any more is left out.
    pub fn noted(&self, ledger: &str) -> Result<Vec<Entry>> {
        let path = self.private_file(&journal(ledger))?;
        let text = fs::read_to_string(&path).unwrap_or_default();
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// Replaces the record of a ledger; the caller holds the ledger.
    pub fn renote(&self, ledger: &str, entries: &[Entry]) -> Result<()> {
        let path = self.private_file(&journal(ledger))?;
        let from = entries.len().saturating_sub(KEPT);
        let lines = entries[from..].iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        super::disk::write_atomically(&path, (lines.join("\n") + "\n").as_bytes())
    }
}

fn journal(ledger: &str) -> String {
    format!("{}.moves.jsonl", super::hold::flat(ledger))
}

#[cfg(test)]
mod tests {
    use super::super::disk::MARKER;
    use super::*;
    use std::path::Path;

    #[test]
    fn a_record_keeps_the_latest_moves_and_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(MARKER), "").unwrap();
        let tree = Tree::find(Some(folder.path()), Path::new(".")).unwrap();
        let entry = |ix: usize| Entry {
            name: "修改".to_owned(),
            id: format!("YL-SS-{ix:04}"),
            round: 1,
            cells: vec![CellChange {
                heading: "备注".to_owned(),
                old: "旧".repeat(40),
                new: "新".repeat(40),
            }],
            added: None,
        };
        for turn in 0..10 {
            tree.note("ledgers/a/b.csv", (turn * 2_000..(turn + 1) * 2_000).map(entry)).unwrap();
        }
        let kept = tree.noted("ledgers/a/b.csv").unwrap();
        assert!((KEPT..10_000).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.last().unwrap().id, "YL-SS-19999");
        assert_eq!(tree.noted("ledgers/a/c.csv").unwrap().len(), 0);
    }
}
