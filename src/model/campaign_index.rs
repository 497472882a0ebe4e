//! Lookups by which the rows of a campaign's ledgers are read.

use super::campaign::{Campaign, Category, Milestone};
use rustc_hash::FxHashMap;

/// A category code without spaces and with half-width brackets, so that all its spellings compare equal.
pub fn plain_category(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '．' => '.',
            other => other,
        })
        .collect()
}

/// The categories under which there are no finer ones: place in the campaign, category, plain code.
pub fn finest(campaign: &Campaign) -> Vec<(u16, &Category, String)> {
    let plain = |category: &Category| plain_category(&category.code);
    let codes: Vec<String> = campaign.categories.iter().map(plain).collect();
    let has_finer =
        |code: &str| codes.iter().any(|other| other.len() > code.len() && other.starts_with(code));
    let all = (0..).zip(&campaign.categories).zip(&codes);
    all.filter(|(_, code)| !has_finer(code))
        .map(|((ix, category), code)| (ix, category, code.clone()))
        .collect()
}

/// Lookups made once per campaign, so that reading a row costs no search.
#[derive(Debug, Default)]
pub struct CampaignIndex {
    pub tasks: FxHashMap<String, u16>,
    /// With the index of the task they belong to.
    pub milestones: FxHashMap<String, (u16, Option<u16>)>,
    /// Finest category codes, as written in the campaign and in plain form.
    pub categories: FxHashMap<String, u16>,
    /// Allowed 问题来源.
    pub sources: Vec<String>,
}

impl CampaignIndex {
    pub fn new(campaign: &Campaign) -> CampaignIndex {
        let tasks = numbered(campaign.tasks.iter().map(|task| task.id.clone()));
        let milestone = |(ix, milestone): (usize, &Milestone)| {
            let task = milestone.task.as_ref().and_then(|task| tasks.get(task).copied());
            (milestone.id.clone(), (ix as u16, task))
        };
        CampaignIndex {
            milestones: campaign.milestones.iter().enumerate().map(milestone).collect(),
            tasks,
            categories: finest(campaign)
                .into_iter()
                .flat_map(|(ix, category, plain)| [category.code.clone(), plain].map(|code| (code, ix)))
                .collect(),
            sources: campaign.allowed_sources().into_iter().map(str::to_owned).collect(),
        }
    }
}

fn numbered(names: impl Iterator<Item = String>) -> FxHashMap<String, u16> {
    names.enumerate().map(|(ix, name)| (name, ix as u16)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::campaign::Category;
    use super::*;

    #[test]
    fn category_spellings_compare_equal() {
        for spelling in ["（一）1.(1)①", "(一) 1. (1) ①", "（一）１".replace('１', "1").as_str()]
        {
            assert!(plain_category("（一）1.(1)①").starts_with(&plain_category(spelling)));
        }
    }

    #[test]
    fn only_codes_without_children_are_finest() {
        let category = |code: &str| Category {
            code: code.to_owned(),
            name: String::new(),
            authority: vec![],
            source: None,
        };
        let campaign = Campaign {
            categories: ["(一)", "(一)1.", "(一)1.(1)", "(二)"].map(category).to_vec(),
            ..Campaign::default()
        };
        let mut finest: Vec<_> = CampaignIndex::new(&campaign).categories.into_keys().collect();
        finest.sort();
        assert_eq!(finest, ["(一)1.(1)", "(二)"]);
    }
}
