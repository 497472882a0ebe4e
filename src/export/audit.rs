//! What an audit found, for people and for programs.

use super::notice::Notice;
use super::visible;
use crate::finding::{Rule, Severity};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

/// One charge, ready to be written.
pub struct Line<'l> {
    pub commit: &'l str,
    pub day: String,
    pub author: &'l str,
    pub path: &'l str,
    pub id: &'l str,
    pub field: &'l str,
    pub before: &'l str,
    pub after: &'l str,
    pub message: &'l str,
    pub rule: &'static Rule,
}

/// `commit day author path 编号 列 “before” → “after”：message [code]`
pub fn text(lines: &[Line], out: &mut dyn Write) -> Result<()> {
    let bold = Style::new().bold();
    for line in lines {
        write!(out, "{bold}{}{bold:#} {} {}", line.commit, line.day, visible(line.author))?;
        for part in [visible(line.path), subject(line)].into_iter().filter(|part| !part.is_empty()) {
            write!(out, " {part}")?;
        }
        let (colour, label) = match line.rule.severity {
            Severity::Error => (AnsiColor::Red, ""),
            Severity::Warning => (AnsiColor::Yellow, "警告 "),
        };
        let style = colour.on_default();
        writeln!(out, "：{} {style}{label}[{}]{style:#}", visible(line.message), line.rule.code)?;
    }
    Ok(())
}

/// `编号 列 “before” → “after”`
fn subject(line: &Line) -> String {
    let named = [line.id, line.field].into_iter().filter(|part| !part.is_empty()).map(visible);
    let has_cells = !line.before.is_empty() || !line.after.is_empty();
    let cells = has_cells.then(|| format!("“{}” → “{}”", visible(line.before), visible(line.after)));
    named.chain(cells).collect::<Vec<_>>().join(" ")
}

/// `above` leads from the top of the repository to the workspace; `marker` stands for the workspace where no file is named.
/// A charge has no line: the row may stand elsewhere by now.
pub fn notice(line: &Line, above: &str, marker: &str) -> Notice {
    let commit = format!("{} {} {} {}", line.commit, line.day, visible(line.author), subject(line));
    let facts = [
        ("commit", line.commit),
        ("date", &line.day),
        ("author", line.author),
        ("id", line.id),
        ("column", line.field),
        ("before", line.before),
        ("after", line.after),
    ];
    Notice {
        rule: line.rule,
        path: format!("{above}{}", if line.path.is_empty() { marker } else { line.path }),
        line: 1,
        column: None,
        subject: commit.trim_end().to_owned(),
        message: line.message.to_owned(),
        help: line.rule.fix.trim_end_matches('。').to_owned(),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.to_owned()))
            .collect(),
    }
}

/// A charge that somebody answers for.
pub struct Accepted<'l> {
    pub line: Line<'l>,
    pub reason: &'l str,
    pub approver: &'l str,
    pub expiry: String,
}

pub fn json(
    lines: &[Line],
    accepted: &[Accepted],
    unverified: &[String],
    commits: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let all = json!({
        "charges": lines.iter().map(object).collect::<Vec<_>>(),
        "accepted": accepted.iter().map(acceptance).collect::<Vec<_>>(),
        "unverified": unverified,
        "commits": commits,
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    Ok(writeln!(out)?)
}

fn acceptance(accepted: &Accepted) -> Value {
    json!({
        "charge": object(&accepted.line), "reason": accepted.reason, "approver": accepted.approver,
        "expiry": accepted.expiry,
    })
}

fn object(line: &Line) -> Value {
    json!({
        "commit": line.commit, "date": line.day, "author": line.author, "path": line.path, "id": line.id,
        "column": line.field, "before": line.before, "after": line.after, "message": line.message,
        "rule": line.rule.code, "severity": line.rule.severity.code(),
    })
}
