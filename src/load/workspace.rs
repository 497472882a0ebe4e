//! `zxzz.toml`, `units.toml` and the campaign files to a workspace.

use super::campaign;
use super::rules::NOT_UTF8;
use super::toml_file::{Origin, TomlFile};
use crate::finding::Finding;
use crate::model::book::{Desk, Workspace};
use crate::model::campaign_index::CampaignIndex;
use crate::model::policy::WorkspaceFile;
use crate::model::unit::{Register, UnitsFile};
use std::sync::Arc;

/// A configuration file: its path relative to the root, and its bytes.
pub type File = (String, Vec<u8>);

/// The configuration as far as it could be read.
#[derive(Debug, Default)]
pub struct Configuration {
    pub workspace: Workspace,
    /// Where each campaign of the workspace was read from, in the same order.
    pub campaign_origins: Vec<Origin>,
    pub units_origin: Option<Origin>,
    pub settings_origin: Option<Origin>,
    /// File stems of the campaigns that could not be read.
    pub broken_campaigns: Vec<String>,
    /// `zxzz.toml` or `units.toml` could not be read: ledgers cannot be judged.
    pub is_broken: bool,
    pub findings: Vec<Finding>,
}

/// Reads everything; what cannot be read is a finding.
pub fn read(settings: &File, units: &File, campaigns: &[File]) -> Configuration {
    let mut all = Configuration::default();
    match settings_of(settings, &mut all.findings) {
        Some((settings, origin)) => {
            all.workspace.settings = settings;
            all.settings_origin = Some(origin);
        }
        None => all.is_broken = true,
    }
    match units_of(units, &mut all.findings) {
        Some((file, origin)) => {
            all.workspace.register = Register::new(file, origin.dropped.clone());
            all.units_origin = Some(origin);
        }
        None => all.is_broken = true,
    }
    all.workspace.calendar = all.workspace.settings.calendar();
    for (path, bytes) in campaigns {
        let read = text_of(path, bytes, &mut all.findings)
            .and_then(|text| campaign::read(path, text, &mut all.findings));
        match read {
            Some((campaign, origin)) => {
                let index = CampaignIndex::new(&campaign);
                let dropped = origin.dropped.clone();
                all.workspace.campaigns.push(Desk { campaign, index, dropped });
                all.campaign_origins.push(origin);
            }
            None => all.broken_campaigns.push(stem(path).to_owned()),
        }
    }
    all
}

/// `yanglao` of `campaigns/yanglao.toml`.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn settings_of((path, bytes): &File, findings: &mut Vec<Finding>) -> Option<(WorkspaceFile, Origin)> {
    let text = text_of(path, bytes, findings)?;
    let mut file = TomlFile::parse(path, text, findings)?;
    let exceptions = file.entries("exceptions");
    let situations = file.entries("situations");
    let mechanisms = file.entries("mechanisms");
    let (rest, origin) = file.rest::<WorkspaceFile>();
    rest.map(|rest| (WorkspaceFile { exceptions, situations, mechanisms, ..rest }, origin))
}

fn units_of((path, bytes): &File, findings: &mut Vec<Finding>) -> Option<(UnitsFile, Origin)> {
    let text = text_of(path, bytes, findings)?;
    let mut file = TomlFile::parse(path, text, findings)?;
    let units = file.entries("units");
    let groups = file.entries("groups");
    let retired = file.entries("retired");
    let people = file.entries("people");
    let (rest, origin) = file.rest::<UnitsFile>();
    rest.map(|_| (UnitsFile { units, groups, retired, people }, origin))
}

fn text_of<'b>(path: &str, bytes: &'b [u8], findings: &mut Vec<Finding>) -> Option<&'b str> {
    let text = simdutf8::basic::from_utf8(bytes).ok();
    if text.is_none() {
        let path: Arc<str> = path.into();
        findings.push(
            Finding::new(&NOT_UTF8, &path, 0, "TOML 文件必须是 UTF-8 编码")
                .help("在编辑器中另存为 UTF-8，或运行 iconv -f GB18030 -t UTF-8 转换"),
        );
    }
    text
}
