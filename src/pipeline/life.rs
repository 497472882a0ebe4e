//! The life of one issue from the history of its ledger.

use super::commits::{Compared, OldVersion, Step, Walk, each_change, home};
use crate::history::life::Event;
use crate::history::versions::{Reader, Records, RowVersion};
use crate::load::ledger::Origin;
use crate::source::history::{CannotVerify, History};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What every commit did to one issue, whose ledger stands at `path`, up to a revision or HEAD.
pub fn life(history: &History, path: &str, id: &str, revision: Option<&str>) -> Result<Vec<Event>> {
    let commits = history.commits(revision.unwrap_or("HEAD"))?;
    let mut walk = Walk::new(history, &commits);
    let mut events = vec![];
    while let Some(steps) = walk.next_batch()? {
        let told = each_change(
            history,
            &steps,
            |changed| changed == path,
            |_, _| {},
            |reader, step, compared| events_of(reader, step, &compared, id),
        )?;
        for told in told.into_iter().flatten() {
            events.extend(told?);
        }
    }
    Ok(events)
}

/// What a commit did to an issue. A merge did something of its own only where it differs from every parent.
fn events_of(reader: &mut Reader, step: &Step, compared: &Compared, id: &str) -> Result<Vec<Event>> {
    let commit = step.commit;
    if compared.old.len() < commit.parents.len() {
        return Ok(vec![]);
    }
    let unverified = |why: &str| {
        let why = format!("{} {} {}：{why}", commit.short(), commit.committed, compared.path);
        anyhow::Error::new(CannotVerify(why))
    };
    let configuration =
        step.configuration.as_deref().ok_or_else(|| unverified("zxzz.toml 或 units.toml 没有或读不出来"))?;
    let (campaign, unit) =
        home(configuration, compared.path).ok_or_else(|| unverified("没有这个专项或单位"))?;
    let path: Arc<str> = compared.path.into();
    let desk = &configuration.workspace.campaigns[usize::from(campaign)];
    let origin = Origin { path: &path, campaign, unit, desk };
    let new = compared.new.ok_or_else(|| unverified("编码认不出"))?;
    let mut rounds_in = |records: &Records| {
        let rows = reader.rows_of(origin, records, &[id].into_iter().collect()).remove(id);
        by_round(rows.unwrap_or_default())
    };
    let after = rounds_in(new);
    let old = compared.old.iter().map(|(_, old)| match old {
        OldVersion::Read(records) => Ok(rounds_in(records)),
        OldVersion::Absent => Ok(BTreeMap::new()),
        OldVersion::Undecoded => Err(unverified("编码认不出")),
    });
    let old = old.collect::<Result<Vec<_>>>()?;
    let rounds: BTreeSet<u16> = old.iter().flat_map(BTreeMap::keys).chain(after.keys()).copied().collect();
    let who = (commit.short(), commit.author.to_string(), commit.committed);
    let differs =
        |before: &BTreeMap<u16, RowVersion>, round: &u16| match (before.get(round), after.get(round)) {
            (Some(before), Some(after)) => !before.differences(after).is_empty(),
            (before, after) => before.is_some() != after.is_some(),
        };
    let own = rounds.into_iter().filter(|round| old.iter().all(|before| differs(before, round)));
    Ok(own.map(|round| Event::new(who.clone(), round, old[0].get(&round), after.get(&round))).collect())
}

fn by_round(rows: Vec<RowVersion>) -> BTreeMap<u16, RowVersion> {
    rows.into_iter().map(|row| (row.issue.round, row)).collect()
}
