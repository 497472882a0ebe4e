//! A new row: its number, its limit, and whether the problem is there already.

use super::frame::Frame;
use super::splice::Write;
use crate::model::book::Workspace;
use crate::model::campaign::{Campaign, Limit};
use crate::model::column::Column;
use crate::model::deadline::{latest_deadline, reason};
use crate::model::issue::Row;
use crate::model::workflow::Status;

/// Descriptions as alike as this are the same problem.
const ALIKE: f64 = 0.8;

/// What a ledger holds that matters to a new row.
#[derive(Debug, Default)]
pub struct Neighbours {
    /// The highest number in use, and with how many digits it is written.
    last: (u64, usize),
    pub alike: Vec<Alike>,
}

/// A row of the ledger that looks like a new one.
#[derive(Debug)]
pub struct Alike {
    /// Position of the new row.
    pub row: usize,
    pub id: String,
    pub status: String,
}

/// Looks through a ledger once. Merged rows are another row's business.
pub fn neighbours(frame: &mut Frame, prefix: &str, new: &[Vec<Write>]) -> Neighbours {
    let mut found = Neighbours { last: (0, 4), alike: vec![] };
    let position = |column: Column| frame.position(column.heading());
    let (id, subject, description, status) = (
        position(Column::Id),
        position(Column::Subject),
        position(Column::Description),
        position(Column::Status),
    );
    let wanted: Vec<(String, String)> = new
        .iter()
        .map(|row| (plain(value(row, Column::Subject)), plain(value(row, Column::Description))))
        .collect();
    frame.rows(|_, cells| {
        let read = |at: Option<u16>| at.map(|at| cells.value(at)).unwrap_or_default();
        let number = read(id);
        if let Some(digits) = number.strip_prefix(prefix)
            && let Ok(number) = digits.parse::<u64>()
        {
            found.last = (found.last.0.max(number), found.last.1.max(digits.len()));
        }
        if read(status) == Status::Merged.label() {
            return;
        }
        let (its_subject, its_description) = (plain(&read(subject)), plain(&read(description)));
        for (ix, (subject, description)) in wanted.iter().enumerate() {
            if *subject == its_subject && is_alike(description, &its_description) {
                let (id, status) = (number.clone().into_owned(), read(status).into_owned());
                // Of several rounds the last one counts.
                found.alike.retain(|other| other.row != ix || other.id != id);
                found.alike.push(Alike { row: ix, id, status });
            }
        }
    });
    found
}

/// Pairs of new rows that look like each other, the later one first.
pub fn twins(new: &[Vec<Write>]) -> Vec<(usize, usize)> {
    let words =
        |row: &Vec<Write>| (plain(value(row, Column::Subject)), plain(value(row, Column::Description)));
    let words: Vec<(String, String)> = new.iter().map(words).collect();
    let is_twin =
        |one: &(String, String), other: &(String, String)| one.0 == other.0 && is_alike(&one.1, &other.1);
    let first_twin = |later: usize| (0..later).find(|earlier| is_twin(&words[*earlier], &words[later]));
    (0..words.len()).filter_map(|later| Some((later, first_twin(later)?))).collect()
}

impl Neighbours {
    /// The next free number, written like the others.
    pub fn mint(&mut self, prefix: &str) -> String {
        self.last.0 += 1;
        format!("{prefix}{:0width$}", self.last.0, width = self.last.1)
    }
}

/// Without blanks and punctuation.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_alike(one: &str, other: &str) -> bool {
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    // A text that is much longer cannot be alike: no need to compare.
    short as f64 >= long as f64 * ALIKE / 2.0 && strsim::normalized_levenshtein(one, other) >= ALIKE
}

/// What a new row says under a column.
pub fn value(row: &[Write], column: Column) -> &str {
    row.iter().find(|write| write.heading == column.heading()).map_or("", |write| &write.value)
}

/// The latest 完成时限 that the plan allows a row, and why; the campaign's last day where no rule says more.
pub fn proposed_deadline(
    workspace: &Workspace,
    campaign: &Campaign,
    row: &Row,
) -> (chrono::NaiveDate, String) {
    if let Some(milestone) = row.issue.milestone.map(|ix| &campaign.milestones[usize::from(ix)]) {
        return (milestone.by, format!("节点“{}”", milestone.name));
    }
    let task = row.issue.task.map(|ix| &campaign.tasks[usize::from(ix)]);
    let ruled = task.and_then(|task| latest_deadline(task, row, campaign.issued, &workspace.calendar));
    let why = |(latest, limit): (_, Option<&Limit>)| (latest, format!("任务时限：{}", reason(latest, limit)));
    match ruled.map(why) {
        Some((latest, why)) if latest <= campaign.period.end || row.issue.found > campaign.period.end => {
            (latest, why)
        }
        _ => (campaign.period.end, "专项结束日".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_equal_words_are_alike() {
        for (one, other, want) in [
            ("灭火器过期", "灭火器过期。", true),
            ("三楼消防通道堆放杂物", "三楼消防通道堆放了杂物", true),
            ("三楼消防通道堆放杂物", "二楼应急灯损坏", false),
            ("灭火器过期", "灭火器过期两具，放置在厨房门口，压力表指针在红区", false),
            ("", "", true),
        ] {
            assert_eq!(is_alike(&plain(one), &plain(other)), want, "{one} {other}");
        }
    }

    #[test]
    fn numbers_go_on_from_the_highest() {
        let text = "编号,整改状态\nYL-SS-0009,未整改\nYL-SS-0003,已销号\nYL-DZJ-0099,未整改\n";
        let mut frame = Frame::open(text).unwrap();
        let mut neighbours = neighbours(&mut frame, "YL-SS-", &[]);
        assert_eq!(neighbours.mint("YL-SS-"), "YL-SS-0010");
        assert_eq!(neighbours.mint("YL-SS-"), "YL-SS-0011");
    }
}
