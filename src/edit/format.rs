//! The canonical form of a ledger, so that differences between versions stay small: columns in their order, rows by
//! 编号 and 轮次, quotes only where needed, one line end, no blank lines. No value changes, no row or column vanishes.

use super::frame::raw_cells;
use super::splice::quoted;
use crate::load::scan::{QuoteFault, Record, Scanner};
use crate::model::column::Column;
use std::borrow::Cow;
use std::cmp::Ordering;

/// What differs from the canonical form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Differences {
    pub columns: bool,
    pub rows: bool,
    pub quotes: bool,
    pub lines: bool,
}

impl Differences {
    /// In words: 列序、行序、引号、换行.
    pub fn words(self) -> String {
        let all =
            [(self.columns, "列序"), (self.rows, "行序"), (self.quotes, "引号"), (self.lines, "空行或换行")];
        all.iter().filter(|(differs, _)| *differs).map(|(_, word)| *word).collect::<Vec<_>>().join("、")
    }
}

/// A text in canonical form, and how it differed.
#[derive(Debug)]
pub struct Formatted {
    pub text: String,
    pub differences: Differences,
}

/// What keeps a text from being formatted: the line, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit {
    pub line: u32,
    pub why: String,
}

/// One row with the keys it is ordered by.
struct RowAt<'t> {
    key: Key<'t>,
    cells: Vec<Cow<'t, str>>,
}

/// Rows without a 编号 (only commas) come last, in their order.
#[derive(PartialEq, Eq)]
struct Key<'t> {
    id: Cow<'t, str>,
    round: u32,
}

impl Key<'_> {
    /// 编号 by its words, then by its number: 2 before 10.
    fn order(&self, other: &Key) -> Ordering {
        let parts = |id: &str| {
            let digits = id.len() - id.bytes().rev().take_while(u8::is_ascii_digit).count();
            (id[..digits].to_owned(), id[digits..].parse::<u64>().unwrap_or(u64::MAX), id.to_owned())
        };
        let blank = |key: &Key| key.id.is_empty();
        blank(self)
            .cmp(&blank(other))
            .then_with(|| parts(&self.id).cmp(&parts(&other.id)))
            .then(self.round.cmp(&other.round))
    }
}

/// Formats a text; `order` holds the headings of the campaign's ledgers. Columns that it does not name keep their order
/// and come after the others.
pub fn format(text: &str, order: &[String]) -> Result<Formatted, Unfit> {
    let mut differences = Differences::default();
    let mut scanner = Scanner::new(text.as_bytes());
    let mut ends = vec![];
    let header =
        scanner.next(&mut ends).ok_or(Unfit { line: 1, why: "是空的，没有表头".to_owned() })?;
    let headings = record(text, &header, &ends, ends.len())?;
    let newline = if text[header.end as usize..].starts_with('\r') { "\r\n" } else { "\n" };
    differences.lines = !ends_with(text, &header, newline);
    differences.quotes = is_oddly_quoted(text, &header, &ends);
    let columns = arranged(&headings, order);
    differences.columns = !columns.is_sorted();
    let place = |column: Column| headings.iter().position(|heading| heading.trim() == column.heading());
    let (id, round) = (place(Column::Id), place(Column::Round));
    if id.is_none() {
        return Err(Unfit { line: 1, why: "表头没有“编号”列，不像台账".to_owned() });
    }
    let mut rows = vec![];
    while let Some(at) = scanner.next(&mut ends) {
        differences.lines |= at.start == at.end || !ends_with(text, &at, newline);
        if at.start == at.end {
            continue;
        }
        differences.quotes |= is_oddly_quoted(text, &at, &ends);
        let cells = record(text, &at, &ends, headings.len())?;
        let round = round.and_then(|round| cells[round].trim().parse().ok()).unwrap_or(1);
        let id = id.map(|id| Cow::Owned(cells[id].trim().to_owned())).unwrap_or_default();
        rows.push(RowAt { key: Key { id, round }, cells });
    }
    differences.rows = !rows.is_sorted_by(|a, b| a.key.order(&b.key).is_le());
    rows.sort_by(|a, b| a.key.order(&b.key));
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for cells in std::iter::once(&headings).chain(rows.iter().map(|row| &row.cells)) {
        let line: Vec<Cow<str>> = columns.iter().map(|at| quoted(&cells[*at], false)).collect();
        out.push_str(&line.join(","));
        out.push_str(newline);
    }
    Ok(Formatted { text: out, differences })
}

fn ends_with(text: &str, at: &Record, newline: &str) -> bool {
    let rest = &text[at.end as usize..];
    rest.starts_with(newline)
}

fn is_oddly_quoted(text: &str, at: &Record, ends: &[u32]) -> bool {
    raw_cells(text, at, ends).any(|cell| quoted(&inner(cell), false) != cell)
}

