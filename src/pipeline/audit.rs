//! The rules of `history/` over every commit, with every parent.

use super::commits::{Compared, OldVersion, Step, Walk, each_change, home, is_ledger};
use crate::check::Context;
use crate::check::missing_evidence::cited;
use crate::finding::{Rule, Severity};
use crate::history::ledger::{Entered, LedgerContext, LedgerStep, RowStep, entered, merged, stepped};
use crate::history::rules::*;
use crate::history::step::{Offence, StepContext};
use crate::history::versions::{Key, Records, RowVersion};
use crate::load::ledger::Origin;
use crate::load::workspace::Configuration;
use crate::model::campaign::Campaign;
use crate::model::column::Column;
use crate::model::policy::Exception;
use crate::model::workflow::Status;
use crate::source::history::{CannotVerify, Commit, FileChange, History};
use anyhow::Result;
use chrono::{Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// One thing that a commit did wrong.
#[derive(Debug)]
pub struct Charge {
    pub commit: Commit,
    pub path: String,
    pub id: String,
    pub offence: Offence,
}

/// What an audit saw.
#[derive(Debug, Default)]
pub struct Audited {
    pub charges: Vec<Charge>,
    /// Charges that somebody answers for.
    pub accepted: Vec<(Charge, Exception)>,
    /// Exceptions that are recorded and accept nothing: expired, or no such offence.
    pub idle: Vec<Exception>,
    pub commits: usize,
    /// Versions of ledgers that were compared.
    pub versions: usize,
    /// Rows that came into the history already under way, with their ledger.
    pub entered: usize,
    /// What could not be judged: never taken for clean.
    pub unverified: Vec<String>,
}

impl Audited {
    pub fn errors(&self) -> usize {
        self.charges.iter().filter(|charge| charge.offence.rule.severity == Severity::Error).count()
    }
}

/// Which commits are judged: `A..B`, `A...B`, `B`; all of HEAD without.
#[derive(Debug, Clone, Copy)]
pub struct Span<'s> {
    from: Option<&'s str>,
    is_from_merge_base: bool,
    to: &'s str,
}

