//! Everything that was loaded: the configuration of a workspace and the issues of its ledgers.

use super::calendar::Calendar;
use super::campaign::Campaign;
use super::campaign_index::CampaignIndex;
use super::column::Layout;
use super::deadline::Clock;
use super::filing::Filings;
use super::issue::{Cells, Issue, Row};
use super::policy::WorkspaceFile;
use super::provenance::Provenance;
use super::unit::{Register, UnitIx};
use chrono::NaiveDate;
use rustc_hash::FxHashSet;

/// The TOML files of a workspace, ready to read ledgers with.
#[derive(Debug, Default)]
pub struct Workspace {
    pub settings: WorkspaceFile,
    pub calendar: Calendar,
    pub register: Register,
    pub campaigns: Vec<Desk>,
}

/// A campaign with its lookups.
#[derive(Debug, Default)]
pub struct Desk {
    pub campaign: Campaign,
    pub index: CampaignIndex,
    /// Ids of the plan's entries that could not be read.
    pub dropped: FxHashSet<String>,
}

impl Workspace {
    pub fn campaign(&self, ix: u16) -> &Campaign {
        &self.campaigns[usize::from(ix)].campaign
    }

    pub fn clock(&self, as_of: NaiveDate) -> Clock<'_> {
        Clock {
            as_of,
            calendar: &self.calendar,
            lights: &self.settings.lights,
            policy: &self.settings.policy,
        }
    }

    /// The campaigns named by id, code, or a part of the name; an exact match stands alone.
    pub fn matching_campaigns(&self, part: &str) -> Vec<u16> {
        let all = || self.campaigns.iter().map(|desk| &desk.campaign).enumerate();
        let exact = all().find(|(_, c)| c.is_called(part));
        let found = |(ix, _): (usize, &Campaign)| ix as u16;
        match exact {
            Some(hit) => vec![found(hit)],
            None => all().filter(|(_, c)| c.name.contains(part)).map(found).collect(),
        }
    }
}

/// One unit's issues in one campaign, as far as they were kept.
#[derive(Debug)]
pub struct Ledger {
    /// Relative to the workspace root, with forward slashes.
    pub path: String,
    pub campaign: u16,
    pub unit: UnitIx,
    pub layout: Layout,
    pub issues: Vec<Issue>,
    /// The lines of data rows that could not be read as issues; rows that an open quote swallows stand at its line.
    pub unread: Vec<u32>,
    /// Data rows of the file, read or not.
    pub rows: u32,
    /// Text of the kept rows, one record after the other.
    pub text: String,
    /// Where the cells of the kept rows end in `text`: `layout.width` entries a row.
    pub ends: Vec<u32>,
    /// Where each kept row begins in `text`.
    pub starts: Vec<u32>,
}

impl Ledger {
    /// The `ix`-th kept issue with its text. Only ledgers loaded with text have rows.
    pub fn row(&self, ix: usize) -> Row<'_> {
        let width = self.layout.width;
        Row {
            issue: &self.issues[ix],
            layout: &self.layout,
            cells: Cells {
                text: &self.text,
                start: self.starts[ix],
                ends: &self.ends[ix * width..(ix + 1) * width],
            },
        }
    }
}

/// A workspace and its ledgers as a report sees them.
#[derive(Debug)]
pub struct Book<'w> {
    pub workspace: &'w Workspace,
    pub as_of: NaiveDate,
    /// In the order of their paths.
    pub ledgers: Vec<Ledger>,
    /// What units filed beside the ledgers, as far as it was asked for.
    pub filings: Vec<Filings>,
    /// Files that are no ledgers of a known campaign and unit, with their data rows.
    pub unread_files: Vec<(String, u32)>,
    /// Whole files that could not be opened, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// Campaigns the report is about, in the order of their files.
    pub scope: Vec<u16>,
    pub provenance: Provenance,
}

impl<'w> Book<'w> {
    pub fn clock(&self) -> Clock<'w> {
        self.workspace.clock(self.as_of)
    }

    /// Issues that had been found by the report day, with their ledger.
    pub fn issues(&self) -> impl Iterator<Item = (&Ledger, &Issue)> {
        let as_of = self.as_of;
        self.ledgers.iter().flat_map(move |ledger| {
            ledger.issues.iter().filter(move |i| i.exists_on(as_of)).map(move |issue| (ledger, issue))
        })
    }

    /// The same with their text.
    pub fn rows(&self) -> impl Iterator<Item = (&Ledger, Row<'_>)> {
        let as_of = self.as_of;
        self.ledgers.iter().flat_map(move |ledger| {
            (0..ledger.issues.len())
                .map(move |ix| (ledger, ledger.row(ix)))
                .filter(move |(_, row)| row.issue.exists_on(as_of))
        })
    }

    /// What was filed in one campaign.
    pub fn filings_of(&self, campaign: u16) -> Option<&Filings> {
        self.filings.iter().find(|filings| filings.campaign == campaign)
    }

    pub fn unit_name(&self, ledger: &Ledger) -> &'w str {
        &self.workspace.register.unit(ledger.unit).name
    }

    pub fn campaign_of(&self, ledger: &Ledger) -> &'w Campaign {
        self.workspace.campaign(ledger.campaign)
    }

    pub fn unread(&self) -> u32 {
        let filings = self.filings.iter().map(|filings| filings.unread.len()).sum::<usize>();
        let ledgers = self.ledgers.iter().map(|ledger| ledger.unread.len()).sum::<usize>();
        self.unread_files.iter().map(|(_, rows)| rows).sum::<u32>() + (filings + ledgers) as u32
    }
}
