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

/// The cells of a record as they stand in the file.
pub fn raw_cells<'t>(text: &'t str, at: &Record, ends: &[u32]) -> impl Iterator<Item = &'t str> {
    let starts = std::iter::once(at.start).chain(ends.iter().map(|end| end + 1));
    starts.zip(ends).map(|(start, end)| &text[start as usize..*end as usize])
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

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A ledger's text in some odd form, and the rows in it.
    #[derive(Debug, Clone)]
    pub struct File {
        pub text: String,
        pub rows: Vec<Vec<String>>,
    }

    /// Any order of columns, unknown ones, some cells quoted, LF or CRLF, blank lines, with or without a last line end.
    pub fn file() -> impl Strategy<Value = File> {
        let cell = ("[b-d,\"\n销号]{0,6}", any::<bool>());
        let rows = move |width| prop::collection::vec(prop::collection::vec(cell, width), 1..4);
        let form = (any::<bool>(), any::<bool>(), any::<bool>());
        let heads = Just(["编号", "备注", "整改措施", "别的"]).prop_shuffle();
        (heads, 2usize..5).prop_flat_map(move |(heads, width)| {
            (Just(heads), rows(width), form)
                .prop_map(move |(heads, rows, form)| written(&heads[..width], &rows, form))
        })
    }

    fn written(
        heads: &[&str],
        rows: &[Vec<(String, bool)>],
        (crlf, blank, last): (bool, bool, bool),
    ) -> File {
        let newline = if crlf { "\r\n" } else { "\n" };
        let mut text = heads.join(",") + newline;
        let mut plain = vec![];
        for row in rows {
            // A row of empty cells would be no row.
            let mut row = row.clone();
            row[0].0.insert(0, 'a');
            let cells: Vec<String> = row
                .iter()
                .map(|(value, quote)| crate::edit::splice::quoted(value, *quote).into_owned())
                .collect();
            text += &(cells.join(",") + newline);
            if blank {
                text += newline;
            }
            plain.push(row.into_iter().map(|(value, _)| value).collect());
        }
        if !last {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        File { text, rows: plain }
    }

    #[test]
    fn a_frame_knows_its_end_and_what_is_broken() {
        for (text, end, broken) in [
            ("编号\n", "编号\n", None),
            ("编号,备注\nA,x\n\n,\n", "编号,备注\nA,x\n\n,\n", None),
            ("编号,备注\nA,x\n\n\n", "编号,备注\nA,x\n", None),
            ("编号,备注\nA,x\nB\nC,y", "编号,备注\nA,x\nB\nC,y", Some(3)),
            ("编号,备注\nA,\"x\n", "编号,备注\nA,\"x\n", Some(2)),
        ] {
            let mut frame = Frame::open(text).unwrap();
            frame.rows(|_, _| {});
            assert_eq!((&text[..frame.end], frame.broken), (end, broken), "{text:?}");
        }
        assert!(Frame::open("").is_none());
    }
}
