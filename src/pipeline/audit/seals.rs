//! What commits did to the seals.

use super::Charge;
use crate::history::seals::{changed, list_changed};
use crate::history::step::Offence;
use crate::model::seal::{LISTS, SEALS};
use crate::source::history::{Commit, FileChange, History};
use anyhow::Result;

/// Charges for what a commit did to the seals against one of its parents.
pub fn charges(history: &History, commit: &Commit, changes: &[FileChange]) -> Result<Vec<Charge>> {
    let mut charges = vec![];
    for change in changes.iter().filter(|change| change.path == SEALS || change.path.starts_with(LISTS)) {
        let charge = |offence: Offence| Charge::new(commit, &change.path, "", offence);
        let Some(old) = change.old else { continue };
        let old = history.read(old)?;
        let new = change.new.map(|new| history.read(new)).transpose()?;
        match change.path == SEALS {
            true => charges.extend(changed(&old, new.as_deref().unwrap_or_default()).into_iter().map(charge)),
            false => charges.extend(list_changed(&old, new.as_deref()).map(charge)),
        }
    }
    Ok(charges)
}
