//! Repositories of every make, broken ones, and ones that hide a commit: the same verdict, or none at all.

use crate::chance::Chance;
use crate::desk::{Packing, Place};
use crate::repository::{self, Repository, run};
use crate::steps::Goal;
use crate::story::Story;
use crate::trial::memory_disk;
use crate::verdict::{Said, judge};
use crate::{kinds, known};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const PLAIN: Place = Place { folder: "", sha256: false, linked: false, packing: Packing::Loose };

/// A history with one limit moved on `main`, and its repository.
struct Sample {
    story: Story,
    repository: Repository,
    folder: TempDir,
}

fn sample(place: Place) -> Sample {
    let mut story = Story::in_place(place, Chance::new(11));
    story.run(8);
    story.settle();
    let spot = story.bring(Goal::at("整改中")).unwrap();
    let mut draft = story.begin(0);
    kinds::shift(&mut draft, &spot, "完成时限", 20);
    story.finish_evil(draft, &[spot.id()]);
    for _ in 0..3 {
        story.honest_commit(0);
    }
    let folder = tempfile::tempdir_in(memory_disk()).unwrap();
    let repository = repository::write(&story, folder.path());
    Sample { story, repository, folder }
}

impl Sample {
    fn evil(&self) -> &str {
        &self.repository.ids[self.story.tampered[0]]
    }

    fn is_found(&self) -> bool {
        let said = judge(&self.repository, None);
        said.iter().any(|one| one.code == "changed-deadline" && self.evil().starts_with(&one.commit))
    }

    /// The commit is charged all the same, or nothing is.
    fn is_found_or_refused(&self) -> bool {
        self.is_found() || self.audit(&[]).0 == 3
    }

    fn audit(&self, words: &[&str]) -> (i32, String) {
        audit(&self.repository.workspace, words)
    }

    fn git(&self, words: &[&str]) -> String {
        run(&self.repository.git, words).trim().to_owned()
    }

    /// Where a loose object lies.
    fn object(&self, id: &str) -> PathBuf {
        self.repository.git.join("objects").join(&id[..2]).join(&id[2..])
    }
}

fn audit(workspace: &Path, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    command.arg("-C").arg(workspace).arg("audit").args(words).env_clear();
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    (output.status.code().unwrap(), told)
}

fn without_ids(said: Vec<Said>) -> Vec<String> {
    said.into_iter().map(|one| format!("{} {}", one.code, one.text)).collect()
}

#[test]
fn the_make_of_a_repository_changes_nothing() {
    let wanted = without_ids(judge(&sample(PLAIN).repository, None));
    assert!(wanted.iter().any(|one| one.starts_with("changed-deadline")), "{wanted:?}");
    for sha256 in [false, true] {
        for linked in [false, true] {
            for packing in [Packing::Loose, Packing::Imported, Packing::Collected] {
                for folder in ["", "台账/", "a/b/"] {
                    let sample = sample(Place { folder, sha256, linked, packing });
                    assert_eq!(
                        without_ids(judge(&sample.repository, None)),
                        wanted,
                        "{:?}",
                        sample.story.place
                    );
                    assert_eq!(sample.audit(&[]).0, 1);
                }
            }
        }
    }
}

#[test]
fn octopus_merges_empty_commits_and_submodules_are_walked() {
    let mut story = Story::in_place(PLAIN, Chance::new(5));
    let sides: Vec<usize> = (0..4).map(|_| story.fork(0)).collect();
    for side in &sides {
        let mut draft = story.begin(*side);
        story.some_work(&mut draft);
        draft.desk.files.insert(format!("子模块{side}"), crate::desk::File::Gitlink);
        story.finish(draft);
        let empty = story.begin(*side);
        story.finish(empty);
    }
    let draft = story.merge_draft(0, &sides);
    story.finish_merge(draft, &sides);
    let folder = tempfile::tempdir_in(memory_disk()).unwrap();
    let repository = repository::write(&story, folder.path());
    let (exit, told) = audit(&repository.workspace, &[]);
    let commits = format!("{} 次提交", story.commits.len());
    assert!(exit < 2 && told.contains(&commits), "{told}");
    let said = judge(&repository, None);
    let is_known = |one: &Said| known::FALSE_ALARMS.iter().any(|(code, _)| *code == one.code);
    assert!(said.iter().all(is_known), "{told}");
}

#[test]
fn without_commits_or_repository_nothing_is_verified() {
    let mut story = Story::in_place(PLAIN, Chance::new(5));
    story.commits.clear();
    let folder = tempfile::tempdir_in(memory_disk()).unwrap();
    repository::lay_out(&story, folder.path());
    let workspace = folder.path().join("work");
    fs::write(workspace.join("zxzz.toml"), "name = \"示例区\"\n").unwrap();
    let (exit, told) = audit(&workspace, &[]);
    assert!(exit == 3 && told.contains("还没有提交"), "{exit} {told}");
    fs::remove_dir_all(workspace.join(".git")).unwrap();
    let (exit, told) = audit(&workspace, &[]);
    assert!(exit == 3 && told.contains("不在 git 仓库里"), "{exit} {told}");
}

