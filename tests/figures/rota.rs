//! 经常性事项: what was done, owed and missed, period by period.

use crate::calendar::{around, next};
use crate::district::{Duty, SECTION, listed, name};
use crate::records::{Day, Record};
use crate::scene::{Scene, in_order};

struct Turn {
    from: Day,
    to: Day,
    done: i64,
}

/// A line for each duty, of each unit where each owes it, then the stretches in which something is missing, and who did
/// how much of what several do together.
pub fn lines(scene: &Scene, as_of: Day) -> Vec<String> {
    let (mut standing, mut missing, mut shares) = (vec![], vec![], vec![]);
    for duty in &scene.plan.duties {
        let deeds = deeds(scene, duty, as_of);
        let begin = begin(scene, duty, &deeds, as_of);
        let end = duty.until.unwrap_or(scene.plan.end).min(scene.plan.end);
        let named = in_order(duty.units.iter().flat_map(|name| listed(name).0).collect());
        let together = duty.units.join("、");
        let mut tell = |who: &str, own: &[&Record]| {
            let turns = turns(duty, own, (begin, end), as_of);
            standing.push(format!("{} {who} {}", duty.id, stands(duty, own, &turns, (begin, end), as_of)));
            let gaps = gaps(duty, &turns, as_of);
            missing.extend(gaps.into_iter().map(|gap| format!("{} {who} {gap}", duty.id)));
        };
        if !duty.each {
            tell(&together, &deeds);
            shares.extend(done_by(duty, &deeds));
            continue;
        }
        let of = |unit: &str| -> Vec<&Record> {
            deeds.iter().copied().filter(|deed| debtor(duty, unit_of(deed)) == unit).collect()
        };
        for unit in &named {
            tell(name(unit), &of(unit));
        }
        // Who is not named is not known to owe it: what was done is told, and nothing is missed.
        let others = in_order(deeds.iter().map(|deed| debtor(duty, unit_of(deed))).collect());
        for unit in others.into_iter().filter(|unit| !named.contains(unit)) {
            standing.push(format!("{} {} - - - - {}", duty.id, name(unit), last(&of(unit))));
        }
        if named.is_empty() {
            standing.push(format!("{} {together} - - - - {}", duty.id, last(&deeds)));
            shares.extend(done_by(duty, &deeds));
        }
    }
    standing.extend(missing);
    standing.extend(shares);
    standing
}

/// The day on which it was done last.
fn last(own: &[&Record]) -> String {
    let last = own.iter().map(|deed| deed.day("日期").unwrap()).max();
    last.map_or("-".to_owned(), |day| day.to_string())
}

/// How often each did it, where it was more than one.
fn done_by(duty: &Duty, own: &[&Record]) -> Vec<String> {
    let units = in_order(own.iter().map(|deed| unit_of(deed)).collect());
    if units.len() < 2 {
        return vec![];
    }
    let mut lines = vec![];
    for unit in units {
        let sum: i64 = own.iter().filter(|deed| unit_of(deed) == unit).map(|deed| times(deed)).sum();
        lines.push(format!("{} {} {sum}", duty.id, name(unit)));
    }
    lines
}

fn unit_of(deed: &Record) -> &'static str {
    listed(deed.cell("单位")).0[0]
}

/// Whose duty is done by what a unit did: a section does its unit's.
fn debtor(duty: &Duty, unit: &'static str) -> &'static str {
    let is_named = |unit: &str| duty.units.iter().any(|name| listed(name).0.contains(&unit));
    if unit == SECTION.0 && !is_named(unit) && is_named(SECTION.1) {
        return SECTION.1;
    }
    unit
}

/// What those who owe it did up to the day.
fn deeds<'s>(scene: &'s Scene, duty: &Duty, as_of: Day) -> Vec<&'s Record> {
    let mut own = vec![];
    for deed in &scene.deeds {
        let unit = unit_of(deed);
        let mut owes = false;
        for name in &duty.units {
            let (units, is_open) = listed(name);
            owes |= is_open || units.contains(&unit) || (unit == SECTION.0 && units == [SECTION.1]);
        }
        if owes && deed.cell("事项") == duty.id && deed.day("日期").unwrap() <= as_of {
            own.push(deed);
        }
    }
    own
}

fn times(deed: &Record) -> i64 {
    if deed.cell("次数").is_empty() { 1 } else { deed.count("次数") }
}

/// From when it is owed: as the plan says, else from the first problem or the first time it was done.
fn begin(scene: &Scene, duty: &Duty, deeds: &[&Record], as_of: Day) -> Day {
    if let Some(day) = duty.start.or(scene.plan.start).or(scene.plan.issued) {
        return day;
    }
    let mut first = as_of;
    for row in scene.of("yanglao").flat_map(|ledger| &ledger.rows) {
        first = first.min(row.found());
    }
    for deed in deeds {
        first = first.min(deed.day("日期").unwrap());
    }
    first
}

/// The periods that have begun, cut off where the duty begins and ends.
fn turns(duty: &Duty, own: &[&Record], (begin, end): (Day, Day), as_of: Day) -> Vec<Turn> {
    let mut turns = vec![];
    let mut day = begin;
    while day <= end && day <= as_of {
        let to = around(duty.every, day).1.min(end);
        let mut done = 0;
        for deed in own {
            let on = deed.day("日期").unwrap();
            if day <= on && on <= to {
                done += times(deed);
            }
        }
        turns.push(Turn { from: day, to, done });
        day = next(to);
    }
    turns
}

/// `periods kept of those over | done and owed now | next day | last day`
fn stands(duty: &Duty, own: &[&Record], turns: &[Turn], (begin, end): (Day, Day), as_of: Day) -> String {
    let owed = i64::from(duty.times);
    let over = turns.iter().filter(|turn| turn.to <= as_of).count();
    let kept = turns.iter().filter(|turn| turn.to <= as_of && turn.done >= owed).count();
    let current = turns.iter().find(|turn| turn.to > as_of);
    let following = turns.last().map_or(begin, |turn| next(turn.to));
    let due = match current {
        Some(turn) if turn.done < owed => Some(turn.to),
        _ if following > end => None,
        _ => Some(around(duty.every, following).1.min(end)),
    };
    let or_none = |text: Option<String>| text.unwrap_or("-".to_owned());
    [
        or_none((over > 0).then(|| format!("{kept}/{over}"))),
        current.map_or("- -".to_owned(), |turn| format!("{} {owed}", turn.done)),
        or_none(due.map(|day| day.to_string())),
        last(own),
    ]
    .join(" ")
}

/// `from | to | periods | owed | done | missing`; periods in which nothing at all was done stand in one line while they
/// follow each other.
fn gaps(duty: &Duty, turns: &[Turn], as_of: Day) -> Vec<String> {
    let over: Vec<&Turn> = turns.iter().filter(|turn| turn.to <= as_of).collect();
    let mut gaps = vec![];
    let mut at = 0;
    while at < over.len() {
        let idle = over[at..].iter().take_while(|turn| turn.done == 0).count();
        let run = &over[at..at + idle.max(1)];
        let owed = i64::from(duty.times) * run.len() as i64;
        let done: i64 = run.iter().map(|turn| turn.done).sum();
        if done < owed {
            let (from, to) = (run[0].from, run[run.len() - 1].to);
            gaps.push(format!("{from} {to} {} {owed} {done} {}", run.len(), owed - done));
        }
        at += run.len();
    }
    gaps
}
