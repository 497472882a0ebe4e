//! Signed commits, verified by git: `policy.require_signed` from the key to the charge.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, lawful, told, with};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use zxzz::model::workflow::{Kind, Status};

const ID: &str = "YL-SS-0001";
const APPLICATION: [(&str, &str); 4] =
    [("整改状态", "待销号"), ("整改进展", "已更换"), ("申请日期", "2025-09-10"), ("佐证", "档案1号")];
const SIGNOFF: [(&str, &str); 2] = [("核查人", "王五"), ("核查日期", "2025-09-11")];
const CLOSING: [(&str, &str); 2] = [("整改状态", "已销号"), ("销号日期", "2025-09-12")];

/// A workspace that requires signatures, in a repository whose first commit its administrator signed.
struct Repo {
    desk: Desk,
    keys: TempDir,
}

impl Repo {
    /// With one row 整改中 and a register of four people.
    fn new() -> Repo {
        let row = lawful(ID, Status::Underway, Kind::Limited);
        let repo = Repo {
            desk: Desk::new(&[with(&row, &[("责任人", "钱十")])]),
            keys: tempfile::tempdir().unwrap(),
        };
        repo.git("2025-08-25", &["init", "-q", "-b", "main"]);
        let people = [
            repo.person("赵六", "区民政局", "\"管理\""),
            repo.person("李四", "双山街道", "\"经办\""),
            repo.person("王五", "区民政局", "\"核查\", \"销号\"") + "until = 2025-10-31\n",
            repo.person("孙七", "刁镇街道", "\"经办\", \"核查\", \"销号\", \"审批\""),
        ];
        repo.append("units.toml", &people.concat());
        repo.append("zxzz.toml", "\n[policy]\nrequire_signed = true\n");
        repo.signed("2025-08-25", "赵六");
        repo
    }

    /// The private key of a name, made when it is first asked for. Without ssh-keygen nothing here can be tested.
    fn key(&self, name: &str) -> PathBuf {
        let path = self.keys.path().join(name);
        if !path.exists() {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
                .arg(&path)
                .output()
                .unwrap_or_else(|error| panic!("these tests need ssh-keygen (openssh-client): {error}"));
            assert!(made.status.success(), "{}", told(&made));
        }
        path
    }

    fn public(&self, name: &str) -> String {
        let text = fs::read_to_string(self.key(name).with_extension("pub")).unwrap();
        text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    }

    fn fingerprint(&self, name: &str) -> String {
        let listed = Command::new("ssh-keygen").arg("-lf").arg(self.key(name)).output().unwrap();
        told(&listed).split(' ').nth(1).unwrap().to_owned()
    }

    fn person(&self, name: &str, unit: &str, roles: &str) -> String {
        let key = self.public(name);
        format!("\n[[people]]\nname = \"{name}\"\nunit = \"{unit}\"\nkeys = [\"{key}\"]\nroles = [{roles}]\n")
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }

    fn append(&self, file: &str, text: &str) {
        let old = fs::read_to_string(self.path().join(file)).unwrap_or_default();
        fs::write(self.path().join(file), old + text).unwrap();
    }

    fn git(&self, day: &str, words: &[&str]) -> Output {
        self.git_by("某人", day, words)
    }

