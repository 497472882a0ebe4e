//! Category codes have the levels （一） 1. (1) ①, and every level above them.

use super::PlanContext;
use crate::finding::{Finding, Rule, Severity};
use crate::model::campaign::{Campaign};
use crate::model::campaign_index::{plain_category};

pub static RULE: Rule = Rule {
    code: "malformed-category",
    severity: Severity::Error,
    what: "问题类型的代码写法不对，或缺少它的上一级。代码逐级是 （一）、（一）1.、（一）1.(1)、（一）1.(1)①。",
    why: "成果表按级汇总；写法不一或缺了上级，数就汇不上去。",
    fix: "按四级的写法改；缺上级的，先列上级。",
};

pub fn check(campaign: &Campaign, cx: &PlanContext, out: &mut Vec<Finding>) {
    let codes: Vec<String> = campaign.categories.iter().map(|category| plain_category(&category.code)).collect();
    let dropped: Vec<String> = cx.origin.dropped.iter().map(|code| plain_category(code)).collect();
    for (ix, code) in codes.iter().enumerate() {
        let (message, help) = match above(code) {
            None => ("代码的写法不对".to_owned(), "写成 （一）、（一）1.、（一）1.(1) 或 （一）1.(1)①".to_owned()),
            Some(parent) if !parent.is_empty() && !codes.iter().chain(&dropped).any(|other| other == parent) => {
                let parent = parent.replacen('(', "（", 1).replacen(')', "）", 1);
                (format!("缺少上一级 {parent}"), format!("先列一条 code = \"{parent}\""))
            }
            Some(_) => continue,
        };
        let finding = cx.origin.finding(&RULE, &format!("categories[{ix}].code"), message);
        out.push(finding.value(&campaign.categories[ix].code).help(help));
    }
}

/// The code one level up, empty for a top level; `None` when the code is malformed. Codes are in plain form.
fn above(code: &str) -> Option<&str> {
    let numeral = code.strip_prefix('(')?.split_once(')')?.0;
    if numeral.is_empty() || !numeral.chars().all(|c| "一二三四五六七八九十".contains(c)) {
        return None;
    }
    let first = numeral.len() + 2;
    let Some((number, rest)) = code[first..].split_once('.') else {
        return code[first..].is_empty().then_some("");
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(number) {
        return None;
    }
    let second = first + number.len() + 1;
    if rest.is_empty() {
        return Some(&code[..first]);
    }
    let (item, circled) = rest.strip_prefix('(')?.split_once(')')?;
    if !is_number(item) {
        return None;
    }
    let third = second + item.len() + 2;
    let mut circled = circled.chars();
    match (circled.next(), circled.next()) {
        (None, _) => Some(&code[..second]),
        (Some('①'..='⑳'), None) => Some(&code[..third]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn knows_the_four_levels() {
        for (code, want) in [
            ("(一)", Some("")),
            ("(一)1.", Some("(一)")),
            ("(十二)1.(3)", Some("(十二)1.")),
            ("(一)1.(12)⑳", Some("(一)1.(12)")),
            ("(1)", None),
            ("一1.", None),
            ("(一)1", None),
            ("(一)1.(1)12", None),
            ("(一)1.①", None),
        ] {
            assert_eq!(above(code), want, "{code}");
        }
    }
}
