//! `zxzz campaign`: the campaigns in a list, and one plan whole.

use super::status::stage;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::campaign::{Campaign, ColumnType, Duty, ExtraColumn, Target, Task};
use crate::model::deadline::describe;
use chrono::NaiveDate;

/// One line a campaign.
pub fn list(book: &Book) -> Document {
    let mut document = begin(book, "专项一览");
    let mut table = Table::new(
        "",
        &[
            "id",
            "代码",
            "专项",
            "牵头单位",
            "开始日期",
            "结束日期",
            "当前阶段",
            "任务",
            "节点",
            "指标",
            "事项",
            "机制",
            "问题",
        ],
    );
    for ix in &book.scope {
        let campaign = book.workspace.campaign(*ix);
        let ledgers = book.ledgers.iter().filter(|ledger| ledger.campaign == *ix);
        let issues =
            ledgers.flat_map(|ledger| &ledger.issues).filter(|issue| issue.exists_on(book.as_of)).count();
        let counts = [
            campaign.tasks.len(),
            campaign.milestones.len(),
            campaign.targets.len(),
            campaign.duties.len(),
            campaign.mechanisms.len(),
            issues,
        ];
        let head = [
            Cell::text(&campaign.id),
            Cell::text(&campaign.code),
            Cell::text(&campaign.name),
            Cell::text(campaign.lead.join("、")),
            Cell::date(campaign.period.start),
            Cell::Date(campaign.period.end),
            Cell::text(stage(campaign, book.as_of)),
        ];
        table.rows.push(head.into_iter().chain(counts.map(Cell::count)).collect());
    }
    document.table(table);
    document.notes.push("开始日期空着的自即日起；zxzz campaign show 专项 查看一份方案的全部内容".to_owned());
    finish(document, book)
}

/// A whole plan as a readable page.
pub fn show(book: &Book, campaign: &Campaign) -> Document {
    let mut document = begin(book, "");
    document.title = campaign.name.clone();
    let parts = [
        basics(campaign, book.as_of),
        stages(campaign),
        tasks(campaign),
        points(campaign),
        milestones(campaign),
        targets(campaign),
        duties(campaign),
        mechanisms(campaign),
        categories(campaign),
        columns(campaign),
    ];
    parts.into_iter().filter(|table| !table.rows.is_empty()).for_each(|table| document.table(table));
    document
}

fn line(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|text| Cell::text(*text)).collect()
}

fn basics(campaign: &Campaign, as_of: NaiveDate) -> Table {
    let mut table = Table::new("概况", &["项目", "内容"]);
    let start = campaign.period.start.map_or("即日起".to_owned(), |start| start.to_string());
    let issued = campaign.issued.map_or(String::new(), |day| day.to_string());
    let contact = campaign.contact.as_ref().map_or(String::new(), |c| format!("{} {}", c.office, c.phone));
    for (what, text) in [
        ("id、代码", format!("{}、{}", campaign.id, campaign.code)),
        ("牵头单位", campaign.lead.join("、")),
        ("印发日期", issued),
        ("起止", format!("{start} 至 {}", campaign.period.end)),
        ("当前阶段", stage(campaign, as_of)),
        ("目标", campaign.goal.clone().unwrap_or_default()),
        ("问题来源", campaign.allowed_sources().join("、")),
        ("销号签字", campaign.closure.signoffs.join(" → ")),
        ("区外销号", campaign.closure.external.clone().unwrap_or_default()),
        ("联系", contact),
    ] {
        if !text.is_empty() {
            table.rows.push(line(&[what, &text]));
        }
    }
    table
}

fn stages(campaign: &Campaign) -> Table {
    let mut table = Table::new("阶段", &["阶段", "分线", "开始", "结束", "条款"]);
    table.rows = (campaign.stages.iter())
        .map(|stage| {
            vec![
                Cell::text(&stage.name),
                Cell::text(stage.track.as_deref().unwrap_or_default()),
                Cell::date(stage.start),
                Cell::Date(stage.end),
                Cell::text(&stage.source),
            ]
        })
        .collect();
    table
}

fn tasks(campaign: &Campaign) -> Table {
    let mut table = Table::new("任务", &["id", "任务", "牵头", "责任", "配合", "时限", "条款"]);
    table.rows = (campaign.tasks.iter())
        .map(|task| {
            let title =
                task.group.as_ref().map_or(task.title.clone(), |group| format!("{group}：{}", task.title));
            let bodies = [&task.lead, &task.responsible, &task.support].map(|names| names.join("、"));
            line(&[&task.id, &title, &bodies[0], &bodies[1], &bodies[2], &limits(task), &task.source])
        })
        .collect();
    table
}

/// Everything that binds the time of a task, in words.
pub fn limits(task: &Task) -> String {
    let deadline = task.deadline.map(|by| format!("{by} 前完成"));
    let standing = task.standing.then(|| "长期坚持".to_owned());
    let rules = task.limits.iter().map(describe);
    deadline.into_iter().chain(rules).chain(standing).collect::<Vec<_>>().join("；")
}

