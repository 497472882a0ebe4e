//! Ids and codes are spelt so that files, 编号 and commands can carry them.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::load::toml_file::Origin;
use crate::load::workspace::stem;
use crate::model::campaign::Campaign;
use crate::model::unit::Register;

pub static RULE: Rule = Rule {
    code: "bad-identifier",
    severity: Severity::Error,
    what: "id 或代码的写法不对：id 用小写英文字母、数字和连字符，代码用 2 到 8 位大写英文字母或数字、以字母开头；专项的 id 还要和文件名相同。",
    why: "id 是文件名和命令行的写法，代码是编号的一部分；写法不一，编号就认不出来。",
    fix: "按规定的写法改；改单位或专项的 id 时，台账文件也要跟着改名。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let file = stem(&cx.origin.path);
    if campaign.id != file {
        let message = format!("专项的 id 应与文件名相同（{file}）");
        out.push(cx.origin.finding(&RULE, "id", message).value(&campaign.id).help(format!("写 id = \"{file}\"，或改文件名")));
    }
    id(&campaign.id, "id", cx.origin, out);
    code(&campaign.code, "code", cx.origin, out);
    macro_rules! ids {
        ($($list:ident),*) => { $(for (ix, entry) in campaign.$list.iter().enumerate() {
            id(&entry.id, &format!("{}[{ix}].id", stringify!($list)), cx.origin, out);
        })* };
    }
    ids!(stages, tasks, milestones, targets, duties, mechanisms, results);
}

pub fn check_units(register: &Register, origin: &Origin, out: &mut Vec<Finding>) {
    for (ix, unit) in register.units.iter().enumerate() {
        id(&unit.id, &format!("units[{ix}].id"), origin, out);
        code(&unit.code, &format!("units[{ix}].code"), origin, out);
    }
    for (ix, group) in register.groups.iter().enumerate() {
        id(&group.id, &format!("groups[{ix}].id"), origin, out);
    }
}

fn id(value: &str, key: &str, origin: &Origin, out: &mut Vec<Finding>) {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if value.is_empty() || !value.bytes().all(legal) || value.starts_with('-') {
        out.push(origin.finding(&RULE, key, "id 的写法不对").value(value).help("用小写英文字母、数字和连字符，如 shuangshan"));
    }
}

fn code(value: &str, key: &str, origin: &Origin, out: &mut Vec<Finding>) {
    let legal = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if !(2..=8).contains(&value.len()) || !value.bytes().all(legal) || !value.starts_with(|c: char| c.is_ascii_uppercase()) {
        out.push(origin.finding(&RULE, key, "代码的写法不对").value(value).help("用 2 到 8 位大写英文字母或数字，以字母开头，如 SS"));
    }
}
