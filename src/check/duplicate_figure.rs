//! One unit has one figure of one indicator for one period.

use super::FilingContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::filing::ReportedFigure;
use rustc_hash::FxHashMap;

pub static RULE: Rule = Rule {
    code: "duplicate-figure",
    severity: Severity::Error,
    what: "_targets.csv 里同一期间、同一单位、同一指标填了两次。",
    why: "两个数不知以哪个为准，合计会重复。",
    fix: "更正的直接改原来那一行（谁改的、改了什么，git 里都有），删去另一行。",
};

pub fn check(figures: &[ReportedFigure], cx: &FilingContext, out: &mut Vec<Finding>) {
    let mut first: FxHashMap<_, u32> = FxHashMap::default();
    for figure in figures {
        let line = *first.entry((figure.indicator, figure.unit, figure.period)).or_insert(figure.line);
        if line != figure.line {
            let message = format!("与第 {line} 行是同一期间、单位、指标");
            out.push(cx.finding(&RULE, figure.line, message).field("指标").help("留一行，删去另一行"));
        }
    }
}
