//! A unit reports under tasks that the plan gives it.

use super::{Context, FilingContext};
use crate::finding::{Finding, Rule, Severity};
use crate::model::filing::{Deed, DutyRecord};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "unit-not-responsible",
    severity: Severity::Warning,
    what: "方案没有把这项任务交给本单位：它不是牵头、责任或配合单位，也不在其中的单位组里；_duties.csv 里的事项也是这样，不计次数。",
    why: "可能选错了任务，问题会统计到别的任务下。",
    fix: "核对任务；确由本单位负责的，在专项文件里补上该单位。",
};

/// A duty carried out by a unit that does not owe it counts for nothing.
pub fn check_duties(records: &[DutyRecord], cx: &FilingContext, out: &mut Vec<Finding>) {
    for record in records {
        let Deed::Duty(at) = record.deed else { continue };
        let duty = &cx.campaign.duties[usize::from(at)];
        if !duty.is_owed_by(record.unit, &cx.workspace.register) {
            let unit = &cx.workspace.register.unit(record.unit).name;
            let finding = cx.finding(&RULE, record.line, format!("方案未把“{}”交给{unit}，不计次数", duty.name));
            out.push(finding.field("单位").help(format!("核对单位和事项；依据见方案{}", duty.source)));
        }
    }
}

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    let answers_for_task = issue.task.is_some_and(|task| cx.answers_for[usize::from(task)]);
    let (title, id, source) = match (issue.milestone, issue.task) {
        _ if answers_for_task => return,
        (Some(ix), _) => {
            let milestone = &cx.campaign.milestones[usize::from(ix)];
            let named = milestone.units.iter().chain(&cx.campaign.lead);
            if named.into_iter().any(|name| cx.workspace.register.covers(name, cx.unit)) {
                return;
            }
            (&milestone.name, &milestone.id, &milestone.source)
        }
        (None, Some(ix)) => {
            let task = &cx.campaign.tasks[usize::from(ix)];
            (&task.title, &task.id, &task.source)
        }
        (None, None) => return,
    };
    let unit = &cx.workspace.register.unit(cx.unit).name;
    out.push(
        cx.finding(&RULE, row, format!("方案未把“{title}”交给{unit}"))
            .field("任务")
            .value(id)
            .help(format!("核对任务；依据见方案{source}")),
    );
}