    fn git_by(&self, name: &str, day: &str, words: &[&str]) -> Output {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.path()).args(words).env("HOME", self.keys.path());
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), name);
            git.env(format!("GIT_{who}_EMAIL"), format!("{name}@example.org"));
            git.env(format!("GIT_{who}_DATE"), format!("{day}T12:00:00+0800"));
        }
        let output = git.output().unwrap();
        assert!(output.status.success(), "git {words:?}: {}", told(&output));
        output
    }

    fn signed(&self, day: &str, name: &str) {
        let signing = format!("user.signingkey={}", self.key(name).display());
        self.git(day, &["add", "-A"]);
        let words = ["-c", "gpg.format=ssh", "-c", &signing, "commit", "-qS", "--allow-empty", "-m", day];
        self.git_by(name, day, &words);
    }

    fn unsigned(&self, day: &str) {
        self.git(day, &["add", "-A"]);
        self.git(day, &["commit", "-qm", day]);
    }

    fn change(&self, cells: &[(&str, &str)]) {
        let text = self.desk.read();
        let lines =
            text.lines().map(|line| if line.starts_with(ID) { with(line, cells) } else { line.to_owned() });
        self.desk.write(&(lines.collect::<Vec<_>>().join("\n") + "\n"));
    }

    /// 李四 applies, 王五 signs off and closes.
    fn finish(&self) {
        self.change(&APPLICATION);
        self.signed("2025-09-10", "李四");
        self.change(&SIGNOFF);
        self.signed("2025-09-11", "王五");
        self.change(&CLOSING);
        self.signed("2025-09-12", "王五");
    }

    fn audit_with(&self, path: &std::ffi::OsStr) -> (i32, String) {
        let output =
            self.desk.command(&["audit"]).env("PATH", path).env("HOME", self.keys.path()).output().unwrap();
        (output.status.code().unwrap(), told(&output))
    }

    fn audit(&self) -> (i32, String) {
        self.audit_with(&std::env::var_os("PATH").unwrap())
    }

    #[track_caller]
    fn is_clean(&self) {
        let (exit, said) = self.audit();
        assert_eq!(exit, 0, "{said}");
        assert!(!said.contains('['), "{said}");
    }

    /// The audit finds errors of this rule only, as often as `words`, each with its word.
    #[track_caller]
    fn is_charged(&self, code: &str, words: &[&str]) {
        let (exit, said) = self.audit();
        assert_eq!(exit, 1, "{said}");
        let charges: Vec<&str> = said.lines().filter(|line| line.ends_with(']')).collect();
        assert!(charges.iter().all(|line| line.ends_with(&format!("[{code}]"))), "{said}");
        assert_eq!(charges.len(), words.len(), "{said}");
        assert!(charges.iter().zip(words).all(|(line, word)| line.contains(word)), "{words:?} in {said}");
    }
}

#[test]
fn everybody_doing_his_own_part_is_clean() {
    let repo = Repo::new();
    repo.finish();
    repo.is_clean();
}

#[test]
fn an_unsigned_move_is_charged_but_not_a_change_of_form() {
    let repo = Repo::new();
    repo.desk.write(&repo.desk.read().replace("示例敬老院", "\"示例敬老院\""));
    repo.append("README.md", "说明");
    repo.unsigned("2025-09-09");
    repo.is_clean();
    repo.change(&APPLICATION);
    repo.unsigned("2025-09-10");
    repo.is_charged("unsigned-move", &["提交没有签名；动了 1 行"]);
}

#[test]
fn who_may_not_is_charged() {
    type Case = (&'static str, &'static str, fn(&Repo), &'static [&'static str]);
    let cases: [Case; 8] = [
        ("陈七", "2025-09-10", |repo| repo.change(&APPLICATION), &["不是名录里哪个人的"]),
        ("孙七", "2025-09-10", |repo| repo.change(&APPLICATION), &["经办只办本单位"]),
        ("王五", "2025-09-10", |repo| repo.change(&APPLICATION), &["没有“经办”"]),
        ("李四", "2025-09-10", |repo| repo.change(&[("延期至", "2025-10-31")]), &["没有“审批”"]),
        ("李四", "2025-09-10", |repo| repo.append("zxzz.toml", "# 注\n"), &["没有“管理”"]),
        ("李四", "2025-09-10", |repo| repo.append("campaigns/daolu.toml", "# 注\n"), &["没有“管理”"]),
        ("陈七", "2025-09-10", |repo| repo.append("units.toml", "# 注\n"), &["不是名录里哪个人的"]),
        (
            "李四",
            "2025-09-10",
            |repo| {
                let text = fs::read_to_string(repo.path().join("zxzz.toml")).unwrap();
                fs::write(repo.path().join("zxzz.toml"), text.replace("true", "false")).unwrap();
                repo.change(&CLOSING);
                repo.change(&SIGNOFF);
                repo.change(&APPLICATION[1..]);
            },
            &["改设置", "没有“销号”", "没有“核查”"],
        ),
    ];
    for (name, day, change, words) in cases {
        let repo = Repo::new();
        change(&repo);
        repo.signed(day, name);
        let (exit, said) = repo.audit();
        assert_eq!(exit, 1, "{name}: {said}");
        let charges: Vec<&str> = said.lines().filter(|line| line.ends_with("[unauthorised-move]")).collect();
        assert_eq!(charges.len(), words.len(), "{name}: {said}");
        assert!(charges.iter().zip(words).all(|(line, word)| line.contains(word)), "{words:?} in {said}");
    }
}

