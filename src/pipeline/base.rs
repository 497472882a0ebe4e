//! The moves between a base and the files at hand, judged by the rules of the history.

use super::check::Checked;
use super::difference::{Difference, difference};
use super::{Opened, Scope, UNITS, is_under};
use crate::finding::{Finding, Place, Rule};
use crate::history::pairs::{Pair, Side};
use crate::history::rules::{
    BACKDATED, CLOSED_AT_ONCE, DELETED_LEDGER, DELETED_ROW, LATER_THAN_COMMIT, REUSED_ID,
};
use crate::history::step::{Offence, StepContext, added, changed};
use crate::load::ledger::{self, Keep};
use crate::load::workspace::Configuration;
use crate::model::column::Column;
use crate::source::disk::{LedgerFile, MARKER};
use crate::source::files::Files;
use crate::source::history::cannot;
use crate::source::revision::{Revision, Revisions};
use crate::source::snapshot::Snapshot;
use anyhow::Result;
use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What a row has gone through since the base.
#[derive(Debug, Default)]
pub struct Moves {
    pub findings: Vec<Finding>,
    /// What could not be judged: never taken for clean.
    pub unverified: Vec<String>,
}

/// What a difference spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// What will be one commit: all rules apply.
    OneCommit,
    /// Several commits, or a merge: what happened within each cannot be told from the ends.
    Several,
}

impl Span {
    fn judges(self, rule: &Rule) -> bool {
        self == Span::OneCommit || !WITHIN_ONE_COMMIT.iter().any(|other| other.code == rule.code)
    }
}

/// Rules that speak of what one commit does.
const WITHIN_ONE_COMMIT: [&Rule; 3] = [&CLOSED_AT_ONCE, &LATER_THAN_COMMIT, &BACKDATED];

impl Opened {
    /// Judges the files at hand against the commit in which their history parted from `base`; without one against the
    /// last commit, if there is any.
    pub fn moves_since(&self, base: Option<&str>, today: NaiveDate) -> Result<Moves> {
        let revisions = Revisions::around(&self.tree)?.ok_or_else(|| cannot("工作区不在 git 仓库里"))?;
        let tip = self.revision.clone().map_or_else(|| revisions.head(), |revision| Ok(Some(revision)))?;
        let (start, tip) = match (base, tip) {
            (Some(name), Some(tip)) => (revisions.merge_base(name, &tip)?, tip),
            (None, Some(tip)) => (tip.clone(), tip),
            (Some(_), None) => return Err(cannot("还没有提交，没有可比的版本")),
            (None, None) => return Ok(Moves::default()),
        };
        let Some(before) = self.as_in(&revisions, &start)? else {
            return match revisions.moved_from(&start, self.revision.as_ref())? {
                Some(folder) => Err(cannot(moved(&folder))),
                None => Ok(Moves::default()),
            };
        };
        let next = if revisions.is_merging() { Span::Several } else { Span::OneCommit };
        if start == tip {
            return Ok(judge(&before.configuration, &before, self, today, next));
        }
        let mut moves = judge(&before.configuration, &before, self, today, Span::Several);
        if let Some(last) = self.as_in(&revisions, &tip)? {
            let own = judge(&before.configuration, &last, self, today, next);
            let known: FxHashSet<Told> = moves.findings.iter().map(told).collect();
            moves.findings.extend(own.findings.into_iter().filter(|finding| !known.contains(&told(finding))));
            moves.unverified.extend(own.unverified);
            moves.unverified.sort();
            moves.unverified.dedup();
        }
        Ok(moves)
    }

    /// The same workspace in a commit; `None` where it did not exist yet.
    fn as_in(&self, revisions: &Revisions, revision: &Revision) -> Result<Option<Opened>> {
        let Some(snapshot) = Snapshot::of_any_commit(revisions, revision)? else { return Ok(None) };
        if !snapshot.holds(MARKER) && snapshot.list().ledgers.is_empty() {
            return Ok(None);
        }
        let unreadable =
            || cannot(format!("提交 {} 的 {MARKER} 或 {UNITS} 没有或读不出来", revision.short()));
        let opened =
            super::read(self.tree.clone(), Files::Snapshot(Box::new(snapshot)), Some(revision.clone()));
        let opened = opened.map_err(|_| unreadable())?;
        if opened.configuration.is_broken { Err(unreadable()) } else { Ok(Some(opened)) }
    }
}

fn moved(folder: &str) -> String {
    let folder = if folder.is_empty() { "仓库最上层" } else { folder };
    format!("工作区由 {folder} 移来，移动前后没有对照；移动不要与别的改动一起提交，移动前先核验")
}

