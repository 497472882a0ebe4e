//! What an entry refers to exists.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity, nearest, suggest};
use crate::load::toml_file::Origin;
use crate::load::workspace::Configuration;
use crate::model::campaign::{Campaign, ResultSource};
use crate::model::column::COLUMNS;
use crate::model::trigger::Trigger;
use crate::model::unit::{Body, Register};
use std::collections::BTreeSet;

pub static RULE: Rule = Rule {
    code: "dangling-reference",
    severity: Severity::Error,
    what: "条目引用的任务、阶段、指标、事项、台账列、专项、单位、上级单位或组成员不存在。",
    why: "引用落空，节点、指标、事项就挂不到任务上，单位组就少了成员，人员就无权办理。",
    fix: "改成提示的 id，或先定义它。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let mut look = |task: Option<&String>, key: String| {
        let is_known = |task: &String| {
            cx.origin.dropped.contains(task) || campaign.tasks.iter().any(|known| known.id == *task)
        };
        let Some(task) = task.filter(|task| !is_known(task)) else { return };
        let ids: Vec<&str> = campaign.tasks.iter().map(|task| task.id.as_str()).collect();
        let also: BTreeSet<&str> = cx.origin.dropped.iter().map(String::as_str).collect();
        let help = match nearest(task, also) {
            Some(near) if nearest(task, ids.iter().copied()).is_none() => format!("是不是“{near}”？"),
            _ => suggest(task, ids),
        };
        out.push(cx.origin.finding(&RULE, &key, "没有这项任务").value(task).help(help));
    };
    for (ix, milestone) in campaign.milestones.iter().enumerate() {
        look(milestone.task.as_ref(), format!("milestones[{ix}].task"));
    }
    for (ix, target) in campaign.targets.iter().enumerate() {
        look(target.task.as_ref(), format!("targets[{ix}].task"));
    }
    for (ix, mechanism) in campaign.mechanisms.iter().enumerate() {
        look(mechanism.task.as_ref(), format!("mechanisms[{ix}].task"));
    }
    for (ix, duty) in campaign.duties.iter().enumerate() {
        look(duty.task.as_ref(), format!("duties[{ix}].task"));
    }
}

/// The stages, indicators, lines and columns that mechanisms, targets and results name.
pub fn check_names(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let columns: Vec<&str> = (COLUMNS.iter().map(|(_, name)| *name))
        .chain(campaign.columns.iter().map(|column| column.name.as_str()))
        .collect();
    let stages: Vec<&str> = campaign.stages.iter().map(|stage| stage.id.as_str()).collect();
    let targets: Vec<&str> = campaign.targets.iter().map(|target| target.id.as_str()).collect();
    let duties: Vec<&str> = campaign.duties.iter().map(|duty| duty.id.as_str()).collect();
    let results: Vec<&str> = campaign.results.iter().map(|result| result.id.as_str()).collect();
    let mut look = |name: &str, known: &[&str], key: String, message: &str| {
        if !known.contains(&name) && !cx.origin.dropped.contains(name) {
            let help = suggest(name, known.iter().copied());
            out.push(cx.origin.finding(&RULE, &key, message).value(name).help(help));
        }
    };
    for (ix, mechanism) in campaign.mechanisms.iter().enumerate() {
        if let Some(stage) = &mechanism.stage {
            look(stage, &stages, format!("mechanisms[{ix}].stage"), "没有这个阶段");
        }
        for trigger in &mechanism.when {
            match trigger {
                Trigger::Last(last) => {
                    for id in &last.of {
                        look(id, &targets, format!("mechanisms[{ix}].when"), "没有这个指标");
                    }
                }
                Trigger::Cell(when) => {
                    look(&when.column, &columns, format!("mechanisms[{ix}].when"), "没有这一列");
                }
                _ => {}
            }
        }
    }
    for (ix, target) in campaign.targets.iter().enumerate() {
        if let Some(when) = &target.when {
            look(&when.column, &columns, format!("targets[{ix}].when"), "没有这一列");
        }
    }
    for (ix, result) in campaign.results.iter().enumerate() {
        let (known, message) = match result.from {
            ResultSource::Duty => (&duties, "没有这个事项"),
            _ => (&results, "成果表里没有这一项"),
        };
        for id in &result.of {
            look(id, known, format!("results[{ix}].of"), message);
        }
        for id in &result.less {
            look(id, &results, format!("results[{ix}].less"), "成果表里没有这一项");
        }
        if let Some(when) = &result.when {
            look(&when.column, &columns, format!("results[{ix}].when"), "没有这一列");
        }
    }
    for (key, cell) in campaign.results_form.iter().flat_map(|form| form.cells()) {
        for (ix, id) in cell.shows.iter().enumerate() {
            look(id, &results, format!("{key}.shows[{ix}]"), "成果表里没有这一项");
        }
    }
}

pub fn check_units(register: &Register, origin: &Origin, out: &mut Vec<Finding>) {
    let mut look = |name: &str, key: String| {
        let ids = register.units.iter().map(|unit| unit.id.as_str());
        let (message, help) = match register.resolve(name) {
            Some(Body::Unit(_)) => return,
            Some(Body::Group(_)) => ("是单位组，这里只能写单位", "逐个列出其中的单位".to_owned()),
            None if register.is_dropped(name) => return,
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
    for (ix, person) in register.people.iter().enumerate() {
        look(&person.unit, format!("people[{ix}].unit"));
    }
}

/// The campaigns of people; nothing is known of one whose file could not be read.
pub fn check_people(configuration: &Configuration, origin: &Origin, out: &mut Vec<Finding>) {
    let Configuration { workspace, broken_campaigns, .. } = configuration;
    let campaigns = || workspace.campaigns.iter().map(|desk| &desk.campaign);
    for (ix, person) in workspace.register.people.iter().enumerate() {
        for (at, name) in person.campaigns.iter().flatten().enumerate() {
            if !broken_campaigns.contains(name) && !campaigns().any(|campaign| campaign.is_called(name)) {
                let help = suggest(name, campaigns().map(|campaign| campaign.id.as_str()).collect::<Vec<_>>());
                let key = format!("people[{ix}].campaigns[{at}]");
                out.push(origin.finding(&RULE, &key, "没有这个专项").value(name).help(help));
            }
        }
    }
}
