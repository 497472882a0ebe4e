//! A checksum over rows that does not depend on how their files are written (`docs/checksum.md`).

use super::column::Position;
use super::issue::Row;
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
    /// The sum of the headings of each set of columns that some row fills.
    headings: FxHashMap<Vec<Position>, Sum>,
    /// The columns that the row at hand fills, and its values.
    filled: Vec<Position>,
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
        self.filled.clear();
        self.values.clear();
        for (_, at) in self.columns.iter().filter(|(_, at)| !row.cells.is_blank(*at)) {
            self.filled.push(*at);
            self.values.extend_from_slice(row.cells.value(*at).as_bytes());
            self.values.push(END);
        }
        let mut sum = Sha256::new();
        sum.update(self.headings());
        sum.update(&self.values);
        self.rows.push(sum.finalize().into());
    }

    /// The sum of the headings that the row at hand fills: few sets make up a ledger.
    fn headings(&mut self) -> Sum {
        if let Some(known) = self.headings.get(&self.filled) {
            return *known;
        }
        let filled = self.columns.iter().filter(|(_, at)| self.filled.contains(at));
        let sum = of_texts(filled.map(|(heading, _)| heading.as_str()));
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
