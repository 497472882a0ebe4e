//! TOML with all its findings: every syntax error, every wrong entry, every unknown key, each at its line and column.

use super::rules::{BAD_TOML_VALUE, TOML_SYNTAX, UNKNOWN_KEY};
use crate::finding::{Finding, Rule, suggest};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer as TomlDeserializer};

/// The text of a TOML file, to point into.
#[derive(Debug, Clone)]
pub struct Origin {
    pub path: Arc<str>,
    text: Arc<str>,
    /// Of each list read entry by entry: the position in the file of every entry that could be read.
    kept: FxHashMap<&'static str, Vec<usize>>,
    /// Ids, codes and names of the entries that could not be read: what refers to them is not wrong as well.
    pub dropped: FxHashSet<String>,
}

impl Origin {
    pub fn new(path: &str, text: &str) -> Origin {
        Origin {
            path: path.into(),
            text: text.into(),
            kept: FxHashMap::default(),
            dropped: FxHashSet::default(),
        }
    }

    /// A finding at a key path such as `tasks[2].lead[0]`, where `2` counts the entries that could be read.
    pub fn finding(&self, rule: &'static Rule, key: &str, message: impl Into<String>) -> Finding {
        let (line, column) = self.position(self.span(&self.as_in_file(key)).start);
        let field = key.rsplit('.').next().unwrap_or(key).split('[').next().unwrap_or(key);
        Finding::new(rule, &self.path, line, message).column(column).field(field.to_owned())
    }

    /// The line of a key path.
    pub fn line(&self, key: &str) -> u32 {
        self.position(self.span(&self.as_in_file(key)).start).0
    }

    fn at(&self, rule: &'static Rule, span: Range<usize>, message: String) -> Finding {
        let (line, column) = self.position(span.start);
        Finding::new(rule, &self.path, line, message).column(column)
    }

    /// Line and column, in characters, of a byte offset.
    fn position(&self, offset: usize) -> (u32, u32) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        (line as u32, before[line_start..].trim_start_matches('\u{FEFF}').chars().count() as u32 + 1)
    }

    fn as_in_file(&self, key: &str) -> String {
        let Some((list, rest)) = key.split_once('[') else { return key.to_owned() };
        let Some((ix, rest)) = rest.split_once(']') else { return key.to_owned() };
        let kept = self.kept.get(list).and_then(|kept| kept.get(ix.parse::<usize>().ok()?));
        kept.map_or_else(|| key.to_owned(), |ix| format!("{list}[{ix}]{rest}"))
    }

    /// The span of the value at a key path of the file, or of the nearest thing around it.
    fn span(&self, key: &str) -> Range<usize> {
        let (table, _) = DeTable::parse_recoverable(&self.text);
        let mut span = 0..0;
        let mut here = DeValue::Table(table.into_inner());
        for step in key.split(['.', '[']).filter(|step| !step.is_empty()) {
            let next = match (here, step.strip_suffix(']').and_then(|ix| ix.parse::<usize>().ok())) {
                (DeValue::Table(mut table), None) => table.remove(step),
                (DeValue::Array(array), Some(ix)) => array.into_iter().nth(ix),
                _ => None,
            };
            let Some(next) = next else { return span };
            span = next.span();
            here = next.into_inner();
        }
        span
    }
}

/// A file being read, entry by entry.
pub struct TomlFile<'f> {
    pub origin: Origin,
    table: DeTable<'f>,
    span: Range<usize>,
    findings: &'f mut Vec<Finding>,
}

