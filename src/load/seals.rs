//! `ledgers/_seals.csv` and the lists of sealed rows. What they say is judged in `check`.

use super::rules::MALFORMED_SEAL;
use super::scan::Scanner;
use crate::finding::Finding;
use crate::model::column::Position;
use crate::model::date;
use crate::model::issue::Cells;
use crate::model::seal::{
    Cover, Figures, HEADINGS, LIST_HEADINGS, List, Record, SEALS, SealLine, Seals, month_end, sha256,
};
use std::sync::Arc;

const RESTORE: &str = "封账的文件不手改；从 git 历史恢复";

/// Reads the lines that can be read; each other one is a finding.
pub fn read(seals: Option<&[u8]>, lists: &[(String, Vec<u8>)], findings: &mut Vec<Finding>) -> Seals {
    let lists = lists.iter().map(|(path, bytes)| list(path, bytes, findings)).collect();
    Seals { lines: seals.map_or(vec![], |bytes| lines(bytes, findings)), lists }
}

fn malformed(path: &str, line: u32, message: impl Into<String>) -> Finding {
    Finding::new(&MALFORMED_SEAL, &Arc::from(path), line, message).help(RESTORE)
}

fn text_of<'b>(path: &str, bytes: &'b [u8], findings: &mut Vec<Finding>) -> &'b str {
    let text = simdutf8::basic::from_utf8(bytes).ok();
    if text.is_none() {
        findings.push(malformed(path, 0, "不是 UTF-8 编码"));
    }
    text.map_or("", |text| text.trim_start_matches('\u{FEFF}'))
}

