//! What one commit did to one ledger, row by row, against each parent.

use super::rules::BACKDATED;
use super::rules::{
    CLOSED_AT_ONCE, DELETED_ROW, ILLEGAL_MOVE, LATER_THAN_COMMIT, LOOSENED_RULES, TOUCHED_CLOSED,
};
use super::step::{Offence, StepContext, added, changed};
use super::versions::{Differing, Faults, Key, Reader, Records, RowVersion};
use crate::check::{self, Context, duplicate_id, round_gap, unmarked_reopening};
use crate::finding::{Finding, Rule, Severity};
use crate::load::ledger::Origin;
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::Status;
use rustc_hash::FxHashSet;

/// What judging a ledger may ask.
#[derive(Clone, Copy)]
pub struct LedgerContext<'c> {
    pub origin: Origin<'c>,
    pub step: StepContext<'c>,
    pub checks: &'c Context<'c>,
    /// What was in force before, if this commit changed it.
    pub former: Option<(StepContext<'c>, &'c Context<'c>)>,
}

/// What became of the rows of a ledger.
#[derive(Debug, Default)]
pub struct LedgerStep {
    /// Rows of a ledger that enters history: taken as they are.
    pub entered: Vec<Entered>,
    pub rows: Vec<RowStep>,
    /// Rows that cannot be read.
    pub unread: u32,
}

#[derive(Debug)]
pub struct Entered {
    pub key: Key,
    pub status: Status,
    pub description: String,
    /// What a closed row cites.
    pub evidence: String,
}

/// One row that a commit brought, changed or took away.
#[derive(Debug)]
pub struct RowStep {
    pub key: Key,
    pub was: Option<Status>,
    pub is: Option<Status>,
    /// The row that arrived, or that is gone.
    pub row: Option<Box<RowVersion>>,
    /// What a closed row cites.
    pub evidence: String,
    /// A sign-off was put in.
    pub is_signed: bool,
    pub offences: Vec<Offence>,
}

/// The errors of a row that tell of a move made without what it needs.
static REPLAYED: [&Rule; 13] = [
    &check::date_order::RULE,
    &check::deadline_before_found::RULE,
    &check::deadline_outside_period::RULE,
    &check::deadline_over_limit::RULE,
    &check::incomplete_extension::RULE,
    &check::late_extension::RULE,
    &check::missing_cell::RULE,
    &check::missing_signoff::RULE,
    &check::self_verified::RULE,
    &check::short_extension::RULE,
    &check::signoff_order::RULE,
    &check::uncleared_cell::RULE,
    &check::wrong_id::RULE,
];

/// A ledger that no parent has.
pub fn entered(cx: LedgerContext, reader: &mut Reader, new: &Records) -> LedgerStep {
    let mut entered = vec![];
    let unread = reader.each(cx.origin, new, |row| {
        let is_closed = row.issue.status == Status::Closed;
        entered.push(Entered {
            key: (row.id().into_owned(), row.issue.round),
            status: row.issue.status,
            description: row.text(Column::Description).into_owned(),
            evidence: if is_closed { row.text(Column::Evidence).into_owned() } else { String::new() },
        });
    });
    LedgerStep { entered, unread, ..LedgerStep::default() }
}

/// A ledger against the one version it had before.
pub fn stepped(cx: LedgerContext, reader: &mut Reader, old: &Records, new: &Records) -> LedgerStep {
    let rows = reader.differing(cx.origin, old, new, &|row| faults(row, cx));
    let mut step = LedgerStep { unread: rows.unread, ..LedgerStep::default() };
    for key in rows.keys() {
        let (before, after) = (rows.before.get(key), rows.after.get(key));
        let mut offences = match (before, after) {
            (Some(before), Some(after)) => changed(before, after, cx.step),
            (None, Some(after)) => arrived(after, reader.rows_of(cx.origin, new, &after.id), cx),
            _ => vec![],
        };
        offences.extend(after.iter().flat_map(|after| new_faults(before, after)));
        offences.extend(after.iter().flat_map(|after| loosened(before, after, cx)));
        if rows.doubled.contains(key) {
            offences.extend(doubled(key));
        }
        step.rows.push(row_step(key, before, after, cx, offences));
    }
    step
}

