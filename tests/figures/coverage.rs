//! 报送: which of the responsible units said something within some days.

use crate::amount::Figure;
use crate::district::name;
use crate::records::Day;
use crate::scene::{Scene, is_milestone};

/// What is told of a unit in a campaign.
pub struct Said {
    pub rows: usize,
    pub found: usize,
    pub zero: Option<Day>,
    pub state: &'static str,
}

impl Said {
    /// Either new problems or a zero report; both contradict each other.
    pub fn is_covered(&self) -> bool {
        (self.found > 0) != self.zero.is_some()
    }
}

pub fn said(scene: &Scene, campaign: &str, unit: &str, from: Day, to: Day) -> Said {
    let ledger = scene.ledger(campaign, unit);
    let rows = ledger.map_or(&[][..], |ledger| &ledger.rows);
    let found =
        rows.iter().filter(|row| !is_milestone(row) && from <= row.found() && row.found() <= to).count();
    let zero = if campaign == "yanglao" { scene.zero_report(unit, from, to) } else { None };
    let state = match (found > 0, zero.is_some(), ledger.is_some(), rows.is_empty()) {
        (true, true, ..) => "零报告与新问题矛盾",
        (true, false, ..) => "有新问题",
        (false, true, ..) => "零报告",
        (false, false, false, _) => "无台账，也无零报告",
        (false, false, true, true) => "台账无一行，也无零报告",
        (false, false, true, false) => "本期无新问题，也无零报告",
    };
    let known = rows.iter().filter(|row| row.found() <= to).count();
    Said { rows: known, found, zero, state }
}

/// Who owes a report for some days: nobody, where the plan does not run on any of them.
pub fn owing<'s>(scene: &'s Scene, campaign: &str, from: Day, to: Day) -> Vec<&'s str> {
    let (start, end) = scene.runs(campaign);
    match from <= end && start.is_none_or(|start| start <= to) {
        true => scene.responsible(campaign),
        false => vec![],
    }
}

/// Covered units of those that have to report, or of some by themselves.
pub fn rate(scene: &Scene, units: &[&str], from: Day, to: Day) -> Option<Figure> {
    let owing = owing(scene, "yanglao", from, to);
    let units = match units {
        [] => owing,
        _ if owing.is_empty() => vec![],
        units => units.to_vec(),
    };
    let covered = units.iter().filter(|unit| said(scene, "yanglao", unit, from, to).is_covered()).count();
    Figure::share(covered, units.len())
}

/// Who did not report in a month, and who said two things that contradict each other.
pub fn silence(scene: &Scene, from: Day, to: Day) -> Vec<String> {
    let units = owing(scene, "yanglao", from, to);
    let (mut silent, mut contradicting) = (vec![], vec![]);
    for unit in &units {
        let said = said(scene, "yanglao", unit, from, to);
        match (said.found > 0, said.zero.is_some()) {
            (false, false) => silent.push(name(unit)),
            (true, true) => contradicting.push(name(unit)),
            _ => {}
        }
    }
    let mut lines = vec![];
    for (words, list) in
        [("没有新问题也没有零报告的", silent), ("报了零报告又登记了新问题、需要核实的", contradicting)]
    {
        if !list.is_empty() {
            lines.push(format!("{words}{}个：{}", list.len(), list.join("、")));
        }
    }
    if !lines.is_empty() {
        lines.insert(0, format!("{}个", units.len()));
    }
    lines
}

/// `campaign | found | zero reports | silent | rate`, then a line a unit.
pub fn lines(scene: &Scene, campaigns: &[&str], from: Day, to: Day) -> Vec<String> {
    let (mut sums, mut lines) = (vec![], vec![]);
    for campaign in campaigns {
        let (mut found, mut zero, mut silent) = (0, 0, 0);
        let units = owing(scene, campaign, from, to);
        if units.is_empty() {
            continue;
        }
        for unit in units {
            let said = said(scene, campaign, unit, from, to);
            match said.is_covered() {
                true if said.found > 0 => found += 1,
                true => zero += 1,
                false => silent += 1,
            }
            let day = said.zero.map_or("-".to_owned(), |day| day.to_string());
            let Said { rows, found, state, .. } = said;
            lines.push(format!("{campaign} {} {rows} {found} {day} {state}", name(unit)));
        }
        let all = found + zero + silent;
        sums.push(format!("{campaign} {all} {found} {zero} {silent} {}/{all}", found + zero));
    }
    sums.extend(lines);
    sums
}
