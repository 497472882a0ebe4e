//! Which part of a workspace a report is about.

use crate::model::book::Workspace;
use crate::model::issue::Row;
use crate::model::unit::UnitIx;
use crate::source::disk::LedgerFile;

/// Which campaigns, units and tasks a report is about; empty means all.
#[derive(Debug, Default, Clone)]
pub struct Scope {
    pub campaigns: Vec<u16>,
    pub units: Vec<UnitIx>,
    /// Campaign and task.
    pub tasks: Vec<(u16, u16)>,
    /// 编号 of the only issue.
    pub id: Option<String>,
}

impl Scope {
    pub(super) fn holds(&self, workspace: &Workspace, file: &LedgerFile) -> bool {
        let campaign = |ix: &u16| workspace.campaign(*ix).id == file.campaign;
        let unit = |ix: &UnitIx| workspace.register.unit(*ix).id == file.unit;
        (self.campaigns.is_empty() || self.campaigns.iter().any(campaign))
            && (self.tasks.is_empty() || self.tasks.iter().any(|(ix, _)| campaign(ix)))
            && (self.units.is_empty() || self.units.iter().any(unit))
    }

    pub fn has_task(&self, campaign: u16, task: Option<u16>) -> bool {
        self.tasks.is_empty() || task.is_some_and(|task| self.tasks.contains(&(campaign, task)))
    }

    pub(super) fn has_row(&self, campaign: u16, row: &Row) -> bool {
        self.has_task(campaign, row.issue.task) && self.id.as_ref().is_none_or(|id| row.id() == *id)
    }

    pub(super) fn campaigns_of(&self, workspace: &Workspace) -> Vec<u16> {
        let all = 0..workspace.campaigns.len() as u16;
        let chosen = |ix: &u16| {
            (self.campaigns.is_empty() || self.campaigns.contains(ix))
                && (self.tasks.is_empty() || self.tasks.iter().any(|(campaign, _)| campaign == ix))
        };
        all.filter(chosen).collect()
    }
}
