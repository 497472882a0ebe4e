//! `zxzz targets`: goals against what was reached.

use super::campaign::goal;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::figures::targets::{Periods, TargetLine, Verdict, lines};
use crate::model::actual::{Actual, rounded};
use crate::model::book::Book;
use crate::model::unit::UnitIx;

/// How many of the last lines say what verdicts mean.
const VERDICTS: [Verdict; 5] =
    [Verdict::Met, Verdict::Missed, Verdict::NotDue, Verdict::NoData, Verdict::Unjudged];

/// With `units` only their lines, else those of the whole, and with `by_unit` those of every unit below them.
pub fn build(book: &Book, periods: Periods, by_unit: bool, units: &[UnitIx]) -> Document {
    let mut document = begin(book, "指标");
    let by_unit = by_unit || !units.is_empty();
    let mut lines = lines(book, periods, by_unit);
    if !units.is_empty() {
        lines.retain(|line| line.unit.is_some_and(|unit| units.contains(&unit)));
    } else if book.scope.len() > 1 {
        document.table(summary(book, &lines));
    }
    document.table(table(book, &lines, by_unit));
    document.notes.extend(definitions(&lines));
    finish(document, book)
}

/// Verdicts by campaign; only campaigns that set targets.
fn summary(book: &Book, lines: &[TargetLine]) -> Table {
    let mut table = Table::new("各专项", &["专项", "指标"]);
    table.columns.extend(VERDICTS.map(|verdict| verdict.label().to_owned()));
    for campaign in &book.scope {
        let own = || lines.iter().filter(|line| line.campaign == *campaign && line.unit.is_none());
        if own().next().is_none() {
            continue;
        }
        let counts = VERDICTS.map(|verdict| own().filter(|line| line.verdict == verdict).count());
        let name = Cell::text(&book.workspace.campaign(*campaign).name);
        table
            .rows
            .push([name, Cell::count(own().count())].into_iter().chain(counts.map(Cell::count)).collect());
    }
    table
}

/// One line a target and period, and with `by_unit` one a unit below it.
pub fn table(book: &Book, lines: &[TargetLine], by_unit: bool) -> Table {
    let several = book.scope.len() > 1;
    let mut table = Table::new("", &[]);
    let heads = [("专项", several), ("指标", true), ("单位", by_unit)];
    table.columns.extend(heads.iter().filter(|(_, is_shown)| *is_shown).map(|(head, _)| (*head).to_owned()));
    table.columns.extend(["期间", "目标", "实际", "差距", "比上期", "结论", "说明"].map(str::to_owned));
    for line in lines {
        let campaign = book.workspace.campaign(line.campaign);
        let unit = line.unit.map_or("全专项", |unit| book.workspace.register.unit(unit).name.as_str());
        let cells = [
            (Cell::text(&campaign.name), several),
            (Cell::text(&line.target.name), true),
            (Cell::text(unit), by_unit),
        ];
        let mut row: Vec<Cell> =
            cells.into_iter().filter(|(_, is_shown)| *is_shown).map(|(cell, _)| cell).collect();
        row.extend(measured(line));
        table.rows.push(row);
    }
    table
}

fn measured(line: &TargetLine) -> [Cell; 7] {
    let mut notes = line.notes.clone();
    notes.extend(line.target.note.clone().filter(|_| line.unit.is_none()));
    let is_judged = line.verdict != Verdict::Unjudged || line.target.value.is_none();
    [
        Cell::text(&line.period),
        if is_judged { Cell::text(goal(line.target)) } else { Cell::Empty },
        actual(line.actual),
        line.gap().map_or(Cell::Empty, |gap| Cell::Number(rounded(gap))),
        change(line).map_or(Cell::Empty, |change| Cell::Number(rounded(change))),
        Cell::text(line.verdict.label()),
        Cell::text(notes.join("；")),
    ]
}

/// Against the period before; in percentage points where it is a rate.
pub fn change(line: &TargetLine) -> Option<rust_decimal::Decimal> {
    Some(line.actual?.amount() - line.previous?.amount())
}

pub fn actual(actual: Option<Actual>) -> Cell {
    match actual {
        None => Cell::Empty,
        Some(Actual::Share { part, whole }) => Cell::Rate { part, whole },
        Some(Actual::Number(number)) => Cell::Number(number.normalize()),
    }
}

/// What the columns mean, and each computed measure that was used.
fn definitions(lines: &[TargetLine]) -> Vec<String> {
    let mut notes = vec![
        "差距：正数好于目标，负数是还差；比率的差距和比上期是百分点；括号内为分子/分母".to_owned(),
        "报告日当天的数算数；没有数的一律是无数据，不算达标；动态清零的，到期日及以后每一天都要为 0"
            .to_owned(),
    ];
    let mut measures: Vec<&str> = lines
        .iter()
        .filter(|line| line.target.measure.label() != "填报")
        .map(|line| line.target.measure.definition())
        .collect();
    measures.sort_unstable();
    measures.dedup();
    notes.extend(measures.into_iter().map(str::to_owned));
    notes
}
