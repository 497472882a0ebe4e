//! 挂牌督办 has a level and a day.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "incomplete-listing",
    severity: Severity::Error,
    what: "挂牌督办的级别和挂牌日期没有一起填，或没有挂牌却有摘牌日期。",
    why: "挂了牌就要知道何时挂、哪一级督办。",
    fix: "级别（如 区级）和挂牌日期一起填；摘牌时再填摘牌日期。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let has = |column| !row.is_blank(column);
    let (field, message) = match (row.issue.listed, has(Column::Listed), has(Column::Delisted)) {
        (true, false, _) => (Column::Listed, "已挂牌督办，缺挂牌日期"),
        (false, true, _) => (Column::Listing, "有挂牌日期，缺督办级别"),
        (false, false, true) => (Column::Listing, "有摘牌日期，却没有挂牌"),
        _ => return,
    };
    out.push(cx.finding(&RULE, row, message).field(field.heading()).help("级别（如 区级）和挂牌日期一起填"));
}