/// Rule, place, 编号 and column: what two findings tell alike.
type Told = (&'static str, Place, Option<Box<str>>, Option<String>);

fn told(finding: &Finding) -> Told {
    let field = finding.field.as_ref().map(|field| field.to_string());
    (finding.rule.code, finding.place.clone(), finding.id.clone(), field)
}

impl Checked {
    /// Adds what was found about the moves, as far as it lies under `paths`.
    pub fn add(&mut self, findings: Vec<Finding>, paths: &[String]) {
        self.findings.extend(findings.into_iter().filter(|finding| is_under(&finding.place.path, paths)));
        self.findings.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// Judges what became of the rows of `before`, by the policy and sign-offs of the base.
fn judge(base: &Configuration, before: &Opened, after: &Opened, today: NaiveDate, span: Span) -> Moves {
    let Difference { pairs, gone, unread, unreadable } =
        difference(before, after, [base, &after.configuration], &Scope::default());
    let mut moves = Moves::default();
    let is_unread = |path: &str| unread.iter().any(|(other, _)| other == path);
    let mut accused: FxHashMap<&str, Vec<(&Pair, Offence)>> = FxHashMap::default();
    for pair in &pairs {
        for (side, offence) in judged(base, pair, today, span) {
            // A row that cannot be read is not gone, and a ledger that is gone was told as a whole.
            let is_gone =
                offence.rule.code == DELETED_ROW.code && is_unread(&side.path) || gone.contains(&side.path);
            if span.judges(offence.rule) && !is_gone {
                accused.entry(&side.path).or_default().push((pair, offence));
            }
        }
    }
    moves.unverified.extend(unreadable.into_iter().map(|(path, why)| format!("{path}：{why}")));
    moves.unverified.extend(unread.iter().map(|(path, rows)| format!("{path} 有 {rows} 行读不出来")));
    for path in &gone {
        let finding = Finding::new(&DELETED_LEDGER, &path.as_str().into(), 0, "整份台账被删除或移走");
        moves.findings.push(finding.help(help(&DELETED_LEDGER)));
    }
    for (path, offences) in accused {
        moves.findings.extend(findings(after, path, &offences));
    }
    moves
}

/// What is wrong with a row, and on which side it shows.
fn judged<'p, 'w>(
    base: &Configuration,
    pair: &'p Pair<'w>,
    today: NaiveDate,
    span: Span,
) -> Vec<(&'p Side<'w>, Offence)> {
    let cx = |side: &'p Side<'w>| StepContext {
        signoffs: &side.desk.campaign.closure.signoffs,
        policy: &base.workspace.settings.policy,
        committed: today,
        latest: today,
        is_merge: span == Span::Several,
    };
    let at = |side: &'p Side<'w>, offences: Vec<Offence>| -> Vec<(&'p Side<'w>, Offence)> {
        offences.into_iter().map(|offence| (side, offence)).collect()
    };
    match (&pair.before, &pair.after) {
        (Some(before), Some(after)) if before.path == after.path => {
            at(after, changed(&before.row, &after.row, cx(after)))
        }
        (Some(before), Some(after)) => {
            let left = deleted(before, format!("行被移到 {}", after.path));
            [(before, left)].into_iter().chain(reused(before, after).map(|again| (after, again))).collect()
        }
        (Some(before), None) => vec![(before, deleted(before, "行被删除".to_owned()))],
        (None, Some(after)) if !after.is_entering => at(after, added(&after.row, cx(after))),
        (None, _) => vec![],
    }
}

fn deleted(side: &Side, message: String) -> Offence {
    let status = Column::Status.heading();
    let before = side.row.cell(status).to_owned();
    Offence { rule: &DELETED_ROW, field: status.to_owned(), before, after: String::new(), message }
}

/// A 编号 that left one ledger and stands in another over something else.
fn reused(before: &Side, after: &Side) -> Option<Offence> {
    let description = Column::Description.heading();
    let (old, new) = (before.row.cell(description), after.row.cell(description));
    (old != new).then(|| Offence {
        rule: &REUSED_ID,
        field: description.to_owned(),
        before: old.to_owned(),
        after: new.to_owned(),
        message: "删除过的编号又用在不同的内容上".to_owned(),
    })
}

/// The offences in one ledger with the lines on which its rows stand now.
fn findings(after: &Opened, path: &str, offences: &[(&Pair, Offence)]) -> Vec<Finding> {
    let wanted = offences.iter().map(|(pair, _)| (pair.id.as_str(), pair.round)).collect();
    let lines = lines(after, path, &wanted);
    let path: Arc<str> = path.into();
    let finding = |(pair, offence): &(&Pair, Offence)| {
        let line = lines.get(&(pair.id.clone(), pair.round)).copied().unwrap_or_default();
        let was = match offence.before.as_str() {
            "" => String::new(),
            before => format!("（原为“{before}”）"),
        };
        let finding = Finding::new(offence.rule, &path, line, format!("{}{was}", offence.message))
            .id(&pair.id)
            .field(offence.field.clone())
            .help(help(offence.rule));
        if offence.after.is_empty() { finding } else { finding.value(&offence.after) }
    };
    offences.iter().map(finding).collect()
}

/// Where these rows stand in a ledger.
fn lines(opened: &Opened, path: &str, wanted: &FxHashSet<(&str, u16)>) -> FxHashMap<(String, u16), u32> {
    let files: Vec<&LedgerFile> = opened.listing.ledgers.iter().filter(|file| file.path == path).collect();
    let outcomes = opened.each_ledger(&files, |origin, text, findings| {
        let mut lines = FxHashMap::default();
        ledger::read(origin, text, Keep::NOTHING, findings, |row, _| {
            let (id, round) = (row.id(), row.issue.round);
            if wanted.contains(&(&*id, round)) {
                lines.entry((id.into_owned(), round)).or_insert(row.issue.line);
            }
        });
        lines
    });
    outcomes.into_iter().filter_map(|outcome| outcome.read).flatten().collect()
}

fn help(rule: &Rule) -> &'static str {
    rule.fix.trim_end_matches('。')
}
