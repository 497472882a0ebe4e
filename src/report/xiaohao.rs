//! `zxzz xiaohao` (销号): what may be written off, what waits for whom, what was written off, and the rates.

use super::list::Range;
use super::overdue::waits_for;
use super::tally::{DEFINITIONS, Tally};
use super::{begin, finish, top_each};
use crate::document::{Cell, Document, Table};
use crate::model::book::{Book, Ledger};
use crate::model::deadline::Clock;
use crate::model::issue::{Issue, Row};
use crate::model::workflow::Status;
use std::collections::BTreeMap;

/// `between` are the first and last day of the write-offs that are listed, both included.
pub fn build(book: &Book, between: Range, most: Option<usize>) -> Document {
    let mut document = begin(book, "销号情况");
    let (ready, waiting): (Vec<_>, Vec<_>) =
        applied(book).into_iter().partition(|(ledger, row)| waits_for(book, ledger, row) == "销号");
    document.table(pending(book, "签字已齐，可以销号", ready));
    document.table(pending(book, "等待核查", waiting));
    document.table(written_off(book, between));
    top_each(&mut document, most);
    document.table(rates(book));
    document.notes.push(DEFINITIONS.to_owned());
    document.notes.push("逾期销号：申请日期晚于当时的时限；核查占用的时间不算责任单位逾期".to_owned());
    finish(document, book)
}

type Line<'b> = (&'b Ledger, Row<'b>);

fn applied<'b>(book: &'b Book) -> Vec<Line<'b>> {
    let mut rows: Vec<Line> =
        book.rows().filter(|(_, row)| row.issue.status_on(book.as_of) == Status::Applied).collect();
    rows.sort_by_cached_key(|(_, row)| (row.issue.applied, row.id().into_owned()));
    rows
}

fn pending(book: &Book, name: &str, rows: Vec<Line>) -> Table {
    let clock = book.clock();
    let mut table =
        Table::new(name, &["编号", "单位", "问题", "申请日期", "等待天数", "等待工作日", "等谁", "提示"]);
    table.rows = rows
        .into_iter()
        .map(|(ledger, row)| {
            let waited = clock.waiting(row.issue);
            vec![
                Cell::text(row.id()),
                Cell::text(book.unit_name(ledger)),
                Cell::text(row.problem()),
                Cell::date(row.issue.applied),
                Cell::number(waited.map(|span| span.days)),
                Cell::number(waited.and_then(|span| span.workdays)),
                Cell::text(waits_for(book, ledger, &row)),
                Cell::text(remarks(row.issue, &clock)),
            ]
        })
        .collect();
    table
}

/// The verifiers' delay and the unit's, each by its own clock.
fn remarks(issue: &Issue, clock: &Clock) -> String {
    let marks = [(clock.is_backlog(issue), "核查积压"), (issue.is_late(), "逾期申请")];
    marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect::<Vec<_>>().join("、")
}

fn written_off(book: &Book, between: Range) -> Table {
    let name = match (between.from, between.to) {
        (None, None) => "全部已销号".to_owned(),
        (None, Some(to)) => format!("至 {to} 已销号"),
        (Some(from), to) => format!("{from} 至 {} 已销号", to.unwrap_or(book.as_of)),
    };
    let mut table = Table::new(name, &["编号", "单位", "问题", "时限", "申请日期", "销号日期", "逾期天数"]);
    let closed_on = |issue: &Issue| {
        issue.closed.filter(|_| issue.status_on(book.as_of) == Status::Closed && between.holds(issue.closed))
    };
    let mut rows: Vec<Line> = book.rows().filter(|(_, row)| closed_on(row.issue).is_some()).collect();
    rows.sort_by_cached_key(|(_, row)| (row.issue.closed, row.id().into_owned()));
    table.rows = rows
        .into_iter()
        .map(|(ledger, row)| {
            let issue = row.issue;
            let limit = issue.limit_on(issue.applied.unwrap_or(book.as_of));
            let late = issue.applied.filter(|_| issue.is_late()).map(|applied| (applied - limit).num_days());
            vec![
                Cell::text(row.id()),
                Cell::text(book.unit_name(ledger)),
                Cell::text(row.problem()),
                Cell::Date(limit),
                Cell::date(issue.applied),
                Cell::date(issue.closed),
                Cell::number(late),
            ]
        })
        .collect();
    table
}

/// 销号率 of each unit in each campaign.
fn rates(book: &Book) -> Table {
    let clock = book.clock();
    let mut tallies: BTreeMap<(u16, u16), Tally> = BTreeMap::new();
    for (ledger, issue) in book.issues() {
        tallies.entry((ledger.campaign, ledger.unit)).or_default().add(issue, &clock);
    }
    let several = book.scope.len() > 1;
    let head: &[&str] = if several { &["专项", "单位"] } else { &["单位"] };
    let mut table = Table::new("销号率", &[head, &["已销号", "逾期销号", "销号率", "按期率"]].concat());
    for campaign in &book.scope {
        let mut sum = Tally::default();
        let name = several.then(|| book.workspace.campaign(*campaign).name.as_str());
        for ((_, unit), tally) in tallies.range((*campaign, 0)..=(*campaign, u16::MAX)) {
            table.rows.push(rate_line(name, &book.workspace.register.unit(*unit).name, tally));
            sum.merge(tally);
        }
        table.rows.push(rate_line(name, "合计", &sum));
    }
    table
}

fn rate_line(campaign: Option<&str>, unit: &str, tally: &Tally) -> Vec<Cell> {
    let counts = [tally.of(Status::Closed), tally.closed_late].map(|count| Cell::Count(count.into()));
    let head = campaign.into_iter().chain([unit]).map(Cell::text);
    head.chain(counts).chain([tally.closing_rate(), tally.on_time_rate()]).collect()
}
