//! `--commit` and `undo` in real repositories.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, LEDGER, lawful, told};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zxzz::model::workflow::{Kind, Status};

/// A desk in a repository; the workspace may be a folder below its top.
struct Repo {
    desk: Desk,
}

impl Repo {
    fn new() -> Repo {
        let repo = Repo { desk: Desk::new(&[lawful("YL-SS-0001", Status::Registered, Kind::Limited)]) };
        repo.git(&["init", "-q", "-b", "main"]);
        repo.git(&["config", "user.name", "张三"]);
        repo.git(&["config", "user.email", "zhangsan@example.org"]);
        repo
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }

    fn git(&self, words: &[&str]) -> String {
        let output = alone(Command::new("git").arg("-C").arg(self.path()).args(words)).output().unwrap();
        assert!(output.status.success(), "git {words:?}: {}", told(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit_all(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "all"]);
    }

    fn zxzz(&self, words: &[&str]) -> Output {
        alone(&mut self.desk.command(words)).output().unwrap()
    }

    fn set(&self, note: &str) -> Output {
        self.zxzz(&["set", "YL-SS-0001", &format!("备注={note}"), "--commit"])
    }
}

/// Without the settings of whoever runs the tests.
fn alone(command: &mut Command) -> &mut Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env("PATH", path)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", "/nonexistent")
}

