//! One ledger in one commit, by what was in force there.

use super::authority::{Acts, Hands, ledger_acts};
use crate::check::Context;
use crate::history::ledger::{LedgerContext, LedgerStep, entered, merged, stepped};
use crate::history::step::StepContext;
use crate::history::versions::{Reader, Records};
use crate::load::ledger::Origin;
use crate::load::workspace::Configuration;
use crate::pipeline::commits::{Compared, OldVersion, Step, home};
use crate::source::history::Commit;
use chrono::NaiveDate;
use std::sync::Arc;

/// A ledger that a commit changed.
pub struct Judged {
    pub path: String,
    pub step: LedgerStep,
    /// Place of the campaign; none where the ledger belongs to no known one.
    pub campaign: Option<u16>,
    pub unverified: Vec<String>,
    pub acts: Acts,
}

/// What is in force changes rarely: the checks of a ledger are made ready once.
#[derive(Default)]
pub struct Desk<'s> {
    now: Option<(*const Configuration, Context<'s>)>,
    reader: Reader,
}

impl<'s> Desk<'s> {
    fn ready(
        &mut self,
        configuration: &'s Configuration,
        origin: Origin,
        day: NaiveDate,
    ) -> (&Context<'s>, &mut Reader) {
        let make = || Context::new(origin.path, &configuration.workspace, origin.campaign, origin.unit, day);
        let known = self.now.take().filter(|(known, _)| std::ptr::eq(*known, configuration));
        let (_, context) = self.now.insert(known.unwrap_or_else(|| (configuration, make())));
        context.as_of = day;
        (context, &mut self.reader)
    }
}

/// What the commit did to the rows.
pub fn judge<'s>(desk: &mut Desk<'s>, step: &'s Step, hands: &Hands, compared: Compared) -> Judged {
    let path = compared.path.to_owned();
    let mut judged = Judged {
        path,
        step: LedgerStep::default(),
        campaign: None,
        unverified: vec![],
        acts: Acts::default(),
    };
    let Some(configuration) = step.configuration.as_deref() else {
        judged.unverified.push("zxzz.toml 或 units.toml 没有或读不出来".to_owned());
        return judged;
    };
    let Some((campaign, unit)) = home(configuration, compared.path) else {
        judged.unverified.push("没有这个专项或单位，台账未核验".to_owned());
        return judged;
    };
    judged.campaign = Some(campaign);
    let path: Arc<str> = compared.path.into();
    let plan = &configuration.workspace.campaigns[usize::from(campaign)];
    let origin = Origin { path: &path, campaign, unit, desk: plan };
    let day = step.commit.latest_day();
    let (checks, reader) = desk.ready(configuration, origin, day);
    let former = step.former.as_deref().and_then(|former| Some((former, home(former, compared.path)?)));
    let former_checks =
        former.map(|(former, (campaign, unit))| Context::new(&path, &former.workspace, campaign, unit, day));
    let former = former.zip(former_checks.as_ref()).map(|((former, (campaign, unit)), checks)| {
        let desk = &former.workspace.campaigns[usize::from(campaign)];
        let origin = Origin { path: &path, campaign, unit, desk };
        LedgerContext { origin, step: step_context(former, campaign, step.commit), checks, former: None }
    });
    let step_now = step_context(configuration, campaign, step.commit);
    let cx = LedgerContext { origin, step: step_now, checks, former: former.as_ref() };
    let Some(new) =
        compared.new.filter(|_| !compared.old.iter().any(|(_, old)| matches!(old, OldVersion::Undecoded)))
    else {
        judged.unverified.push("编码认不出，台账未核验".to_owned());
        return judged;
    };
    judged.step = against(cx, reader, step.commit, &compared, new);
    judged.acts = ledger_acts(step, hands, &compared, reader, origin);
    if judged.step.unread > 0 {
        judged.unverified.push(format!("有 {} 行读不出来", judged.step.unread));
    }
    judged
}

fn against(
    cx: LedgerContext,
    reader: &mut Reader,
    commit: &Commit,
    compared: &Compared,
    new: &Records,
) -> LedgerStep {
    let old: Vec<&Records> = compared.old.iter().filter_map(|(_, old)| old.records()).collect();
    let is_whole = compared.old.len() >= commit.parents.len();
    match old[..] {
        [] if is_whole => entered(cx, reader, new),
        [only] if !commit.is_merge() => stepped(cx, reader, only, new),
        _ => merged(cx, reader, &old, new, is_whole),
    }
}

fn step_context<'c>(configuration: &'c Configuration, campaign: u16, commit: &Commit) -> StepContext<'c> {
    StepContext {
        signoffs: &configuration.workspace.campaign(campaign).closure.signoffs,
        policy: &configuration.workspace.settings.policy,
        committed: commit.committed,
        latest: commit.latest_day(),
        is_merge: commit.is_merge(),
    }
}
