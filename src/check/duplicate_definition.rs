//! Ids, codes and names mean one thing each.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::load::toml_file::Origin;
use crate::model::campaign::{Campaign};
use crate::model::campaign_index::{plain_category};
use crate::model::people::{Shared, shared};
use crate::model::unit::Register;
use rustc_hash::FxHashMap;

pub static RULE: Rule = Rule {
    code: "duplicate-definition",
    severity: Severity::Error,
    what: "同一个 id、代码、名称或别名定义了两次；或者两个人同时用一个邮箱或密钥。",
    why: "名称、密钥指两个东西，就不知道说的是谁；名称重复的，后一个不起作用。",
    fix: "给后一个换个名字，或删去重复的。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let mut lists: Vec<(&str, Vec<String>)> = vec![];
    macro_rules! ids {
        ($($list:ident),*) => { $(lists.push((stringify!($list), campaign.$list.iter().map(|e| e.id.clone()).collect()));)* };
    }
    ids!(stages, tasks, milestones, targets, duties, mechanisms, results);
    for (list, ids) in &lists {
        let named = ids.iter().enumerate().map(|(ix, id)| (id.as_str(), format!("{list}[{ix}].id")));
        repeated(named, cx.origin, out);
    }
    // Both may stand in the column 任务 of a ledger.
    for (ix, milestone) in campaign.milestones.iter().enumerate() {
        if campaign.tasks.iter().any(|task| task.id == milestone.id) {
            out.push(duplicate(cx.origin, &format!("milestones[{ix}].id"), &milestone.id, "与任务的 id 相同"));
        }
    }
    // Both may stand in the column 指标 of `_targets.csv`.
    for (ix, result) in campaign.results.iter().enumerate() {
        if campaign.targets.iter().any(|target| target.id == result.id) {
            out.push(duplicate(cx.origin, &format!("results[{ix}].id"), &result.id, "与指标的 id 相同"));
        }
    }
    let codes: Vec<String> = campaign.categories.iter().map(|category| plain_category(&category.code)).collect();
    repeated(codes.iter().enumerate().map(|(ix, code)| (code.as_str(), format!("categories[{ix}].code"))), cx.origin, out);
    let columns = campaign.columns.iter().enumerate();
    repeated(columns.map(|(ix, column)| (column.name.as_str(), format!("columns[{ix}].name"))), cx.origin, out);
}

/// Ids and codes of campaigns, which are unique over the workspace.
pub fn check_between(campaigns: &[(&Campaign, &Origin)], out: &mut Vec<Finding>) {
    for (ix, (campaign, origin)) in campaigns.iter().enumerate() {
        for (earlier, _) in &campaigns[..ix] {
            for (key, value, other) in [("id", &campaign.id, &earlier.id), ("code", &campaign.code, &earlier.code)] {
                if value == other {
                    out.push(duplicate(origin, key, value, &format!("与专项“{}”相同", earlier.name)));
                }
            }
        }
    }
}

pub fn check_units(register: &Register, origin: &Origin, out: &mut Vec<Finding>) {
    let mut names: Vec<(&str, String)> = vec![];
    for (ix, unit) in register.units.iter().enumerate() {
        names.push((&unit.id, format!("units[{ix}].id")));
        names.push((&unit.name, format!("units[{ix}].name")));
        let aliases = unit.aliases.iter().enumerate();
        names.extend(aliases.map(|(at, alias)| (alias.as_str(), format!("units[{ix}].aliases[{at}]"))));
    }
    for (ix, group) in register.groups.iter().enumerate() {
        names.push((&group.id, format!("groups[{ix}].id")));
        names.push((&group.name, format!("groups[{ix}].name")));
        let aliases = group.aliases.iter().enumerate();
        names.extend(aliases.map(|(at, alias)| (alias.as_str(), format!("groups[{ix}].aliases[{at}]"))));
    }
    repeated(names.into_iter(), origin, out);
    let codes = register.units.iter().enumerate();
    repeated(codes.map(|(ix, unit)| (unit.code.as_str(), format!("units[{ix}].code"))), origin, out);
    for (ix, person) in register.people.iter().enumerate() {
        for (first, earlier) in register.people[..ix].iter().enumerate() {
            let line = origin.line(&format!("people[{first}].name"));
            out.extend(shared(earlier, person).into_iter().map(|what| {
                let (what, key) = match what {
                    Shared::Email(at) => ("邮箱", format!("people[{ix}].emails[{at}]")),
                    Shared::Key(at) => ("密钥", format!("people[{ix}].keys[{at}]")),
                };
                let message = format!("{what}与第 {line} 行的{}相同，任期又重叠", earlier.name);
                let finding = origin.finding(&RULE, &key, message).value(&person.name);
                finding.help("一人一个；同一个人的几条，姓名写成一样；交接的，写明 from、until")
            }));
        }
    }
}

fn repeated<'n>(names: impl Iterator<Item = (&'n str, String)>, origin: &Origin, out: &mut Vec<Finding>) {
    let mut seen: FxHashMap<&str, String> = FxHashMap::default();
    for (name, key) in names {
        if let Some(first) = seen.get(name) {
            out.push(duplicate(origin, &key, name, &format!("与第 {} 行重复", origin.line(first))));
        } else {
            seen.insert(name, key);
        }
    }
}

fn duplicate(origin: &Origin, key: &str, value: &str, message: &str) -> Finding {
    origin.finding(&RULE, key, message).value(value).help("换一个，或删去重复的")
}