#[test]
fn a_commit_holds_the_ledger_and_nothing_else() {
    let repo = Repo::new();
    repo.commit_all();
    fs::write(repo.path().join("别的.txt"), "staged").unwrap();
    repo.git(&["add", "别的.txt"]);
    fs::write(repo.path().join("units.toml"), "# unstaged\n").unwrap();
    repo.git(&["checkout", "-q", "units.toml"]);
    repo.git(&["rm", "-q", "--cached", "campaigns/daolu.toml"]);
    let output =
        repo.zxzz(&["start", "YL-SS-0001", "--measures", "更换", "--date", "2025-08-22", "--commit"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(
        repo.git(&["-c", "core.quotePath=false", "show", "--format=", "--name-only", "HEAD"]),
        format!("{LEDGER}\n")
    );
    let staged = repo.git(&["-c", "core.quotePath=false", "diff", "--cached", "--name-status"]);
    assert_eq!(staged, "D\tcampaigns/daolu.toml\nA\t别的.txt\n");
    let message = repo.git(&["log", "-1", "--format=%an%n%s%n%(trailers)"]);
    assert_eq!(message.trim_end(), "张三\n启动整改 YL-SS-0001\nZxzz-Move: start\nZxzz-Issue: YL-SS-0001");
    assert!(repo.git(&["log", "-1", "--format=%b"]).contains("整改措施：（空） → 更换"));
}

#[test]
fn an_import_commits_what_it_wrote() {
    let repo = Repo::new();
    repo.commit_all();
    let sheet = repo.path().join("催办.csv");
    fs::write(&sheet, "编号,备注\nYL-SS-0001,已催办\n").unwrap();
    let sheet = sheet.to_string_lossy().into_owned();
    let words = [
        "import",
        &sheet,
        "--campaign",
        "养老",
        "--unit",
        "双山",
        "--as-of",
        "2025-09-20",
        "--yes",
        "--commit",
    ];
    let output = repo.zxzz(&words);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let files = repo.git(&["-c", "core.quotePath=false", "show", "--format=", "--name-only", "HEAD"]);
    assert_eq!(files, format!("{LEDGER}\n"));
    let message = repo.git(&["log", "-1", "--format=%s%n%b"]);
    for says in ["导入 ", " 1 行", "催办.csv", "Zxzz-Move: import"] {
        assert!(message.contains(says), "{says}\n{message}");
    }
    let again = repo.zxzz(&words);
    assert_eq!(again.status.code(), Some(0), "{}", told(&again));
    assert_eq!(repo.git(&["rev-list", "--count", "HEAD"]), "2\n", "nothing to commit the second time");
}

#[test]
fn the_first_commit_a_new_ledger_and_a_workspace_below_the_top_work() {
    let repo = Repo::new();
    let output = repo.set("一");
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(repo.git(&["ls-files"]), format!("{LEDGER}\n"));

    let outer = tempfile::tempdir().unwrap();
    let inner: PathBuf = outer.path().join("章丘 区");
    fs::rename(repo.path(), &inner).unwrap();
    fs::rename(inner.join(".git"), outer.path().join(".git")).unwrap();
    fs::create_dir_all(repo.path()).unwrap();
    let add = [
        "add",
        "--campaign",
        "养老",
        "--unit",
        "刁镇",
        "--commit",
        "--date",
        "2025-09-01",
        "任务=消防安全",
        "问题类型=（二）",
        "问题主体=幸福院",
        "问题描述=灭火器过期",
        "问题来源=自查自纠",
        "责任部门=民政办",
        "责任领导=张三",
        "责任人=李四",
    ];
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    let output = alone(command.arg("-C").arg(&inner).args(add).env_clear()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let mut git = Command::new("git");
    let files = alone(git.arg("-C").arg(outer.path()).args([
        "-c",
        "core.quotePath=false",
        "show",
        "--format=",
        "--name-only",
    ]))
    .output()
    .unwrap();
    assert_eq!(told(&files), "章丘 区/ledgers/yanglao/diaozhen.csv\n");
}

#[test]
fn what_was_not_committed_before_is_told() {
    let repo = Repo::new();
    repo.commit_all();
    assert_eq!(repo.zxzz(&["set", "YL-SS-0001", "责任人=赵六"]).status.code(), Some(0));
    let output = repo.set("一");
    assert!(told(&output).contains("原来没有提交的改动，也在这次提交里"), "{}", told(&output));
    assert!(repo.git(&["log", "-1", "--format=%b"]).contains("此前没有提交的改动"));
}

#[test]
fn without_repository_identity_or_peace_nothing_is_written() {
    let alone = Desk::new(&[lawful("YL-SS-0001", Status::Registered, Kind::Limited)]);
    let output = alone.run(&["set", "YL-SS-0001", "备注=一", "--commit"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("git"), "{}", told(&output));

    let repo = Repo::new();
    repo.commit_all();
    let before = repo.desk.read();
    repo.git(&["config", "--unset", "user.email"]);
    repo.git(&["config", "user.useConfigOnly", "true"]);
    let output = repo.set("一");
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("git config user.email"), "{}", told(&output));
    repo.git(&["config", "user.email", "zhangsan@example.org"]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    fs::write(repo.path().join(".git/MERGE_HEAD"), head).unwrap();
    let output = repo.set("一");
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("正在合并"), "{}", told(&output));
    assert_eq!(repo.desk.read(), before);
}

#[cfg(unix)]
#[test]
fn a_hook_or_a_signature_that_fails_leaves_the_index_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let repo = Repo::new();
    fs::write(repo.path().join("别的.txt"), "staged").unwrap();
    repo.git(&["add", "别的.txt"]);
    let staged = || repo.git(&["ls-files", "-s"]);
    let before = staged();
    repo.git(&["config", "commit.gpgSign", "true"]);
    repo.git(&["config", "gpg.program", "false"]);
    let output = repo.set("一");
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("git 没有收下这次提交"), "{}", told(&output));
    assert_eq!(staged(), before);
    repo.git(&["config", "commit.gpgSign", "false"]);
    let hook = repo.path().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho 台账不合规\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let output = repo.set("二");
    assert!(told(&output).contains("台账不合规"), "{}", told(&output));
    assert!(told(&output).contains("zxzz undo"), "{}", told(&output));
    assert_eq!(staged(), before);
    assert!(repo.desk.read().contains("二"), "the edit stands");
    assert_eq!(repo.zxzz(&["undo", "YL-SS-0001"]).status.code(), Some(0));
    assert!(repo.desk.read().contains("一"));
}

#[test]
fn an_ignored_ledger_is_told() {
    let repo = Repo::new();
    fs::write(repo.path().join(".gitignore"), "ledgers/\n").unwrap();
    let output = repo.set("一");
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains(".gitignore"), "{}", told(&output));
}

