//! One row in one commit: its step by the move table, and the checks that a move must pass.

use super::ledger::LedgerContext;
use super::rules::LOOSENED_RULES;
use super::step::{Offence, added, changed};
use super::versions::{Key, Reader, Records, RowVersion};
use crate::check::{self, duplicate_id, repeated_extension, round_gap, unmarked_reopening};
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::Status;
use rustc_hash::FxHashMap;

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

/// What the checks say of a row.
pub fn faults(row: &Row, cx: LedgerContext) -> Vec<Finding> {
    let mut found = vec![];
    check::row(row, cx.checks, &mut found);
    found.retain(|finding| {
        let is_replayed = REPLAYED.iter().any(|rule| std::ptr::eq(*rule, finding.rule));
        is_replayed && finding.rule.severity == Severity::Error
    });
    found
}

/// The rows that have the 编号 of a row which arrived or was extended, by 编号: how such a row is judged depends on them.
pub fn namesakes<'d>(
    cx: LedgerContext,
    reader: &mut Reader,
    new: &Records,
    rows: impl Iterator<Item = (Option<&'d RowVersion>, &'d RowVersion)>,
) -> FxHashMap<String, Vec<RowVersion>> {
    let asked = rows.filter(|(before, after)| before.is_none() || is_extended(*before, after));
    reader.rows_of(cx.origin, new, &asked.map(|(_, after)| after.id.as_str()).collect())
}

fn is_extended(before: Option<&RowVersion>, after: &RowVersion) -> bool {
    let has = |row: &RowVersion| !row.text(Column::ExtendedTo).is_empty();
    has(after) && !before.is_some_and(has)
}

/// Everything wrong with a row that a commit brought or changed.
pub fn judged(
    cx: LedgerContext,
    namesakes: &FxHashMap<String, Vec<RowVersion>>,
    before: Option<&RowVersion>,
    after: &RowVersion,
) -> Vec<Offence> {
    let namesakes = namesakes.get(&after.id).map_or(&[][..], Vec::as_slice);
    let mut offences = match before {
        Some(before) => changed(before, after, cx.step),
        None => arrived(after, namesakes, cx),
    };
    offences.extend(new_faults(before, after));
    if is_extended(before, after) {
        offences.extend(extended_again(after, namesakes, cx));
    }
    offences
}

/// What would have been an offence by what was in force before this commit changed it, and is none now.
pub fn loosened(was: Vec<Offence>, now: &[Offence]) -> Vec<Offence> {
    let is_told =
        |was: &Offence| now.iter().any(|now| std::ptr::eq(now.rule, was.rule) && now.field == was.field);
    let told = |offence: Offence| Offence {
        rule: &LOOSENED_RULES,
        message: format!("同一次提交放宽了规定；按原来的规定：{}", offence.message),
        ..offence
    };
    was.into_iter().filter(|offence| !is_told(offence)).map(told).collect()
}

/// What the checks say of a row now and did not say before.
pub fn new_faults(before: Option<&RowVersion>, after: &RowVersion) -> Vec<Offence> {
    let known = before.map_or(&[][..], |row| &row.faults);
    let is_known = |fault: &Finding| {
        known.iter().any(|known| std::ptr::eq(known.rule, fault.rule) && known.field == fault.field)
    };
    let new = after.faults.iter().filter(|fault| !is_known(fault));
    let offence = |fault: &Finding| {
        let field = fault.field.as_deref().unwrap_or_default();
        let before = before.map_or("", |row| row.cell(field));
        offence(fault.rule, field, before, after.cell(field), fault.message.clone())
    };
    new.map(offence).collect()
}

/// Extensions are counted over all rounds of a problem.
fn extended_again(after: &RowVersion, namesakes: &[RowVersion], cx: LedgerContext) -> Option<Offence> {
    let heading = Column::ExtendedTo.heading();
    let extended =
        |row: &&RowVersion| row.issue.round <= after.issue.round && !row.text(Column::ExtendedTo).is_empty();
    let (count, most) = (namesakes.iter().filter(extended).count(), cx.step.policy.max_extensions);
    let message = format!("各轮合计第 {count} 次延期，最多 {most} 次");
    let again = offence(&repeated_extension::RULE, heading, "", after.text(Column::ExtendedTo), message);
    (count > most as usize).then_some(again)
}

/// A row that was not there before, in a ledger that was.
fn arrived(after: &RowVersion, namesakes: &[RowVersion], cx: LedgerContext) -> Vec<Offence> {
    let mut offences = added(after, cx.step);
    let round = after.issue.round;
    if namesakes.iter().filter(|row| row.issue.round == round).count() > 1 {
        offences.push(doubled(&after.key()));
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
    offences.push(offence(rule, Column::Round.heading(), "", &round.to_string(), message));
    offences
}

/// A row that stands twice in a ledger.
pub fn doubled(key: &Key) -> Offence {
    let message = "编号、轮次与同一台账的另一行相同".to_owned();
    offence(&duplicate_id::RULE, Column::Id.heading(), "", &key.0, message)
}

fn offence(rule: &'static Rule, field: &str, before: &str, after: &str, message: String) -> Offence {
    let (field, before, after) = (field.to_owned(), before.to_owned(), after.to_owned());
    Offence { rule, field, before, after, message }
}
