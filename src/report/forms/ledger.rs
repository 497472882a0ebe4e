//! A ledger with every column, to be filled in and imported again.

use super::single;
use crate::document::{Cell, Form, FormColumn};
use crate::model::book::{Book, Ledger};
use crate::model::campaign::{Campaign, ColumnType};
use crate::model::column::{Column, Nature, nature};
use crate::model::workflow::{KINDS, STATUSES};
use std::collections::BTreeSet;

/// Every row of the file that can be read, also those found after the report day.
pub fn build(book: &Book, ledger: &Ledger) -> Form {
    let campaign = book.campaign_of(ledger);
    let headings = &ledger.layout.headings;
    let natures: Vec<Nature> = headings.iter().map(|heading| nature(heading, campaign)).collect();
    let rows = (0..ledger.issues.len()).map(|ix| {
        let row = ledger.row(ix);
        single(natures.iter().enumerate().map(|(at, nature)| typed(&row.cells.value(at as u16), *nature)))
    });
    Form {
        name: book.unit_name(ledger).to_owned(),
        columns: headings
            .iter()
            .map(|heading| FormColumn { head: vec![heading.clone()], choices: choices(heading, campaign) })
            .collect(),
        rows: rows.collect(),
        ..Form::default()
    }
}

/// A value with its type, where the type writes it back to the letter.
pub fn typed(text: &str, nature: Nature) -> Cell {
    let text_again = |cell: Cell, again: String| if again == text { cell } else { Cell::text(text) };
    match nature {
        Nature::Day => text.parse().map_or_else(
            |_| Cell::text(text),
            |day: chrono::NaiveDate| text_again(Cell::Date(day), day.to_string()),
        ),
        Nature::Money | Nature::Count => text.parse().map_or_else(
            |_| Cell::text(text),
            |number: rust_decimal::Decimal| text_again(Cell::Number(number), number.to_string()),
        ),
        Nature::Words => Cell::text(text),
    }
}

/// What may stand in a column.
pub fn choices(heading: &str, campaign: &Campaign) -> Vec<String> {
    let all = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect();
    let extra = campaign.columns.iter().find(|column| column.name == heading);
    match (Column::named(heading), extra) {
        (Some(Column::Status), _) => all(&STATUSES.map(|(_, label)| label)),
        (Some(Column::Kind), _) => all(&KINDS.map(|(_, label)| label)),
        (Some(Column::Source), _) => all(&campaign.allowed_sources()),
        (Some(Column::Task), _) => campaign.tasks.iter().map(|task| task.id.clone()).collect(),
        (Some(Column::Category), _) => finest(campaign),
        (None, Some(column)) if column.kind == ColumnType::Enum => column.values.clone(),
        (None, Some(column)) if column.kind == ColumnType::Bool => all(&["是", "否"]),
        _ => vec![],
    }
}

/// Codes of problem types under which there are no finer ones.
fn finest(campaign: &Campaign) -> Vec<String> {
    let codes: BTreeSet<&str> = campaign.categories.iter().map(|category| category.code.as_str()).collect();
    let has_finer = |code: &str| {
        let after = codes.range(code..).nth(1);
        after.is_some_and(|next| next.starts_with(code))
    };
    let all = campaign.categories.iter().map(|category| &category.code);
    all.filter(|code| !has_finer(code)).cloned().collect()
}
