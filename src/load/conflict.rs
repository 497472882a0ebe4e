//! Marks that an unfinished merge left in a file, in rows of their own or within a cell.

use super::rules::CONFLICT_MARKER;
use crate::finding::Finding;
use memchr::memmem;
use std::sync::Arc;

const BEGIN: &str = "<<<<<<<";
const MIDDLE: &str = "=======";
const END: &str = ">>>>>>>";
/// Begins the common ancestor where git shows it.
const BASE: &str = "|||||||";

/// Whether a line is a mark: seven signs, alone or with a label. A middle one stands alone.
pub fn is_marker(line: &str) -> bool {
    let labelled =
        |sign: &str| line.strip_prefix(sign).is_some_and(|label| label.is_empty() || label.starts_with(' '));
    line == MIDDLE || [BEGIN, BASE, END].iter().any(|sign| labelled(sign))
}

/// One finding for each conflict, and for each mark that has lost its beginning. `=======` alone may be a line that
/// somebody drew in a cell: only as a row does it count.
pub fn find(path: &Arc<str>, text: &str, findings: &mut Vec<Finding>) {
    let has = |sign: &str| memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    if ![BEGIN, BASE, END].iter().any(|sign| has(sign)) {
        return;
    }
    let mut is_open = false;
    for (ix, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line == MIDDLE || !is_marker(line) {
            continue;
        }
        let begins = line.starts_with(BEGIN);
        if begins || !is_open {
            findings.push(finding(path, ix as u32 + 1, line));
        }
        is_open = begins || is_open && !line.starts_with(END);
    }
}

/// Says so of a row that is a mark, unless [`find`] has already.
pub fn tell(path: &Arc<str>, line: u32, marker: &str, findings: &mut Vec<Finding>) {
    let is_told = |finding: &Finding| {
        let place = &finding.place;
        finding.rule.code == CONFLICT_MARKER.code && place.path == *path && place.line <= line
    };
    if !findings.iter().any(is_told) {
        findings.push(finding(path, line, marker));
    }
}

fn finding(path: &Arc<str>, line: u32, marker: &str) -> Finding {
    let label = marker.trim_start_matches(['<', '|', '>', '=', ' ']);
    let label = label.strip_prefix("本方：").unwrap_or_default();
    let message = match label {
        "" => "合并冲突没有解决".to_owned(),
        reason => format!("合并冲突没有解决：{reason}"),
    };
    Finding::new(&CONFLICT_MARKER, path, line, message)
        .help("留下对的一行（或合成一行），删去 <<<<<<<、=======、>>>>>>> 三行，再 git add")
}