#[test]
fn a_role_ends_with_its_last_day() {
    for (day, is_allowed) in [("2025-10-31", true), ("2025-11-01", false)] {
        let repo = Repo::new();
        repo.change(&APPLICATION);
        repo.signed("2025-09-10", "李四");
        repo.change(&[("核查人", "王五"), ("核查日期", day)]);
        repo.signed(day, "王五");
        match is_allowed {
            true => repo.is_clean(),
            false => repo.is_charged("unauthorised-move", &["2025-11-01 不在任期内（至 2025-10-31）"]),
        }
    }
}

/// 王五 was in office until the end of October; in November he dates a commit back, behind an empty one or not.
#[test]
fn a_role_is_not_prolonged_by_dating_a_commit_back() {
    for through_an_empty_commit in [false, true] {
        let repo = Repo::new();
        repo.change(&APPLICATION);
        repo.signed("2025-09-10", "李四");
        repo.signed("2025-11-05", "李四");
        if through_an_empty_commit {
            repo.git("2025-10-31", &["commit", "-q", "--allow-empty", "-m", "x"]);
        }
        repo.change(&[("核查人", "王五"), ("核查日期", "2025-10-31")]);
        repo.signed("2025-10-31", "王五");
        repo.is_charged("predated-commit", &["2025-10-31 比前一次提交 2025-11-05 早一天以上"]);
    }
    let repo = Repo::new();
    repo.signed("2025-09-11", "李四");
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "李四");
    repo.is_clean();
}

#[test]
fn a_role_counts_from_the_next_commit_on() {
    let repo = Repo::new();
    repo.append("units.toml", &repo.person("陈七", "双山街道", "\"管理\", \"经办\""));
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "陈七");
    repo.is_charged("unauthorised-move", &["units.toml", "ledgers/yanglao"]);
    let repo = Repo::new();
    repo.append("units.toml", &repo.person("陈七", "双山街道", "\"经办\""));
    repo.signed("2025-09-09", "赵六");
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "陈七");
    repo.is_clean();
}

#[test]
fn one_person_with_two_keys_is_one_person() {
    let repo = Repo::new();
    let again = repo.person("二号", "区民政局", "\"核查\", \"销号\"").replace("\"二号\"", "\"李 四\"");
    repo.append("units.toml", &again);
    repo.signed("2025-09-09", "赵六");
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "李四");
    repo.change(&[("核查人", "李四"), ("核查日期", "2025-09-11")]);
    repo.signed("2025-09-11", "二号");
    repo.change(&CLOSING);
    repo.signed("2025-09-12", "二号");
    repo.is_charged("closed-by-signer", &["申请和签字都由", "申请和销号都由"]);
}

#[test]
fn a_signoff_is_in_the_name_of_who_signs() {
    let repo = Repo::new();
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "李四");
    repo.change(&[("核查人", "周九"), ("核查日期", "2025-09-11")]);
    repo.signed("2025-09-11", "王五");
    repo.is_charged("unauthorised-move", &["签字写的是 周九，提交的签名是 王五 的"]);
}

#[test]
fn a_fingerprint_is_as_good_as_the_key() {
    let repo = Repo::new();
    let fingerprint = repo.fingerprint("陈七");
    let person = repo.person("陈七", "双山街道", "\"经办\"").replace(&repo.public("陈七"), &fingerprint);
    repo.append("units.toml", &person);
    repo.signed("2025-09-09", "赵六");
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "陈七");
    repo.is_clean();
}

