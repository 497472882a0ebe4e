//! Real merges by git: with the driver, without it, and where it cannot help.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, HEADER, LEDGER, lawful, told, with};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zxzz::model::workflow::{Kind, STATUSES, Status, walked};
use zxzz::pipeline::merge::{Files, MergedFile, merge_file};

struct Repo {
    desk: Desk,
}

fn underway(id: &str) -> String {
    lawful(id, Status::Underway, Kind::Limited)
}

impl Repo {
    /// Three issues in one commit on `main`, and the driver installed; hooks are another matter.
    fn new() -> Repo {
        let repo = Repo::without_driver();
        let setup = repo.desk.command(&["setup"]).env("PATH", path()).output().unwrap();
        assert!(setup.status.success(), "{}", told(&setup));
        repo.git(&["config", "core.hooksPath", "none"]);
        repo.commit("attributes");
        repo
    }

    fn without_driver() -> Repo {
        let rows = ["YL-SS-0001", "YL-SS-0002", "YL-SS-0003"].map(underway);
        let repo = Repo { desk: Desk::new(&rows) };
        repo.git(&["init", "-q", "-b", "main"]);
        repo.commit("first");
        repo
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }

    fn git(&self, words: &[&str]) -> Output {
        git(self.path(), words)
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        let output = self.git(&["commit", "-qm", message]);
        assert!(output.status.success(), "{}", told(&output));
    }

    /// Replaces cells of one row and commits.
    fn change(&self, id: &str, cells: &[(&str, &str)]) {
        let text = self.desk.read();
        let lines =
            text.lines().map(|line| if line.starts_with(id) { with(line, cells) } else { line.to_owned() });
        self.desk.write(&(lines.collect::<Vec<_>>().join("\n") + "\n"));
        self.commit(id);
    }

    fn add(&self, row: &str) {
        self.desk.write(&format!("{}{row}\n", self.desk.read()));
        self.commit("add");
    }

    /// Lets `side` and `main` change the ledger from here; ends on `main`.
    fn diverge(&self, main: impl Fn(&Repo), side: impl Fn(&Repo)) {
        self.git(&["checkout", "-qb", "side"]);
        side(self);
        self.git(&["checkout", "-q", "main"]);
        main(self);
    }

    fn merge(&self) -> Output {
        self.git(&["merge", "-q", "--no-edit", "side"])
    }

    fn row(&self, id: &str) -> String {
        self.desk.read().lines().find(|line| line.starts_with(id)).unwrap_or_default().to_owned()
    }

    fn unmerged(&self) -> String {
        String::from_utf8(self.git(&["diff", "--name-only", "--diff-filter=U"]).stdout).unwrap()
    }

    #[track_caller]
    fn assert_conflict(&self, output: &Output, reason: &str) {
        assert!(!output.status.success());
        assert!(told(output).contains(reason), "{}", told(output));
        assert_eq!(self.unmerged(), format!("{LEDGER}\n"));
        let check = self.desk.run(&["check", "--as-of", "2025-10-15"]);
        assert!(told(&check).contains("[conflict-marker]"), "{}", told(&check));
    }
}

fn path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

fn git(folder: &Path, words: &[&str]) -> Output {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(words).env_clear().env("PATH", path());
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", "true");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "李四").env(format!("GIT_{who}_EMAIL"), "lisi@example.org");
        git.env(format!("GIT_{who}_DATE"), "2025-09-15T12:00:00+0800");
    }
    git.output().unwrap()
}

const APPLIED: [(&str, &str); 4] =
    [("整改状态", "待销号"), ("整改进展", "已更换"), ("申请日期", "2025-09-10"), ("佐证", "档案1号")];

