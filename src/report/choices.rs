//! What may stand under a heading of a report, where it is counted: spreadsheets offer it.

use crate::document::{Cell, Table};
use crate::model::book::Book;
use crate::model::choices;
use crate::model::deadline::LIGHTS;
use crate::model::workflow::STATUSES;
use std::collections::BTreeSet;

/// Of several campaigns what any of them allows. Nothing under headings where anything may stand.
fn choices(book: &Book, heading: &str) -> Vec<String> {
    let campaigns = || book.scope.iter().map(|ix| book.workspace.campaign(*ix));
    let all: Vec<String> = match heading {
        "状态" | "原状态" | "新状态" => STATUSES.map(|(_, label)| label.to_owned()).into(),
        "灯" => LIGHTS.map(|(_, label)| label.to_owned()).into(),
        "专项" => campaigns().map(|campaign| campaign.name.clone()).collect(),
        "单位" => book.workspace.register.units.iter().map(|unit| unit.name.clone()).collect(),
        "任务名称" => {
            let titles = campaigns().flat_map(|campaign| &campaign.tasks).map(|task| task.title.clone());
            titles.chain([super::MILESTONE.to_owned()]).collect()
        }
        _ => campaigns().flat_map(|campaign| choices::choices(heading, campaign)).collect(),
    };
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|value| seen.insert(value.clone())).collect()
}

/// For the columns of a table in which nothing else stands; `named` tells the heading by which the values of one go.
pub fn fitting(book: &Book, table: &Table, named: fn(&str) -> &str) -> Vec<(usize, Vec<String>)> {
    let lists = table.columns.iter().map(|heading| choices(book, named(heading))).enumerate();
    let fits = |(ix, list): &(usize, Vec<String>)| {
        let known: BTreeSet<&str> = list.iter().map(String::as_str).collect();
        let is_known = |cell: &Cell| match cell {
            Cell::Text(text) => known.contains(text.as_str()),
            cell => matches!(cell, Cell::Empty | Cell::Light(_)),
        };
        !list.is_empty() && table.rows.iter().filter_map(|row| row.get(*ix)).all(is_known)
    };
    lists.filter(fits).collect()
}
