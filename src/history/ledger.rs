//! What one commit did to one ledger, row by row, against each parent.

use super::row::{doubled, faults, judged, loosened, namesakes};
use super::rules::{CHANGED_EXTENSION, CHANGED_SIGNOFF, ERASED_LISTING, ILLEGAL_MOVE, TOUCHED_CLOSED};
use super::step::{Offence, StepContext, changed, closed_at_once, dates};
use super::versions::{Differing, Key, Reader, Records, RowVersion};
use crate::check::Context;
use crate::finding::Rule;
use crate::load::ledger::Origin;
use crate::model::column::{Column, Position};
use crate::model::issue::Row;
use crate::model::workflow::Status;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// What judging a ledger may ask.
#[derive(Clone, Copy)]
pub struct LedgerContext<'c> {
    pub origin: Origin<'c>,
    pub step: StepContext<'c>,
    pub checks: &'c Context<'c>,
    /// By what was in force before, if this commit changed it.
    pub former: Option<&'c LedgerContext<'c>>,
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
    /// A short mark of all that it says.
    pub digest: u64,
}

/// One row that a commit brought, changed or took away.
#[derive(Debug)]
pub struct RowStep {
    pub key: Key,
    pub was: Option<Status>,
    pub is: Option<Status>,
    /// Written off by this commit; by a merge, if no parent shows it so.
    pub is_closing: bool,
    /// The row that arrived, or that is gone.
    pub row: Option<Box<RowVersion>>,
    /// What a row cites that is signed for or closed, or that was applied for and is no longer.
    pub evidence: String,
    /// A sign-off was put in.
    pub is_signed: bool,
    /// What the problem is said to be, where that has become something else.
    pub retold: Option<(String, String)>,
    pub offences: Vec<Offence>,
}

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
            digest: digest(row),
        });
    });
    LedgerStep { entered, unread, ..LedgerStep::default() }
}

/// A ledger against the one version it had before.
pub fn stepped(cx: LedgerContext, reader: &mut Reader, old: &Records, new: &Records) -> LedgerStep {
    let rows = reader.differing(cx.origin, old, new, &|row| faults(row, cx));
    let former = cx.former.map(|former| {
        let mut reader = Reader::default();
        let rows = reader.differing(former.origin, old, new, &|row| faults(row, *former));
        let namesakes = namesakes(*former, &mut reader, new, rows.pairs());
        (former, namesakes, rows)
    });
    let namesakes = namesakes(cx, reader, new, rows.pairs());
    let mut step = LedgerStep { unread: rows.unread, ..LedgerStep::default() };
    for key in rows.keys() {
        let (before, after) = (rows.before.get(key), rows.after.get(key));
        let mut offences = after.map_or(vec![], |after| judged(cx, &namesakes, before, after));
        if let Some((former, namesakes, rows)) = &former
            && let Some(after) = rows.after.get(key)
        {
            let was = judged(**former, namesakes, rows.before.get(key), after);
            offences.extend(loosened(was, &offences));
        }
        if rows.doubled.contains(key) {
            offences.push(doubled(key));
        }
        step.rows.push(row_step(key, before, after, cx, is_closing([before], after), offences));
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
    let former = cx.former.zip(old.first()).map(|(former, old)| {
        let rows = Reader::default().differing(former.origin, old, new, &|row| faults(row, *former));
        (former, rows)
    });
    let unread = sides.iter().map(|side| side.unread).max().unwrap_or(0);
    let mut step = LedgerStep { unread, ..LedgerStep::default() };
    for (at, side) in sides.iter().enumerate() {
        let renumbered = renumbered(side);
        for key in side.keys().into_iter().filter(|key| !renumbered.contains(key)) {
            let (before, after) = (side.before.get(key), side.after.get(key));
            let others = sides.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, side)| side);
            // Where a parent has the same ledger to the letter, nothing is the merge's own.
            let is_own = is_whole && others.clone().all(|other| other.has(key));
            let mut offences = match (before, after) {
                (_, Some(after)) if is_own && at == 0 => {
                    let mut offences = own(cx, reader, new, before, after, &sides);
                    if let Some((former, rows)) = &former
                        && let Some(after) = rows.after.get(key)
                    {
                        let was =
                            own(**former, &mut Reader::default(), new, rows.before.get(key), after, &sides);
                        offences.extend(loosened(was, &offences));
                    }
                    offences
                }
                (Some(before), Some(after)) => changed(before, after, cx.step),
                _ => vec![],
            };
            if side.doubled.contains(key) && is_own && at == 0 {
                offences.push(doubled(key));
            }
            offences.retain(|offence| {
                goes_back(offence) || is_own && is_seen_nowhere(offence, key, others.clone())
            });
            let is_closing =
                is_own && at == 0 && is_closing(sides.iter().map(|side| side.before.get(key)), after);
            step.rows.push(row_step(key, before, after, cx, is_closing, offences));
        }
    }
    step
}

/// A short mark of all that a row says.
fn digest(row: &Row) -> u64 {
    let mut hasher = FxHasher::default();
    for at in 0..row.layout.width {
        row.cells.value(at as Position).hash(&mut hasher);
    }
    hasher.finish()
}