#[test]
fn cells_of_one_row_changed_apart_come_together() {
    let repo = Repo::new();
    repo.diverge(
        |repo| repo.change("YL-SS-0002", &APPLIED),
        |repo| repo.change("YL-SS-0002", &[("责任人", "赵六"), ("备注", "示例")]),
    );
    let merge = repo.merge();
    assert!(merge.status.success(), "{}", told(&merge));
    let want = with(&with(&underway("YL-SS-0002"), &APPLIED), &[("责任人", "赵六"), ("备注", "示例")]);
    assert_eq!(repo.row("YL-SS-0002"), want);
    let check = repo.desk.run(&["check", "--as-of", "2025-10-15"]);
    assert_eq!(told(&check), "");
    let audit = repo.desk.run(&["audit"]);
    assert_eq!(audit.status.code(), Some(0), "{}", told(&audit));
}

#[test]
fn rebase_and_cherry_pick_merge_by_rows_too() {
    for way in [&["rebase", "-q", "main", "side"][..], &["cherry-pick", "side"]] {
        let repo = Repo::new();
        repo.diverge(
            |repo| repo.change("YL-SS-0002", &APPLIED),
            |repo| repo.change("YL-SS-0002", &[("责任人", "赵六")]),
        );
        let output = repo.git(way);
        assert!(output.status.success(), "{way:?} {}", told(&output));
        assert_eq!(
            repo.row("YL-SS-0002"),
            with(&with(&underway("YL-SS-0002"), &APPLIED), &[("责任人", "赵六")])
        );
    }
}

#[test]
fn a_conflict_stops_the_merge_until_somebody_decides() {
    let repo = Repo::new();
    repo.diverge(
        |repo| repo.change("YL-SS-0002", &APPLIED),
        |repo| {
            repo.change("YL-SS-0001", &[("备注", "示例")]);
            repo.change("YL-SS-0002", &[("整改状态", "已移交"), ("去向", "区民政局")]);
        },
    );
    let merge = repo.merge();
    repo.assert_conflict(&merge, "冲突 YL-SS-0002：两边各改了 整改状态、申请日期");
    assert!(repo.row("YL-SS-0001").ends_with(",示例"), "the rest is merged");
    assert!(!repo.git(&["commit", "-qm", "too early"]).status.success());
    let text = repo.desk.read();
    let ours = with(&underway("YL-SS-0002"), &APPLIED);
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            !line.starts_with(['<', '=', '>']) && (!line.starts_with("YL-SS-0002") || *line == ours)
        })
        .collect();
    repo.desk.write(&(kept.join("\n") + "\n"));
    repo.commit("resolved");
    assert_eq!(told(&repo.desk.run(&["check", "--as-of", "2025-10-15"])), "");
}

#[test]
fn what_is_unlawful_together_is_a_conflict() {
    type Case =
        (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)], &'static str);
    let signed: &[(&str, &str)] = &[
        ("整改状态", "待销号"),
        ("整改进展", "已更换"),
        ("申请日期", "2025-09-10"),
        ("佐证", "档案1号"),
        ("核查人", "王五"),
        ("核查日期", "2025-09-11"),
    ];
    let closed: &[(&str, &str)] = &[
        ("整改状态", "已销号"),
        ("整改进展", "已更换"),
        ("申请日期", "2025-09-10"),
        ("佐证", "档案1号"),
        ("核查人", "王五"),
        ("核查日期", "2025-09-11"),
        ("销号日期", "2025-09-12"),
    ];
    let cases: [Case; 4] = [
        (&[("备注", "示例")], &[("完成时限", "2025-12-31")], "接不上本方的版本：完成时限登记后不变"),
        (signed, &[("责任人", "王五")], "合在一起通不过校验：核查人 与责任人是同一人"),
        (closed, &[("责任人", "赵六")], "接不上本方的版本：责任人已销号的行不再改动"),
        (&[("备注", "示例")], &[("整改状态", "未整改")], "接不上本方的版本：整改状态不能由整改中变为未整改"),
    ];
    for (main, side, reason) in cases {
        let repo = Repo::new();
        repo.diverge(|repo| repo.change("YL-SS-0002", main), |repo| repo.change("YL-SS-0002", side));
        let merge = repo.merge();
        repo.assert_conflict(&merge, reason);
    }
}

