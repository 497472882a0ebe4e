//! An issue is extended at most so often, over all its rounds.

use super::{Context, Sheet};
use crate::finding::{Finding, Rule, Severity};
use rustc_hash::FxHashMap;

pub static RULE: Rule = Rule {
    code: "repeated-extension",
    severity: Severity::Error,
    what: "同一编号的延期次数（各轮合计）超过 zxzz.toml 规定的次数，默认一次。",
    why: "一延再延，时限就没有了意义。",
    fix: "超出的延期无效：清空延期四列，按超期处理；确有需要的，改 policy.max_extensions。",
};

pub fn check(sheet: &Sheet, cx: &Context, out: &mut Vec<Finding>) {
    let most = cx.workspace.settings.policy.max_extensions;
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    let mut extended: Vec<_> = sheet.entries.iter().filter(|entry| entry.issue.extension.is_some()).collect();
    extended.sort_by_key(|entry| entry.issue.round);
    for entry in extended {
        let count = counts.entry(sheet.id(entry)).or_default();
        *count += 1;
        if *count > most {
            out.push(
                Finding::new(&RULE, &cx.path, entry.line, format!("各轮合计第 {count} 次延期，最多 {most} 次"))
                    .id(sheet.id(entry))
                    .field("延期至")
                    .help("清空延期四列，按超期处理"),
            );
        }
    }
}