/// The cells of a record, quotes taken off and nothing else.
fn record<'t>(text: &'t str, at: &Record, ends: &[u32], width: usize) -> Result<Vec<Cow<'t, str>>, Unfit> {
    let unfit = |why: String| Err(Unfit { line: at.line, why });
    match at.fault {
        Some(QuoteFault::Unclosed) => return unfit("引号一直没有结束；在该格末尾补上英文双引号".to_owned()),
        Some(QuoteFault::Trailing) => {
            return unfit("结束引号之后还有文字；整格用一对英文双引号括住".to_owned());
        }
        None if ends.len() != width => {
            return unfit(format!("有 {} 格，表头有 {width} 列；补上或删去多余的逗号", ends.len()));
        }
        None => {}
    }
    Ok(raw_cells(text, at, ends).map(inner).collect())
}

/// What a cell says to the letter.
fn inner(raw: &str) -> Cow<'_, str> {
    match raw.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(raw),
    }
}

/// Positions of the columns in their canonical order.
fn arranged(headings: &[Cow<str>], order: &[String]) -> Vec<usize> {
    let rank =
        |at: &usize| order.iter().position(|name| *name == headings[*at].trim()).unwrap_or(order.len());
    let mut columns: Vec<usize> = (0..headings.len()).collect();
    columns.sort_by_key(rank);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order() -> Vec<String> {
        ["编号", "轮次", "问题描述", "整改状态", "备注"].map(str::to_owned).to_vec()
    }

    #[test]
    fn columns_rows_quotes_and_lines_get_their_form() {
        for (text, want, words) in [
            ("编号,备注\nA-1,x\n", "编号,备注\nA-1,x\n", ""),
            ("备注,编号\nx,A-1\n", "编号,备注\nA-1,x\n", "列序"),
            ("编号,别的,备注\nA-1,y,x\n", "编号,备注,别的\nA-1,x,y\n", "列序"),
            ("编号,轮次\nA-10,\nA-2,2\nA-2,1\n", "编号,轮次\nA-2,1\nA-2,2\nA-10,\n", "行序"),
            ("编号,备注\n\"A-1\",\"a,b\"\n", "编号,备注\nA-1,\"a,b\"\n", "引号"),
            ("编号,备注\nA-1,\" a\"\n", "编号,备注\nA-1,\" a\"\n", ""),
            ("编号,备注\r\nA-1,x", "编号,备注\r\nA-1,x\r\n", "空行或换行"),
            ("编号,备注\n\nA-1,x\n,\n\n", "编号,备注\nA-1,x\n,\n", "空行或换行"),
        ] {
            let formatted = format(text, &order()).unwrap();
            assert_eq!(formatted.text, want, "{text:?}");
            assert_eq!(formatted.differences.words(), words, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_kept_whole_is_refused() {
        for (text, line) in [
            ("", 1),
            ("甲,乙\n", 1),
            ("编号,备注\nA-1\n", 2),
            ("编号,备注\nA-1,\"x\"y\n", 2),
            ("编号,备注\nA-1,x\nA-2,\"x\n", 3),
        ] {
            assert_eq!(format(text, &order()).unwrap_err().line, line, "{text:?}");
        }
    }

    fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
        (2usize..6, 0usize..6).prop_flat_map(|(width, height)| {
            prop::collection::vec(prop::collection::vec("[a-c,\"\n销 　0-9]{0,6}", width), height)
        })
    }

    proptest! {
        /// Read back by the csv crate: the same rows, whatever the form.
        #[test]
        fn formatting_loses_nothing_and_is_stable(
            rows in table(), always in any::<bool>(), crlf in any::<bool>(), last in any::<bool>(),
        ) {
            let names = ["备注", "编号", "别的", "轮次", "另外"];
            let width = rows.first().map_or(2, Vec::len);
            let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer =
                csv::WriterBuilder::new().quote_style(style).terminator(terminator).from_writer(vec![]);
            writer.write_record(&names[..width]).unwrap();
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let mut text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            if !last {
                text.truncate(text.trim_end_matches(['\r', '\n']).len());
            }
            let Ok(formatted) = format(&text, &order()) else { return Err(TestCaseError::reject("not a ledger")) };
            prop_assert_eq!(read(&text), read(&formatted.text));
            let again = format(&formatted.text, &order()).unwrap();
            prop_assert_eq!(&again.text, &formatted.text);
            prop_assert_eq!(again.differences, Differences::default());
        }

        #[test]
        fn any_text_is_formatted_or_refused(text in "[编号,\"\r\n1a]{0,80}") {
            if let Ok(formatted) = format(&text, &order()) {
                prop_assert_eq!(&format(&formatted.text, &order()).unwrap().text, &formatted.text);
            }
        }
    }

    /// Rows as heading and value, in any order.
    fn read(text: &str) -> Vec<Vec<(String, String)>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
        let headings = reader.headers().unwrap().clone();
        let mut rows: Vec<Vec<(String, String)>> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let mut cells: Vec<_> =
                    headings.iter().zip(&record).map(|(h, v)| (h.to_owned(), v.to_owned())).collect();
                cells.sort();
                cells
            })
            .collect();
        rows.sort();
        rows
    }
}
