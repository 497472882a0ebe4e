//! What formats for other programs write: findings of `check` and charges of `audit` alike, and what neither could look at.

use super::{github, gitlab, junit, sarif, visible};
use crate::finding::Rule;
use anyhow::Result;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::io::Write;

/// A format that another program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineFormat {
    Github,
    Gitlab,
    Sarif,
    Junit,
}

/// All that one run has to say.
#[derive(Debug)]
pub struct Notices {
    /// The subcommand that ran.
    pub command: &'static str,
    pub notices: Vec<Notice>,
    pub unseen: Vec<Unseen>,
}

/// One finding or charge.
#[derive(Debug)]
pub struct Notice {
    pub rule: &'static Rule,
    /// From the top of the repository, with forward slashes.
    pub path: String,
    /// From 1; what speaks of a whole file stands on its first line.
    pub line: u32,
    /// In characters from 1, where it is known.
    pub column: Option<u32>,
    /// What it is about: 编号, 列, value, for a charge the commit.
    pub subject: String,
    pub message: String,
    pub help: String,
    /// What identifies it, by name; nothing that moves with the lines.
    pub facts: Vec<(&'static str, String)>,
}

/// Something that could not be looked at: never taken for clean.
#[derive(Debug)]
pub struct Unseen {
    pub path: String,
    pub message: String,
}

/// The code under which formats show what was not seen.
pub const UNSEEN: &str = "unverified";

impl Notice {
    /// `subject：message；help`, in one line.
    pub fn words(&self) -> String {
        let mut words = visible(&self.message);
        if !self.subject.is_empty() {
            words = format!("{}：{words}", self.subject);
        }
        if !self.help.is_empty() {
            words += &format!("；{}", visible(&self.help));
        }
        words
    }
}

pub fn write(notices: &Notices, format: MachineFormat, out: &mut dyn Write) -> Result<()> {
    match format {
        MachineFormat::Github => github::write(notices, out),
        MachineFormat::Gitlab => gitlab::write(notices, out),
        MachineFormat::Sarif => sarif::write(notices, out),
        MachineFormat::Junit => junit::write(notices, out),
    }
}

/// A mark per notice that stays when lines move. Notices alike in all their facts are counted, so that no two share one.
pub fn fingerprints(notices: &[Notice]) -> Vec<String> {
    let key = |notice: &Notice| {
        let facts = notice.facts.iter().flat_map(|(name, value)| [*name, value.as_str()]);
        joined([notice.rule.code, &notice.path].into_iter().chain(facts))
    };
    numbered(notices.iter().map(key))
}

/// The same for what was not seen.
pub fn unseen_fingerprints(unseen: &[Unseen]) -> Vec<String> {
    numbered(unseen.iter().map(|unseen| joined([UNSEEN, &unseen.path, &unseen.message])))
}

/// Parts with their lengths, so that no two lists read the same.
fn joined<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    parts.into_iter().map(|part| format!("{}:{part}", part.len())).collect()
}

fn numbered(keys: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = FxHashMap::default();
    keys.map(|key| {
        let count: &mut u32 = seen.entry(key.clone()).or_default();
        *count += 1;
        let hash = Sha256::digest(format!("{key}#{count}"));
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    static RULE: Rule = Rule { code: "bad-date", severity: Severity::Error, what: "", why: "", fix: "" };

    fn notice(line: u32, id: &str, value: &str) -> Notice {
        Notice {
            rule: &RULE,
            path: "ledgers/a.csv".to_owned(),
            line,
            column: None,
            subject: String::new(),
            message: format!("第 {line} 行"),
            help: String::new(),
            facts: vec![("id", id.to_owned()), ("value", value.to_owned())],
        }
    }

    #[test]
    fn a_fingerprint_stays_when_the_line_moves_and_no_two_share_one() {
        let before = fingerprints(&[notice(2, "A-1", "x"), notice(3, "A-2", "x"), notice(4, "A-2", "x")]);
        let after = fingerprints(&[notice(12, "A-1", "x"), notice(13, "A-2", "x"), notice(19, "A-2", "x")]);
        assert_eq!(before, after);
        assert!(before[0] != before[1] && before[1] != before[2] && before[0] != before[2]);
    }

    #[test]
    fn facts_do_not_run_together() {
        let marks = fingerprints(&[
            notice(1, "A", "B1:C"),
            notice(1, "A1:B", "C"),
            notice(1, "", "A"),
            notice(1, "A", ""),
        ]);
        for (ix, mark) in marks.iter().enumerate() {
            assert!(!marks[..ix].contains(mark));
        }
    }
}
