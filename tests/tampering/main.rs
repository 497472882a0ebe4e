//! Proof by the thousand that `audit` finds tampering and leaves honest work alone.
//!
//! One history: `ZXZZ_SEED=7 cargo test --test tampering -- --nocapture` (a clean one), with `ZXZZ_KIND=row_deleted` a tampered one;
//! with `ZXZZ_KEEP=folder` its repository stays there. `ZXZZ_ROUNDS=5` looks at five times as many.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod chance;
mod desk;
mod kinds;
mod known;
mod odd_repositories;
mod repository;
mod sheet;
mod steps;
mod story;
mod verdict;
mod work;

use kinds::{Asked, Kind};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use story::Story;
use verdict::Said;

const CLEAN: u64 = 400;
const OF_EACH_KIND: u64 = 8;

#[test]
fn honest_histories_are_clean() {
    if std::env::var("ZXZZ_KIND").is_ok() {
        return;
    }
    let seeds = asked_seed().map_or((0..CLEAN * rounds()).collect(), |seed| vec![seed]);
    let judged: Vec<Judged> = seeds.into_par_iter().map(|seed| Judged::of(seed, clean(seed))).collect();
    let is_known = |one: &Said| known::FALSE_ALARMS.iter().any(|(code, _)| *code == one.code);
    let alarmed = judged.iter().filter(|one| !one.said.is_empty()).count();
    println!("clean: {} histories, {alarmed} with findings", judged.len());
    let is_new = |one: &&Judged| !one.said.iter().chain(&one.said_of_range).all(is_known);
    let new: Vec<&Judged> = judged.iter().filter(is_new).collect();
    for one in &new {
        one.said_of_range
            .iter()
            .for_each(|said| println!("    in a range: {} [{}] {}", said.commit, said.code, said.text));
        println!("{}\n  ZXZZ_SEED={} cargo test --test tampering -- --nocapture", one.tell(), one.seed);
    }
    assert!(new.is_empty(), "{} of {} clean histories are not clean", new.len(), judged.len());
    for (code, why) in known::FALSE_ALARMS.iter().filter(|_| asked_seed().is_none()) {
        let still = judged.iter().flat_map(|one| &one.said).any(|one| one.code == *code);
        assert!(still, "no false alarm {code} any more ({why}): take it out of known.rs");
    }
}

