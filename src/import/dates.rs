//! Days as plans and clerks word them: 9月底前, 二〇二五年九月十日, 2025年9月1日至10月31日.

use crate::model::campaign::Campaign;
use crate::model::date;
use crate::model::seal::month_end;
use chrono::{Datelike, NaiveDate};

const NO_DAY: &str = "不是日期；写成 2025-09-30";
const NO_SUCH_DAY: &str = "没有这一天；写成 2025-09-30";
const WHICH_YEAR: &str = "没有写年份，按专项的起止说不清是哪一年；写全，如 2025-09-30";

/// Between which days one lies that names no year.
#[derive(Clone, Copy)]
pub struct When {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl When {
    /// What is to be done lies in the campaign. One without a first day is taken to run in this year.
    pub fn planned(campaign: &Campaign, today: NaiveDate) -> When {
        let end = campaign.period.end;
        let this_year = || today.min(end).with_ordinal(1).unwrap_or(today);
        let from = campaign.period.start.or(campaign.issued).unwrap_or_else(this_year);
        When { from, to: end }
    }

    /// What was done lies in the campaign or after it, and never after today.
    pub fn done(campaign: &Campaign, today: NaiveDate) -> When {
        When { to: today, ..When::planned(campaign, today) }
    }

    /// The one year in which the day lies.
    fn year(self, written: &Written) -> Result<i32, &'static str> {
        let lies = |year: &i32| written.in_year(*year).is_some_and(|day| self.from <= day && day <= self.to);
        let mut years = (self.from.year()..=self.to.year()).filter(lies);
        match (years.next(), years.next()) {
            (Some(year), None) => Ok(year),
            _ if written.in_year(A_LEAP_YEAR).is_none() => Err(NO_SUCH_DAY),
            _ => Err(WHICH_YEAR),
        }
    }
}

const A_LEAP_YEAR: i32 = 2024;

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

/// What the words mean; `when` settles the year of a day that names none.
pub fn meant(text: &str, when: When) -> Meant {
    if let Some(day) = date::iso(text.as_bytes()) {
        return Meant::Day(day);
    }
    let Some(plain) = date::closed_up(date::without_time(text)) else {
        return Meant::Ask("数字中间有空格，说不清是哪一天；写成 2025-09-30");
    };
    let plain = without_remarks(plain);
    let plain = plain.trim_matches(['。', '，', ',', '、', ';', '（', '）', '(', ')']);
    if is_nothing(plain) {
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
    if let Some(day) = dashed(plain) {
        return Meant::Day(day);
    }
    let plain = without_ending(plain);
    let day = match range(plain) {
        Some((first, last)) => {
            last_of(first, last, when).map(|day| (day, Some("写的是一段时间，取最后一天")))
        }
        None => one(plain, when),
    };
    match day {
        Ok((day, None)) => Meant::Day(day),
        Ok((day, Some(note))) => Meant::Taken(day, note),
        Err(why) => Meant::Ask(why),
    }
}

/// Without what a bracket adds to a day and changes nothing: （星期五）, （含）.
fn without_remarks(text: String) -> String {
    let is_remark = |inside: &str| {
        let weekday = inside.strip_prefix("星期").or_else(|| inside.strip_prefix('周'));
        ["含", "含当日", "含当天"].contains(&inside)
            || weekday.is_some_and(|day| ["一", "二", "三", "四", "五", "六", "日", "天"].contains(&day))
    };
    let parts = text.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    match parts {
        Some((before, (inside, after))) if is_remark(inside) && !before.is_empty() => {
            without_remarks(format!("{before}{after}"))
        }
        _ => text,
    }
}

/// 2025—10—20 with whatever dashes.
fn dashed(text: &str) -> Option<NaiveDate> {
    let plain = text.replace(['—', '–', '―', '‒', '−', '‐', '‑'], "-");
    let is_plain = plain.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    is_plain.then(|| date::lenient(&plain)).flatten()
}

fn one(text: &str, when: When) -> Result<(NaiveDate, Option<&'static str>), &'static str> {
    let written = written(text)?;
    let year = written.year.map_or_else(|| when.year(&written), Ok)?;
    let day = written.in_year(year).ok_or(NO_SUCH_DAY)?;
    Ok((day, written.is_month.then_some("只写到月，取月末")))
}

/// The last day of a stretch; without a year it is the next such day after the first one.
fn last_of(first: &str, last: &str, when: When) -> Result<NaiveDate, &'static str> {
    let written = written(last)?;
    let Some((first, _)) = one(first, when).ok().filter(|_| written.year.is_none()) else {
        return one(last, when).map(|(day, _)| day);
    };
    let years = [first.year(), first.year() + 1];
    years.into_iter().filter_map(|year| written.in_year(year)).find(|day| *day >= first).ok_or(NO_SUCH_DAY)
}

fn is_nothing(text: &str) -> bool {
    ["", "-", "—", "——", "/", "无", "待定", "不涉及", "年月日"].contains(&text)
}

/// The two ends of a stretch of time.
fn range(text: &str) -> Option<(&str, &str)> {
    for sign in ["至", "到", "—", "–", "~", "～"] {
        if let Some((first, last)) = text.split_once(sign).filter(|(_, last)| !last.is_empty()) {
            return Some((first, last.trim_start_matches('—')));
        }
    }
    // A hyphen stands within a day too.
    let hyphens = text.match_indices('-').map(|(at, _)| (&text[..at], &text[at + 1..]));
    hyphens.into_iter().find(|(first, last)| written(first).is_ok() && written(last).is_ok())
}

fn one_year(text: &str) -> Option<i32> {
    let at = text.find('年')?;
    let digits: String = text[..at].chars().rev().take_while(char::is_ascii_digit).collect();
    digits.chars().rev().collect::<String>().parse().ok().filter(|year| (1900..=2999).contains(year))
}

/// A day as it is written.
struct Written {
    year: Option<i32>,
    month: u32,
    /// None is the last of the month.
    day: Option<u32>,
    /// Only the month is written.
    is_month: bool,
}

impl Written {
    fn in_year(&self, year: i32) -> Option<NaiveDate> {
        match self.day {
            Some(day) => NaiveDate::from_ymd_opt(year, self.month, day),
            None => month_end(NaiveDate::from_ymd_opt(year, self.month, 1)?),
        }
    }
}

fn written(text: &str) -> Result<Written, &'static str> {
    let arabic = in_arabic(without_ending(text)).replace('号', "日");
    let text = arabic.as_str();
    if let Some(day) = date::lenient(text) {
        let (year, month, day) = (Some(day.year()), day.month(), Some(day.day()));
        return Ok(Written { year, month, day, is_month: false });
    }
    let year = one_year(text);
    let rest = match text.split_once('年') {
        Some((_, rest)) if year.is_some() => rest,
        _ => text.strip_prefix('年').unwrap_or(text),
    };
    if ["底", "末"].contains(&rest) {
        return Ok(Written { year, month: 12, day: None, is_month: false });
    }
    let (month, day) = rest.split_once('月').or_else(|| rest.split_once('.')).ok_or(NO_DAY)?;
    let number = |digits: &str| -> Option<u32> {
        let is_plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_plain.then(|| digits.parse().ok()).flatten()
    };
    let month = number(month).filter(|month| (1..=12).contains(month)).ok_or(NO_DAY)?;
    let (day, is_month) = match day.trim_end_matches('日') {
        "底" | "末" => (None, false),
        "" | "份" => (None, true),
        day => (Some(number(day).ok_or(NO_DAY)?), false),
    };
    Ok(Written { year, month, day, is_month })
}

