//! A limit rule can apply to some row, and says one thing.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity, suggest};
use crate::model::campaign::{Campaign, ColumnType, Limit, LimitStart};
use crate::model::column::COLUMNS;
use crate::model::workflow::KINDS;

pub static RULE: Rule = Rule {
    code: "ineffective-limit",
    severity: Severity::Error,
    what: "时限规则不起作用：by 和 within 没有恰好写一个，when 的列不存在或取值不可能出现，或从印发日期起算而方案没有写印发日期。",
    why: "规则写错了不会报时限，超出时限的问题就放过去了。",
    fix: "by 写某一天，within 写期限，二选一；when 的列和值要在台账里可能出现。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    for (ix, task) in campaign.tasks.iter().enumerate() {
        for (at, limit) in task.limits.iter().enumerate() {
            let key = format!("tasks[{ix}].limits[{at}]");
            if limit.by.is_some() == limit.within.is_some() {
                let message = if limit.by.is_some() { "by 和 within 只能写一个" } else { "没有写 by 或 within" };
                out.push(cx.origin.finding(&RULE, &key, message).help("写某一天用 by，写期限用 within"));
            }
            if limit.from == LimitStart::Issued && campaign.issued.is_none() {
                let message = "从印发日期起算，而专项没有写 issued";
                out.push(cx.origin.finding(&RULE, &format!("{key}.from"), message).help("在文件开头写 issued = 年-月-日"));
            }
            out.extend(never_matches(campaign, limit, cx, &key));
        }
    }
}

fn never_matches(campaign: &Campaign, limit: &Limit, cx: &PlanContext, key: &str) -> Option<Finding> {
    let when = limit.when.as_ref()?;
    let extra = campaign.columns.iter().find(|column| column.name == when.column);
    let allowed: Vec<&str> = match (extra, when.column.as_str()) {
        (Some(column), _) if column.kind == ColumnType::Enum => column.values.iter().map(String::as_str).collect(),
        (Some(column), _) if column.kind == ColumnType::Bool => vec!["是", "否"],
        (Some(_), _) => return None,
        (None, "整改类型") => KINDS.iter().map(|(_, name)| *name).collect(),
        (None, "问题来源") => campaign.allowed_sources(),
        (None, "问题类型") => campaign.categories.iter().map(|category| category.code.as_str()).collect(),
        (None, other) if COLUMNS.iter().any(|(_, name)| *name == other) => return None,
        (None, other) => {
            let names = campaign.columns.iter().map(|column| column.name.as_str()).chain(COLUMNS.iter().map(|(_, name)| *name));
            let finding = cx.origin.finding(&RULE, &format!("{key}.when.column"), "台账没有这一列");
            return Some(finding.value(other).help(suggest(other, names.collect::<Vec<_>>())));
        }
    };
    (!allowed.contains(&when.is.as_str())).then(|| {
        let finding = cx.origin.finding(&RULE, &format!("{key}.when.is"), format!("“{}”列不会有这个值", when.column));
        finding.value(&when.is).help(suggest(&when.is, allowed))
    })
}
