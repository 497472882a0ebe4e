//! The rules of `history/` over every commit, with every parent.

mod auditor;
mod authority;
mod judge;
mod seals;
mod span;
mod verified;

pub use span::Span;

use super::commits::{Walk, each_change, is_ledger};
use crate::finding::Severity;
use crate::history::step::Offence;
use crate::model::policy::Exception;
use crate::source::history::{Commit, History, cannot};
use anyhow::Result;
use auditor::Auditor;
use chrono::NaiveDate;
use judge::judge;
use std::collections::BTreeMap;

/// One thing that a commit did wrong.
#[derive(Debug, Clone)]
pub struct Charge {
    /// Full id.
    pub commit: String,
    pub day: NaiveDate,
    /// When, in seconds since 1970.
    pub seconds: i64,
    pub author: String,
    pub email: String,
    pub path: String,
    /// 编号; empty where the offence is of no row.
    pub id: String,
    pub offence: Offence,
}

impl Charge {
    pub fn new(commit: &Commit, path: &str, id: &str, offence: Offence) -> Charge {
        Charge {
            commit: commit.id(),
            day: commit.committed,
            seconds: commit.seconds,
            author: commit.author.to_string(),
            email: commit.email.to_string(),
            path: path.to_owned(),
            id: id.to_owned(),
            offence,
        }
    }

    /// First eight digits of the commit.
    pub fn short(&self) -> &str {
        self.commit.get(..8).unwrap_or(&self.commit)
    }
}

/// What an audit saw.
#[derive(Debug, Default)]
pub struct Audited {
    pub charges: Vec<Charge>,
    /// Charges that somebody answers for.
    pub accepted: Vec<(Charge, Exception)>,
    /// Exceptions that are recorded and accept nothing, and why.
    pub idle: Vec<(Exception, &'static str)>,
    pub commits: usize,
    /// Versions of ledgers that were compared.
    pub versions: usize,
    /// Rows that came into the history already under way, with their ledger.
    pub entered: usize,
    /// What could not be judged: never taken for clean.
    pub unverified: Vec<String>,
}

/// Told how many commits of how many are done.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Audits the commits of a span.
pub fn audit(history: &History, span: Span, as_of: NaiveDate, progress: Progress) -> Result<Audited> {
    let commits = history.commits(span.to)?;
    let holds = span.holds(history, &commits)?;
    let (auditor, exceptions) = run(history, &commits, &holds, Auditor::default(), progress)?;
    Ok(auditor.audited.accepting(exceptions, &auditor.known.granted, as_of))
}

/// Audits all of HEAD; what an earlier audit on this machine has seen is taken from there, if HEAD still comes from it.
pub fn audit_since_last(history: &History, as_of: NaiveDate, progress: Progress) -> Result<Audited> {
    let (auditor, commits) = match verified::last(history)? {
        Some(known) => known,
        None => (Auditor::default(), history.commits("HEAD")?),
    };
    let holds: Vec<bool> = commits.iter().map(|commit| !commit.is_base).collect();
    let (auditor, exceptions) = run(history, &commits, &holds, auditor, progress)?;
    if let Some(tip) = commits.last().filter(|tip| !tip.is_base) {
        verified::keep(history, &tip.id(), &auditor)?;
    }
    Ok(auditor.audited.accepting(exceptions, &auditor.known.granted, as_of))
}

/// The auditor after the last commit, and the exceptions recorded there.
fn run(
    history: &History,
    commits: &[Commit],
    holds: &[bool],
    mut auditor: Auditor,
    progress: Progress,
) -> Result<(Auditor, Vec<Exception>)> {
    let tip = commits.last();
    if !tip.map_or(Ok(false), |tip| history.holds_workspace(tip))? {
        return Err(cannot("这个版本里没有工作区（zxzz.toml）：还没有提交，或写进了 .gitignore"));
    }
    let mut walk = Walk::new(history, commits);
    let mut place = 0;
    while let Some(steps) = walk.next_batch()? {
        let on_ledger = |done: usize, all: usize| progress(place + steps.len() * done / all, commits.len());
        let hands = authority::hands(history, &steps)?;
        let judged = each_change(history, &steps, is_ledger, on_ledger, |desk, step, compared| {
            judge(desk, step, &hands[compared.step], compared)
        })?;
        let made = steps.iter().zip(&hands).zip(judged).zip(&holds[place..]);
        for (((step, hands), ledgers), is_judged) in made {
            auditor.is_judging = *is_judged;
            if *is_judged {
                auditor.audited.charges.extend(seals::charges(history, step)?);
            }
            auditor.step(step, hands, ledgers);
        }
        place += steps.len();
    }
    let exceptions = walk.in_force().map(|says| says.workspace.settings.exceptions.clone());
    if exceptions.is_none() {
        let why = "最近一次提交的 zxzz.toml 或 units.toml 读不出来；先改好（zxzz check 有说明）";
        auditor.audited.unverified.push(why.to_owned());
    }
    // Whichever branch is gone through first, the same comes out.
    auditor.audited.charges.sort_by(|a, b| (a.seconds, &a.commit).cmp(&(b.seconds, &b.commit)));
    Ok((auditor, exceptions.unwrap_or_default()))
}

impl Audited {
    pub fn errors(&self) -> usize {
        self.charges.iter().filter(|charge| charge.offence.rule.severity == Severity::Error).count()
    }

    /// Parts the charges for which there is an exception from the others. Nobody excuses himself: `granted` tells the e-mail of
    /// whoever recorded each exception.
    fn accepting(
        mut self,
        exceptions: Vec<Exception>,
        granted: &BTreeMap<String, String>,
        as_of: NaiveDate,
    ) -> Audited {
        let mut reasons: Vec<Option<&'static str>> =
            exceptions.iter().map(|one| Some(one.fault(as_of).unwrap_or("没有这一处"))).collect();
        for charge in std::mem::take(&mut self.charges) {
            let covers = |one: &Exception| one.covers(&charge.commit, &charge.id, charge.offence.rule.code);
            let found = exceptions.iter().position(|one| covers(one) && one.fault(as_of).is_none());
            match found {
                Some(ix)
                    if granted.get(&exceptions[ix].name()).is_none_or(|email| *email == charge.email) =>
                {
                    reasons[ix] = Some("由提交的人自己记的，不算");
                    self.charges.push(charge);
                }
                Some(ix) => {
                    reasons[ix] = None;
                    self.accepted.push((charge, exceptions[ix].clone()));
                }
                None => self.charges.push(charge),
            }
        }
        let idle = exceptions.into_iter().zip(reasons);
        self.idle = idle.filter_map(|(one, why)| Some((one, why?))).collect();
        self
    }
}
