//! An exception names one past offence, says why, who answers for it, and ends within a year.

use crate::finding::{Finding, Rule, Severity};
use crate::load::toml_file::Origin;
use crate::model::policy::{Exception, WorkspaceFile};
use chrono::NaiveDate;

pub static RULE: Rule = Rule {
    code: "bad-exception",
    severity: Severity::Error,
    what: "zxzz.toml 里记的例外不完整：提交号不对，没有写理由或批准人，或期限超过一年。",
    why: "例外是对一次具体过错的担责，不是一条新规定；没有期限就再也没人过问。",
    fix: "写明提交号（至少前八位）、编号、规则、理由、批准人；expiry 写一年以内的日期，到期再审。",
};

pub fn check_settings(settings: &WorkspaceFile, origin: &Origin, as_of: NaiveDate, out: &mut Vec<Finding>) {
    for (ix, exception) in settings.exceptions.iter().enumerate() {
        for (key, value, message, help) in faults(exception, as_of) {
            let finding = origin.finding(&RULE, &format!("exceptions[{ix}].{key}"), message);
            out.push(finding.value(&value).help(help));
        }
    }
}

fn faults(exception: &Exception, as_of: NaiveDate) -> Vec<(&'static str, String, &'static str, &'static str)> {
    let Exception { commit, reason, approver, expiry, .. } = exception;
    let (is_id, is_long) = (exception.names_a_commit(), exception.is_too_long(as_of));
    let faults = [
        ("commit", commit, !is_id, "不是提交号", "写核验结果里的提交号，至少前八位"),
        ("reason", reason, reason.trim().is_empty(), "没有写理由", "写明为什么接受"),
        ("approver", approver, approver.trim().is_empty(), "没有写批准人", "写明谁批准的"),
        ("expiry", &expiry.to_string(), is_long, "期限超过一年", "写一年以内的日期，到期再审"),
    ];
    let wrong = faults.into_iter().filter(|(.., is_wrong, _, _)| *is_wrong);
    wrong.map(|(key, value, _, message, help)| (key, value.clone(), message, help)).collect()
}
