//! `--map FILE.toml`: the clerk's own word on what the columns of a sheet are.

use super::content::holds_ids;
use super::meaning::{Header, Meaning, plain};
use super::scale::Scale;
use crate::finding::{nearest, suggest};
use crate::load::toml_file::syntax_in_chinese;
use crate::load::workbook::RawSheet;
use crate::model::campaign::Campaign;
use crate::model::column::{Column, headings};
use std::collections::BTreeMap;

/// The file as written.
#[derive(Debug, Default)]
pub struct MapFile {
    /// Column of the sheet to heading of the ledger; empty leaves a column out.
    columns: BTreeMap<String, String>,
    /// What a new row says where the sheet says nothing.
    defaults: BTreeMap<String, String>,
}

/// Key and value of the column that names the unit.
const UNIT: &str = "单位";

impl MapFile {
    /// An error says what is wrong with the file.
    pub fn read(text: &str, campaign: &Campaign) -> Result<MapFile, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| {
            let (what, help) = match error.message().starts_with("invalid unquoted key") {
                true => ("列名没有加引号", "两边都加英文双引号，如 \"毛病\" = \"问题描述\""),
                false => syntax_in_chinese(error.message()),
            };
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            format!("第 {line} 行：{what}；{help}")
        })?;
        let mut file = MapFile::default();
        for (part, entries) in table {
            let into = match part.as_str() {
                "columns" => &mut file.columns,
                "defaults" => &mut file.defaults,
                _ => return Err(format!("不认得“{part}”；对照只有 [columns] 和 [defaults] 两节")),
            };
            let toml::Value::Table(entries) = entries else {
                return Err(format!("“{part}”应是一节；写成 [{part}]，下面每行一个 \"列\" = \"列\""));
            };
            for (key, value) in entries {
                let toml::Value::String(value) = value else {
                    return Err(format!("“{key}”的等号后面要写文字，加英文引号"));
                };
                into.insert(key, value);
            }
        }
        file.require_known(&headings(campaign))?;
        Ok(file)
    }

    fn require_known(&self, known: &[String]) -> Result<(), String> {
        if self.defaults.contains_key(UNIT) {
            return Err("单位不能写在 [defaults] 里；命令里加 --unit 单位".to_owned());
        }
        let values = self.columns.values().filter(|name| !name.is_empty() && *name != UNIT);
        match values.chain(self.defaults.keys()).find(|name| !known.contains(name)) {
            Some(name) => {
                let help = suggest(name, known.iter().map(String::as_str).collect::<Vec<_>>());
                Err(format!("台账没有“{name}”这一列；{help}"))
            }
            None => Ok(()),
        }
    }

    /// What one heading may mean, while nobody knows yet where the header is.
    pub fn hint(&self, text: &str) -> Option<Meaning> {
        let own = self.columns.get(text).or_else(|| {
            let word = plain(text);
            let mut keys = self.columns.iter();
            keys.find(|(key, _)| !word.is_empty() && plain(lowest(key)) == word).map(|(_, own)| own)
        });
        own.map(|own| meaning(own))
    }

    /// What the columns are said to be.
    pub fn meanings(&self, columns: &[String]) -> Vec<Option<Meaning>> {
        self.entries(columns).into_iter().map(|entry| entry.map(|(_, own)| meaning(own))).collect()
    }

    /// Key and value for each column. A key that names one exactly is not also taken for others like it.
    fn entries<S: AsRef<str>>(&self, columns: &[S]) -> Vec<Option<(&str, &str)>> {
        let keys: Vec<(&String, &String, Option<u8>)> = self
            .columns
            .iter()
            .map(|(key, own)| {
                (key, own, columns.iter().filter_map(|words| likeness(key, words.as_ref())).min())
            })
            .collect();
        let of = |words: &S| {
            let fits = keys.iter().filter_map(|(key, own, best)| {
                let own_likeness = likeness(key, words.as_ref())?;
                let is_best = own_likeness < ONLY_ALIKE || *best >= Some(ONLY_ALIKE);
                is_best.then_some((own_likeness, (key.as_str(), own.as_str())))
            });
            fits.min_by_key(|(likeness, _)| *likeness).map(|(_, entry)| entry)
        };
        columns.iter().map(of).collect()
    }

    /// An error names a key that no sheet has a column for, or two that make one of two columns of a sheet.
    pub fn require_used(&self, headers: &[Header]) -> Result<(), String> {
        let words: Vec<&str> =
            headers.iter().flat_map(|header| &header.columns).map(|column| column.words.as_str()).collect();
        let is_used = |key: &str| words.iter().any(|words| likeness(key, words).is_some());
        headers.iter().try_for_each(|header| self.require_single(header))?;
        match self.columns.keys().find(|key| !is_used(key)) {
            Some(key) => {
                let near = nearest(key, words.iter().copied().filter(|words| !words.is_empty()));
                let help =
                    near.map_or("改正，或删去这一行".to_owned(), |near| format!("是不是“{near}”？"));
                Err(format!("表里没有“{key}”这一列；{help}"))
            }
            None => Ok(()),
        }
    }

    /// Whether the file says anything of a column.
    pub fn names(&self, words: &str) -> bool {
        self.columns.keys().any(|key| likeness(key, words).is_some())
    }

    fn require_single(&self, header: &Header) -> Result<(), String> {
        let words: Vec<&str> = header.columns.iter().map(|column| column.words.as_str()).collect();
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for (key, own) in self.entries(&words).into_iter().flatten().filter(|(_, own)| !own.is_empty()) {
            let first = *taken.entry(own).or_insert(key);
            if first != key {
                return Err(format!(
                    "“{first}”和“{key}”都写成“{own}”；一张表里只能有一列，不要的那一列右边写成空的"
                ));
            }
        }
        Ok(())
    }

    pub fn defaults(&self) -> impl Iterator<Item = (&String, &String)> {
        self.defaults.iter()
    }
}