/// Rewrites the tip after it was signed; the signature stays in it.
fn rewrite(repo: &Repo) {
    let object = repo.git("2025-09-10", &["cat-file", "commit", "HEAD"]).stdout;
    let forged = String::from_utf8(object).unwrap() + "！\n";
    fs::write(repo.keys.path().join("forged"), forged).unwrap();
    let file = repo.keys.path().join("forged");
    let id = repo.git("2025-09-10", &["hash-object", "-t", "commit", "-w", file.to_str().unwrap()]).stdout;
    repo.git("2025-09-10", &["reset", "-q", "--hard", String::from_utf8(id).unwrap().trim()]);
}

#[test]
fn a_commit_rewritten_after_signing_is_charged_and_no_setting_of_the_repository_hides_it() {
    let repo = Repo::new();
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "李四");
    rewrite(&repo);
    repo.is_charged("unsigned-move", &["签名无效"]);
    let fake = repo.keys.path().join("vouches");
    let words = format!("Good \"git\" signature for lisi with ED25519 key {}", repo.fingerprint("李四"));
    fs::write(&fake, format!("#!/bin/sh\necho '{words}'\n")).unwrap();
    let is_made = Command::new("chmod").arg("+x").arg(&fake).status();
    assert!(cfg!(windows) || is_made.unwrap().success());
    let fake = fake.to_str().unwrap();
    for key in ["gpg.program", "gpg.openpgp.program", "gpg.x509.program", "gpg.ssh.program"] {
        repo.git("2025-09-10", &["config", key, fake]);
    }
    repo.git("2025-09-10", &["config", "gpg.format", "openpgp"]);
    repo.git("2025-09-10", &["config", "gpg.minTrustLevel", "never"]);
    repo.git("2025-09-10", &["config", "log.showSignature", "true"]);
    repo.git("2025-09-10", &["config", "format.pretty", "%s"]);
    repo.is_charged("unsigned-move", &["签名无效"]);
}

#[test]
fn settings_of_the_repository_do_not_shake_a_good_signature() {
    let repo = Repo::new();
    repo.finish();
    for (key, value) in [
        ("gpg.ssh.program", "false"),
        ("gpg.ssh.allowedSignersFile", "/nonexistent"),
        ("gpg.minTrustLevel", "ultimate"),
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("color.ui", "always"),
        ("core.pager", "false"),
        ("i18n.logOutputEncoding", "GB18030"),
    ] {
        repo.git("2025-09-12", &["config", key, value]);
    }
    repo.is_clean();
}

#[test]
fn what_cannot_be_verified_is_never_clean() {
    let repo = Repo::new();
    repo.finish();
    let nowhere = tempfile::tempdir().unwrap();
    let (exit, said) = repo.audit_with(nowhere.path().as_os_str());
    assert_eq!(exit, 3, "without git: {said}");
    assert!(said.contains("无法运行"), "{said}");
    #[cfg(unix)]
    {
        let path = std::env::var_os("PATH").unwrap();
        let git = std::env::split_paths(&path).map(|folder| folder.join("git")).find(|git| git.exists());
        std::os::unix::fs::symlink(git.unwrap(), nowhere.path().join("git")).unwrap();
        let (exit, said) = repo.audit_with(nowhere.path().as_os_str());
        assert_eq!(exit, 3, "without ssh-keygen: {said}");
        assert_eq!(said.matches("签名不能验证").count(), 4, "{said}");
    }
}

#[test]
fn a_replaced_commit_does_not_borrow_a_signature() {
    let repo = Repo::new();
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "李四");
    let good = String::from_utf8(repo.git("2025-09-10", &["rev-parse", "HEAD"]).stdout).unwrap();
    repo.change(&[("完成时限", "2025-12-31")]);
    repo.git("2025-09-10", &["commit", "-qam", "x", "--amend"]);
    repo.git("2025-09-10", &["replace", good.trim(), "HEAD"]);
    repo.git("2025-09-10", &["reset", "-q", "--hard", good.trim()]);
    repo.is_clean();
}

