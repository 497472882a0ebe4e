//! Values of a ledger as cells of a report.

use crate::document::{Cell, LONGEST_CELL};
use crate::model::book::Ledger;
use crate::model::column::Nature;
use crate::model::issue::Row;
use anyhow::{Result, bail};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A value with its type, where the type writes it back to the letter.
pub fn typed(text: &str, nature: Nature) -> Cell {
    let cell = match nature {
        Nature::Day => text.parse().map(|day: NaiveDate| (Cell::Date(day), day.to_string())).ok(),
        Nature::Money => text.parse().map(|sum: Decimal| (Cell::Number(sum), sum.to_string())).ok(),
        Nature::Count => text.parse().map(|count: i64| (Cell::Count(count), count.to_string())).ok(),
        Nature::Words => None,
    };
    let same = cell.filter(|(_, again)| again == text);
    same.map_or_else(|| Cell::text(text), |(cell, _)| cell)
}

/// A cell that a workbook holds whole: what was cut would be taken for the text when it is imported again.
pub fn whole(ledger: &Ledger, row: &Row, heading: &str, cell: Cell) -> Result<Cell> {
    // No character is shorter in bytes.
    if let Cell::Text(text) = &cell
        && text.len() > LONGEST_CELL
        && text.encode_utf16().count() > LONGEST_CELL
    {
        let (path, line, id, count) = (&ledger.path, row.issue.line, row.id(), text.chars().count());
        bail!(
            "{path}:{line} {id} 的“{heading}”有 {count} 字，Excel 一格最多 {LONGEST_CELL} 字，截断了导不回来；先改短（详情另成文件，写在佐证里）再导出"
        );
    }
    Ok(cell)
}

/// A figure as it is written into a form; a line to write on where there is none.
pub fn written(value: Option<Decimal>) -> String {
    value.map_or("____".to_owned(), |value| value.normalize().to_string())
}
