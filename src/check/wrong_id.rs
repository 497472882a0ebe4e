//! 编号 is made of the codes of its campaign and unit, and a number.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::load::row::looks_damaged;
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "wrong-id",
    severity: Severity::Error,
    what: "编号不是“专项代码-单位代码-序号”，或其中的代码不是本台账的专项、单位。",
    why: "编号在整个工作区唯一，靠的就是代码各归各的；放错台账的行会记到别的单位头上。",
    fix: "核对是不是抄错了台账；新问题用本台账的代码和下一个序号。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let id = row.id();
    let number = id.strip_prefix(cx.prefix.as_str()).filter(|number| is_number(number));
    // Damage by a spreadsheet is told as such.
    if number.is_some() || looks_damaged(&id) {
        return;
    }
    let mut parts = id.splitn(3, '-');
    let (campaign, unit) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let register = &cx.workspace.register;
    let message = if id.to_ascii_uppercase().starts_with(&cx.prefix) && !id.starts_with(&cx.prefix) {
        "代码要用大写字母".to_owned()
    } else if campaign != cx.campaign.code {
        format!("专项代码不对，本台账是{}（{}）", cx.campaign.name, cx.campaign.code)
    } else if let Some(other) = register.unit_by_code(unit).filter(|other| *other != cx.unit) {
        format!("“{unit}”是{}的代码，本台账是{}", register.unit(other).name, register.unit(cx.unit).name)
    } else if unit != register.unit(cx.unit).code {
        format!("没有代码为“{unit}”的单位，本台账是{}", register.unit(cx.unit).name)
    } else {
        "序号应是数字".to_owned()
    };
    out.push(
        cx.finding(&RULE, row, message).field("编号").value(&id).help(format!("应写成 {}0001 这样的编号", cx.prefix)),
    );
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