#[test]
fn a_revision_that_is_not_there_is_named() {
    let sample = sample(PLAIN);
    for range in ["没有..", "v9", "main..没有", "HEAD~999.."] {
        let (exit, told) = sample.audit(&[range]);
        assert!(exit == 3 && told.contains("没有“"), "{range}: {exit} {told}");
    }
    let root = &sample.repository.ids[0];
    assert_eq!(sample.audit(&[&format!("{root}..main")]).0, 1);
}

/// From a base that was rewritten away nothing can be told about what came after it.
#[test]
fn a_base_that_is_no_ancestor_is_refused() {
    let sample = sample(PLAIN);
    let side = commit_of(&sample, "main^{tree}", &sample.repository.ids[0]);
    let (exit, told) = sample.audit(&[&format!("{side}..main")]);
    known::expect("base_is_no_ancestor", exit == 3, &told);
}

#[test]
fn a_missing_object_leaves_nothing_verified() {
    type Missing = (&'static str, fn(&Sample) -> String);
    let missing: [Missing; 6] = [
        ("a commit", |sample| sample.evil().to_owned()),
        ("the first commit", |sample| sample.repository.ids[0].clone()),
        ("the tree of a commit", |sample| sample.git(&["rev-parse", &format!("{}^{{tree}}", sample.evil())])),
        ("the folder of the ledgers", |sample| {
            sample.git(&["rev-parse", &format!("{}:ledgers", sample.evil())])
        }),
        ("a ledger", |sample| {
            let path = sample.story.desk(0).ledgers.keys().next().unwrap();
            sample.git(&["rev-parse", &format!("main:{path}")])
        }),
        ("the units", |sample| sample.git(&["rev-parse", "main:units.toml"])),
    ];
    for (what, id) in missing {
        let sample = sample(PLAIN);
        fs::remove_file(sample.object(&id(&sample))).unwrap();
        let (exit, told) = sample.audit(&[]);
        assert!(exit == 3 && told.contains("读"), "{what}: {exit} {told}");
    }
}

/// A byte changed anywhere in a file of git's own, or half of it gone: refused, or the same verdict as before.
fn damage(name: &str, sample: &Sample, path: &Path, steps: usize) {
    let whole = fs::read(path).unwrap();
    let wanted = without_ids(judge(&sample.repository, None));
    let flipped = (0..whole.len()).step_by((whole.len() / steps).max(1)).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x15;
        bytes
    });
    let (mut refused, mut wrong) = (0, vec![]);
    for (at, bytes) in flipped.chain([whole[..whole.len() / 2].to_vec()]).enumerate() {
        // Git writes these files read-only.
        fs::remove_file(path).unwrap();
        fs::write(path, &bytes).unwrap();
        let said = judge(&sample.repository, None);
        if said.iter().any(|one| one.code == "unverified") {
            refused += 1;
        } else if without_ids(said) != wanted {
            wrong.push(at);
        }
    }
    known::expect(name, wrong.is_empty(), &format!("wrong verdicts {wrong:?}, refused {refused}"));
    println!("{name}: refused {refused} of {}", steps + 1);
}

#[test]
fn damaged_files_of_git_hide_nothing() {
    for (name, folder, extension) in [
        ("damaged_pack", "objects/pack", "pack"),
        ("damaged_index_of_a_pack", "objects/pack", "idx"),
        ("damaged_commit_graph", "objects/info", "commit-graph"),
    ] {
        let sample = sample(Place { packing: Packing::Collected, ..PLAIN });
        let files = fs::read_dir(sample.repository.git.join(folder)).unwrap();
        let mut paths = files.map(|entry| entry.unwrap().path());
        let path = paths.find(|path| path.to_string_lossy().ends_with(extension)).unwrap();
        damage(name, &sample, &path, 150);
    }
}

