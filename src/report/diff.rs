//! `zxzz diff`: what became of the rows between two states of the workspace.

use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::history::pairs::{Pair, Side};
use crate::history::step::called;
use crate::history::versions::RowVersion;
use crate::model::book::Book;
use crate::model::column::Column;

/// `book` is the later state; `names` say what is compared, `unread` what could not be.
pub fn build(book: &Book, pairs: &[Pair], names: (&str, &str), unread: &[(String, u32)]) -> Document {
    let mut document = begin(book, &format!("比较 {} → {}", names.0, names.1));
    for table in
        [standing("新增", pairs, added), moves(pairs), cells(pairs), standing("删除", pairs, removed)]
    {
        document.table(table);
    }
    document.notes.push("行按编号和轮次比较；列序、行序、引号、编码不同不算不同".to_owned());
    document.notes.extend(
        unread
            .iter()
            .map(|(path, rows)| format!("{path} 有 {rows} 行读不出来，没有比较，可能列在新增或删除里")),
    );
    finish(document, book)
}

fn added<'p, 'w>(pair: &'p Pair<'w>) -> Option<&'p Side<'w>> {
    pair.after.as_ref().filter(|_| pair.before.is_none())
}

fn removed<'p, 'w>(pair: &'p Pair<'w>) -> Option<&'p Side<'w>> {
    pair.before.as_ref().filter(|_| pair.after.is_none())
}

fn both<'p, 'w>(pair: &'p Pair<'w>) -> Option<(&'p Side<'w>, &'p Side<'w>)> {
    pair.before.as_ref().zip(pair.after.as_ref())
}

/// Rows that stand on one side only.
fn standing<'p, 'w>(
    name: &str,
    pairs: &'p [Pair<'w>],
    side: fn(&'p Pair<'w>) -> Option<&'p Side<'w>>,
) -> Table {
    let mut table = Table::new(name, &["编号", "轮次", "单位", "状态", "问题"]);
    for (pair, side) in pairs.iter().filter_map(|pair| Some((pair, side(pair)?))) {
        let what = [side.unit, side.row.issue.status.label()].map(Cell::text);
        table.rows.push(key(pair).into_iter().chain(what).chain([Cell::text(problem(&side.row))]).collect());
    }
    table
}

fn key(pair: &Pair) -> [Cell; 2] {
    [Cell::text(&pair.id), Cell::Count(pair.round.into())]
}

/// Rows whose status changed or that stand in another ledger.
fn moves(pairs: &[Pair]) -> Table {
    let mut table = Table::new("办理", &["编号", "轮次", "动作", "原状态", "新状态", "台账"]);
    for (pair, (before, after)) in pairs.iter().filter_map(|pair| Some((pair, both(pair)?))) {
        let (was, is) = (before.row.issue.status, after.row.issue.status);
        let ledger = pair.moved().map(|(from, to)| format!("{from} → {to}"));
        let name = match (was == is, &ledger) {
            (true, None) => continue,
            (true, Some(_)) => "移动".to_owned(),
            (false, _) => called(Some(&before.row), Some(&after.row)),
        };
        let cells = [name.as_str(), was.label(), is.label(), ledger.as_deref().unwrap_or_default()];
        table.rows.push(key(pair).into_iter().chain(cells.map(Cell::text)).collect());
    }
    table
}

/// Every cell that says something else.
fn cells(pairs: &[Pair]) -> Table {
    let mut table = Table::new("改动的格", &["编号", "轮次", "列", "原值", "新值"]);
    for (pair, (before, after)) in pairs.iter().filter_map(|pair| Some((pair, both(pair)?))) {
        for heading in before.row.differences(&after.row) {
            let values = [heading, before.row.cell(heading), after.row.cell(heading)].map(Cell::text);
            table.rows.push(key(pair).into_iter().chain(values).collect());
        }
    }
    table
}

/// What the problem is, in one cell.
fn problem(row: &RowVersion) -> String {
    let parts = [Column::Subject, Column::Description].map(|column| row.cell(column.heading()));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("：")
}
