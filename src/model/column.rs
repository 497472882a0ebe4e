//! The columns of a ledger and where they stand in one file.

use super::campaign::{Campaign, ColumnType};

/// A column that every campaign's ledgers may have. Sign-offs and a campaign's own columns come on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Id,
    Round,
    Task,
    Category,
    Subject,
    Description,
    Source,
    Found,
    Kind,
    Measures,
    Assigned,
    Deadline,
    ExtendedTo,
    ExtensionReason,
    ExtensionApprover,
    ExtensionApproved,
    Status,
    Progress,
    Money,
    NewRules,
    RevisedRules,
    RepealedRules,
    LeadsTransferred,
    Department,
    Leader,
    Person,
    Applied,
    Evidence,
    Closed,
    Returns,
    Listing,
    Listed,
    Delisted,
    Destination,
    Reviewed,
    ReviewResult,
    Remarks,
}

/// In the order in which a new ledger has them.
pub const COLUMNS: [(Column, &str); 37] = [
    (Column::Id, "编号"),
    (Column::Round, "轮次"),
    (Column::Task, "任务"),
    (Column::Category, "问题类型"),
    (Column::Subject, "问题主体"),
    (Column::Description, "问题描述"),
    (Column::Source, "问题来源"),
    (Column::Found, "发现日期"),
    (Column::Kind, "整改类型"),
    (Column::Measures, "整改措施"),
    (Column::Assigned, "交办日期"),
    (Column::Deadline, "完成时限"),
    (Column::ExtendedTo, "延期至"),
    (Column::ExtensionReason, "延期事由"),
    (Column::ExtensionApprover, "延期批准人"),
    (Column::ExtensionApproved, "延期批准日期"),
    (Column::Status, "整改状态"),
    (Column::Progress, "整改进展"),
    (Column::Money, "涉及资金(元)"),
    (Column::NewRules, "新建制度"),
    (Column::RevisedRules, "修订制度"),
    (Column::RepealedRules, "废止制度"),
    (Column::LeadsTransferred, "移交线索数"),
    (Column::Department, "责任部门"),
    (Column::Leader, "责任领导"),
    (Column::Person, "责任人"),
    (Column::Applied, "申请日期"),
    (Column::Evidence, "佐证"),
    (Column::Closed, "销号日期"),
    (Column::Returns, "退回次数"),
    (Column::Listing, "挂牌督办"),
    (Column::Listed, "挂牌日期"),
    (Column::Delisted, "摘牌日期"),
    (Column::Destination, "去向"),
    (Column::Reviewed, "回头看日期"),
    (Column::ReviewResult, "回头看结果"),
    (Column::Remarks, "备注"),
];

impl Column {
    pub fn heading(self) -> &'static str {
        COLUMNS[self as usize].1
    }

    pub fn named(heading: &str) -> Option<Column> {
        COLUMNS.iter().find(|(_, name)| *name == heading).map(|(column, _)| *column)
    }
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    Day,
    /// In 元.
    Money,
    Count,
    Words,
}

/// Of a column of the campaign's ledgers; of one that it does not know, words.
pub fn nature(heading: &str, campaign: &Campaign) -> Nature {
    if let Some(column) = campaign.columns.iter().find(|column| column.name == heading) {
        return match column.kind {
            ColumnType::Date => Nature::Day,
            ColumnType::Money => Nature::Money,
            ColumnType::Int => Nature::Count,
            ColumnType::Text | ColumnType::Enum | ColumnType::Bool => Nature::Words,
        };
    }
    match Column::named(heading) {
        Some(
            Column::Found
            | Column::Assigned
            | Column::Deadline
            | Column::ExtendedTo
            | Column::ExtensionApproved
            | Column::Applied
            | Column::Closed
            | Column::Listed
            | Column::Delisted
            | Column::Reviewed,
        ) => Nature::Day,
        Some(Column::Money) => Nature::Money,
        Some(Column::Round | Column::LeadsTransferred | Column::Returns) => Nature::Count,
        Some(_) => Nature::Words,
        None if heading
            .strip_suffix("日期")
            .is_some_and(|name| campaign.closure.signoffs.iter().any(|known| known == name)) =>
        {
            Nature::Day
        }
        None => Nature::Words,
    }
}

/// The headings of a campaign's ledgers in their canonical order: the common columns, its sign-offs after 佐证,
/// its own before 备注.
pub fn headings(campaign: &Campaign) -> Vec<String> {
    let mut headings: Vec<String> = vec![];
    for (column, name) in COLUMNS {
        let is_unused = match column {
            Column::Task => campaign.tasks.is_empty(),
            Column::Category => campaign.categories.is_empty(),
            _ => false,
        };
        if column == Column::Remarks {
            headings.extend(campaign.columns.iter().map(|column| column.name.clone()));
        }
        if !is_unused {
            headings.push(name.to_owned());
        }
        if column == Column::Evidence {
            let names = campaign.closure.signoffs.iter();
            headings.extend(names.flat_map(|name| [format!("{name}人"), format!("{name}日期")]));
        }
    }
    headings
}

/// A position in the records of one file.
pub type Position = u16;

/// Where the columns of one ledger stand; found by heading, in any order.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Number of columns in the header.
    pub width: usize,
    fixed: [Option<Position>; COLUMNS.len()],
    /// Person and date of each sign-off of the campaign, in order.
    pub signoffs: Vec<(Option<Position>, Option<Position>)>,
    /// Of each extra column of the campaign.
    pub extra: Vec<Option<Position>>,
    /// The headings as written.
    pub headings: Vec<String>,
}

impl Default for Layout {
    fn default() -> Self {
        Layout { width: 0, fixed: [None; COLUMNS.len()], signoffs: vec![], extra: vec![], headings: vec![] }
    }
}

impl Layout {
    pub fn of(headings: Vec<String>) -> Layout {
        Layout { width: headings.len(), headings, ..Layout::default() }
    }

    pub fn position(&self, column: Column) -> Option<Position> {
        self.fixed[column as usize]
    }

    pub fn has(&self, column: Column) -> bool {
        self.position(column).is_some()
    }

    pub fn place(&mut self, column: Column, at: Position) {
        self.fixed[column as usize] = Some(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (ix, (column, name)) in COLUMNS.iter().enumerate() {
            assert_eq!(*column as usize, ix, "{name}");
            assert_eq!(Column::named(name), Some(*column));
        }
    }
}
