//! One row before and after a commit: is it joined by legal moves?

use super::rules::*;
use super::versions::RowVersion;
use crate::check::self_verified::{self, is_only};
use crate::finding::Rule;
use crate::model::column::Column;
use crate::model::policy::Policy;
use crate::model::workflow::{
    DELIST, EXTEND, Kind, LIST, MOVES, PROGRESS, REGISTER, REOPEN, REVIEW, SET, SIGN, Status, joined,
    stays_open, walked,
};
use chrono::NaiveDate;

/// What is wrong with a step: rule, column, before and after, and words.
#[derive(Debug, Clone)]
pub struct Offence {
    pub rule: &'static Rule,
    pub field: String,
    pub before: String,
    pub after: String,
    pub message: String,
}

/// What the judge of a step may ask.
#[derive(Clone, Copy)]
pub struct StepContext<'s> {
    pub signoffs: &'s [String],
    pub policy: &'s Policy,
    /// The committer's day.
    pub committed: NaiveDate,
    /// The later of the author's and the committer's day.
    pub latest: NaiveDate,
    /// Between a parent and a merge lies the work of a branch: many commits, not one.
    pub is_merge: bool,
}

/// A row that a commit changed. Between a parent and a merge, days and the time between application and write-off belong to
/// the commits of the branch.
pub fn changed(before: &RowVersion, after: &RowVersion, cx: StepContext) -> Vec<Offence> {
    let differences = before.differences(after);
    let mut offences = vec![];
    let mut tell = |rule: &'static Rule, heading: &str, message: String| {
        offences.push(Offence {
            rule,
            field: heading.to_owned(),
            before: before.cell(heading).to_owned(),
            after: after.cell(heading).to_owned(),
            message,
        });
    };
    for column in [Column::Listing, Column::Listed] {
        if !before.text(column).is_empty() && after.text(column).is_empty() {
            tell(&ERASED_LISTING, column.heading(), "挂牌的记录被清空".to_owned());
        }
    }
    let (was, is) = (before.issue.status, after.issue.status);
    let is_finished = matches!(was, Status::Closed | Status::Transferred | Status::Merged);
    if is_finished {
        for heading in differences.iter().filter(|heading| !Column::named(heading).is_some_and(stays_open)) {
            tell(&TOUCHED_CLOSED, heading, format!("{}的行不再改动", was.label()));
        }
        if before.issue.relapsed && !after.issue.relapsed {
            tell(&TOUCHED_CLOSED, Column::ReviewResult.heading(), "反弹的结论不再改动".to_owned());
        }
        return offences;
    }
    for heading in differences.iter().copied() {
        match Column::named(heading) {
            Some(Column::Deadline) => tell(&CHANGED_DEADLINE, heading, "完成时限登记后不变".to_owned()),
            Some(Column::Found) => tell(&CHANGED_FOUND, heading, "发现日期登记后不变".to_owned()),
            Some(column) if EXTEND.needs.contains(&column) && !before.cell(heading).is_empty() => {
                tell(&CHANGED_EXTENSION, heading, "延期批准后不变".to_owned());
            }
            _ => {}
        }
    }
    let returned = after.issue.returns > before.issue.returns;
    for name in cx.signoffs {
        for heading in [format!("{name}人"), format!("{name}日期")] {
            if !returned && !before.cell(&heading).is_empty() && differences.contains(&heading.as_str()) {
                tell(&CHANGED_SIGNOFF, &heading, "签字没有经过退回就变了".to_owned());
            }
        }
    }
    for name in cx.signoffs {
        let heading = format!("{name}人");
        let (signed, responsible) = (after.cell(&heading), before.text(Column::Person));
        if before.cell(&heading) != signed && is_only(signed, responsible) {
            tell(&self_verified::RULE, &heading, format!("与改动前的责任人 {responsible} 是同一人"));
        }
    }
    if was == Status::Applied && !returned && is_signed(before, cx) {
        for heading in differences.iter().filter(|heading| !may_follow_signoff(heading, cx)) {
            tell(&CHANGED_AFTER_SIGNOFF, heading, "已有签字，没有退回就改了".to_owned());
        }
    }
    let status = Column::Status.heading();
    let returns = (before.issue.returns, after.issue.returns);
    let has_switched =
        before.issue.kind != after.issue.kind && was == Status::Registered && is == Status::Applied;
    if !cx.is_merge && was < Status::Applied && is == Status::Closed {
        tell(&CLOSED_AT_ONCE, status, AT_ONCE.to_owned());
    } else if !cx.is_merge && has_switched {
        tell(&ILLEGAL_MOVE, status, "改整改类型和申请销号在同一次提交里".to_owned());
    } else if !leads(cx)(was, is, before.issue.kind, returns) {
        tell(&ILLEGAL_MOVE, status, illegal(was, is, returns));
    }
    if !cx.is_merge {
        offences.extend(dates(Some(before), after, cx));
    }
    offences
}

/// Whether somebody has signed for a row.
fn is_signed(row: &RowVersion, cx: StepContext) -> bool {
    cx.signoffs.iter().any(|name| !row.cell(&format!("{name}人")).is_empty())
}

