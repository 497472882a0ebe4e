//! One file per rule: pure functions from what was loaded to findings.
//!
//! A rule looks at one cell, at one row, at one ledger, across ledgers, at one campaign file, or at the units.

use crate::finding::{Finding, Rule};
use crate::load::filing::FilingRow;
use crate::load::toml_file::Origin;
use crate::load::workspace::Configuration;
use crate::model::book::Workspace;
use crate::model::campaign::{Campaign, Task};
use crate::model::column::{Column, Position};
use crate::model::filing::{DutyRecord, ReportedFigure};
use crate::model::issue::{Issue, Row};
use crate::model::seal::Plan;
use crate::model::seal_index::SealIndex;
use crate::model::unit::{Register, UnitIx};
use crate::model::workflow::Status;
use chrono::NaiveDate;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*
        /// Every rule of this folder; a test holds the list equal to the files.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules![
    bad_column,
    bad_exception,
    bad_identifier,
    broken_seal,
    broken_seal_chain,
    dangling_reference,
    date_order,
    date_outside_period,
    deadline_before_found,
    deadline_outside_period,
    deadline_over_limit,
    duplicate_definition,
    duplicate_figure,
    duplicate_id,
    empty_group,
    formula_cell,
    future_date,
    incomplete_extension,
    incomplete_listing,
    incomplete_review,
    ineffective_limit,
    late_extension,
    malformed_category,
    merge_cycle,
    missing_cell,
    missing_evidence,
    missing_signoff,
    overfull_box,
    part_over_whole,
    personal_data,
    ragged_form,
    registered_after_seal,
    repeated_extension,
    retired_unit,
    round_gap,
    self_verified,
    senseless_target,
    senseless_trigger,
    short_extension,
    signoff_order,
    stage_order,
    uncleared_cell,
    unfinished_period,
    unit_not_responsible,
    unknown_calendar,
    unknown_merge_target,
    unknown_unit,
    unmarked_reopening,
    unopened_relapse,
    wrong_id,
];

type CellCheck = fn(&CellAt, &Context, &mut Vec<Finding>);
type RowCheck = fn(&Row, &Context, &mut Vec<Finding>);
type LedgerCheck = fn(&Sheet, &Context, &mut Vec<Finding>);
type PlanCheck = fn(&Campaign, &PlanContext, &mut Vec<Finding>);
type UnitCheck = fn(&Register, &Origin, &mut Vec<Finding>);

const CELL_CHECKS: [CellCheck; 2] = [personal_data::check, formula_cell::check];

const ROW_CHECKS: [RowCheck; 22] = [
    missing_cell::check,
    missing_signoff::check,
    signoff_order::check,
    self_verified::check,
    uncleared_cell::check,
    date_order::check,
    future_date::check,
    deadline_before_found::check,
    deadline_over_limit::check,
    deadline_outside_period::check,
    unknown_calendar::check,
    incomplete_extension::check,
    late_extension::check,
    short_extension::check,
    wrong_id::check,
    unit_not_responsible::check,
    incomplete_listing::check,
    incomplete_review::check,
    retired_unit::check,
    unknown_unit::check,
    broken_seal::check,
    registered_after_seal::check,
];

const LEDGER_CHECKS: [LedgerCheck; 5] = [
    duplicate_id::check,
    round_gap::check,
    unmarked_reopening::check,
    unopened_relapse::check,
    repeated_extension::check,
];

const PLAN_CHECKS: [PlanCheck; 14] = [
    malformed_category::check,
    senseless_target::check,
    bad_identifier::check,
    duplicate_definition::check,
    dangling_reference::check,
    dangling_reference::check_names,
    senseless_trigger::check,
    unknown_unit::check_plan,
    stage_order::check,
    date_outside_period::check,
    ineffective_limit::check,
    bad_column::check,
    ragged_form::check,
    overfull_box::check,
];

const UNIT_CHECKS: [UnitCheck; 5] = [
    bad_identifier::check_units,
    duplicate_definition::check_units,
    dangling_reference::check_units,
    empty_group::check_units,
    stage_order::check_units,
];

/// What the checks of one ledger may ask.
pub struct Context<'c> {
    pub path: Arc<str>,
    pub workspace: &'c Workspace,
    pub campaign: &'c Campaign,
    pub unit: UnitIx,
    /// With which the ledger's own 编号 begin: `YL-SS-`.
    pub prefix: String,
    /// For each task of the campaign, whether the plan gives it to the unit.
    pub answers_for: Vec<bool>,
    pub as_of: NaiveDate,
    /// None where nothing was sealed, or seals are not asked about.
    pub seals: Option<&'c SealIndex<'c>>,
    /// Which cells of the ledger seals cover; made with its first row.
    pub sealing: OnceCell<Plan>,
}

impl<'c> Context<'c> {
    pub fn new(
        path: &Arc<str>,
        workspace: &'c Workspace,
        campaign: u16,
        unit: UnitIx,
        as_of: NaiveDate,
    ) -> Self {
        let campaign = workspace.campaign(campaign);
        let register = &workspace.register;
        Context {
            path: Arc::clone(path),
            workspace,
            campaign,
            unit,
            prefix: format!("{}-{}-", campaign.code, register.unit(unit).code),
            answers_for: campaign.tasks.iter().map(|task| answers(task, campaign, register, unit)).collect(),
            as_of,
            seals: None,
            sealing: OnceCell::new(),
        }
    }

