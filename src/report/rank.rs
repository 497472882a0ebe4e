//! `zxzz rank`: units by one figure, towns and departments apart.

use super::targets::actual;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::figures::ranking::{By, LAST, Ranking, rank};
use crate::figures::targets;
use crate::model::book::Book;
use crate::model::campaign::Measure;
use crate::model::rhythm::Stretch;
use chrono::NaiveDate;

/// Of what the two groups of units are.
const GROUPS: [&str; 2] = ["镇街", "部门和其他单位"];

pub fn build(book: &Book, by: By, within: Stretch) -> Document {
    let (name, definition) = match by {
        By::Measure(measure) => (measure.label().to_owned(), measure.definition().to_owned()),
        By::Target { campaign, at } => {
            let target = &book.workspace.campaign(campaign).targets[at];
            let definition = match target.measure {
                Measure::Reported => {
                    format!("{} = 各单位在 _targets.csv 填报的数（{}）", target.name, target.source)
                }
                measure => measure.definition().to_owned(),
            };
            (target.name.clone(), definition)
        }
    };
    let days = days(book, by, within);
    let mut document = begin(book, &format!("{name}排名 {days}"));
    let groups = rank(book, by, within);
    for (group, title) in groups.iter().zip(GROUPS) {
        document.table(ranked(book, group, title, &name));
    }
    document.table(unranked(book, &groups, &name));
    let least = book.workspace.settings.policy.min_denominator;
    document.notes.push(definition);
    document.notes.push(format!(
        "{days}；并列的名次相同，以后的名次顺延；后 {LAST} 位有并列的全部标出，与第一名并列的不标；分母少于 {least} 的不参与排名，没有台账、没有填报的单位不列；括号内为分子/分母"
    ));
    finish(document, book)
}

/// Which days the figures are of. A target has its own period.
fn days(book: &Book, by: By, within: Stretch) -> String {
    let to = within.1.min(book.as_of);
    match by {
        By::Target { campaign, at } => {
            let lines = targets::of_units(book, campaign, at, within.1);
            lines.first().map_or(format!("至 {to}"), |line| line.period.clone())
        }
        By::Measure(_) if within.0 == NaiveDate::MIN => format!("累计至 {to}"),
        By::Measure(_) => format!("{} 至 {to}", within.0),
    }
}

fn ranked(book: &Book, group: &Ranking, title: &str, name: &str) -> Table {
    let mut table = Table::new(title, &["名次", "单位", name, "标记"]);
    for one in &group.ranked {
        table.rows.push(vec![
            Cell::count(one.place),
            Cell::text(&book.workspace.register.unit(one.unit).name),
            actual(Some(one.actual)),
            Cell::text(if one.is_among_last(LAST) { "后三位" } else { "" }),
        ]);
    }
    table
}

fn unranked(book: &Book, groups: &[Ranking; 2], name: &str) -> Table {
    let mut table = Table::new("不参与排名", &["单位", name, "原因"]);
    for (unit, figure) in groups.iter().flat_map(|group| &group.unranked) {
        let reason = if figure.is_some() { "分母太小" } else { "无数据" };
        let unit = &book.workspace.register.unit(*unit).name;
        table.rows.push(vec![Cell::text(unit), actual(*figure), Cell::text(reason)]);
    }
    table
}