/// A commit graph that leaves a commit out: its child is said to follow on its parent.
#[test]
fn a_forged_commit_graph_hides_nothing() {
    let sample = sample(Place { packing: Packing::Collected, ..PLAIN });
    let path = sample.repository.git.join("objects/info/commit-graph");
    let mut bytes = fs::read(&path).unwrap();
    let number = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let chunk = |name: &[u8]| {
        let entry = (0..usize::from(bytes[6])).map(|ix| 8 + 12 * ix).find(|at| &bytes[*at..*at + 4] == name);
        number(&bytes, entry.unwrap() + 8)
    };
    let (ids, data) = (chunk(b"OIDL"), chunk(b"CDAT"));
    let hex = |at: usize| {
        bytes[ids + 20 * at..ids + 20 * (at + 1)].iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let of = |id: &str| (0..).find(|at| hex(*at) == id).unwrap();
    let evil = sample.story.tampered[0];
    let child = of(&sample.repository.ids[evil + 1]);
    let parent = of(&sample.git(&["rev-parse", &format!("{}^", sample.evil())])) as u32;
    let at = data + 36 * child + 20;
    bytes[at..at + 4].copy_from_slice(&parent.to_be_bytes());
    fs::remove_file(&path).unwrap();
    fs::write(&path, &bytes).unwrap();
    known::expect("forged_commit_graph", sample.is_found_or_refused(), &sample.audit(&[]).1);
}

/// `git replace` shows another commit, tree or blob in the place of one.
#[test]
fn replacements_hide_nothing() {
    for (name, replace) in [
        ("replaced_commit", replace_commit as fn(&Sample)),
        ("replaced_tree", replace_tree),
        ("replaced_child", replace_child),
    ] {
        let sample = sample(PLAIN);
        replace(&sample);
        known::expect(name, sample.is_found_or_refused(), &sample.audit(&[]).1);
    }
}

/// By one that changes nothing.
fn replace_commit(sample: &Sample) {
    let parent = sample.git(&["rev-parse", &format!("{}^", sample.evil())]);
    let by = commit_of(sample, &format!("{parent}^{{tree}}"), &parent);
    sample.git(&["replace", sample.evil(), &by]);
}

fn replace_tree(sample: &Sample) {
    let of = |revision: &str| sample.git(&["rev-parse", &format!("{revision}:ledgers")]);
    let evil = sample.evil();
    sample.git(&["replace", &of(evil), &of(&format!("{evil}^"))]);
}

/// By one that has the evil commit's parent for its own.
fn replace_child(sample: &Sample) {
    let child = &sample.repository.ids[sample.story.tampered[0] + 1];
    let by = commit_of(sample, &format!("{child}^{{tree}}"), &format!("{}^", sample.evil()));
    sample.git(&["replace", child, &by]);
}

fn commit_of(sample: &Sample, tree: &str, parent: &str) -> String {
    let (tree, parent) = (sample.git(&["rev-parse", tree]), sample.git(&["rev-parse", parent]));
    sample.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", &tree, "-p", &parent, "-m", "x"])
}

#[test]
fn grafts_hide_nothing() {
    let sample = sample(PLAIN);
    let next = &sample.repository.ids[sample.story.tampered[0] + 1];
    let parent = sample.git(&["rev-parse", &format!("{}^", sample.evil())]);
    fs::create_dir_all(sample.repository.git.join("info")).unwrap();
    fs::write(sample.repository.git.join("info/grafts"), format!("{next} {parent}\n")).unwrap();
    known::expect("grafted_parent", sample.is_found_or_refused(), &sample.audit(&[]).1);
    fs::write(sample.repository.git.join("info/grafts"), format!("{next}\n")).unwrap();
    known::expect("grafted_root", sample.is_found_or_refused(), &sample.audit(&[]).1);
    fs::remove_file(sample.repository.git.join("info/grafts")).unwrap();
    fs::write(sample.repository.git.join("shallow"), format!("{next}\n")).unwrap();
    let (exit, told) = sample.audit(&[]);
    assert!(exit == 3 && told.contains("浅克隆"), "{told}");
}

/// Objects may lie in another store; where that is gone, nothing is verified.
#[test]
fn a_store_elsewhere_is_read_or_missed() {
    let sample = sample(PLAIN);
    let elsewhere = sample.folder.path().join("elsewhere");
    let own = sample.repository.git.join("objects");
    fs::rename(&own, &elsewhere).unwrap();
    fs::create_dir_all(own.join("info")).unwrap();
    fs::write(own.join("info/alternates"), format!("{}\n", elsewhere.display())).unwrap();
    assert!(sample.is_found());
    fs::remove_dir_all(&elsewhere).unwrap();
    assert_eq!(sample.audit(&[]).0, 3);
}

/// HEAD may name a commit, and refs may be packed.
#[test]
fn heads_of_every_kind_are_read() {
    let sample = sample(PLAIN);
    sample.git(&["pack-refs", "--all"]);
    assert!(sample.is_found());
    fs::write(sample.repository.git.join("HEAD"), format!("{}\n", sample.evil())).unwrap();
    assert!(sample.is_found());
    fs::write(sample.repository.git.join("HEAD"), "ref: refs/heads/nowhere\n").unwrap();
    assert_eq!(sample.audit(&[]).0, 3);
}
