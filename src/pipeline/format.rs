//! Ledgers in canonical form and in the encoding that is asked for.

use super::Opened;
use crate::edit::format::{Differences, format};
use crate::edit::text::{Encoding, LedgerText};
use crate::model::column::headings;
use crate::pipeline::edit::Mode;
use crate::source::disk::LedgerFile;
use anyhow::{Result, anyhow};
use rayon::prelude::*;
use std::sync::Arc;

/// What became, or would become, of one ledger.
#[derive(Debug)]
pub struct FormattedLedger {
    pub path: String,
    pub differences: Differences,
    /// Converted to another encoding.
    pub is_converted: bool,
}

impl Opened {
    /// Formats the ledgers under `paths` (all when empty): those that differed, and why others could not be formatted.
    pub fn format(
        &self,
        paths: &[String],
        encoding: Option<Encoding>,
        mode: Mode,
    ) -> Result<(Vec<FormattedLedger>, Vec<anyhow::Error>)> {
        self.require_sound()?;
        let files: Vec<&LedgerFile> =
            self.listing.ledgers.iter().filter(|file| super::is_under(&file.path, paths)).collect();
        let outcomes: Vec<Result<Option<FormattedLedger>>> =
            files.par_iter().map(|file| self.format_one(file, encoding, mode)).collect();
        let (mut formatted, mut failed) = (vec![], vec![]);
        for outcome in outcomes {
            match outcome {
                Ok(ledger) => formatted.extend(ledger),
                Err(error) => failed.push(error),
            }
        }
        Ok((formatted, failed))
    }

    fn format_one(
        &self,
        file: &LedgerFile,
        encoding: Option<Encoding>,
        mode: Mode,
    ) -> Result<Option<FormattedLedger>> {
        let path: Arc<str> = file.path.as_str().into();
        let (campaign, _) = self.place(file, &path).map_err(|finding| super::refused(&finding))?;
        let held = self.take(&path, mode)?;
        let text = LedgerText::to_convert(&path, &held.bytes, encoding)?;
        let order = headings(self.workspace().campaign(campaign));
        let formatted = format(text.as_str(), &order)
            .map_err(|unfit| anyhow!("{path}:{}：{}；没有改动", unfit.line, unfit.why))?;
        let bytes = text.written_as(&path, &formatted.text, encoding)?;
        if bytes == held.bytes {
            return Ok(None);
        }
        if mode == Mode::Write {
            held.prepare([&bytes[..]])?.take_place()?;
        }
        let is_converted = formatted.differences == Differences::default();
        Ok(Some(FormattedLedger { path: path.to_string(), differences: formatted.differences, is_converted }))
    }
}