#[test]
fn two_new_problems_with_one_number_are_told_apart() {
    let repo = Repo::new();
    // The next number is in use in another unit's ledger.
    let taken = format!("{HEADER}\n{}\n", underway("YL-SS-0005"));
    fs::write(repo.path().join("ledgers/yanglao/diaozhen.csv"), taken).unwrap();
    repo.commit("another ledger");
    let new = |problem: &str, found: &str| {
        with(
            &lawful("YL-SS-0004", Status::Registered, Kind::Limited),
            &[("问题描述", problem), ("发现日期", found)],
        )
    };
    repo.diverge(
        |repo| repo.add(&new("通道堆物", "2025-09-02")),
        |repo| repo.add(&new("应急灯坏", "2025-09-01")),
    );
    let merge = repo.merge();
    assert!(merge.status.success(), "{}", told(&merge));
    assert!(told(&merge).contains("改号 YL-SS-0004 → YL-SS-0006"), "{}", told(&merge));
    assert_eq!(repo.row("YL-SS-0004"), new("应急灯坏", "2025-09-01"));
    assert_eq!(repo.row("YL-SS-0006"), new("通道堆物", "2025-09-02").replace("0004", "0006"));
}

#[test]
fn a_ledger_that_both_made_is_merged() {
    let repo = Repo::new();
    let other = repo.path().join("ledgers/yanglao/diaozhen.csv");
    let make = |repo: &Repo, id: &str| {
        fs::write(&other, format!("{HEADER}\n{}\n", underway(id))).unwrap();
        repo.commit("new ledger");
    };
    repo.diverge(|repo| make(repo, "YL-DZJ-0001"), |repo| make(repo, "YL-DZJ-0002"));
    let merge = repo.merge();
    assert!(merge.status.success(), "{}", told(&merge));
    let want = [HEADER.to_owned(), underway("YL-DZJ-0001"), underway("YL-DZJ-0002")];
    assert_eq!(fs::read_to_string(&other).unwrap().lines().collect::<Vec<_>>(), want);
}

#[test]
fn a_ledger_that_cannot_be_read_is_merged_by_lines_and_is_a_conflict() {
    let repo = Repo::new();
    let break_it = |repo: &Repo| {
        repo.desk.write(&repo.desk.read().replace("YL-SS-0003,", "YL-SS-0003,\""));
        repo.commit("broken");
    };
    repo.diverge(|repo| repo.change("YL-SS-0001", &[("备注", "示例")]), break_it);
    let merge = repo.merge();
    assert!(!merge.status.success());
    assert!(told(&merge).contains("对方的版本第 4 行的引号一直没有结束；只能按行合并"), "{}", told(&merge));
    assert_eq!(repo.unmerged(), format!("{LEDGER}\n"));
    let text = repo.desk.read();
    assert!(text.contains("YL-SS-0003,\"") && repo.row("YL-SS-0001").ends_with("示例"), "{text}");
}

#[test]
fn what_is_no_ledger_is_merged_as_git_does() {
    let repo = Repo::new();
    let seals = repo.path().join("ledgers/yanglao/_targets.csv");
    let write = |repo: &Repo, lines: [&str; 4]| {
        fs::write(&seals, lines.join("\n") + "\n").unwrap();
        repo.commit("targets");
    };
    write(&repo, ["月份,数", "1,1", "2,2", "3,3"]);
    repo.diverge(
        |repo| write(repo, ["月份,数", "1,9", "2,2", "3,3"]),
        |repo| write(repo, ["月份,数", "1,1", "2,2", "3,8"]),
    );
    assert!(repo.merge().status.success());
    assert_eq!(fs::read_to_string(&seals).unwrap(), "月份,数\n1,9\n2,2\n3,8\n");
}

