//! Dates as people and spreadsheets write them.

use chrono::NaiveDate;

/// `2025-09-30`, the one spelling that ledgers use.
pub fn iso(text: &[u8]) -> Option<NaiveDate> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return None };
    let digits = [y0, y1, y2, y3, m0, m1, d0, d1];
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |digits: &[u8]| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'));
    NaiveDate::from_ymd_opt(number(&digits[..4]) as i32, number(&digits[4..6]), number(&digits[6..]))
}

/// The day that a cell means, however it is spelt.
pub fn meant(text: &str) -> Option<NaiveDate> {
    iso(text.as_bytes()).or_else(|| if text.is_empty() { None } else { lenient(text) })
}

/// Spellings that mean one day without doubt: 2025/9/10, 2025.9.10, 2025年9月10日, 20250910, full-width digits.
pub fn lenient(text: &str) -> Option<NaiveDate> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    if plain.len() == 8 && plain.bytes().all(|b| b.is_ascii_digit()) {
        let (year, rest) = plain.split_at(4);
        let (month, day) = rest.split_at(2);
        return ymd(year, month, day);
    }
    let plain = plain.strip_suffix('日').unwrap_or(&plain);
    let mut parts = plain.split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    ymd(year, month, day)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let digits = |s: &str| (s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok())?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, digits(month)?, digits(day)?)
}

/// Full-width digits and signs as the narrow ones.
pub fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' => '.',
        '／' => '/',
        '－' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_spelling_strictly() {
        for (text, want) in [
            ("2025-09-30", true),
            ("2025-9-30", false),
            ("2025-13-01", false),
            ("2025-02-29", false),
            ("2025-09-3x", false),
            ("", false),
        ] {
            assert_eq!(iso(text.as_bytes()).is_some(), want, "{text}");
        }
    }

    #[test]
    fn understands_unambiguous_spellings() {
        let want = NaiveDate::from_ymd_opt(2025, 9, 10);
        for text in [
            "2025/9/10",
            "2025.9.10",
            "2025年9月10日",
            "2025 年 9 月 10 日",
            "20250910",
            "２０２５．９．１０",
            "2025年9月10",
            "2025-9-10",
            "2025/09/10",
        ] {
            assert_eq!(lenient(text), want, "{text}");
        }
        for text in ["9月10日", "2025年9月", "45910", "9/10/2025", "2025-13-01", "待定", "2025/9/10/1"]
        {
            assert_eq!(lenient(text), None, "{text}");
        }
    }
}
