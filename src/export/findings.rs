//! Findings for people and for programs.

use super::visible;
use crate::finding::{Finding, Severity};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FindingsFormat {
    Text,
    Json,
}

/// `issues` and `unread` count the data rows that were read and that could not be.
pub fn write(
    findings: &[Finding],
    issues: u32,
    unread: u32,
    format: FindingsFormat,
    out: &mut dyn Write,
) -> Result<()> {
    match format {
        FindingsFormat::Text => findings.iter().try_for_each(|finding| line(finding, out)),
        FindingsFormat::Json => {
            let all = json!({
                "findings": findings.iter().map(object).collect::<Vec<_>>(),
                "issues": issues,
                "unread": unread,
            });
            serde_json::to_writer_pretty(&mut *out, &all)?;
            Ok(writeln!(out)?)
        }
    }
}

/// `path:line:column 编号 列 “值”：message；help [code]`
fn line(finding: &Finding, out: &mut dyn Write) -> Result<()> {
    let bold = Style::new().bold();
    let place = &finding.place;
    write!(out, "{bold}{}", visible(&place.path))?;
    for number in [place.line, place.column].into_iter().filter(|number| *number > 0) {
        write!(out, ":{number}")?;
    }
    write!(out, "{bold:#}")?;
    for part in [finding.id.as_deref(), finding.field.as_deref()].into_iter().flatten() {
        write!(out, " {}", visible(part))?;
    }
    if let Some(value) = &finding.value {
        write!(out, " “{}”", shortened(&visible(value)))?;
    }
    let (colour, label) = match finding.rule.severity {
        Severity::Error => (AnsiColor::Red, ""),
        Severity::Warning => (AnsiColor::Yellow, "警告 "),
    };
    let style = colour.on_default();
    write!(out, "：{}", visible(&finding.message))?;
    if !finding.help.is_empty() {
        write!(out, "；{}", visible(&finding.help))?;
    }
    Ok(writeln!(out, " {style}[{label}{}]{style:#}", finding.rule.code)?)
}

/// A long value is cut: the place tells where to read the rest.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}

fn object(finding: &Finding) -> Value {
    let number = |number: u32| if number > 0 { json!(number) } else { Value::Null };
    json!({
        "code": finding.rule.code,
        "severity": finding.rule.severity.code(),
        "path": &*finding.place.path,
        "line": number(finding.place.line),
        "column": number(finding.place.column),
        "id": finding.id,
        "field": finding.field,
        "value": finding.value,
        "message": finding.message,
        "help": finding.help,
    })
}
