//! The figures computed a second time, from the CSV files and the definitions alone, and held against what the commands
//! print for random districts. `ZXZZ_SEED=7 cargo test --test figures` looks at others, `ZXZZ_ROUNDS=5` at five times as many.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod amount;
mod calendar;
mod coverage;
mod district;
mod examples;
mod goals;
mod measures;
mod places;
mod printed;
mod records;
mod rota;
mod scene;
mod shown;
mod standing;

use district::{Asked, District, MEASURES, REPORTED, districts};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use records::Day;
use scene::Scene;
use shown::report;
use std::path::Path;

/// Random districts, each with some report days.
const DISTRICTS: u32 = 14;

type Agreed = Result<(), TestCaseError>;

/// Lets a test see every random district; one that fails is cut down to a small one.
fn everywhere(test: impl Fn(&Scene, &Path, &Asked) -> Agreed) {
    let asked = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let config = Config {
        cases: DISTRICTS * asked("ZXZZ_ROUNDS").unwrap_or(1) as u32,
        failure_persistence: None,
        max_shrink_time: 20_000,
        rng_seed: RngSeed::Fixed(asked("ZXZZ_SEED").unwrap_or(1)),
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&districts(), |district: District| {
        let folder = tempfile::tempdir().unwrap();
        district.write(folder.path());
        let scene = Scene::read(&district, folder.path());
        district.reports.iter().try_for_each(|asked| test(&scene, folder.path(), asked))
    });
    match run {
        Err(TestError::Fail(reason, district)) => panic!("{reason}\n{}", district.told()),
        other => other.unwrap(),
    }
}

/// Line by line; of those that differ the first few are told.
fn agree(what: &str, computed: &[String], printed: &[String]) -> Agreed {
    if computed == printed {
        return Ok(());
    }
    let only = |mine: &[String], theirs: &[String]| {
        let lines = mine.iter().filter(|line| !theirs.contains(line)).take(5).cloned();
        lines.collect::<Vec<_>>().join("\n  ")
    };
    let (computed, printed) = (only(computed, printed), only(printed, computed));
    Err(TestCaseError::fail(format!("{what}\ncomputed:\n  {computed}\nprinted:\n  {printed}")))
}

#[test]
fn counts_agree() {
    everywhere(|scene, folder, Asked { day, .. }| {
        let words = format!("status --as-of {day}");
        agree(&words, &standing::of_all(scene, *day), &printed::progress(&report(folder, &words)))?;
        let words = format!("status --campaign yanglao --as-of {day}");
        agree(&words, &standing::of_one(scene, *day), &printed::progress(&report(folder, &words)))?;
        let words = format!("xiaohao --campaign yanglao --as-of {day}");
        agree(&words, &standing::closings(scene, *day), &printed::closings(&report(folder, &words)))?;
        let words = format!("report monthly --campaign yanglao --as-of {day}");
        let document = report(folder, &words);
        agree(&words, &standing::of_month(scene, *day), &printed::overall(&document))?;
        // Told once the month is over.
        let (from, to) = calendar::around("month", *day);
        let silence = if *day == to { coverage::silence(scene, from, to) } else { vec![] };
        agree(&words, &silence, &printed::silence(&document))
    });
}

#[test]
fn targets_agree() {
    everywhere(|scene, folder, Asked { day, .. }| {
        let words = format!("targets --campaign yanglao --by-unit --all-periods --as-of {day}");
        agree(&words, &goals::lines(scene, *day), &printed::targets(&report(folder, &words)))
    });
}

#[test]
fn ranks_agree() {
    everywhere(|scene, folder, asked| {
        let Some(within) = period(asked) else { return Ok(()) };
        let Asked { day, period, turn, .. } = asked;
        let (campaigns, part) = campaigns(asked);
        // 新增数 has no good or bad. Three of the others, so that over the districts each is asked for often.
        for measure in (0..3).map(|at| MEASURES[1 + (turn + at * 3) % (MEASURES.len() - 1)]) {
            let words = format!("rank --by {measure} --period {period} --as-of {day}{part}");
            let computed = places::by_measure(scene, measure, campaigns, within, *day);
            agree(&words, &computed, &printed::ranking(&report(folder, &words)))?;
        }
        let targets = &scene.plan.targets;
        let reported = targets.iter().find(|target| target.id == REPORTED[turn % REPORTED.len()].0);
        for target in [reported.unwrap(), &targets[turn % targets.len()]] {
            let words = format!("rank --by 指标{} --period {period} --as-of {day}", target.id);
            if target.measure == "found-count" {
                agree(&words, &["不能排名".to_owned()], &[shown::refused(folder, &words)])?;
                continue;
            }
            let computed = places::by_target(scene, target, within.1.min(*day), *day);
            agree(&words, &computed, &printed::ranking(&report(folder, &words)))?;
        }
        Ok(())
    });
}

#[test]
fn coverage_and_duties_agree() {
    everywhere(|scene, folder, asked| {
        let day = asked.day;
        if let Some((from, to)) = period(asked).filter(|_| asked.period != "total") {
            let (campaigns, part) = campaigns(asked);
            let words = format!("coverage --all --period {} --as-of {day}{part}", asked.period);
            let computed = coverage::lines(scene, campaigns, from, to.min(day));
            agree(&words, &computed, &printed::reporting(&report(folder, &words)))?;
        }
        let words = format!("duties --campaign yanglao --as-of {day}");
        agree(&words, &rota::lines(scene, day), &printed::duties(&report(folder, &words)))
    });
}

/// The days of the period that is asked for, if it has begun.
fn period(asked: &Asked) -> Option<(Day, Day)> {
    let within = match asked.period {
        "total" => (Day::MIN, asked.day),
        named if named.starts_with('2') => calendar::stated(named),
        around => calendar::around(around, asked.day),
    };
    Some(within).filter(|within| within.0 <= asked.day)
}

/// The campaigns that are asked about, and the words that say so.
fn campaigns(asked: &Asked) -> (&'static [&'static str], &'static str) {
    match asked.all_campaigns {
        true => (&["daolu", "yanglao"], ""),
        false => (&["yanglao"], " --campaign yanglao"),
    }
}
