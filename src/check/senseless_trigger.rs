//! A trigger of a mechanism can strike, and not always.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::load::toml_file::Origin;
use crate::model::campaign::{Campaign, Measure};
use crate::model::policy::WorkspaceFile;
use crate::model::trigger::Trigger;

pub static RULE: Rule = Rule {
    code: "senseless-trigger",
    severity: Severity::Error,
    what: "机制或情形的启动条件不合情理：次数、名次、月数、百分数是 0，回头看超过百分之百，指标没有写界限或不能按单位算，情形里又引用情形。",
    why: "这样的条件要么谁都够得上，要么谁也够不上。",
    fix: "核对方案和区里定的数，改 when。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    for (ix, mechanism) in campaign.mechanisms.iter().enumerate() {
        look(&mechanism.when, cx.origin, &format!("mechanisms[{ix}].when"), out);
    }
}

/// The same of the district's own mechanisms and situations.
pub fn check_settings(settings: &WorkspaceFile, origin: &Origin, out: &mut Vec<Finding>) {
    for (ix, mechanism) in settings.mechanisms.iter().enumerate() {
        look(&mechanism.when, origin, &format!("mechanisms[{ix}].when"), out);
    }
    for (ix, situation) in settings.situations.iter().enumerate() {
        let key = format!("situations[{ix}].when");
        look(&situation.when, origin, &key, out);
        if situation.when.iter().any(|trigger| matches!(trigger, Trigger::Situation(_))) {
            out.push(origin.finding(&RULE, &key, "情形里不能再引用情形").help("直接写界限"));
        }
    }
}

fn look(triggers: &[Trigger], origin: &Origin, key: &str, out: &mut Vec<Finding>) {
    for (message, help) in triggers.iter().filter_map(fault) {
        out.push(origin.finding(&RULE, key, message).help(help));
    }
}

/// What is wrong, and what to do.
fn fault(trigger: &Trigger) -> Option<(&'static str, &'static str)> {
    let is_of_a_row = |trigger: &Trigger| {
        !matches!(trigger, Trigger::Last(_) | Trigger::Metric(_) | Trigger::Review(_) | Trigger::Situation(_))
    };
    match trigger {
        Trigger::All(triggers) if triggers.is_empty() || !triggers.iter().all(is_of_a_row) => {
            Some(("all 里只能写同一个问题的条件", "last、metric、review、situation 单独写"))
        }
        Trigger::All(triggers) => triggers.iter().find_map(fault),
        Trigger::Returns(0) | Trigger::Rounds(0 | 1) | Trigger::Leads(0) => {
            Some(("所有问题都够得上", "次数、条数从 1 起，轮次从 2 起"))
        }
        Trigger::Review(0 | 101..) => Some(("回头看的百分数不在 1 到 100 之间", "写 1 到 100 的整数")),
        Trigger::Last(last) if last.places == 0 || last.months == 0 || last.of.is_empty() => {
            Some(("没有写哪个指标、后几名、连续几个月", "of 写指标 id，places、months 从 1 起"))
        }
        Trigger::Metric(bounds) if bounds.below.is_none() && bounds.above.is_none() => {
            Some(("没有写界限", "写 below = … 或 above = …"))
        }
        Trigger::Metric(bounds) if matches!(bounds.by, Measure::Reported | Measure::Coverage) => {
            Some(("这个指标不能由台账按单位算", "换成由台账算的，如 resolved-rate"))
        }
        _ => None,
    }
}
