//! The way of the data: folder, configuration, ledgers in parallel, book.

pub mod audit;
pub mod base;
pub mod check;
pub mod commits;
pub mod difference;
pub mod doctor;
pub mod edit;
mod filing;
pub mod format;
pub mod import;
pub mod life;
pub mod merge;
mod provenance;
pub mod register;
pub mod scope;
pub mod seal;
pub mod select;
pub mod setup;
pub mod undo;

pub use scope::Scope;

use crate::finding::{Finding, nearest};
use crate::load::decode::{Decoded, decode};
use crate::load::ledger::{self, Keep, Origin};
use crate::load::rules::{BROKEN_CAMPAIGN, FILE_TOO_LARGE, NOT_A_FILE, NOT_UTF8, STRAY_FILE, UNKNOWN_LEDGER};
use crate::load::workspace::{self, Configuration};
use crate::model::book::{Book, Workspace};
use crate::model::checksum::{self, LedgerSum};
use crate::model::issue::Row;
use crate::model::provenance::{Provenance, RowsUsed};
use crate::model::unit::UnitIx;
use crate::source::disk::{LedgerFile, Listing, MARKER, Tree, reason};
use crate::source::files::{Files, Reader};
use crate::source::revision::{Revision, locate};
use crate::source::snapshot::Snapshot;
use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file that names every unit.
const UNITS: &str = "units.toml";

/// A workspace whose configuration has been read.
pub struct Opened {
    /// Where it stands on disk, for edits; its files may have been read from git.
    pub tree: Tree,
    pub files: Files,
    /// The commit that was read instead of the disk.
    pub revision: Option<Revision>,
    pub listing: Listing,
    pub configuration: Configuration,
}

/// What became of one ledger file.
pub struct Outcome<T> {
    pub path: String,
    pub findings: Vec<Finding>,
    /// Data rows that could not be read, when the file as a whole could not be a ledger.
    pub unread: u32,
    /// Why the file could not be opened.
    pub unreadable: Option<String>,
    pub read: Option<T>,
}

/// Finds the workspace on disk and reads its TOML files.
pub fn open(dir: Option<&Path>) -> Result<Opened> {
    let tree = Tree::find(dir, &here()?)?;
    read(tree.clone(), Files::Disk(tree), None)
}

/// The workspace as a commit has it.
pub fn open_at(dir: Option<&Path>, revision: &str) -> Result<Opened> {
    let (tree, revisions) = locate(dir, &here()?)?;
    let revision = revisions.named(revision)?;
    let snapshot = Snapshot::of_commit(&revisions, &revision)?;
    read(tree, Files::Snapshot(Box::new(snapshot)), Some(revision))
}

/// The workspace as the next commit would have it.
pub fn open_staged(dir: Option<&Path>) -> Result<Opened> {
    let (tree, revisions) = locate(dir, &here()?)?;
    read(tree, Files::Snapshot(Box::new(Snapshot::of_index(&revisions)?)), None)
}

fn here() -> Result<PathBuf> {
    std::env::current_dir().context("无法得知当前文件夹")
}

fn read(tree: Tree, files: Files, revision: Option<Revision>) -> Result<Opened> {
    let listing = files.list();
    let file = |path: &str| Ok::<_, anyhow::Error>((path.to_owned(), files.read(path)?));
    let campaigns: Vec<(String, Vec<u8>)> =
        listing.campaigns.iter().map(|path| file(path)).collect::<Result<_>>()?;
    let mut configuration = workspace::read(&file(MARKER)?, &file(UNITS)?, &campaigns);
    configuration.findings.extend(misplaced(&listing));
    Ok(Opened { tree, files, revision, listing, configuration })
}

/// How to convert a ledger. The command is given only for a path that a shell takes as it is.
fn conversion(path: &str) -> String {
    let is_plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"_./-".contains(&b));
    let command = format!("；或运行 zxzz fmt --encoding utf-8-bom {path}");
    format!("在 WPS/Excel 中另存为“CSV UTF-8”{}", if is_plain { &command } else { "" })
}

