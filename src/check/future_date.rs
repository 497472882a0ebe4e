//! Nothing has happened after the report day.

use super::{Context, FilingContext};
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "future-date",
    severity: Severity::Error,
    what: "已经发生的事（发现、交办、申请、签字、销号等）的日期晚于报告日。",
    why: "还没有到的日子不可能已经办了事；时限和延期至除外。",
    fix: "改正日期；要看过去某天的情况，用 --as-of 指定报告日，那一天之后的登记会被当作未来。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    let latest = [
        issue.assigned, issue.applied, issue.last_signed, issue.closed, issue.listed_on, issue.delisted_on,
        issue.reviewed, issue.extension.map(|(_, approved)| approved),
    ];
    if issue.found <= cx.as_of && latest.iter().flatten().all(|day| *day <= cx.as_of) {
        return;
    }
    let named = [
        (Column::Found, Some(issue.found)),
        (Column::Assigned, issue.assigned),
        (Column::ExtensionApproved, issue.extension.map(|(_, approved)| approved)),
        (Column::Applied, issue.applied),
        (Column::Closed, issue.closed),
        (Column::Listed, issue.listed_on),
        (Column::Delisted, issue.delisted_on),
        (Column::Reviewed, issue.reviewed),
    ];
    let signoffs = cx.campaign.closure.signoffs.iter().zip(row.signoffs());
    let signed = signoffs.map(|(name, signoff)| (format!("{name}日期"), signoff.date));
    let dated = named.into_iter().map(|(column, day)| (column.heading().to_owned(), day)).chain(signed);
    for (field, day) in dated.filter_map(|(field, day)| Some((field, day.filter(|day| *day > cx.as_of)?))) {
        out.push(
            cx.finding(&RULE, row, format!("晚于报告日 {}", cx.as_of))
                .field(field)
                .value(&day.to_string())
                .help("改成实际发生的日期"),
        );
    }
}

/// The same of filings: line, heading and day of each.
pub fn check_days(
    days: impl Iterator<Item = (u32, &'static str, NaiveDate)>,
    cx: &FilingContext,
    out: &mut Vec<Finding>,
) {
    for (line, heading, day) in days.filter(|(.., day)| *day > cx.as_of) {
        let finding = cx.finding(&RULE, line, format!("晚于报告日 {}", cx.as_of)).field(heading);
        out.push(finding.value(&day.to_string()).help("改成实际发生的日期"));
    }
}
