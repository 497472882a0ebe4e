//! Columns and sign-offs that a campaign adds make sense.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity, suggest};
use crate::model::campaign::Campaign;
use crate::model::campaign::ColumnType;
use crate::model::campaign::{FORM_SERIAL, FORM_UNIT};
use crate::model::column::{Column, headings};

pub static RULE: Rule = Rule {
    code: "bad-column",
    severity: Severity::Error,
    what: "专项自定的列有问题：与通用列同名，或类型是 enum 而没有列出 values；或 closure 没有一级签字、签字重名、签字的列与别的列同名；或台账样式 ledger_form 的 shows 不是台账的列。",
    why: "同名的列无法区分；没有可用值的列什么也填不进去；没有签字的销号没有第二双眼睛。",
    fix: "换个列名、列出 values；signoffs 至少写一级，如 [\"核查\"]。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    for (ix, column) in campaign.columns.iter().enumerate() {
        let (message, help) = if Column::named(&column.name).is_some() {
            ("与通用列同名", "换个列名；通用列不用再定义")
        } else if column.kind == ColumnType::Enum && column.values.is_empty() {
            ("类型是 enum，没有列出 values", "列出 values，如 values = [\"紧急\", \"一般\"]")
        } else {
            continue;
        };
        let finding = cx.origin.finding(&RULE, &format!("columns[{ix}].name"), message);
        out.push(finding.value(&column.name).help(help));
    }
    let known = headings(campaign);
    let of_form = [FORM_SERIAL, FORM_UNIT];
    let form = campaign.ledger_form.iter().flat_map(|form| form.columns.iter().enumerate());
    for (ix, column) in form {
        let path = format!("ledger_form.columns[{ix}].shows");
        if !known.contains(&column.shows) && !of_form.contains(&column.shows.as_str()) {
            let all = known.iter().map(String::as_str).chain(of_form);
            let finding = cx.origin.finding(&RULE, &path, "台账没有这一列");
            out.push(finding.value(&column.shows).help(suggest(&column.shows, all)));
        }
    }
    let signoffs = &campaign.closure.signoffs;
    if signoffs.is_empty() {
        let finding = cx.origin.finding(&RULE, "closure.signoffs", "销号至少要有一级签字");
        out.push(finding.help("写 signoffs = [\"核查\"]，或删去这一行用默认"));
    }
    for (ix, name) in signoffs.iter().enumerate() {
        let taken = |heading: String| {
            Column::named(&heading).is_some() || campaign.columns.iter().any(|column| column.name == heading)
        };
        let message = if name.trim().is_empty() || signoffs[..ix].contains(name) {
            "签字没有名称，或与前面的相同"
        } else if taken(format!("{name}人")) || taken(format!("{name}日期")) {
            "签字的列（X人、X日期）与别的列同名"
        } else {
            continue;
        };
        let finding = cx.origin.finding(&RULE, &format!("closure.signoffs[{ix}]"), message);
        out.push(finding.value(name).help("换个名称，如 审核、核查、市级审核"));
    }
}
