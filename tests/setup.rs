//! `zxzz setup` and `zxzz doctor` in real clones.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, LEDGER, lawful, told, with};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use zxzz::model::workflow::{Kind, Status};

/// A workspace in a repository, with a home of its own for the user's settings.
struct Clone {
    desk: Desk,
    home: TempDir,
}

impl Clone {
    fn new() -> Clone {
        let desk = Desk::new(&[lawful("YL-SS-0001", Status::Underway, Kind::Limited)]);
        let clone = Clone { desk, home: tempfile::tempdir().unwrap() };
        fs::write(clone.home.path().join("config"), "").unwrap();
        clone.git(&["init", "-q", "-b", "main"]);
        for (key, value) in
            [("user.name", "李四"), ("user.email", "lisi@example.org"), ("core.quotepath", "false")]
        {
            clone.git(&["config", key, value]);
        }
        clone.commit("first");
        clone
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }

    fn hook(&self, name: &str) -> PathBuf {
        self.path().join(".git/hooks").join(name)
    }

    /// Without the settings of whoever runs the tests.
    fn alone<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("GIT_CONFIG_GLOBAL", self.home.path().join("config")).env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_DATE"), "2025-09-15T12:00:00+0800");
        }
        command
    }

    fn git(&self, words: &[&str]) -> Output {
        self.alone(Command::new("git").arg("-C").arg(self.path()).args(words)).output().unwrap()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        let output = self.git(&["commit", "-q", "--no-verify", "-m", message]);
        assert!(output.status.success(), "{}", told(&output));
    }

    fn zxzz(&self, words: &[&str]) -> Output {
        self.alone(&mut self.desk.command(words)).output().unwrap()
    }

    #[track_caller]
    fn setup(&self, words: &[&str]) -> String {
        let output = self.zxzz(&[&["setup"], words].concat());
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        told(&output).replace(&self.path().display().to_string(), "…")
    }

    /// Exit code, and what is said of each item.
    fn doctor(&self) -> (i32, serde_json::Value) {
        let output = self.zxzz(&["doctor", "--as-of", "2025-10-15", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code().unwrap(), report["tables"][0]["rows"].clone())
    }

    #[track_caller]
    fn assert_health(&self, item: &str, health: &str, words: &str) {
        let (code, rows) = self.doctor();
        let row = rows.as_array().unwrap().iter().find(|row| row["体检项目"] == item).unwrap();
        assert_eq!(row["结果"], health, "{row}");
        assert!(row["说明"].as_str().unwrap().contains(words), "{row}");
        assert!(health != "有问题" || code == 1);
    }
}

const ITEMS: [&str; 5] =
    ["合并驱动", ".gitattributes", "钩子 pre-commit", "钩子 pre-merge-commit", "钩子 pre-push"];

#[test]
fn what_is_installed_is_live_and_installed_once() {
    let clone = Clone::new();
    fs::write(clone.path().join(".gitattributes"), "# 我们的\n*.csv -text").unwrap();
    for item in ITEMS {
        clone.assert_health(item, "有问题", "zxzz setup");
    }
    let first = clone.setup(&[]);
    let want = [
        "合并驱动：已设置 merge.zxzz.driver",
        ".gitattributes：已加一行 ledgers/**/*.csv merge=zxzz；请提交，大家共用",
        "pre-commit：已装 …/.git/hooks/pre-commit",
        "pre-merge-commit：已装 …/.git/hooks/pre-merge-commit",
        "pre-push：已装 …/.git/hooks/pre-push",
    ];
    assert_eq!(first.lines().collect::<Vec<_>>(), want);
    let attributes = fs::read_to_string(clone.path().join(".gitattributes")).unwrap();
    assert_eq!(attributes, "# 我们的\n*.csv -text\nledgers/**/*.csv merge=zxzz\n");
    let hook = fs::read_to_string(clone.hook("pre-commit")).unwrap();
    let again = clone.setup(&[]);
    assert!(again.lines().all(|line| line.contains("已经装好") || line.contains("已有")), "{again}");
    assert_eq!(fs::read_to_string(clone.hook("pre-commit")).unwrap(), hook);
    clone.commit("attributes");
    let (code, rows) = clone.doctor();
    assert_eq!(code, 0, "{rows}");
    assert!(rows.as_array().unwrap().iter().all(|row| row["结果"] == "好"), "{rows}");

    let gone = clone.setup(&["--uninstall"]);
    assert!(gone.contains("已删去 merge.zxzz.driver") && gone.contains("pre-push：已删去"), "{gone}");
    assert!(!clone.hook("pre-commit").exists());
    assert!(!clone.git(&["config", "--get-regexp", "^merge.zxzz"]).status.success());
    assert_eq!(fs::read_to_string(clone.path().join(".gitattributes")).unwrap(), attributes);
    assert!(clone.setup(&["--uninstall"]).starts_with("没有装过"));
}

