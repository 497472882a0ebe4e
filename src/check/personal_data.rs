//! Identity-card, mobile and bank-card numbers do not belong in a ledger.

use super::{CellAt, Context, FilingContext};
use crate::finding::{Finding, Rule, Severity};
use crate::load::filing::FilingRow;

pub static RULE: Rule = Rule {
    code: "personal-data",
    severity: Severity::Error,
    what: "格里有身份证号、手机号或银行卡号。",
    why: "个人信息保护法第二十八条：金融账户、特定身份等是敏感个人信息；git 会永远留着提交过的内容，所以要在提交之前拦住。",
    fix: "删去号码，改写工单号或档案号；已经提交过的，要改写历史并报告。",
};

/// Digits of a mobile number: the shortest of the three.
const SHORTEST: usize = 11;

#[inline]
pub fn check(cell: &CellAt, cx: &Context, out: &mut Vec<Finding>) {
    if cell.bytes.len() >= SHORTEST
        && let Some(what) = find(cell.bytes)
    {
        let finding = cx.finding(&RULE, cell.row, format!("含有{what}"));
        out.push(finding.field(cell.heading().to_owned()).help("删去号码，改写工单号或档案号"));
    }
}

/// The same of a row of filings.
pub fn check_filing(row: &FilingRow, cx: &FilingContext, out: &mut Vec<Finding>) {
    for (heading, value) in &row.cells {
        if let Some(what) = find(value.as_bytes()) {
            let finding = cx.finding(&RULE, row.line, format!("含有{what}")).field(*heading);
            out.push(finding.help("删去号码，改写工单号或档案号"));
        }
    }
}

/// The first personal number in a cell. A run of eleven has a byte at every eleventh place: only those are looked at.
fn find(cell: &[u8]) -> Option<&'static str> {
    let mut at = SHORTEST - 1;
    while at < cell.len() {
        if !is_part(cell[at]) {
            at += SHORTEST;
            continue;
        }
        let from = cell[..at].iter().rposition(|b| !is_part(*b)).map_or(0, |before| before + 1);
        let to = cell[at..].iter().position(|b| !is_part(*b)).map_or(cell.len(), |after| at + after);
        let ends_in_x = cell.get(to).is_some_and(|b| matches!(b, b'X' | b'x'));
        if to - from >= SHORTEST {
            let run = &cell[from..to + usize::from(ends_in_x)];
            // A number may also stand beside another: 2025-08-21 13800138000.
            let what = recognise(run).or_else(|| run.split(|b| *b == b' ').find_map(recognise));
            if what.is_some() {
                return what;
            }
        }
        at = to + SHORTEST;
    }
    None
}

/// Numbers are also written in groups: 138 0013 8000, 370112-19600101-1234.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b' ' || byte == b'-'
}

fn recognise(run: &[u8]) -> Option<&'static str> {
    let digits: Vec<u8> = run.iter().copied().filter(|b| b.is_ascii_digit() || *b >= b'X').collect();
    let plain = digits.iter().all(u8::is_ascii_digit);
    let mobile = digits.strip_prefix(b"86").filter(|rest| rest.len() == 11).unwrap_or(&digits);
    if digits.len() == 18 && is_identity_card(&digits) {
        Some("身份证号")
    } else if plain && mobile.len() == 11 && mobile[0] == b'1' && mobile[1] >= b'3' {
        Some("手机号")
    } else if plain && (16..=19).contains(&digits.len()) && is_luhn(&digits) {
        Some("银行卡号")
    } else {
        None
    }
}

/// GB 11643-1999: a plausible birth date and the check digit of ISO 7064 MOD 11-2.
fn is_identity_card(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    if !digits[..17].iter().all(u8::is_ascii_digit) || !matches!(&digits[6..8], b"19" | b"20") {
        return false;
    }
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
    b"10X98765432"[(sum % 11) as usize] == digits[17].to_ascii_uppercase()
}

fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(ix, digit)| {
            let value = u32::from(digit - b'0') * if ix % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10) && digits[0] != b'0'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_numbers_apart() {
        for (text, want) in [
            ("11010519491231002X", Some("身份证号")),
            ("110105194912310021", None),
            ("110105-19491231-002X", Some("身份证号")),
            ("13800138000", Some("手机号")),
            ("138 0013 8000", Some("手机号")),
            ("86 13800138000", Some("手机号")),
            ("12345678901", None),
            ("4111111111111111", Some("银行卡号")),
            ("4111111111111112", None),
            ("0531-83278356", None),
            ("2025-09-10", None),
        ] {
            assert_eq!(recognise(text.as_bytes()), want, "{text}");
            let inside = format!("联系电话{text}，已整改");
            assert_eq!(find(inside.as_bytes()), want, "{inside}");
        }
    }

    #[test]
    fn finds_a_number_beside_another() {
        for (cell, want) in [
            ("2025-08-21 13800138000 来电", Some("手机号")),
            ("13800138000 13900139000", Some("手机号")),
            ("+8613800138000", Some("手机号")),
            ("2025-08-20 2025-09-30", None),
        ] {
            assert_eq!(find(cell.as_bytes()), want, "{cell}");
        }
    }
}
