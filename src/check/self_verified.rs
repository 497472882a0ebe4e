//! Nobody verifies his own work.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::column::Column;
use crate::model::issue::Row;

pub static RULE: Rule = Rule {
    code: "self-verified",
    severity: Severity::Error,
    what: "签字人就是该问题的责任人（姓名中的空格不算；几个人的，至少要有一人不是责任人）。",
    why: "自己整改、自己核查等于没有核查。单位没有别人的，由上一级单位核查，这条规则不能关闭。",
    fix: "换一位核查人重新核查并签字。",
};

pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let person = row.text(Column::Person);
    if person.is_empty() {
        return;
    }
    for (name, signoff) in cx.campaign.closure.signoffs.iter().zip(row.signoffs()) {
        if is_only(&signoff.person, &person) {
            out.push(
                cx.finding(&RULE, row, "与责任人是同一人")
                    .field(format!("{name}人"))
                    .value(&signoff.person)
                    .help("由责任人以外的人核查；本单位没有别人的，由上一级单位核查"),
            );
        }
    }
}

/// Whether everybody who signed is among those responsible.
pub fn is_only(signed: &str, responsible: &str) -> bool {
    if is_one_name(signed) && is_one_name(responsible) {
        return signed == responsible;
    }
    let mut names = names(signed).peekable();
    names.peek().is_some() && names.all(|name| self::names(responsible).any(|other| is_same(name, other)))
}

/// Nothing but Chinese characters, as nearly every such cell: neither separators nor blanks.
fn is_one_name(text: &str) -> bool {
    let (characters, rest) = text.as_bytes().as_chunks::<3>();
    rest.is_empty() && characters.iter().all(|character| matches!(character[0], 0xE4..=0xE9))
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '；', ';', '/', '\n']).filter(|name| !name.trim().is_empty())
}

/// 李 四 is 李四.
fn is_same(one: &str, other: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    one == other || letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::is_only;

    #[test]
    fn one_other_pair_of_eyes_is_enough() {
        for (signed, responsible, want) in [
            ("李四", "李四", true), ("李 四", "李四", true), ("李四", "李四、王五", true), ("王五、李四", "李四，王五", true),
            ("李四、赵六", "李四", false), ("李四光", "李四", false), ("", "李四", false),
        ] {
            assert_eq!(is_only(signed, responsible), want, "{signed} {responsible}");
        }
    }
}
