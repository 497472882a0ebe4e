//! Histories written, audited and compared with what had to be found.

use crate::desk;
use crate::kinds::{Asked, Kind};
use crate::known;
use crate::repository;
use crate::story::Story;
use crate::verdict::{self, Said};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Tampered histories of each kind.
const OF_EACH_KIND: u64 = 8;

/// The one seed that is to be looked at.
pub fn asked_seed() -> Option<u64> {
    std::env::var("ZXZZ_SEED").ok().map(|seed| seed.parse().unwrap())
}

pub fn rounds() -> u64 {
    std::env::var("ZXZZ_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap())
}

pub fn clean(seed: u64) -> Story {
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
pub fn fitting(kind: &Kind) -> impl Iterator<Item = (u64, Story)> {
    // Every kind has seeds of its own, whatever others come or go.
    let name = kind.name.bytes().fold(7, |sum: u64, byte| (sum * 31 + u64::from(byte)) % 1_000_003);
    let first = 1000 * (name + 1);
    let seeds = asked_seed().map_or(first..first + 200 * rounds(), |seed| seed..seed + 1);
    seeds.filter_map(|seed| Some((seed, tampered(kind, seed)?)))
}

/// A history and what the audit said about it.
pub struct Judged {
    pub seed: u64,
    story: Story,
    ids: Vec<String>,
    pub said: Vec<Said>,
    /// What it said when it looked at the commits from a later one on only.
    pub said_of_range: Vec<Said>,
}

impl Judged {
    pub fn of(seed: u64, mut story: Story) -> Judged {
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

    pub fn is_alarmed(&self) -> bool {
        !self.said.is_empty() || !self.said_of_range.is_empty()
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
    pub fn tell(&self) -> String {
        let mut told = format!("  ZXZZ_SEED={} {:?}", self.seed, self.story.place);
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
        for one in &self.said_of_range {
            told += &format!("\n  said in a range of {}: [{}] {}", one.commit, one.code, one.text);
        }
        told
    }
}

/// Where a disk in memory is at hand, writing a thousand repositories takes half the time.
pub fn memory_disk() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

/// What remains of a tampered history: the codes that found the tampering, and what to tell where none did.
struct Outcome {
    seed: u64,
    codes: BTreeSet<String>,
    in_range: bool,
    told: String,
}

impl Outcome {
    fn of(kind: &Kind, seed: u64, story: Story) -> Outcome {
        let judged = Judged::of(seed, story);
        let codes: BTreeSet<String> = judged.hits(kind, &judged.said).map(|one| one.code.clone()).collect();
        let in_range = judged.hits(kind, &judged.said_of_range).next().is_some();
        if asked_seed().is_some() {
            println!("{}", judged.tell());
        }
        let told = if codes.is_empty() || !in_range { judged.tell() } else { String::new() };
        Outcome { seed, codes, in_range, told }
    }

    fn is_missed(&self) -> bool {
        self.codes.is_empty()
    }
}

/// A kind on all its histories.
pub struct Tried {
    kind: &'static Kind,
    outcomes: Vec<Outcome>,
}

impl Tried {
    pub fn of(kind: &'static Kind) -> Tried {
        let stories = fitting(kind).take((OF_EACH_KIND * rounds()) as usize);
        Tried { kind, outcomes: stories.map(|(seed, story)| Outcome::of(kind, seed, story)).collect() }
    }

    pub fn count(&self) -> usize {
        self.outcomes.len()
    }

    pub fn found(&self) -> usize {
        self.outcomes.iter().filter(|one| !one.is_missed()).count()
    }

    pub fn tell(&self) -> String {
        let all = self.count();
        let in_range = self.outcomes.iter().filter(|one| one.in_range).count();
        let codes: BTreeSet<&str> =
            self.outcomes.iter().flat_map(|one| &one.codes).map(String::as_str).collect();
        let codes = codes.into_iter().collect::<Vec<&str>>().join(", ");
        let gap = if known::is_gap(self.kind.name) { " (known gap)" } else { "" };
        format!("{}: found {}/{all}, in a range {in_range}/{all}{gap}: {codes}", self.kind.name, self.found())
    }

    /// What is worse, or better, than known.rs says.
    pub fn faults(&self) -> Vec<String> {
        let name = self.kind.name;
        if self.outcomes.is_empty() {
            return vec![format!("{name} fits no history")];
        }
        let missed = self.outcomes.iter().find(|one| one.is_missed());
        let missed_in_range = self.outcomes.iter().find(|one| !one.in_range);
        // What is missed in the whole history is missed in its part as well.
        let ranged = (!known::is_gap(name) && missed.is_none())
            .then(|| self.fault(&format!("{name} in a range"), missed_in_range));
        self.fault(name, missed).into_iter().chain(ranged.flatten()).collect()
    }

    fn fault(&self, name: &str, missed: Option<&Outcome>) -> Option<String> {
        let (kind, codes) = (self.kind.name, self.kind.codes);
        match (known::is_gap(name), missed) {
            (false, Some(first)) => Some(format!(
                "{}\n{name}: one of {codes:?} was to be found\n{}\n  ZXZZ_KIND={kind} ZXZZ_SEED={} cargo test --test tampering -- --nocapture",
                self.tell(),
                first.told,
                first.seed,
            )),
            (true, None) if asked_seed().is_none() => {
                Some(format!("{name} is always found now: take it out of known.rs"))
            }
            _ => None,
        }
    }
}
