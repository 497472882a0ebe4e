//! A part is rarely more than its whole.

use super::FilingContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::actual::Actual;
use crate::model::filing::{Indicator, ReportedFigure};
use rust_decimal::Decimal;

pub static RULE: Rule = Rule {
    code: "part-over-whole",
    severity: Severity::Warning,
    what: "_targets.csv 里分子大于分母，或比率超过 100%。",
    why: "多半是两格填反了，或分母漏了；超额完成的任务量才会这样。",
    fix: "核对分子和分母；确是超额完成的，在备注里写明。",
};

pub fn check(figures: &[ReportedFigure], cx: &FilingContext, out: &mut Vec<Finding>) {
    for figure in figures {
        let (field, message) = match figure.actual {
            Actual::Share { part, whole } if part > whole => ("分子", format!("分子 {part} 大于分母 {whole}")),
            Actual::Number(number) if number > Decimal::ONE_HUNDRED && is_percent(figure, cx) => {
                ("数值", format!("比率 {number}% 超过 100%"))
            }
            _ => continue,
        };
        out.push(cx.finding(&RULE, figure.line, message).field(field).help("核对是否填错、填反"));
    }
}

fn is_percent(figure: &ReportedFigure, cx: &FilingContext) -> bool {
    let unit = match figure.indicator {
        Indicator::Target(at) => &cx.campaign.targets[usize::from(at)].unit,
        Indicator::Result(at) => &cx.campaign.results[usize::from(at)].unit,
    };
    unit == "%"
}
