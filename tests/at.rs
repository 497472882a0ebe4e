//! Reading revisions and the index: odd repositories, footers, checksums, checks of what is staged.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, LEDGER, lawful, told, with};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zxzz::model::workflow::{Kind, Status};

const DIAOZHEN: &str = "ledgers/yanglao/diaozhen.csv";

struct Repo {
    desk: Desk,
}

impl Repo {
    /// A workspace with two issues in a repository without commits.
    fn unborn(options: &[&str]) -> Repo {
        let issue = |id: &str| lawful(id, Status::Underway, Kind::Limited);
        let repo = Repo { desk: Desk::new(&[issue("YL-SS-0001"), issue("YL-SS-0002")]) };
        repo.git(&[&["init", "-q", "-b", "main"], options].concat());
        repo
    }

    fn new() -> Repo {
        let repo = Repo::unborn(&[]);
        repo.commit("2025-08-25");
        repo
    }

    fn path(&self) -> &Path {
        self.desk.path()
    }

    fn git(&self, words: &[&str]) -> String {
        git(self.path(), "2025-08-25", words)
    }

    fn commit(&self, day: &str) {
        self.git(&["add", "-A"]);
        git(self.path(), day, &["commit", "-qm", day]);
    }

    fn zxzz(&self, words: &[&str]) -> (i32, String) {
        zxzz(self.path(), words)
    }

    /// Sets a cell of the ledger on disk.
    fn set(&self, id: &str, cells: &[(&str, &str)]) {
        let text = self.desk.read();
        let lines = text.lines().map(|line| match line.starts_with(id) {
            true => with(line, cells),
            false => line.to_owned(),
        });
        self.desk.write(&(lines.collect::<Vec<_>>().join("\n") + "\n"));
    }

    /// What `list` prints about the day on which the tests stand, as the disk has it or a revision.
    fn list(&self, words: &[&str]) -> String {
        let (code, said) = self.zxzz(&[&["list", "--as-of", "2025-09-01"], words].concat());
        assert_eq!(code, 0, "{said}");
        said
    }
}

fn git(folder: &Path, day: &str, words: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(words);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "李四").env(format!("GIT_{who}_EMAIL"), "lisi@example.org");
        git.env(format!("GIT_{who}_DATE"), format!("{day}T12:00:00+0800"));
    }
    let output = git.output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn zxzz(folder: &Path, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    let output: Output = command.arg("-C").arg(folder).args(words).env_clear().output().unwrap();
    (output.status.code().unwrap(), told(&output))
}

/// The report without the line that says where it comes from.
fn body(said: &str) -> String {
    said.lines().filter(|line| !line.starts_with("· 数据")).collect::<Vec<_>>().join("\n")
}

fn footer(said: &str) -> &str {
    said.lines().find(|line| line.starts_with("· 数据")).unwrap_or_else(|| panic!("no footer: {said}"))
}

fn checksum(said: &str) -> &str {
    footer(said).rsplit(' ').next().unwrap()
}

