//! A unit reports under tasks that the plan gives it.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "unit-not-responsible",
    severity: Severity::Warning,
    what: "方案没有把这项任务交给本单位：它不是牵头、责任或配合单位，也不在其中的单位组里。",
    why: "可能选错了任务，问题会统计到别的任务下。",
    fix: "核对任务；确由本单位负责的，在专项文件里补上该单位。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let Some(task) = row.issue.task.map(usize::from) else { return };
    if !cx.answers_for[task] {
        let (task, unit) = (&cx.campaign.tasks[task], cx.workspace.register.unit(cx.unit));
        out.push(
            cx.finding(&RULE, row, format!("方案未把“{}”交给{}", task.title, unit.name))
                .field("任务")
                .value(&task.id)
                .help(format!("核对任务；依据见方案{}", task.source)),
        );
    }
}