#[test]
fn somebody_elses_hook_is_left_alone_and_may_call_ours() {
    let clone = Clone::new();
    let foreign = "#!/bin/sh\necho foreign\n";
    fs::create_dir_all(clone.path().join(".git/hooks")).unwrap();
    fs::write(clone.hook("pre-push"), foreign).unwrap();
    let told = clone.setup(&[]);
    let call = "\"$(dirname \"$0\")\"/pre-push.zxzz \"$@\" || exit 1";
    assert!(told.contains(&format!("pre-push：已有别的钩子，没有动；请在其中加一行：{call}")), "{told}");
    assert_eq!(fs::read_to_string(clone.hook("pre-push")).unwrap(), foreign);
    clone.assert_health("钩子 pre-push", "有问题", "是别的钩子，没有调用 zxzz");
    fs::write(clone.hook("pre-push"), format!("#!/bin/sh\n{call}\n")).unwrap();
    clone.assert_health("钩子 pre-push", "有问题", "chmod +x");
    make_executable(&clone.hook("pre-push"), true);
    clone.assert_health("钩子 pre-push", "好", "试运行成功");
    assert!(clone.setup(&[]).contains("pre-push：已经由原来的钩子调用"));
    clone.setup(&["--uninstall"]);
    assert!(clone.hook("pre-push").exists() && !clone.hook("pre-push.zxzz").exists());
}

#[test]
fn hooks_go_where_git_looks_but_not_where_others_look_too() {
    let clone = Clone::new();
    clone.git(&["config", "core.hooksPath", ".githooks"]);
    clone.setup(&[]);
    assert!(clone.path().join(".githooks/pre-push").exists());
    clone.assert_health("钩子 pre-push", "好", ".githooks");

    let clone = Clone::new();
    let shared = clone.home.path().join("shared");
    fs::write(clone.home.path().join("config"), format!("[core]\nhooksPath = {}\n", shared.display()))
        .unwrap();
    let told = clone.setup(&[]);
    assert!(told.contains("pre-push：没有装：core.hooksPath 指向各仓库共用的"), "{told}");
    assert!(!shared.exists());
}

#[test]
fn the_doctor_runs_what_it_vouches_for() {
    let clone = Clone::new();
    clone.setup(&[]);
    clone.commit("attributes");
    let driver = String::from_utf8(clone.git(&["config", "merge.zxzz.driver"]).stdout).unwrap();
    clone.git(&["config", "merge.zxzz.driver", "true"]);
    clone.assert_health("合并驱动", "有问题", "试合并没有成功");
    clone.git(&["config", "merge.zxzz.driver", driver.trim()]);
    clone.assert_health("合并驱动", "好", "按行列合并成功");

    make_executable(&clone.hook("pre-commit"), false);
    clone.assert_health("钩子 pre-commit", "有问题", "脚本不能运行");
    make_executable(&clone.hook("pre-commit"), true);
    let text = fs::read_to_string(clone.hook("pre-push")).unwrap();
    let lost = text.replace(env!("CARGO_BIN_EXE_zxzz"), "/nonexistent/zxzz");
    fs::write(clone.hook("pre-push"), &lost).unwrap();
    clone.assert_health("钩子 pre-push", "有问题", "试运行没有成功");

    fs::write(clone.path().join("ledgers/.gitattributes"), "*.csv -merge\n").unwrap();
    clone.assert_health(".gitattributes", "有问题", "merge 属性是 unset");
}

