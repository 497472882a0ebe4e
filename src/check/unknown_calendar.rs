//! A limit in working days beyond the years whose holidays are known.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::deadline::{Bound, bound, describe};
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "unknown-calendar",
    severity: Severity::Warning,
    what: "任务的时限按工作日（或遇节假日顺延）计算，而算出来的日子超出已知的节假日历，无法判断。",
    why: "每年的放假和调休由国务院办公厅公布，没有公布的年份不猜。",
    fix: "节假日安排公布后，写进 zxzz.toml 的 [calendar]：holidays 写放假日，workdays 写调休上班日。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let plain = row.issue.task.filter(|_| row.issue.milestone.is_none());
    let Some(task) = plain.map(|task| &cx.campaign.tasks[usize::from(task)]) else { return };
    for limit in &task.limits {
        if bound(limit, row, cx.campaign.issued, &cx.workspace.calendar) == Bound::UnknownCalendar {
            let (first, last) = cx.workspace.calendar.years();
            out.push(
                cx.finding(&RULE, row, format!("节假日历只到 {first}–{last} 年，时限（{}）无法判断", describe(limit)))
                    .field("完成时限")
                    .help("在 zxzz.toml 的 [calendar] 补上该年的 holidays 和 workdays"),
            );
        }
    }
}
