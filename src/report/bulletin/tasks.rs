//! 任务完成情况 and 整治成果, for summaries of a stage and of the whole.

use super::Matter;
use super::words::rate;
use crate::document::{Block, Cell, Table};
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::report::tally::Tally;
use rust_decimal::Decimal;

pub fn part(matter: &Matter) -> Vec<Block> {
    let book = matter.book;
    let clock = book.clock();
    let mut whole = Tally::default();
    let mut table = Table::new("各任务", &["任务", "问题", "已销号", "未销号", "超期", "销号率"]);
    let mut milestones = Table::new("节点", &["节点", "时限", "单位", "状态", "申请日期"]);
    for campaign in &book.scope {
        let plan = book.workspace.campaign(*campaign);
        let mut tallies = vec![Tally::default(); plan.tasks.len()];
        for (ledger, row) in book.rows().filter(|(ledger, _)| ledger.campaign == *campaign) {
            if let Some(at) = row.issue.milestone {
                let milestone = &plan.milestones[usize::from(at)];
                milestones.rows.push(vec![
                    Cell::text(&milestone.name),
                    Cell::Date(milestone.by),
                    Cell::text(book.unit_name(ledger)),
                    Cell::text(row.issue.status_on(book.as_of).label()),
                    Cell::date(row.issue.applied),
                ]);
            } else if let Some(task) = row.issue.task {
                tallies[usize::from(task)].add(row.issue, &clock);
            }
        }
        for (task, tally) in plan.tasks.iter().zip(&tallies).filter(|(_, tally)| tally.total() > 0) {
            whole.merge(tally);
            let closed = tally.of(Status::Closed);
            let counts = [tally.total(), closed, tally.closable() - closed, tally.overdue];
            let counts = counts.map(|count| Cell::Count(count.into()));
            table.rows.push(
                [Cell::text(&task.title)].into_iter().chain(counts).chain([tally.closing_rate()]).collect(),
            );
        }
    }
    let mut blocks = vec![];
    if !table.rows.is_empty() {
        let rate = rate(whole.of(Status::Closed), whole.closable());
        let words = format!("有问题登记的任务{}项，节点以外的问题销号率{rate}。", table.rows.len());
        blocks.extend([Block::Paragraph(words), Block::Table(table)]);
    }
    if !milestones.rows.is_empty() {
        let words = format!("方案写明日期的节点，已立账的{}个。", milestones.rows.len());
        blocks.extend([Block::Paragraph(words), Block::Table(milestones)]);
    }
    blocks
}

/// What closed problems left behind: rules, money, leads.
pub fn results(matter: &Matter) -> Vec<Block> {
    let columns = [Column::NewRules, Column::RevisedRules, Column::RepealedRules];
    let (mut rules, mut money, mut leads) = ([0_u32; 3], Some(Decimal::ZERO), 0_u64);
    for (_, row) in matter.book.rows() {
        for (count, column) in rules.iter_mut().zip(columns) {
            *count += u32::from(!row.is_blank(column));
        }
        let amount = row.text(Column::Money).parse::<Decimal>().unwrap_or_default();
        money = money.and_then(|money| money.checked_add(amount));
        leads += u64::from(row.text(Column::LeadsTransferred).parse::<u32>().unwrap_or(0));
    }
    let mut said = vec![];
    let [made, revised, repealed] = rules;
    if rules.iter().any(|count| *count > 0) {
        said.push(format!("记有新建制度的问题{made}个、修订制度的{revised}个、废止制度的{repealed}个"));
    }
    match money {
        Some(money) if money > Decimal::ZERO => said.push(format!("涉及资金{}元", money.normalize())),
        Some(_) => {}
        None => said.push("涉及资金的数太大，加不起来，请核对".to_owned()),
    }
    if leads > 0 {
        said.push(format!("移交线索{leads}条"));
    }
    match said.is_empty() {
        true => vec![],
        false => vec![Block::Paragraph(format!("{}。", said.join("；")))],
    }
}
