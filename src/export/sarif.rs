//! SARIF 2.1.0, the interchange format of checkers: GitHub code scanning and editors read it.

use super::notice::{Notice, Notices, Unseen, fingerprints};
use super::visible;
use crate::finding::Rule;
use anyhow::Result;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What a path keeps in a URI; a colon would start a scheme.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The base of all paths: the top of the repository.
const BASE: &str = "%SRCROOT%";

pub fn write(notices: &Notices, out: &mut dyn Write) -> Result<()> {
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run(notices)] });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    Ok(writeln!(out)?)
}

fn run(notices: &Notices) -> Value {
    let rules: BTreeMap<&str, &Rule> =
        notices.notices.iter().map(|notice| (notice.rule.code, notice.rule)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(ix, code)| (*code, ix)).collect();
    let results = notices.notices.iter().zip(fingerprints(&notices.notices));
    json!({
        "tool": { "driver": {
            "name": "zxzz",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.into_values().map(rule).collect::<Vec<_>>(),
        } },
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "automationDetails": { "id": format!("zxzz-{}/", notices.command) },
        "originalUriBaseIds": { BASE: { "description": { "text": "仓库的根目录" } } },
        "invocations": [{
            "executionSuccessful": notices.unseen.is_empty(),
            "toolExecutionNotifications": notices.unseen.iter().map(notification).collect::<Vec<_>>(),
        }],
        "results": results
            .map(|(notice, mark)| result(notice, index.get(notice.rule.code), mark))
            .collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.what },
        "fullDescription": { "text": format!("{}{}", rule.what, rule.why) },
        "help": { "text": rule.fix },
        "defaultConfiguration": { "level": rule.severity.code() },
    })
}

fn result(notice: &Notice, index: Option<&usize>, mark: String) -> Value {
    let facts: Map<String, Value> =
        notice.facts.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({
        "ruleId": notice.rule.code,
        "ruleIndex": index,
        "level": notice.rule.severity.code(),
        "message": { "text": notice.words() },
        "locations": [location(&notice.path, notice.line, notice.column)],
        "partialFingerprints": { "zxzz/v1": mark },
        "properties": facts,
    })
}

fn notification(unseen: &Unseen) -> Value {
    json!({
        "level": "error",
        "message": { "text": visible(&unseen.message) },
        "locations": [location(&unseen.path, 1, None)],
    })
}

fn location(path: &str, line: u32, column: Option<u32>) -> Value {
    let mut region = json!({ "startLine": line });
    if let Some(column) = column {
        region["startColumn"] = json!(column);
    }
    let uri = utf8_percent_encode(path, ESCAPED).to_string();
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri, "uriBaseId": BASE },
        "region": region,
    } })
}