impl<'s> Span<'s> {
    pub fn of(range: Option<&'s str>) -> Span<'s> {
        let range = range.unwrap_or("HEAD");
        let (parts, is_from_merge_base) = match range.split_once("...") {
            Some(parts) => (Some(parts), true),
            None => (range.split_once(".."), false),
        };
        let or_head = |name: &'s str| if name.is_empty() { "HEAD" } else { name };
        let (from, to) = parts.map_or((None, range), |(from, to)| (Some(or_head(from)), or_head(to)));
        Span { from, is_from_merge_base, to }
    }

    /// For each commit, whether it is judged. What was there before only tells what came before.
    fn holds(&self, history: &History, commits: &[Commit]) -> Result<Vec<bool>> {
        let mut holds = vec![true; commits.len()];
        let Some(from) = self.from else { return Ok(holds) };
        let base = match self.is_from_merge_base {
            true => history.merge_base(from, self.to)?,
            false => from.to_owned(),
        };
        let Some(base) = history.place(&base, commits)? else {
            let why = format!(
                "“{from}”不是“{}”的祖先：历史被改写过，或各有各的提交；核验分支上的提交，范围写 {from}...{}",
                self.to, self.to
            );
            return Err(anyhow::Error::new(CannotVerify(why)));
        };
        holds[base] = false;
        for ix in (0..=base).rev().filter(|ix| *ix <= base) {
            if !holds[ix] {
                commits[ix].parents.iter().for_each(|parent| holds[*parent] = false);
            }
        }
        Ok(holds)
    }
}

/// Audits the commits of a span. `on_ledger` is told when the versions of a ledger have been read.
pub fn audit(
    history: &History,
    span: Span,
    as_of: NaiveDate,
    on_ledger: &(dyn Fn() + Sync),
) -> Result<Audited> {
    let commits = history.commits(span.to)?;
    let holds = span.holds(history, &commits)?;
    let mut walk = Walk::new(history, &commits);
    let mut auditor = Auditor::default();
    let mut place = 0;
    while let Some(steps) = walk.next_batch()? {
        let judged = each_change(history, &steps, is_ledger, on_ledger, judge)?;
        for (step, ledgers) in steps.iter().zip(judged) {
            auditor.is_judging = holds[place];
            auditor.step(step, ledgers);
            place += 1;
        }
    }
    let exceptions = walk.in_force().map(|says| says.workspace.settings.exceptions.clone());
    auditor.audited.accept(exceptions.unwrap_or_default(), as_of);
    Ok(auditor.audited)
}

impl Audited {
    /// Parts the charges for which there is an exception from the others.
    fn accept(&mut self, exceptions: Vec<Exception>, as_of: NaiveDate) {
        let (in_force, mut idle): (Vec<_>, Vec<_>) =
            exceptions.into_iter().partition(|one| one.is_in_force(as_of));
        let mut used = vec![false; in_force.len()];
        for charge in std::mem::take(&mut self.charges) {
            let covers =
                |one: &Exception| one.covers(&charge.commit.id(), &charge.id, charge.offence.rule.code);
            match in_force.iter().position(covers) {
                Some(ix) => {
                    used[ix] = true;
                    self.accepted.push((charge, in_force[ix].clone()));
                }
                None => self.charges.push(charge),
            }
        }
        idle.extend(in_force.into_iter().zip(used).filter(|(_, used)| !used).map(|(one, _)| one));
        self.idle = idle;
    }
}

/// A ledger that a commit changed.
struct Judged {
    path: String,
    step: LedgerStep,
    /// Place of the campaign; none where the ledger belongs to no known one.
    campaign: Option<u16>,
    unverified: Vec<String>,
}

/// What is in force changes rarely: the checks of a ledger are made ready once.
#[derive(Default)]
struct Desk<'s> {
    now: Option<(*const Configuration, Context<'s>)>,
}

impl<'s> Desk<'s> {
    fn context(&mut self, configuration: &'s Configuration, origin: Origin, day: NaiveDate) -> &Context<'s> {
        let make = || Context::new(origin.path, &configuration.workspace, origin.campaign, origin.unit, day);
        let known = self.now.take().filter(|(known, _)| std::ptr::eq(*known, configuration));
        let (_, context) = self.now.insert(known.unwrap_or_else(|| (configuration, make())));
        context.as_of = day;
        context
    }
}

fn judge<'s>(desk: &mut Desk<'s>, step: &'s Step, compared: Compared) -> Judged {
    let path = compared.path.to_owned();
    let mut judged = Judged { path, step: LedgerStep::default(), campaign: None, unverified: vec![] };
    let Some(configuration) = step.configuration.as_deref() else {
        judged.unverified.push("zxzz.toml 或 units.toml 没有或读不出来".to_owned());
        return judged;
    };
    let Some((campaign, unit)) = home(configuration, compared.path) else {
        judged.unverified.push("没有这个专项或单位，台账未核验".to_owned());
        return judged;
    };
    judged.campaign = Some(campaign);
    let path: Arc<str> = compared.path.into();
    let plan = &configuration.workspace.campaigns[usize::from(campaign)];
    let origin = Origin { path: &path, campaign, unit, desk: plan };
    let day = step.commit.latest_day();
    let former = step.former.as_deref().and_then(|former| Some((former, home(former, compared.path)?)));
    let former_checks =
        former.map(|(former, (campaign, unit))| Context::new(&path, &former.workspace, campaign, unit, day));
    let former = former.zip(former_checks.as_ref());
    let cx = LedgerContext {
        origin,
        step: step_context(configuration, campaign, step.commit),
        checks: desk.context(configuration, origin, day),
        former: former
            .map(|((former, (campaign, _)), checks)| (step_context(former, campaign, step.commit), checks)),
    };
    let Some(new) =
        compared.new.filter(|_| !compared.old.iter().any(|(_, old)| matches!(old, OldVersion::Undecoded)))
    else {
        judged.unverified.push("编码认不出，台账未核验".to_owned());
        return judged;
    };
    judged.step = against(cx, step.commit, &compared, new);
    if judged.step.unread > 0 {
        judged.unverified.push(format!("有 {} 行读不出来", judged.step.unread));
    }
    judged
}

fn against(cx: LedgerContext, commit: &Commit, compared: &Compared, new: &Records) -> LedgerStep {
    let read = compared.old.iter().filter_map(|(_, old)| match old {
        OldVersion::Read(records) => Some(&**records),
        _ => None,
    });
    let old: Vec<&Records> = read.collect();
    let is_whole = compared.old.len() >= commit.parents.len();
    match old[..] {
        [] if is_whole => entered(cx, new),
        [only] if !commit.is_merge() => stepped(cx, only, new),
        _ => merged(cx, &old, new, is_whole),
    }
}

fn step_context<'c>(configuration: &'c Configuration, campaign: u16, commit: &Commit) -> StepContext<'c> {
    StepContext {
        signoffs: &configuration.workspace.campaign(campaign).closure.signoffs,
        policy: &configuration.workspace.settings.policy,
        committed: commit.latest_day(),
        is_merge: commit.is_merge(),
    }
}

