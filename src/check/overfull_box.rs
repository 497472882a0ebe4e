//! A cell of a form of results holds words or figures.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::Campaign;

pub static RULE: Rule = Rule {
    code: "overfull-box",
    severity: Severity::Error,
    what: "成果表样式 results_form 的一格既写了文字 text，又填数 shows。",
    why: "一格只印一样：填了数，文字就印不出来。",
    fix: "文字和数分成两格，或去掉一样。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let cells = campaign.results_form.iter().flat_map(|form| form.cells());
    for (key, cell) in cells.filter(|(_, cell)| !cell.text.is_empty() && !cell.shows.is_empty()) {
        let finding = cx.origin.finding(&RULE, &format!("{key}.text"), "这一格填数，文字印不出来");
        out.push(finding.value(&cell.text).help("分成两格，或去掉一样"));
    }
}
