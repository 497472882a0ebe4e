//! Every ledger and TOML file through the checks.

use super::{Opened, UNITS};
use crate::check::{self, Context, LedgerCheckup, LedgerIds};
use crate::finding::{Finding, Severity};
use crate::load::ledger::{self, Keep, Origin};
use crate::model::book::Ledger;
use crate::model::seal::{SEALS, Seals};
use crate::model::seal_index::SealIndex;
use crate::source::disk::{LedgerFile, MARKER};
use chrono::NaiveDate;

/// All that a check found.
#[derive(Debug, Default)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub ledgers: usize,
    /// Data rows that were read.
    pub issues: u32,
    /// Data rows that could not be read.
    pub unread: u32,
    /// Files that could not be opened, with the reason.
    pub unreadable: Vec<(String, String)>,
}

impl Checked {
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.rule.severity == Severity::Error).count()
    }

    pub fn summary(&self) -> String {
        let errors = self.errors();
        let warnings = self.findings.len() - errors;
        let read = format!("{} 份台账，{} 行问题，{} 行未读", self.ledgers, self.issues, self.unread);
        if self.findings.is_empty() {
            format!("校验通过：{read}")
        } else {
            format!("{errors} 个错误，{warnings} 个警告：{read}；说明见 zxzz explain 规则代码")
        }
    }
}

impl Opened {
    /// Checks every file; of the findings, those under `paths` are kept (all when empty).
    pub fn check(&self, as_of: NaiveDate, paths: &[String]) -> Checked {
        let within = |path: &str| super::is_under(path, paths);
        let mut checked = Checked { unreadable: self.listing.unreadable.clone(), ..Checked::default() };
        let mut findings = self.configuration.findings.clone();
        check::configuration(&self.configuration, as_of, &mut findings);
        let sealed = match self.seals(&mut findings) {
            Ok(sealed) => sealed,
            Err(error) => {
                checked.unreadable.push((SEALS.to_owned(), error.to_string()));
                Seals::default()
            }
        };
        check::broken_seal_chain::check(&sealed, &mut findings);
        let index = (!sealed.lines.is_empty()).then(|| SealIndex::new(&sealed));
        // Without settings no ledger is read, and every row would seem gone.
        let seals = index.as_ref().filter(|_| !self.configuration.is_broken);
        let mut ids = vec![];
        // Without units and settings every ledger would be wrong in the same way.
        let files: Vec<&LedgerFile> = match self.configuration.is_broken {
            true => vec![],
            false => self.listing.ledgers.iter().collect(),
        };
        for outcome in self.each_ledger(&files, |origin, text, findings| {
            self.check_ledger(origin, text, as_of, seals, findings)
        }) {
            let counted = within(&outcome.path);
            checked.ledgers += usize::from(counted);
            checked.unread += if counted { outcome.unread } else { 0 };
            findings.extend(outcome.findings);
            checked.unreadable.extend(outcome.unreadable.map(|why| (outcome.path, why)));
            if let Some((ledger, ledger_ids)) = outcome.read {
                ids.push(ledger_ids);
                if counted {
                    let unread = ledger.unread.len() as u32;
                    checked.issues += ledger.rows - unread;
                    checked.unread += unread;
                }
            }
        }
        if !self.configuration.is_broken {
            for filing in self.check_filings(as_of, &mut findings) {
                checked.unread += if within(&filing.path) { filing.unread } else { 0 };
                checked.unreadable.extend(filing.unreadable.map(|why| (filing.path, why)));
            }
        }
        check::across(&ids, seals, &|path| self.files.holds(path), &mut findings);
        // What keeps every ledger from being read is told whichever are asked about.
        let is_broken = self.configuration.is_broken;
        let concerns_all = |path: &str| is_broken && [MARKER, UNITS].contains(&path);
        findings.retain(|finding| within(&finding.place.path) || concerns_all(&finding.place.path));
        findings.sort_by(|a, b| a.place.cmp(&b.place));
        checked.findings = findings;
        checked
    }

    fn check_ledger(
        &self,
        origin: Origin,
        text: &str,
        as_of: NaiveDate,
        seals: Option<&SealIndex>,
        findings: &mut Vec<Finding>,
    ) -> (Ledger, LedgerIds) {
        let cx = Context::new(origin.path, self.workspace(), origin.campaign, origin.unit, as_of);
        let cx = Context { seals, ..cx };
        let mut checkup = LedgerCheckup::new(cx, text);
        let ledger =
            ledger::read(origin, text, Keep::NOTHING, findings, |row, findings| checkup.row(row, findings));
        (ledger, checkup.finish(findings))
    }
}
