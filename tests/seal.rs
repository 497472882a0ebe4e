//! `zxzz seal`: no legal move breaks a seal, every change of what was sealed does, and anybody can recompute the hashes.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use chrono::{Days, NaiveDate};
use desk::{Desk, HEADER, lawful, told, tried, with};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::fs;
use zxzz::finding::Finding;
use zxzz::model::seal::{month, month_end};
use zxzz::model::workflow::{KINDS, Kind, Status};
use zxzz::pipeline;

const SEALS: &str = "ledgers/_seals.csv";

fn check(desk: &Desk) -> Vec<Finding> {
    pipeline::open(Some(desk.path())).unwrap().check("2026-01-31".parse().unwrap(), &[]).findings
}

/// The findings about seals: code and 编号.
fn seal_faults(desk: &Desk) -> Vec<(&'static str, String)> {
    let about = |finding: &Finding| finding.rule.code.contains("seal");
    let told = |finding: Finding| (finding.rule.code, finding.id.unwrap_or_default().into_string());
    check(desk).into_iter().filter(about).map(told).collect()
}

fn seal(desk: &Desk, month: &str, today: NaiveDate) {
    let output = desk.run(&["seal", "--month", month, "--as-of", &today.to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

fn read(desk: &Desk, path: &str) -> String {
    fs::read_to_string(desk.path().join(path)).unwrap()
}

/// Moves of a random life: which row, which command, how many days after the move before; all before February 2026.
fn steps() -> impl Strategy<Value = Vec<(usize, usize, u32)>> {
    prop::collection::vec((0usize..3, 0usize..100, 0u32..9), 8..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each month is sealed when it is over, whatever the rows are at just then; whatever they do later, no seal breaks.
    #[test]
    fn no_legal_move_breaks_a_seal(kind in 0usize..3, steps in steps()) {
        let ids = ["YL-SS-0001", "YL-SS-0002", "YL-SS-0099"];
        let desk = Desk::new(&[
            lawful(ids[0], Status::Registered, KINDS[kind].0),
            lawful(ids[1], Status::Registered, KINDS[2 - kind].0),
            lawful(ids[2], Status::Registered, Kind::Limited),
        ]);
        let mut day: NaiveDate = "2025-08-21".parse().unwrap();
        for (row, choice, gap) in steps {
            let over = month_end(day).unwrap();
            day = day + Days::new(gap.into());
            if over < day {
                seal(&desk, &month(over), day);
            }
            let undated = tried(&desk, ids[row], choice).iter().copied().take_while(|word| *word != "--date");
            let today = day.to_string();
            let words: Vec<&str> = undated.chain(["--date", &today, ids[row]]).collect();
            let output = desk.run(&words);
            prop_assert_ne!(output.status.code(), Some(2), "{}", told(&output));
            let findings = check(&desk);
            prop_assert!(findings.is_empty(), "{words:?} {findings:?}\n{}", desk.read());
        }
        other_form(&desk);
        prop_assert_eq!(seal_faults(&desk), vec![]);
    }
}

/// The same rows in another order, with quotes, CRLF and a BOM, and the columns turned round.
fn other_form(desk: &Desk) {
    let text = desk.read();
    let turned =
        |line: &str| line.split(',').rev().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
    let mut lines: Vec<String> = text.lines().map(turned).collect();
    lines[1..].reverse();
    desk.write(&format!("\u{FEFF}{}\r\n", lines.join("\r\n")));
}

const EXTENSION: [(&str, &str); 4] = [
    ("延期至", "2025-10-31"),
    ("延期事由", "到货晚"),
    ("延期批准人", "赵六"),
    ("延期批准日期", "2025-09-20"),
];

/// One row of every state, sealed for September; what the seal must cover of each.
fn sealed() -> (Desk, Vec<(String, Vec<&'static str>)>) {
    const BASIC: [&str; 4] = ["编号", "轮次", "发现日期", "完成时限"];
    const OPEN_FOR_EVER: [&str; 6] = ["挂牌督办", "挂牌日期", "摘牌日期", "回头看日期", "回头看结果", "备注"];
    let basic = BASIC.to_vec();
    let extended: Vec<&str> = BASIC.into_iter().chain(EXTENSION.map(|(heading, _)| heading)).collect();
    let finished: Vec<&str> = HEADER.split(',').filter(|heading| !OPEN_FOR_EVER.contains(heading)).collect();
    let row = |number: u32, status| lawful(&format!("YL-SS-{number:04}"), status, Kind::Limited);
    let rows = vec![
        (row(1, Status::Registered), basic.clone()),
        (row(2, Status::Underway), basic.clone()),
        (row(3, Status::Applied), basic.clone()),
        (with(&row(4, Status::Underway), &EXTENSION), extended),
        (row(5, Status::Closed), finished.clone()),
        (row(6, Status::Transferred), finished.clone()),
        (row(7, Status::Merged), finished),
        (row(99, Status::Registered), basic),
    ];
    let desk = Desk::new(&rows.iter().map(|(row, _)| row.clone()).collect::<Vec<_>>());
    seal(&desk, "2025-09", "2025-10-08".parse().unwrap());
    assert_eq!(seal_faults(&desk), []);
    (desk, rows)
}

/// Something else that a cell could say.
fn otherwise(heading: &str, old: &str) -> String {
    match heading {
        "编号" => "YL-SS-0077".to_owned(),
        "轮次" => "2".to_owned(),
        "退回次数" => "3".to_owned(),
        "任务" | "问题类型" | "问题来源" | "整改类型" | "回头看结果" => "别的".to_owned(),
        "整改状态" if old == "整改中" => "未整改".to_owned(),
        "整改状态" => "整改中".to_owned(),
        _ if heading.ends_with("日期") || heading == "完成时限" || heading == "延期至" => {
            "2025-10-07".to_owned()
        }
        _ => format!("{old}改"),
    }
}

#[test]
fn every_cell_that_was_sealed_is_held_and_no_other() {
    let (desk, rows) = sealed();
    let whole = desk.read();
    for (row, covered) in &rows {
        let id = row.split(',').next().unwrap();
        for (heading, old) in HEADER.split(',').zip(row.split(',')) {
            let changed = with(row, &[(heading, &otherwise(heading, old))]);
            desk.write(&whole.replace(row.as_str(), &changed));
            let broken = seal_faults(&desk).contains(&("broken-seal", id.to_owned()));
            assert_eq!(broken, covered.contains(&heading), "{id} {heading}: {:?}", seal_faults(&desk));
            // A row without its status is not read, and so is missed.
            if !old.is_empty() && heading != "整改状态" {
                desk.write(&whole.replace(row.as_str(), &with(row, &[(heading, "")])));
                let broken = seal_faults(&desk).contains(&("broken-seal", id.to_owned()));
                assert_eq!(broken, covered.contains(&heading), "{id} {heading} emptied");
            }
        }
        desk.write(&whole.replace(&format!("{row}\n"), ""));
        assert_eq!(seal_faults(&desk), [("broken-seal", id.to_owned())], "{id} deleted");
    }
    desk.write(&whole);
    assert_eq!(seal_faults(&desk), []);
    fs::remove_file(desk.path().join(desk::LEDGER)).unwrap();
    assert_eq!(seal_faults(&desk).len(), rows.len(), "the ledger deleted");
}

/// An old problem registered late is told, not taken for tampering; a row that takes the place of another is both.
#[test]
fn a_row_registered_late_is_told_from_a_row_that_was_changed() {
    let (desk, rows) = sealed();
    let whole = desk.read();
    let late = lawful("YL-SS-0008", Status::Registered, Kind::Limited);
    desk.write(&format!("{whole}{late}\n"));
    assert_eq!(seal_faults(&desk), [("registered-after-seal", "YL-SS-0008".to_owned())]);
    let newer = with(&late, &[("发现日期", "2025-10-01"), ("完成时限", "2025-10-30")]);
    desk.write(&format!("{whole}{newer}\n"));
    assert_eq!(seal_faults(&desk), [], "found after the sealed day");
    desk.write(&whole.replace(&rows[0].0, &late));
    let mut faults = seal_faults(&desk);
    faults.sort();
    let id = |id: &str| id.to_owned();
    assert_eq!(faults, [("broken-seal", id("YL-SS-0001")), ("registered-after-seal", id("YL-SS-0008"))]);
}

#[test]
fn of_many_who_seal_at_once_one_does() {
    let desk = Desk::new(&[lawful("YL-SS-0001", Status::Closed, Kind::Limited)]);
    let start = |_| desk.command(&["seal", "--month", "2025-09", "--as-of", "2025-10-08"]).spawn().unwrap();
    for mut child in (0..4).map(start).collect::<Vec<_>>() {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(read(&desk, SEALS).lines().count(), 1 + 3, "{}", read(&desk, SEALS));
    assert_eq!(seal_faults(&desk), []);
}

/// `docs/seal.md` tells how to recompute a seal; this does it, knowing nothing but the page and the files.
#[test]
fn the_page_tells_how_to_recompute_a_seal() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/seal.md")).unwrap();
    let block = |fence: &str| {
        let (_, rest) = page.split_once(&format!("```{fence}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let hash = |text: &str| {
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let examples: Vec<&str> = block("text").lines().collect();
    let printed = |command: &str, lines: usize| {
        let (_, rest) = page.split_once(&format!("$ {command}\n")).unwrap();
        rest.lines().take(lines).map(str::to_owned).collect::<Vec<_>>()
    };
    let list = printed("cat ledgers/_seals/2025-09.txt", 4);
    assert_eq!(list[0], "编号,轮次,范围,摘要");
    assert_eq!(examples.len(), 3);
    for (example, line) in examples.iter().zip(&list[1..]) {
        let digest = &hash(&example.replace('␟', "\u{1f}"))[..32];
        assert_eq!(line.rsplit(',').next().unwrap(), digest, "{example}");
    }
    let seals = printed("cat ledgers/_seals.csv", 4);
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut previous = String::new();
    for line in &seals[1..] {
        let (covered, own) = line.rsplit_once(',').unwrap();
        assert_eq!(own, hash(covered), "{line}");
        assert_eq!(cells(line)[17], previous, "{line}");
        previous = own.to_owned();
    }
    let whole: String = list.iter().map(|line| format!("{line}\n")).collect();
    assert_eq!(cells(&seals[3])[16], hash(&whole));
    assert!(page.contains(&format!("封账号 `{}`", &previous[..16])), "the page names the number");
}