#[test]
fn the_setting_commits_every_edit() {
    let repo = Repo::new();
    fs::write(repo.path().join("zxzz.toml"), "name = \"示例区\"\nyear = 2025\ncommit = true\n").unwrap();
    let output = repo.zxzz(&["set", "YL-SS-0001", "备注=一"]);
    assert!(told(&output).contains("已提交"), "{}", told(&output));
    assert_eq!(repo.git(&["log", "--oneline"]).lines().count(), 1);
    let shown = repo.zxzz(&["set", "YL-SS-0001", "备注=二", "--dry-run"]);
    assert!(told(&shown).contains("没有写文件"), "{}", told(&shown));
    assert_eq!(repo.git(&["log", "--oneline"]).lines().count(), 1);
}

#[test]
fn undo_stops_at_what_is_committed() {
    let repo = Repo::new();
    repo.commit_all();
    let first = repo.desk.read();
    repo.zxzz(&["start", "YL-SS-0001", "--measures", "更换", "--date", "2025-08-22"]);
    repo.commit_all();
    let committed = repo.desk.read();
    repo.zxzz(&["progress", "YL-SS-0001", "--note", "一半", "--date", "2025-08-25"]);
    assert_eq!(repo.zxzz(&["undo", "YL-SS-0001"]).status.code(), Some(0));
    assert_eq!(repo.desk.read(), committed);
    let output = repo.zxzz(&["undo", "YL-SS-0001"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("git revert"), "{}", told(&output));
    assert_eq!(repo.desk.read(), committed);
    assert_ne!(first, committed);
}

#[test]
fn a_seal_is_committed_with_nothing_else_and_only_after_the_ledgers() {
    let repo = Repo::new();
    repo.commit_all();
    let seal = || repo.zxzz(&["seal", "--month", "2025-09", "--as-of", "2025-10-08", "--commit"]);
    repo.zxzz(&["set", "YL-SS-0001", "备注=没有提交"]);
    let refused = seal();
    assert_eq!(refused.status.code(), Some(2), "{}", told(&refused));
    assert!(told(&refused).contains("先提交台账，再封账"), "{}", told(&refused));
    assert!(!repo.path().join("ledgers/_seals.csv").exists());
    repo.commit_all();
    let sealed = seal();
    assert_eq!(sealed.status.code(), Some(0), "{}", told(&sealed));
    assert!(told(&sealed).contains("已提交"), "{}", told(&sealed));
    assert_eq!(
        repo.git(&["show", "--format=", "--name-only", "HEAD"]),
        "ledgers/_seals.csv\nledgers/_seals/2025-09.txt\n"
    );
    let number = repo.git(&["log", "-1", "--format=%(trailers:key=Zxzz-Seal,valueonly)"]);
    assert!(told(&sealed).contains(number.trim()) && number.trim().len() == 16, "{number}");
    let again = seal();
    assert_eq!(again.status.code(), Some(0), "{}", told(&again));
    assert_eq!(repo.git(&["log", "--oneline"]).lines().count(), 3);
}

#[cfg(unix)]
#[test]
fn a_seal_that_a_hook_refuses_stays_written_and_is_told() {
    let repo = Repo::new();
    repo.commit_all();
    let hook = repo.path().join(".git/hooks/pre-commit");
    fs::write(&hook, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let sealed = repo.zxzz(&["seal", "--month", "2025-09", "--as-of", "2025-10-08", "--commit"]);
    assert_eq!(sealed.status.code(), Some(2), "{}", told(&sealed));
    assert!(told(&sealed).contains("git commit --only ledgers/_seals.csv"), "{}", told(&sealed));
    assert!(repo.path().join("ledgers/_seals.csv").exists());
}
