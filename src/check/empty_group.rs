//! A group has members, or says that it is open.

use crate::finding::{Finding, Rule, Severity};
use crate::load::toml_file::Origin;
use crate::model::unit::Register;

pub static RULE: Rule = Rule {
    code: "empty-group",
    severity: Severity::Error,
    what: "单位组没有成员，也没有写明是开放的（open = true）；或者两样都写了。",
    why: "没有成员的组展开后没有一个单位负责。",
    fix: "列出 members；方案没有列出成员的，写 open = true。",
};

pub fn check_units(register: &Register, origin: &Origin, out: &mut Vec<Finding>) {
    for (ix, group) in register.groups.iter().enumerate() {
        let (message, help) = match (group.members.is_empty(), group.open) {
            (true, false) => ("没有成员", "列出 members，或写 open = true"),
            (false, true) => ("既列了成员又写 open = true", "删去 members 或 open = true"),
            _ => continue,
        };
        let finding = origin.finding(&RULE, &format!("groups[{ix}].name"), message);
        out.push(finding.value(&group.name).help(help));
    }
}
