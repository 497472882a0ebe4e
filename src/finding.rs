//! What is wrong with the user's files: rules and findings.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    pub fn code(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "警告",
        }
    }
}

/// A rule that a file can break. The texts are what `zxzz explain` shows.
#[derive(Debug)]
pub struct Rule {
    /// Stable kebab-case name of the offence, the same as its case under `tests/rules/`.
    pub code: &'static str,
    pub severity: Severity,
    /// What the finding means.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

/// Where a finding points: a file relative to the workspace root, with forward slashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub path: Arc<str>,
    /// From 1; 0 speaks of the file as a whole.
    pub line: u32,
    /// In characters from 1; 0 where a line says enough.
    pub column: u32,
}

/// One thing that is wrong, where, and what to do.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub place: Place,
    /// 编号 of the row.
    pub id: Option<Box<str>>,
    /// Column heading or key.
    pub field: Option<Cow<'static, str>>,
    pub value: Option<Box<str>>,
    pub message: String,
    pub help: String,
}

impl Finding {
    pub fn new(rule: &'static Rule, path: &Arc<str>, line: u32, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            place: Place { path: Arc::clone(path), line, column: 0 },
            id: None,
            field: None,
            value: None,
            message: message.into(),
            help: String::new(),
        }
    }

    pub fn column(mut self, column: u32) -> Finding {
        self.place.column = column;
        self
    }

    pub fn id(mut self, id: &str) -> Finding {
        self.id = (!id.is_empty()).then(|| id.into());
        self
    }

    pub fn field(mut self, field: impl Into<Cow<'static, str>>) -> Finding {
        self.field = Some(field.into());
        self
    }

    pub fn value(mut self, value: &str) -> Finding {
        self.value = Some(value.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = help.into();
        self
    }
}

/// The nearest of `candidates`, if it is near enough to be meant; of two as near, the one as long.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let score = |candidate: &&str| (strsim::normalized_levenshtein(word, candidate) * 1000.0) as u32;
    candidates
        .into_iter()
        .map(|candidate| {
            (score(&candidate), Reverse(candidate.len().abs_diff(word.len())), Reverse(candidate))
        })
        .max()
        .filter(|(score, ..)| *score >= 500)
        .map(|(.., candidate)| candidate.0)
}

/// “是不是想写“…”？” or, without a near word, what is allowed.
pub fn suggest<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, allowed.clone()) {
        Some(near) => format!("是不是“{near}”？"),
        None => listed(allowed),
    }
}

/// What is allowed, the first dozen.
pub fn listed<'a>(allowed: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = allowed.into_iter().collect();
    let apart = |word: &&str| if word.contains('、') { format!("“{word}”") } else { (*word).to_owned() };
    let shown = all.iter().take(12).map(apart).collect::<Vec<_>>().join("、");
    match all.len() {
        0 => "没有可用的值".to_owned(),
        1..=12 => format!("可用：{shown}"),
        count => format!("可用：{shown} 等 {count} 个"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_word_or_lists_all() {
        let allowed = ["未整改", "整改中", "待销号", "已销号"];
        assert_eq!(suggest("已消号", allowed), "是不是“已销号”？");
        assert_eq!(suggest("办结", allowed), "可用：未整改、整改中、待销号、已销号");
        assert_eq!(nearest("", allowed), None);
        assert_eq!(nearest("核查时间", ["核查人", "核查日期"]), Some("核查日期"));
        assert_eq!(suggest("热线", ["信访、来访", "其他"]), "可用：“信访、来访”、其他");
    }
}
