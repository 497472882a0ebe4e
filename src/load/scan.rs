//! RFC 4180 records with exact positions, at the speed of memory.
//!
//! A block of 64 bytes is turned into one bit mask of commas, quotes and line feeds; the scanner walks its bits.

use wide::u8x16;

/// Finds the next separator, quote or line feed.
struct Marks<'a> {
    bytes: &'a [u8],
    /// Offset of the block that `mask` describes.
    block: usize,
    mask: u64,
    separator: u8,
}

impl<'a> Marks<'a> {
    fn new(bytes: &'a [u8], separator: u8) -> Self {
        let mut marks = Marks { bytes, block: 0, mask: 0, separator };
        marks.mask = marks.mask_at(0);
        marks
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            self.block += 64;
            if self.block >= self.bytes.len() {
                return None;
            }
            self.mask = self.mask_at(self.block);
        }
        let at = self.block + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some(at)
    }

    #[inline]
    fn mask_at(&self, block: usize) -> u64 {
        match self.bytes[block..].first_chunk::<64>() {
            Some(chunk) => mask_of(chunk, self.separator),
            None => {
                let rest = &self.bytes[block..];
                let mut chunk = [0; 64];
                chunk[..rest.len()].copy_from_slice(rest);
                mask_of(&chunk, self.separator)
            }
        }
    }
}

#[inline]
fn mask_of(chunk: &[u8; 64], separator: u8) -> u64 {
    let [comma, quote, feed] = [separator, b'"', b'\n'].map(u8x16::splat);
    let (lanes, _) = chunk.as_chunks::<16>();
    lanes.iter().rev().fold(0, |mask, lane| {
        let lane = u8x16::from(*lane);
        let hit = lane.simd_eq(comma) | lane.simd_eq(quote) | lane.simd_eq(feed);
        mask << 16 | u64::from(hit.to_bitmask())
    })
}

/// What was odd about the quotes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteFault {
    /// The file ends inside a quoted cell.
    Unclosed,
    /// Text follows a closing quote.
    Trailing,
}

/// One record: where it stands and where its cells end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Line on which it begins, from 1.
    pub line: u32,
    pub start: u32,
    /// Just past the last cell, before the line end.
    pub end: u32,
    pub fault: Option<QuoteFault>,
}

/// Walks the records of a text.
pub struct Scanner<'a> {
    bytes: &'a [u8],
    marks: Marks<'a>,
    at: usize,
    line: u32,
}

impl<'a> Scanner<'a> {
    /// `bytes` must be shorter than 4 GiB.
    pub fn new(bytes: &'a [u8]) -> Self {
        Scanner::separated(bytes, b',')
    }

    /// Cells that are separated by something else.
    pub fn separated(bytes: &'a [u8], separator: u8) -> Self {
        Scanner { bytes, marks: Marks::new(bytes, separator), at: 0, line: 1 }
    }

    /// Where the next record begins.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Reads the next record; `ends` receives the offset just past each cell. A blank line is one empty cell.
    pub fn next(&mut self, ends: &mut Vec<u32>) -> Option<Record> {
        ends.clear();
        if self.at >= self.bytes.len() {
            return None;
        }
        let mut record = Record { line: self.line, start: self.at as u32, end: 0, fault: None };
        let mut cell = self.at;
        loop {
            let mark = if self.bytes.get(cell) == Some(&b'"') {
                self.close_quote(&mut record.fault)
            } else {
                self.plain_mark()
            };
            let end = mark.unwrap_or(self.bytes.len());
            if mark.is_some_and(|at| self.bytes[at] == self.marks.separator) {
                ends.push(end as u32);
                cell = end + 1;
                continue;
            }
            let feed = mark.is_some();
            self.at = end + usize::from(feed);
            self.line += u32::from(feed);
            let cr = end > cell && self.bytes[end - 1] == b'\r';
            record.end = (end - usize::from(cr)) as u32;
            ends.push(record.end);
            return Some(record);
        }
    }

    /// The next comma or line feed, quotes passed over.
    #[inline]
    fn plain_mark(&mut self) -> Option<usize> {
        loop {
            let at = self.marks.next()?;
            if self.bytes[at] != b'"' {
                return Some(at);
            }
        }
    }