/// What a merge is to answer for in a row that no parent shows so, beyond what may have happened on a branch.
fn own(
    cx: LedgerContext,
    reader: &mut Reader,
    new: &Records,
    before: Option<&RowVersion>,
    after: &RowVersion,
    sides: &[Differing],
) -> Vec<Offence> {
    let key = after.key();
    let applied =
        |side: &Differing| side.before.get(&key).is_some_and(|row| row.issue.status >= Status::Applied);
    let at_once = before.filter(|_| after.issue.status == Status::Closed && !sides.iter().any(applied));
    let namesakes = namesakes(cx, reader, new, [(before, after)].into_iter());
    let mut offences = judged(cx, &namesakes, before, after);
    offences.extend(before.map(|before| dates(Some(before), after, cx.step)).into_iter().flatten());
    offences.extend(at_once.map(|before| closed_at_once(before, after)));
    offences
}

/// Rows of a side that the merge gave another 编号, since the other side used theirs for another problem: the old number and
/// the new.
fn renumbered(side: &Differing) -> FxHashSet<&Key> {
    let mut renumbered = FxHashSet::default();
    let arrived: Vec<(&Key, &RowVersion)> =
        side.after.iter().filter(|(key, _)| !side.before.contains_key(*key)).collect();
    if arrived.is_empty() {
        return renumbered;
    }
    // Only an old number that another problem has now can have been given away.
    let given = side.before.iter().filter(|(key, _)| side.after.contains_key(*key));
    let mut by_content: FxHashMap<Vec<&str>, &Key> = given.map(|(key, row)| (but_number(row), key)).collect();
    for (new, row) in arrived {
        if let Some(old) = by_content.remove(&but_number(row)) {
            renumbered.extend([old, new]);
        }
    }
    renumbered
}

/// All that a row says but its 编号.
fn but_number(row: &RowVersion) -> Vec<&str> {
    let id = Column::Id.heading();
    row.cells().filter(|(heading, _)| *heading != id).map(|(_, value)| value).collect()
}

/// Work of a branch that a merge undid: a status, or something once recorded that is gone.
fn goes_back(offence: &Offence) -> bool {
    let is = |rule: &Rule| offence.rule.code == rule.code;
    let is_erased = offence.after.is_empty() && !offence.before.is_empty();
    is(&ILLEGAL_MOVE)
        || is(&ERASED_LISTING)
        || is(&TOUCHED_CLOSED) && offence.field == Column::Status.heading()
        || is_erased && (is(&CHANGED_SIGNOFF) || is(&CHANGED_EXTENSION))
}

/// Whether every other parent shows something else under the column.
fn is_seen_nowhere<'d>(
    offence: &Offence,
    key: &Key,
    mut others: impl Iterator<Item = &'d Differing>,
) -> bool {
    let differs = |side: &Differing| match (side.before.get(key), side.after.get(key)) {
        (Some(before), Some(after)) => before.cell(&offence.field) != after.cell(&offence.field),
        (None, None) => false,
        _ => true,
    };
    others.all(differs)
}

fn is_closing<'r>(
    before: impl IntoIterator<Item = Option<&'r RowVersion>>,
    after: Option<&RowVersion>,
) -> bool {
    let is_closed = |row: Option<&RowVersion>| row.is_some_and(|row| row.issue.status == Status::Closed);
    is_closed(after) && !before.into_iter().any(is_closed)
}

fn retold(before: Option<&RowVersion>, after: Option<&RowVersion>) -> Option<(String, String)> {
    let (was, is) = (before?.text(Column::Description), after?.text(Column::Description));
    (was != is).then(|| (was.to_owned(), is.to_owned()))
}

fn row_step(
    key: &Key,
    before: Option<&RowVersion>,
    after: Option<&RowVersion>,
    cx: LedgerContext,
    is_closing: bool,
    offences: Vec<Offence>,
) -> RowStep {
    let status = |row: Option<&RowVersion>| row.map(|row| row.issue.status);
    let comes_or_goes = before.xor(after).map(|row| Box::new(row.clone()));
    let is_signed =
        |row: &RowVersion| cx.step.signoffs.iter().any(|name| !row.cell(&format!("{name}人")).is_empty());
    let was_applied = before.filter(|row| row.issue.status == Status::Applied);
    let vouched = match status(after) {
        Some(Status::Applied) => after.filter(|row| is_signed(row)),
        Some(Status::Closed) => after,
        Some(_) => was_applied,
        None => None,
    };
    let signs = |name: &String| {
        let heading = format!("{name}人");
        let signed = after.map_or("", |row| row.cell(&heading));
        !signed.is_empty() && before.map_or("", |row| row.cell(&heading)) != signed
    };
    RowStep {
        key: key.clone(),
        was: status(before),
        is: status(after),
        is_closing,
        row: comes_or_goes,
        evidence: vouched.map_or("", |row| row.text(Column::Evidence)).to_owned(),
        is_signed: cx.step.signoffs.iter().any(signs),
        retold: retold(before, after),
        offences,
    }
}