#[test]
fn tampering_is_found() {
    let asked = std::env::var("ZXZZ_KIND").ok();
    if asked.is_none() && asked_seed().is_some() {
        return;
    }
    let kinds: Vec<(usize, &Kind)> = kinds::all().enumerate().collect();
    let kinds =
        kinds.into_par_iter().filter(|(_, kind)| asked.as_deref().is_none_or(|name| name == kind.name));
    let tried: Vec<Tried> = kinds.map(|(at, kind)| Tried::of(kind, at)).collect();
    assert!(!tried.is_empty(), "no kind of this name");
    let histories: usize = tried.iter().map(|one| one.judged.len()).sum();
    let missed: usize = tried.iter().map(|one| one.missed().len()).sum();
    for one in &tried {
        println!("{}", one.tell());
    }
    println!("tampered: {histories} histories of {} kinds, {} found", tried.len(), histories - missed);
    let wrong: Vec<String> = tried.iter().flat_map(Tried::faults).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An audit that goes on from where another ended, or starts anew since that commit is not among its own, says what one
/// of the whole says.
#[test]
fn an_audit_that_is_taken_up_says_the_same() {
    let kinds: Vec<(usize, &Kind)> = kinds::all().enumerate().collect();
    kinds.into_par_iter().for_each(|(at, kind)| {
        let (seed, mut story) = fitting(kind, at).next().unwrap();
        let folder = tempfile::tempdir_in(memory_disk()).unwrap();
        let repository = repository::write(&story, folder.path());
        let tell =
            |said: Vec<Said>| said.into_iter().map(|one| one.commit + &one.text).collect::<Vec<String>>();
        let whole = tell(verdict::judge(&repository, None));
        let mut halts: Vec<String> = (0..3).map(|_| story.chance.one(&repository.ids)).collect();
        halts.push("ref: refs/heads/main".to_owned());
        let mut last = vec![];
        for halt in halts {
            std::fs::write(&repository.head, format!("{halt}\n")).unwrap();
            last = tell(verdict::judge_since_last(&repository));
        }
        assert_eq!(last, whole, "{} {seed}", kind.name);
    });
}

/// What the generator takes for honest, `check` takes for right, commit by commit.
#[test]
fn honest_work_passes_check() {
    (0..24u64).into_par_iter().for_each(|seed| {
        for (at, commit) in clean(seed).commits.iter().enumerate() {
            let folder = tempfile::tempdir_in(memory_disk()).unwrap();
            repository::lay_out_files(&commit.desk, folder.path());
            let opened = zxzz::pipeline::open(Some(folder.path())).unwrap();
            let checked = opened.check(commit.committed.day(), &[]);
            let wrong = checked.findings.iter().filter(|one| one.rule.code != "not-utf8");
            let told: Vec<String> =
                wrong.map(|one| format!("{} {}: {}", one.rule.code, one.place.path, one.message)).collect();
            assert!(told.is_empty(), "seed {seed}, commit {at}: {told:#?}");
        }
    });
}

fn asked_seed() -> Option<u64> {
    std::env::var("ZXZZ_SEED").ok().map(|seed| seed.parse().unwrap())
}

fn rounds() -> u64 {
    std::env::var("ZXZZ_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap())
}

fn clean(seed: u64) -> Story {
    let mut story = Story::new(seed);
    let steps = story.chance.between(5, 25);
    story.run(steps);
    story.settle();
    story
}

/// Honest work, one tampering, honest work again. None where it does not fit the history.
fn tampered(kind: &Kind, seed: u64) -> Option<Story> {
    let mut story = Story::new(seed);
    let steps = story.chance.between(2, 12);
    story.run(steps);
    (kind.tamper)(&mut story)?;
    let steps = story.chance.between(1, 6);
    story.run(steps);
    story.settle();
    Some(story)
}

/// The histories that a kind fits, with their seeds.
fn fitting(kind: &Kind, at: usize) -> impl Iterator<Item = (u64, Story)> {
    let first = 1_000_000 * (at as u64 + 1);
    let seeds = asked_seed().map_or(first..first + 200 * rounds(), |seed| seed..seed + 1);
    seeds.filter_map(|seed| Some((seed, tampered(kind, seed)?)))
}

/// A history and what the audit said about it.
struct Judged {
    seed: u64,
    story: Story,
    ids: Vec<String>,
    said: Vec<Said>,
    /// What it said when it looked at the commits from a later one on only.
    said_of_range: Vec<Said>,
}

impl Judged {
    fn of(seed: u64, mut story: Story) -> Judged {
        let keep = std::env::var_os("ZXZZ_KEEP").map(PathBuf::from);
        let passing = tempfile::tempdir_in(memory_disk()).unwrap();
        let folder: &Path = keep.as_deref().unwrap_or(passing.path());
        let repository = repository::write(&story, folder);
        if keep.is_some() {
            println!("the workspace is {}", repository.workspace.display());
        }
        let base = story.base();
        let range = format!("{}..main", repository.ids[base]);
        let said = verdict::judge(&repository, None);
        let said_of_range = verdict::judge(&repository, Some(&range));
        Judged { seed, story, ids: repository.ids, said, said_of_range }
    }

    /// Of what was said, what fits the kind and is about a commit that tampered.
    fn hits<'j>(&'j self, kind: &Kind, said: &'j [Said]) -> impl Iterator<Item = &'j Said> {
        let (codes, asked) = (kind.codes, kind.severity);
        said.iter().filter(move |one| {
            let mut tampered = self.story.tampered.iter().map(|at| &self.ids[*at]);
            let of_tampering = !one.commit.is_empty() && tampered.any(|id| id.starts_with(&one.commit));
            let about = one.id.is_empty() || self.story.frozen.contains(&one.id);
            let fits = codes.is_empty() || codes.contains(&one.code.as_str());
            of_tampering && about && fits && (one.is_error || asked == Asked::Warning)
        })
    }

    /// What the tampering commits did, and what was said.
    fn tell(&self) -> String {
        let mut told = format!("  seed {} {:?}", self.seed, self.story.place);
        for at in &self.story.tampered {
            let commit = &self.story.commits[*at];
            let parents = commit.parents.iter().map(|parent| &self.ids[*parent][..8]);
            told += &format!(
                "\n  tampered {} after {} by {} on {}, committed by {} on {}",
                &self.ids[*at][..8],
                parents.collect::<Vec<&str>>().join(" and "),
                commit.author.1,
                commit.authored.local(),
                commit.committer.1,
                commit.committed.local(),
            );
            for parent in &commit.parents {
                for what in desk::differences(&self.story.commits[*parent].desk, &commit.desk) {
                    told += &format!("\n    {what}");
                }
            }
        }
        for one in &self.said {
            told += &format!("\n  said of {}: [{}] {}", one.commit, one.code, one.text);
        }
        told
    }
}

/// Where a disk in memory is at hand, writing a thousand repositories takes half the time.
fn memory_disk() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// A kind on all its histories.
struct Tried {
    kind: &'static Kind,
    judged: Vec<Judged>,
}

impl Tried {
    fn of(kind: &'static Kind, at: usize) -> Tried {
        let stories = fitting(kind, at).take((OF_EACH_KIND * rounds()) as usize);
        let judged: Vec<Judged> = stories.map(|(seed, story)| Judged::of(seed, story)).collect();
        if asked_seed().is_some() {
            judged.iter().for_each(|one| println!("{}", one.tell()));
        }
        Tried { kind, judged }
    }

    fn missed(&self) -> Vec<&Judged> {
        self.judged.iter().filter(|one| one.hits(self.kind, &one.said).next().is_none()).collect()
    }

    fn missed_in_range(&self) -> Vec<&Judged> {
        self.judged.iter().filter(|one| one.hits(self.kind, &one.said_of_range).next().is_none()).collect()
    }

    fn tell(&self) -> String {
        let all = self.judged.len();
        let (found, in_range) = (all - self.missed().len(), all - self.missed_in_range().len());
        let hits = self.judged.iter().flat_map(|one| one.hits(self.kind, &one.said));
        let codes: BTreeSet<&str> = hits.map(|one| one.code.as_str()).collect();
        let codes = codes.into_iter().collect::<Vec<&str>>().join(", ");
        let gap = if known::is_gap(self.kind.name) { " (known gap)" } else { "" };
        format!("{}: found {found}/{all}, in a range {in_range}/{all}{gap}: {codes}", self.kind.name)
    }

    /// What is worse, or better, than known.rs says.
    fn faults(&self) -> Vec<String> {
        let name = self.kind.name;
        if self.judged.is_empty() {
            return vec![format!("{name} fits no history")];
        }
        let whole = self.fault(name, "", self.missed());
        let ranged = format!("{name} in a range");
        // What is missed in the whole history is missed in its part as well.
        let ranged = if known::is_gap(name) {
            None
        } else {
            self.fault(&ranged, "in a range ", self.missed_in_range())
        };
        whole.into_iter().chain(ranged).collect()
    }

    fn fault(&self, name: &str, what: &str, missed: Vec<&Judged>) -> Option<String> {
        let (kind, codes) = (self.kind.name, self.kind.codes);
        match (known::is_gap(name), missed.first()) {
            (false, Some(first)) => Some(format!(
                "{}: {what}one of {codes:?} was to be found\n{}\n  ZXZZ_KIND={kind} ZXZZ_SEED={} cargo test --test tampering -- --nocapture",
                self.tell(),
                first.tell(),
                first.seed,
            )),
            (true, None) if asked_seed().is_none() => {
                Some(format!("{name} is always found now: take it out of known.rs"))
            }
            _ => None,
        }
    }
}