    /// A finding at a row of the ledger.
    pub fn finding(&self, rule: &'static Rule, row: &Row, message: impl Into<String>) -> Finding {
        Finding::new(rule, &self.path, row.issue.line, message).id(&row.id())
    }
}

/// Whether the plan gives a task to a unit; the campaign's lead answers for all of them.
fn answers(task: &Task, campaign: &Campaign, register: &Register, unit: UnitIx) -> bool {
    task.bodies().chain(&campaign.lead).any(|name| register.covers(name, unit))
}

/// What the checks of one campaign file may ask.
pub struct PlanContext<'c> {
    /// Absent when `units.toml` could not be read: that is told once.
    pub register: Option<&'c Register>,
    pub origin: &'c Origin,
}

/// Bytes of a row of Chinese text, to guess how many a ledger has.
const TYPICAL_ROW: usize = 400;

/// One cell that is not empty.
pub struct CellAt<'r> {
    pub row: &'r Row<'r>,
    pub at: Position,
    /// As in the file, quotes included.
    pub bytes: &'r [u8],
}

impl<'r> CellAt<'r> {
    pub fn value(&self) -> Cow<'r, str> {
        self.row.cells.value(self.at)
    }

    pub fn heading(&self) -> &'r str {
        &self.row.layout.headings[usize::from(self.at)]
    }
}

/// One row as the checks of a whole ledger need it.
pub struct Entry {
    pub line: u32,
    pub issue: Issue,
    /// Where its 编号 stands in the text of the ledger.
    id: (u32, u32),
}

/// The rows of one ledger by 编号 and 轮次.
pub struct Sheet<'t> {
    text: &'t str,
    pub entries: Vec<Entry>,
    by_id: FxHashMap<(&'t str, u16), u32>,
    /// Positions of first and later entry.
    pub duplicates: Vec<(usize, usize)>,
}

impl<'t> Sheet<'t> {
    fn new(text: &'t str) -> Self {
        let rows = text.len() / TYPICAL_ROW;
        Sheet {
            text,
            entries: Vec::with_capacity(rows),
            by_id: FxHashMap::with_capacity_and_hasher(rows, FxBuildHasher),
            duplicates: vec![],
        }
    }

    pub fn id(&self, entry: &Entry) -> &'t str {
        &self.text[entry.id.0 as usize..entry.id.1 as usize]
    }

    pub fn find(&self, id: &str, round: u16) -> Option<&Entry> {
        self.by_id.get(&(id, round)).map(|ix| &self.entries[*ix as usize])
    }

    fn add(&mut self, row: &Row) {
        let id = row.layout.position(Column::Id).map_or((0, 0), |at| row.cells.span(at));
        let entry = Entry { line: row.issue.line, issue: *row.issue, id };
        let key = (self.id(&entry), row.issue.round);
        let ix = self.entries.len();
        let first = *self.by_id.entry(key).or_insert(ix as u32) as usize;
        if first != ix {
            self.duplicates.push((first, ix));
        }
        self.entries.push(entry);
    }
}

/// What remains of a ledger for the checks across ledgers.
pub struct LedgerIds {
    pub path: Arc<str>,
    pub prefix: String,
    text: String,
    /// End in `text`, round and line of each row.
    ids: Vec<(u32, u16, u32)>,
    pub mergers: Vec<unknown_merge_target::Merger>,
    pub citations: Vec<missing_evidence::Citation>,
}

/// A 编号 with its round and line.
pub struct IdAt<'l> {
    pub text: &'l str,
    pub round: u16,
    pub line: u32,
}

impl LedgerIds {
    pub fn all(&self) -> impl Iterator<Item = IdAt<'_>> {
        let starts = std::iter::once(0).chain(self.ids.iter().map(|(end, ..)| *end));
        starts.zip(&self.ids).map(|(start, (end, round, line))| IdAt {
            text: &self.text[start as usize..*end as usize],
            round: *round,
            line: *line,
        })
    }
}

/// What the checks that look at one row alone find.
pub fn row(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    for check in ROW_CHECKS {
        check(row, cx, out);
    }
}

/// Checks one ledger while its rows pass.
pub struct LedgerCheckup<'t, 'c> {
    cx: Context<'c>,
    sheet: Sheet<'t>,
    mergers: Vec<unknown_merge_target::Merger>,
    citations: Vec<missing_evidence::Citation>,
}

impl<'t, 'c> LedgerCheckup<'t, 'c> {
    pub fn new(cx: Context<'c>, text: &'t str) -> Self {
        LedgerCheckup { cx, sheet: Sheet::new(text), mergers: vec![], citations: vec![] }
    }

