//! Three versions of a ledger to one: merged cell by cell, then judged against both parents.

use super::Opened;
use super::commits::is_ledger;
use crate::edit::frame::Frame;
use crate::edit::judge::Judge;
use crate::edit::merge::added::added_on_both_sides;
use crate::edit::merge::{Key, Merged, Side, Terms, Told, Versions, mentions, merge};
use crate::edit::text::{Encoding, LedgerText};
use crate::history::step::{StepContext, changed};
use crate::history::versions::differing;
use crate::load::ledger::Origin;
use crate::model::book::Desk;
use crate::model::column::Column;
use crate::model::policy::Policy;
use crate::source::disk::LedgerFile;
use crate::source::git::merge_lines;
use anyhow::Result;
use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use std::sync::Arc;

/// The bytes of three versions of a file.
#[derive(Debug, Clone, Copy)]
pub struct Files<'f> {
    pub base: &'f [u8],
    pub ours: &'f [u8],
    pub theirs: &'f [u8],
}

/// Files to whose end every unit adds its own rows.
const FILINGS: [&str; 2] = ["/_targets.csv", "/_duties.csv"];

/// What became of a merge.
#[derive(Debug)]
pub struct MergedFile {
    /// `None` where ours stays as it is.
    pub bytes: Option<Vec<u8>>,
    pub is_clean: bool,
    /// What the merge did beyond the plain, for people.
    pub told: Vec<String>,
}

/// Merges one file. Without a workspace that can be read, every pair of columns `…人`, `…日期` counts as a sign-off.
pub fn merge_file(opened: Option<&Opened>, path: &str, files: Files, today: NaiveDate) -> Result<MergedFile> {
    let as_is = |bytes: Option<&[u8]>| {
        Ok(MergedFile { bytes: bytes.map(<[u8]>::to_vec), is_clean: true, told: vec![] })
    };
    if files.ours == files.theirs || files.theirs == files.base {
        return as_is(None);
    }
    if files.ours == files.base {
        return as_is(Some(files.theirs));
    }
    if !is_ledger(path) {
        let merged = merge_lines(files.ours, files.base, files.theirs)?;
        let is_filing = FILINGS.iter().any(|name| path.ends_with(name));
        let both = added_on_both_sides(files.base, files.ours, files.theirs);
        if let Some(both) = both.filter(|_| is_filing && !merged.is_clean) {
            return as_is(Some(&both));
        }
        return Ok(MergedFile { bytes: merged.bytes, is_clean: merged.is_clean, told: vec![] });
    }
    match merged_rows(opened, path, files, today) {
        Ok((bytes, told)) => Ok(MergedFile {
            bytes: Some(bytes),
            is_clean: !told.iter().any(Told::is_conflict),
            told: told.iter().map(Told::words).collect(),
        }),
        Err(why) => {
            let merged = merge_lines(files.ours, files.base, files.theirs)?;
            let how = match merged.bytes {
                Some(_) => "只能按行合并，请逐行核对",
                None => "没有合并，文件里只有本方的内容",
            };
            Ok(MergedFile {
                bytes: merged.bytes, is_clean: false, told: vec![format!("冲突：{why}；{how}")]
            })
        }
    }
}

