//! The life of one issue, commit by commit.

use super::step::called;
use super::versions::RowVersion;
use chrono::NaiveDate;

/// What one commit did to an issue.
#[derive(Debug)]
pub struct Event {
    /// Day of the commit.
    pub day: NaiveDate,
    pub author: String,
    pub commit: String,
    pub round: u16,
    /// 登记, 销号 …
    pub name: String,
    /// Heading, before, after.
    pub changes: Vec<(String, String, String)>,
}

impl Event {
    pub fn new(
        (commit, author, day): (String, String, NaiveDate),
        round: u16,
        before: Option<&RowVersion>,
        after: Option<&RowVersion>,
    ) -> Event {
        let change = |heading: &str| {
            let cell = |row: Option<&RowVersion>| row.map_or("", |row| row.cell(heading)).to_owned();
            (heading.to_owned(), cell(before), cell(after))
        };
        let headings: Vec<&str> = match (before, after) {
            (Some(before), Some(after)) => before.differences(after),
            (Some(only), None) | (None, Some(only)) => only.cells().map(|(name, _)| name).collect(),
            (None, None) => vec![],
        };
        let changes = headings.into_iter().map(change).filter(|(_, before, after)| before != after).collect();
        Event { day, author, commit, round, name: called(before, after), changes }
    }
}
