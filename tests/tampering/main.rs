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
mod trial;
mod verdict;
mod work;

use kinds::Kind;
use rayon::prelude::*;
use trial::{Judged, Tried, asked_seed, clean, fitting, memory_disk, rounds};
use verdict::Said;

/// Honest histories.
const CLEAN: u64 = 400;

#[test]
fn honest_histories_are_clean() {
    if asked_kind().is_some() {
        return;
    }
    let seeds = asked_seed().map_or((0..CLEAN * rounds()).collect(), |seed| vec![seed]);
    let count = seeds.len();
    let alarms: Vec<Judged> =
        seeds.into_par_iter().map(|seed| Judged::of(seed, clean(seed))).filter(Judged::is_alarmed).collect();
    println!("clean: {count} histories, {} with findings", alarms.len());
    let is_known = |one: &Said| known::FALSE_ALARMS.iter().any(|(code, _)| *code == one.code);
    let is_new = |one: &&Judged| !one.said.iter().chain(&one.said_of_range).all(is_known);
    let new: Vec<String> = alarms.iter().filter(is_new).map(Judged::tell).collect();
    assert!(new.is_empty(), "{} of {count} clean histories are not clean\n{}", new.len(), new.join("\n"));
    for (code, why) in known::FALSE_ALARMS.iter().filter(|_| asked_seed().is_none()) {
        let still = alarms.iter().flat_map(|one| &one.said).any(|one| one.code == *code);
        assert!(still, "no false alarm {code} any more ({why}): take it out of known.rs");
    }
}

#[test]
fn tampering_is_found() {
    let asked = std::env::var("ZXZZ_KIND").ok();
    if asked.is_none() && asked_seed().is_some() {
        return;
    }
    let kinds: Vec<&Kind> = kinds::all().collect();
    let kinds = kinds.into_par_iter().filter(|kind| asked.as_deref().is_none_or(|name| name == kind.name));
    let tried: Vec<Tried> = kinds.map(Tried::of).collect();
    assert!(!tried.is_empty(), "no kind of this name");
    let histories: usize = tried.iter().map(Tried::count).sum();
    let found: usize = tried.iter().map(Tried::found).sum();
    for one in &tried {
        println!("{}", one.tell());
    }
    println!("tampered: {histories} histories of {} kinds, {found} found", tried.len());
    let wrong: Vec<String> = tried.iter().flat_map(Tried::faults).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An audit that goes on from where another ended, or starts anew since that commit is not among its own, says what one
/// of the whole says.
#[test]
fn an_audit_that_is_taken_up_says_the_same() {
    if asked_kind().is_none() && asked_seed().is_some() {
        return;
    }
    let differing = asked_kinds().into_par_iter().filter_map(|kind| {
        let (seed, mut story) = fitting(kind).next().unwrap();
        let folder = tempfile::tempdir_in(memory_disk()).unwrap();
        let repository = repository::write(&story, folder.path());
        let tell =
            |said: Vec<Said>| said.into_iter().map(|one| one.commit + &one.text).collect::<Vec<String>>();
        let whole = tell(verdict::judge(&repository, None));
        let mut halts: Vec<String> = (0..3).map(|_| story.chance.one(&repository.ids)).collect();
        halts.push("ref: refs/heads/main".to_owned());
        let mut last = vec![];
        for halt in &halts {
            std::fs::write(&repository.head, format!("{halt}\n")).unwrap();
            last = tell(verdict::judge_since_last(&repository));
        }
        (last != whole).then(|| {
            let name = kind.name;
            format!(
                "ZXZZ_KIND={name} ZXZZ_SEED={seed}, halts at {halts:#?}:\n{last:#?}\n instead of {whole:#?}"
            )
        })
    });
    let differing: Vec<String> = differing.collect();
    known::expect("audit_taken_up", differing.is_empty(), &differing.join("\n"));
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

fn asked_kind() -> Option<String> {
    std::env::var("ZXZZ_KIND").ok()
}

fn asked_kinds() -> Vec<&'static Kind> {
    let asked = asked_kind();
    let kinds: Vec<&Kind> =
        kinds::all().filter(|kind| asked.as_deref().is_none_or(|name| name == kind.name)).collect();
    assert!(!kinds.is_empty(), "no kind of this name");
    kinds
}
