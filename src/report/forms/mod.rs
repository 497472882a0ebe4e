//! `zxzz export`: a ledger as it is, a ledger in the form that the plan prescribes (附件2), and the form of results (附件3).

pub mod ledger;
mod left_out;
pub mod prescribed;
pub mod results;

use crate::document::{Cell, FormLine};

/// Cells of one column each.
fn single(cells: impl IntoIterator<Item = Cell>) -> FormLine {
    FormLine { cells: cells.into_iter().collect(), spans: vec![] }
}
