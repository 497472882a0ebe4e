//! Conditions on a row, as a user writes them: `状态=待销号`, `完成时限<2025-10-01`, `问题描述~灯`.

use super::book::Workspace;
use super::deadline::Clock;
use super::issue::Row;
use super::unit::UnitIx;

/// What a list shows and a condition may ask beside the columns of the ledger.
pub const DERIVED: [&str; 8] = ["专项", "单位", "问题", "状态", "时限", "灯", "剩余天数", "任务名称"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    AtLeast,
    AtMost,
    Not,
    Is,
    Before,
    After,
    Holds,
}

const OPS: [(&str, Op); 7] = [
    (">=", Op::AtLeast),
    ("<=", Op::AtMost),
    ("!=", Op::Not),
    ("=", Op::Is),
    ("<", Op::Before),
    (">", Op::After),
    ("~", Op::Holds),
];

/// One condition; several hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub heading: String,
    op: Op,
    /// Alternatives of `=` and `!=` are separated by commas.
    value: String,
}

impl std::str::FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Condition, String> {
        let signs = OPS.iter().filter_map(|(sign, op)| Some((text.find(sign)?, *sign, *op)));
        let (at, sign, op) = signs
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())))
            .ok_or("条件写成 列=值、列!=值、列<值、列>=值 或 列~文字，如 状态=待销号".to_owned())?;
        let heading = text[..at].trim();
        if heading.is_empty() {
            return Err("条件缺列名，如 状态=待销号".to_owned());
        }
        Ok(Condition { heading: heading.to_owned(), op, value: text[at + sign.len()..].trim().to_owned() })
    }
}

/// Where a row stands.
#[derive(Clone, Copy)]
pub struct Surroundings<'s> {
    pub workspace: &'s Workspace,
    pub clock: &'s Clock<'s>,
    pub campaign: u16,
    pub unit: UnitIx,
}

impl Condition {
    /// Whether the row meets the condition; a column that the ledger lacks is empty.
    pub fn is_met(&self, row: &Row, at: Surroundings) -> bool {
        let is_one = |named: &dyn Fn(&str) -> bool| {
            self.value.split([',', '，']).map(str::trim).any(named) == (self.op != Op::Not)
        };
        match self.heading.as_str() {
            "单位" => is_one(&|name| at.workspace.register.matching(name).contains(&at.unit)),
            "专项" => is_one(&|name| at.workspace.matching_campaigns(name).contains(&at.campaign)),
            heading => self.compare(&value(heading, row, at)),
        }
    }

    fn compare(&self, value: &str) -> bool {
        let wanted = self.value.as_str();
        let is_one = || wanted.split([',', '，']).any(|one| one.trim() == value);
        match self.op {
            Op::Is => is_one(),
            Op::Not => !is_one(),
            Op::Holds => value.contains(wanted),
            // An empty cell is neither before nor after anything.
            _ if value.is_empty() => false,
            op => {
                let order = match (value.parse::<f64>(), wanted.parse::<f64>()) {
                    (Ok(value), Ok(wanted)) => value.total_cmp(&wanted),
                    _ => value.cmp(wanted),
                };
                match op {
                    Op::Before => order.is_lt(),
                    Op::After => order.is_gt(),
                    Op::AtMost => order.is_le(),
                    _ => order.is_ge(),
                }
            }
        }
    }
}

fn value(heading: &str, row: &Row, at: Surroundings) -> String {
    let (issue, clock) = (row.issue, at.clock);
    match heading {
        "问题" => row.problem(),
        "状态" => issue.status_on(clock.as_of).label().to_owned(),
        "时限" => issue.limit_on(clock.as_of).to_string(),
        "灯" => clock.light(issue).map_or(String::new(), |light| light.label().to_owned()),
        "剩余天数" => {
            let left = clock.left(issue).map(|span| span.days);
            let days = left.or_else(|| clock.overdue(issue).map(|span| -span.days));
            days.map_or(String::new(), |days| days.to_string())
        }
        "任务名称" => {
            let task = issue.task.map(|task| &at.workspace.campaign(at.campaign).tasks[usize::from(task)]);
            task.map_or(String::new(), |task| task.title.clone())
        }
        heading => row.under(heading).unwrap_or_default().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_compare_words_dates_and_numbers() {
        for (condition, value, want) in [
            ("状态=待销号", "待销号", true),
            ("状态=未整改,整改中", "整改中", true),
            ("状态!=未整改，整改中", "整改中", false),
            ("完成时限<2025-10-01", "2025-09-30", true),
            ("完成时限<2025-10-01", "2025-10-01", false),
            ("完成时限<=2025-10-01", "2025-10-01", true),
            ("完成时限>2025-10-01", "", false),
            ("退回次数>=2", "10", true),
            ("问题描述~灯", "应急灯损坏", true),
            ("备注=", "", true),
            ("去向=a=b", "a=b", true),
        ] {
            let condition: Condition = condition.parse().unwrap();
            assert_eq!(condition.compare(value), want, "{condition:?} {value}");
        }
        for text in ["状态", "=待销号", ""] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }
}
