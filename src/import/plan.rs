//! What is to become of each foreign row.

use super::rows::{ForeignRow, Skipped};
use crate::model::unit::UnitIx;

/// What comes in at once: all of it is written, or nothing.
#[derive(Debug)]
pub struct Batch {
    /// File and sheet, as people name them.
    pub sheets: Vec<String>,
    pub rows: Vec<Incoming>,
}

/// One row of a foreign sheet on its way into a ledger.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Position among the sheets of the batch.
    pub sheet: usize,
    /// None where the sheet names no known one; such a row is refused.
    pub unit: Option<UnitIx>,
    pub row: ForeignRow,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Added,
    /// Heading, before and after.
    Changed(Vec<(String, String, String)>),
    Same,
    /// Column and reason, one for each.
    Refused(Vec<(String, String)>),
}

/// A row with its fate.
#[derive(Debug, Clone)]
pub struct Planned {
    pub incoming: Incoming,
    /// 编号; of a refused new row empty.
    pub id: String,
    /// 完成时限 of a new row for which the sheet says none: the latest that the plan allows.
    pub limit: Option<String>,
    pub fate: Fate,
}

/// What was found in one sheet.
#[derive(Debug, Default)]
pub struct SheetTold {
    pub name: String,
    /// Row of the header; none where there is none.
    pub header: Option<u32>,
    /// Columns of the sheet that mean nothing here.
    pub unknown: Vec<String>,
    pub skipped: Vec<Skipped>,
    /// Hidden rows that are taken all the same.
    pub hidden: usize,
}