fn points(campaign: &Campaign) -> Table {
    let mut table = Table::new("任务要点", &["任务", "要点"]);
    for task in &campaign.tasks {
        table.rows.extend(task.points.iter().map(|point| line(&[&task.title, point])));
    }
    table
}

fn milestones(campaign: &Campaign) -> Table {
    let mut table = Table::new("节点", &["时限", "任务", "节点", "数量", "责任单位", "条款"]);
    let mut milestones: Vec<_> = campaign.milestones.iter().collect();
    milestones.sort_by_key(|milestone| milestone.by);
    table.rows = (milestones.into_iter())
        .map(|milestone| {
            vec![
                Cell::Date(milestone.by),
                Cell::text(milestone.task.as_deref().unwrap_or_default()),
                Cell::text(&milestone.name),
                Cell::number(milestone.quantity.map(i64::from)),
                Cell::text(milestone.units.join("、")),
                Cell::text(&milestone.source),
            ]
        })
        .collect();
    table
}

fn targets(campaign: &Campaign) -> Table {
    let mut table =
        Table::new("指标", &["任务", "指标", "要求", "统计", "期限", "取数", "责任单位", "说明", "条款"]);
    table.rows = (campaign.targets.iter())
        .map(|target| {
            vec![
                Cell::text(target.task.as_deref().unwrap_or_default()),
                Cell::text(&target.name),
                Cell::text(goal(target)),
                Cell::text(target.period.label()),
                Cell::date(target.by),
                Cell::text(target.measure.label()),
                Cell::text(target.units.join("、")),
                Cell::text(target.note.as_deref().unwrap_or_default()),
                Cell::text(&target.source),
            ]
        })
        .collect();
    table
}

/// `≥20%`, `=755个（250 + 505）`.
pub fn goal(target: &Target) -> String {
    let parts = target
        .parts
        .iter()
        .map(|part| format!("{}{}", part.name, part.value.normalize()))
        .collect::<Vec<_>>()
        .join(" + ");
    let parts = if parts.is_empty() { parts } else { format!("（{parts}）") };
    match target.value {
        Some(value) => format!("{}{}{}{parts}", target.op.label(), value.normalize(), target.unit),
        None => "不设目标".to_owned(),
    }
}

fn duties(campaign: &Campaign) -> Table {
    let mut table = Table::new("经常性事项", &["任务", "事项", "类别", "频次", "责任单位", "条款"]);
    table.rows = (campaign.duties.iter())
        .map(|duty| {
            let task = duty.task.as_deref().unwrap_or_default();
            let start = duty.start.map_or(String::new(), |day| format!("，{day} 起"));
            let until = duty.until.map_or(String::new(), |day| format!("，至 {day}"));
            let often = format!("{}{start}{until}", often(duty));
            line(&[task, &duty.name, duty.kind.label(), &often, &duty.units.join("、"), &duty.source])
        })
        .collect();
    table
}

/// `每周`, `每月不少于 8 次`.
pub fn often(duty: &Duty) -> String {
    match duty.times {
        1 => duty.every.label().to_owned(),
        times => format!("{}不少于 {times} 次", duty.every.label()),
    }
}

fn mechanisms(campaign: &Campaign) -> Table {
    let mut table = Table::new("机制", &["类别", "情形", "做法", "由谁", "条款"]);
    table.rows = (campaign.mechanisms.iter())
        .map(|mechanism| {
            let action = mechanism.action.as_deref().unwrap_or_default();
            line(&[
                mechanism.kind.label(),
                &mechanism.trigger,
                action,
                &mechanism.by.join("、"),
                &mechanism.source,
            ])
        })
        .collect();
    table
}

fn categories(campaign: &Campaign) -> Table {
    let mut table = Table::new("问题类型", &["代码", "名称", "主管部门", "条款"]);
    table.rows = (campaign.categories.iter())
        .map(|category| {
            let source = category.source.as_deref().unwrap_or_default();
            line(&[&category.code, &category.name, &category.authority.join("、"), source])
        })
        .collect();
    table
}

fn columns(campaign: &Campaign) -> Table {
    let mut table = Table::new("自定列", &["列名", "填什么", "必填", "说明"]);
    table.rows = (campaign.columns.iter())
        .map(|column| {
            let required = if column.required { "是" } else { "" };
            line(&[&column.name, &content(column), required, column.note.as_deref().unwrap_or_default()])
        })
        .collect();
    table
}

/// What may stand in a cell of the column.
fn content(column: &ExtraColumn) -> String {
    match column.kind {
        ColumnType::Text => "文字".to_owned(),
        ColumnType::Enum => column.values.join("、"),
        ColumnType::Date => "日期".to_owned(),
        ColumnType::Int => "整数".to_owned(),
        ColumnType::Money => "金额（元）".to_owned(),
        ColumnType::Bool => "是、否".to_owned(),
    }
}
