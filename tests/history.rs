//! `zxzz audit` on branches, merges, shallow clones and odd repositories.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, HEADER, LEDGER, lawful, told, with};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use zxzz::model::workflow::{Kind, Status};

struct Repo {
    desk: Desk,
}

impl Repo {
    /// One commit with two issues, on the branch `main`.
    fn new() -> Repo {
        let issue = |id: &str| lawful(id, Status::Underway, Kind::Limited);
        let repo = Repo { desk: Desk::new(&[issue("YL-SS-0001"), issue("YL-SS-0002"), issue("YL-SS-0003")]) };
        repo.git(&["init", "-q", "-b", "main"]);
        repo.commit("2025-08-25");
        repo
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }

    fn git(&self, words: &[&str]) -> Output {
        self.git_on("2025-08-25", words)
    }

    fn git_on(&self, day: &str, words: &[&str]) -> Output {
        let mut git = Command::new("git");
        git.arg("-C")
            .arg(self.path())
            .args(words)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "李四").env(format!("GIT_{who}_EMAIL"), "lisi@example.org");
            git.env(format!("GIT_{who}_DATE"), format!("{day}T12:00:00+0800"));
        }
        git.output().unwrap()
    }

    fn commit(&self, day: &str) {
        self.git_on(day, &["add", "-A"]);
        let output = self.git_on(day, &["commit", "-qm", day]);
        assert!(output.status.success(), "{}", told(&output));
    }

    /// Replaces cells of one row.
    fn change(&self, id: &str, cells: &[(&str, &str)]) {
        let text = self.desk.read();
        let lines =
            text.lines().map(|line| if line.starts_with(id) { with(line, cells) } else { line.to_owned() });
        self.desk.write(&(lines.collect::<Vec<_>>().join("\n") + "\n"));
    }

    fn apply(&self, id: &str, day: &str) {
        self.change(
            id,
            &[("整改状态", "待销号"), ("整改进展", "已更换"), ("申请日期", day), ("佐证", "档案1号")],
        );
        self.commit(day);
    }

    fn audit(&self, words: &[&str]) -> (i32, String) {
        let output = self.desk.run(&[&["audit"], words].concat());
        (output.status.code().unwrap(), told(&output))
    }
}

/// Two branches with work on different issues, not merged yet; HEAD is on `main`.
fn branched() -> Repo {
    let repo = Repo::new();
    repo.git(&["checkout", "-qb", "side"]);
    repo.apply("YL-SS-0003", "2025-09-05");
    repo.git(&["checkout", "-q", "main"]);
    repo.apply("YL-SS-0001", "2025-09-06");
    repo
}

#[test]
fn honest_branches_and_merges_are_clean() {
    let repo = branched();
    let merged = repo.git_on("2025-09-07", &["merge", "-q", "--no-edit", "side"]);
    assert!(merged.status.success(), "{}", told(&merged));
    assert_eq!(repo.audit(&[]).0, 0, "{}", repo.audit(&[]).1);
    assert!(repo.audit(&[]).1.contains("4 次提交"), "{}", repo.audit(&[]).1);
}

#[test]
fn what_a_merge_slips_in_or_drops_is_found() {
    type Evil = (&'static str, fn(&Repo), &'static str);
    let cases: [Evil; 5] = [
        (
            "a limit moved",
            |repo| repo.change("YL-SS-0002", &[("完成时限", "2025-12-31")]),
            "changed-deadline",
        ),
        ("a row dropped", |repo| drop_row(repo, "YL-SS-0003"), "deleted-row"),
        (
            "a status jumped",
            |repo| repo.change("YL-SS-0002", &[("整改状态", "未整改"), ("整改措施", ""), ("交办日期", "")]),
            "illegal-move",
        ),
        (
            "the side's move undone",
            |repo| repo.change("YL-SS-0003", &[("整改状态", "整改中"), ("申请日期", "")]),
            "illegal-move",
        ),
        (
            "the side's limit moved",
            |repo| repo.change("YL-SS-0003", &[("完成时限", "2025-12-31")]),
            "changed-deadline",
        ),
    ];
    for (name, evil, code) in cases {
        let repo = branched();
        repo.git_on("2025-09-07", &["merge", "-q", "--no-commit", "--no-ff", "side"]);
        evil(&repo);
        repo.commit("2025-09-07");
        let (exit, said) = repo.audit(&[]);
        assert_eq!(exit, 1, "{name}: {said}");
        assert!(said.contains(code), "{name}: {said}");
    }
    let repo = branched();
    repo.git_on("2025-09-07", &["merge", "-q", "-s", "ours", "--no-edit", "side"]);
    let (exit, said) = repo.audit(&[]);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("YL-SS-0003") && said.contains("illegal-move"), "{said}");
}

