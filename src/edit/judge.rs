//! May a row move so? Asks the move table first, then the same checks that `zxzz check` runs, before and after.

use crate::check::{Context, LedgerCheckup, LedgerIds, merge_cycle, missing_evidence, unknown_merge_target};
use crate::finding::{Finding, Severity};
use crate::load::ledger::{self, Keep, Origin};
use crate::model::book::Workspace;
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::{Kind, Move, REGISTER, REOPEN, SIGN, Status, is_legal, way_to, writer};
use chrono::NaiveDate;

/// What a judgement may ask.
pub struct Judge<'j> {
    pub workspace: &'j Workspace,
    pub origin: Origin<'j>,
    pub as_of: NaiveDate,
    /// Whether the workspace has a file.
    pub holds: Box<dyn Fn(&str) -> bool + 'j>,
    /// The 编号 of all ledgers; only needed to judge a merger.
    pub others: &'j [LedgerIds],
}

impl Judge<'_> {
    /// Checks a ledger of a few rows and shows each.
    pub fn look(&self, text: &str, mut visit: impl FnMut(&Row)) -> Vec<Finding> {
        let origin = self.origin;
        let cx = Context::new(origin.path, self.workspace, origin.campaign, origin.unit, self.as_of);
        let mut findings = vec![];
        let mut checkup = LedgerCheckup::new(cx, text);
        ledger::read(origin, text, Keep::NOTHING, &mut findings, |row, findings| {
            checkup.row(row, findings);
            visit(row);
        });
        let own = [checkup.finish(&mut findings)];
        missing_evidence::check(&own, &*self.holds, &mut findings);
        if !self.others.is_empty() {
            let all: Vec<&LedgerIds> = self.others.iter().chain(&own).collect();
            unknown_merge_target::check(&all, &mut findings);
            merge_cycle::check(&all, &mut findings);
        }
        findings.retain(|finding| finding.rule.severity == Severity::Error);
        findings
    }
}

/// Why the move table does not allow the step, and what would have to come first.
pub fn out_of_turn(rule: &'static Move, id: &str, status: Status, kind: Kind) -> Option<String> {
    if is_legal(rule, status, kind) {
        return None;
    }
    let now = status.label();
    Some(match way_to(rule, status, kind) {
        Some(way) => {
            let steps: Vec<String> =
                way.iter().map(|step| format!("{}（{}）", step.name, step.call(id))).collect();
            format!("现在是{now}，不能{}；先{}", rule.name, steps.join("，再"))
        }
        None if status == Status::Closed => {
            format!("{now}的行不再改动；反弹了用 {}", REOPEN.call(id))
        }
        None if status.is_elsewhere() => format!("{now}的行不再改动"),
        None => format!("现在是{now}，不能{}", rule.name),
    })
}

/// What the step would leave wrong: everything that was right before, and what the move itself asks for.
pub fn faults<'f>(
    rule: &Move,
    id: &str,
    written: &[&str],
    before: &[Finding],
    after: &'f [Finding],
) -> Vec<&'f Finding> {
    /// A row may carry older mistakes along, but not these through a change of status.
    const STRICT: [&str; 6] = [
        "missing-cell",
        "missing-signoff",
        "signoff-order",
        "self-verified",
        "missing-evidence",
        "uncleared-cell",
    ];
    let is_same = |one: &Finding, other: &Finding| {
        one.rule.code == other.rule.code
            && one.id == other.id
            && one.field == other.field
            && one.value == other.value
    };
    let counts = |finding: &&Finding| {
        let moves_on = rule.to.is_some() && STRICT.contains(&finding.rule.code);
        let is_written =
            finding.field.as_ref().is_some_and(|field| written.iter().any(|heading| *heading == field));
        moves_on || is_written || !before.iter().any(|old| is_same(old, finding))
    };
    after.iter().filter(|finding| finding.id.as_deref().is_none_or(|of| of == id)).filter(counts).collect()
}

/// Faults in words: what is missing in one sentence with the commands that supply it, the rest one by one.
pub fn reasons(rule: &'static Move, id: &str, faults: &[&Finding]) -> Vec<String> {
    let is_gap = |finding: &&&Finding| ["missing-cell", "missing-signoff"].contains(&finding.rule.code);
    let mut gaps: Vec<&str> = vec![];
    for field in faults.iter().filter(is_gap).filter_map(|finding| finding.field.as_deref()) {
        if !gaps.contains(&field) {
            gaps.push(field);
        }
    }
    let mut calls: Vec<String> = vec![];
    for call in gaps.iter().map(|field| supplier(rule, id, field)) {
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    let missing = (!gaps.is_empty()).then(|| format!("还缺：{}（{}）", gaps.join("、"), calls.join("；")));
    let others = faults.iter().filter(|finding| !is_gap(finding)).map(|finding| told(finding));
    missing.into_iter().chain(others).collect()
}

/// The command that fills in a column.
fn supplier(rule: &'static Move, id: &str, heading: &str) -> String {
    let column = Column::named(heading);
    if std::ptr::eq(rule, &REGISTER) {
        return format!("{heading}=…");
    }
    match column {
        Some(column) if rule.needs.contains(&column) => rule.call(id),
        Some(column) => match owner(column) {
            Some(step) => step.call(id),
            None => format!("zxzz set {id} {heading}=…"),
        },
        None => match heading.strip_suffix('人').or(heading.strip_suffix("日期")) {
            Some(level) => format!("zxzz {} {id} --level {level} {}", SIGN.command, SIGN.usage),
            None => format!("zxzz set {id} {heading}=…"),
        },
    }
}

/// Columns that `set` may write too are asked of the move that needs them.
fn owner(column: Column) -> Option<&'static Move> {
    use crate::model::workflow::{APPLY, START};
    match column {
        Column::Measures => Some(&START),
        Column::Evidence | Column::Progress => Some(&APPLY),
        column => writer(column),
    }
}

fn told(finding: &Finding) -> String {
    let field = finding.field.as_deref().unwrap_or_default();
    let value = finding.value.as_deref().map(|value| format!("“{value}”")).unwrap_or_default();
    match finding.rule.code {
        "self-verified" => format!("{field}不能是责任人 {}", finding.value.as_deref().unwrap_or_default()),
        _ => {
            let help = if finding.help.is_empty() { String::new() } else { format!("；{}", finding.help) };
            format!("{field}{value}{}{}{help}", if field.is_empty() { "" } else { "：" }, finding.message)
        }
    }
}
