//! A checksum over rows that does not depend on how their files are written (`docs/checksum.md`).

use super::column::Position;
use super::issue::{Row, unquoted};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

/// SHA-256.
pub type Sum = [u8; 32];

/// Follows every text; never part of one, since it is no byte of UTF-8.
const END: u8 = 0xFF;

/// The rows of one ledger, summed up while they pass.
#[derive(Default)]
pub struct LedgerSum {
    /// Where the columns stand, in the order of their headings.
    columns: Vec<(String, Position)>,
    /// The sum of the headings of each set of columns that some row fills: few sets make up a ledger.
    headings: FxHashMap<Vec<u64>, Sum>,
    /// The columns that the row at hand fills, one bit each, and its values.
    filled: Vec<u64>,
    values: Vec<u8>,
    rows: Vec<Sum>,
}

impl LedgerSum {
    pub fn add(&mut self, row: &Row) {
        if self.columns.len() != row.layout.width {
            let headings = row.layout.headings.iter().enumerate();
            self.columns = headings.map(|(at, heading)| (heading.clone(), at as Position)).collect();
            self.columns.sort();
        }
        self.values.clear();
        self.filled.clear();
        self.filled.resize(self.columns.len() / 64 + 1, 0);
        for (ix, (_, at)) in self.columns.iter().enumerate() {
            let value = match row.cells.raw(*at) {
                "" => continue,
                raw => unquoted(raw),
            };
            if !value.is_empty() {
                self.filled[ix / 64] |= 1 << (ix % 64);
                self.values.extend_from_slice(value.as_bytes());
                self.values.push(END);
            }
        }
        let mut sum = Sha256::new();
        sum.update(self.headings());
        sum.update(&self.values);
        self.rows.push(sum.finalize().into());
    }

    /// The sum of the headings that the row at hand fills.
    fn headings(&mut self) -> Sum {
        if let Some(known) = self.headings.get(&self.filled) {
            return *known;
        }
        let is_filled = |ix: usize| self.filled[ix / 64] >> (ix % 64) & 1 == 1;
        let headings = self.columns.iter().enumerate().filter(|(ix, _)| is_filled(*ix));
        let sum = of_texts(headings.map(|(_, (heading, _))| heading.as_str()));
        self.headings.insert(self.filled.clone(), sum);
        sum
    }

    /// How many rows there were, and the sum of them all in the ledger of this campaign and unit.
    pub fn finish(mut self, campaign: &str, unit: &str) -> (u32, Sum) {
        self.rows.sort_unstable();
        let mut sum = Sha256::new();
        sum.update(of_texts([campaign, unit].into_iter()));
        sum.update(self.rows.as_flattened());
        (self.rows.len() as u32, sum.finalize().into())
    }
}

/// The sum of several ledgers in hexadecimal digits.
pub fn total(mut ledgers: Vec<Sum>) -> String {
    ledgers.sort_unstable();
    Sha256::digest(ledgers.as_flattened()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Sum {
    let mut sum = Sha256::new();
    for text in texts {
        sum.update(text);
        sum.update([END]);
    }
    sum.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::ledger::{self, Keep, Origin};
    use crate::model::book::Desk;
    use proptest::prelude::*;

    const NEEDED: [(&str, &str); 4] = [
        ("编号", "YL-SS-0001"),
        ("发现日期", "2025-08-20"),
        ("完成时限", "2025-09-30"),
        ("整改状态", "未整改"),
    ];

    /// Rows of cells under headings, with more columns than fit in one word of bits.
    fn sum(headings: &[String], rows: &[Vec<String>]) -> String {
        let mut writer = csv::Writer::from_writer(vec![]);
        writer.write_record(headings.iter().map(String::as_str).chain(NEEDED.map(|(name, _)| name))).unwrap();
        for row in rows {
            writer.write_record(row.iter().map(String::as_str).chain(NEEDED.map(|(_, cell)| cell))).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (desk, path) = (Desk::default(), "x".into());
        let origin = Origin { path: &path, campaign: 0, unit: 0, desk: &desk };
        let mut sum = LedgerSum::default();
        ledger::read(origin, &text, Keep::NOTHING, &mut vec![], |row, _| sum.add(row));
        let (count, sum) = sum.finish("yanglao", "shuangshan");
        assert_eq!(count as usize, rows.len());
        total(vec![sum])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn order_makes_no_difference_and_every_cell_does(
            rows in prop::collection::vec(prop::collection::vec("[a销,\" ]{0,3}", 80), 1..6),
            turn in 0..80usize, row in 0..6usize, cell in 0..80usize,
        ) {
            let headings: Vec<String> = (0..80).map(|ix| format!("列{ix}")).collect();
            let whole = sum(&headings, &rows);
            let turned = |cells: &[String]| [&cells[turn..], &cells[..turn]].concat();
            let mut others: Vec<Vec<String>> = rows.iter().map(|row| turned(row)).collect();
            others.reverse();
            prop_assert_eq!(&whole, &sum(&turned(&headings), &others));
            let mut changed = rows.clone();
            let row = row % rows.len();
            changed[row][cell].push('x');
            prop_assert_ne!(whole, sum(&headings, &changed));
        }
    }
}
