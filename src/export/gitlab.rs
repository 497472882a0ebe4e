//! GitLab: a Code Quality report, shown beside the lines of a merge request.

use super::notice::{Notices, UNSEEN, fingerprints, unseen_fingerprints};
use super::visible;
use crate::finding::Severity;
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

pub fn write(notices: &Notices, out: &mut dyn Write) -> Result<()> {
    let unseen = notices.unseen.iter().zip(unseen_fingerprints(&notices.unseen));
    let unseen = unseen
        .map(|(unseen, mark)| issue(visible(&unseen.message), UNSEEN, "blocker", mark, (&unseen.path, 1)));
    let found = notices.notices.iter().zip(fingerprints(&notices.notices));
    let found = found.map(|(notice, mark)| {
        let severity = match notice.rule.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
        };
        issue(notice.words(), notice.rule.code, severity, mark, (&notice.path, notice.line))
    });
    serde_json::to_writer_pretty(&mut *out, &unseen.chain(found).collect::<Vec<_>>())?;
    Ok(writeln!(out)?)
}

fn issue(description: String, code: &str, severity: &str, fingerprint: String, place: (&str, u32)) -> Value {
    json!({
        "description": description,
        "check_name": code,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": { "path": place.0, "lines": { "begin": place.1 } },
    })
}
