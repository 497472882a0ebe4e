//! New rows: number, limit, duplicates, then judged and written like every edit.

use super::Opened;
use super::edit::{Changed, Mode, Outcome, Refusal, Work, mini, pairs};
use crate::edit::frame::Frame;
use crate::edit::judge::{faults, reasons};
use crate::edit::register::{Alike, neighbours, proposed_deadline, twins, value};
use crate::edit::splice::{Edited, NewRows, Write, edit};
use crate::edit::text::LedgerText;
use crate::model::column::{Column, headings};
use crate::model::unit::UnitIx;
use crate::model::workflow::{REGISTER, Status};
use crate::scaffold;
use crate::source::hold::Held;
use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use std::sync::Arc;

/// New rows of one ledger.
#[derive(Debug)]
pub struct Registration {
    pub campaign: u16,
    pub unit: UnitIx,
    pub rows: Vec<Vec<Write>>,
}

impl Registration {
    /// The ledger, which may not exist yet.
    pub fn path(&self, opened: &Opened) -> String {
        let workspace = opened.workspace();
        let campaign = &workspace.campaign(self.campaign).id;
        format!("ledgers/{campaign}/{}.csv", workspace.register.unit(self.unit).id)
    }
}

/// The ledger a row goes to: what stands there now, and what will.
struct Target<'t> {
    frame: Frame<'t>,
    edited: Edited<'t>,
    rows: Vec<Vec<Write>>,
}

impl Opened {
    /// The latest limit that the plan allows, with its reason; `None` while the row says too little.
    pub fn proposed_deadline(
        &self,
        campaign: u16,
        unit: UnitIx,
        row: &[Write],
        today: NaiveDate,
    ) -> Option<(NaiveDate, String)> {
        let work = self.work(campaign, unit, today);
        let mut trial: Vec<Write> = vec![
            Write::new(Column::Id.heading(), "X-X-1"),
            Write::new(Column::Status.heading(), Status::Registered.label()),
            Write::new(Column::Deadline.heading(), value(row, Column::Found)),
        ];
        let given = row.iter().filter(|write| write.heading != Column::Deadline.heading());
        trial.extend(given.cloned());
        let text = scaffold::ledger(&work.desk().campaign);
        let frame = Frame::open(&text)?;
        let edited = edit(&frame, &[], &NewRows::of(&[trial]), &headings(&work.desk().campaign)).ok()?;
        let mut proposed = None;
        work.judge().look(&edited.pieces().concat(), |row| {
            proposed = Some(proposed_deadline(self.workspace(), &work.desk().campaign, row));
        });
        proposed
    }

    fn work(&self, campaign: u16, unit: UnitIx, today: NaiveDate) -> Work<'_> {
        let registration = Registration { campaign, unit, rows: vec![] };
        let path: Arc<str> = registration.path(self).into();
        Work { opened: self, path, campaign, unit, today, others: &[] }
    }

    /// Adds rows to their ledgers; all or none. A problem that is there already is refused unless `allow_alike`.
    pub fn register(
        &self,
        registrations: &[Registration],
        allow_alike: bool,
        today: NaiveDate,
        mode: Mode,
    ) -> Result<Outcome> {
        self.require_sound()?;
        let mut sorted: Vec<&Registration> = registrations.iter().collect();
        sorted.sort_by_key(|registration| registration.path(self));
        let helds: Vec<Held> =
            sorted.iter().map(|one| self.take(&one.path(self), mode)).collect::<Result<_>>()?;
        let empty: Vec<String> =
            sorted.iter().map(|one| scaffold::ledger(self.workspace().campaign(one.campaign))).collect();
        let texts = helds.iter().zip(&empty).map(|(held, empty)| match held.exists() {
            true => LedgerText::of(&held.path, &held.bytes),
            false => Ok(LedgerText::new(empty)),
        });
        let texts = texts.collect::<Result<Vec<_>>>()?;
        let mut refusals = vec![];
        let mut targets = vec![];
        for (registration, text) in sorted.iter().zip(&texts) {
            let work = self.work(registration.campaign, registration.unit, today);
            targets.push(work.add(text.as_str(), &registration.rows, allow_alike, &mut refusals)?);
        }
        if !refusals.is_empty() {
            return Ok(Outcome::Refused(refusals));
        }
        let changed: Vec<Vec<Changed>> =
            targets.iter().zip(&helds).map(|(target, held)| target.told(held)).collect();
        if mode == Mode::Write {
            let edits: Vec<_> = helds
                .iter()
                .zip(&texts)
                .zip(&targets)
                .map(|((h, t), target)| (h, t, &target.edited))
                .collect();
            self.write(&edits, REGISTER.name, changed.iter().map(Vec::as_slice))?;
        }
        Ok(Outcome::Changed(changed.into_iter().flatten().collect()))
    }
}

