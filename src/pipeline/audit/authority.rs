//! Who made each commit, by signature or by e-mail, and whether he may, by what was in force before it.

use super::Charge;
use super::auditor::name;
use crate::history::authority::{Applicant, Court, Deed, Hand, deeds, entered, judge, unknown};
use crate::history::step::Offence;
use crate::history::versions::{Differing, Key, Reader, RowVersion};
use crate::load::ledger::Origin;
use crate::load::workspace::{Configuration, stem};
use crate::model::column::Column;
use crate::model::people::{Person, Place, Post};
use crate::model::workflow::Status;
use crate::pipeline::UNITS;
use crate::pipeline::commits::{Compared, OldVersion, Step, home, is_ledger, is_setting};
use crate::source::disk::MARKER;
use crate::source::history::{Commit, History};
use crate::source::signatures::{Signature, signatures};
use anyhow::Result;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Who made a commit, as each parent's register knows him; `None` where nobody asks.
pub struct Hands<'s> {
    by_side: Vec<Option<Hand<'s>>>,
    /// Why the signature proves nothing either way.
    pub unverifiable: Option<String>,
}

/// What a commit did to one ledger that takes a role.
#[derive(Default)]
pub struct Acts {
    pub charges: Vec<Charge>,
    /// Applications, sign-offs and write-offs that are signed: place of the parent, row, deed.
    signed: Vec<(usize, Key, Deed)>,
}

/// Looks up who made the commits of a batch; git verifies all signatures that are asked for in one run.
pub fn hands<'s>(history: &History, steps: &'s [Step]) -> Result<Vec<Hands<'s>>> {
    let asked: Vec<usize> = (0..steps.len()).filter(|ix| asks_for_signature(&steps[*ix])).collect();
    let commits: Vec<&Commit> = asked.iter().map(|ix| steps[*ix].commit).collect();
    let mut answers: FxHashMap<usize, Signature> =
        asked.into_iter().zip(signatures(history, &commits)?).collect();
    Ok(steps.iter().enumerate().map(|(ix, step)| hands_of(step, answers.remove(&ix))).collect())
}

fn hands_of<'s>(step: &'s Step, signature: Option<Signature>) -> Hands<'s> {
    if let Some(Signature::Unverifiable(why)) = signature {
        return Hands { by_side: vec![], unverifiable: Some(why) };
    }
    let of = |before: &'s Option<_>| {
        let before: &'s Configuration = Option::as_deref(before)?;
        hand(before, step.commit, signature.as_ref().filter(|_| requires_signatures(before)))
    };
    Hands { by_side: step.before.iter().map(of).collect(), unverifiable: None }
}

/// Whether a commit changed anything that takes a role where signatures are required.
fn asks_for_signature(step: &Step) -> bool {
    let is_governed = |path: &str| is_ledger(path) || is_setting(path);
    let mut changes = step.changes.iter().flatten();
    step.before.iter().flatten().any(|before| requires_signatures(before))
        && changes.any(|change| is_governed(&change.path))
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

/// Judges what a commit did to one ledger.
pub fn ledger_acts(
    step: &Step,
    hands: &Hands,
    compared: &Compared,
    reader: &mut Reader,
    origin: Origin,
) -> Acts {
    let mut acts = Acts::default();
    if hands.by_side.iter().all(Option::is_none) {
        return acts;
    }
    let sides = sides(compared, reader, origin);
    for rows in &sides {
        let Some(side) = Side::of(step, hands, rows.at) else { continue };
        let (mut charges, signed) = side.ledger(compared.path, rows, &sides);
        // What differs from every parent is one offence.
        charges.retain(|charge| !acts.charges.iter().any(|told| is_same(told, charge)));
        acts.charges.extend(charges);
        acts.signed.extend(signed);
    }
    acts
}

/// The rows in which a ledger differs from one parent.
struct SideRows {
    at: usize,
    rows: Differing,
    /// The parent has no such ledger: of its rows one of each kind stands for all.
    is_new: bool,
    count: usize,
}

fn sides(compared: &Compared, reader: &mut Reader, origin: Origin) -> Vec<SideRows> {
    let Some(new) = compared.new else { return vec![] };
    let mut side = |at: usize, old: &OldVersion| match old {
        OldVersion::Undecoded => None,
        OldVersion::Read(old) => {
            let rows = reader.differing(origin, old, new, crate::history::versions::UNJUDGED);
            let count = rows.after.len();
            Some(SideRows { at, rows, is_new: false, count })
        }
        OldVersion::Absent => {
            let kind = |row: &RowVersion| {
                (row.issue.status == Status::Registered, row.text(Column::Task).to_owned())
            };
            let (some, count) = reader.one_of_each(origin, new, kind);
            let after = some.into_iter().map(|row| (row.key(), row)).collect();
            Some(SideRows { at, rows: Differing { after, ..Differing::default() }, is_new: true, count })
        }
    };
    compared.old.iter().filter_map(|(at, old)| side(*at, old)).collect()
}

/// A commit against one parent.
#[derive(Clone, Copy)]
struct Side<'s> {
    step: &'s Step<'s>,
    at: usize,
    before: &'s Configuration,
    hand: &'s Hand<'s>,
}

