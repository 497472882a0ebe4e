//! Evidence that names a file is there.

use super::{FilingContext, LedgerIds};
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::filing::DutyRecord;
use crate::model::issue::Row;
use std::sync::Arc;

pub static RULE: Rule = Rule {
    code: "missing-evidence",
    severity: Severity::Error,
    what: "佐证写的是文件，而工作区里没有这个文件。写档案号、文号的不查。",
    why: "没有佐证就没有销号的根据。",
    fix: "把文件放到所写的位置（相对于工作区，或相对于台账所在文件夹），或改正路径；不要用工作区以外的路径。",
};

/// A file that a row cites.
#[derive(Debug, Clone)]
pub struct Citation {
    pub line: u32,
    pub id: Box<str>,
    pub file: Box<str>,
}

const EXTENSIONS: [&str; 18] = [
    "pdf", "jpg", "jpeg", "png", "bmp", "doc", "docx", "xls", "xlsx", "wps", "et", "ofd", "txt", "csv", "zip", "rar", "mp4", "md",
];

/// The files that the row cites; whether they exist is asked once all ledgers are read.
pub fn citations(row: &Row) -> Vec<Citation> {
    let Some(at) = row.layout.position(Column::Evidence) else { return vec![] };
    if memchr::memchr(b'.', row.cells.raw(at).as_bytes()).is_none() {
        return vec![];
    }
    let evidence = row.text(Column::Evidence);
    cited(&evidence).map(|file| Citation { line: row.issue.line, id: row.id().as_ref().into(), file: file.into() }).collect()
}

/// The files among the references of an evidence cell.
pub fn cited(evidence: &str) -> impl Iterator<Item = &str> {
    evidence.split(['；', ';', '、', '，', ',', '\n']).map(str::trim).filter(|part| is_file(part))
}

fn is_file(part: &str) -> bool {
    let extension = part.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_known = extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()));
    !part.contains("://") && (is_known || leads_out(part))
}

/// `holds` tells whether the workspace has a file.
pub fn check(ledgers: &[LedgerIds], holds: &dyn Fn(&str) -> bool, out: &mut Vec<Finding>) {
    for ledger in ledgers {
        for citation in &ledger.citations {
            let missing = missing(&ledger.path, citation.line, &citation.file, holds);
            out.extend(missing.map(|finding| finding.id(&citation.id)));
        }
    }
}

/// The same of duties carried out.
pub fn check_duties(
    records: &[DutyRecord],
    cx: &FilingContext,
    holds: &dyn Fn(&str) -> bool,
    out: &mut Vec<Finding>,
) {
    for record in records {
        out.extend(cited(&record.evidence).filter_map(|file| missing(cx.path, record.line, file, holds)));
    }
}

/// A file stands where it says, or beside the ledger.
fn missing(path: &Arc<str>, line: u32, cited: &str, holds: &dyn Fn(&str) -> bool) -> Option<Finding> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = cited.replace('\\', "/");
    if holds(&file) || holds(&format!("{folder}/{file}")) {
        return None;
    }
    let (message, help) = match leads_out(&file) {
        true => ("不能用 .. 或绝对路径", "把文件放进工作区，写相对于工作区的路径"),
        false => ("工作区里没有这个文件", "把文件放到所写的位置，或改正路径"),
    };
    Some(Finding::new(&RULE, path, line, message).field("佐证").value(cited).help(help))
}

/// Whether a path lies outside the workspace. A lone / says that there is none.
pub fn leads_out(file: &str) -> bool {
    let is_absolute = file.len() > 1 && file.starts_with(['/', '\\']) || file.contains(":/") || file.contains(":\\");
    is_absolute || file.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::is_file;

    #[test]
    fn tells_files_from_references() {
        for (part, want) in [
            ("佐证/整改后.jpg", true), ("验收单.PDF", true), ("档案000123", false), ("章政办〔2025〕3号", false),
            ("https://example.org/a.pdf", false), ("第3.2节", false), ("/", false), ("/etc/passwd", true),
            ("C:\\资料\\照片", true), ("../外面", true), ("章政办/2025", false),
        ] {
            assert_eq!(is_file(part), want, "{part}");
        }
    }
}