fn meaning(own: &str) -> Meaning {
    match own {
        "" => Meaning::Unknown,
        UNIT => Meaning::Unit,
        own => Meaning::Heading(own.into(), Scale::One),
    }
}

/// From here on two words are only alike: but for brackets and punctuation.
const ONLY_ALIKE: u8 = 3;

/// How well a key names a column, 0 best: the whole words, the lowest level, either without brackets.
fn likeness(key: &str, words: &str) -> Option<u8> {
    let key: String = key.split_whitespace().collect();
    let unnumbered = match words.rsplit_once('#') {
        Some((unnumbered, number)) if number.parse::<u32>().is_ok() => unnumbered,
        _ => words,
    };
    let alike = plain(&key);
    let is_alike = |words: &str| !alike.is_empty() && plain(words) == alike;
    let fits = [
        key == words,
        key == unnumbered,
        key == lowest(unnumbered),
        is_alike(unnumbered),
        is_alike(lowest(unnumbered)),
    ];
    fits.iter().position(|fits| *fits).map(|at| at as u8)
}

/// The lowest level of a heading.
fn lowest(words: &str) -> &str {
    words.rsplit_once('/').map_or(words, |(_, lowest)| lowest)
}

/// A file that says what was found, to be mended by hand.
pub fn proposed(header: &Header, sheet: &RawSheet, missing: &[&str]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = "# 左边是表里的列，右边是台账的列；写成空的不导入\n[columns]\n".to_owned();
    let id = Column::Id.heading();
    let has_id = header.columns.iter().any(|column| column.meaning.is(id));
    for (at, column) in header.columns.iter().enumerate() {
        let own = match &column.meaning {
            Meaning::Heading(own, _) => own,
            Meaning::Unit => UNIT,
            Meaning::Serial if !has_id && holds_ids(sheet, header.body, at) => id,
            Meaning::Serial | Meaning::Unknown => "",
        };
        if !column.words.is_empty() {
            text += &format!("{} = {}\n", quoted(&column.words), quoted(own));
        }
    }
    text += "\n# 表里没有这一列、或空着的，新增的行写这个值\n[defaults]\n";
    for name in missing.iter().filter(|name| **name != id) {
        text += &format!("# {} = \"\"\n", quoted(name));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::meaning::ForeignColumn;

    fn file(text: &str) -> Result<MapFile, String> {
        MapFile::read(text, &Campaign::default())
    }

    #[test]
    fn the_nearest_key_says_what_a_column_is() {
        let map = file(
            "[columns]\n'责任人（单位）'='责任领导'\n'责任人（社区）'='责任人'\n'现场/备注'=''\n'备注#2'='整改进展'\n\
             '毛病'='问题描述'\n'所 属'='单位'\n",
        );
        let words = [
            "责任人（单位）",
            "责任人（社区）",
            "责任人（村）",
            "现场/备注",
            "备注",
            "备注#2",
            "毛病（写全）",
            "情况/毛病",
            "所属",
        ];
        let says = map.unwrap().meanings(&words.map(str::to_owned));
        let heading = |name: &str| Some(Meaning::Heading(name.into(), Scale::One));
        let want = [
            heading("责任领导"),
            heading("责任人"),
            None,
            Some(Meaning::Unknown),
            None,
            heading("整改进展"),
            None,
            heading("问题描述"),
            Some(Meaning::Unit),
        ];
        assert_eq!(says, want);
        let alike = file("[columns]\n'毛病'='问题描述'\n").unwrap().meanings(&["毛病（写全）".to_owned()]);
        assert_eq!(alike, [heading("问题描述")]);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_in_chinese() {
        for (text, says) in [
            ("[columns]\n'备注'='备注'\n'备注'=''\n", "第 3 行：同一个键写了两次"),
            ("[columns]\n毛病='问题描述'\n", "第 2 行：列名没有加引号；两边都加英文双引号"),
            ("[column]\n", "不认得“column”；对照只有 [columns] 和 [defaults] 两节"),
            ("columns = 1\n", "“columns”应是一节"),
            ("[columns]\n'备注'=1\n", "“备注”的等号后面要写文字"),
            ("[columns]\n'毛病'='描述'\n", "台账没有“描述”这一列"),
            ("[defaults]\n'单位'='双山'\n", "单位不能写在 [defaults] 里；命令里加 --unit"),
        ] {
            assert!(file(text).is_err_and(|why| why.contains(says)), "{text} {:?}", file(text));
        }
    }

    #[test]
    fn two_columns_of_a_sheet_said_to_be_one_are_refused() {
        let header = |words: &[&str]| {
            let column =
                |words: &&str| ForeignColumn { words: (*words).to_owned(), meaning: Meaning::Unknown };
            Header { body: 1, row: 1, columns: words.iter().map(column).collect() }
        };
        let map =
            file("[columns]\n'点位'='问题描述'\n'毛病'='问题描述'\n'备注'='备注'\n'天气'=''\n'风'=''\n");
        let map = map.unwrap();
        let one = map.require_used(&[header(&["点位", "毛病", "备注", "天气", "风"])]);
        assert!(one.as_ref().is_err_and(|why| why.contains("“点位”和“毛病”都写成“问题描述”")), "{one:?}");
        let each_in_its_own = [header(&["点位", "备注", "天气", "备注#2"]), header(&["毛病", "风"])];
        assert_eq!(map.require_used(&each_in_its_own), Ok(()));
    }
}
