//! 发现 ≤ 交办 ≤ 申请 ≤ 签字 ≤ 销号; nothing else before 发现 either.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "date-order",
    severity: Severity::Error,
    what: "日期次序颠倒：应当发现 ≤ 交办 ≤ 申请 ≤ 签字 ≤ 销号，延期批准和挂牌不早于发现，挂牌 ≤ 摘牌，回头看在销号之后。",
    why: "次序颠倒说明至少有一个日期是错的，或者事后补填。",
    fix: "核对原始记录，改正其中错的日期。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let issue = row.issue;
    let was_applied = issue.applied.is_some() || issue.closed.is_some();
    let first_signed = row.signoffs().next().filter(|_| was_applied).and_then(|signoff| signoff.date);
    let last_signed = issue.last_signed.or(first_signed);
    let steps = [Some(issue.found), issue.assigned, issue.applied, first_signed, last_signed, issue.closed, issue.reviewed];
    let approved = issue.extension.map(|(_, approved)| approved);
    let beside = [issue.listed_on, approved].iter().flatten().all(|day| *day >= issue.found);
    if beside && steps.iter().flatten().is_sorted() && [issue.listed_on, issue.delisted_on].iter().flatten().is_sorted() {
        return;
    }
    let names = &cx.campaign.closure.signoffs;
    let signed = |name: Option<&String>| name.map_or(String::new(), |name| format!("{name}日期"));
    let dated = names.iter().zip(row.signoffs()).filter(|(_, signoff)| signoff.date.is_some());
    let (first, last) = (signed(names.first()), signed(dated.last().map(|(name, _)| name)));
    let found = (Column::Found.heading(), Some(issue.found));
    let assigned = (Column::Assigned.heading(), issue.assigned);
    let applied = (Column::Applied.heading(), issue.applied);
    let closed = (Column::Closed.heading(), issue.closed);
    for (before, after) in [
        (found, assigned),
        (if issue.assigned.is_some() { assigned } else { found }, applied),
        (applied, (first.as_str(), first_signed)),
        (if last_signed.is_some() { (last.as_str(), last_signed) } else { applied }, closed),
        (found, (Column::ExtensionApproved.heading(), approved)),
        (found, (Column::Listed.heading(), issue.listed_on)),
        ((Column::Listed.heading(), issue.listed_on), (Column::Delisted.heading(), issue.delisted_on)),
        (closed, (Column::Reviewed.heading(), issue.reviewed)),
    ] {
        out.extend(reversed(row, cx, before, after));
    }
}

type Named<'a> = (&'a str, Option<NaiveDate>);

fn reversed(row: &Row, cx: &Context, before: Named, after: Named) -> Option<Finding> {
    let (earlier, later) = (before.1?, after.1?);
    (later < earlier).then(|| {
        cx.finding(&RULE, row, format!("早于{} {earlier}", before.0))
            .field(after.0.to_owned())
            .value(&later.to_string())
            .help(format!("{}不应早于{}，请核对", after.0, before.0))
    })
}
