//! Which issues meet the user's conditions.

use super::Opened;
use crate::load::ledger::{self, Keep};
use crate::model::condition::{Condition, Surroundings};
use crate::model::workflow::Status;
use crate::source::disk::LedgerFile;
use anyhow::Result;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// An issue that was picked, as a preview shows it.
#[derive(Debug)]
pub struct Picked {
    pub id: String,
    round: u16,
    pub status: Status,
    pub unit: String,
    pub problem: String,
}

impl Opened {
    /// The last round of every issue that meets all conditions, in the order of the ledgers.
    pub fn select(&self, conditions: &[Condition], as_of: NaiveDate) -> Result<Vec<Picked>> {
        self.require_sound()?;
        let (workspace, files) =
            (self.workspace(), self.listing.ledgers.iter().collect::<Vec<&LedgerFile>>());
        let clock = workspace.clock(as_of);
        let outcomes = self.each_ledger(&files, |origin, text, findings| {
            let at = Surroundings { workspace, clock: &clock, campaign: origin.campaign, unit: origin.unit };
            let mut picked: Vec<Picked> = vec![];
            let mut last_round: FxHashMap<String, u16> = FxHashMap::default();
            ledger::read(origin, text, Keep::NOTHING, findings, |row, _| {
                let round = row.issue.round;
                if round > 1 {
                    let last = last_round.entry(row.id().into_owned()).or_default();
                    *last = round.max(*last);
                }
                if conditions.iter().all(|condition| condition.is_met(row, at)) {
                    picked.push(Picked {
                        id: row.id().into_owned(),
                        round,
                        status: row.issue.status,
                        unit: workspace.register.unit(origin.unit).name.clone(),
                        problem: row.problem(),
                    });
                }
            });
            picked.retain(|row| last_round.get(&row.id).is_none_or(|last| *last == row.round));
            picked
        });
        let picked = outcomes.into_iter().filter_map(|outcome| outcome.read).flatten().collect();
        Ok(picked)
    }
}
