//! `zxzz duties`: recurring duties, done and owed.

use super::campaign::often;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::figures::duties::{DutyLine, Turn, lines};
use crate::model::book::Book;
use crate::model::unit::UnitIx;

/// With `units`, only what one of them owes or did.
pub fn build(book: &Book, units: &[UnitIx]) -> Document {
    let mut document = begin(book, "经常性事项");
    let concerns = |line: &DutyLine| {
        let register = &book.workspace.register;
        units.is_empty()
            || units.iter().any(|unit| match line.unit {
                Some(own) => own == *unit,
                None => {
                    line.by.contains_key(unit)
                        || line.duty.units.iter().any(|name| register.names(name, *unit))
                }
            })
    };
    let lines: Vec<DutyLine> = lines(book).into_iter().filter(concerns).collect();
    document.table(standing(book, &lines));
    document.table(missed(book, &lines));
    let shares = shares(book, &lines);
    if !shares.rows.is_empty() {
        document.table(shares);
    }
    document.notes.push(
        "已做、应做：报告日所在的一期，按期完成：已满的各期；每期自专项（或该事项）开始之日起，至结束之日止，首尾不足一期的也算一期；放假不免；到了一期的最后一天还没有做够的算欠缺"
            .to_owned(),
    );
    document.notes.push(
        "方案没有写开始日期的，从台账最早的发现日期或第一次记录起算；记录在 ledgers/<专项>/_duties.csv"
            .to_owned(),
    );
    if lines.iter().any(|line| line.is_open) {
        document.notes.push("责任单位中有方案没有列名的，只列有记录的单位，没有记录的无法核对".to_owned());
    }
    finish(document, book)
}

fn heads(book: &Book) -> Vec<&'static str> {
    if book.scope.len() > 1 { vec!["专项", "事项", "单位"] } else { vec!["事项", "单位"] }
}

fn head(book: &Book, line: &DutyLine) -> Vec<Cell> {
    let name = &book.workspace.campaign(line.campaign).name;
    let unit = match line.unit {
        Some(unit) => book.workspace.register.unit(unit).name.clone(),
        None => line.duty.units.join("、"),
    };
    let campaign = (book.scope.len() > 1).then(|| Cell::text(name));
    campaign.into_iter().chain([Cell::text(&line.duty.name), Cell::text(unit)]).collect()
}

fn standing(book: &Book, lines: &[DutyLine]) -> Table {
    let mut table = Table::new("完成情况", &heads(book));
    table.columns.extend(["频次", "按期完成", "已做", "应做", "下次截止", "最近一次"].map(str::to_owned));
    for line in lines {
        let over = line.over().count() as i64;
        let current = line.current();
        let mut row = head(book, line);
        row.extend([
            Cell::text(often(line.duty)),
            match over {
                0 => Cell::Empty,
                _ => Cell::Rate { part: over - line.missed().count() as i64, whole: over },
            },
            Cell::number(current.map(|turn| turn.done.into())),
            Cell::number(current.map(|turn| turn.owed.into())),
            Cell::date(line.next),
            Cell::date(line.last),
        ]);
        table.rows.push(row);
    }
    table
}

/// Who did how much of what several owe together.
fn shares(book: &Book, lines: &[DutyLine]) -> Table {
    let mut table = Table::new("各单位做的次数", &heads(book));
    table.columns.push("次数".to_owned());
    for line in lines.iter().filter(|line| line.unit.is_none() && line.by.len() > 1) {
        for (unit, times) in &line.by {
            let mut row = head(book, line);
            row.pop();
            row.extend([Cell::text(&book.workspace.register.unit(*unit).name), Cell::Count((*times).into())]);
            table.rows.push(row);
        }
    }
    table
}

/// Every period in which something is missing; those one after the other with nothing done are one line.
fn missed(book: &Book, lines: &[DutyLine]) -> Table {
    let mut table = Table::new("欠缺", &heads(book));
    table.columns.extend(["从", "到", "期数", "应做", "已做", "缺"].map(str::to_owned));
    for line in lines {
        for run in runs(&line.periods) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                table.rows.push(missed_row(book, line, first, last, run));
            }
        }
    }
    table
}

fn missed_row(book: &Book, line: &DutyLine, first: &Turn, last: &Turn, run: &[Turn]) -> Vec<Cell> {
    let sum = |count: fn(&Turn) -> u32| Cell::Count(run.iter().map(count).sum::<u32>().into());
    let mut row = head(book, line);
    row.extend([
        Cell::Date(first.within.0),
        Cell::Date(last.within.1),
        Cell::count(run.len()),
        sum(|turn| turn.owed),
        sum(|turn| turn.done),
        sum(|turn| turn.missing()),
    ]);
    row
}

/// The stretches of periods with something missing.
fn runs(turns: &[Turn]) -> impl Iterator<Item = &[Turn]> {
    let alike = |a: &Turn, b: &Turn| a.missing() > 0 && b.missing() > 0 && a.done == 0 && b.done == 0;
    turns.chunk_by(alike).filter(|run| run[0].missing() > 0)
}
