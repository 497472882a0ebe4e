//! A figure of a whole period is not reported before the period is over.

use super::FilingContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::filing::ReportedFigure;

pub static RULE: Rule = Rule {
    code: "unfinished-period",
    severity: Severity::Error,
    what: "_targets.csv 里整月、整季、整年的数在这一期结束之前就填报了，或截至某一天的数在那一天之前就填报了。",
    why: "这一期还没有完，填的只是截至当天的数；当成整期的数，后来的变化就漏了。",
    fix: "期间改写成截至哪一天，如 2025-09-15；到期后再填整期的数。",
};

pub fn check(figures: &[ReportedFigure], cx: &FilingContext, out: &mut Vec<Finding>) {
    for figure in figures.iter().filter(|figure| figure.reported < figure.period.end()) {
        let (start, end) = figure.period.stretch();
        let message = match start == end {
            true => format!("是截至 {end} 的数，填报日期 {} 比它早", figure.reported),
            false => format!("{end} 才结束，填报日期是 {}", figure.reported),
        };
        let help = match start != end && start <= figure.reported {
            true => format!("期间写成 {}，或改正填报日期", figure.reported),
            false => "改正期间或填报日期".to_owned(),
        };
        let finding = cx.finding(&RULE, figure.line, message).field("期间");
        out.push(finding.value(&figure.period.to_string()).help(help));
    }
}