fn drop_row(repo: &Repo, id: &str) {
    let text = repo.desk.read();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(id)).collect();
    repo.desk.write(&(lines.join("\n") + "\n"));
}

#[test]
fn what_a_branch_did_and_undid_is_found_after_the_merge() {
    let repo = Repo::new();
    repo.git(&["checkout", "-qb", "side"]);
    repo.change("YL-SS-0002", &[("完成时限", "2025-12-31")]);
    repo.commit("2025-09-01");
    repo.change("YL-SS-0002", &[("完成时限", "2025-09-30")]);
    repo.commit("2025-09-02");
    repo.git(&["checkout", "-q", "main"]);
    repo.git_on("2025-09-03", &["merge", "-q", "--no-ff", "--no-edit", "side"]);
    let (exit, said) = repo.audit(&[]);
    assert_eq!((exit, said.matches("changed-deadline").count()), (1, 2), "{said}");
    assert_eq!(repo.audit(&["HEAD~1.."]).0, 1, "the range holds the branch's commits");
    assert_eq!(repo.audit(&["HEAD^2.."]).0, 0, "the merge itself brought nothing");
}

/// Changes of form are no changes of the record.
#[test]
fn form_is_not_substance() {
    let repo = Repo::new();
    let text = repo.desk.read();
    repo.desk.write(&format!("\u{FEFF}{}", text.replace('\n', "\r\n")));
    repo.commit("2025-08-26");
    assert_eq!(repo.desk.run(&["fmt"]).status.code(), Some(0));
    repo.desk.write(&repo.desk.read().replace("灭火器过期", "\"灭火器过期\""));
    repo.commit("2025-08-27");
    let mut lines: Vec<String> = repo.desk.read().lines().map(str::to_owned).collect();
    lines[1..].reverse();
    repo.desk.write(&(lines.join("\r\n") + "\r\n"));
    repo.commit("2025-08-28");
    let gb = encoding_rs::GB18030.encode(repo.desk.read().trim_start_matches('\u{FEFF}')).0.into_owned();
    fs::write(repo.path().join(LEDGER), gb).unwrap();
    repo.commit("2025-08-29");
    assert_eq!(
        repo.audit(&[]),
        (0, "5 次提交、5 个台账版本：0 个错误，0 个警告；3 行入库时已在办理中，从入库起核验\n".to_owned())
    );
}

/// One tampering each on a clean history: found, or the audit is worth nothing.
#[test]
fn tampering_of_every_kind_is_found() {
    type Tamper = (&'static str, fn(&Repo), &'static str);
    let kinds: [Tamper; 20] = [
        ("limit later", |r| r.change("YL-SS-0002", &[("完成时限", "2025-11-30")]), "changed-deadline"),
        ("limit a day later", |r| r.change("YL-SS-0002", &[("完成时限", "2025-10-01")]), "changed-deadline"),
        (
            "limit spelt otherwise and later",
            |r| r.change("YL-SS-0002", &[("完成时限", "2025/11/30")]),
            "changed-deadline",
        ),
        ("found later", |r| r.change("YL-SS-0002", &[("发现日期", "2025-08-21")]), "changed-found"),
        ("back to 未整改", |r| r.change("YL-SS-0002", &[("整改状态", "未整改")]), "illegal-move"),
        ("jump to 已销号", |r| close(r, "YL-SS-0002"), "closed-at-once"),
        (
            "application withdrawn",
            |r| r.change("YL-SS-0001", &[("整改状态", "整改中"), ("申请日期", "")]),
            "illegal-move",
        ),
        ("returns forged up", |r| r.change("YL-SS-0002", &[("退回次数", "1")]), "illegal-move"),
        (
            "transferred while applied for",
            |r| r.change("YL-SS-0001", &[("整改状态", "已移交"), ("去向", "别处")]),
            "illegal-move",
        ),
        ("row deleted", |r| drop_row(r, "YL-SS-0002"), "deleted-row"),
        ("id in lower case", |r| rename(r, "YL-SS-0002", "yl-ss-0002"), "deleted-row"),
        ("id in full width", |r| rename(r, "YL-SS-0002", "ＹＬ-SS-0002"), "deleted-row"),
        ("id renumbered", |r| rename(r, "YL-SS-0002", "YL-SS-0009"), "deleted-row"),
        ("round forged", |r| r.change("YL-SS-0002", &[("轮次", "2")]), "deleted-row"),
        ("ledger deleted", |r| fs::remove_file(r.path().join(LEDGER)).unwrap(), "deleted-ledger"),
        ("ledger renamed", |r| move_to(r, "diaozhen.csv"), "deleted-ledger"),
        ("ledger hidden", |r| move_to(r, "_shuangshan.csv"), "deleted-ledger"),
        ("emptied to its header", |r| r.desk.write(&format!("{HEADER}\n")), "deleted-row"),
        ("closed row edited", |r| r.change("YL-SS-0003", &[("整改措施", "别的")]), "touched-closed"),
        (
            "closed row reopened in place",
            |r| r.change("YL-SS-0003", &[("整改状态", "整改中")]),
            "touched-closed",
        ),
    ];
    for (name, tamper, code) in kinds {
        let repo = Repo::new();
        repo.apply("YL-SS-0001", "2025-09-05");
        repo.apply("YL-SS-0003", "2025-09-05");
        close(&repo, "YL-SS-0003");
        repo.commit("2025-09-06");
        assert_eq!(repo.audit(&[]).0, 0, "{}", repo.audit(&[]).1);
        tamper(&repo);
        repo.commit("2025-09-07");
        let (exit, said) = repo.audit(&[]);
        assert!(exit == 1 || exit == 3, "{name}: {said}");
        assert!(said.contains(code), "{name}: {said}");
    }
}

