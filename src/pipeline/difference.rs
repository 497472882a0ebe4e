//! The rows in which two states of a workspace differ.

use super::commits::home;
use super::{Opened, Scope};
use crate::edit::text::{Encoding, LedgerText};
use crate::history::pairs::{LedgerDifference, Pair, pairs};
use crate::history::versions::differing;
use crate::load::ledger::Origin;
use crate::load::workspace::Configuration;
use crate::source::disk::{LedgerFile, reason};
use crate::source::files::{Files, same};
use anyhow::Result;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What two states have not in common.
pub struct Difference<'w> {
    pub pairs: Vec<Pair<'w>>,
    /// Ledgers that the later state lacks.
    pub gone: Vec<String>,
    /// Ledgers with how many rows could not be compared.
    pub unread: Vec<(String, u32)>,
    /// Ledgers that could not be compared at all, with the reason.
    pub unreadable: Vec<(String, String)>,
}

/// Compares the ledgers in scope. Each is read by the first configuration that knows its campaign and unit.
pub fn difference<'w>(
    before: &Opened,
    after: &Opened,
    read_by: [&'w Configuration; 2],
    scope: &Scope,
) -> Difference<'w> {
    let workspace = after.workspace();
    let all = before.listing.ledgers.iter().chain(&after.listing.ledgers);
    let files: BTreeMap<&str, &LedgerFile> =
        all.filter(|file| scope.holds(workspace, file)).map(|file| (file.path.as_str(), file)).collect();
    let paths: Vec<&str> = files.into_keys().collect();
    let later: FxHashSet<&str> = after.listing.ledgers.iter().map(|file| file.path.as_str()).collect();
    let compared: Vec<(&str, Result<LedgerDifference>)> = paths
        .into_par_iter()
        .filter(|path| !same(&before.files, &after.files, path))
        .map(|path| (path, compare(path, &before.files, &after.files, read_by)))
        .collect();
    let mut ledgers = vec![];
    let mut difference = Difference { pairs: vec![], gone: vec![], unread: vec![], unreadable: vec![] };
    for (path, ledger) in compared {
        match ledger {
            Ok(ledger) => {
                let unread = ledger.rows.unread;
                difference.unread.extend((unread > 0).then(|| (path.to_owned(), unread)));
                ledgers.push(ledger);
            }
            Err(error) => difference.unreadable.push((path.to_owned(), format!("{error:#}"))),
        }
        if !later.contains(path) {
            difference.gone.push(path.to_owned());
        }
    }
    difference.pairs = pairs(ledgers);
    difference
}

fn compare<'w>(
    path: &str,
    before: &Files,
    after: &Files,
    read_by: [&'w Configuration; 2],
) -> Result<LedgerDifference<'w>> {
    let found =
        read_by.into_iter().find_map(|configuration| Some((configuration, home(configuration, path)?)));
    let Some((configuration, (campaign, unit))) = found else { anyhow::bail!("没有这个专项或单位") };
    let (old, new) = (bytes(before, path)?, bytes(after, path)?);
    let text = |bytes| LedgerText::to_convert(path, bytes, Some(Encoding::Utf8));
    let none = vec![];
    let (old_text, new_text) = (text(old.as_ref().unwrap_or(&none))?, text(new.as_ref().unwrap_or(&none))?);
    let desk = &configuration.workspace.campaigns[usize::from(campaign)];
    let origin_path: Arc<str> = path.into();
    let origin = Origin { path: &origin_path, campaign, unit, desk };
    let rows = differing(origin, old_text.as_str(), new_text.as_str());
    let unit = &configuration.workspace.register.unit(unit).name;
    Ok(LedgerDifference { path: path.to_owned(), desk, unit, rows, is_new: old.is_none() })
}

/// `None` where there is no such file.
fn bytes(files: &Files, path: &str) -> Result<Option<Vec<u8>>> {
    let mut bytes = vec![];
    match files.reader().read_into(path, &mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(anyhow::anyhow!("{}", reason(&error))),
    }
}
