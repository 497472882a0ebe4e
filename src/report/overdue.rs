//! `zxzz overdue`: rows past the limit in force, worst first; the verifiers' backlog apart.

use super::{begin, finish, top_each};
use crate::document::{Cell, Document, Table};
use crate::model::book::{Book, Ledger};
use crate::model::column::Column;
use crate::model::deadline::{Clock, Span};
use crate::model::issue::{Issue, Row};
use crate::model::unit::UnitIx;
use std::cmp::Reverse;

/// Whether the report shows an issue: the test by which ledgers are loaded for it.
pub fn is_shown(issue: &Issue, clock: &Clock, due: Option<u32>) -> bool {
    clock.overdue(issue).is_some() || is_due(issue, clock, due) || clock.is_backlog(issue)
}

fn is_due(issue: &Issue, clock: &Clock, due: Option<u32>) -> bool {
    due.is_some_and(|due| clock.left(issue).is_some_and(|left| left.days <= i64::from(due)))
}

/// `due` also lists what comes due within so many calendar days; `most` cuts each table.
pub fn build(book: &Book, due: Option<u32>, most: Option<usize>) -> Document {
    let mut document = begin(book, "超期清单");
    let clock = book.clock();
    let overdue = lines(book, |row| clock.overdue(row.issue), |span| (Reverse(span.days), 0));
    document.table(unit_table(book, "责任单位超期", ["超期天数", "超期工作日"], overdue));
    if let Some(days) = due {
        let coming = lines(
            book,
            |row| clock.left(row.issue).filter(|_| is_due(row.issue, &clock, due)),
            |span| (Reverse(0), span.days),
        );
        document.table(unit_table(book, &format!("{days} 天内到期"), ["剩余天数", "剩余工作日"], coming));
    }
    document.table(backlog(book, &|_| true));
    top_each(&mut document, most);
    document.notes.push(
        "时限指现行时限（批准延期的按延期至）；当天到期不算超期；已申请销号的不算责任单位超期".to_owned(),
    );
    let allowed = book.workspace.settings.policy.verifier_workdays;
    document.notes.push(format!("核查积压：申请销号后超过 {allowed} 个工作日还没有销号，由核查方负责"));
    finish(document, book)
}

type Line<'b> = (Span, &'b Ledger, Row<'b>);

/// The rows that have a span, in the order of `key`, then by limit and 编号.
fn lines<'b, K: Ord>(
    book: &'b Book,
    span: impl Fn(&Row) -> Option<Span>,
    key: impl Fn(&Span) -> K,
) -> Vec<Line<'b>> {
    let mut lines: Vec<Line> =
        book.rows().filter_map(|(ledger, row)| Some((span(&row)?, ledger, row))).collect();
    lines.sort_by_cached_key(|(span, _, row)| (key(span), row.id().into_owned(), row.issue.round));
    lines
}

fn unit_table(book: &Book, name: &str, days: [&str; 2], lines: Vec<Line>) -> Table {
    let clock = book.clock();
    let mut table = Table::new(name, &["编号", "单位", "问题", "时限", days[0], days[1], "灯", "责任人"]);
    table.rows = lines
        .into_iter()
        .map(|(span, ledger, row)| {
            vec![
                Cell::text(row.id()),
                Cell::text(book.unit_name(ledger)),
                Cell::text(row.problem()),
                Cell::Date(row.issue.limit_on(book.as_of)),
                Cell::Count(span.days),
                Cell::number(span.workdays),
                clock.light(row.issue).map_or(Cell::Empty, Cell::Light),
                Cell::text(row.text(Column::Person)),
            ]
        })
        .collect();
    table
}

/// What waits for the verifiers too long, of the units that are asked about.
pub fn backlog(book: &Book, concerns: &dyn Fn(UnitIx) -> bool) -> Table {
    let clock = book.clock();
    let mut table =
        Table::new("核查积压", &["编号", "单位", "问题", "申请日期", "等待天数", "等待工作日", "等谁"]);
    let waiting = |row: &Row| clock.waiting(row.issue).filter(|_| clock.is_backlog(row.issue));
    for (span, ledger, row) in lines(book, waiting, |span| Reverse(span.days)) {
        if !concerns(ledger.unit) {
            continue;
        }
        table.rows.push(vec![
            Cell::text(row.id()),
            Cell::text(book.unit_name(ledger)),
            Cell::text(row.problem()),
            Cell::date(row.issue.applied),
            Cell::Count(span.days),
            Cell::number(span.workdays),
            Cell::text(waits_for(book, ledger, &row)),
        ]);
    }
    table
}

/// The first sign-off that a 待销号 row had not got by the report day, or the write-off itself.
pub fn waits_for(book: &Book, ledger: &Ledger, row: &Row) -> String {
    let names = &book.campaign_of(ledger).closure.signoffs;
    let signed = |date: Option<chrono::NaiveDate>| date.is_some_and(|day| day <= book.as_of);
    let next = names.iter().zip(row.signoffs()).find(|(_, signoff)| !signed(signoff.date));
    next.map_or("销号".to_owned(), |(name, _)| name.clone())
}