/// A merge against each parent that has another version. A step that another parent shows was judged there: only what no
/// parent shows is the merge's own, and what goes back is lost work wherever it comes from.
pub fn merged(
    cx: LedgerContext,
    reader: &mut Reader,
    old: &[&Records],
    new: &Records,
    is_whole: bool,
) -> LedgerStep {
    let sides: Vec<Differing> =
        old.iter().map(|old| reader.differing(cx.origin, old, new, &|row| faults(row, cx))).collect();
    let unread = sides.iter().map(|side| side.unread).max().unwrap_or(0);
    let mut step = LedgerStep { unread, ..LedgerStep::default() };
    for (at, side) in sides.iter().enumerate() {
        let renumbered = renumbered(side);
        let keys = side.keys().into_iter().filter(|key| !renumbered.contains(key));
        for key in keys {
            let (before, after) = (side.before.get(key), side.after.get(key));
            let others = sides.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, side)| side);
            // Where a parent has the same ledger to the letter, nothing is the merge's own.
            let is_own = is_whole && others.clone().all(|other| other.has(key));
            let mut offences = match (before, after) {
                (Some(before), Some(after)) => changed(before, after, cx.step),
                (None, Some(after)) if is_own && at == 0 => added(after, cx.step),
                _ => vec![],
            };
            offences.retain(|offence| {
                goes_back(offence) || is_own && is_seen_nowhere(offence, key, others.clone())
            });
            if is_own && at == 0 {
                offences.extend(after.iter().flat_map(|after| new_faults(before, after)));
            }
            if !offences.is_empty() || after.is_none() {
                step.rows.push(row_step(key, before, after, cx, offences));
            }
        }
    }
    step
}

/// Errors of a row by what is in force, and by what was.
fn faults(row: &Row, cx: LedgerContext) -> Faults {
    let found = |checks: &Context| {
        let mut found = vec![];
        check::row(row, checks, &mut found);
        found.retain(|finding: &Finding| {
            finding.rule.severity == Severity::Error
                && REPLAYED.iter().any(|rule| std::ptr::eq(*rule, finding.rule))
        });
        found
    };
    Faults { now: found(cx.checks), former: cx.former.map(|(_, checks)| found(checks)).unwrap_or_default() }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    std::ptr::eq(one.rule, other.rule) && one.field == other.field
}

/// What the checks say of a row now and did not say before.
fn new_faults(before: Option<&RowVersion>, after: &RowVersion) -> Vec<Offence> {
    let known = before.map_or(&[][..], |row| &row.faults.now);
    let new = after.faults.now.iter().filter(|fault| !known.iter().any(|known| is_same(known, fault)));
    new.map(|fault| offence_of(fault.rule, fault, before, after, fault.message.clone())).collect()
}

/// What would have been an offence by what was in force before this commit changed it.
fn loosened(before: Option<&RowVersion>, after: &RowVersion, cx: LedgerContext) -> Vec<Offence> {
    let Some((former, _)) = cx.former else { return vec![] };
    let told = |message: &str| format!("同一次提交放宽了规定；按原来的规定：{message}");
    let known = before.map_or(&[][..], |row| &row.faults.former);
    let is_new = |fault: &&Finding| {
        ![known, &after.faults.now].iter().any(|all| all.iter().any(|other| is_same(other, fault)))
    };
    let faults = after.faults.former.iter().filter(is_new);
    let faults = faults.map(|fault| offence_of(&LOOSENED_RULES, fault, before, after, told(&fault.message)));
    let steps = |cx| before.map_or_else(|| added(after, cx), |before| changed(before, after, cx));
    let now = steps(cx.step);
    let was = steps(former)
        .into_iter()
        .filter(|was| !now.iter().any(|now| std::ptr::eq(now.rule, was.rule) && now.field == was.field));
    let was =
        was.map(|offence| Offence { rule: &LOOSENED_RULES, message: told(&offence.message), ..offence });
    faults.chain(was).collect()
}

fn offence_of(
    rule: &'static Rule,
    fault: &Finding,
    before: Option<&RowVersion>,
    after: &RowVersion,
    message: String,
) -> Offence {
    let field = fault.field.as_deref().unwrap_or_default();
    Offence {
        rule,
        field: field.to_owned(),
        before: before.map_or("", |row| row.cell(field)).to_owned(),
        after: after.cell(field).to_owned(),
        message,
    }
}