/// Every unit adds its rows to the end of one file: that must not be a conflict each time, and a changed row must.
#[test]
fn rows_filed_on_both_sides_are_all_kept() {
    let header = "日期,事项,单位,次数,内容,佐证\n";
    let row = |unit: &str, times: u32| format!("2025-09-30,零报告,{unit},{times},,\n");
    for (ours, theirs, is_clean) in [
        (row("双山街道", 1) + &row("刁镇街道", 1), row("双山街道", 1) + &row("区民政局", 1), true),
        (row("双山街道", 2), row("双山街道", 3), false),
    ] {
        let repo = Repo::new();
        let path = repo.path().join("ledgers/yanglao/_duties.csv");
        let write = |repo: &Repo, rows: &str| {
            fs::write(&path, format!("{header}{rows}")).unwrap();
            repo.commit("duties");
        };
        write(&repo, &row("双山街道", 1));
        repo.diverge(|repo| write(repo, &ours), |repo| write(repo, &theirs));
        assert_eq!(repo.merge().status.success(), is_clean);
        let text = fs::read_to_string(&path).unwrap();
        let want = row("双山街道", 1) + &row("刁镇街道", 1) + &row("区民政局", 1);
        assert_eq!(text == format!("{header}{want}"), is_clean, "{text}");
        assert_eq!(text.contains("<<<<<<<"), !is_clean, "{text}");
    }
}

#[test]
fn the_form_of_the_file_stays_ours() {
    let repo = Repo::new();
    let foreign = |text: &str| format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
    repo.diverge(
        |repo| {
            let text = repo.desk.read().replace("李四", "赵六");
            repo.desk.write(&foreign(&text));
            repo.commit("saved by a spreadsheet");
        },
        |repo| {
            repo.change("YL-SS-0002", &[("备注", "示例")]);
            repo.add(&underway("YL-SS-0004"));
        },
    );
    let merge = repo.merge();
    assert!(merge.status.success(), "{}", told(&merge));
    let person = |id: &str| with(&underway(id), &[("责任人", "赵六")]);
    let rows = [
        person("YL-SS-0001"),
        with(&person("YL-SS-0002"), &[("备注", "示例")]),
        person("YL-SS-0003"),
        underway("YL-SS-0004"),
    ];
    assert_eq!(repo.desk.read(), foreign(&format!("{HEADER}\n{}\n", rows.join("\n"))));
}

#[test]
fn without_settings_sign_offs_are_still_guarded() {
    let repo = Repo::new();
    repo.change("YL-SS-0002", &APPLIED);
    repo.diverge(
        |repo| repo.change("YL-SS-0002", &[("核查人", "王五"), ("核查日期", "2025-09-11")]),
        |repo| repo.change("YL-SS-0002", &[("整改状态", "整改中"), ("申请日期", ""), ("退回次数", "1")]),
    );
    fs::write(repo.path().join("units.toml"), "= broken").unwrap();
    let merge = repo.merge();
    assert!(!merge.status.success());
    assert!(
        told(&merge).contains("两边各改了 整改状态、申请日期、核查人、核查日期、退回次数"),
        "{}",
        told(&merge)
    );
}

#[test]
fn a_workspace_below_the_top_is_found() {
    let repo = Repo::without_driver();
    let outer = tempfile::tempdir().unwrap();
    let inner: PathBuf = outer.path().join("某 区");
    fs::rename(repo.path(), &inner).unwrap();
    fs::rename(inner.join(".git"), outer.path().join(".git")).unwrap();
    fs::create_dir_all(repo.path()).unwrap();
    let zxzz = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        command.arg("-C").arg(&inner).args(words).env_clear().env("PATH", path()).output().unwrap()
    };
    assert!(zxzz(&["setup"]).status.success());
    git(outer.path(), &["config", "core.hooksPath", "none"]);
    let ledger = inner.join(LEDGER);
    let change = |branch: &str, cells: &[(&str, &str)]| {
        git(outer.path(), &["checkout", "-q", branch]);
        let text = fs::read_to_string(&ledger).unwrap();
        let old = text.lines().find(|line| line.starts_with("YL-SS-0002")).unwrap();
        fs::write(&ledger, text.replace(old, &with(old, cells))).unwrap();
        git(outer.path(), &["commit", "-qam", branch]);
    };
    git(outer.path(), &["add", "-A"]);
    git(outer.path(), &["commit", "-qm", "moved"]);
    git(outer.path(), &["branch", "side"]);
    let signed: Vec<(&str, &str)> =
        APPLIED.into_iter().chain([("核查人", "王五"), ("核查日期", "2025-09-11")]).collect();
    change("side", &[("责任人", "王五")]);
    change("main", &signed);
    let merge = git(outer.path(), &["merge", "-q", "--no-edit", "side"]);
    // Only with the workspace's settings can the checks tell.
    assert!(
        told(&merge).contains("某 区/ledgers/yanglao/shuangshan.csv 冲突 YL-SS-0002：合在一起通不过校验"),
        "{}",
        told(&merge)
    );
}

