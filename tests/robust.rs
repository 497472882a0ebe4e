//! What no Markdown case can hold: odd things in the folder, huge files, random bytes.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use zxzz::finding::Finding;
use zxzz::load::ledger::{Keep, Origin, read};
use zxzz::model::book::Desk;
use zxzz::model::campaign::{Campaign, Task};
use zxzz::model::campaign_index::CampaignIndex;

const HEADER: &str =
    "编号,任务,问题类型,问题描述,问题来源,发现日期,完成时限,整改状态,责任部门,责任领导,责任人";
const ROW: &str =
    "YL-SS-0001,xiaofang,（二）,灭火器过期,自查自纠,2025-08-20,2025-09-30,未整改,民政办,张三,李四";

/// A copy of the base workspace to spoil.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
    for file in ["zxzz.toml", "units.toml", "campaigns/yanglao.toml", "campaigns/daolu.toml"] {
        fs::create_dir_all(folder.path().join("campaigns")).unwrap();
        fs::copy(base.join(file), folder.path().join(file)).unwrap();
    }
    fs::create_dir_all(folder.path().join("ledgers/yanglao")).unwrap();
    folder
}

fn zxzz(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    command.args(["-C", folder.to_str().unwrap()]).args(words).args(["--as-of", "2025-10-15"]);
    command.env_clear().output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[cfg(unix)]
#[test]
fn a_symlink_loop_is_named_and_the_rest_is_checked() {
    let folder = workspace();
    let ledgers = folder.path().join("ledgers/yanglao");
    std::os::unix::fs::symlink("minzheng.csv", ledgers.join("minzheng.csv")).unwrap();
    fs::write(ledgers.join("shuangshan.csv"), format!("{HEADER}\n{}\n", ROW.replace("2025-09-30", "待定")))
        .unwrap();
    let checked = zxzz(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(stdout(&checked).contains("shuangshan.csv:2"), "{}", stdout(&checked));
    assert!(stderr(&checked).contains("ledgers/yanglao/minzheng.csv：符号链接循环"), "{}", stderr(&checked));
    let status = zxzz(folder.path(), &["status"]);
    assert_eq!(status.status.code(), Some(2));
    assert!(stdout(&status).contains("无法读取 ledgers/yanglao/minzheng.csv：符号链接循环"));
    assert!(stdout(&status).contains("有 1 行未能读取"));
}

#[cfg(unix)]
#[test]
fn a_ledger_without_read_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workspace();
    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    fs::write(&ledger, format!("{HEADER}\n{ROW}\n")).unwrap();
    fs::set_permissions(&ledger, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&ledger).is_ok() {
        return; // The superuser reads everything.
    }
    let checked = zxzz(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(stderr(&checked).contains("没有权限"), "{}", stderr(&checked));
}

#[test]
fn a_hundred_megabytes_in_one_cell_are_read_and_reported() {
    let folder = workspace();
    let huge = "整".repeat(35_000_000);
    let text = format!("{HEADER}\n{}\n{}\n", ROW.replace("灭火器过期", &huge), ROW.replace("0001", "0002"));
    fs::write(folder.path().join("ledgers/yanglao/shuangshan.csv"), text).unwrap();
    let checked = zxzz(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(0));
    assert!(stdout(&checked).contains("shuangshan.csv:2 YL-SS-0001 问题描述：一格有 35000000 个字符"));
    assert_eq!(stdout(&checked).lines().count(), 1);
}

#[test]
fn a_hundred_thousand_findings_are_all_listed_in_order() {
    let folder = workspace();
    let rows: String = (1..=100_000)
        .map(|n| format!("{}\n", ROW.replace("0001", &format!("{n:06}")).replace("未整改", "完成")))
        .collect();
    fs::write(folder.path().join("ledgers/yanglao/shuangshan.csv"), format!("{HEADER}\n{rows}")).unwrap();
    let checked = zxzz(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    let lines: Vec<String> = stdout(&checked).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 100_000);
    assert!(
        lines[0].starts_with("ledgers/yanglao/shuangshan.csv:2 YL-SS-000001 整改状态 “完成”"),
        "{}",
        lines[0]
    );
    assert!(lines[99_999].starts_with("ledgers/yanglao/shuangshan.csv:100001 "), "{}", lines[99_999]);
}

#[test]
fn bytes_of_no_encoding_are_unread_but_counted() {
    let folder = workspace();
    fs::write(folder.path().join("ledgers/yanglao/shuangshan.csv"), b"\xff\xff\xff\na,b\nc,d\n").unwrap();
    let checked = zxzz(folder.path(), &["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&checked)).unwrap();
    assert_eq!(json["unread"], 3);
    assert_eq!(json["findings"][0]["code"], "not-utf8");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for words in [&["status"][..], &["overdue", "--due", "30"], &["xiaohao"], &["list", "--format", "json"]] {
        let first = zxzz(root, words);
        assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
        assert_eq!(first.stdout, zxzz(root, words).stdout, "{words:?}");
    }
}

#[test]
fn colours_appear_only_where_they_are_asked_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(!stdout(&zxzz(root, &["list"])).contains('\u{1b}'));
    assert!(stdout(&zxzz(root, &["list", "--color", "always"])).contains('\u{1b}'));
    assert!(!stdout(&zxzz(root, &["list", "--color", "never"])).contains('\u{1b}'));
}

#[test]
fn tables_stay_within_any_width_from_sixty_columns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for width in ["60", "72", "80", "100", "140"] {
        for words in [
            &["status"][..],
            &["overdue", "-n", "5"],
            &["status", "--campaign", "养老"],
            &["list", "-n", "5"],
        ] {
            let table = stdout(&zxzz(root, &[words, &["--width", width]].concat()));
            let lines = table.lines().filter(|line| !line.starts_with('·'));
            let widest = lines.map(unicode_width::UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= width.parse().unwrap(), "{words:?} at {width}: {widest}\n{table}");
        }
    }
}

fn desk() -> Desk {
    let task = Task {
        id: "t".to_owned(),
        title: "任务".to_owned(),
        group: None,
        lead: vec![],
        responsible: vec![],
        support: vec![],
        deadline: None,
        standing: false,
        points: vec![],
        limits: vec![],
        source: String::new(),
    };
    let campaign = Campaign { code: "YL".to_owned(), tasks: vec![task], ..Campaign::default() };
    let index = CampaignIndex::new(&campaign);
    Desk { campaign, index, ..Desk::default() }
}

/// Rows that were read, rows that were not, and what was found.
fn load(text: &str) -> (u32, usize, u32, Vec<Finding>) {
    let (path, desk, mut findings): (Arc<str>, Desk, Vec<Finding>) = ("l.csv".into(), desk(), vec![]);
    let origin = Origin { path: &path, campaign: 0, unit: 0, desk: &desk };
    let ledger = read(origin, text, Keep { wanted: &|_, _| true, text: true }, &mut findings, |_, _| {});
    for ix in 0..ledger.issues.len() {
        assert!(!ledger.row(ix).id().is_empty());
    }
    (ledger.rows, ledger.issues.len(), ledger.unread.len() as u32, findings)
}

proptest! {
    #[test]
    fn any_text_loads_and_no_row_vanishes(
        body in prop::collection::vec("(YL-SS-1|t|2025-08-0[1-9]|已销号|整改中|\"|,|\n|\r|\u{0}|[a-z整=]){0,30}", 0..12)
    ) {
        let text = format!("编号,任务,问题描述,问题来源,发现日期,完成时限,整改状态\n{}", body.join("\n"));
        let (rows, issues, unread, findings) = load(&text);
        prop_assert_eq!(rows as usize, issues + unread as usize);
        prop_assert!(unread == 0 || !findings.is_empty());
    }

    #[test]
    fn good_rows_are_all_read(count in 0_usize..40, crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("编号,任务,问题描述,问题来源,发现日期,完成时限,整改状态,责任部门,责任领导,责任人{end}");
        for n in 0..count {
            text += &format!("YL-SS-{n},t,\"一,二{end}三\",其他,2025-08-01,2025-09-01,未整改,甲,乙,丙{end}");
        }
        let (rows, issues, unread, findings) = load(&text);
        prop_assert_eq!((rows as usize, issues, unread), (count, count, 0));
        prop_assert!(findings.is_empty(), "{:?}", findings);
    }

    #[test]
    fn any_bytes_decode_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use zxzz::load::decode::{Decoded, decode};
        let text = match decode(&bytes, zxzz::load::ledger::looks_like_header) {
            Decoded::Utf8(text) => text.to_owned(),
            Decoded::Other(text, _) => text,
            Decoded::Unknown(_) => return Ok(()),
        };
        let (rows, issues, unread, _) = load(&text);
        prop_assert_eq!(rows as usize, issues + unread as usize);
    }

    #[test]
    fn any_toml_text_is_read_without_panic(text in "(\\[\\[?[a-z]{1,6}\\]?\\]|id = |name = |\"|=|\n|2025-1[0-3]-01|\\{|\\}|,|标|[a-z]){0,40}") {
        let mut findings = vec![];
        let _ = zxzz::load::campaign::read("c.toml", &text, &mut findings);
    }
}

#[test]
fn a_report_replaces_a_file_whole_and_keeps_its_mode() {
    let folder = workspace();
    let report = folder.path().join("进展.md");
    fs::write(&report, "旧的").unwrap();
    let old = fs::metadata(&report).unwrap().permissions();
    let written = zxzz(folder.path(), &["status", "--format", "md", "-o", report.to_str().unwrap()]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    assert!(fs::read_to_string(&report).unwrap().starts_with("# 示例区 进展"));
    assert_eq!(fs::metadata(&report).unwrap().permissions(), old);
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["campaigns", "ledgers", "units.toml", "zxzz.toml", "进展.md"]);
}

#[test]
fn a_report_that_cannot_be_written_says_why() {
    let folder = workspace();
    let missing = folder.path().join("没有/进展.md");
    let written = zxzz(folder.path(), &["status", "-o", missing.to_str().unwrap()]);
    assert_eq!(written.status.code(), Some(2));
    assert!(stderr(&written).contains("没有这个文件或文件夹"), "{}", stderr(&written));
}

#[test]
fn completion_scripts_know_commands_and_options() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        let script = command.args(["completions", shell]).current_dir(root).output().unwrap();
        let script = stdout(&script);
        assert!(script.contains("overdue") && script.contains("as-of"), "{shell}");
    }
}

/// Widths of columns on the screen are counted in sixteen bits.
#[test]
fn a_cell_of_a_hundred_thousand_characters_is_drawn_shortened_and_written_whole() {
    let folder = workspace();
    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    let long = format!("{}末", "灭火器".repeat(33_333));
    fs::write(&ledger, format!("{HEADER}\n{}\n", ROW.replace("灭火器过期", &long))).unwrap();
    let columns = vec!["问题描述"; 40].join(",");
    for words in [&["list", "--columns", &columns][..], &["show", "YL-SS-0001"], &["check"]] {
        let out = zxzz(folder.path(), words);
        assert_eq!(out.status.code(), Some(0), "{words:?}: {}", stderr(&out));
        assert!(!stdout(&out).contains('末'));
    }
    let shown = stdout(&zxzz(folder.path(), &["show", "YL-SS-0001"]));
    assert!(shown.contains("灭火……（太长，未列全）"), "{}", shown.len());
    let csv = stdout(&zxzz(folder.path(), &["list", "--columns", "问题描述", "--format", "csv"]));
    assert!(csv.contains(&long));
}
