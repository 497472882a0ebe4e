//! What may stand in a column of a ledger, where the values are counted.

use super::campaign::{Campaign, ColumnType};
use super::column::Column;
use super::workflow::{KINDS, STATUSES};
use std::collections::BTreeSet;

/// 回头看结果.
pub const REVIEW_RESULTS: [&str; 2] = ["未反弹", "反弹"];

/// Nothing for columns in which anything may stand.
pub fn choices(heading: &str, campaign: &Campaign) -> Vec<String> {
    let all = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect();
    let extra = campaign.columns.iter().find(|column| column.name == heading);
    match (Column::named(heading), extra) {
        (Some(Column::Status), _) => all(&STATUSES.map(|(_, label)| label)),
        (Some(Column::Kind), _) => all(&KINDS.map(|(_, label)| label)),
        (Some(Column::Source), _) => all(&campaign.allowed_sources()),
        (Some(Column::Task), _) => {
            let milestones = campaign.milestones.iter().map(|milestone| milestone.id.clone());
            campaign.tasks.iter().map(|task| task.id.clone()).chain(milestones).collect()
        }
        (Some(Column::Category), _) => finest(campaign),
        (Some(Column::ReviewResult), _) => all(&REVIEW_RESULTS),
        (None, Some(column)) if column.kind == ColumnType::Enum => column.values.clone(),
        (None, Some(column)) if column.kind == ColumnType::Bool => all(&["是", "否"]),
        _ => vec![],
    }
}

/// Codes of problem types under which there are no finer ones.
fn finest(campaign: &Campaign) -> Vec<String> {
    let codes: BTreeSet<&str> = campaign.categories.iter().map(|category| category.code.as_str()).collect();
    let has_finer = |code: &str| {
        let after = codes.range(code..).nth(1);
        after.is_some_and(|next| next.starts_with(code))
    };
    let all = campaign.categories.iter().map(|category| &category.code);
    all.filter(|code| !has_finer(code)).cloned().collect()
}
