//! Names of units resolve through the register, in ledgers and in campaign files.

use super::{Context, PlanContext};
use crate::finding::{Finding, Rule, Severity, suggest};
use crate::model::campaign::Campaign;
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::unit::Register;
use std::collections::BTreeSet;

pub static RULE: Rule = Rule {
    code: "unknown-unit",
    severity: Severity::Error,
    what: "单位名称在 units.toml 里找不到。专项文件里的每个单位都要能找到；台账的责任部门写内设科室可以，写成“…局”“…街道”“…镇”的必须是登记过的单位。",
    why: "同一单位写成几样，就统计成几个单位；写错的没有人认领。",
    fix: "改成提示的名称；确有此单位的，登记到 units.toml，常用简称写进 aliases。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let name = row.text(Column::Department);
    if !["局", "街道", "镇"].iter().any(|ending| name.ends_with(ending)) {
        return;
    }
    let register = &cx.workspace.register;
    if register.resolve(&name).is_none() && register.retired(&name).is_none() && !register.is_dropped(&name) {
        out.push(cx.finding(&RULE, row, "没有这个单位").field("责任部门").value(&name).help(nearest_unit(register, &name)));
    }
}

/// Every body that a campaign file names.
pub fn check_plan(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let Some(register) = cx.register else { return };
    let mut look = |names: &[String], list: &str| {
        for (ix, name) in names.iter().enumerate() {
            if register.resolve(name).is_none() && !register.is_dropped(name) {
                out.push(
                    cx.origin
                        .finding(&RULE, &format!("{list}[{ix}]"), "没有这个单位或单位组")
                        .value(name)
                        .help(nearest_unit(register, name)),
                );
            }
        }
    };
    look(&campaign.lead, "lead");
    for (ix, task) in campaign.tasks.iter().enumerate() {
        look(&task.lead, &format!("tasks[{ix}].lead"));
        look(&task.responsible, &format!("tasks[{ix}].responsible"));
        look(&task.support, &format!("tasks[{ix}].support"));
    }
    for (ix, milestone) in campaign.milestones.iter().enumerate() {
        look(&milestone.units, &format!("milestones[{ix}].units"));
    }
    for (ix, target) in campaign.targets.iter().enumerate() {
        look(&target.units, &format!("targets[{ix}].units"));
    }
    for (ix, duty) in campaign.duties.iter().enumerate() {
        look(&duty.units, &format!("duties[{ix}].units"));
    }
    for (ix, mechanism) in campaign.mechanisms.iter().enumerate() {
        look(&mechanism.by, &format!("mechanisms[{ix}].by"));
    }
}

fn nearest_unit(register: &Register, name: &str) -> String {
    let alike = |other: &&str| strsim::normalized_levenshtein(stem(name), stem(other)) > 0.5;
    let alike: BTreeSet<&str> = register.all_names().filter(alike).collect();
    match alike.is_empty() {
        true => "在 units.toml 登记该单位，或改成已登记的名称".to_owned(),
        false => suggest(name, alike),
    }
}

/// What tells one unit from another: 水务 of 区水务局. All names of a kind begin and end alike.
fn stem(name: &str) -> &str {
    let name = name.strip_prefix('区').unwrap_or(name);
    ["街道", "镇", "局"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}