impl<'f> TomlFile<'f> {
    /// Parses the form; `None` after syntax errors, which are all in `findings`.
    pub fn parse(path: &str, text: &'f str, findings: &'f mut Vec<Finding>) -> Option<TomlFile<'f>> {
        let origin = Origin::new(path, text);
        let (table, mut errors) = DeTable::parse_recoverable(text);
        let place = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        // One mistake can cascade: one error a line tells, best that a list was left open, which spoils the lines after it.
        errors.sort_by_key(|error| {
            let (line, column) = origin.position(place(error));
            (line, syntax_in_chinese(error.message()).0 != OPEN_LIST, column)
        });
        errors.dedup_by_key(|error| origin.position(place(error)).0);
        let mut last = "";
        for error in &errors {
            let (message, help) = syntax_in_chinese(error.message());
            if ![message, last].iter().all(|said| [BETWEEN_ITEMS, OPEN_LIST].contains(said)) {
                let span = error.span().unwrap_or(0..0);
                findings.push(origin.at(&TOML_SYNTAX, span, message.to_owned()).help(help));
            }
            last = message;
        }
        let span = table.span();
        errors.is_empty().then(|| TomlFile { origin, table: table.into_inner(), span, findings })
    }

    /// Takes the list of tables `key` and reads each entry by itself; a wrong one is a finding and left out.
    pub fn entries<T: Deserialize<'f>>(&mut self, key: &'static str) -> Vec<T> {
        let Some(value) = self.table.remove(key) else { return vec![] };
        let span = value.span();
        let DeValue::Array(array) = value.into_inner() else {
            let message = format!("{key} 应是若干个 [[{key}]] 条目");
            self.findings.push(self.origin.at(&BAD_TOML_VALUE, span, message).field(key));
            return vec![];
        };
        let mut entries = vec![];
        let mut kept = vec![];
        for (ix, entry) in array.into_iter().enumerate() {
            let span = entry.span();
            let DeValue::Table(table) = entry.into_inner() else {
                let message = format!("{key} 的每一条应是一个 [[{key}]] 条目");
                self.findings.push(self.origin.at(&BAD_TOML_VALUE, span, message).field(key));
                continue;
            };
            let names = names_in(&table);
            if let Some(entry) = self.typed(table, span, &format!("{key}[{ix}]")) {
                entries.push(entry);
                kept.push(ix);
            } else {
                self.origin.dropped.extend(names);
            }
        }
        self.origin.kept.insert(key, kept);
        entries
    }

    /// Reads everything that has not been taken; gives the origin back for later findings.
    pub fn rest<T: Deserialize<'f>>(mut self) -> (Option<T>, Origin) {
        let table = std::mem::take(&mut self.table);
        let read = self.typed(table, self.span.clone(), "");
        (read, self.origin)
    }

    /// serde stops at the first mistake: the value at fault is taken out and the rest read again, to find all.
    fn typed<T: Deserialize<'f>>(
        &mut self,
        mut table: DeTable<'f>,
        span: Range<usize>,
        prefix: &str,
    ) -> Option<T> {
        let mut unknown = BTreeSet::new();
        let mut removed: Vec<String> = vec![];
        let read = loop {
            let from = TomlDeserializer::from(Spanned::new(span.clone(), table.clone()));
            let read = serde_ignored::deserialize(from, |path| {
                unknown.insert(path.to_string());
            });
            let error = match read {
                Ok(read) => break removed.is_empty().then_some(read),
                Err(error) => error,
            };
            let at_fault = error.span().and_then(|fault| {
                let entry = table.iter().find(|(_, value)| holds(value, &fault));
                entry.map(|(key, _)| key.get_ref().to_string())
            });
            if !removed.iter().any(|key| error.message() == format!("missing field `{key}`")) {
                self.wrong_value(prefix, &error);
            }
            let Some(key) = at_fault else { break None };
            table.remove(key.as_str());
            removed.push(key);
        };
        for path in unknown {
            self.unknown_key(prefix, &path.replace("?.", ""), fields_of::<T>());
        }
        read
    }

    fn unknown_key(&mut self, prefix: &str, path: &str, fields: &'static [&'static str]) {
        let key = path.rsplit('.').next().unwrap_or(path);
        let parent = path.rsplit('.').skip(1).find(|step| step.parse::<usize>().is_err());
        let allowed = parent.map_or(fields, |parent| super::campaign::fields_under(parent, fields));
        let full = bracketed(prefix, path);
        let span = self.key_span(&full);
        self.findings.push(
            self.origin
                .at(&UNKNOWN_KEY, span, format!("不认识的键“{key}”"))
                .field(key.to_owned())
                .help(suggest(key, allowed.iter().copied())),
        );
    }

    fn wrong_value(&mut self, prefix: &str, error: &toml::de::Error) {
        let span = error.span().unwrap_or_else(|| self.origin.span(prefix));
        let (message, help) = in_chinese(error.message());
        let key = self.key_before(span.start);
        let mut finding = self.origin.at(&BAD_TOML_VALUE, span, message).help(help);
        if !key.is_empty() {
            finding = finding.field(key);
        }
        self.findings.push(finding);
    }

    /// The key whose value stands at an offset: what precedes the `=` on its line.
    fn key_before(&self, offset: usize) -> String {
        let before = self.origin.text.get(..offset).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let key = line.rsplit_once('=').map_or("", |(key, _)| key).trim();
        key.rsplit(['{', ',', ' ']).next().unwrap_or_default().to_owned()
    }

    /// The span of the key itself; the value's table may be elsewhere.
    fn key_span(&self, full: &str) -> Range<usize> {
        let value = self.origin.span(full);
        let key = full.rsplit('.').next().unwrap_or(full);
        let line_start = self.origin.text[..value.start].rfind('\n').map_or(0, |at| at + 1);
        let at = self.origin.text[line_start..].find(key).map_or(value.start, |at| line_start + at);
        at..at + key.len()
    }
}