    pub fn row(&mut self, row: &Row, out: &mut Vec<Finding>) {
        self::row(row, &self.cx, out);
        self.cells(row, out);
        self.sheet.add(row);
        self.citations.extend(missing_evidence::citations(row));
        if row.issue.status == Status::Merged {
            let (from, into) = (row.id().as_ref().into(), row.text(Column::Destination).as_ref().into());
            self.mergers.push(unknown_merge_target::Merger { line: row.issue.line, from, into });
        }
    }

    fn cells(&self, row: &Row, out: &mut Vec<Finding>) {
        let text = row.cells.text.as_bytes();
        let mut start = row.cells.start as usize;
        for (at, end) in row.cells.ends.iter().enumerate() {
            let bytes = &text[start..*end as usize];
            start = *end as usize + 1;
            if !bytes.is_empty() {
                let cell = CellAt { row, at: at as Position, bytes };
                for check in CELL_CHECKS {
                    check(&cell, &self.cx, out);
                }
            }
        }
    }

    /// Checks the ledger as a whole.
    pub fn finish(self, out: &mut Vec<Finding>) -> LedgerIds {
        for check in LEDGER_CHECKS {
            check(&self.sheet, &self.cx, out);
        }
        let mut text = String::with_capacity(self.sheet.entries.len() * 16);
        let mut ids = Vec::with_capacity(self.sheet.entries.len());
        for entry in &self.sheet.entries {
            text.push_str(self.sheet.id(entry));
            ids.push((text.len() as u32, entry.issue.round, entry.line));
        }
        let Context { path, prefix, .. } = self.cx;
        LedgerIds { path, prefix, text, ids, mergers: self.mergers, citations: self.citations }
    }
}

/// What the checks of filings may ask.
pub struct FilingContext<'c> {
    pub path: &'c Arc<str>,
    pub workspace: &'c Workspace,
    pub campaign: &'c Campaign,
    pub as_of: NaiveDate,
}

impl FilingContext<'_> {
    fn finding(&self, rule: &'static Rule, line: u32, message: impl Into<String>) -> Finding {
        Finding::new(rule, self.path, line, message)
    }
}

/// Checks the cells of a row of `_targets.csv` or `_duties.csv`.
pub fn filing_row(row: &FilingRow, cx: &FilingContext, out: &mut Vec<Finding>) {
    personal_data::check_filing(row, cx, out);
    formula_cell::check_filing(row, cx, out);
}

/// Checks the figures of a campaign.
pub fn figures(figures: &[ReportedFigure], cx: &FilingContext, out: &mut Vec<Finding>) {
    duplicate_figure::check(figures, cx, out);
    unfinished_period::check(figures, cx, out);
    part_over_whole::check(figures, cx, out);
    future_date::check_days(figures.iter().map(|figure| (figure.line, "填报日期", figure.reported)), cx, out);
}

/// Checks the duties carried out in a campaign; `holds` tells whether the workspace has a file.
pub fn duties(
    records: &[DutyRecord],
    cx: &FilingContext,
    holds: &dyn Fn(&str) -> bool,
    out: &mut Vec<Finding>,
) {
    future_date::check_days(records.iter().map(|record| (record.line, "日期", record.day)), cx, out);
    missing_evidence::check_duties(records, cx, holds, out);
    unit_not_responsible::check_duties(records, cx, out);
}

/// Checks across ledgers; `holds` tells whether the workspace has a file.
pub fn across(
    ledgers: &[LedgerIds],
    seals: Option<&SealIndex>,
    holds: &dyn Fn(&str) -> bool,
    out: &mut Vec<Finding>,
) {
    duplicate_id::check_across(ledgers, out);
    let all: Vec<&LedgerIds> = ledgers.iter().collect();
    unknown_merge_target::check(&all, out);
    merge_cycle::check(&all, out);
    missing_evidence::check(ledgers, holds, out);
    if let Some(seals) = seals {
        broken_seal::check_across(ledgers, seals, out);
    }
}

/// Checks the TOML files.
pub fn configuration(configuration: &Configuration, as_of: NaiveDate, out: &mut Vec<Finding>) {
    if let Some(origin) = &configuration.settings_origin {
        bad_exception::check_settings(&configuration.workspace.settings, origin, as_of, out);
        senseless_trigger::check_settings(&configuration.workspace.settings, origin, out);
    }
    let units = configuration.units_origin.as_ref().map(|origin| (&configuration.workspace.register, origin));
    if let Some((register, origin)) = units {
        for check in UNIT_CHECKS {
            check(register, origin, out);
        }
        dangling_reference::check_people(configuration, origin, out);
    }
    let register = units.map(|(register, _)| register);
    let desks = &configuration.workspace.campaigns;
    let plans: Vec<(&Campaign, &Origin)> =
        desks.iter().map(|desk| &desk.campaign).zip(&configuration.campaign_origins).collect();
    for (campaign, origin) in &plans {
        for check in PLAN_CHECKS {
            check(campaign, &PlanContext { register, origin }, out);
        }
    }
    duplicate_definition::check_between(&plans, out);
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "lists the folder of rules")]
mod tests {
    use super::RULES;

    #[test]
    fn files_list_and_codes_agree() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "mod.rs")
            .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
            .collect();
        files.sort();
        let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes, files);
    }
}
