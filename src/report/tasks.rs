//! `zxzz tasks`: who answers for what, across campaigns, also through groups.

use super::campaign::limits;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::campaign::Task;
use crate::model::unit::{Body, Register, UnitIx};

/// The tasks in scope with everybody the plan names; with `units`, those that one of them answers for, in which part,
/// and who leads.
pub fn build(book: &Book, units: &[UnitIx], wanted: impl Fn(u16, usize) -> bool) -> Document {
    let mut document = begin(book, "任务");
    let everybody = units.is_empty();
    let bodies: &[&str] = if everybody { &["牵头", "责任", "配合"] } else { &["角色", "牵头"] };
    let mut table = Table::new("", &[&["专项", "任务"], bodies, &["时限", "条款", "id"]].concat());
    for ix in &book.scope {
        let campaign = book.workspace.campaign(*ix);
        for (_, task) in campaign.tasks.iter().enumerate().filter(|(at, _)| wanted(*ix, *at)) {
            let roles = roles(&book.workspace.register, task, &campaign.lead, units);
            if !everybody && roles.is_empty() {
                continue;
            }
            let lead = if task.lead.is_empty() { &campaign.lead } else { &task.lead };
            let bodies = match everybody {
                true => [lead, &task.responsible, &task.support].map(|names| names.join("、")).to_vec(),
                false => vec![roles.join("、"), lead.join("、")],
            };
            let head = [campaign.name.clone(), task.title.clone()].into_iter();
            let tail = [limits(task), task.source.clone(), task.id.clone()];
            table.rows.push(head.chain(bodies).chain(tail).map(Cell::text).collect());
        }
    }
    document.notes.push(format!("共 {} 项任务；方案没有写任务牵头单位的，列专项牵头单位", table.rows.len()));
    document.table(table);
    finish(document, book)
}

/// `牵头`, `责任（各镇街）` …: each way in which one of the units is named.
fn roles(register: &Register, task: &Task, campaign_lead: &[String], units: &[UnitIx]) -> Vec<String> {
    let lead = if task.lead.is_empty() { campaign_lead } else { &task.lead };
    let lists = [("牵头", lead), ("责任", task.responsible.as_slice()), ("配合", task.support.as_slice())];
    let mut roles = vec![];
    for (role, names) in lists {
        for name in names.iter().filter(|name| units.iter().any(|unit| register.names(name, *unit))) {
            let through_group = matches!(register.resolve(name), Some(Body::Group(_)));
            roles.push(if through_group { format!("{role}（{name}）") } else { role.to_owned() });
        }
    }
    roles
}