/// A row that was not there before, in a ledger that was.
fn arrived(after: &RowVersion, namesakes: Vec<RowVersion>, cx: LedgerContext) -> Vec<Offence> {
    let mut offences = added(after, cx.step);
    let round = after.issue.round;
    if namesakes.iter().filter(|row| row.issue.round == round).count() > 1 {
        offences.extend(doubled(&after.key()));
    }
    let former = namesakes.iter().find(|row| row.issue.round + 1 == round);
    let (rule, message) = match former {
        _ if round == 1 => return offences,
        None => (&round_gap::RULE, format!("有第 {round} 轮，没有第 {} 轮", round - 1)),
        Some(former) if former.issue.status != Status::Closed => {
            (&unmarked_reopening::RULE, "上一轮还没有销号".to_owned())
        }
        Some(former) if !former.issue.relapsed => {
            (&unmarked_reopening::RULE, "上一轮没有记回头看结果“反弹”".to_owned())
        }
        Some(_) => return offences,
    };
    let field = Column::Round.heading().to_owned();
    offences.push(Offence { rule, field, before: String::new(), after: round.to_string(), message });
    offences
}

fn doubled(key: &Key) -> Option<Offence> {
    let message = "编号、轮次与同一台账的另一行相同".to_owned();
    let field = Column::Id.heading().to_owned();
    Some(Offence { rule: &duplicate_id::RULE, field, before: String::new(), after: key.0.clone(), message })
}

/// Rows of a side that the merge gave another 编号, since the other side used theirs for another problem: the old number and
/// the new.
fn renumbered(side: &Differing) -> FxHashSet<&Key> {
    let id = Column::Id.heading();
    let arrived = |key: &&Key| !side.before.contains_key(*key);
    let mut renumbered = FxHashSet::default();
    for (new, row) in side.after.iter().filter(|(key, _)| arrived(key)) {
        let twin = side.before.iter().find(|(_, old)| old.differences(row) == [id]);
        if let Some((old, _)) = twin.filter(|(old, _)| side.after.contains_key(*old)) {
            renumbered.extend([old, new]);
        }
    }
    renumbered
}

fn goes_back(offence: &Offence) -> bool {
    let is = |rule: &Rule| offence.rule.code == rule.code;
    is(&ILLEGAL_MOVE) || is(&DELETED_ROW) || is(&TOUCHED_CLOSED) && offence.field == Column::Status.heading()
}

/// Whether every other parent shows something else under the column; what a whole branch may do is nothing of the merge's.
fn is_seen_nowhere<'d>(
    offence: &Offence,
    key: &Key,
    mut others: impl Iterator<Item = &'d Differing>,
) -> bool {
    let spans_branch =
        [CLOSED_AT_ONCE.code, LATER_THAN_COMMIT.code, BACKDATED.code].contains(&offence.rule.code);
    let differs = |side: &Differing| match (side.before.get(key), side.after.get(key)) {
        (Some(before), Some(after)) => before.cell(&offence.field) != after.cell(&offence.field),
        (None, None) => false,
        _ => true,
    };
    !spans_branch && others.all(differs)
}

fn row_step(
    key: &Key,
    before: Option<&RowVersion>,
    after: Option<&RowVersion>,
    cx: LedgerContext,
    offences: Vec<Offence>,
) -> RowStep {
    let status = |row: Option<&RowVersion>| row.map(|row| row.issue.status);
    let comes_or_goes = before.xor(after).map(|row| Box::new(row.clone()));
    let closed = after.filter(|row| row.issue.status == Status::Closed);
    let signs = |name: &String| {
        let heading = format!("{name}人");
        let signed = after.map_or("", |row| row.cell(&heading));
        !signed.is_empty() && before.map_or("", |row| row.cell(&heading)) != signed
    };
    RowStep {
        key: key.clone(),
        was: status(before),
        is: status(after),
        row: comes_or_goes,
        evidence: closed.map_or("", |row| row.text(Column::Evidence)).to_owned(),
        is_signed: cx.step.signoffs.iter().any(signs),
        offences,
    }
}
