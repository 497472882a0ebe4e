//! A merged row and one of its parents: may any number of commits lead from one to the other?

use super::rules::{BACKDATED, CLOSED_AT_ONCE, ILLEGAL_MOVE, LATER_THAN_COMMIT};
use super::step::{Offence, StepContext, changed};
use super::versions::RowVersion;
use crate::model::workflow::walked;

/// What the merge would do to the parent's row against the rules. Dates, and the time between application and write-off,
/// belong to the commits of the branch, which the audit judges one by one.
pub fn unlawful(parent: &RowVersion, merged: &RowVersion, cx: StepContext) -> Vec<Offence> {
    let (was, is) = (&parent.issue, &merged.issue);
    let is_walked = walked(was.status, is.status, is.kind, (was.returns, is.returns));
    let of_one_commit = [CLOSED_AT_ONCE.code, ILLEGAL_MOVE.code];
    let of_its_day = [BACKDATED.code, LATER_THAN_COMMIT.code];
    let mut offences = changed(parent, merged, cx);
    offences.retain(|offence| {
        let code = offence.rule.code;
        !(of_its_day.contains(&code) || is_walked && of_one_commit.contains(&code))
    });
    offences
}
