//! Rows that a ledger does not have yet, as it will write them.

use super::verdicts::PART;
use crate::edit::frame::Frame;
use crate::edit::register::proposed_deadline;
use crate::edit::splice::{NewRows, edit};
use crate::import::plan::{Fate, Planned};
use crate::import::rows::ForeignRow;
use crate::model::column::{Column, Layout, headings};
use crate::model::workflow::Status;
use crate::pipeline::edit::Work;
use crate::scaffold;
use rustc_hash::FxHashMap;
use std::sync::Arc;

pub fn added(planned: &[Planned]) -> impl Iterator<Item = &Planned> + Clone {
    planned.iter().filter(|one| one.fate == Fate::Added)
}

/// Every new row, 编号 first. What the sheet has no column for and the ledger demands is filled in.
pub fn table(planned: &[Planned]) -> NewRows<'_> {
    rows(added(planned), |one| one.limit.as_deref().unwrap_or_default())
}

/// Gives each new row for which the sheet says none the latest limit that the plan allows.
pub fn set_limits(work: &Work, planned: &mut [Planned]) {
    let campaign = &work.desk().campaign;
    let found = |one: &Planned| !one.incoming.row.as_new(Column::Found).is_empty();
    let bare: Vec<&Planned> = added(planned)
        .filter(|one| one.incoming.row.as_new(Column::Deadline).is_empty() && found(one))
        .collect();
    let empty = scaffold::ledger(campaign);
    let order = headings(campaign);
    let mut limits: FxHashMap<String, String> = FxHashMap::default();
    for part in bare.chunks(PART) {
        let trial = rows(part.iter().copied(), |one| one.incoming.row.as_new(Column::Found));
        let Some(edited) = Frame::open(&empty).and_then(|frame| edit(&frame, &[], &trial, &order).ok())
        else {
            continue;
        };
        work.judge().look(&edited.pieces().concat(), |row| {
            let (limit, _) = proposed_deadline(work.opened.workspace(), campaign, row);
            limits.insert(row.id().into_owned(), limit.to_string());
        });
    }
    for one in planned.iter_mut().filter(|one| one.fate == Fate::Added) {
        one.limit = limits.remove(&one.id);
    }
}

/// What every row says under a heading, or is given where it says nothing.
fn rows<'p>(
    new: impl Iterator<Item = &'p Planned> + Clone,
    limit: impl Fn(&'p Planned) -> &'p str,
) -> NewRows<'p> {
    let mut layouts: Vec<&'p Arc<Layout>> = vec![];
    for one in new.clone() {
        if !layouts.iter().any(|known| Arc::ptr_eq(known, &one.incoming.row.layout)) {
            layouts.push(&one.incoming.row.layout);
        }
    }
    let demanded = [Column::Id, Column::Status, Column::Deadline].map(Column::heading);
    let mut headings = demanded.to_vec();
    let defaults = new.clone().next().map_or(&[][..], |one| &one.incoming.row.defaults);
    let told = layouts.iter().flat_map(|layout| &layout.headings);
    for heading in told.chain(defaults.iter().map(|(heading, _)| heading)) {
        if !headings.contains(&heading.as_str()) {
            headings.push(heading);
        }
    }
    let default = |heading: &&str| {
        defaults.iter().find(|(own, _)| own == heading).map_or("", |(_, value)| value.as_str())
    };
    let defaults: Vec<&str> = headings.iter().map(default).collect();
    let place =
        |layout: &Layout, heading: &&str| layout.headings.iter().position(|own| own.as_str() == *heading);
    let places: Vec<Vec<Option<usize>>> = layouts
        .iter()
        .map(|layout| headings.iter().map(|heading| place(layout, heading)).collect())
        .collect();
    let row = |one: &'p Planned| {
        let own: &'p ForeignRow = &one.incoming.row;
        let of = layouts.iter().position(|known| Arc::ptr_eq(known, &own.layout)).unwrap_or(0);
        let or = |value: &'p str, given: &'p str| if value.is_empty() { given } else { value };
        let told = places[of].iter().map(|place| place.map_or("", |place| own.at(place)));
        let mut values: Vec<&str> = told.zip(&defaults).map(|(own, default)| or(own, default)).collect();
        values[0] = &one.id;
        values[1] = or(values[1], Status::Registered.label());
        values[2] = or(values[2], limit(one));
        values
    };
    NewRows { rows: new.map(row).collect(), headings }
}