/// Every way in which git keeps a commit reads the same.
#[test]
fn loose_packed_sha256_linked_and_bare_repositories_read_alike() {
    let repo = Repo::new();
    let on_disk = repo.list(&[]);
    let loose = repo.list(&["--at", "HEAD"]);
    assert_eq!(body(&loose), body(&on_disk));
    assert_eq!(checksum(&loose), checksum(&on_disk));
    repo.git(&["gc", "-q", "--prune=now"]);
    assert_eq!(repo.list(&["--at", "main"]), loose);
    repo.git(&["tag", "-a", "-m", "封账", "v1"]);
    assert_eq!(repo.list(&["--at", "v1"]), loose);

    let elsewhere = tempfile::tempdir().unwrap();
    let linked = elsewhere.path().join("另一处");
    repo.git(&["worktree", "add", "-q", "--detach", linked.to_str().unwrap()]);
    assert_eq!(zxzz(&linked, &["list", "--as-of", "2025-09-01", "--at", "HEAD"]), (0, loose.clone()));
    assert_eq!(zxzz(&linked, &["list", "--as-of", "2025-09-01"]).1, on_disk);

    let bare = elsewhere.path().join("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    assert_eq!(zxzz(&bare, &["list", "--as-of", "2025-09-01", "--at", "main"]), (0, loose.clone()));
    assert_eq!(zxzz(&bare, &["list"]).0, 2, "nothing stands on disk");

    let shallow = elsewhere.path().join("shallow");
    repo.set("YL-SS-0001", &[("备注", "二")]);
    repo.commit("2025-08-26");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth", "1", &url, shallow.to_str().unwrap()]);
    let (code, said) = zxzz(&shallow, &["list", "--as-of", "2025-09-01", "--at", "HEAD"]);
    assert_eq!((code, said), (0, repo.list(&["--at", "HEAD"])));
    for words in [&["list", "--at", "HEAD~1"][..], &["check", "--base", "HEAD"]] {
        let (code, said) = zxzz(&shallow, words);
        assert_eq!(code, 3, "{said}");
    }

    let new = Repo::unborn(&["--object-format=sha256"]);
    new.commit("2025-08-25");
    assert_eq!(body(&new.list(&["--at", "HEAD"])), body(&on_disk));
    assert_eq!(checksum(&new.list(&["--at", "HEAD"])), checksum(&on_disk));
    assert!(footer(&new.list(&[])).contains("文件与提交一致"));
}

#[test]
fn a_workspace_below_the_top_and_one_that_came_later() {
    let repo = Repo::new();
    let on_disk = repo.list(&[]);
    let outer = tempfile::tempdir().unwrap();
    let top = outer.path();
    git(top, "2025-08-20", &["init", "-q", "-b", "main"]);
    git(top, "2025-08-20", &["commit", "-q", "--allow-empty", "-m", "空"]);
    let inner: PathBuf = top.join("章丘 区/专项");
    fs::create_dir_all(inner.parent().unwrap()).unwrap();
    fs::rename(repo.path(), &inner).unwrap();
    fs::remove_dir_all(inner.join(".git")).unwrap();
    fs::create_dir(repo.path()).unwrap();
    git(top, "2025-08-25", &["add", "-A"]);
    git(top, "2025-08-25", &["commit", "-qm", "台账"]);
    let (code, said) = zxzz(&inner, &["list", "--as-of", "2025-09-01", "--at", "HEAD"]);
    assert_eq!((code, body(&said)), (0, body(&on_disk)));
    let (code, said) = zxzz(&inner, &["status", "--at", "HEAD~1"]);
    assert_eq!(code, 2);
    assert!(said.contains("里没有 章丘 区/专项/zxzz.toml"), "{said}");
    assert!(footer(&zxzz(&inner, &["list"]).1).contains("文件与提交一致"));
    fs::write(top.join("别的.txt"), "不是台账").unwrap();
    assert!(footer(&zxzz(&inner, &["list"]).1).contains("文件与提交一致"));
    assert_eq!(zxzz(&inner, &["check", "--base", "HEAD~1", "--as-of", "2025-09-01"]), (0, String::new()));
    assert_eq!(zxzz(&inner, &["check", "--staged", "--as-of", "2025-09-01"]), (0, String::new()));
}

#[test]
fn a_footer_counts_the_files_that_differ() {
    let repo = Repo::unborn(&[]);
    assert!(footer(&repo.list(&[])).contains("git 仓库里还没有提交；2 行"));
    repo.commit("2025-08-25");
    let clean = repo.list(&[]);
    assert!(footer(&clean).contains("（2025-08-25），文件与提交一致；2 行"), "{clean}");
    let changes = |why: &str, count: usize| {
        let said = repo.list(&[]);
        let words = if count == 0 {
            "文件与提交一致".to_owned()
        } else {
            format!("有未提交的改动（{count} 个文件）")
        };
        assert!(footer(&said).contains(&words), "{why}: {}", footer(&said));
    };
    let text = repo.desk.read();
    repo.desk.write(&text);
    changes("written anew", 0);
    repo.desk.write(&text.replace('\n', "\r\n"));
    changes("line ends", 0);
    repo.desk.write(&format!("\u{FEFF}{text}"));
    changes("a byte order mark", 1);
    // The same size, and a moment that git may not tell from its own.
    repo.desk.write(&text.replace("李四", "李五"));
    changes("same size", 1);
    repo.git(&["add", "-A"]);
    changes("staged", 1);
    repo.desk.write(&text);
    changes("staged and taken back on disk", 0);
    repo.git(&["add", "-A"]);
    fs::write(repo.path().join(DIAOZHEN), text.lines().next().unwrap()).unwrap();
    changes("a new ledger", 1);
    repo.git(&["add", "--intent-to-add", DIAOZHEN]);
    changes("a new ledger that is meant to be added", 1);
    fs::remove_file(repo.path().join(LEDGER)).unwrap();
    changes("a ledger gone", 2);
    fs::remove_file(repo.path().join(".git/index")).unwrap();
    changes("no index", 2);
    repo.desk.write(&text);
    fs::remove_file(repo.path().join(DIAOZHEN)).unwrap();
    changes("no index, nothing changed", 0);
    fs::write(repo.path().join(".git/HEAD"), "ref: refs/heads/nonesuch\n").unwrap();
    assert!(footer(&repo.list(&[])).contains("还没有提交"));
    fs::write(repo.path().join(".git/HEAD"), "坏的\n").unwrap();
    let said = repo.list(&[]);
    assert!(!footer(&said).contains("一致") && footer(&said).contains("2 行"), "{}", footer(&said));
}

/// A link in the commit says nothing of what it leads to.
#[cfg(unix)]
#[test]
fn a_ledger_behind_a_link_is_in_no_commit() {
    let repo = Repo::new();
    let outside = tempfile::tempdir().unwrap();
    let real = outside.path().join("x.csv");
    fs::rename(repo.path().join(LEDGER), &real).unwrap();
    std::os::unix::fs::symlink(&real, repo.path().join(LEDGER)).unwrap();
    repo.commit("2025-08-26");
    let said = repo.list(&[]);
    assert!(footer(&said).contains("有未提交的改动（1 个文件）；2 行"), "{said}");
}

/// What a script would compute from the page that defines it.
#[test]
fn the_checksum_is_what_its_page_says() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checksum.md")).unwrap();
    let mut ledgers: Vec<[u8; 32]> = vec![];
    for unit in ["shuangshan", "diaozhen"] {
        let fence = format!("```csv ledgers/yanglao/{unit}.csv\n");
        let text = page.split(&fence).nth(1).unwrap().split("```").next().unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let mut rows: Vec<[u8; 32]> = vec![];
        for record in reader.records() {
            let record = record.unwrap();
            let mut cells: Vec<(&str, &str)> =
                header.iter().zip(&record).filter(|(_, cell)| !cell.is_empty()).collect();
            cells.sort();
            let names = texts(cells.iter().map(|(name, _)| *name));
            rows.push(sha256(&[&sha256(&names)[..], &texts(cells.iter().map(|(_, value)| *value))].concat()));
        }
        rows.sort();
        ledgers.push(sha256(&[&sha256(&texts(["yanglao", unit].into_iter()))[..], &rows.concat()].concat()));
    }
    ledgers.sort();
    let sum: String = sha256(&ledgers.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(page.contains(&format!("\"checksum\": \"{sum}\"")), "{sum}");
    assert_eq!(
        page.matches(&format!("3 行，校验和 {}", &sum[..16])).count(),
        2,
        "as it is and written otherwise"
    );
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<u8> {
    texts.flat_map(|text| text.bytes().chain([0xFF])).collect()
}

/// Anything that a reader might call a change changes the checksum; a row in another ledger too.
#[test]
fn the_checksum_feels_every_cell_and_where_a_row_stands() {
    let repo = Repo::new();
    let (text, first) = (repo.desk.read(), checksum(&repo.list(&[])).to_owned());
    let mut seen = vec![first.clone()];
    let mut differs = |why: &str, text: &str| {
        repo.desk.write(text);
        let sum = checksum(&repo.list(&[])).to_owned();
        assert!(!seen.contains(&sum), "{why}");
        seen.push(sum);
    };
    differs("one cell", &text.replacen("李四", "李五", 1));
    differs("two cells swapped", &text.replacen("张三,李四", "李四,张三", 1));
    differs("a row less", &text.lines().take(2).map(|line| format!("{line}\n")).collect::<String>());
    differs("a row twice", &format!("{text}{}\n", text.lines().nth(1).unwrap()));
    differs("text moved from one cell to the next", &text.replacen("民政办,张三", "民政,办张三", 1));
    fs::rename(repo.path().join(LEDGER), repo.path().join(DIAOZHEN)).unwrap();
    differs("another unit's ledger", &format!("{}\n", text.lines().next().unwrap()));
    fs::remove_file(repo.path().join(DIAOZHEN)).unwrap();
    repo.desk.write(&text);
    assert_eq!(checksum(&repo.list(&[])), first);
}

#[test]
fn links_submodules_and_lfs_are_told_not_followed() {
    let repo = Repo::new();
    let text = repo.desk.read();
    let full = |path: &str| repo.path().join(path);
    fs::rename(full(LEDGER), full("outside.csv")).unwrap();
    let blob = |text: &str| {
        fs::write(full("blob"), text).unwrap();
        repo.git(&["hash-object", "-w", "blob"]).trim().to_owned()
    };
    let stage = |mode: &str, id: &str, path: &str| {
        repo.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{id},{path}")]);
    };
    let head = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    stage("120000", &blob("../../outside.csv"), LEDGER);
    stage("120000", &blob("../outside"), "ledgers/daolu");
    stage("160000", &head, "ledgers/submodule");
    stage("100644", &blob("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), DIAOZHEN);
    stage("100644", &blob(&text), "ledgers/yanglao/folder.csv/inner.csv");
    stage("100644", &blob(&text), "ledgers/.hidden/shuangshan.csv");
    stage("100644", &blob(&text), "ledgers/yanglao/表.xlsx");
    repo.git(&["commit", "-qm", "odd"]);
    let (code, said) = repo.zxzz(&["status", "--at", "HEAD"]);
    assert_eq!(code, 2, "{said}");
    for told in [
        "无法读取 ledgers/yanglao/shuangshan.csv：在 git 里是符号链接",
        "无法读取 ledgers/daolu：在 git 里是符号链接",
        "无法读取 ledgers/submodule：在 git 里是子模块",
        "无法读取 ledgers/yanglao/diaozhen.csv：由 Git LFS 存放",
        "；0 行",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let (_, said) = repo.zxzz(&["check", "--at", "HEAD"]);
    for told in ["folder.csv：是文件夹，不是台账文件", "表.xlsx：不会被当作台账读取", "有 4 个文件无法读取"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("hidden"), "{said}");
}

/// The order and the findings of a revision are those of the same files on disk.
#[test]
fn a_snapshot_lists_what_the_disk_lists() {
    let repo = Repo::new();
    let text = repo.desk.read();
    for path in [
        "ledgers/yanglao-b/shuangshan.csv",
        "ledgers/yanglao/a/b/深.csv",
        "ledgers/yanglao/x.csv/y.csv",
        "ledgers/表.xls",
        "ledgers/yanglao/_targets.csv",
        "ledgers/yanglao/.~lock.csv",
        "ledgers/yanglao/大写.CSV",
        "campaigns/B.TOML",
        "ledgers/folder.csv/a.csv",
        "ledgers/README.md",
    ] {
        let full = repo.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, &text).unwrap();
    }
    // A name that sorts before its own beginning once a slash follows.
    let plan = fs::read_to_string(repo.path().join("campaigns/yanglao.toml")).unwrap();
    let plan = [("\"yanglao\"", "\"yanglao-b\""), ("\"YL\"", "\"YB\""), ("养老服务专项整治", "另一个专项")]
        .iter()
        .fold(plan, |plan, (old, new)| plan.replacen(old, new, 1));
    fs::write(repo.path().join("campaigns/yanglao-b.toml"), plan).unwrap();
    repo.commit("2025-08-26");
    let on_disk = repo.zxzz(&["check", "--as-of", "2025-09-01"]);
    assert!(on_disk.1.contains("深.csv") && on_disk.1.contains("yanglao-b"), "{}", on_disk.1);
    let list = |words: &[&str]| body(&repo.list(&[&["--columns", "专项,编号"], words].concat()));
    assert!(list(&[]).contains("另一个专项") && list(&[]).contains("共 4 行"), "{}", list(&[]));
    assert_eq!(list(&["--at", "HEAD"]), list(&[]));
    assert_eq!(repo.zxzz(&["check", "--as-of", "2025-09-01", "--at", "HEAD"]), on_disk);
    assert_eq!(repo.zxzz(&["check", "--as-of", "2025-09-01", "--staged"]), on_disk);
}

/// Evidence is looked for in what is read, not on disk.
#[test]
fn evidence_of_a_revision_is_looked_for_there() {
    let repo = Repo::new();
    let closed = lawful("YL-SS-0003", Status::Closed, Kind::Limited);
    repo.desk.write(&format!("{}{}\n", repo.desk.read(), with(&closed, &[("佐证", "佐证/整改后.jpg")])));
    fs::create_dir(repo.path().join("佐证")).unwrap();
    fs::write(repo.path().join("佐证/整改后.jpg"), "图").unwrap();
    repo.git(&["add", "-A"]);
    assert!(!repo.zxzz(&["check", "--staged"]).1.contains("missing-evidence"));
    repo.git(&["rm", "-q", "--cached", "佐证/整改后.jpg"]);
    let (code, said) = repo.zxzz(&["check", "--staged"]);
    assert!(code == 1 && said.contains("missing-evidence"), "{said}");
    assert!(!repo.zxzz(&["check"]).1.contains("missing-evidence"));
    repo.commit("2025-08-26");
    fs::remove_file(repo.path().join("佐证/整改后.jpg")).unwrap();
    assert!(repo.zxzz(&["check"]).1.contains("missing-evidence"));
    assert!(!repo.zxzz(&["check", "--at", "HEAD"]).1.contains("missing-evidence"));
}

/// Only what is staged counts, whatever the disk says.
#[test]
fn a_check_of_the_index_sees_what_is_staged_and_nothing_else() {
    let repo = Repo::new();
    let check = || repo.zxzz(&["check", "--staged", "--as-of", "2025-09-01"]);
    assert_eq!(check(), (0, String::new()));
    repo.set("YL-SS-0001", &[("完成时限", "2025-11-30")]);
    assert_eq!(check(), (0, String::new()), "on disk only");
    repo.git(&["add", "-A"]);
    let (code, said) = check();
    assert!(code == 1 && said.contains(&format!("{LEDGER}:2 YL-SS-0001 完成时限 “2025-11-30”")), "{said}");
    assert!(said.contains("changed-deadline"), "{said}");
    repo.set("YL-SS-0001", &[("完成时限", "2025-09-30")]);
    assert_eq!(check().0, 1, "mended on disk only");
    assert_eq!(repo.zxzz(&["check", "--base", "HEAD", "--as-of", "2025-09-01"]), (0, String::new()));
    repo.git(&["add", "-A"]);
    assert_eq!(check(), (0, String::new()));

    let text = repo.desk.read();
    fs::write(repo.path().join(DIAOZHEN), "不是台账\n").unwrap();
    repo.git(&["add", "--intent-to-add", DIAOZHEN]);
    assert_eq!(check(), (0, String::new()), "nothing of it is staged yet");
    fs::remove_file(repo.path().join(DIAOZHEN)).unwrap();
    repo.git(&["rm", "-q", "--cached", DIAOZHEN]);

    // A commit of some files is made from an index of its own, which the hook is told of.
    repo.set("YL-SS-0002", &[("完成时限", "2025-11-30")]);
    let hook = repo.path().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let program = env!("CARGO_BIN_EXE_zxzz");
    fs::write(&hook, format!("#!/bin/sh\n{program} check --staged --as-of 2025-09-01\n")).unwrap();
    make_executable(&hook);
    let mut git = Command::new("git");
    git.arg("-C").arg(repo.path()).args(["-c", "user.name=李四", "-c", "user.email=l@example.org"]);
    let commit = git.args(["commit", "-q", "--only", "-m", "只提交一份", "--", LEDGER]).output().unwrap();
    assert!(!commit.status.success() && told(&commit).contains("changed-deadline"), "{}", told(&commit));
    repo.desk.write(&text);
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn make_executable(_: &Path) {}

#[test]
fn an_unborn_branch_has_no_base_and_a_conflict_cannot_be_checked() {
    let repo = Repo::unborn(&[]);
    let (code, said) = repo.zxzz(&["check", "--staged"]);
    assert!(code == 2 && said.contains("先 git add"), "{said}");
    repo.git(&["add", "-A"]);
    assert_eq!(repo.zxzz(&["check", "--staged", "--as-of", "2025-09-01"]), (0, String::new()));
    assert_eq!(repo.zxzz(&["check", "--base", "HEAD"]).0, 3);
    assert_eq!(repo.zxzz(&["status", "--at", "HEAD"]).0, 3);
    repo.commit("2025-08-25");
    repo.git(&["checkout", "-qb", "side"]);
    repo.set("YL-SS-0001", &[("备注", "一")]);
    repo.commit("2025-08-26");
    repo.git(&["checkout", "-q", "main"]);
    repo.set("YL-SS-0001", &[("备注", "二")]);
    repo.commit("2025-08-27");
    let mut merge = Command::new("git");
    merge.arg("-C").arg(repo.path()).args(["-c", "user.name=x", "-c", "user.email=x", "merge", "-q", "side"]);
    assert!(!merge.output().unwrap().status.success());
    let (code, said) = repo.zxzz(&["check", "--staged"]);
    assert!(code == 2 && said.contains(LEDGER) && said.contains("冲突"), "{said}");

    let outside = Desk::new(&[lawful("YL-SS-0001", Status::Registered, Kind::Limited)]);
    for words in [&["status", "--at", "HEAD"][..], &["check", "--staged"], &["check", "--base", "HEAD"]] {
        assert_eq!(zxzz(outside.path(), words).0, 3, "{words:?}");
    }
}

/// What another branch did honestly, one commit each, is no offence of the merge.
#[test]
fn a_merge_under_way_is_not_blamed_for_the_steps_of_its_branch() {
    let repo = Repo::new();
    repo.git(&["checkout", "-qb", "side"]);
    let applied =
        [("整改状态", "待销号"), ("整改进展", "已更换"), ("申请日期", "2025-09-01"), ("佐证", "档案1号")];
    repo.set("YL-SS-0001", &applied);
    repo.commit("2025-09-01");
    let closed =
        [("整改状态", "已销号"), ("核查人", "王五"), ("核查日期", "2025-09-02"), ("销号日期", "2025-09-02")];
    repo.set("YL-SS-0001", &closed);
    repo.commit("2025-09-02");
    repo.git(&["checkout", "-q", "main"]);
    fs::write(repo.path().join("说明.txt"), "x").unwrap();
    repo.commit("2025-09-03");
    git(repo.path(), "2025-09-03", &["merge", "-q", "--no-commit", "side"]);
    assert_eq!(repo.zxzz(&["check", "--staged", "--as-of", "2025-09-03"]), (0, String::new()));
    repo.set("YL-SS-0002", &[("完成时限", "2025-12-31")]);
    repo.git(&["add", "-A"]);
    let (code, said) = repo.zxzz(&["check", "--staged", "--as-of", "2025-09-03"]);
    assert!(code == 1 && said.contains("changed-deadline") && !said.contains("closed-at-once"), "{said}");
}

#[test]
fn a_base_needs_a_common_history_and_settings_that_can_be_read() {
    let repo = Repo::new();
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    repo.commit("2025-08-26");
    let (code, said) = repo.zxzz(&["check", "--base", "main"]);
    assert!(code == 3 && said.contains("没有共同的起点"), "{said}");
    let units = fs::read(repo.path().join("units.toml")).unwrap();
    fs::write(repo.path().join("units.toml"), "[[units\n").unwrap();
    repo.commit("2025-08-27");
    fs::write(repo.path().join("units.toml"), units).unwrap();
    let (code, said) = repo.zxzz(&["check", "--base", "HEAD"]);
    assert!(code == 3 && said.contains("units.toml"), "{said}");
    repo.commit("2025-08-28");
    assert_eq!(repo.zxzz(&["check", "--base", "HEAD", "--as-of", "2025-09-01"]), (0, String::new()));
    repo.set("YL-SS-0001", &[("发现日期", "2025-13-01")]);
    let (code, said) = repo.zxzz(&["check", "--base", "HEAD", "--as-of", "2025-09-01"]);
    assert!(code == 3 && said.contains("bad-date") && !said.contains("deleted-row"), "{said}");
    assert!(said.contains("有 1 行读不出来"), "{said}");
}