impl<'s> Side<'s> {
    fn of(step: &'s Step, hands: &'s Hands, at: usize) -> Option<Side<'s>> {
        let (before, hand) = (step.before.get(at)?.as_deref()?, hands.by_side.get(at)?.as_ref()?);
        Some(Side { step, at, before, hand })
    }

    fn is_signed(&self) -> bool {
        requires_signatures(self.before)
    }

    fn ledger(&self, path: &str, own: &SideRows, all: &[SideRows]) -> (Vec<Charge>, Vec<(usize, Key, Deed)>) {
        let (mut charges, mut signed): (Vec<Charge>, _) = (vec![], vec![]);
        let mut is_moved = false;
        for (key, after) in &own.rows.after {
            let before = own.rows.before.get(key);
            let deeds = self.deeds(path, own, all, key, before, after);
            is_moved |= !deeds.is_empty();
            let court = self.court(self.place(path, before.unwrap_or(after)));
            // What is wrong with a ledger that enters history is told once, not of every row.
            let id = if own.is_new { "" } else { &key.0 };
            for deed in deeds {
                let charge =
                    judge(&deed, before, Some(after), court).map(|offence| self.charge(path, id, offence));
                let is_told =
                    |charge: &Charge| own.is_new && charges.iter().any(|told| is_same(told, charge));
                charges.extend(charge.filter(|charge| !is_told(charge)));
                if self.is_signed() {
                    signed.push((self.at, key.clone(), deed));
                }
            }
        }
        charges.sort_by(|a, b| (&a.id, &a.offence.field).cmp(&(&b.id, &b.offence.field)));
        if is_moved {
            let offence = unknown(self.hand, self.is_signed(), &format!("动了 {} 行", own.count));
            charges.extend(offence.map(|offence| self.charge(path, "", offence)));
        }
        (charges, signed)
    }

    fn deeds(
        &self,
        path: &str,
        own: &SideRows,
        all: &[SideRows],
        key: &Key,
        before: Option<&RowVersion>,
        after: &RowVersion,
    ) -> Vec<Deed> {
        let is_own = |heading: &str| self.is_own(all, key, after, heading);
        if own.is_new {
            return is_own(Column::Status.heading()).then(|| entered(after)).into_iter().collect();
        }
        let signoffs = home(self.before, path)
            .map_or(&[][..], |(campaign, _)| &self.before.workspace.campaign(campaign).closure.signoffs);
        deeds(before, after, signoffs, is_own)
    }

    /// The other parents whose word counts: where signatures are required, what comes from a branch that knew of none is
    /// the doing of whoever merges it.
    fn others(&self) -> impl Iterator<Item = usize> {
        let vouches = move |at: &usize| {
            let before = self.step.before[*at].as_deref();
            before.is_some_and(|before| !self.is_signed() || requires_signatures(before))
        };
        (0..self.step.before.len()).filter(move |at| *at != self.at).filter(vouches)
    }

    /// Whether no other parent says the same in a cell.
    fn is_own(&self, all: &[SideRows], key: &Key, after: &RowVersion, heading: &str) -> bool {
        self.others().all(|at| {
            let Some(side) = all.iter().find(|side| side.at == at) else { return false };
            let (before, is_changed) = (side.rows.before.get(key), side.rows.after.contains_key(key));
            side.is_new || is_changed && before.map_or("", |row| row.cell(heading)) != after.cell(heading)
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
        let is_general = path == MARKER || path == UNITS;
        let place = if is_general { Place::Settings } else { self.plan(stem(path)) };
        let judged = judge(&Deed::settings(), None, None, self.court(place));
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
        let task = desk.index.tasks.get(row.text(Column::Task));
        let task = task.map(|ix| &desk.campaign.tasks[usize::from(*ix)]);
        Place::Ledger { campaign: &desk.campaign, unit, task }
    }

    fn court<'p>(&'p self, place: Place<'p>) -> Court<'p> {
        let post = Post { register: &self.before.workspace.register, place, day: self.step.commit.committed };
        Court { hand: self.hand, post, is_signed: self.is_signed() }
    }

    fn charge(&self, path: &str, id: &str, offence: Offence) -> Charge {
        Charge::new(self.step.commit, path, id, offence)
    }
}

/// Charges for settings, units and plans that somebody changed who may not.
pub fn settings_acts(step: &Step, hands: &Hands) -> Vec<Charge> {
    let mut charges: Vec<Charge> = vec![];
    for side in (0..step.before.len()).filter_map(|at| Side::of(step, hands, at)) {
        let found = side.settings().into_iter();
        let new: Vec<Charge> =
            found.filter(|charge| !charges.iter().any(|told| is_same(told, charge))).collect();
        charges.extend(new);
    }
    charges
}

/// Nobody verifies or writes off what he applied for himself: `applicants` knows who signed the applications.
pub fn same_signer(
    step: &Step,
    hands: &Hands,
    path: &str,
    acts: &Acts,
    applicants: &mut BTreeMap<String, Applicant>,
) -> Vec<Charge> {
    let mut charges: Vec<Charge> = vec![];
    for (at, key, deed) in &acts.signed {
        let Some(side) = Side::of(step, hands, *at) else { continue };
        if let Some(applicant) = Applicant::of(deed, side.hand) {
            applicants.insert(name(key), applicant);
        }
        let offence = applicants.get(&name(key)).and_then(|applicant| applicant.finishes(deed, side.hand));
        let charge = offence.map(|offence| side.charge(path, &key.0, offence));
        charges.extend(charge.filter(|charge| !charges.iter().any(|told| is_same(told, charge))));
    }
    charges
}

fn is_same(one: &Charge, other: &Charge) -> bool {
    let of = |charge: &Charge| (charge.path.clone(), charge.id.clone(), charge.offence.message.clone());
    one.offence.rule.code == other.offence.rule.code && of(one) == of(other)
}