/// An error says why the versions cannot be merged by rows.
fn merged_rows(
    opened: Option<&Opened>,
    path: &str,
    files: Files,
    today: NaiveDate,
) -> Result<(Vec<u8>, Vec<Told>), String> {
    let read = |bytes, side: &str| {
        let text = LedgerText::to_convert(path, bytes, Some(Encoding::Utf8));
        text.map_err(|error| format!("{side}的版本读不出来：{error}"))
    };
    let ours = LedgerText::of(path, files.ours).map_err(|error| format!("本方的版本：{error}"))?;
    let (base, theirs) = (read(files.base, "合并前")?, read(files.theirs, "对方")?);
    let versions = Versions { base: base.as_str(), ours: ours.as_str(), theirs: theirs.as_str() };
    let path: Arc<str> = path.into();
    let unknown = Desk::default();
    let home = opened.and_then(|opened| Home::of(opened, &path));
    let origin = match &home {
        Some(home) => home.origin,
        None => Origin { path: &path, campaign: 0, unit: 0, desk: &unknown },
    };
    let paired = signoffs_in([versions.ours, versions.theirs]);
    let signoffs = if home.is_some() { &origin.desk.campaign.closure.signoffs } else { &paired };
    let others = OnceCell::new();
    let elsewhere =
        || others.get_or_init(|| opened.map(|opened| Elsewhere::read(opened, &path)).unwrap_or_default());
    let merged_with = |refused: &FxHashMap<Key, String>| {
        let terms = Terms {
            signoffs,
            is_taken: &|id| elsewhere().ids.contains(id),
            is_referred_to: &|id| elsewhere().destinations.iter().any(|text| mentions(text, id)),
            refused,
        };
        merge(versions, &terms)
    };
    let mut merged = merged_with(&FxHashMap::default())?;
    let mut refused = unlawful_rows(origin, signoffs, versions, &merged, today);
    if let Some(home) = &home {
        refused.extend(home.faulty_rows(versions, &merged, today));
    }
    if !refused.is_empty() {
        merged = merged_with(&refused)?;
    }
    let bytes = ours.written_as(&path, &merged.text, None).map_err(|error| error.to_string())?;
    Ok((bytes, merged.told))
}

/// Names X of every pair of columns X人, X日期 that are no common ones.
fn signoffs_in(texts: [&str; 2]) -> Vec<String> {
    let headings: Vec<String> =
        texts.iter().filter_map(|text| Frame::open(text)).flat_map(|frame| frame.headings).collect();
    let level = |heading: &String| {
        let level = heading.strip_suffix('人').filter(|_| Column::named(heading).is_none())?;
        headings.contains(&format!("{level}日期")).then(|| level.to_owned())
    };
    headings.iter().filter_map(level).collect()
}

/// Rows that would not follow lawfully from one of the parents.
fn unlawful_rows(
    origin: Origin,
    signoffs: &[String],
    versions: Versions,
    merged: &Merged,
    today: NaiveDate,
) -> FxHashMap<Key, String> {
    let policy = Policy::default();
    let cx = StepContext { signoffs, policy: &policy, committed: today, latest: today, is_merge: true };
    let mut refused = FxHashMap::default();
    let settled = Settled::of(merged);
    for (side, parent) in [(Side::Ours, versions.ours), (Side::Theirs, versions.theirs)] {
        let rows = differing(origin, parent, &merged.text);
        for (key, after) in rows.after.iter().filter(|(key, _)| !settled.has(key)) {
            let Some(before) = rows.before.get(key) else { continue };
            if let Some(offence) = changed(before, after, cx).first() {
                let field = if offence.message.starts_with(&offence.field) { "" } else { &offence.field };
                let why = format!("接不上{}的版本：{field}{}", side.label(), offence.message);
                refused.entry(key.clone()).or_insert(why);
            }
        }
        let is_judged = |key: &Key| rows.before.contains_key(key) && rows.after.contains_key(key);
        for key in merged.mixed.iter().filter(|key| !is_judged(key)) {
            refused.entry(key.clone()).or_insert("这一行读不出来，不知道合在一起对不对".to_owned());
        }
    }
    refused
}

/// Rows that are in conflict already, and 编号 that were given to another problem.
struct Settled<'m> {
    conflicts: FxHashSet<&'m Key>,
    renumbered: FxHashSet<&'m str>,
}