/// Without what is to be done by the day: 10月10日前完成整改.
fn without_ending(text: &str) -> &str {
    let endings = ["以前", "之前", "前", "结束", "完成", "完毕", "整改", "到位", "办结"];
    let mut text = text;
    while let Some(rest) = endings.iter().find_map(|ending| text.strip_suffix(ending)) {
        text = rest;
    }
    text
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

    fn when(from: &str, to: &str) -> When {
        When { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    fn autumn() -> When {
        when("2025-01-01", "2025-12-31")
    }

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
            assert_eq!(meant(text, autumn()), Meant::Day(want.parse().unwrap()), "{text}");
        }
        for (text, want) in [
            ("9月份", "2025-09-30"),
            ("2025年9月1日-10月31日", "2025-10-31"),
            ("9月11日至11月30日", "2025-11-30"),
            ("即日起至2025年9月底前", "2025-09-30"),
            ("2026年9月—12月", "2026-12-31"),
        ] {
            assert!(
                matches!(meant(text, autumn()), Meant::Taken(day, _) if day == want.parse().unwrap()),
                "{text} {:?}",
                meant(text, autumn())
            );
        }
        for text in ["", "/", "—", "待定", "年 月 日"] {
            assert_eq!(meant(text, autumn()), Meant::Nothing, "{text}");
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
            assert!(matches!(meant(text, autumn()), Meant::Ask(_)), "{text} {:?}", meant(text, autumn()));
        }
        assert_eq!(of_serial(45910.0), Some("2025-09-10".parse().unwrap()));
        assert_eq!((of_serial(45910.5), of_serial(12.0)), (None, None));
    }

    /// What is not read as it was meant.
    fn misread<'t>(cases: &[(&'t str, Meant)], when: When) -> Vec<(&'t str, Meant)> {
        let read = cases.iter().map(|(text, want)| (*text, meant(text, when), want));
        read.filter(|(_, got, want)| got != *want).map(|(text, got, _)| (text, got)).collect()
    }

    fn day(text: &str) -> Meant {
        Meant::Day(text.parse().unwrap())
    }

    #[test]
    fn digits_are_not_joined_and_a_time_of_day_is_cut() {
        let ask = Meant::Ask("数字中间有空格，说不清是哪一天；写成 2025-09-30");
        let cases = [
            ("2025/10/1 0", ask.clone()),
            ("2025 0910", ask.clone()),
            ("9月1 0日", ask),
            ("2025/9/10 0:00", day("2025-09-10")),
            ("2025-09-10 00:00:00", day("2025-09-10")),
            ("2025-10-10T10:30:00", day("2025-10-10")),
            ("2025年10月10日 10时30分", day("2025-10-10")),
            ("2025-10-10T18:30:00Z", Meant::Ask("不是日期；写成 2025-09-30")),
            ("10月10号", day("2025-10-10")),
            ("10月10日前完成", day("2025-10-10")),
            ("10月10日前完成整改", day("2025-10-10")),
            ("10月10日之前整改到位", day("2025-10-10")),
        ];
        assert_eq!(misread(&cases, autumn()), []);
    }

    #[test]
    fn of_a_stretch_the_last_day_is_taken() {
        let last = |text: &str| Meant::Taken(text.parse().unwrap(), "写的是一段时间，取最后一天");
        let cases = [
            ("2025.10.1-2025.10.30", last("2025-10-30")),
            ("2025-10-1-2025-10-30", last("2025-10-30")),
            ("2025/10/1-10/30", Meant::Ask("不是日期；写成 2025-09-30")),
            ("10.1-10.30", last("2025-10-30")),
            ("2025.10.1–10.30", last("2025-10-30")),
            ("9月-10月", last("2025-10-31")),
            ("2025年12月1日至1月31日", last("2026-01-31")),
            ("9月1日-15日", Meant::Ask("不是日期；写成 2025-09-30")),
        ];
        assert_eq!(misread(&cases, autumn()), []);
    }

    #[test]
    fn a_day_without_a_year_lies_in_the_campaign_or_is_asked_for() {
        let campaign = |start: Option<&str>, end: &str| {
            let start = start.map(|start| format!("start={start},")).unwrap_or_default();
            toml::from_str::<Campaign>(&format!("id='a'\ncode='A'\nname='a'\nperiod={{{start}end={end}}}"))
                .unwrap()
        };
        let winter = campaign(Some("2025-09-01"), "2026-03-31");
        let autumn = campaign(None, "2025-12-31");
        let long = campaign(Some("2025-03-01"), "2026-12-31");
        let ask = || Meant::Ask(WHICH_YEAR);
        for (campaign, today, text, planned, done) in [
            (&winter, "2025-12-10", "1月31日前", day("2026-01-31"), ask()),
            (&winter, "2026-01-10", "10月底前", day("2025-10-31"), day("2025-10-31")),
            (&winter, "2026-01-10", "1月5日", day("2026-01-05"), day("2026-01-05")),
            (&winter, "2025-12-10", "6月1日", ask(), ask()),
            (&winter, "2025-09-20", "9月底", day("2025-09-30"), ask()),
            (&autumn, "2025-09-20", "10月31日", day("2025-10-31"), ask()),
            (&autumn, "2026-01-10", "10月底前", day("2025-10-31"), day("2025-10-31")),
            (&autumn, "2026-01-10", "年底前", day("2025-12-31"), day("2025-12-31")),
            (&autumn, "2026-01-10", "1月5日", day("2025-01-05"), ask()),
            (&long, "2026-05-01", "9月10日", ask(), day("2025-09-10")),
            (&long, "2026-05-01", "1月10日", day("2026-01-10"), day("2026-01-10")),
            (&long, "2026-05-01", "2月30日", Meant::Ask(NO_SUCH_DAY), Meant::Ask(NO_SUCH_DAY)),
        ] {
            let today = today.parse().unwrap();
            assert_eq!(meant(text, When::planned(campaign, today)), planned, "{today} {text}");
            assert_eq!(meant(text, When::done(campaign, today)), done, "{today} {text}");
        }
    }

    #[test]
    fn what_stands_around_a_day_is_no_part_of_it() {
        let cases = [
            ("2025年10月10日（星期五）", day("2025-10-10")),
            ("10月10日(周五)", day("2025-10-10")),
            ("10月10日（含）", day("2025-10-10")),
            ("10月10日前（含当日）", day("2025-10-10")),
            ("10日前（含）", Meant::Ask(NO_DAY)),
            ("10月10日（下周）", Meant::Ask("没有写到哪一天；问清楚，写成 2025-09-30")),
            ("10月10日、", day("2025-10-10")),
            ("10月10日；", day("2025-10-10")),
            ("2025—10—20", day("2025-10-20")),
            ("2025–10–20", day("2025-10-20")),
            ("2025－10－20", day("2025-10-20")),
            ("2025−10−20", day("2025-10-20")),
            ("2025.9—10", Meant::Ask(NO_DAY)),
        ];
        assert_eq!(misread(&cases, autumn()), []);
    }
}
