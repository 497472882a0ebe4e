//! One file per report: a book to a document.

pub mod bulletin;
pub mod calendar;
pub mod campaign;
mod choices;
pub mod coverage;
pub mod diff;
pub mod doctor;
pub mod draft;
pub mod duties;
pub mod escalate;
pub mod forms;
pub mod import;
pub mod list;
pub mod lists;
pub mod log;
pub mod overdue;
pub mod rank;
pub mod results;
pub mod seal;
pub mod show;
pub mod status;
pub mod tally;
pub mod targets;
pub mod tasks;
mod typed;
pub mod units;
pub mod xiaohao;

use crate::document::{Block, Document, Table};
use crate::model::book::{Book, Ledger};
use crate::model::filing::Filings;
use crate::model::issue::Issue;

/// 成文日期 of a letter until it is signed: with blanks as wide as the figures that take their place.
const DAY_TO_COME: &str = "　　年　月　日";

/// An empty report about the book's day, titled with the workspace and what it covers.
pub fn begin(book: &Book, subject: &str) -> Document {
    let workspace = &book.workspace.settings.name;
    let title = match book.scope[..] {
        [only] if book.workspace.campaigns.len() > 1 => book.workspace.campaign(only).name.as_str(),
        _ => workspace.as_str(),
    };
    Document {
        title: format!("{title} {subject}").trim().to_owned(),
        as_of: book.as_of,
        ..Document::default()
    }
}

/// Says what the figures leave out, so that nothing vanishes silently, and what may be chosen.
pub fn finish(mut document: Document, book: &Book) -> Document {
    let (first, last) = book.workspace.calendar.years();
    if book.workspace.calendar.workdays_between(book.as_of, book.as_of).is_none() {
        document.notes.push(format!("报告日不在节假日历（{first}–{last} 年）之内，工作日天数不计"));
    }
    if book.unread() > 0 {
        document
            .notes
            .push(format!("有 {} 行未能读取，不在以上数字之内；请运行 zxzz check 查看", book.unread()));
    }
    if !book.filings.is_empty() {
        let sum = |count: fn(&Filings) -> usize| book.filings.iter().map(count).sum::<usize>();
        document.notes.push(format!(
            "另用指标填报 {} 行、事项记录 {} 行，不在校验和之内",
            sum(|filings| filings.figures.len()),
            sum(|filings| filings.duties.len())
        ));
    }
    for (path, why) in &book.unreadable {
        document.notes.push(format!("无法读取 {path}：{why}"));
    }
    for block in &mut document.blocks {
        if let Block::Table(table) = block
            && table.choices.is_empty()
        {
            table.choices = choices::fitting(book, table, |heading| heading);
        }
    }
    document.notes.push(book.provenance.words());
    document.provenance = book.provenance.clone();
    document
}

/// What stands for the title of a task where a row is a milestone's.
const MILESTONE: &str = "方案节点";

/// Title of the task that a row stands under; a milestone tells what it is by its own description.
fn task_title<'b>(book: &'b Book, ledger: &Ledger, issue: &Issue) -> &'b str {
    let task = issue.task.and_then(|ix| book.campaign_of(ledger).tasks.get(usize::from(ix)));
    match issue.milestone {
        Some(_) => MILESTONE,
        None => task.map_or("", |task| task.title.as_str()),
    }
}

/// Cuts a table to its first rows and says so.
fn top(table: &mut Table, most: Option<usize>, notes: &mut Vec<String>) {
    if let Some(most) = most.filter(|most| table.rows.len() > *most) {
        notes.push(format!("{}共 {} 行，只列前 {most} 行", table.name, table.rows.len()));
        table.rows.truncate(most);
    }
}

/// Cuts every table of a document.
fn top_each(document: &mut Document, most: Option<usize>) {
    for block in &mut document.blocks {
        if let Block::Table(table) = block {
            top(table, most, &mut document.notes);
        }
    }
}