impl Work<'_> {
    fn add<'t>(
        &self,
        text: &'t str,
        rows: &[Vec<Write>],
        allow_alike: bool,
        refusals: &mut Vec<Refusal>,
    ) -> Result<Target<'t>> {
        let path = &self.path;
        let Some(mut frame) = Frame::open(text) else {
            bail!("{path} 是空的，没有表头；从 git 恢复，或删去它再登记")
        };
        let workspace = self.opened.workspace();
        let (campaign, unit) = (workspace.campaign(self.campaign), workspace.register.unit(self.unit));
        let prefix = format!("{}-{}-", campaign.code, unit.code);
        let mut beside = neighbours(&mut frame, &prefix, rows);
        if !allow_alike {
            refusals.extend(beside.alike.iter().map(|alike| refused_as_alike(alike, &rows[alike.row])));
            refusals.extend(
                twins(rows).iter().map(|(later, earlier)| refused_as_twin(&rows[*later], &rows[*earlier])),
            );
        }
        let order = headings(campaign);
        let rows: Vec<Vec<Write>> =
            rows.iter().map(|row| numbered(row, beside.mint(&prefix), &order)).collect();
        let edited = edit(&frame, &[], &NewRows::of(&rows), &order).map_err(|why| anyhow!("{path} {why}"))?;
        let judge = self.judge();
        let header = edited.record(&frame.header);
        let before = judge.look(&mini(frame.header.text(text), std::iter::empty()), |_| {});
        let after = judge.look(&mini(&header, edited.new_rows().map(str::to_owned)), |_| {});
        for row in &rows {
            let id = value(row, Column::Id);
            let wrong = faults(&REGISTER, id, &[], &before, &after);
            if !wrong.is_empty() {
                let who = format!("{} {}", unit.name, value(row, Column::Description));
                refusals
                    .push(Refusal { id: who.trim_end().to_owned(), reasons: reasons(&REGISTER, id, &wrong) });
            }
        }
        Ok(Target { frame, edited, rows })
    }
}

/// The whole row, in the order of the columns.
fn numbered(row: &[Write], id: String, order: &[String]) -> Vec<Write> {
    let mut writes = vec![Write::new(Column::Id.heading(), id)];
    writes.extend_from_slice(row);
    writes.push(Write::new(Column::Status.heading(), Status::Registered.label()));
    writes.sort_by_key(|write| order.iter().position(|name| *name == write.heading));
    writes
}

fn refused_as_alike(alike: &Alike, row: &[Write]) -> Refusal {
    let way = match alike.status == Status::Closed.label() {
        true => format!("反弹了用 zxzz reopen {}", alike.id),
        false => "同一问题不必再登记".to_owned(),
    };
    let reason = format!(
        "与 {}（{}）主体相同、描述相近；{way}，确是另一个问题加 --even-if-alike",
        alike.id, alike.status
    );
    Refusal { id: value(row, Column::Description).to_owned(), reasons: vec![reason] }
}

fn refused_as_twin(row: &[Write], other: &[Write]) -> Refusal {
    let reason = format!(
        "与同批的“{}”主体相同、描述相近；确是两个问题加 --even-if-alike",
        value(other, Column::Description)
    );
    Refusal { id: value(row, Column::Description).to_owned(), reasons: vec![reason] }
}

impl Target<'_> {
    fn told(&self, held: &Held) -> Vec<Changed> {
        let old_header = self.frame.header.text(self.frame.text).to_owned();
        let header = self.edited.record(&self.frame.header);
        let each = self.rows.iter().zip(self.edited.new_rows()).enumerate().map(|(ix, (row, record))| {
            let is_widened = ix == 0 && (header != old_header || !held.exists());
            Changed {
                path: held.path.clone(),
                id: value(row, Column::Id).to_owned(),
                round: 1,
                line: 0,
                cells: vec![],
                added: Some((1, pairs(row))),
                before: (is_widened && held.exists()).then(|| old_header.clone()).into_iter().collect(),
                after: is_widened.then(|| header.clone()).into_iter().chain([record.to_owned()]).collect(),
                old_faults: 0,
            }
        });
        each.collect()
    }
}