    /// Passes a quoted cell and returns the mark that ends it.
    fn close_quote(&mut self, fault: &mut Option<QuoteFault>) -> Option<usize> {
        self.marks.next(); // the opening quote
        let close = loop {
            let Some(at) = self.marks.next() else {
                *fault = Some(QuoteFault::Unclosed);
                return None;
            };
            match self.bytes[at] {
                b'\n' => self.line += 1,
                b'"' if self.bytes.get(at + 1) == Some(&b'"') => {
                    self.marks.next();
                }
                b'"' => break at,
                _ => {}
            }
        };
        let mark = self.plain_mark();
        let between = &self.bytes[close + 1..mark.unwrap_or(self.bytes.len())];
        if !between.is_empty() && between != b"\r" {
            *fault = Some(QuoteFault::Trailing);
        }
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::issue::{Cells, unquoted};
    use proptest::prelude::*;

    fn records(text: &str) -> Vec<(u32, Vec<String>, Option<QuoteFault>)> {
        let mut scanner = Scanner::new(text.as_bytes());
        let mut ends = vec![];
        let mut all = vec![];
        while let Some(record) = scanner.next(&mut ends) {
            let cells = Cells { text, start: record.start, ends: &ends };
            let cells = (0..ends.len()).map(|at| cells.raw(at as u16).to_owned()).collect();
            all.push((record.line, cells, record.fault));
        }
        all
    }

    #[test]
    fn positions_and_faults() {
        for (text, want) in [
            ("a,b\nc,d\n", vec![(1, vec!["a", "b"], None), (2, vec!["c", "d"], None)]),
            ("a,b\r\nc,d", vec![(1, vec!["a", "b"], None), (2, vec!["c", "d"], None)]),
            ("a\n\nb\n", vec![(1, vec!["a"], None), (2, vec![""], None), (3, vec!["b"], None)]),
            ("\"x\ny\",1\nz,2\n", vec![(1, vec!["\"x\ny\"", "1"], None), (3, vec!["z", "2"], None)]),
            ("\"a\"\"b\",c\n", vec![(1, vec!["\"a\"\"b\"", "c"], None)]),
            ("\"a\"x,c\n", vec![(1, vec!["\"a\"x", "c"], Some(QuoteFault::Trailing))]),
            ("a,\"b\nc,d\n", vec![(1, vec!["a", "\"b\nc,d\n"], Some(QuoteFault::Unclosed))]),
            ("第\"一\",x\n", vec![(1, vec!["第\"一\"", "x"], None)]),
            (",\n", vec![(1, vec!["", ""], None)]),
            ("\"\"\r\n", vec![(1, vec!["\"\""], None)]),
            ("", vec![]),
        ] {
            let want: Vec<_> = want
                .into_iter()
                .map(|(line, cells, fault)| {
                    (line, cells.into_iter().map(str::to_owned).collect::<Vec<_>>(), fault)
                })
                .collect();
            assert_eq!(records(text), want, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_csv_crate(
            rows in prop::collection::vec(prop::collection::vec("[a销,\"\n \r]{0,70}", 2..5), 1..8),
            crlf in any::<bool>(),
        ) {
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().flexible(true).terminator(terminator).from_writer(vec![]);
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let got: Vec<Vec<String>> = records(&text)
                .into_iter()
                .map(|(_, cells, fault)| {
                    assert_eq!(fault, None);
                    cells.iter().map(|cell| unquoted(cell).into_owned()).collect()
                })
                .collect();
            let want: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect();
            prop_assert_eq!(got, want);
        }

        #[test]
        fn any_text_scans_to_its_end(text in "[a,\"\r\n销]{0,300}") {
            let mut scanner = Scanner::new(text.as_bytes());
            let mut ends = vec![];
            let mut covered = 0;
            while let Some(record) = scanner.next(&mut ends) {
                prop_assert!(record.start as usize == covered);
                prop_assert!(ends.is_sorted());
                covered = scanner.at;
            }
            prop_assert_eq!(covered, text.len());
        }
    }
}
