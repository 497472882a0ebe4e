//! A ledger with every column, to be filled in and imported again.

use super::super::typed::{typed, whole};
use super::single;
use crate::document::{Form, FormColumn};
use crate::model::book::{Book, Ledger};
use crate::model::choices::choices;
use crate::model::column::{Nature, nature};
use anyhow::Result;

/// Every row of the file that can be read, also those found after the report day.
pub fn build(book: &Book, ledger: &Ledger) -> Result<Form> {
    let campaign = book.campaign_of(ledger);
    let headings = &ledger.layout.headings;
    let natures: Vec<Nature> = headings.iter().map(|heading| nature(heading, campaign)).collect();
    let line = |ix| {
        let row = ledger.row(ix);
        let cells = headings.iter().zip(&natures).enumerate();
        let cells = cells.map(|(at, (heading, nature))| {
            whole(ledger, &row, heading, typed(&row.cells.value(at as u16), *nature))
        });
        cells.collect::<Result<Vec<_>>>().map(single)
    };
    Ok(Form {
        name: book.unit_name(ledger).to_owned(),
        columns: headings
            .iter()
            .map(|heading| FormColumn { head: vec![heading.clone()], choices: choices(heading, campaign) })
            .collect(),
        rows: (0..ledger.issues.len()).map(line).collect::<Result<_>>()?,
        ..Form::default()
    })
}
