//! The frame of a ledger's text: header, line ends, where rows stand. Values are not read.

use crate::load::scan::{QuoteFault, Record, Scanner};
use crate::model::column::Position;
use crate::model::issue::Cells;

/// One record and where its cells end.
#[derive(Debug, Clone)]
pub struct Line {
    pub record: Record,
    pub ends: Vec<u32>,
}

impl Line {
    pub fn cells<'t>(&'t self, text: &'t str) -> Cells<'t> {
        Cells { text, start: self.record.start, ends: &self.ends }
    }

    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.record.start as usize..self.record.end as usize]
    }
}

#[derive(Debug)]
pub struct Frame<'t> {
    pub text: &'t str,
    pub header: Line,
    pub headings: Vec<String>,
    /// How the header's line ends; `\n` if the header is all there is.
    pub newline: &'static str,
    /// Just past the last record that is not blank, line end included.
    pub end: usize,
    /// First line that does not fit the header, or whose quotes are never closed.
    pub broken: Option<u32>,
}

impl<'t> Frame<'t> {
    /// `None` without a header.
    pub fn open(text: &'t str) -> Option<Frame<'t>> {
        let mut ends = vec![];
        let record = Scanner::new(text.as_bytes()).next(&mut ends)?;
        let header = Line { record, ends };
        let cells = header.cells(text);
        let headings = (0..header.ends.len()).map(|at| cells.value(at as Position).into_owned()).collect();
        let newline = if text[record.end as usize..].starts_with('\r') { "\r\n" } else { "\n" };
        let broken = (record.fault == Some(QuoteFault::Unclosed)).then_some(record.line);
        let end = line_end(text, &record);
        Some(Frame { text, headings, newline, end, broken, header })
    }

    /// Where the column with this heading stands; of two, the first.
    pub fn position(&self, heading: &str) -> Option<Position> {
        self.headings.iter().position(|name| name == heading).map(|at| at as Position)
    }

    /// Shows every row that is not blank, fits the header and has its quotes closed.
    pub fn rows(&mut self, mut visit: impl FnMut(&Record, Cells<'_>)) {
        let mut scanner = Scanner::new(self.text.as_bytes());
        let mut ends = Vec::with_capacity(64);
        scanner.next(&mut ends);
        while let Some(record) = scanner.next(&mut ends) {
            let is_ragged = ends.len() != self.headings.len() || record.fault == Some(QuoteFault::Unclosed);
            if is_ragged && is_blank(self.text, &record) {
                continue;
            }
            self.end = line_end(self.text, &record);
            if is_ragged {
                self.broken.get_or_insert(record.line);
            } else {
                visit(&record, Cells { text: self.text, start: record.start, ends: &ends });
            }
        }
    }
}

fn is_blank(text: &str, record: &Record) -> bool {
    text[record.start as usize..record.end as usize].chars().all(|c| c == ',' || c.is_whitespace())
}

/// Just past the line end of a record.
pub fn line_end(text: &str, record: &Record) -> usize {
    let end = record.end as usize;
    let rest = &text.as_bytes()[end..];
    end + match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
