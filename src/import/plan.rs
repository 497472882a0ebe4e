//! What is to become of each foreign row.

use super::rows::ForeignRow;
use crate::model::unit::UnitIx;

/// One row of a foreign sheet on its way into a ledger.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Position among the sheets that come in.
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
    pub fate: Fate,
}
