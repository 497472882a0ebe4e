//! Findings for people and for programs.

use super::notice::{MachineFormat, Notice};
use super::visible;
use crate::finding::{Finding, Severity};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

/// How findings and charges are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingsFormat {
    Text,
    Json,
    Machine(MachineFormat),
}

impl clap::ValueEnum for FindingsFormat {
    fn value_variants<'a>() -> &'a [Self] {
        use MachineFormat::{Github, Gitlab, Junit, Sarif};
        const ALL: [FindingsFormat; 6] = [
            FindingsFormat::Text,
            FindingsFormat::Json,
            FindingsFormat::Machine(Github),
            FindingsFormat::Machine(Gitlab),
            FindingsFormat::Machine(Sarif),
            FindingsFormat::Machine(Junit),
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(match self {
            FindingsFormat::Text => "text",
            FindingsFormat::Json => "json",
            FindingsFormat::Machine(MachineFormat::Github) => "github",
            FindingsFormat::Machine(MachineFormat::Gitlab) => "gitlab",
            FindingsFormat::Machine(MachineFormat::Sarif) => "sarif",
            FindingsFormat::Machine(MachineFormat::Junit) => "junit",
        }))
    }
}

pub fn text(findings: &[Finding], out: &mut dyn Write) -> Result<()> {
    findings.iter().try_for_each(|finding| line(finding, out))
}

/// `issues` and `unread` count the data rows that were read and that could not be.
pub fn json(findings: &[Finding], issues: u32, unread: u32, out: &mut dyn Write) -> Result<()> {
    let all = json!({
        "findings": findings.iter().map(object).collect::<Vec<_>>(),
        "issues": issues,
        "unread": unread,
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    Ok(writeln!(out)?)
}

/// `above` leads from the top of the repository to the workspace.
pub fn notice(finding: &Finding, above: &str) -> Notice {
    let fact = |name, value: Option<&str>| value.map(|value| (name, value.to_owned()));
    let facts = [
        fact("id", finding.id.as_deref()),
        fact("column", finding.field.as_deref()),
        fact("value", finding.value.as_deref()),
    ];
    Notice {
        rule: finding.rule,
        path: format!("{above}{}", finding.place.path),
        line: finding.place.line.max(1),
        column: (finding.place.column > 0).then_some(finding.place.column),
        subject: subject(finding),
        message: finding.message.clone(),
        help: finding.help.clone(),
        facts: facts.into_iter().flatten().collect(),
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
    let subject = subject(finding);
    if !subject.is_empty() {
        write!(out, " {subject}")?;
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

/// `编号 列 “值”`
fn subject(finding: &Finding) -> String {
    let named = [finding.id.as_deref(), finding.field.as_deref()].into_iter().flatten().map(visible);
    let value = finding.value.as_deref().map(|value| format!("“{}”", shortened(&visible(value))));
    named.chain(value).collect::<Vec<_>>().join(" ")
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
