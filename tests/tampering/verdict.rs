//! What the audit says about a repository.

use crate::repository::Repository;
use zxzz::finding::Severity;
use zxzz::pipeline::audit::audit;
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
    let tree = Tree::find(Some(&repository.workspace), &repository.workspace).unwrap();
    let audited = History::open(&tree).and_then(|history| audit(&history, range));
    let unverified = |text: String| Said {
        commit: text.split(' ').next().unwrap_or_default().to_owned(),
        code: "unverified".to_owned(),
        id: String::new(),
        is_error: true,
        text,
    };
    match audited {
        Err(refused) => vec![Said { commit: String::new(), ..unverified(format!("{refused:#}")) }],
        Ok(audited) => {
            let charges = audited.charges.into_iter().map(|charge| Said {
                text: format!(
                    "{} {} {} “{}” → “{}” {}",
                    charge.path,
                    &charge.id,
                    charge.offence.field,
                    charge.offence.before,
                    charge.offence.after,
                    charge.offence.message
                ),
                commit: charge.commit.short,
                id: charge.id,
                code: charge.offence.rule.code.to_owned(),
                is_error: charge.offence.rule.severity == Severity::Error,
            });
            charges.chain(audited.unverified.into_iter().map(unverified)).collect()
        }
    }
}
