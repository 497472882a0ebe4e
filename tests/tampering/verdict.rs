//! What the audit says about a repository.

use crate::repository::Repository;
use anyhow::Result;
use chrono::NaiveDate;
use zxzz::finding::Severity;
use zxzz::pipeline::audit::{Audited, Charge, Span, audit, audit_since_last};
use zxzz::source::disk::Tree;
use zxzz::source::history::History;

/// One thing that was said about a commit.
pub struct Said {
    /// Beginning of the commit's id; empty where the whole history was refused.
    pub commit: String,
    /// Code of the rule, or `unverified`.
    pub code: String,
    /// 编号 of the row; empty where a file or the whole commit is meant.
    pub id: String,
    pub is_error: bool,
    pub text: String,
}

/// What is said about a range of commits; about all of them without one.
pub fn judge(repository: &Repository, range: Option<&str>) -> Vec<Said> {
    said(open(repository).and_then(|history| audit(&history, Span::of(range)?, as_of(), &|_, _| {})))
}

/// What is said by an audit that goes on from the last one of its kind.
pub fn judge_since_last(repository: &Repository) -> Vec<Said> {
    said(open(repository).and_then(|history| audit_since_last(&history, as_of(), &|_, _| {})))
}

fn open(repository: &Repository) -> Result<History> {
    History::open(&Tree::find(Some(&repository.workspace), &repository.workspace)?)
}

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 31).unwrap()
}

fn said(audited: Result<Audited>) -> Vec<Said> {
    let unverified = |text: String| Said {
        commit: text.split(' ').next().unwrap_or_default().to_owned(),
        code: "unverified".to_owned(),
        id: String::new(),
        is_error: true,
        text,
    };
    match audited {
        Err(refused) => vec![Said { commit: String::new(), ..unverified(format!("{refused:#}")) }],
        Ok(audited) => audited
            .charges
            .into_iter()
            .map(charged)
            .chain(audited.unverified.into_iter().map(unverified))
            .collect(),
    }
}

fn charged(charge: Charge) -> Said {
    let offence = &charge.offence;
    Said {
        commit: charge.short().to_owned(),
        code: offence.rule.code.to_owned(),
        is_error: offence.rule.severity == Severity::Error,
        text: format!(
            "{} {} {} “{}” → “{}” {}",
            charge.path, charge.id, offence.field, offence.before, offence.after, offence.message
        ),
        id: charge.id,
    }
}