fn lines(bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<SealLine> {
    let text = text_of(SEALS, bytes, findings);
    let mut scanner = Scanner::new(text.as_bytes());
    let (mut ends, mut lines, mut is_headed) = (vec![], vec![], false);
    while let Some(record) = scanner.next(&mut ends) {
        let cells = Cells { text, start: record.start, ends: &ends };
        let cells: Vec<String> = (0..ends.len()).map(|at| cells.value(at as Position).into_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if !std::mem::replace(&mut is_headed, true) {
            if cells != HEADINGS {
                findings.push(malformed(SEALS, record.line, format!("表头应是 {}", HEADINGS.join(","))));
            }
            continue;
        }
        match line(&cells) {
            Ok(line) => lines.push(SealLine { line: record.line, ..line }),
            Err(finding) => {
                findings.push(Finding { place: malformed(SEALS, record.line, "").place, ..*finding })
            }
        }
    }
    if !is_headed {
        findings.push(malformed(SEALS, 1, "是空的，没有表头"));
    }
    lines
}

fn line(cells: &[String]) -> Result<SealLine, Box<Finding>> {
    let [day, campaign, figures @ .., list, previous, hash] = cells else { return Err(ragged(cells)) };
    if cells.len() != HEADINGS.len() {
        return Err(ragged(cells));
    }
    let wrong = |heading: &'static str, value: &str, message: &str| {
        Box::new(malformed(SEALS, 0, message).field(heading).value(value))
    };
    let last_day = date::iso(day.as_bytes()).filter(|day| month_end(*day) == Some(*day));
    let last_day = last_day.ok_or_else(|| wrong(HEADINGS[0], day, "应是月末的日期，写成 2025-09-30"))?;
    let mut counts = Figures::default();
    for ((count, cell), heading) in counts.iter_mut().zip(figures).zip(&HEADINGS[2..]) {
        *count = cell.parse().map_err(|_| wrong(heading, cell, "应是不小于 0 的整数"))?;
    }
    for (heading, cell) in HEADINGS[16..].iter().zip([list, previous, hash]) {
        if !cell.is_empty() && !is_hash(cell) {
            return Err(wrong(heading, cell, "应是 64 位十六进制数"));
        }
    }
    let (campaign, list) = (campaign.clone(), list.clone());
    let (previous, hash) = (previous.clone(), hash.clone());
    Ok(SealLine { line: 0, day: last_day, campaign, figures: counts, list, previous, hash })
}

fn ragged(cells: &[String]) -> Box<Finding> {
    Box::new(malformed(SEALS, 0, format!("有 {} 格，应有 {} 格", cells.len(), HEADINGS.len())))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn list(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> List {
    let text = text_of(path, bytes, findings).replace("\r\n", "\n");
    let mut records = vec![];
    for (ix, line) in text.lines().enumerate().skip(usize::from(text.starts_with(LIST_HEADINGS))) {
        match record(line) {
            Some(record) => records.push(record),
            None => {
                findings.push(malformed(path, ix as u32 + 1, "读不出来，应是编号、轮次、范围、摘要"));
                break;
            }
        }
    }
    List { path: path.to_owned(), hash: sha256(text.as_bytes()), records }
}

fn record(line: &str) -> Option<Record> {
    let mut cells = line.rsplitn(4, ',');
    let (digest, cover, round, id) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    Some(Record {
        id: id.to_owned(),
        round: round.parse().ok()?,
        cover: Cover::named(cover)?,
        digest: u128::from_str_radix(digest, 16).ok().filter(|_| digest.len() == 32)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::seal::{TOTAL, list_text};
    use proptest::prelude::*;

    fn read_back(text: &str) -> (Seals, Vec<Finding>) {
        let mut findings = vec![];
        let seals = read(Some(text.as_bytes()), &[], &mut findings);
        (seals, findings)
    }

    #[test]
    fn what_is_written_is_read_however_it_was_saved() {
        let day = "2025-09-30".parse().unwrap();
        let line = SealLine::new(day, TOTAL, [7; 14], &sha256(b"list"), "");
        let text = format!("{}\n{}\n", HEADINGS.join(","), line.written());
        let quoted = text.replace("合计", "\"合计\"");
        for saved in [text.clone(), text.replace('\n', "\r\n"), format!("\u{FEFF}{text}\n"), quoted] {
            let (seals, findings) = read_back(&saved);
            assert!(findings.is_empty(), "{findings:?}");
            assert_eq!(seals.lines, [SealLine { line: 2, ..line.clone() }], "{saved:?}");
            assert_eq!(seals.lines[0].expected(), line.hash);
        }
        let records = [Record { id: "YL-SS-0001".into(), round: 2, cover: Cover::Extended, digest: 5 }];
        let text = list_text(&records);
        for saved in [text.clone(), text.replace('\n', "\r\n")] {
            let list = list("a", saved.as_bytes(), &mut vec![]);
            assert_eq!((&list.records[..], list.hash), (&records[..], sha256(text.as_bytes())));
        }
    }

    #[test]
    fn each_mistake_of_form_is_told_with_its_line() {
        let good = SealLine::new("2025-09-30".parse().unwrap(), TOTAL, [0; 14], "", "").written();
        let head = HEADINGS.join(",");
        for (text, line, says) in [
            (format!("截止日,专项\n{good}\n"), 1, "表头应是"),
            (format!("{head}\n{}\n", good.replace("09-30", "09-29")), 2, "月末"),
            (format!("{head}\n{}\n", good.replace("2025-09-30", "2025/9/30")), 2, "月末"),
            (format!("{head}\n{}\n", good.replace(",0,", ",零,")), 2, "整数"),
            (format!("{head}\n{good},\n"), 2, "有 20 格，应有 19 格"),
            (format!("{head}\n{good}0\n"), 2, "64 位"),
            (format!("{head}\n合计\n"), 2, "有 1 格"),
        ] {
            let (_, findings) = read_back(&text);
            assert_eq!(findings.len(), 1, "{text} {findings:?}");
            assert_eq!(findings[0].place.line, line, "{text}");
            assert!(findings[0].message.contains(says), "{}", findings[0].message);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>, text in "[,\n\"\r0-9a-f合计-]{0,80}") {
            for bytes in [&bytes[..], text.as_bytes()] {
                read(Some(bytes), &[("a".to_owned(), bytes.to_vec())], &mut vec![]);
            }
        }
    }
}