/// What earlier commits have shown.
#[derive(Default)]
struct Known {
    deleted: FxHashMap<Key, RowVersion>,
    deleted_ledgers: FxHashSet<String>,
    /// Who committed the application.
    applicants: FxHashMap<Key, Arc<str>>,
    /// Files that written-off rows cite.
    evidence: FxHashMap<String, String>,
    /// Write-offs in the last days of a stage, by campaign and stage.
    rushes: FxHashMap<(String, String), u32>,
}

#[derive(Default)]
struct Auditor {
    known: Known,
    audited: Audited,
    /// Whether this commit is to be judged, or only known.
    is_judging: bool,
}

impl Auditor {
    fn step(&mut self, step: &Step, ledgers: Vec<Judged>) {
        let commit = step.commit;
        self.audited.commits += usize::from(self.is_judging);
        for changes in &step.changes {
            self.evidence(commit, changes);
            self.ledgers_gone(commit, changes);
        }
        let mut closings: FxHashMap<u16, u32> = FxHashMap::default();
        for ledger in &ledgers {
            self.unverified(commit, ledger);
            self.audited.versions += usize::from(self.is_judging);
            let closed = self.ledger(commit, ledger, &ledgers);
            if let Some(campaign) = ledger.campaign {
                *closings.entry(campaign).or_default() += closed;
            }
        }
        if let Some(configuration) = &step.configuration {
            self.bursts(step, configuration, &closings);
        }
    }

    fn charge(&mut self, commit: &Commit, path: &str, id: &str, offence: Offence) {
        if self.is_judging {
            let (path, id) = (path.to_owned(), id.to_owned());
            self.audited.charges.push(Charge { commit: commit.clone(), path, id, offence });
        }
    }

    fn unverified(&mut self, commit: &Commit, ledger: &Judged) {
        if self.is_judging {
            let told =
                |why: &String| format!("{} {} {}：{why}", commit.short(), commit.committed, ledger.path);
            self.audited.unverified.extend(ledger.unverified.iter().map(told));
        }
    }

    fn ledgers_gone(&mut self, commit: &Commit, changes: &[FileChange]) {
        for change in changes.iter().filter(|change| is_ledger(&change.path)) {
            if change.new.is_some() {
                self.known.deleted_ledgers.remove(&change.path);
            } else if self.known.deleted_ledgers.insert(change.path.clone()) {
                let offence = commit_offence(&DELETED_LEDGER, "整份台账被删除或移走".to_owned());
                self.charge(commit, &change.path, "", offence);
            }
        }
    }

    /// Judges the rows of one ledger; returns how many were written off.
    fn ledger(&mut self, commit: &Commit, ledger: &Judged, all: &[Judged]) -> u32 {
        for row in &ledger.step.entered {
            self.entered(commit, row, &ledger.path);
        }
        let mut closings = 0;
        for row in &ledger.step.rows {
            let mut offences = row.offences.clone();
            match (row.was, row.is) {
                (None, Some(_)) => offences.extend(self.reused(row)),
                (Some(_), None) => offences.extend(self.vanished(row, all, &ledger.path)),
                _ => {}
            }
            if !commit.is_merge() && row.is.is_some() {
                closings += u32::from(row.was != Some(Status::Closed) && row.is == Some(Status::Closed));
                offences.extend(self.same_hand(commit, row));
                self.remember_evidence(&row.evidence, &row.key.0, &ledger.path);
            }
            for offence in offences {
                self.charge(commit, &ledger.path, &row.key.0, offence);
            }
        }
        closings
    }

    /// Rows of a ledger that enters history are accepted as they are, unless they were deleted before.
    fn entered(&mut self, commit: &Commit, row: &Entered, path: &str) {
        self.audited.entered += usize::from(self.is_judging && row.status != Status::Registered);
        self.remember_evidence(&row.evidence, &row.key.0, path);
        let description = Column::Description.heading();
        let old = self.known.deleted.remove(&row.key);
        if let Some(old) = old.filter(|old| old.cell(description) != row.description) {
            let offence = reuse(old.cell(description), &row.description);
            self.charge(commit, path, &row.key.0, offence);
        }
    }

    /// A row that was deleted comes back as another one.
    fn reused(&mut self, row: &RowStep) -> Option<Offence> {
        let new = row.row.as_ref()?;
        let old = self.known.deleted.remove(&row.key).filter(|old| !old.differences(new).is_empty())?;
        let description = Column::Description.heading();
        Some(reuse(old.cell(description), new.cell(description)))
    }

