//! A ledger with every column, to be filled in and imported again.

use super::single;
use crate::document::{Cell, Form, FormColumn, LONGEST_CELL};
use crate::model::book::{Book, Ledger};
use crate::model::choices::choices;
use crate::model::column::{Nature, nature};
use crate::model::issue::Row;
use anyhow::{Result, bail};

/// Every row of the file that can be read, also those found after the report day.
pub fn build(book: &Book, ledger: &Ledger) -> Result<Form> {
    let campaign = book.campaign_of(ledger);
    let headings = &ledger.layout.headings;
    let natures: Vec<Nature> = headings.iter().map(|heading| nature(heading, campaign)).collect();
    let line = |ix| {
        let row = ledger.row(ix);
        let cells = headings.iter().zip(&natures).enumerate();
        let cells = cells.map(|(at, (heading, nature))| {
            whole(ledger, &row, heading, typed(&row.cells.value(at as u16), *nature))
        });
        cells.collect::<Result<Vec<_>>>().map(single)
    };
    Ok(Form {
        name: book.unit_name(ledger).to_owned(),
        columns: headings
            .iter()
            .map(|heading| FormColumn { head: vec![heading.clone()], choices: choices(heading, campaign) })
            .collect(),
        rows: (0..ledger.issues.len()).map(line).collect::<Result<_>>()?,
        ..Form::default()
    })
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

/// A value with its type, where the type writes it back to the letter.
pub fn typed(text: &str, nature: Nature) -> Cell {
    let text_again = |cell: Cell, again: String| if again == text { cell } else { Cell::text(text) };
    match nature {
        Nature::Day => text.parse().map_or_else(
            |_| Cell::text(text),
            |day: chrono::NaiveDate| text_again(Cell::Date(day), day.to_string()),
        ),
        Nature::Money | Nature::Count => text.parse().map_or_else(
            |_| Cell::text(text),
            |number: rust_decimal::Decimal| text_again(Cell::Number(number), number.to_string()),
        ),
        Nature::Words => Cell::text(text),
    }
}
