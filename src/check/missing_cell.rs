//! Cells that the status of a row requires, by the move table.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::workflow::{RETURN, path};

pub static RULE: Rule = Rule {
    code: "missing-cell",
    severity: Severity::Error,
    what: "按整改状态必须填写的格空着。",
    why: "状态只有在每一步都留下记录时才成立：整改中要有措施和交办日期，待销号要有进展、申请日期和佐证，已销号要有销号日期，移交、并案要有去向，退回过的要写原因；时限按某一列定的任务，该列不能空。",
    fix: "补填提示的列；确实没有做到这一步的，把整改状态改回上一步。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    for step in path(issue.status, issue.kind) {
        for column in step.needs {
            if row.layout.has(*column) && row.is_blank(*column) || is_absent_step(row, *column) {
                out.push(missing(row, cx, *column, step.name));
            }
        }
    }
    for column in [Column::Task, Column::Category] {
        let is_used = match column {
            Column::Task => !cx.campaign.tasks.is_empty(),
            _ => !cx.campaign.categories.is_empty() && issue.milestone.is_none(),
        };
        if is_used && row.layout.has(column) && row.is_blank(column) {
            out.push(missing(row, cx, column, "登记"));
        }
    }
    if issue.returns > 0 && row.is_blank(Column::Progress) {
        out.push(missing(row, cx, Column::Progress, RETURN.name));
    }
    out.extend(missing_condition(row, cx));
    for (column, at) in cx.campaign.columns.iter().zip(&row.layout.extra) {
        if column.required && at.is_some_and(|at| row.cells.is_blank(at)) {
            out.push(
                cx.finding(&RULE, row, "必填的格空着").field(column.name.clone()).help("补填，或改专项文件中的 required"),
            );
        }
    }
}

/// A limit rule of the task asks for the value of a column: without it the row would escape every limit.
fn missing_condition(row: &Row, cx: &Context) -> Option<Finding> {
    let issue = row.issue;
    let task = &cx.campaign.tasks[usize::from(issue.task.filter(|_| issue.milestone.is_none())?)];
    let asked = task.limits.iter().filter_map(|limit| limit.when.as_ref());
    let mut blank = asked.filter(|when| row.under(&when.column).is_none_or(|value| value.is_empty()));
    let column = blank.next()?.column.clone();
    let message = format!("任务“{}”的时限按这一列定，不能空着", task.title);
    Some(cx.finding(&RULE, row, message).field(column).help("补填该格；台账没有这一列的，在表头补上"))
}

/// A column that the header lacks is missing once for the file if every row needs it, else in each row that needs it.
fn is_absent_step(row: &Row, column: Column) -> bool {
    !row.layout.has(column) && !crate::model::workflow::ALWAYS.contains(&column)
}

fn missing(row: &Row, cx: &Context, column: Column, step: &str) -> Finding {
    let status = row.issue.status.label();
    cx.finding(&RULE, row, format!("{status}的问题应有（{step}）")).field(column.heading()).help(match column {
        Column::Evidence => "写佐证材料的相对路径、档案号或文号",
        Column::Progress if step == RETURN.name => "写明为什么退回、还要做什么",
        Column::Destination => "移交写接收单位和文号，并案写并入的编号",
        Column::Assigned | Column::Applied | Column::Closed => "填写日期，如 2025-09-30",
        _ => "补填该格",
    })
}
