//! A cell that a spreadsheet would run as a formula.

use super::{CellAt, Context, FilingContext};
use crate::finding::{Finding, Rule, Severity};
use crate::load::filing::FilingRow;

pub static RULE: Rule = Rule {
    code: "formula-cell",
    severity: Severity::Error,
    what: "格以 = + - @（或其全角、小号形式）开头，又不是数，表格软件会把它当公式执行。",
    why: "公式可以连到外部、改动别的内容；台账里只放文字、数字和日期。",
    fix: "在前面加文字，或去掉开头的符号；只表示“无”的横线可以保留。",
};

#[inline]
pub fn check(cell: &CellAt, cx: &Context, out: &mut Vec<Finding>) {
    let begins = match cell.bytes {
        [b'"', first, ..] | [first, ..] => may_begin_formula(*first),
        [] => false,
    };
    if !begins {
        return;
    }
    let value = cell.value();
    if is_formula(&value) {
        out.push(
            cx.finding(&RULE, cell.row, "会被表格软件当作公式")
                .field(cell.heading().to_owned())
                .value(&value)
                .help("去掉开头的符号，或在前面加文字"),
        );
    }
}

/// The same of a row of filings.
pub fn check_filing(row: &FilingRow, cx: &FilingContext, out: &mut Vec<Finding>) {
    for (heading, value) in row.cells.iter().filter(|(_, value)| is_formula(value)) {
        let finding = cx.finding(&RULE, row.line, "会被表格软件当作公式").field(*heading).value(value);
        out.push(finding.help("去掉开头的符号，或在前面加文字"));
    }
}

/// A sign, a blank before one, or the first byte of its other forms.
fn may_begin_formula(first: u8) -> bool {
    first <= b' ' || matches!(first, b'=' | b'+' | b'-' | b'@' | 0xE2 | 0xEF)
}

const DASHES: [char; 4] = ['-', '－', '﹣', '−'];
const SIGNS: [char; 9] = ['=', '＝', '﹦', '@', '＠', '﹫', '+', '＋', '﹢'];

/// Also what exports neutralise. Dashes alone mean “none”.
pub fn is_formula(text: &str) -> bool {
    let is_nothing = || text.chars().all(|c| DASHES.contains(&c));
    text.starts_with(is_sign) && !is_nothing() && !is_number(text)
}

fn is_sign(c: char) -> bool {
    DASHES.contains(&c) || SIGNS.contains(&c)
}

/// A number with its sign, perhaps with a unit (-5℃): it calls and joins nothing.
fn is_number(text: &str) -> bool {
    let amount = text.strip_prefix(DASHES).or_else(|| text.strip_prefix(['+', '＋', '﹢']));
    amount.is_some_and(|amount| {
        let unit = amount.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        let is_plain = unit == "%" || unit.chars().all(|c| !c.is_ascii() && !is_sign(c));
        unit.len() < amount.len() && is_plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_formulas_from_dashes() {
        for (text, want) in [
            ("=cmd|' /C calc'!A0", true), ("@SUM(A1)", true), ("＝1+1", true), ("-A1", true),
            ("-2+3+cmd|' /C calc'!A0", true), ("--SUM(A1)", true),
            ("--A1", true), ("-3-5", true), ("-5abc", true), ("+A1", true), ("=5", true), ("@5", true), ("+", true),
            ("﹢A1", true), ("﹦1+1", true), ("﹣A1", true), ("﹫SUM(A1)", true), ("−A1", true), ("−2*3", true), ("-5℃−A1", true),
            ("-", false), ("--", false), ("−", false), ("—", false), ("整改", false), ("", false),
            ("-5", false), ("−5", false), ("+5", false), ("-0.5", false), ("-1,000.5", false), ("-3%", false), ("-5℃", false),
        ] {
            assert_eq!(is_formula(text), want, "{text}");
        }
    }
}
