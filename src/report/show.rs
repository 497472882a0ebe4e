//! `zxzz show ID`: one issue in all its rounds, its task and limits, and what the next legal move needs.

use super::typed::typed;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::{Book, Ledger};
use crate::model::column::{Nature, nature};
use crate::model::deadline::{describe, latest_deadline, reason};
use crate::model::issue::Row;
use crate::model::workflow::{EXTEND, Move, Status, next_moves};

pub fn build(book: &Book, id: &str) -> Document {
    let mut document = begin(book, id);
    let mut rounds: Vec<(&Ledger, Row)> = book
        .ledgers
        .iter()
        .flat_map(|ledger| (0..ledger.issues.len()).map(move |ix| (ledger, ledger.row(ix))))
        .collect();
    rounds.sort_by_key(|(_, row)| row.issue.round);
    let several = rounds.len() > 1;
    for (ledger, row) in &rounds {
        let name = if several { format!("第 {} 轮", row.issue.round) } else { "登记内容".to_owned() };
        document.table(fields(&name, book, ledger, row));
    }
    if let Some((ledger, row)) = rounds.last() {
        document.title = format!("{id} {}", book.campaign_of(ledger).name);
        document.table(situation(book, ledger, row));
        document.table(task(book, ledger, row));
        document.table(moves(book, ledger, row));
    }
    finish(document, book)
}

/// Every column of the ledger, in its order; days as days.
fn fields(name: &str, book: &Book, ledger: &Ledger, row: &Row) -> Table {
    let campaign = book.campaign_of(ledger);
    let mut table = Table::new(name, &["项目", "内容"]);
    table.rows.push(vec![Cell::text("位置"), Cell::text(format!("{}:{}", ledger.path, row.issue.line))]);
    for (at, heading) in row.layout.headings.iter().enumerate() {
        let value = row.cells.value(at as u16);
        let content = match nature(heading, campaign) {
            Nature::Day => typed(&value, Nature::Day),
            _ => Cell::text(value),
        };
        table.rows.push(vec![Cell::text(heading), content]);
    }
    table
}

/// Where the issue stands on the report day.
fn situation(book: &Book, ledger: &Ledger, row: &Row) -> Table {
    let clock = book.clock();
    let issue = row.issue;
    let mut table = Table::new("当前", &["项目", "内容"]);
    let mut line = |what: &str, cell: Cell| table.rows.push(vec![Cell::text(what), cell]);
    line("单位", Cell::text(book.unit_name(ledger)));
    line("状态", Cell::text(issue.status_on(book.as_of).label()));
    line("现行时限", Cell::Date(issue.limit_on(book.as_of)));
    let workdays = |days: Option<i64>| days.map_or(String::new(), |days| format!("（{days} 个工作日）"));
    if let Some(left) = clock.left(issue) {
        line("剩余", Cell::text(format!("{} 天{}", left.days, workdays(left.workdays))));
    }
    if let Some(over) = clock.overdue(issue) {
        line("超期", Cell::text(format!("{} 天{}", over.days, workdays(over.workdays))));
    }
    if let Some(light) = clock.light(issue) {
        line("灯", Cell::Light(light));
    }
    if let Some(waiting) = clock.waiting(issue) {
        let whom = super::overdue::waits_for(book, ledger, row);
        line("等待", Cell::text(format!("{} 天{}，等{whom}", waiting.days, workdays(waiting.workdays))));
    }
    if issue.is_listed_on(book.as_of) {
        line("挂牌督办", Cell::text("是"));
    }
    if issue.status_on(book.as_of) == Status::Closed && issue.is_late() {
        line("逾期销号", Cell::text("是"));
    }
    table
}

fn task(book: &Book, ledger: &Ledger, row: &Row) -> Table {
    let campaign = book.campaign_of(ledger);
    let mut table = Table::new("任务", &["项目", "内容"]);
    if let Some(milestone) = row.issue.milestone.map(|ix| &campaign.milestones[usize::from(ix)]) {
        let name = format!("{}（{}）", milestone.name, milestone.id);
        table.rows.push(vec![Cell::text("方案节点"), Cell::text(name)]);
        table.rows.push(vec![Cell::text("节点时限"), Cell::Date(milestone.by)]);
        table.rows.push(vec![Cell::text("节点条款"), Cell::text(&milestone.source)]);
    }
    let Some(task) = row.issue.task.map(|ix| &campaign.tasks[usize::from(ix)]) else { return table };
    let mut line = |what: &str, text: String| table.rows.push(vec![Cell::text(what), Cell::text(text)]);
    line("任务", format!("{}（{}）", task.title, task.id));
    line("方案条款", task.source.clone());
    let lead = if task.lead.is_empty() { &campaign.lead } else { &task.lead };
    line("牵头单位", lead.join("、"));
    line("责任单位", task.responsible.join("、"));
    if !task.support.is_empty() {
        line("配合单位", task.support.join("、"));
    }
    if row.issue.milestone.is_some() {
        return table;
    }
    let latest = latest_deadline(task, row, campaign.issued, &book.workspace.calendar);
    for limit in &task.limits {
        line("时限规则", describe(limit));
    }
    if let Some((latest, limit)) = latest {
        line("本问题最晚", format!("{latest}（{}）", reason(latest, limit)));
    }
    table
}

/// What the row still lacks for each move it may take; an extension is open only once and only before the limit runs out.
fn moves(book: &Book, ledger: &Ledger, row: &Row) -> Table {
    let mut table = Table::new("下一步", &["动作", "还缺", "条件", "命令"]);
    let clock = book.clock();
    let extensible = row.issue.extension.is_none() && clock.overdue(row.issue).is_none();
    let steps = next_moves(row.issue.status, row.issue.kind);
    for step in steps.filter(|step| extensible || !std::ptr::eq(*step, &EXTEND)) {
        table.rows.push(vec![
            Cell::text(step.name),
            Cell::text(lacking(book, ledger, row, step)),
            Cell::text(step.condition),
            Cell::text(step.call(&row.id())),
        ]);
    }
    table
}

fn lacking(book: &Book, ledger: &Ledger, row: &Row, step: &Move) -> String {
    let columns =
        step.needs.iter().filter(|column| row.is_blank(**column)).map(|column| column.heading().to_owned());
    let names = book.campaign_of(ledger).closure.signoffs.iter();
    let signoffs = names.zip(row.signoffs()).filter(|_| step.needs_signoffs).flat_map(|(name, signoff)| {
        let person = signoff.person.is_empty().then(|| format!("{name}人"));
        let date = signoff.date.is_none().then(|| format!("{name}日期"));
        person.into_iter().chain(date)
    });
    columns.chain(signoffs).collect::<Vec<_>>().join("、")
}
