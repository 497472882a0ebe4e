//! 超期情况: worst first.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::model::column::Column;
use crate::model::issue::Row;
use std::cmp::Reverse;
use std::collections::BTreeSet;

pub fn part(matter: &Matter) -> Vec<Block> {
    let book = matter.book;
    let clock = book.clock();
    let mut late: Vec<_> =
        book.rows().filter_map(|(ledger, row)| Some((clock.overdue(row.issue)?, ledger, row))).collect();
    if late.is_empty() {
        return vec![];
    }
    late.sort_by_cached_key(|(span, _, row)| (Reverse(span.days), row.id().into_owned(), row.issue.round));
    let units: BTreeSet<u16> = late.iter().map(|(_, ledger, _)| ledger.unit).collect();
    let long = i64::from(book.workspace.settings.lights.dark_red_workdays);
    let longest = late.iter().filter(|(span, ..)| span.workdays.is_some_and(|days| days > long)).count();
    let longest =
        if longest > 0 { format!("，其中超过{long}个工作日的{longest}个") } else { String::new() };
    let words =
        format!("超过现行时限、尚未申请销号的问题{}个，涉及{}个单位{longest}。", late.len(), units.len());
    let mut table =
        Table::new("超期问题", &["编号", "单位", "问题", "时限", "超期天数", "超期工作日", "责任人"]);
    let person = |row: &Row| row.text(Column::Person).into_owned();
    for (span, ledger, row) in &late {
        table.rows.push(vec![
            Cell::text(row.id()),
            Cell::text(book.unit_name(ledger)),
            Cell::text(row.problem()),
            Cell::Date(row.issue.limit_on(book.as_of)),
            Cell::Count(span.days),
            Cell::number(span.workdays),
            Cell::text(person(row)),
        ]);
    }
    vec![Block::Paragraph(words), Block::Table(table)]
}