/// By what an entry may be referred to.
fn names_in(table: &DeTable) -> Vec<String> {
    let values = ["id", "code", "name", "aliases"].into_iter().filter_map(|key| table.get(key));
    let texts = values.flat_map(|value| match value.get_ref() {
        DeValue::Array(array) => array.iter().filter_map(|value| value.get_ref().as_str()).collect(),
        other => other.as_str().into_iter().collect::<Vec<_>>(),
    });
    texts.map(str::to_owned).collect()
}

/// Whether a value or a part of it covers a span; the span of a list of tables does not cover all its tables.
fn holds(value: &Spanned<DeValue>, fault: &Range<usize>) -> bool {
    let span = value.span();
    let inside = match value.get_ref() {
        DeValue::Array(array) => array.iter().any(|value| holds(value, fault)),
        DeValue::Table(table) => table.iter().any(|(_, value)| holds(value, fault)),
        _ => false,
    };
    inside || (span.start <= fault.start && fault.end <= span.end)
}

/// `limits.0.whn` under `tasks[2]` is `tasks[2].limits[0].whn`.
fn bracketed(prefix: &str, path: &str) -> String {
    path.split('.').fold(prefix.to_owned(), |full, step| match step.parse::<usize>() {
        Ok(ix) => format!("{full}[{ix}]"),
        Err(_) if full.is_empty() => step.to_owned(),
        Err(_) => format!("{full}.{step}"),
    })
}

const BETWEEN_ITEMS: &str = "这里少了英文逗号，或前面的括号没有结束";
const OPEN_LIST: &str = "前面的方括号没有结束";

/// What the parser says, what is wrong, and how to mend it; the first that fits.
#[rustfmt::skip]
const SYNTAX: [(&str, &str, &str); 24] = [
    ("invalid basic string", "英文双引号没有结束", "在文字末尾补上英文双引号"),
    ("invalid literal string", "单引号没有结束", "文字用一对英文双引号括住"),
    ("missing opening quote", "少了前面的引号", "文字用一对英文双引号括住"),
    ("string values must be quoted", "等号后面不是可用的值", "文字用英文双引号括住，日期写 2025-09-30，数只用数字"),
    ("missing value", "等号后面没有值", "写成 键 = 值"),
    ("key with no value", "键后面没有等号和值", "写成 键 = 值，等号用英文的"),
    ("invalid unquoted key", "键名里有不能用的字符", "键名只用英文字母、数字、下划线和连字符，等号用英文的"),
    ("unquoted keys cannot be empty", "等号前面没有键名", "写成 键 = 值"),
    ("invalid key-value pair", "这一行不是“键 = 值”", "写成 键 = 值，或 [[条目]]"),
    ("missing key for inline table", "花括号里少了键，或花括号没有结束", "写成 { 键 = 值, 键 = 值 }"),
    ("missing assignment", "花括号里少了等号", "写成 { 键 = 值, 键 = 值 }"),
    ("extra assignment", "花括号里多了等号，或前面少了逗号", "写成 { 键 = 值, 键 = 值 }"),
    ("missing comma", BETWEEN_ITEMS, "两项之间用英文逗号隔开，括号要成对"),
    ("extra comma", "多了一个逗号", "删去多余的逗号"),
    ("extra `=`", "多了一个等号", "删去多余的等号"),
    ("unexpected `=` in array", OPEN_LIST, "在列表末尾补上 ]"),
    ("unclosed inline table", "花括号没有结束", "补上 }"),
    ("unclosed array table", "条目名的方括号没有结束", "写成 [[条目]]"),
    ("unclosed", "方括号没有结束", "补上 ]"),
    ("invalid date", "不是有效日期", "写成 2025-09-30，不加引号"),
    ("invalid time", "不是有效日期，或后面少了英文逗号", "日期写成 2025-09-30，不加引号，两项之间用英文逗号隔开"),
    ("unexpected key or value", "值的后面还有别的内容", "一行只写一个“键 = 值”；文字里的英文双引号改成中文引号"),
    ("missing escaped value", "反斜杠后面的字符不对", "反斜杠改成 /，或写两遍"),
    ("duplicate key", "同一个键写了两次", "留一个，删去另一个；几个条目各自以 [[条目]] 开头"),
];