#[test]
fn the_doctor_names_what_to_do() {
    let clone = Clone::new();
    clone.git(&["config", "core.autocrlf", "true"]);
    clone.assert_health("换行", "有问题", "*.csv -text");
    clone.git(&["config", "--unset", "core.quotepath"]);
    clone.assert_health("中文文件名", "注意", "git config core.quotepath false");
    clone.git(&["config", "--unset", "user.email"]);
    clone.assert_health("提交人", "有问题", "git config user.name");
    let gbk = encoding_rs::GB18030.encode(&clone.desk.read()).0.into_owned();
    fs::write(clone.path().join(LEDGER), gbk).unwrap();
    clone.assert_health("编码", "有问题", &format!("zxzz fmt --encoding utf-8-bom {LEDGER}"));
    clone.assert_health("文件", "注意", "1 个文件改了还没有提交");
    fs::write(clone.path().join("ledgers/yanglao/.shuangshan.csv.zxzz-new"), "").unwrap();
    clone.assert_health("临时文件", "注意", "ledgers/yanglao/.shuangshan.csv.zxzz-new");
    let output = clone.zxzz(&["doctor", "--as-of", "2031-01-01"]);
    assert!(told(&output).contains("不知道今年 2031 年"), "{}", told(&output));
    fs::write(clone.path().join("units.toml"), "= broken").unwrap();
    clone.assert_health("设置和方案", "有问题", "zxzz check");

    let shallow = tempfile::tempdir().unwrap();
    let source = format!("file://{}", clone.path().display());
    let target = shallow.path().join("clone");
    clone.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "second"]);
    clone.git(&["clone", "-q", "--depth", "1", &source, target.to_str().unwrap()]);
    let mut zxzz = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    let output = clone.alone(zxzz.arg("-C").arg(&target).arg("doctor")).output().unwrap();
    assert!(told(&output).contains("git fetch --unshallow"), "{}", told(&output));

    let bare = Desk::new(&[]);
    let output = clone.alone(&mut bare.command(&["doctor", "--as-of", "2025-10-15"])).output().unwrap();
    assert!(told(&output).contains("工作区不在 git 仓库里"), "{}", told(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_unfinished_merge_is_seen() {
    let clone = Clone::new();
    for (branch, person) in [("side", "赵六"), ("main", "钱七")] {
        if branch == "side" {
            clone.git(&["checkout", "-qb", "side"]);
        } else {
            clone.git(&["checkout", "-q", "main"]);
        }
        clone.desk.write(&clone.desk.read().replace("李四", person));
        clone.commit(branch);
    }
    assert!(!clone.git(&["merge", "side"]).status.success());
    clone.assert_health("文件", "有问题", "1 个文件合并没有做完");
}

#[test]
fn what_is_pushed_is_audited() {
    let clone = Clone::new();
    let remote = tempfile::tempdir().unwrap();
    let remote = remote.path().to_str().unwrap();
    clone.git(&["init", "-q", "--bare", remote]);
    clone.git(&["remote", "add", "origin", remote]);
    clone.setup(&[]);
    clone.commit("attributes");
    let push = |words: &[&str]| clone.git(&[&["push", "-q", "origin"], words].concat());
    let new = push(&["main"]);
    assert!(new.status.success(), "{}", told(&new));

    let change = |cells: &[(&str, &str)]| {
        let text = clone.desk.read();
        let row = text.lines().last().unwrap();
        clone.desk.write(&text.replace(row, &with(row, cells)));
        clone.commit("change");
    };
    change(&[("备注", "示例")]);
    let honest = push(&["main"]);
    assert!(honest.status.success(), "{}", told(&honest));
    assert!(told(&honest).contains("1 次提交"), "only what is new: {}", told(&honest));

    change(&[("完成时限", "2025-12-31")]);
    for refs in [&["main"][..], &["main:refs/heads/new"]] {
        let fudged = push(refs);
        assert!(!fudged.status.success());
        assert!(told(&fudged).contains("[changed-deadline]"), "{}", told(&fudged));
        assert!(told(&fudged).contains("没有推送到"), "{}", told(&fudged));
    }
    clone.git(&["push", "-q", "--no-verify", "origin", "main:refs/heads/old"]);
    let deleted = push(&["--delete", "old"]);
    assert!(deleted.status.success(), "{}", told(&deleted));
}

#[cfg(unix)]
fn make_executable(path: &Path, on: bool) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(if on { 0o755 } else { 0o644 })).unwrap();
}

/// What is staged decides, not what stands on disk.
#[test]
fn a_commit_is_held_back_by_what_it_would_bring() {
    let clone = Clone::new();
    clone.setup(&[]);
    clone.commit("attributes");
    let commit = || {
        let output = clone.git(&["commit", "-q", "-m", "change"]);
        (output.status.success(), told(&output))
    };
    let text = clone.desk.read();
    let row = text.lines().last().unwrap();
    let write = |cells: &[(&str, &str)]| clone.desk.write(&text.replace(row, &with(row, cells)));

    write(&[("备注", "示例")]);
    clone.git(&["add", "-A"]);
    write(&[("完成时限", "2025-13-01")]);
    let (is_in, said) = commit();
    assert!(is_in, "only the disk is wrong: {said}");

    clone.git(&["add", "-A"]);
    write(&[("备注", "示例")]);
    let (is_in, said) = commit();
    assert!(!is_in && said.contains("[bad-date]"), "only the index is wrong: {said}");

    write(&[("备注", "示例"), ("完成时限", "2025-12-31")]);
    let output = clone.git(&["commit", "-q", "-m", "only", "--only", LEDGER]);
    assert!(!output.status.success(), "the index of this commit alone: {}", told(&output));
    assert!(told(&output).contains("[changed-deadline]"), "{}", told(&output));
}
