//! What commits did to the seals.

use super::Charge;
use crate::history::rules::DELETED_SEAL;
use crate::history::seals::{changed, list_changed};
use crate::history::step::Offence;
use crate::model::seal::{LISTS, SEALS};
use crate::pipeline::commits::Step;
use crate::source::history::{FileChange, History};
use anyhow::Result;

/// Charges for what a commit did to the seals, against each parent. A merge answers for what no parent shows, and for seals
/// that are gone.
pub fn charges(history: &History, step: &Step) -> Result<Vec<Charge>> {
    let mut charges = vec![];
    for changes in &step.changes {
        for change in changes.iter().filter(|change| change.path == SEALS || change.path.starts_with(LISTS)) {
            let is_own = step.changes.iter().all(|side| side.iter().any(|other| other.path == change.path));
            let mut offences = offences(history, change)?;
            offences.retain(|offence| is_own || std::ptr::eq(offence.rule, &DELETED_SEAL));
            charges.extend(
                offences.into_iter().map(|offence| Charge::new(step.commit, &change.path, "", offence)),
            );
        }
    }
    Ok(charges)
}

fn offences(history: &History, change: &FileChange) -> Result<Vec<Offence>> {
    let Some(old) = change.old else { return Ok(vec![]) };
    let old = history.read(old)?;
    let new = change.new.map(|new| history.read(new)).transpose()?;
    Ok(match change.path == SEALS {
        true => changed(&old, new.as_deref().unwrap_or_default()),
        false => list_changed(&old, new.as_deref()).into_iter().collect(),
    })
}
