//! Who made each commit, by signature or by e-mail, and whether he may, by what was in force before it.

use super::audit::Charge;
use super::commits::{Compared, Key, Reader, Step, home, is_setting, unverified};
use crate::history::authority::{Applicant, Court, Deed, Hand, deeds, entered, judge, predated, unknown};
use crate::history::step::Offence;
use crate::history::versions::RowVersion;
use crate::load::workspace::{Configuration, stem};
use crate::model::column::Column;
use crate::model::people::{Person, Place, Post};
use crate::source::disk::MARKER;
use crate::source::history::Commit;
use crate::source::signatures::{Signature, signatures};
use anyhow::Result;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What earlier commits have shown.
#[derive(Default)]
pub struct Authority {
    applicants: FxHashMap<Key, Applicant>,
}

/// A commit against one parent.
struct Side<'s> {
    step: &'s Step<'s>,
    at: usize,
    in_force: &'s [Option<Arc<Configuration>>],
    before: &'s Configuration,
    hand: &'s Hand<'s>,
}

impl Authority {
    /// Judges a batch of commits; the charges are in the order of the steps.
    pub fn judge(&mut self, reader: &mut Reader, steps: &mut [Step]) -> Result<Vec<Vec<Charge>>> {
        let in_force = steps.iter_mut().map(|step| reader.in_force(step)).collect::<Result<Vec<Vec<_>>>>()?;
        let asks = |(step, before): &(&Step, &Vec<Option<Arc<Configuration>>>)| {
            is_governed(step) && before.iter().flatten().any(|before| requires_signatures(before))
        };
        let signed: Vec<usize> = (0..steps.len()).filter(|ix| asks(&(&steps[*ix], &in_force[*ix]))).collect();
        let commits: Vec<&Commit> = signed.iter().map(|ix| steps[*ix].commit).collect();
        let mut answers: FxHashMap<usize, Signature> =
            signed.iter().copied().zip(signatures(reader.history, &commits)?).collect();
        let mut all = vec![];
        for (ix, (step, in_force)) in steps.iter_mut().zip(&in_force).enumerate() {
            let mut charges = self.step(step, in_force, answers.remove(&ix));
            charges.extend(dated_before(reader, step.commit)?);
            all.push(charges);
        }
        Ok(all)
    }

    fn step(
        &mut self,
        step: &mut Step,
        in_force: &[Option<Arc<Configuration>>],
        signature: Option<Signature>,
    ) -> Vec<Charge> {
        if let Some(Signature::Unverifiable(why)) = &signature {
            step.unverified.push(unverified(step.commit, "", why));
            return vec![];
        }
        let mut charges: Vec<Charge> = vec![];
        for (at, before) in in_force.iter().enumerate() {
            let Some(before) = before else { continue };
            let signature = signature.as_ref().filter(|_| requires_signatures(before));
            let Some(hand) = hand(before, step.commit, signature) else { continue };
            let side = Side { step, at, in_force, before, hand: &hand };
            let mut found = side.settings();
            for ledger in &step.sides[at] {
                found.extend(self.ledger(&side, ledger));
            }
            // What differs from every parent is one offence.
            found.retain(|charge| !charges.iter().any(|told| is_same(told, charge)));
            charges.extend(found);
        }
        charges
    }

    fn ledger(&mut self, side: &Side, ledger: &Compared) -> Vec<Charge> {
        let mut charges = vec![];
        let mut moved = 0;
        for key in ledger.keys() {
            let (before, after) = (ledger.rows.before.get(key), ledger.rows.after.get(key));
            // A row that is gone is an offence of its own, whoever removed it.
            let Some(after) = after else { continue };
            let deeds = side.deeds(ledger, key, before, after);
            moved += usize::from(!deeds.is_empty());
            let court = side.court(side.place(&ledger.path, before.unwrap_or(after)));
            // What is wrong with a ledger that enters history is told once, not of every row.
            let id = if ledger.is_new { "" } else { &key.0 };
            for deed in deeds {
                let again = self.same_hand(side, key, &deed);
                for offence in judge(&deed, before, Some(after), court).into_iter().chain(again) {
                    let charge = side.charge(&ledger.path, id, offence);
                    if !ledger.is_new || !charges.iter().any(|told| is_same(told, &charge)) {
                        charges.push(charge);
                    }
                }
            }
        }
        if moved > 0 {
            let what = format!("动了 {moved} 行");
            let offence = unknown(side.hand, side.is_signed(), &what);
            charges.extend(offence.map(|offence| side.charge(&ledger.path, "", offence)));
        }
        charges
    }

    fn same_hand(&mut self, side: &Side, key: &Key, deed: &Deed) -> Option<Offence> {
        if !side.is_signed() {
            return None;
        }
        if let Some(applicant) = Applicant::of(deed, side.hand) {
            self.applicants.insert(key.clone(), applicant);
        }
        self.applicants.get(key)?.finishes(deed, side.hand)
    }
}

/// Roles end with a day, and whoever commits names the day: at least it cannot lie before the commits that he saw.
fn dated_before(reader: &mut Reader, commit: &Commit) -> Result<Option<Charge>> {
    let parents = reader.history.parents_day(commit)?;
    let Some(offence) = parents.and_then(|parents| predated(commit.committed, parents)) else {
        return Ok(None);
    };
    let is_signed = reader.configuration(commit)?.is_some_and(|settings| requires_signatures(&settings));
    let (commit, path, id) = (commit.clone(), String::new(), String::new());
    Ok(is_signed.then_some(Charge { commit, path, id, offence }))
}

