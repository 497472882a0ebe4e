//! Days as plans and clerks word them: 9月底前, 二〇二五年九月十日, 2025年9月1日至10月31日.

use crate::model::date;
use crate::model::seal::month_end;
use chrono::{Datelike, NaiveDate};

/// A day, or why the words name none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    Day(NaiveDate),
    /// A day with something to know about it.
    Taken(NaiveDate, &'static str),
    Nothing,
    /// Somebody has to say which day.
    Ask(&'static str),
}

/// What the words mean; a day without a year lies in `year`.
pub fn meant(text: &str, year: i32) -> Meant {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(date::half_width).collect();
    let plain = plain.trim_matches(['。', '，', ',', '（', '）', '(', ')']).to_owned();
    if is_nothing(&plain) {
        return Meant::Nothing;
    }
    if ["长期", "持续", "常态", "坚持"].iter().any(|word| plain.contains(word)) {
        return Meant::Ask("不是日期；长期坚持的写整改类型，时限另写一天");
    }
    if ["旬", "月初", "年初", "季", "周", "近期", "尽快", "立即", "日内", "天内", "个月内", "小时"]
        .iter()
        .any(|word| plain.contains(word))
    {
        return Meant::Ask("没有写到哪一天；问清楚，写成 2025-09-30");
    }
    let Some((_, last)) = range(&plain) else { return one(&plain, year) };
    match one(last, one_year(&plain).unwrap_or(year)) {
        Meant::Day(day) => Meant::Taken(day, "写的是一段时间，取最后一天"),
        Meant::Taken(day, _) => Meant::Taken(day, "写的是一段时间，取最后一天"),
        other => other,
    }
}

fn is_nothing(text: &str) -> bool {
    ["", "-", "—", "——", "/", "无", "待定", "不涉及", "年月日"].contains(&text)
}

/// The two ends of a stretch of time.
fn range(text: &str) -> Option<(&str, &str)> {
    for sign in ["至", "到", "—", "~", "～", "－"] {
        if let Some((first, last)) = text.split_once(sign).filter(|(_, last)| !last.is_empty()) {
            return Some((first, last.trim_start_matches('—')));
        }
    }
    // A hyphen stands within a day too; between two days it has 日 or 月 before it.
    let at = text.find("日-").or_else(|| text.find("月-"))?;
    let at = at + '日'.len_utf8();
    Some((&text[..at], &text[at + 1..]))
}

fn one_year(text: &str) -> Option<i32> {
    let at = text.find('年')?;
    let digits: String = text[..at].chars().rev().take_while(char::is_ascii_digit).collect();
    digits.chars().rev().collect::<String>().parse().ok().filter(|year| (1900..=2999).contains(year))
}

fn one(text: &str, year: i32) -> Meant {
    let text = ["以前", "之前", "前", "结束", "完成"]
        .iter()
        .fold(text, |text, end| text.strip_suffix(end).unwrap_or(text));
    let arabic = in_arabic(text);
    let text = arabic.as_str();
    if let Some(day) = date::lenient(text) {
        return Meant::Day(day);
    }
    if text.starts_with("年底") || text.starts_with("年末") {
        return NaiveDate::from_ymd_opt(year, 12, 31).map_or(Meant::Ask("不是日期"), Meant::Day);
    }
    let own_year = one_year(text);
    let rest = match text.split_once('年') {
        Some((_, rest)) if own_year.is_some() => rest,
        _ => text,
    };
    let year = own_year.unwrap_or(year);
    if ["底", "末"].contains(&rest) {
        return NaiveDate::from_ymd_opt(year, 12, 31).map_or(Meant::Ask("不是日期"), Meant::Day);
    }
    let (month, day) = match rest.split_once('月') {
        Some((month, day)) => (month, day.trim_end_matches('日')),
        None => match rest.split_once('.') {
            Some((month, day)) => (month, day.trim_end_matches('日')),
            None => return Meant::Ask("不是日期；写成 2025-09-30"),
        },
    };
    let number = |digits: &str| -> Option<u32> {
        let is_plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_plain.then(|| digits.parse().ok()).flatten()
    };
    let Some(first) = number(month).and_then(|month| NaiveDate::from_ymd_opt(year, month, 1)) else {
        return Meant::Ask("不是日期；写成 2025-09-30");
    };
    let last = month_end(first).unwrap_or(first);
    match day {
        "底" | "末" => Meant::Day(last),
        "" | "份" => Meant::Taken(last, "只写到月，取月末"),
        day => match number(day).and_then(|day| first.with_day(day)) {
            Some(day) => Meant::Day(day),
            None => Meant::Ask("没有这一天；写成 2025-09-30"),
        },
    }
}

/// Chinese numerals in a day to digits: 二〇二五年九月十日, 九月三十日, 十月.
fn in_arabic(text: &str) -> String {
    const DIGITS: &str = "〇一二三四五六七八九";
    let digit = |c: char| match c {
        '零' | '○' | 'О' => Some(0),
        c => DIGITS.chars().position(|digit| digit == c),
    };
    if !text.chars().any(|c| c == '十' || digit(c).is_some()) {
        return text.to_owned();
    }
    let (mut out, mut run): (String, Vec<char>) = (String::new(), vec![]);
    let flush = |run: &mut Vec<char>, out: &mut String| {
        let value = match run.iter().position(|c| *c == '十') {
            None => run.iter().filter_map(|c| digit(*c)).map(|digit| digit.to_string()).collect(),
            Some(at) => {
                let tens = run[..at].iter().filter_map(|c| digit(*c)).next().unwrap_or(1);
                let ones = run[at + 1..].iter().filter_map(|c| digit(*c)).next().unwrap_or(0);
                (tens * 10 + ones).to_string()
            }
        };
        out.push_str(&value);
        run.clear();
    };
    for c in text.chars() {
        if c == '十' || digit(c).is_some() {
            run.push(c);
        } else {
            if !run.is_empty() {
                flush(&mut run, &mut out);
            }
            out.push(c);
        }
    }
    if !run.is_empty() {
        flush(&mut run, &mut out);
    }
    out
}

/// The day of a spreadsheet's serial number, in the years that ledgers are of.
pub fn of_serial(number: f64) -> Option<NaiveDate> {
    let is_day = number.fract() == 0.0 && (36_526.0..=73_050.0).contains(&number);
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    is_day
        .then(|| epoch.checked_add_days(chrono::Days::new(number as u64)))
        .flatten()
        .filter(|day| day.year() >= 2000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_days_are_understood() {
        for (text, want) in [
            ("2025年9月10日", "2025-09-10"),
            ("2025 年 9 月 10 日", "2025-09-10"),
            ("2025/9/10", "2025-09-10"),
            ("2025.9.10", "2025-09-10"),
            ("２０２５．９．１０", "2025-09-10"),
            ("2025年9月10", "2025-09-10"),
            ("20250910", "2025-09-10"),
            ("二〇二五年九月十日", "2025-09-10"),
            ("二零二五年十月三十一日", "2025-10-31"),
            ("九月二十日前", "2025-09-20"),
            ("9月10日", "2025-09-10"),
            ("9.10", "2025-09-10"),
            ("9月底前", "2025-09-30"),
            ("9月末", "2025-09-30"),
            ("2025年2月底", "2025-02-28"),
            ("年底前", "2025-12-31"),
            ("2026年底前", "2026-12-31"),
            ("12月底结束", "2025-12-31"),
        ] {
            assert_eq!(meant(text, 2025), Meant::Day(want.parse().unwrap()), "{text}");
        }
        for (text, want) in [
            ("9月份", "2025-09-30"),
            ("2025年9月1日-10月31日", "2025-10-31"),
            ("9月11日至11月30日", "2025-11-30"),
            ("即日起至2025年9月底前", "2025-09-30"),
            ("2026年9月—12月", "2026-12-31"),
        ] {
            assert!(
                matches!(meant(text, 2025), Meant::Taken(day, _) if day == want.parse().unwrap()),
                "{text} {:?}",
                meant(text, 2025)
            );
        }
        for text in ["", "/", "—", "待定", "年 月 日"] {
            assert_eq!(meant(text, 2025), Meant::Nothing, "{text}");
        }
        for text in [
            "9月中旬前",
            "月初",
            "长期坚持",
            "5个工作日内",
            "2025-13-01",
            "9月31日",
            "已整改",
            "45910",
            "即日起",
        ] {
            assert!(matches!(meant(text, 2025), Meant::Ask(_)), "{text} {:?}", meant(text, 2025));
        }
        assert_eq!(of_serial(45910.0), Some("2025-09-10".parse().unwrap()));
        assert_eq!((of_serial(45910.5), of_serial(12.0)), (None, None));
    }
}