#[test]
fn a_clone_without_the_driver_conflicts_loudly() {
    let repo = Repo::without_driver();
    fs::write(repo.path().join(".gitattributes"), "ledgers/**/*.csv merge=zxzz\n").unwrap();
    repo.commit("attributes");
    repo.diverge(
        |repo| repo.change("YL-SS-0002", &APPLIED),
        |repo| repo.change("YL-SS-0002", &[("责任人", "赵六")]),
    );
    let merge = repo.merge();
    repo.assert_conflict(&merge, "CONFLICT");
}

#[test]
fn a_driver_that_cannot_run_leaves_a_conflict_with_both_versions() {
    let repo = Repo::new();
    let driver = String::from_utf8(repo.git(&["config", "merge.zxzz.driver"]).stdout).unwrap();
    let lost = driver.trim().replace(env!("CARGO_BIN_EXE_zxzz"), "/nonexistent/zxzz");
    assert_ne!(driver.trim(), lost);
    repo.git(&["config", "merge.zxzz.driver", &lost]);
    repo.diverge(
        |repo| repo.change("YL-SS-0002", &[("责任人", "钱七")]),
        |repo| repo.change("YL-SS-0002", &[("责任人", "赵六")]),
    );
    let merge = repo.merge();
    repo.assert_conflict(&merge, "改为按行合并");
    assert!(repo.desk.read().contains("钱七") && repo.desk.read().contains("赵六"));
}

/// What git makes of exit code 2 alone: a conflict with our version in the file.
#[test]
fn exit_two_touches_nothing_and_is_a_conflict_to_git() {
    let repo = Repo::new();
    repo.diverge(
        |repo| repo.change("YL-SS-0002", &[("责任人", "钱七")]),
        |repo| repo.change("YL-SS-0002", &[("责任人", "赵六")]),
    );
    let program = env!("CARGO_BIN_EXE_zxzz");
    repo.git(&["config", "merge.zxzz.driver", &format!("{program} merge-driver %O %A /nonexistent %P")]);
    let before = repo.desk.read();
    let merge = repo.merge();
    assert!(!merge.status.success() && told(&merge).contains("CONFLICT"), "{}", told(&merge));
    assert!(told(&merge).contains("没能合并"), "{}", told(&merge));
    assert_eq!((repo.desk.read(), repo.unmerged()), (before, format!("{LEDGER}\n")));
    assert!(!repo.git(&["commit", "-qm", "too early"]).status.success());
}

/// Git merges an octopus by lines, without drivers, and gives up where lines conflict; one by one it works.
#[test]
fn an_octopus_is_refused_and_nothing_is_lost() {
    let repo = Repo::new();
    for (branch, cells) in [("a", &[("责任人", "赵六")][..]), ("b", &[("备注", "示例")])] {
        repo.git(&["checkout", "-qb", branch, "main"]);
        repo.change("YL-SS-0002", cells);
    }
    repo.git(&["checkout", "-q", "main"]);
    let octopus = repo.git(&["merge", "-q", "--no-edit", "a", "b"]);
    assert!(!octopus.status.success(), "{}", told(&octopus));
    repo.git(&["reset", "-q", "--hard"]);
    for branch in ["a", "b"] {
        let merge = repo.git(&["merge", "-q", "--no-edit", branch]);
        assert!(merge.status.success(), "{}", told(&merge));
    }
    assert_eq!(
        repo.row("YL-SS-0002"),
        with(&underway("YL-SS-0002"), &[("责任人", "赵六"), ("备注", "示例")])
    );
}

