//! `_targets.csv` and `_duties.csv`: read into a book, and checked.

use super::{Opened, Scope};
use crate::check::{self, FilingContext};
use crate::finding::Finding;
use crate::load::decode::{Decoded, decode};
use crate::load::filing::{self, Origin};
use crate::load::ledger::Keep;
use crate::load::rules::{BROKEN_CAMPAIGN, NOT_UTF8, UNKNOWN_LEDGER};
use crate::model::book::{Book, Workspace};
use crate::model::filing::Filings;
use crate::source::disk::{FilingFile, FilingKind};
use anyhow::Result;
use chrono::NaiveDate;
use std::sync::Arc;

/// One file of filings as text, or why there is none.
enum Text {
    Of {
        campaign: u16,
        text: String,
    },
    /// Rows that nobody can read.
    Lost(u32),
    Unreadable(String),
}

impl Opened {
    /// The ledgers in scope, and what was filed beside them.
    pub fn filed(&self, scope: &Scope, as_of: NaiveDate, keep: Keep) -> Result<Book<'_>> {
        let mut book = self.book(scope, as_of, keep)?;
        let is_asked = |file: &&FilingFile| {
            let campaign = |ix: &u16| self.workspace().campaign(*ix).id == file.campaign;
            scope.campaigns.is_empty() || scope.campaigns.iter().any(campaign)
        };
        for file in self.listing.filings.iter().filter(is_asked) {
            match self.filing_text(file, &mut vec![]) {
                Text::Of { campaign, text } => {
                    let read = read(self.workspace(), file, campaign, &text);
                    match book.filings.iter_mut().find(|filings| filings.campaign == campaign) {
                        Some(filings) => merge(filings, read),
                        None => book.filings.push(read),
                    }
                }
                Text::Lost(rows) => book.unread_files.push((file.path.clone(), rows)),
                Text::Unreadable(why) => book.unreadable.push((file.path.clone(), why)),
            }
        }
        Ok(book)
    }

    /// What targets need of the rows: their text only where one sorts them by a column.
    pub fn needed_by_targets(&self) -> Keep<'static> {
        let campaigns = self.workspace().campaigns.iter().map(|desk| &desk.campaign);
        match campaigns.flat_map(|campaign| &campaign.targets).any(|target| target.when.is_some()) {
            true => Keep::TEXT,
            false => Keep::FACTS,
        }
    }

    /// Checks every file of filings; returns the rows that were read, the rows that could not be, and the files that
    /// could not be opened.
    pub(super) fn check_filings(&self, as_of: NaiveDate, findings: &mut Vec<Finding>) -> Vec<CheckedFiling> {
        let check = |file: &FilingFile| {
            let mut own = vec![];
            let (mut unread, mut unreadable) = (0, None);
            match self.filing_text(file, &mut own) {
                Text::Of { campaign, text } => {
                    unread = self.check_filing(file, campaign, &text, as_of, &mut own)
                }
                Text::Lost(rows) => unread = rows,
                Text::Unreadable(why) => unreadable = Some(why),
            }
            findings.append(&mut own);
            CheckedFiling { path: file.path.clone(), unread, unreadable }
        };
        self.listing.filings.iter().map(check).collect()
    }

    fn check_filing(
        &self,
        file: &FilingFile,
        campaign: u16,
        text: &str,
        as_of: NaiveDate,
        findings: &mut Vec<Finding>,
    ) -> u32 {
        let path: Arc<str> = file.path.as_str().into();
        let workspace = self.workspace();
        let campaign = workspace.campaign(campaign);
        let origin = Origin { path: &path, workspace, campaign };
        let cx = FilingContext { path: &path, workspace, campaign, as_of };
        let on_row =
            |row: &filing::FilingRow, findings: &mut Vec<Finding>| check::filing_row(row, &cx, findings);
        match file.kind {
            FilingKind::Targets => {
                let (figures, unread) = filing::figures(origin, text, findings, on_row);
                check::figures(&figures, &cx, findings);
                unread.len() as u32
            }
            FilingKind::Duties => {
                let (duties, unread) = filing::duties(origin, text, findings, on_row);
                check::duties(&duties, &cx, &|path| self.files.holds(path), findings);
                unread.len() as u32
            }
        }
    }

    fn filing_text(&self, file: &FilingFile, findings: &mut Vec<Finding>) -> Text {
        let bytes = match self.files.read(&file.path) {
            Ok(bytes) => bytes,
            Err(error) => return Text::Unreadable(error.to_string()),
        };
        let path: Arc<str> = file.path.as_str().into();
        let text = match decode(&bytes, filing::looks_like_header) {
            Decoded::Utf8(text) => text.to_owned(),
            Decoded::Other(text, foreign) => {
                let message = format!("文件是 {} 编码，不是 UTF-8", foreign.label());
                let finding = Finding::new(&NOT_UTF8, &path, 0, message);
                findings.push(finding.help("在 WPS/Excel 中另存为“CSV UTF-8”"));
                text
            }
            Decoded::Unknown(lines) => {
                let message = "不是 UTF-8，也认不出别的编码，整份未读";
                let finding = Finding::new(&NOT_UTF8, &path, 0, message);
                findings.push(finding.help("文件可能已损坏：从 git 历史恢复，或另存为“CSV UTF-8”"));
                return Text::Lost(lines.saturating_sub(1));
            }
        };
        let workspace = self.workspace();
        let rows = || crate::load::ledger::count_rows(&text);
        match workspace.campaigns.iter().position(|desk| desk.campaign.id == file.campaign) {
            Some(campaign) => Text::Of { campaign: campaign as u16, text },
            None if self.configuration.broken_campaigns.contains(&file.campaign) => {
                let message = format!("专项文件 campaigns/{}.toml 读不出来，本文件未读", file.campaign);
                findings.push(Finding::new(&BROKEN_CAMPAIGN, &path, 0, message).help("先改好专项文件的错误"));
                Text::Lost(rows())
            }
            None => {
                let message = format!("没有 id 为“{}”的专项，本文件未读", file.campaign);
                let help = format!("先写 campaigns/{}.toml，或把文件夹名改成专项的 id", file.campaign);
                let finding = Finding::new(&UNKNOWN_LEDGER, &path, 0, message);
                findings.push(finding.value(&file.campaign).help(help));
                Text::Lost(rows())
            }
        }
    }
}

/// What became of one file of filings.
pub(super) struct CheckedFiling {
    pub path: String,
    pub unread: u32,
    pub unreadable: Option<String>,
}

fn read(workspace: &Workspace, file: &FilingFile, campaign: u16, text: &str) -> Filings {
    let path: Arc<str> = file.path.as_str().into();
    let origin = Origin { path: &path, workspace, campaign: workspace.campaign(campaign) };
    let mut filings = Filings { campaign, ..Filings::default() };
    let unread;
    match file.kind {
        FilingKind::Targets => {
            (filings.figures, unread) = filing::figures(origin, text, &mut vec![], |_, _| {});
        }
        FilingKind::Duties => {
            (filings.duties, unread) = filing::duties(origin, text, &mut vec![], |_, _| {});
        }
    }
    filings.unread = unread.into_iter().map(|line| (Arc::clone(&path), line)).collect();
    filings
}

fn merge(filings: &mut Filings, other: Filings) {
    filings.figures.extend(other.figures);
    filings.duties.extend(other.duties);
    filings.unread.extend(other.unread);
}
