//! What stands below the header of a foreign sheet, where it tells what a column is.

use super::meaning::plain;
use super::values::{is_id, status_of};
use crate::load::workbook::{RawCell, RawSheet};
use crate::model::date::half_width;
use crate::model::invisible::seen;

/// Whether something below the header is a 编号 of ours.
pub fn holds_ids(sheet: &RawSheet, body: usize, column: usize) -> bool {
    below(sheet, body, column).any(|text| is_id(&text))
}

/// What stands in a column below the header.
fn below(sheet: &RawSheet, body: usize, column: usize) -> impl Iterator<Item = String> {
    sheet.rows.iter().skip(body).filter_map(move |row| match row.cells.get(column)? {
        RawCell::Number(number) => Some(number.to_string()),
        cell => text_of(cell),
    })
}

/// Whether the numbers of a column are another system's: none is a 编号 of ours, not even one badly spelt, and they
/// do not only count the rows.
pub fn numbers_elsewhere(sheet: &RawSheet, body: usize, column: usize) -> bool {
    let is_like_ours = |text: &str| is_id(&text.chars().map(half_width).collect::<String>().to_uppercase());
    let counts = |text: &str| text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    below(sheet, body, column).any(|text| !counts(&text))
        && !below(sheet, body, column).any(|text| is_like_ours(&text))
}

/// Whether a column holds nothing but words for where a problem stands. Its heading may be printed again.
pub fn tells_status(sheet: &RawSheet, body: usize, column: usize, heading: &str) -> bool {
    let mut told = below(sheet, body, column).filter(|text| plain(text) != heading).peekable();
    told.peek().is_some() && told.all(|text| status_of(&text).is_some())
}

/// The words of a cell without blanks and what is not seen.
pub fn text_of(cell: &RawCell) -> Option<String> {
    match cell {
        RawCell::Text(text) => {
            let visible = seen(text).filter(|(c, is_hidden)| !is_hidden && !c.is_whitespace());
            Some(visible.map(|(c, _)| c).collect::<String>()).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}