/// What the reader says in English: what is wrong, and what to do.
pub fn syntax_in_chinese(message: &str) -> (&'static str, &'static str) {
    let known = SYNTAX.iter().find(|(said, ..)| message.starts_with(said));
    let otherwise = ("不合 TOML 的写法", "检查引号、括号、等号；文字加英文双引号，日期写 2025-09-30");
    known.map_or(otherwise, |(_, message, help)| (message, help))
}

/// serde's words to the user's: what is wrong, and what is allowed.
fn in_chinese(message: &str) -> (String, String) {
    let quoted = || message.split('`').skip(1).step_by(2).collect::<Vec<_>>();
    if let Some(rest) = message.strip_prefix("missing field ") {
        let key = rest.trim_matches('`');
        return (format!("缺少“{key}”"), format!("请补上 {key} = …"));
    }
    if message.starts_with("unknown variant") {
        let words = quoted();
        let (value, allowed) = words.split_first().unwrap_or((&"", &[]));
        return (format!("“{value}”不是可用的值"), all_of(value, allowed));
    }
    if let Some((found, wanted)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    {
        let found = kind_of(found).split('（').next().unwrap_or_default();
        return (format!("这里写的是{found}"), format!("应写{}", kind_of(wanted)));
    }
    if let Some((found, wanted)) =
        message.strip_prefix("invalid value: ").and_then(|rest| rest.split_once(", expected "))
    {
        return (format!("{}超出范围", kind_of(found)), format!("应写{}", kind_of(wanted)));
    }
    if message.starts_with("wanted exactly 1 element") {
        let (message, help) = ("一个花括号里只能写一种条件", "几种条件各写一个 { … }，用英文逗号隔开");
        return (message.to_owned(), help.to_owned());
    }
    // Our own types say in Chinese what is wrong; what may be written.
    let (message, help) = message.split_once('；').unwrap_or((message, "请改成有效的值"));
    (message.to_owned(), help.to_owned())
}

fn all_of(value: &str, allowed: &[&str]) -> String {
    let near = crate::finding::nearest(value, allowed.iter().copied());
    let near = near.map_or(String::new(), |near| format!("是不是“{near}”？"));
    format!("{near}可用：{}", allowed.join("、"))
}

fn kind_of(word: &str) -> &'static str {
    let kinds = [
        ("string", "文字（加英文引号）"),
        ("boolean", "true 或 false"),
        ("bool", "true 或 false"),
        ("sequence", "列表 [ … ]"),
        ("integer", "整数"),
        ("u32", "不小于 0 的整数"),
        ("i32", "整数"),
        ("floating", "小数"),
        ("f64", "数"),
        ("Decimal", "数"),
        ("TOML datetime", "日期（不加引号，如 2025-09-30）"),
        ("datetime", "日期"),
        ("map", "表 { … }"),
        ("struct", "表 { … }"),
    ];
    kinds.iter().find(|(key, _)| word.contains(key)).map_or("别的类型", |(_, label)| label)
}

/// The keys that a type reads, asked of its own `Deserialize`.
pub fn fields_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    struct Ask<'a>(&'a mut &'static [&'static str]);
    impl<'de> Deserializer<'de> for Ask<'_> {
        type Error = de::value::Error;
        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("asked for fields only"))
        }
        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }
    let mut fields: &'static [&'static str] = &[];
    let _ = T::deserialize(Ask(&mut fields));
    fields
}
