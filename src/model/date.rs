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

/// Spellings that mean one day without doubt: 2025/9/10, 2025.9.10, 2025年9月10日, 20250910, full-width digits, with or
/// without a time of day.
pub fn lenient(text: &str) -> Option<NaiveDate> {
    let plain = closed_up(without_time(text))?;
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

/// A day without the time after it: 2025/9/10 0:00, 2025-09-10T10:30:00.
pub fn without_time(text: &str) -> &str {
    let text = text.trim();
    match text.rsplit_once(|c: char| c == 'T' || c.is_whitespace()) {
        Some((day, time)) if is_time(time) => day.trim_end(),
        _ => text,
    }
}

fn is_time(text: &str) -> bool {
    let text = text.trim_end_matches(['分', '秒']);
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let parts: Vec<&str> = whole.split([':', '：', '时', '分']).collect();
    let fits = |(at, part): (usize, &&str)| {
        let most = if at == 0 { 24 } else { 60 };
        (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|number| number < most)
    };
    (2..=3).contains(&parts.len()) && parts.iter().enumerate().all(fits)
}

/// Half-width and without blanks; `None` where a blank parts two digits, for then nobody knows what was meant.
pub fn closed_up(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut is_parted = false;
    for c in text.chars().map(half_width) {
        if c.is_whitespace() {
            is_parted = true;
            continue;
        }
        if is_parted && c.is_ascii_digit() && plain.ends_with(|last: char| last.is_ascii_digit()) {
            return None;
        }
        is_parted = false;
        plain.push(c);
    }
    Some(plain)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let digits = |s: &str| (s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok())?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, digits(month)?, digits(day)?)
}

/// Full-width letters, digits and signs as the narrow ones.
pub fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c),
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
            "2025/9/10 0:00",
            "2025-09-10 00:00:00",
            "2025-09-10T10:30:00.000",
        ] {
            assert_eq!(lenient(text), want, "{text}");
        }
        for text in [
            "9月10日",
            "2025年9月",
            "45910",
            "9/10/2025",
            "2025-13-01",
            "待定",
            "2025/9/10/1",
            "2025/10/1 0",
            "2025 0910",
            "2025-09-10 25:00",
            "2025-09-10T18:00:00Z",
        ] {
            assert_eq!(lenient(text), None, "{text}");
        }
    }
}