impl Side<'_> {
    fn is_signed(&self) -> bool {
        requires_signatures(self.before)
    }

    fn deeds(
        &self,
        ledger: &Compared,
        key: &Key,
        before: Option<&RowVersion>,
        after: &RowVersion,
    ) -> Vec<Deed> {
        let is_own = |heading: &str| self.is_own(&ledger.path, key, after, heading);
        if ledger.is_new {
            return is_own(Column::Status.heading()).then(|| entered(after)).into_iter().collect();
        }
        let signoffs = home(self.before, &ledger.path)
            .map_or(&[][..], |(campaign, _)| &self.before.workspace.campaign(campaign).closure.signoffs);
        deeds(before, after, signoffs, is_own)
    }

    /// The other parents whose word counts: where signatures are required, what comes from a branch that knew of none is
    /// the doing of whoever merges it.
    fn others(&self) -> impl Iterator<Item = usize> {
        let vouches = |before: &Option<Arc<Configuration>>| {
            before.as_ref().is_some_and(|before| !self.is_signed() || requires_signatures(before))
        };
        (0..self.in_force.len()).filter(move |at| *at != self.at && vouches(&self.in_force[*at]))
    }

    /// Whether no other parent says the same in a cell.
    fn is_own(&self, path: &str, key: &Key, after: &RowVersion, heading: &str) -> bool {
        self.others().all(|at| {
            let Some(ledger) = self.step.sides[at].iter().find(|ledger| ledger.path == path) else {
                return false;
            };
            let (before, is_changed) = (ledger.rows.before.get(key), ledger.rows.after.contains_key(key));
            is_changed && before.map_or("", |row| row.cell(heading)) != after.cell(heading)
        })
    }

    fn settings(&self) -> Vec<Charge> {
        let is_own = |path: &str| {
            self.others().all(|at| self.step.changes[at].iter().any(|change| change.path == path))
        };
        let changes = self.step.changes[self.at].iter().map(|change| change.path.as_str());
        let own = changes.filter(|path| is_setting(path) && is_own(path));
        own.filter_map(|path| Some(self.charge(path, "", self.setting(path)?))).collect()
    }

    fn setting(&self, path: &str) -> Option<Offence> {
        let is_general = path == MARKER || path == super::UNITS;
        let place = if is_general { Place::Settings } else { self.plan(stem(path)) };
        let deed = Deed::settings();
        let judged = judge(&deed, None, None, self.court(place));
        judged.or_else(|| unknown(self.hand, self.is_signed(), "改了设置"))
    }

    fn plan<'p>(&'p self, id: &'p str) -> Place<'p> {
        let mut campaigns = self.before.workspace.campaigns.iter().map(|desk| &desk.campaign);
        Place::Plan { id, campaign: campaigns.find(|campaign| campaign.id == id) }
    }

    /// Where a row stands by what was in force; of a campaign or unit that comes in the same commit only the name is known.
    fn place<'p>(&'p self, path: &'p str, row: &RowVersion) -> Place<'p> {
        let Some((campaign, unit)) = home(self.before, path) else {
            return self.plan(path.split('/').nth(1).unwrap_or_default());
        };
        let desk = &self.before.workspace.campaigns[usize::from(campaign)];
        let task = desk.index.tasks.get(row.cell(Column::Task.heading()));
        let task = task.map(|ix| &desk.campaign.tasks[usize::from(*ix)]);
        Place::Ledger { campaign: &desk.campaign, unit, task }
    }

    fn post<'p>(&'p self, place: Place<'p>) -> Post<'p> {
        Post { register: &self.before.workspace.register, place, day: self.step.commit.committed }
    }

    fn court<'p>(&'p self, place: Place<'p>) -> Court<'p> {
        Court { hand: self.hand, post: self.post(place), is_signed: self.is_signed() }
    }

    fn charge(&self, path: &str, id: &str, offence: Offence) -> Charge {
        let commit = self.step.commit.clone();
        Charge { commit, path: path.to_owned(), id: id.to_owned(), offence }
    }
}

/// Whether a commit changed anything that takes a role.
fn is_governed(step: &Step) -> bool {
    let rows = step.sides.iter().flatten().any(|ledger| !ledger.rows.after.is_empty());
    rows || step.changes.iter().flatten().any(|change| is_setting(&change.path))
}

fn requires_signatures(configuration: &Configuration) -> bool {
    configuration.workspace.settings.policy.require_signed
}

/// Who made a commit, by its signature where one is required, else by the author's e-mail; `None` where nobody asks.
fn hand<'p>(before: &'p Configuration, commit: &Commit, signature: Option<&Signature>) -> Option<Hand<'p>> {
    let people = &before.workspace.register.people;
    let known = |entries: Vec<&'p Person>, key: &str| match entries.is_empty() {
        true => Hand::Stranger(key.to_owned()),
        false => Hand::Known { entries, key: key.to_owned() },
    };
    Some(match signature {
        None if people.is_empty() => return None,
        None => known(people.iter().filter(|one| one.has_email(&commit.email)).collect(), &commit.email),
        Some(Signature::Good(keys)) => {
            let entries = people.iter().filter(|person| person.has_key(keys)).collect();
            known(entries, keys.first().map_or("", String::as_str))
        }
        Some(Signature::Absent) => Hand::Unsigned("提交没有签名".to_owned()),
        Some(Signature::Revoked) => Hand::Unsigned("签名的密钥已吊销".to_owned()),
        Some(Signature::Bad | Signature::Unverifiable(_)) => {
            Hand::Unsigned("签名无效，内容在签名以后被改过".to_owned())
        }
    })
}

fn is_same(one: &Charge, other: &Charge) -> bool {
    let of = |charge: &Charge| (charge.path.clone(), charge.id.clone(), charge.offence.message.clone());
    one.offence.rule.code == other.offence.rule.code && of(one) == of(other)
}