/// A branch on which 李四 applies, while `main` goes on; `merged` makes the merge.
fn branched(repo: &Repo) {
    repo.git("2025-09-10", &["checkout", "-qb", "side"]);
    repo.change(&APPLICATION);
    repo.signed("2025-09-10", "李四");
    repo.git("2025-09-10", &["checkout", "-q", "main"]);
    repo.append("units.toml", &repo.person("陈七", "双山街道", "\"经办\""));
    repo.signed("2025-09-10", "赵六");
}

#[test]
fn a_merge_answers_for_what_it_changes_itself() {
    let repo = Repo::new();
    branched(&repo);
    repo.git("2025-09-11", &["merge", "-q", "--no-edit", "side"]);
    repo.is_clean();
    let repo = Repo::new();
    branched(&repo);
    repo.git("2025-09-11", &["merge", "-q", "--no-commit", "side"]);
    repo.change(&SIGNOFF);
    repo.unsigned("2025-09-11");
    repo.is_charged("unsigned-move", &["动了 1 行"]);
    let repo = Repo::new();
    branched(&repo);
    repo.git("2025-09-11", &["merge", "-q", "--no-commit", "side"]);
    repo.change(&SIGNOFF);
    repo.signed("2025-09-11", "孙七");
    repo.is_charged("unauthorised-move", &["所在单位不牵头"]);
    let repo = Repo::new();
    branched(&repo);
    repo.git("2025-09-11", &["merge", "-q", "--no-commit", "side"]);
    repo.change(&SIGNOFF);
    repo.signed("2025-09-11", "王五");
    repo.is_clean();
}

/// What was done on a branch that knew of no signatures is done again by who merges it.
#[test]
fn an_old_branch_is_no_way_around() {
    let repo = Repo::new();
    let text = fs::read_to_string(repo.path().join("zxzz.toml")).unwrap();
    fs::write(repo.path().join("zxzz.toml"), text.replace("true", "false")).unwrap();
    repo.signed("2025-08-26", "赵六");
    repo.git("2025-08-27", &["checkout", "-qb", "side"]);
    repo.change(&APPLICATION);
    repo.unsigned("2025-09-10");
    repo.git("2025-08-27", &["checkout", "-q", "main"]);
    fs::write(repo.path().join("zxzz.toml"), &text).unwrap();
    repo.signed("2025-08-28", "赵六");
    repo.git("2025-09-11", &["merge", "-q", "--no-commit", "side"]);
    repo.unsigned("2025-09-11");
    let (exit, said) = repo.audit();
    assert_eq!((exit, said.matches("[unsigned-move]").count()), (1, 1), "{said}");
    repo.git("2025-09-11", &["reset", "-q", "--hard", "HEAD~1"]);
    repo.git("2025-09-11", &["merge", "-q", "--no-commit", "side"]);
    repo.signed("2025-09-11", "李四");
    assert_eq!(repo.audit().0, 0, "{}", repo.audit().1);
}

#[test]
fn who_brings_an_old_ledger_in() {
    const OTHER: &str = "ledgers/yanglao/diaozhen.csv";
    for (name, status, code) in [
        ("孙七", Status::Registered, None),
        ("赵六", Status::Registered, None),
        ("孙七", Status::Applied, Some("unauthorised-move")),
        ("赵六", Status::Applied, None),
        ("李四", Status::Registered, Some("unauthorised-move")),
    ] {
        let repo = Repo::new();
        let row = |id: &str| lawful(id, status, Kind::Limited);
        let rows = [row("YL-DZJ-0001"), row("YL-DZJ-0002")].join("\n");
        fs::write(repo.path().join(OTHER), format!("{}\n{rows}\n", desk::HEADER)).unwrap();
        repo.signed("2025-09-10", name);
        match code {
            None => repo.is_clean(),
            Some(code) => repo.is_charged(code, &[OTHER]),
        }
    }
}

