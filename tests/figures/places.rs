//! 排名: places among towns and among the others.

use crate::amount::Figure;
use crate::calendar::around;
use crate::coverage::{owing, said};
use crate::district::{BURDENS, Target, UNITS, name};
use crate::goals::by_unit;
use crate::measures::measured;
use crate::records::Day;
use crate::scene::{Scene, in_order};

/// `group place unit figure mark`, then `- unit figure reason` of those that are not ranked. Every row of a ledger counts,
/// also one that stands for a milestone of the plan.
pub fn by_measure(
    scene: &Scene,
    measure: &str,
    campaigns: &[&str],
    within: (Day, Day),
    as_of: Day,
) -> Vec<String> {
    let to = within.1.min(as_of);
    let within = match measure {
        // Reports are owed month by month.
        "coverage" if within.0 == Day::MIN => (around("month", to).0, to),
        _ => within,
    };
    let mut units: Vec<&str> = vec![];
    for campaign in campaigns {
        match measure {
            "coverage" => units.extend(owing(scene, campaign, within.0, to)),
            _ => units.extend(scene.of(campaign).map(|ledger| ledger.unit.as_str())),
        }
    }
    let mut figures = vec![];
    for unit in in_order(units) {
        let figure = if measure == "coverage" {
            let (mut covered, mut owed) = (0, 0);
            for campaign in campaigns.iter().filter(|one| owing(scene, one, within.0, to).contains(&unit)) {
                covered += usize::from(said(scene, campaign, unit, within.0, to).is_covered());
                owed += 1;
            }
            Figure::share(covered, owed)
        } else {
            let own = campaigns.iter().filter_map(|campaign| scene.ledger(campaign, unit));
            measured(measure, own.flat_map(|ledger| &ledger.rows), Some(within.0), to)
        };
        figures.push((unit, figure));
    }
    // In how many campaigns a unit has to report is nothing of chance.
    let least = if measure == "coverage" { 1 } else { scene.least };
    ranked(figures, !BURDENS.contains(&measure), least)
}

/// By the units' figures of a target of the plan in the target's own period around a day.
pub fn by_target(scene: &Scene, target: &Target, day: Day, as_of: Day) -> Vec<String> {
    let figures = by_unit(scene, target, day, as_of);
    let more_is_better = match target.measure {
        // All of 100% is more; none at all is less.
        "reported" if target.op == "=" => target.value != Some(0),
        "reported" => matches!(target.op, ">=" | ">"),
        measure => !BURDENS.contains(&measure),
    };
    ranked(figures, more_is_better, scene.least)
}

fn ranked(figures: Vec<(&str, Option<Figure>)>, more_is_better: bool, least: i64) -> Vec<String> {
    let is_town = |unit: &str| UNITS.iter().any(|(id, .., is_town)| *id == unit && *is_town);
    let (mut lines, mut left_out) = (vec![], vec![]);
    for (group, towns) in [("镇街", true), ("部门和其他单位", false)] {
        let mut fit = vec![];
        for (unit, figure) in figures.iter().filter(|(unit, _)| is_town(unit) == towns) {
            match figure {
                None => left_out.push(format!("- {} - 无数据", name(unit))),
                Some(Figure::Share(part, whole)) if *whole < least => {
                    left_out.push(format!("- {} {part}/{whole} 分母太小", name(unit)));
                }
                Some(figure) => fit.push((*unit, *figure)),
            }
        }
        let beats = |a: Figure, b: Figure| {
            let order = a.amount().compared(b.amount());
            if more_is_better { order.is_gt() } else { order.is_lt() }
        };
        let mut places = vec![];
        for (unit, figure) in &fit {
            let better = fit.iter().filter(|(_, other)| beats(*other, *figure)).count();
            let worse = fit.iter().filter(|(_, other)| beats(*figure, *other)).count();
            let mark = if better > 0 && worse < 3 { "后三位" } else { "-" };
            places.push((
                better + 1,
                format!("{group} {} {} {} {mark}", better + 1, name(unit), figure.told()),
            ));
        }
        places.sort_by_key(|(place, _)| *place);
        lines.extend(places.into_iter().map(|(_, line)| line));
    }
    lines.extend(left_out);
    lines
}
