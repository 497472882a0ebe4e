//! The boxes of a form of results fill its rows.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::Campaign;
use crate::model::results_form::{Misfit, PARTS};

pub static RULE: Rule = Rule {
    code: "ragged-form",
    severity: Severity::Error,
    what: "成果表样式 results_form 里有一部分的格没有排满一行，或伸到了表外；或各列的宽合计不是 12。",
    why: "排不满的表印不出方案规定的样子，成果表导出不了。",
    fix: "widths 合计写 12；每行各格的 columns 加上面的格占下来的列，正好是 widths 的列数。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let blocks = campaign.results_form.iter().flat_map(|form| form.blocks.iter().enumerate());
    for (at, block) in blocks {
        let path = format!("results_form.blocks[{at}]");
        let columns = block.widths.len();
        let (key, message, help) = match block.placed() {
            Err(Misfit::Widths) => {
                (format!("{path}.widths"), format!("各列的宽合计不是 {PARTS}，或有一列是 0"), "改各列的宽")
            }
            Err(Misfit::Head) => (format!("{path}.head"), misfit(columns), FILL),
            Err(Misfit::Row(row)) => (format!("{path}.rows[{row}]"), misfit(columns), FILL),
            Ok(_) => continue,
        };
        out.push(cx.origin.finding(&RULE, &key, message).help(help));
    }
}

const FILL: &str = "改各格的 columns、rows";

fn misfit(columns: usize) -> String {
    format!("这一行的格没有正好排满 {columns} 列，或伸到了别的格、下一部分")
}
