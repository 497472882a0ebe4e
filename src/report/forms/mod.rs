//! `zxzz export`: a ledger as it is, a ledger in the form that the plan prescribes (附件2), and the form of results (附件3).

pub mod ledger;
mod left_out;
pub mod prescribed;
pub mod results;

use crate::document::{Cell, FormLine};
use crate::model::book::Book;
use crate::model::unit::UnitIx;

/// Whose form it is: a unit's, or that of the whole campaign.
struct Filer {
    /// Empty where it is the whole campaign's.
    name: String,
    /// 填报单位.
    by: String,
    sheet: String,
}

impl Filer {
    fn of(book: &Book, campaign: u16, unit: Option<UnitIx>) -> Filer {
        match unit.map(|unit| book.workspace.register.unit(unit).name.clone()) {
            Some(name) => Filer { by: name.clone(), sheet: name.clone(), name },
            None => {
                let by = book.workspace.campaign(campaign).lead.join("、");
                Filer { name: String::new(), by, sheet: "汇总".to_owned() }
            }
        }
    }
}

/// Cells of one column each.
fn single(cells: impl IntoIterator<Item = Cell>) -> FormLine {
    FormLine { cells: cells.into_iter().collect(), spans: vec![] }
}