fn merged(base: &[u8], ours: &[u8], theirs: &[u8]) -> MergedFile {
    let today = chrono::NaiveDate::from_ymd_opt(2025, 10, 15).unwrap();
    merge_file(None, LEDGER, Files { base, ours, theirs }, today).unwrap()
}

/// Rows of a text by 编号, those in conflict left out: status, 退回次数, 完成时限.
fn states(text: &str) -> Vec<(String, Status, u16, String)> {
    let mut is_conflict = false;
    let mut rows = vec![];
    for line in text.lines().skip(1) {
        is_conflict |= line.starts_with("<<<<<<<");
        if !is_conflict {
            let cell = |heading: &str| {
                let at = HEADER.split(',').position(|name| name == heading).unwrap();
                line.split(',').nth(at).unwrap().to_owned()
            };
            let returns = cell("退回次数").parse().unwrap_or(0);
            rows.push((cell("编号"), Status::named(&cell("整改状态")).unwrap(), returns, cell("完成时限")));
        }
        is_conflict &= !line.starts_with(">>>>>>>");
    }
    rows
}

/// What somebody may do to a row, lawful or not.
fn deed() -> impl Strategy<Value = (usize, &'static str, &'static str)> {
    let cell = prop::sample::select(vec![
        ("整改状态", "未整改"),
        ("整改状态", "整改中"),
        ("整改状态", "待销号"),
        ("整改状态", "已销号"),
        ("整改状态", "已移交"),
        ("退回次数", "1"),
        ("退回次数", "2"),
        ("申请日期", "2025-09-10"),
        ("核查人", "王五"),
        ("完成时限", "2025-12-31"),
        ("责任人", "赵六"),
        ("备注", "示例"),
    ]);
    (0usize..4, cell).prop_map(|(row, (heading, value))| (row, heading, value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever two sides did, lawful or not: a row that is no conflict follows by moves from both of them.
    #[test]
    fn merged_rows_follow_lawfully_from_both_parents(
        at in prop::collection::vec(0usize..6, 4),
        ours in prop::collection::vec(deed(), 1..5), theirs in prop::collection::vec(deed(), 1..5),
    ) {
        let base: Vec<String> = at
            .iter()
            .enumerate()
            .map(|(ix, status)| lawful(&format!("YL-SS-000{ix}"), STATUSES[*status].0, Kind::Limited))
            .collect();
        let text = |deeds: &[(usize, &str, &str)]| {
            let mut rows = base.clone();
            deeds.iter().for_each(|(row, heading, value)| rows[*row] = with(&rows[*row], &[(heading, value)]));
            format!("{HEADER}\n{}\n", rows.join("\n"))
        };
        let (base_text, ours, theirs) = (text(&[]), text(&ours), text(&theirs));
        prop_assume!(ours != base_text && theirs != base_text && ours != theirs);
        let merged = merged(base_text.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        let result = String::from_utf8(merged.bytes.unwrap()).unwrap();
        prop_assert_eq!(merged.is_clean, !result.contains("<<<<<<<"));
        for (id, is, returns, limit) in states(&result) {
            for parent in [&ours, &theirs] {
                let (_, was, before, old_limit) = states(parent).into_iter().find(|row| row.0 == id).unwrap();
                prop_assert!(walked(was, is, Kind::Limited, (before, returns)), "{id} {was:?} {is:?}\n{result}");
                prop_assert!(limit == old_limit, "{id} {limit}");
            }
        }
    }

    /// What one side alone changed is taken to the letter, whatever it is.
    #[test]
    fn one_side_alone_is_taken_byte_for_byte(base: Vec<u8>, side: Vec<u8>) {
        let (from_ours, from_theirs) = (merged(&base, &side, &base), merged(&base, &base, &side));
        prop_assert!(from_ours.is_clean && from_theirs.is_clean);
        prop_assert_eq!(from_ours.bytes, None);
        prop_assert_eq!(from_theirs.bytes.unwrap_or(base), side);
    }
}