fn close(repo: &Repo, id: &str) {
    let cells = [
        ("整改状态", "已销号"),
        ("整改进展", "已更换"),
        ("申请日期", "2025-09-05"),
        ("佐证", "档案1号"),
        ("核查人", "王五"),
        ("核查日期", "2025-09-06"),
        ("销号日期", "2025-09-06"),
    ];
    repo.change(id, &cells);
}

fn rename(repo: &Repo, id: &str, new: &str) {
    repo.desk.write(&repo.desk.read().replace(id, new));
}

fn move_to(repo: &Repo, name: &str) {
    let folder = repo.path().join("ledgers/yanglao");
    fs::rename(folder.join("shuangshan.csv"), folder.join(name)).unwrap();
}

#[test]
fn what_cannot_be_looked_at_is_never_clean() {
    let repo = branched();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth", "1", &url, clone.path().to_str().unwrap()]);
    let audit = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        command.arg("-C").arg(folder).arg("audit").env_clear().output().unwrap()
    };
    let shallow = audit(clone.path());
    assert_eq!(shallow.status.code(), Some(3), "{}", told(&shallow));
    assert!(told(&shallow).contains("浅克隆"), "{}", told(&shallow));

    let worktree = clone.path().join("work");
    repo.git(&["worktree", "add", "-q", worktree.to_str().unwrap(), "side"]);
    assert_eq!(audit(&worktree).status.code(), Some(0), "{}", told(&audit(&worktree)));

    fs::write(repo.path().join("units.toml"), "[[units\n").unwrap();
    repo.apply("YL-SS-0002", "2025-09-08");
    let (exit, said) = repo.audit(&[]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("未能核验") && said.contains("units.toml"), "{said}");
    assert_eq!(repo.audit(&["nowhere.."]).0, 3);
}

/// What an earlier audit left is taken up only where the history goes on from it; either way the output is the same.
#[test]
fn an_audit_goes_on_from_the_last_or_begins_anew() {
    let repo = branched();
    let both = |what: &str| {
        let (all, since) = (repo.audit(&[]), repo.audit(&["--since-last"]));
        assert_eq!(all, since, "{what}");
        since
    };
    both("nothing was left");
    let left = repo.path().join(".git/zxzz/verified-.json");
    assert!(left.exists());
    repo.change("YL-SS-0001", &[("完成时限", "2025-12-31")]);
    repo.commit("2025-09-07");
    assert_eq!(both("an offence has come").0, 1);
    assert_eq!(both("it stays an offence").0, 1);
    let merged = repo.git_on("2025-09-08", &["merge", "-q", "--no-edit", "side"]);
    assert!(merged.status.success(), "{}", told(&merged));
    both("a branch from before was merged");
    // The applicant closes: who applied is known from before.
    close(&repo, "YL-SS-0001");
    repo.commit("2025-09-09");
    assert!(both("closed by the applicant").1.contains("closed-by-applicant"));
    let marker = fs::read_to_string(&left).unwrap();
    repo.git_on("2025-09-09", &["commit", "-q", "--amend", "-m", "again"]);
    assert_eq!(both("the last commit was rewritten").0, 1);
    assert_ne!(fs::read_to_string(&left).unwrap(), marker);
    fs::write(&left, "{}").unwrap();
    both("what was left is broken");
}

