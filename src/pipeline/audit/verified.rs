//! What an audit leaves for the next one on this machine: how far it came, what it found, what it knows.
//!
//! A later audit takes it up only where HEAD still comes from the commit that was reached; it prints the same as an audit of
//! everything.

use super::auditor::{Auditor, Known};
use super::{Audited, Charge};
use crate::finding::Rule;
use crate::history::rules::RULES;
use crate::history::step::Offence;
use crate::source::history::{Commit, History};
use crate::source::verified::program;
use anyhow::Result;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Left {
    /// Another build of the program does not take up what this one left.
    program: String,
    tip: String,
    commits: usize,
    versions: usize,
    entered: usize,
    charges: Vec<LeftCharge>,
    known: Known,
}

#[derive(Serialize, Deserialize)]
struct LeftCharge {
    commit: String,
    day: String,
    seconds: i64,
    author: String,
    email: String,
    path: String,
    id: String,
    rule: String,
    field: String,
    before: String,
    after: String,
    message: String,
}

/// The auditor as it was left, and the commits that have come since.
pub fn last(history: &History) -> Result<Option<(Auditor, Vec<Commit>)>> {
    let Some(left) = history.verified().and_then(|bytes| serde_json::from_slice::<Left>(&bytes).ok()) else {
        return Ok(None);
    };
    if Some(&left.program) != program().as_ref() {
        return Ok(None);
    }
    let charges = left.charges.into_iter().map(taken_up).collect::<Option<Vec<Charge>>>();
    let Some((charges, commits)) = charges.zip(history.commits_since(&left.tip, "HEAD")?) else {
        return Ok(None);
    };
    let Left { known, versions, entered, .. } = left;
    let audited = Audited { charges, versions, entered, commits: left.commits, ..Audited::default() };
    Ok(Some((Auditor { known, audited, is_judging: false }, commits)))
}

/// Nothing is left of an audit that could not look at everything.
pub fn keep(history: &History, tip: &str, auditor: &Auditor) -> Result<()> {
    let audited = &auditor.audited;
    let Some(program) = program().filter(|_| audited.unverified.is_empty()) else { return Ok(()) };
    let left = serde_json::json!({
        "program": program,
        "tip": tip,
        "commits": audited.commits,
        "versions": audited.versions,
        "entered": audited.entered,
        "charges": audited.charges.iter().map(left).collect::<Vec<_>>(),
        "known": &auditor.known,
    });
    history.keep_verified(&serde_json::to_vec(&left)?)
}

fn left(charge: &Charge) -> LeftCharge {
    let Charge { commit, day, seconds, author, email, path, id, offence } = charge.clone();
    let Offence { rule, field, before, after, message } = offence;
    let day = day.to_string();
    LeftCharge {
        commit,
        day,
        seconds,
        author,
        email,
        path,
        id,
        rule: rule.code.to_owned(),
        field,
        before,
        after,
        message,
    }
}

fn taken_up(left: LeftCharge) -> Option<Charge> {
    let LeftCharge { commit, day, seconds, author, email, path, id, rule, field, before, after, message } =
        left;
    let (rule, day) = (rule_named(&rule)?, day.parse().ok()?);
    Some(Charge {
        commit,
        day,
        seconds,
        author,
        email,
        path,
        id,
        offence: Offence { rule, field, before, after, message },
    })
}

fn rule_named(code: &str) -> Option<&'static Rule> {
    RULES.iter().chain(crate::check::RULES).copied().find(|rule| rule.code == code)
}
