//! What an audit found, for people and for programs.

use super::visible;
use crate::finding::Severity;
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
    pub code: &'static str,
    pub severity: Severity,
}

/// `commit day author path 编号 列 “before” → “after”：message [code]`
pub fn text(lines: &[Line], out: &mut dyn Write) -> Result<()> {
    let bold = Style::new().bold();
    for line in lines {
        write!(out, "{bold}{}{bold:#} {} {}", line.commit, line.day, visible(line.author))?;
        for part in [line.path, line.id, line.field].into_iter().filter(|part| !part.is_empty()) {
            write!(out, " {}", visible(part))?;
        }
        if !line.before.is_empty() || !line.after.is_empty() {
            write!(out, " “{}” → “{}”", visible(line.before), visible(line.after))?;
        }
        let (colour, label) = match line.severity {
            Severity::Error => (AnsiColor::Red, ""),
            Severity::Warning => (AnsiColor::Yellow, "警告 "),
        };
        let style = colour.on_default();
        writeln!(out, "：{} {style}{label}[{}]{style:#}", visible(line.message), line.code)?;
    }
    Ok(())
}

pub fn json(lines: &[Line], unverified: &[String], commits: usize, out: &mut dyn Write) -> Result<()> {
    let all = json!({
        "charges": lines.iter().map(object).collect::<Vec<_>>(),
        "unverified": unverified,
        "commits": commits,
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    Ok(writeln!(out)?)
}

fn object(line: &Line) -> Value {
    json!({
        "commit": line.commit, "date": line.day, "author": line.author, "path": line.path, "id": line.id,
        "column": line.field, "before": line.before, "after": line.after, "message": line.message,
        "rule": line.code, "severity": line.severity.code(),
    })
}
