//! JUnit XML, which every CI shows as tests: one test case per file and rule that has something to say.

use super::notice::{Notice, Notices, UNSEEN};
use super::visible;
use super::xml::escaped;
use crate::finding::Severity;
use anyhow::Result;
use std::collections::BTreeMap;
use std::io::Write;

/// What one test case tells.
enum Verdict<'n> {
    Passed,
    /// Warnings do not fail a run, nor a test.
    Warned(Vec<&'n Notice>),
    Failed(Vec<&'n Notice>),
    Unseen(Vec<&'n str>),
}

struct Case<'n> {
    class: &'n str,
    name: &'n str,
    verdict: Verdict<'n>,
}

pub fn write(notices: &Notices, out: &mut dyn Write) -> Result<()> {
    let cases = cases(notices);
    let count = |wanted: fn(&Verdict) -> bool| cases.iter().filter(|case| wanted(&case.verdict)).count();
    let counts = format!(
        r#"tests="{}" failures="{}" errors="{}" time="0""#,
        cases.len(),
        count(|verdict| matches!(verdict, Verdict::Failed(_))),
        count(|verdict| matches!(verdict, Verdict::Unseen(_))),
    );
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="zxzz" {counts}>"#)?;
    writeln!(out, r#"  <testsuite name="zxzz {}" {counts}>"#, notices.command)?;
    cases.iter().try_for_each(|case| testcase(case, out))?;
    Ok(writeln!(out, "  </testsuite>\n</testsuites>")?)
}

/// At least one: a report without tests looks as if nothing had run.
fn cases(notices: &Notices) -> Vec<Case<'_>> {
    let mut unseen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in &notices.unseen {
        unseen.entry(&one.path).or_default().push(&one.message);
    }
    let mut found: BTreeMap<(&str, &str), Vec<&Notice>> = BTreeMap::new();
    for notice in &notices.notices {
        found.entry((&notice.path, notice.rule.code)).or_default().push(notice);
    }
    let unseen = unseen.into_iter().map(|(class, messages)| Case {
        class,
        name: UNSEEN,
        verdict: Verdict::Unseen(messages),
    });
    let found = found.into_iter().map(|((class, name), all)| {
        let is_error = all.iter().any(|notice| notice.rule.severity == Severity::Error);
        Case { class, name, verdict: if is_error { Verdict::Failed(all) } else { Verdict::Warned(all) } }
    });
    let mut cases: Vec<Case> = unseen.chain(found).collect();
    if cases.is_empty() {
        cases.push(Case { class: "zxzz", name: notices.command, verdict: Verdict::Passed });
    }
    cases
}

fn testcase(case: &Case, out: &mut dyn Write) -> Result<()> {
    let (class, name) = (escaped(&visible(case.class)), escaped(case.name));
    write!(out, r#"    <testcase classname="{class}" name="{name}" time="0""#)?;
    let told = |all: &[&Notice]| all.iter().map(|notice| told(notice)).collect::<Vec<_>>();
    match &case.verdict {
        Verdict::Passed => return Ok(writeln!(out, "/>")?),
        Verdict::Warned(all) => {
            write!(out, ">\n      <system-out>{}</system-out>", escaped(&told(all).join("\n")))?;
        }
        Verdict::Failed(all) => element("failure", case.name, &told(all), out)?,
        Verdict::Unseen(all) => {
            element("error", case.name, &all.iter().map(|what| visible(what)).collect::<Vec<_>>(), out)?;
        }
    }
    Ok(writeln!(out, "\n    </testcase>")?)
}

/// The first line in the attribute, which is all that some programs show; all lines in the text.
fn element(name: &str, code: &str, lines: &[String], out: &mut dyn Write) -> Result<()> {
    let more = if lines.len() > 1 { format!("（共 {} 处）", lines.len()) } else { String::new() };
    let first = lines.first().map_or("", String::as_str);
    let message = escaped(&format!("{first}{more}"));
    let text = escaped(&lines.join("\n"));
    Ok(write!(out, ">\n      <{name} type=\"{code}\" message=\"{message}\">{text}</{name}>")?)
}

fn told(notice: &Notice) -> String {
    let column = notice.column.map_or(String::new(), |column| format!(":{column}"));
    format!("{}:{}{column} {}", visible(&notice.path), notice.line, notice.words())
}