#[test]
fn a_range_judges_its_commits_by_all_that_came_before() {
    let repo = Repo::new();
    repo.apply("YL-SS-0001", "2025-09-05");
    repo.git(&["tag", "base"]);
    close(&repo, "YL-SS-0001");
    repo.commit("2025-09-06");
    let (exit, said) = repo.audit(&["base.."]);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("closed-by-applicant") && said.contains("1 次提交"), "{said}");
}

#[test]
fn a_base_that_is_no_ancestor_proves_nothing() {
    let repo = branched();
    assert_eq!(repo.audit(&["side..main"]).0, 3, "{}", repo.audit(&["side..main"]).1);
    let (exit, said) = repo.audit(&["side...main"]);
    assert_eq!(exit, 0, "{said}");
    assert!(said.starts_with("1 次提交"), "{said}");
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    repo.commit("2025-09-10");
    assert_eq!(repo.audit(&["main...other"]).0, 3);
}

/// Who signs vouches for the evidence that he saw; a return takes the sign-off and the vouching away.
#[test]
fn evidence_is_fixed_from_sign_off_until_a_return() {
    let repo = Repo::new();
    let photo = |text: &str| fs::write(repo.path().join("ledgers/yanglao/照片.jpg"), text).unwrap();
    let applied = [("整改状态", "待销号"), ("整改进展", "已更换"), ("佐证", "照片.jpg")];
    photo("一");
    repo.change("YL-SS-0001", &[&applied[..], &[("申请日期", "2025-09-05")]].concat());
    repo.commit("2025-09-05");
    photo("二");
    repo.commit("2025-09-06");
    repo.change("YL-SS-0001", &[("核查人", "王五"), ("核查日期", "2025-09-07")]);
    repo.commit("2025-09-07");
    let returned = [("整改状态", "整改中"), ("整改进展", "照片不清"), ("退回次数", "1")];
    let cleared = [("申请日期", ""), ("核查人", ""), ("核查日期", "")];
    let stale = |said: &str| said.matches("[changed-evidence]").count();

    repo.git(&["checkout", "-qb", "tampered"]);
    photo("三");
    repo.commit("2025-09-08");
    let (_, said) = repo.audit(&[]);
    assert_eq!(stale(&said), 1, "{said}");

    repo.git(&["checkout", "-q", "main"]);
    repo.change("YL-SS-0001", &[&returned[..], &cleared[..]].concat());
    repo.commit("2025-09-09");
    photo("四");
    repo.commit("2025-09-10");
    let (_, said) = repo.audit(&[]);
    assert_eq!(stale(&said), 0, "{said}");
}

/// A workspace that moved within its repository has nothing to be compared with where it stands now.
#[test]
fn a_moved_workspace_is_never_clean_before_its_commit_either() {
    let repo = Repo::new();
    fs::create_dir(repo.path().join("新址")).unwrap();
    let mut words = vec!["mv"];
    let files = ["campaigns", "ledgers", "units.toml", "zxzz.toml"];
    words.extend(files.into_iter().chain(["新址"]));
    assert!(repo.git(&words).status.success());
    let check = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        command.arg("-C").arg(repo.path().join("新址")).args(["check", "--as-of", "2025-08-25"]).args(words);
        let output = command.output().unwrap();
        (output.status.code().unwrap(), told(&output))
    };
    let (exit, said) = check(&["--staged"]);
    assert!(exit == 3 && said.contains("移来"), "{exit}: {said}");
    repo.git(&["checkout", "-qb", "side"]);
    repo.commit("2025-08-26");
    let (exit, said) = check(&["--base", "main"]);
    assert!(exit == 3 && said.contains("移来"), "{exit}: {said}");
}

/// A second workspace in the repository is new, not moved.
#[test]
fn a_new_workspace_beside_another_is_clean() {
    let repo = Repo::new();
    let beside = repo.path().join("另一个");
    let init = Command::new(env!("CARGO_BIN_EXE_zxzz")).arg("init").arg(&beside).output().unwrap();
    assert!(init.status.success(), "{}", told(&init));
    repo.git(&["add", "-A"]);
    let check = Command::new(env!("CARGO_BIN_EXE_zxzz"))
        .arg("-C")
        .arg(&beside)
        .args(["check", "--staged", "--as-of", "2025-08-25"])
        .output()
        .unwrap();
    assert_eq!(check.status.code(), Some(0), "{}", told(&check));
}
