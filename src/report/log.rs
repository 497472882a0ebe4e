//! `zxzz log ID`: what happened to an issue, by whom, and how long each state took.

use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::history::life::Event;
use crate::model::book::Book;
use crate::model::issue::Issue;
use crate::model::workflow::Status;

/// `book` holds the rounds of the issue as they stand now.
pub fn build(book: &Book, id: &str, events: &[Event]) -> Document {
    let mut document = begin(book, &format!("{id} 经过"));
    let mut table = Table::new("经过", &["提交日期", "轮次", "动作", "提交人", "提交", "变化"]);
    for event in events {
        table.rows.push(vec![
            Cell::Date(event.day),
            Cell::Count(event.round.into()),
            Cell::text(&event.name),
            Cell::text(&event.author),
            Cell::text(&event.commit),
            Cell::text(changes(event)),
        ]);
    }
    document.table(table);
    let mut spans = Table::new("各状态历时（按台账日期）", &["轮次", "状态", "从", "到", "天数"]);
    for (_, row) in book.rows() {
        spans.rows.extend(spent(row.issue, book));
    }
    document.table(spans);
    document.notes.push(
        "历时：发现到交办为未整改，交办到申请为整改中，申请到销号为待销号；还没有结束的算到报告日".to_owned(),
    );
    finish(document, book)
}

/// A registration tells what was registered; later events what changed.
fn changes(event: &Event) -> String {
    let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let change = |(heading, before, after): &(String, String, String)| match before.is_empty() {
        true => format!("{heading}：{}", shown(after)),
        false => format!("{heading}：{} → {}", shown(before), shown(after)),
    };
    event.changes.iter().map(change).collect::<Vec<_>>().join("；")
}

fn spent(issue: &Issue, book: &Book) -> Vec<Vec<Cell>> {
    let last = issue.applied.or(issue.closed);
    let steps = [
        (Status::Registered, Some(issue.found), issue.assigned.or(last)),
        (Status::Underway, issue.assigned, last),
        (Status::Applied, issue.applied, issue.closed),
    ];
    let is_elsewhere = issue.status.is_elsewhere();
    let reached = steps
        .into_iter()
        .filter(|(status, from, _)| from.is_some() && !is_elsewhere && *status <= issue.status);
    let row = |(status, from, to): (Status, Option<chrono::NaiveDate>, Option<chrono::NaiveDate>)| {
        let until = to.unwrap_or(book.as_of);
        let days = from.map(|from| (until - from).num_days());
        vec![
            Cell::Count(issue.round.into()),
            Cell::text(status.label()),
            Cell::date(from),
            Cell::date(to),
            Cell::number(days),
        ]
    };
    reached.map(row).collect()
}
