//! The words of official documents for days, numbers and changes.

use crate::document::percent;
use chrono::NaiveDate;

const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// 一, 二 … 十; no bulletin has more parts.
pub fn numeral(number: usize) -> &'static str {
    NUMERALS[(number - 1).min(NUMERALS.len() - 1)]
}

/// `2025年9月30日`
pub fn chinese(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// `63.2%（12/19）`; without a whole there is no rate.
pub fn rate(part: u32, whole: u32) -> String {
    match percent(part.into(), whole.into()) {
        Some(rate) => format!("{rate:.1}%（{part}/{whole}）"),
        None => "无".to_owned(),
    }
}

/// `比上期增加3个`
pub fn change(now: u32, then: u32) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Greater => format!("比上期增加{}个", now - then),
        std::cmp::Ordering::Less => format!("比上期减少{}个", then - now),
        std::cmp::Ordering::Equal => "与上期持平".to_owned(),
    }
}

/// `比上期末提高1.2个百分点`; nothing where there was no rate. From the shown rates, so that they can be subtracted by hand.
pub fn points(now: (u32, u32), then: (u32, u32)) -> String {
    let rate = |(part, whole): (u32, u32)| Some((percent(part.into(), whole.into())? * 10.0).round() as i64);
    match rate(now).zip(rate(then)).map(|(now, then)| now - then) {
        Some(0) => "，与上期末持平".to_owned(),
        Some(tenths) => {
            let word = if tenths > 0 { "提高" } else { "下降" };
            format!("，比上期末{word}{}.{}个百分点", tenths.abs() / 10, tenths.abs() % 10)
        }
        None => String::new(),
    }
}

/// Parts of a sentence of which the empty ones are left out.
pub fn listed(parts: impl IntoIterator<Item = (u32, &'static str)>) -> String {
    let said =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{name}{count}个"));
    said.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_in_words() {
        assert_eq!(change(5, 2), "比上期增加3个");
        assert_eq!(change(2, 5), "比上期减少3个");
        assert_eq!(points((2, 3), (1, 2)), "，比上期末提高16.7个百分点");
        assert_eq!(points((1, 2), (2, 3)), "，比上期末下降16.7个百分点");
        assert_eq!(points((1, 2), (2, 4)), "，与上期末持平");
        assert_eq!(points((1, 2), (0, 0)), "");
        assert_eq!(listed([(2, "整改中"), (0, "未整改"), (1, "待销号")]), "整改中2个、待销号1个");
    }
}
