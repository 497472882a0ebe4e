//! What the checks and the move table hold against the rows that come in.

use super::shelf::Shelf;
use crate::edit::frame::Frame;
use crate::edit::splice::{Edited, Write};
use crate::finding::{Finding, Rule, Severity};
use crate::history::step::{StepContext, added, changed};
use crate::history::versions::differing;
use crate::pipeline::edit::{Work, mini};
use rustc_hash::{FxHashMap, FxHashSet};

/// New rows that are judged at once.
pub const PART: usize = 1_000;

/// Column and reason of what is wrong with a row, and of what will be asked about it.
#[derive(Default)]
pub struct Faults {
    pub errors: Vec<(String, String)>,
    pub warnings: Vec<(String, String)>,
}

/// The rows that are touched.
pub struct Rows<'r, 't> {
    pub frame: &'r Frame<'t>,
    pub shelf: &'r Shelf<'t>,
    /// By position on the shelf.
    pub changes: &'r FxHashMap<usize, Vec<Write>>,
    /// 编号 of the new ones, in their order.
    pub ids: &'r [String],
}

/// By 编号 what is wrong with a row.
pub struct Verdicts<'w> {
    work: &'w Work<'w>,
    /// Whether the ledger is there already.
    exists: bool,
    faults: FxHashMap<String, Faults>,
}

impl<'w> Verdicts<'w> {
    pub fn new(work: &'w Work<'w>, exists: bool) -> Verdicts<'w> {
        Verdicts { work, exists, faults: FxHashMap::default() }
    }

    pub fn of(&self, id: &str) -> Option<&Faults> {
        self.faults.get(id)
    }

    fn tell(&mut self, id: &str, rule: &Rule, field: String, why: String) {
        let own = self.faults.entry(id.to_owned()).or_default();
        let own = if rule.severity == Severity::Error { &mut own.errors } else { &mut own.warnings };
        if !own.contains(&(field.clone(), why.clone())) {
            own.push((field, why));
        }
    }

    /// What the checks and the move table hold against the rows as they would stand.
    pub fn judge(&mut self, rows: &Rows, edited: &Edited, tick: &dyn Fn(usize)) {
        let (frame, shelf) = (rows.frame, rows.shelf);
        let (beside, alone): (Vec<_>, Vec<_>) =
            rows.ids.iter().zip(edited.new_rows()).partition(|(id, _)| shelf.has(id));
        let changed = rows.changes.keys().map(|at| &shelf.rows[*at].id);
        let ids = changed.chain(beside.iter().map(|(id, _)| *id));
        let mut touched: Vec<usize> = ids.flat_map(|id| shelf.rounds(id)).copied().collect();
        touched.sort_unstable();
        touched.dedup();
        let old = touched.iter().map(|at| shelf.rows[*at].line.text(frame.text).to_owned());
        let before = mini(frame.header.text(frame.text), old);
        let header = edited.record(&frame.header);
        let now = touched.iter().map(|at| edited.record(&shelf.rows[*at].line));
        let after = mini(&header, now.chain(beside.iter().map(|(_, row)| (*row).to_owned())));
        self.judge_part(&before, &after);
        let nothing = mini(frame.header.text(frame.text), std::iter::empty());
        for part in alone.chunks(PART) {
            let after = mini(&header, part.iter().map(|(_, row)| (*row).to_owned()));
            self.judge_part(&nothing, &after);
            tick(part.len());
        }
    }

    /// Some rows of the ledger, before and after.
    fn judge_part(&mut self, before: &str, after: &str) {
        let work = self.work;
        let judge = work.judge();
        let key = |finding: &Finding| {
            (finding.id.clone(), finding.rule.code, finding.field.clone(), finding.value.clone())
        };
        let known: FxHashSet<_> = judge.look(before, |_| {}).iter().map(key).collect();
        for finding in judge.look(after, |_| {}).iter().filter(|finding| !known.contains(&key(finding))) {
            let field = finding.field.as_deref().unwrap_or_default().to_owned();
            let help = if finding.help.is_empty() { String::new() } else { format!("；{}", finding.help) };
            let why = format!("{}{help}", finding.message);
            self.tell(finding.id.as_deref().unwrap_or_default(), finding.rule, field, why);
        }
        let cx = StepContext {
            signoffs: &work.desk().campaign.closure.signoffs,
            policy: &work.opened.workspace().settings.policy,
            committed: work.today,
            latest: work.today,
            is_merge: false,
        };
        let rows = differing(judge.origin, before, after);
        for (key, now) in &rows.after {
            let offences = match rows.before.get(key) {
                Some(then) => changed(then, now, cx),
                None if self.exists => added(now, cx),
                // A ledger that is brought in may hold rows already under way.
                None => vec![],
            };
            for offence in offences {
                self.tell(&key.0, offence.rule, offence.field, offence.message);
            }
        }
    }
}