    /// A row that is gone. One that a branch has deleted was told there.
    fn vanished(&mut self, row: &RowStep, all: &[Judged], path: &str) -> Option<Offence> {
        let old = row.row.as_deref()?.clone();
        let status = old.cell(Column::Status.heading()).to_owned();
        if self.known.deleted.insert(row.key.clone(), old).is_some() {
            return None;
        }
        let arrives = |other: &&Judged| {
            let is_it = |new: &RowStep| new.key == row.key && new.was.is_none();
            other.path != path && other.step.rows.iter().any(is_it)
        };
        let elsewhere = all.iter().find(arrives);
        let message = elsewhere.map_or("行被删除".to_owned(), |other| format!("行被移到 {}", other.path));
        let field = Column::Status.heading().to_owned();
        Some(Offence { before: status, field, ..commit_offence(&DELETED_ROW, message) })
    }

    /// Application and then sign-off or write-off by the same person.
    fn same_hand(&mut self, commit: &Commit, row: &RowStep) -> Option<Offence> {
        if row.is == Some(Status::Applied) && row.was != Some(Status::Applied) {
            self.known.applicants.insert(row.key.clone(), Arc::clone(&commit.email));
            return None;
        }
        let closes = row.was == Some(Status::Applied) && row.is == Some(Status::Closed);
        let is_same = self.known.applicants.get(&row.key) == Some(&commit.email);
        if row.is != Some(Status::Applied) {
            self.known.applicants.remove(&row.key);
        }
        let what = if closes { "销号" } else { "签字" };
        (is_same && (closes || row.is_signed)).then(|| Offence {
            field: Column::Status.heading().to_owned(),
            ..commit_offence(&CLOSED_BY_APPLICANT, format!("申请和{what}都由 {} 提交", commit.author))
        })
    }

    fn remember_evidence(&mut self, evidence: &str, id: &str, ledger: &str) {
        let folder = ledger.rsplit_once('/').map_or("", |(folder, _)| folder);
        for file in cited(evidence) {
            let file = file.replace('\\', "/");
            for path in [format!("{folder}/{file}"), file] {
                self.known.evidence.insert(path, id.to_owned());
            }
        }
    }

    /// Evidence of written-off rows stays as it was.
    fn evidence(&mut self, commit: &Commit, changes: &[FileChange]) {
        for change in changes.iter().filter(|change| change.old.is_some() && !commit.is_merge()) {
            if let Some(id) = self.known.evidence.get(&change.path).cloned() {
                let what = if change.new.is_some() { "改动" } else { "删除" };
                let message = format!("已销号问题的佐证被{what}");
                self.charge(commit, &change.path, &id, commit_offence(&CHANGED_EVIDENCE, message));
            }
        }
    }

    /// Many write-offs in one commit, or in the last days of a stage.
    fn bursts(&mut self, step: &Step, configuration: &Configuration, closings: &FxHashMap<u16, u32>) {
        let policy = &configuration.workspace.settings.policy;
        let former = step.former.as_deref().map(|former| &former.workspace.settings.policy);
        let most =
            former.map_or(policy.burst_closings, |former| former.burst_closings.min(policy.burst_closings));
        let total: u32 = closings.values().sum();
        if total > most {
            let message = format!("一次提交销号 {total} 个，超过 {most} 个");
            self.charge(step.commit, "", "", commit_offence(&BURST_CLOSING, message));
        }
        let mut campaigns: Vec<(&u16, &u32)> = closings.iter().filter(|(_, count)| **count > 0).collect();
        campaigns.sort();
        for (campaign, count) in campaigns {
            let campaign = configuration.workspace.campaign(*campaign);
            self.rush(step.commit, campaign, *count, most, policy.stage_end_days);
        }
    }

    /// Told once for each stage, when there are too many.
    fn rush(&mut self, commit: &Commit, campaign: &Campaign, count: u32, most: u32, days: u32) {
        let begins = |end: NaiveDate| end.checked_sub_days(Days::new(days.into())).unwrap_or(end);
        let ending = |end: NaiveDate| begins(end) < commit.committed && commit.committed <= end;
        for stage in campaign.stages.iter().filter(|stage| ending(stage.end)) {
            let closed = self.known.rushes.entry((campaign.id.clone(), stage.id.clone())).or_default();
            let before = *closed;
            *closed += count;
            if before <= most && before + count > most {
                let message = format!(
                    "{}的{}最后 {days} 天（{} 止）里已销号 {} 个，超过 {most} 个",
                    campaign.name,
                    stage.name,
                    stage.end,
                    before + count
                );
                self.charge(commit, "", "", commit_offence(&STAGE_END_RUSH, message));
            }
        }
    }
}

fn reuse(before: &str, after: &str) -> Offence {
    Offence {
        before: before.to_owned(),
        after: after.to_owned(),
        field: Column::Id.heading().to_owned(),
        ..commit_offence(&REUSED_ID, "删除过的编号又用在不同的内容上".to_owned())
    }
}

fn commit_offence(rule: &'static Rule, message: String) -> Offence {
    Offence { rule, field: String::new(), before: String::new(), after: String::new(), message }
}
