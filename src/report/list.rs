//! `zxzz list`: rows by filters, with the columns and the order the user chose.

use super::typed::typed;
use super::{begin, finish, task_title, top};
use crate::document::{Cell, Document, Table};
use crate::model::book::{Book, Ledger};
use crate::model::column::{COLUMNS, Column, nature};
use crate::model::condition::DERIVED;
use crate::model::deadline::{Clock, Light};
use crate::model::issue::Row;
use crate::model::workflow::{Kind, Status};
use anyhow::{Result, bail};
use chrono::NaiveDate;
use std::cmp::Ordering;

const DEFAULT: [&str; 8] = ["编号", "单位", "任务名称", "问题", "状态", "时限", "灯", "责任人"];

/// Which rows; an empty list or `None` sets no condition.
#[derive(Debug, Default)]
pub struct Filter {
    pub statuses: Vec<Status>,
    pub lights: Vec<Light>,
    pub kinds: Vec<Kind>,
    /// Part of 责任人, 责任领导 or a sign-off's person.
    pub person: Option<String>,
    /// Part of any cell.
    pub text: Option<String>,
    pub found: Range,
    pub due: Range,
    pub closed: Range,
    pub listed: bool,
    pub late: bool,
}

/// First and last day, both included.
#[derive(Debug, Default, Clone, Copy)]
pub struct Range {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Range {
    pub fn holds(&self, day: Option<NaiveDate>) -> bool {
        let Some(day) = day else { return self.from.is_none() && self.to.is_none() };
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Filter {
    pub fn wants(&self, row: &Row, clock: &Clock) -> bool {
        let issue = row.issue;
        let status = issue.status_on(clock.as_of);
        issue.exists_on(clock.as_of)
            && (self.statuses.is_empty() || self.statuses.contains(&status))
            && (self.lights.is_empty()
                || clock.light(issue).is_some_and(|light| self.lights.contains(&light)))
            && (self.kinds.is_empty() || self.kinds.contains(&issue.kind))
            && self.found.holds(Some(issue.found))
            && self.due.holds(Some(issue.limit_on(clock.as_of)))
            && self.closed.holds(issue.closed.filter(|_| status == Status::Closed))
            && (!self.listed || issue.is_listed_on(clock.as_of))
            && (!self.late || issue.is_late() || clock.overdue(issue).is_some())
            && self.person.as_ref().is_none_or(|person| names(row, person))
            && self.text.as_ref().is_none_or(|text| holds(row, text))
    }
}

fn names(row: &Row, person: &str) -> bool {
    [Column::Person, Column::Leader].iter().any(|column| row.text(*column).contains(person))
        || row.signoffs().any(|signoff| signoff.person.contains(person))
}

fn holds(row: &Row, text: &str) -> bool {
    (0..row.layout.width).any(|at| row.cells.value(at as u16).contains(text))
}

/// What to show, in which order.
#[derive(Debug, Default)]
pub struct View {
    /// Headings; the default ones if empty.
    pub columns: Vec<String>,
    /// Headings to sort by, a leading `-` turns the order round.
    pub sort: Vec<String>,
    pub most: Option<usize>,
}

pub fn build(book: &Book, view: &View) -> Result<Document> {
    let mut document = begin(book, "问题清单");
    let columns: Vec<&str> = match view.columns[..] {
        [] => DEFAULT.to_vec(),
        _ => view.columns.iter().map(String::as_str).collect(),
    };
    let sort: Vec<(&str, bool)> = (view.sort.iter())
        .map(|key| key.strip_prefix('-').map_or((key.as_str(), false), |key| (key, true)))
        .collect();
    require_known(book, columns.iter().copied().chain(sort.iter().map(|(key, _)| *key)))?;
    let mut rows: Vec<(Vec<Cell>, Vec<Cell>)> = book
        .rows()
        .map(|(ledger, row)| {
            let cells = |headings: &mut dyn Iterator<Item = &str>| {
                headings.map(|heading| cell(book, ledger, &row, heading)).collect::<Vec<_>>()
            };
            (cells(&mut sort.iter().map(|(key, _)| *key)), cells(&mut columns.iter().copied()))
        })
        .collect();
    rows.sort_by(|(a, _), (b, _)| order(a, b, &sort));
    let mut table = Table::new("", &columns);
    table.rows = rows.into_iter().map(|(_, cells)| cells).collect();
    let count = table.rows.len();
    top(&mut table, view.most, &mut document.notes);
    if table.rows.len() == count {
        document.notes.push(format!("共 {count} 行"));
    }
    document.table(table);
    Ok(finish(document, book))
}

fn require_known<'k>(book: &Book, headings: impl Iterator<Item = &'k str>) -> Result<()> {
    let workspace = &book.workspace;
    let campaigns = || book.scope.iter().map(|ix| workspace.campaign(*ix));
    let extra = campaigns().flat_map(|campaign| campaign.columns.iter().map(|column| column.name.clone()));
    let signoffs = campaigns().flat_map(|campaign| {
        campaign.closure.signoffs.iter().flat_map(|name| [format!("{name}人"), format!("{name}日期")])
    });
    let known: Vec<String> = (DERIVED.iter().map(|name| (*name).to_owned()))
        .chain(COLUMNS.iter().map(|(_, name)| (*name).to_owned()))
        .chain(extra)
        .chain(signoffs)
        .collect();
    for heading in headings {
        if !known.iter().any(|name| name == heading) {
            let help = crate::finding::suggest(heading, known.iter().map(String::as_str));
            bail!("没有“{heading}”这一列；{help}");
        }
    }
    Ok(())
}

fn cell(book: &Book, ledger: &Ledger, row: &Row, heading: &str) -> Cell {
    let clock = book.clock();
    let issue = row.issue;
    match heading {
        "专项" => Cell::text(&book.campaign_of(ledger).name),
        "单位" => Cell::text(book.unit_name(ledger)),
        "问题" => Cell::text(row.problem()),
        "状态" => Cell::text(issue.status_on(book.as_of).label()),
        "时限" => Cell::Date(issue.limit_on(book.as_of)),
        "灯" => clock.light(issue).map_or(Cell::Empty, Cell::Light),
        "任务名称" => Cell::text(task_title(book, ledger, issue)),
        "剩余天数" => {
            let left = clock.left(issue).map(|span| span.days);
            Cell::number(left.or_else(|| clock.overdue(issue).map(|span| -span.days)))
        }
        _ => typed(&row.under(heading).unwrap_or_default(), nature(heading, book.campaign_of(ledger))),
    }
}

/// Empty cells come last in either direction.
fn order(a: &[Cell], b: &[Cell], sort: &[(&str, bool)]) -> Ordering {
    let each = a.iter().zip(b).zip(sort).map(|((a, b), (_, turned))| match (a, b) {
        (Cell::Empty, Cell::Empty) => Ordering::Equal,
        (Cell::Empty, _) => Ordering::Greater,
        (_, Cell::Empty) => Ordering::Less,
        _ if *turned => ascending(b, a),
        _ => ascending(a, b),
    });
    each.fold(Ordering::Equal, Ordering::then)
}

fn ascending(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Count(a), Cell::Count(b)) => a.cmp(b),
        (Cell::Number(a), Cell::Number(b)) => a.cmp(b),
        (Cell::Date(a), Cell::Date(b)) => a.cmp(b),
        (Cell::Light(a), Cell::Light(b)) => a.cmp(b),
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        _ => kind(a).cmp(&kind(b)),
    }
}

/// Cells of one kind stand together, text last.
fn kind(cell: &Cell) -> u8 {
    match cell {
        Cell::Empty | Cell::Rate { .. } | Cell::Count(_) => 0,
        Cell::Number(_) => 1,
        Cell::Date(_) => 2,
        Cell::Light(_) => 3,
        Cell::Text(_) => 4,
    }
}
