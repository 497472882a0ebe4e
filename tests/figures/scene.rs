//! What a workspace holds, read anew from its files, and who is meant by what.

use crate::district::{District, LEAD, MILESTONES, Plan, day, listed, name, place};
use crate::records::{Day, Ledger, Record, ledgers, read};
use std::path::Path;

pub struct Scene<'d> {
    pub plan: &'d Plan,
    pub least: i64,
    pub ledgers: Vec<Ledger>,
    /// `_targets.csv` and `_duties.csv`.
    pub figures: Vec<Record>,
    pub deeds: Vec<Record>,
}

/// Not found by anybody, but set by the plan.
pub fn is_milestone(row: &Record) -> bool {
    MILESTONES.iter().any(|(id, _)| *id == row.cell("任务"))
}

/// Ids of units without doubles, in the order of the register.
pub fn in_order(mut units: Vec<&str>) -> Vec<&str> {
    units.sort_by_key(|unit| place(unit));
    units.dedup();
    units
}

impl<'d> Scene<'d> {
    pub fn read(district: &'d District, folder: &Path) -> Scene<'d> {
        let mut ledgers = ledgers(folder);
        ledgers.sort_by_key(|ledger| place(&ledger.unit));
        Scene {
            plan: &district.plan,
            least: district.least,
            ledgers,
            figures: read(&folder.join("ledgers/yanglao/_targets.csv")),
            deeds: read(&folder.join("ledgers/yanglao/_duties.csv")),
        }
    }

    pub fn of(&self, campaign: &str) -> impl Iterator<Item = &Ledger> {
        self.ledgers.iter().filter(move |ledger| ledger.campaign == campaign)
    }

    /// First day, where the plan names one, and last day.
    pub fn runs(&self, campaign: &str) -> (Option<Day>, Day) {
        match campaign {
            "yanglao" => (self.plan.start, self.plan.end),
            _ => (None, day("2025-12-31")),
        }
    }

    /// The ledger of a unit in a campaign.
    pub fn ledger(&self, campaign: &str, unit: &str) -> Option<&Ledger> {
        self.of(campaign).find(|ledger| ledger.unit == unit)
    }

    /// Who has to report: whoever is responsible for a task, its lead where nobody else is, the plan's lead where it
    /// has none, and whoever keeps a ledger.
    pub fn responsible(&self, campaign: &str) -> Vec<&str> {
        let mut units: Vec<&str> = vec![];
        if campaign == "yanglao" {
            for (_, _, responsible, lead) in self.plan.tasks() {
                let names = match (responsible.is_empty(), lead.is_empty()) {
                    (true, true) => &[LEAD],
                    (true, false) => *lead,
                    _ => *responsible,
                };
                names.iter().for_each(|name| units.extend(listed(name).0));
            }
        }
        units.extend(self.of(campaign).map(|ledger| ledger.unit.as_str()));
        in_order(units)
    }

    /// The problems of the plan's ledgers, of one task and with one 隐患等级 where they are given.
    pub fn problems<'s>(
        &'s self,
        unit: Option<&'s str>,
        task: Option<&'s str>,
        level: Option<&'s str>,
    ) -> impl Iterator<Item = &'s Record> {
        let ledgers = self.of("yanglao").filter(move |ledger| unit.is_none_or(|unit| ledger.unit == unit));
        ledgers.flat_map(|ledger| &ledger.rows).filter(move |row| {
            !is_milestone(row)
                && task.is_none_or(|task| row.cell("任务") == task)
                && level.is_none_or(|level| row.cell("隐患等级") == level)
        })
    }

    /// The unit's zero reports within some days; the last of them.
    pub fn zero_report(&self, unit: &str, from: Day, to: Day) -> Option<Day> {
        let mut last = None;
        for deed in &self.deeds {
            let day = deed.day("日期").unwrap();
            let is_own = deed.cell("事项") == "零报告" && deed.cell("单位") == name(unit);
            if is_own && from <= day && day <= to {
                last = last.max(Some(day));
            }
        }
        last
    }
}
