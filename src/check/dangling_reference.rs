//! What an entry refers to exists.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity, suggest};
use crate::load::toml_file::Origin;
use crate::model::campaign::Campaign;
use crate::model::unit::{Body, Register};

pub static RULE: Rule = Rule {
    code: "dangling-reference",
    severity: Severity::Error,
    what: "条目引用的任务、上级单位或组成员不存在。",
    why: "引用落空，节点、指标、事项就挂不到任务上，单位组就少了成员。",
    fix: "改成提示的 id，或先定义它。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let mut look = |task: Option<&String>, key: String| {
        let Some(task) = task.filter(|task| !campaign.tasks.iter().any(|known| known.id == **task)) else { return };
        let ids = campaign.tasks.iter().map(|task| task.id.as_str());
        out.push(cx.origin.finding(&RULE, &key, "没有这项任务").value(task).help(suggest(task, ids)));
    };
    for (ix, milestone) in campaign.milestones.iter().enumerate() {
        look(milestone.task.as_ref(), format!("milestones[{ix}].task"));
    }
    for (ix, target) in campaign.targets.iter().enumerate() {
        look(target.task.as_ref(), format!("targets[{ix}].task"));
    }
    for (ix, duty) in campaign.duties.iter().enumerate() {
        look(duty.task.as_ref(), format!("duties[{ix}].task"));
    }
}

pub fn check_units(register: &Register, origin: &Origin, out: &mut Vec<Finding>) {
    let mut look = |name: &str, key: String| {
        let ids = register.units.iter().map(|unit| unit.id.as_str());
        let (message, help) = match register.resolve(name) {
            Some(Body::Unit(_)) => return,
            Some(Body::Group(_)) => ("是单位组，这里只能写单位", "逐个列出其中的单位".to_owned()),
            None => ("没有这个单位", suggest(name, ids)),
        };
        out.push(origin.finding(&RULE, &key, message).value(name).help(help));
    };
    for (ix, unit) in register.units.iter().enumerate() {
        unit.parent.iter().for_each(|parent| look(parent, format!("units[{ix}].parent")));
    }
    for (ix, group) in register.groups.iter().enumerate() {
        for (at, member) in group.members.iter().enumerate() {
            look(member, format!("groups[{ix}].members[{at}]"));
        }
    }
    for (ix, retired) in register.retired.iter().enumerate() {
        for (at, into) in retired.into.iter().enumerate() {
            look(into, format!("retired[{ix}].into[{at}]"));
        }
    }
}