/// What may still be filled in once somebody has signed; dates, limits and extensions have rules of their own.
fn may_follow_signoff(heading: &str, cx: StepContext) -> bool {
    const OPEN: [Column; 10] = [
        Column::Status,
        Column::Closed,
        Column::Listing,
        Column::Listed,
        Column::Delisted,
        Column::Remarks,
        Column::Deadline,
        Column::Found,
        Column::Returns,
        Column::Destination,
    ];
    let is_signoff = |name: &String| {
        heading.strip_prefix(name.as_str()).is_some_and(|part| ["人", "日期"].contains(&part))
    };
    Column::named(heading).is_some_and(|column| OPEN.contains(&column) || EXTEND.needs.contains(&column))
        || cx.signoffs.iter().any(is_signoff)
}

/// A write-off of what had not been applied for.
pub fn closed_at_once(before: &RowVersion, after: &RowVersion) -> Offence {
    Offence {
        rule: &CLOSED_AT_ONCE,
        field: Column::Status.heading().to_owned(),
        before: before.text(Column::Status).to_owned(),
        after: after.text(Column::Status).to_owned(),
        message: AT_ONCE.to_owned(),
    }
}

const AT_ONCE: &str = "申请和销号在同一次提交里";

/// Whether moves lead from one status to another: in one commit, or on a whole branch.
fn leads(cx: StepContext) -> fn(Status, Status, Kind, (u16, u16)) -> bool {
    if cx.is_merge { walked } else { joined }
}

fn illegal(was: Status, is: Status, (before, after): (u16, u16)) -> String {
    match was == is {
        true => format!("退回次数由 {before} 变为 {after}，没有退回"),
        false if was == Status::Applied && is == Status::Underway => "退回没有使退回次数加 1".to_owned(),
        false => format!("不能由{}变为{}", was.label(), is.label()),
    }
}

/// What a step between two versions is called; several moves at once are named in order.
pub fn called(before: Option<&RowVersion>, after: Option<&RowVersion>) -> String {
    let (before, after) = match (before, after) {
        (None, Some(after)) => return arrival(after).to_owned(),
        (Some(before), Some(after)) => (before, after),
        (_, None) => return "删除".to_owned(),
    };
    let (was, is) = (before.issue.status, after.issue.status);
    let differences = before.differences(after);
    let fills = |column: Column| differences.contains(&column.heading());
    let step = MOVES.into_iter().find(|step| step.to == Some(is) && step.from.contains(&was));
    match step {
        Some(step) => step.name.to_owned(),
        None if was != is => format!("{} → {}", was.label(), is.label()),
        None if fills(Column::ExtendedTo) => EXTEND.name.to_owned(),
        None if fills(Column::Delisted) => DELIST.name.to_owned(),
        None if fills(Column::Listed) => LIST.name.to_owned(),
        None if fills(Column::Reviewed) => REVIEW.name.to_owned(),
        None if is == Status::Applied
            && differences.iter().any(|heading| Column::named(heading).is_none()) =>
        {
            SIGN.name.to_owned()
        }
        None if fills(Column::Progress) => PROGRESS.name.to_owned(),
        None => SET.name.to_owned(),
    }
}

/// A row that was under way elsewhere is brought in, not registered.
fn arrival(row: &RowVersion) -> &'static str {
    match row.issue.status {
        Status::Registered => REGISTER.name,
        Status::Underway if row.issue.round > 1 => REOPEN.name,
        _ => "入库",
    }
}

/// A row that a commit brought into a ledger that was there before.
pub fn added(after: &RowVersion, cx: StepContext) -> Vec<Offence> {
    let mut offences = dates(None, after, cx);
    if after.issue.status == Status::Closed {
        offences.push(Offence {
            rule: &CLOSED_AT_ONCE,
            field: Column::Status.heading().to_owned(),
            before: String::new(),
            after: after.cell(Column::Status.heading()).to_owned(),
            message: "新增的行一进来就是已销号".to_owned(),
        });
    }
    offences
}

/// The days that tell when something was done.
const EVENTS: [Column; 8] = [
    Column::Found,
    Column::Assigned,
    Column::ExtensionApproved,
    Column::Applied,
    Column::Closed,
    Column::Listed,
    Column::Delisted,
    Column::Reviewed,
];

/// Dates that are new in a commit lie at or before it, and not long before it.
pub fn dates(before: Option<&RowVersion>, after: &RowVersion, cx: StepContext) -> Vec<Offence> {
    let events = EVENTS.iter().filter_map(|column| {
        let old = before.map_or("", |row| row.text(*column));
        date(column.heading(), old, after.text(*column), cx)
    });
    let signed = cx.signoffs.iter().filter_map(|name| {
        let heading = format!("{name}日期");
        date(&heading, before.map_or("", |row| row.cell(&heading)), after.cell(&heading), cx)
    });
    events.chain(signed).collect()
}

fn date(heading: &str, old: &str, new: &str, cx: StepContext) -> Option<Offence> {
    let day = crate::model::date::meant(new).filter(|_| old != new)?;
    let age = (cx.latest - day).num_days();
    let (rule, message) = match age {
        _ if day > cx.committed => (&LATER_THAN_COMMIT, format!("晚于提交的日子 {}", cx.committed)),
        age if age > i64::from(cx.policy.backdating_days) => {
            (&BACKDATED, format!("比提交的日子 {} 早 {age} 天", cx.latest))
        }
        _ => return None,
    };
    Some(Offence { rule, field: heading.to_owned(), before: old.to_owned(), after: new.to_owned(), message })
}
