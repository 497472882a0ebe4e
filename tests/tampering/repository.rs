//! A story as a repository on the disk: one `git fast-import`, no checkout.

use crate::desk::{Desk, File, Packing, Tree};
use crate::story::{Commit, Stamp, Story};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Repository {
    /// Folder of the workspace on the disk; nothing but its marker is checked out.
    pub workspace: PathBuf,
    /// Where git finds the objects.
    pub git: PathBuf,
    /// The file that says what is checked out.
    pub head: PathBuf,
    /// Ids of the commits, in the order of the story.
    pub ids: Vec<String>,
}

/// Writes the story below `folder`, which is empty.
pub fn write(story: &Story, folder: &Path) -> Repository {
    let (git, work) = lay_out(story, folder);
    let limit = if story.place.packing == Packing::Loose { "100000" } else { "1" };
    let marks = folder.join("marks");
    let unpack = format!("fastimport.unpackLimit={limit}");
    let export = format!("--export-marks={}", marks.display());
    feed(&git, &["-c", &unpack, "-c", "core.fsync=none", "fast-import", "--quiet", &export], &stream(story));
    let text = fs::read_to_string(&marks).unwrap();
    let mut ids = vec![String::new(); story.commits.len()];
    for line in text.lines() {
        let (mark, id) = line.trim_start_matches(':').split_once(' ').unwrap();
        ids[mark.parse::<usize>().unwrap() - 1] = id.to_owned();
    }
    if story.place.packing == Packing::Collected {
        run(&git, &["repack", "-adq"]);
        run(&git, &["commit-graph", "write", "--reachable", "--no-progress"]);
    }
    let workspace = work.join(story.folder);
    fs::create_dir_all(&workspace).unwrap();
    fs::write(workspace.join("zxzz.toml"), "name = \"示例区\"\n").unwrap();
    let head = if story.place.linked { git.join("worktrees/work/HEAD") } else { git.join("HEAD") };
    Repository { workspace, git, head, ids }
}

/// A workspace without a repository.
pub fn lay_out_files(desk: &Desk, folder: &Path) {
    for (path, file) in desk.tree("") {
        let (File::Bytes(bytes) | File::Executable(bytes)) = file else { continue };
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &*bytes).unwrap();
    }
}

/// What `git init` would make, without the process.
pub fn lay_out(story: &Story, folder: &Path) -> (PathBuf, PathBuf) {
    let work = folder.join("work");
    let git = if story.place.linked { folder.join("store.git") } else { work.join(".git") };
    for part in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
        fs::create_dir_all(git.join(part)).unwrap();
    }
    fs::create_dir_all(&work).unwrap();
    let (version, format) =
        if story.place.sha256 { (1, "[extensions]\n\tobjectformat = sha256\n") } else { (0, "") };
    let bare = story.place.linked;
    let config = format!(
        "[core]\n\trepositoryformatversion = {version}\n\tfilemode = true\n\tbare = {bare}\n{format}"
    );
    fs::write(git.join("config"), config).unwrap();
    fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    if bare {
        let linked = git.join("worktrees/work");
        fs::create_dir_all(&linked).unwrap();
        fs::write(linked.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(linked.join("commondir"), "../..\n").unwrap();
        fs::write(linked.join("gitdir"), format!("{}\n", work.join(".git").display())).unwrap();
        fs::write(work.join(".git"), format!("gitdir: {}\n", linked.display())).unwrap();
    }
    (git, work)
}

fn command(git: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("--git-dir").arg(git).args(words);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

pub fn run(git: &Path, words: &[&str]) -> String {
    let output = command(git, words).output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn feed(git: &Path, words: &[&str], input: &[u8]) {
    let mut child = command(git, words).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn stream(story: &Story) -> Vec<u8> {
    let mut out = vec![];
    let trees: Vec<Tree> = story.commits.iter().map(|commit| commit.desk.tree(commit.folder)).collect();
    let nothing = Tree::new();
    for (at, commit) in story.commits.iter().enumerate() {
        if commit.parents.is_empty() {
            out.extend_from_slice(b"reset refs/heads/work\n");
        }
        out.extend(head(at, commit).into_bytes());
        let before = commit.parents.first().map_or(&nothing, |parent| &trees[*parent]);
        changes(before, &trees[at], story.place.sha256, &mut out);
    }
    out.extend(format!("reset refs/heads/main\nfrom :{}\n\n", story.lines[0].tip + 1).into_bytes());
    out
}

fn head(at: usize, commit: &Commit) -> String {
    let when = |stamp: Stamp| {
        let sign = if stamp.minutes < 0 { '-' } else { '+' };
        let minutes = stamp.minutes.abs();
        format!("{} {sign}{:02}{:02}", stamp.seconds, minutes / 60, minutes % 60)
    };
    let mut head = format!("commit refs/heads/work\nmark :{}\n", at + 1);
    for (role, (name, email), stamp) in
        [("author", commit.author, commit.authored), ("committer", commit.committer, commit.committed)]
    {
        head += &format!("{role} {name} <{email}> {}\n", when(stamp));
    }
    head += &format!("data {}\n{}\n", commit.message.len(), commit.message);
    for (ix, parent) in commit.parents.iter().enumerate() {
        head += &format!("{} :{}\n", if ix == 0 { "from" } else { "merge" }, parent + 1);
    }
    head
}

/// How one tree becomes the other.
fn changes(before: &Tree, after: &Tree, sha256: bool, out: &mut Vec<u8>) {
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        out.extend(format!("D {path}\n").into_bytes());
    }
    for (path, file) in after.iter().filter(|(path, file)| before.get(*path) != Some(file)) {
        let (mode, bytes): (&str, &[u8]) = match file {
            File::Bytes(bytes) => ("100644", bytes),
            File::Executable(bytes) => ("100755", bytes),
            File::Link(target) => ("120000", target.as_bytes()),
            File::Gitlink => {
                let id = "5a".repeat(if sha256 { 32 } else { 20 });
                out.extend(format!("M 160000 {id} {path}\n").into_bytes());
                continue;
            }
        };
        out.extend(format!("M {mode} inline {path}\ndata {}\n", bytes.len()).into_bytes());
        out.extend_from_slice(bytes);
        out.push(b'\n');
    }
    out.push(b'\n');
}
