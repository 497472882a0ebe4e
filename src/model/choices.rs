//! What may stand in a column of a ledger, where the values are counted.

use super::campaign::{Campaign, ColumnType};
use super::campaign_index::finest;
use super::column::Column;
use super::workflow::{KINDS, STATUSES};

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
        (Some(Column::Category), _) => {
            finest(campaign).into_iter().map(|(_, category, _)| category.code.clone()).collect()
        }
        (Some(Column::ReviewResult), _) => all(&REVIEW_RESULTS),
        (None, Some(column)) if column.kind == ColumnType::Enum => column.values.clone(),
        (None, Some(column)) if column.kind == ColumnType::Bool => all(&["是", "否"]),
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::super::campaign::Category;
    use super::*;

    #[test]
    fn a_type_with_finer_ones_is_no_choice_however_it_is_spelt() {
        let category = |code: &str| Category {
            code: code.to_owned(),
            name: String::new(),
            authority: vec![],
            source: None,
        };
        let categories = ["（一）", "(一) 1.", "（二）"].map(category).to_vec();
        let campaign = Campaign { categories, ..Campaign::default() };
        assert_eq!(choices("问题类型", &campaign), ["(一) 1.", "（二）"]);
    }
}