impl<'m> Settled<'m> {
    fn of(merged: &'m Merged) -> Settled<'m> {
        let mut settled = Settled { conflicts: FxHashSet::default(), renumbered: FxHashSet::default() };
        for told in &merged.told {
            match told {
                Told::Conflict { key, .. } => drop(settled.conflicts.insert(key)),
                Told::Renumbered { from, .. } => drop(settled.renumbered.insert(from)),
                Told::Kept { .. } | Told::Joined { .. } => {}
            }
        }
        settled
    }

    fn has(&self, key: &Key) -> bool {
        self.conflicts.contains(key) || self.renumbered.contains(key.0.as_str())
    }
}

/// The campaign and unit of the ledger, and the workspace around it.
struct Home<'h> {
    opened: &'h Opened,
    origin: Origin<'h>,
}

impl<'h> Home<'h> {
    /// `None` where settings, campaign or unit cannot be read.
    fn of(opened: &'h Opened, path: &'h Arc<str>) -> Option<Home<'h>> {
        if opened.configuration.is_broken {
            return None;
        }
        let mut parts = path.strip_suffix(".csv")?.split('/').skip(1).map(str::to_owned);
        let file = LedgerFile { path: path.to_string(), campaign: parts.next()?, unit: parts.next()? };
        let (campaign, unit) = opened.place(&file, path).ok()?;
        let desk = &opened.workspace().campaigns[usize::from(campaign)];
        Some(Home { opened, origin: Origin { path, campaign, unit, desk } })
    }

    /// Rows put together from both sides in which the checks find what they find in neither.
    fn faulty_rows(&self, versions: Versions, merged: &Merged, today: NaiveDate) -> FxHashMap<Key, String> {
        if merged.mixed.is_empty() {
            return FxHashMap::default();
        }
        let judge = Judge {
            workspace: self.opened.workspace(),
            origin: self.origin,
            as_of: today,
            holds: Box::new(|path| self.opened.tree.holds(path)),
            others: &[],
        };
        let old: FxHashSet<_> = [versions.ours, versions.theirs]
            .iter()
            .flat_map(|text| judge.look(text, |_| {}))
            .map(|finding| (finding.id, finding.rule.code, finding.field))
            .collect();
        let found = judge.look(&merged.text, |_| {});
        let mixed: FxHashMap<&str, &Key> = merged.mixed.iter().map(|key| (key.0.as_str(), key)).collect();
        let mut faulty = FxHashMap::default();
        for finding in found {
            let Some(key) = finding.id.as_deref().and_then(|id| mixed.get(id).copied()) else { continue };
            let field = finding.field.clone().unwrap_or_default();
            if !old.contains(&(finding.id, finding.rule.code, finding.field)) {
                let why = format!("合在一起通不过校验：{field} {}", finding.message);
                faulty.entry(key.clone()).or_insert(why);
            }
        }
        faulty
    }
}

/// What the other ledgers of the workspace say of 编号.
#[derive(Default)]
struct Elsewhere {
    ids: FxHashSet<String>,
    destinations: Vec<String>,
}

impl Elsewhere {
    fn read(opened: &Opened, own: &str) -> Elsewhere {
        let mut elsewhere = Elsewhere::default();
        for file in opened.listing.ledgers.iter().filter(|file| file.path != own) {
            let Ok(bytes) = opened.tree.read(&file.path) else { continue };
            let Ok(text) = LedgerText::to_convert(&file.path, &bytes, Some(Encoding::Utf8)) else { continue };
            elsewhere.add(text.as_str());
        }
        elsewhere
    }

    fn add(&mut self, text: &str) {
        let Some(mut frame) = Frame::open(text) else { return };
        let position = |column: Column| frame.position(column.heading());
        let (id, destination) = (position(Column::Id), position(Column::Destination));
        frame.rows(|_, cells| {
            self.ids.extend(id.map(|at| cells.value(at).into_owned()));
            let destination = destination.map(|at| cells.value(at)).filter(|text| !text.is_empty());
            self.destinations.extend(destination.map(|text| text.into_owned()));
        });
    }
}