#[test]
fn a_ledger_of_a_unit_that_comes_with_it_waits_for_the_next_commit() {
    let repo = Repo::new();
    let unit = "\n[[units]]\nid = \"xin\"\ncode = \"XIN\"\nname = \"新街道\"\nkind = \"街道\"\n";
    repo.append("units.toml", unit);
    let row = lawful("YL-XIN-0001", Status::Registered, Kind::Limited);
    let ledger = repo.path().join("ledgers/yanglao/xin.csv");
    fs::write(&ledger, format!("{}\n{row}\n", desk::HEADER)).unwrap();
    repo.signed("2025-09-10", "赵六");
    repo.is_clean();
    let row = lawful("YL-XIN-0002", Status::Registered, Kind::Limited);
    let repo = Repo::new();
    repo.append("units.toml", unit);
    fs::write(repo.path().join("ledgers/yanglao/xin.csv"), format!("{}\n{row}\n", desk::HEADER)).unwrap();
    repo.signed("2025-09-10", "李四");
    repo.is_charged("unauthorised-move", &["units.toml", "没有这个专项或单位"]);
}

#[test]
fn settings_that_nobody_can_read_do_not_open_the_door() {
    let repo = Repo::new();
    repo.append("units.toml", "\n[[people]\n");
    repo.signed("2025-09-09", "赵六");
    repo.git("2025-09-10", &["checkout", "-q", "HEAD~1", "--", "units.toml"]);
    repo.change(&APPLICATION);
    repo.unsigned("2025-09-10");
    // What could last be read before is in force.
    let (exit, said) = repo.audit();
    assert_eq!(exit, 1, "{said}");
    assert_eq!(said.matches("unsigned-move").count(), 2, "{said}");
}

/// OpenPGP, where gpg is installed: the key is in the register by fingerprint and by long id.
#[test]
fn openpgp_signatures_count_like_ssh_ones() {
    let home = tempfile::tempdir().unwrap();
    let gpg = |words: &[&str]| {
        Command::new("gpg").args(["--batch", "--homedir"]).arg(home.path()).args(words).output()
    };
    let Ok(made) =
        gpg(&["--passphrase", "", "--quick-gen-key", "chenqi@example.org", "ed25519", "sign", "never"])
    else {
        return;
    };
    assert!(made.status.success(), "{}", told(&made));
    let listed = told(&gpg(&["--with-colons", "--list-keys"]).unwrap());
    let fingerprint = listed.lines().find(|line| line.starts_with("fpr")).unwrap().split(':').nth(9).unwrap();
    for key in [fingerprint, &fingerprint[24..]] {
        let repo = Repo::new();
        let person = repo.person("陈七", "双山街道", "\"经办\"").replace(&repo.public("陈七"), key);
        repo.append("units.toml", &person);
        repo.signed("2025-09-09", "赵六");
        repo.change(&APPLICATION);
        let mut git = Command::new("git");
        git.arg("-C").arg(repo.path()).env("GNUPGHOME", home.path());
        git.args(["-c", "user.name=陈七", "-c", "user.email=chenqi@example.org", "commit", "-qam", "x"]);
        let date = "2025-09-10T12:00:00+0800";
        git.arg(format!("-S{fingerprint}")).env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        let audit = |home: &Path| {
            let mut command = repo.desk.command(&["audit"]);
            command.env("PATH", std::env::var_os("PATH").unwrap()).env("GNUPGHOME", home);
            let output = command.output().unwrap();
            (output.status.code().unwrap(), told(&output))
        };
        assert_eq!(audit(home.path()).0, 0, "{}", audit(home.path()).1);
        let stranger = tempfile::tempdir().unwrap();
        let (exit, said) = audit(stranger.path());
        assert_eq!(exit, 3, "a key that is not at hand proves nothing: {said}");
        assert!(said.contains("gpg --import"), "{said}");
        rewrite(&repo);
        let (exit, said) = audit(home.path());
        assert!(exit == 1 && said.contains("[unsigned-move]"), "{said}");
    }
}
