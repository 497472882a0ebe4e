//! Sheets of OpenDocument (ods): a few bytes may say millions of cells, for which the reader would make room.

use super::sheet_marks::{Archive, attribute, each_event};
use super::workbook::{MOST_OLD_CELLS, MOST_TEXT, too_big};
use quick_xml::events::{BytesStart, Event};
use std::io::Cursor;

/// One sheet while it is read.
#[derive(Default)]
struct Extent {
    name: String,
    /// Up to the last row, and in it to the last cell, with something in it.
    rows: u64,
    columns: u64,
    /// So far.
    row: u64,
    column: u64,
    /// How often the present row stands there, and the present cell.
    row_times: u64,
    times: u64,
    /// Bytes in all cells.
    text: u64,
}

/// An error names a sheet that is no ledger.
pub fn require_small(bytes: &[u8]) -> Result<(), String> {
    let Ok(mut archive) = Archive::new(Cursor::new(bytes)) else { return Ok(()) };
    let mut sheet = Extent::default();
    let mut outcome = Ok(());
    each_event(&mut archive, "content.xml", |event| match event {
        Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
            "table" => {
                let name = attribute(tag, "name").unwrap_or_default();
                sheet = Extent { name, ..Extent::default() };
            }
            "table-row" => {
                sheet.row += std::mem::replace(&mut sheet.row_times, times(tag, "number-rows-repeated"));
                (sheet.column, sheet.times) = (0, 0);
            }
            "table-cell" | "covered-table-cell" => {
                let own = times(tag, "number-columns-repeated");
                sheet.column += std::mem::replace(&mut sheet.times, own);
                if attribute(tag, "value-type").is_some() {
                    sheet.fill();
                }
            }
            "p" => sheet.fill(),
            _ => {}
        },
        Event::Text(words) => {
            let cells = sheet.row_times.saturating_mul(sheet.times);
            sheet.text = sheet.text.saturating_add(cells.saturating_mul(words.len() as u64));
        }
        Event::End(tag) if tag.local_name().as_ref() == "table" && sheet.is_too_big() => {
            outcome = Err(too_big(&sheet.name));
        }
        _ => {}
    });
    outcome
}

impl Extent {
    fn is_too_big(&self) -> bool {
        self.rows.saturating_mul(self.columns) > MOST_OLD_CELLS || self.text > MOST_TEXT
    }

    fn fill(&mut self) {
        self.rows = self.rows.max(self.row.saturating_add(self.row_times));
        self.columns = self.columns.max(self.column.saturating_add(self.times));
    }
}

/// At most what a spreadsheet has rows.
fn times(tag: &BytesStart, name: &str) -> u64 {
    let told = attribute(tag, name).and_then(|text| text.parse::<u64>().ok());
    told.unwrap_or(1).min(1 << 20)
}