/// Whether a file is one of `paths` or below one of them; any is when there are none.
fn is_under(path: &str, paths: &[String]) -> bool {
    let under = |folder: &String| {
        path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    paths.is_empty() || paths.iter().any(|folder| folder.is_empty() || under(folder))
}

fn misplaced(listing: &Listing) -> Vec<Finding> {
    let not_files = listing.not_files.iter().map(|path| {
        Finding::new(&NOT_A_FILE, &path.as_str().into(), 0, "是文件夹，不是台账文件")
            .help("改名，或把里面的台账移出来")
    });
    let stray = listing.stray.iter().map(|path| {
        Finding::new(&STRAY_FILE, &path.as_str().into(), 0, "不会被当作台账读取")
            .help("另存为 ledgers/<专项 id>/<单位 id>.csv（CSV UTF-8），或移出 ledgers 文件夹")
    });
    not_files.chain(stray).collect()
}

impl Opened {
    pub fn workspace(&self) -> &Workspace {
        &self.configuration.workspace
    }

    /// A report over a broken configuration would mislead.
    pub fn require_sound(&self) -> Result<()> {
        if self.configuration.is_broken {
            bail!("{MARKER} 或 {UNITS} 有错误，读不出单位和设置；请运行 zxzz check 查看并改正");
        }
        Ok(())
    }

    /// Reads `files` in parallel, each into a buffer that the thread uses again, and hands every text to `visit`.
    pub fn each_ledger<T: Send>(
        &self,
        files: &[&LedgerFile],
        visit: impl Fn(Origin<'_>, &str, &mut Vec<Finding>) -> T + Sync,
    ) -> Vec<Outcome<T>> {
        let start = || (self.files.reader(), vec![]);
        let read = |(reader, buffer): &mut (Reader, Vec<u8>), file: &&LedgerFile| {
            self.one_ledger(file, reader, buffer, &visit)
        };
        files.par_iter().map_init(start, read).collect()
    }

    fn one_ledger<T>(
        &self,
        file: &LedgerFile,
        reader: &Reader,
        buffer: &mut Vec<u8>,
        visit: impl Fn(Origin<'_>, &str, &mut Vec<Finding>) -> T,
    ) -> Outcome<T> {
        let mut outcome =
            Outcome { path: file.path.clone(), findings: vec![], unread: 0, unreadable: None, read: None };
        if let Err(error) = reader.read_into(&file.path, buffer) {
            outcome.unreadable = Some(reason(&error));
            return outcome;
        }
        let path: Arc<str> = file.path.as_str().into();
        if u32::try_from(buffer.len()).is_err() {
            let lines = memchr::memchr_iter(b'\n', buffer).count();
            outcome.unread = u32::try_from(lines.saturating_sub(1)).unwrap_or(u32::MAX);
            outcome.findings.push(
                Finding::new(&FILE_TOO_LARGE, &path, 0, "文件超过 4 GiB，整份未读").help("按年度或单位拆分"),
            );
            return outcome;
        }
        let decoded = decode(buffer, ledger::looks_like_header);
        let text = match &decoded {
            Decoded::Utf8(text) => text,
            Decoded::Other(text, foreign) => {
                let label = foreign.label();
                outcome.findings.push(
                    Finding::new(&NOT_UTF8, &path, 0, format!("文件是 {label} 编码，不是 UTF-8"))
                        .help(conversion(&path)),
                );
                text.as_str()
            }
            Decoded::Unknown(lines) => {
                outcome.unread = lines.saturating_sub(1);
                outcome.findings.push(
                    Finding::new(&NOT_UTF8, &path, 0, "不是 UTF-8，也认不出别的编码，整份未读")
                        .help("文件可能已损坏：从 git 历史恢复，或在 WPS 中另存为“CSV UTF-8”"),
                );
                return outcome;
            }
        };
        match self.place(file, &path) {
            Ok((campaign, unit)) => {
                let desk = &self.workspace().campaigns[usize::from(campaign)];
                let origin = Origin { path: &path, campaign, unit, desk };
                outcome.read = Some(visit(origin, text, &mut outcome.findings));
            }
            Err(finding) => {
                outcome.unread = ledger::count_rows(text);
                outcome.findings.push(*finding);
            }
        }
        outcome
    }

    /// The campaign and unit that a ledger's path names.
    fn place(&self, file: &LedgerFile, path: &Arc<str>) -> std::result::Result<(u16, UnitIx), Box<Finding>> {
        let workspace = self.workspace();
        if self.configuration.broken_campaigns.contains(&file.campaign) {
            let message = format!("专项文件 campaigns/{}.toml 读不出来，本台账未读", file.campaign);
            let finding = Finding::new(&BROKEN_CAMPAIGN, path, 0, message).help("先改好专项文件的错误");
            return Err(Box::new(finding));
        }
        let unknown = |what: &str, value: &str, near: Option<&str>, otherwise: String| {
            let help = near.map_or(otherwise, |near| format!("是不是“{near}”？"));
            let message = format!("没有 id 为“{value}”的{what}，本台账未读");
            Box::new(Finding::new(&UNKNOWN_LEDGER, path, 0, message).value(value).help(help))
        };
        let campaign = workspace.campaigns.iter().position(|desk| desk.campaign.id == file.campaign);
        let campaign = campaign.ok_or_else(|| {
            let near = match workspace.matching_campaigns(&file.campaign)[..] {
                [only] => Some(workspace.campaign(only).id.as_str()),
                _ => {
                    nearest(&file.campaign, workspace.campaigns.iter().map(|desk| desk.campaign.id.as_str()))
                }
            };
            let otherwise = format!("先写 campaigns/{}.toml，或把文件夹名改成专项的 id", file.campaign);
            unknown("专项", &file.campaign, near, otherwise)
        })?;
        let units = &workspace.register.units;
        if workspace.register.is_dropped(&file.unit) {
            let message = format!("单位“{}”在 {UNITS} 的条目有错误，本台账未读", file.unit);
            return Err(Box::new(Finding::new(&UNKNOWN_LEDGER, path, 0, message).help("先改好该单位的条目")));
        }
        let unit = units.iter().position(|unit| unit.id == file.unit).ok_or_else(|| {
            let called = workspace.register.matching(&file.unit);
            let near = match called[..] {
                [only] => Some(workspace.register.unit(only).id.as_str()),
                _ => nearest(&file.unit, units.iter().map(|unit| unit.id.as_str())),
            };
            let otherwise = format!("先在 {UNITS} 登记，或把文件名改成单位的 id");
            unknown("单位", &file.unit, near, otherwise)
        })?;
        Ok((campaign as u16, unit as UnitIx))
    }

    /// A book of the plans alone, without ledgers.
    pub fn configured(&self, scope: &Scope, as_of: NaiveDate) -> Result<Book<'_>> {
        self.require_sound()?;
        let provenance = Provenance { origin: self.origin(), rows: None };
        Ok(self.empty(scope, as_of, provenance))
    }

    fn empty(&self, scope: &Scope, as_of: NaiveDate, provenance: Provenance) -> Book<'_> {
        let workspace = self.workspace();
        let scope = scope.campaigns_of(workspace);
        Book {
            workspace,
            as_of,
            ledgers: vec![],
            filings: vec![],
            unread_files: vec![],
            unreadable: vec![],
            scope,
            provenance,
        }
    }

    /// Reads the ledgers in scope into a book.
    pub fn book(&self, scope: &Scope, as_of: NaiveDate, keep: Keep) -> Result<Book<'_>> {
        self.require_sound()?;
        let workspace = self.workspace();
        let files: Vec<&LedgerFile> =
            self.listing.ledgers.iter().filter(|file| scope.holds(workspace, file)).collect();
        let reading = || {
            self.each_ledger(&files, |origin, text, findings| {
                let mut sum = LedgerSum::default();
                let in_scope = |row: &Row| scope.has_row(origin.campaign, row);
                let wanted = |row: &Row, origin: Origin| in_scope(row) && (keep.wanted)(row, origin);
                let keep = Keep { wanted: &wanted, ..keep };
                let ledger = ledger::read(origin, text, keep, findings, |row, _| {
                    if in_scope(row) {
                        sum.add(row);
                    }
                });
                let unit = &workspace.register.unit(origin.unit).id;
                (ledger, sum.finish(&origin.desk.campaign.id, unit))
            })
        };
        let (origin, outcomes) = rayon::join(|| self.origin(), reading);
        let mut book = self.empty(scope, as_of, Provenance { origin, rows: None });
        book.unreadable.clone_from(&self.listing.unreadable);
        let (mut count, mut sums) = (0, vec![]);
        for outcome in outcomes {
            if outcome.unread > 0 {
                book.unread_files.push((outcome.path.clone(), outcome.unread));
            }
            book.unreadable.extend(outcome.unreadable.map(|why| (outcome.path, why)));
            let Some((ledger, (rows, sum))) = outcome.read else { continue };
            book.ledgers.push(ledger);
            count += rows;
            sums.extend((rows > 0).then_some(sum));
        }
        book.provenance.rows = Some(RowsUsed { count, checksum: checksum::total(sums) });
        Ok(book)
    }
}

/// A ledger that cannot be read at all cannot be edited either.
fn refused(finding: &Finding) -> anyhow::Error {
    anyhow::anyhow!("{}：{}；{}", finding.place.path, finding.message, finding.help)
}
