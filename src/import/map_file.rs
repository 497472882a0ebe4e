//! `--map FILE.toml`: the clerk's own word on what the columns of a sheet are.

use super::headings::{Header, Meaning, Scale, plain};
use crate::finding::suggest;
use crate::model::campaign::Campaign;
use crate::model::column::headings;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapFile {
    /// Column of the sheet to heading of the ledger; empty leaves a column out.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// What to write where the sheet has no column for it.
    #[serde(default)]
    defaults: BTreeMap<String, String>,
}

/// Key and value of the column that names the unit.
const UNIT: &str = "单位";

impl MapFile {
    /// An error says what is wrong with the file.
    pub fn read(text: &str, campaign: &Campaign) -> Result<MapFile, String> {
        let file: MapFile = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let known = headings(campaign);
        let given = file.columns.values().chain(file.defaults.keys()).filter(|name| !name.is_empty());
        for name in given {
            if name != UNIT && !known.contains(name) {
                let help = suggest(name, known.iter().map(String::as_str).collect::<Vec<_>>());
                return Err(format!("台账没有“{name}”这一列；{help}"));
            }
        }
        Ok(file)
    }

    /// What a heading, without blanks and brackets, is said to be.
    pub fn meaning(&self, word: &str) -> Option<Meaning> {
        let (foreign, own) = self.columns.iter().find(|(foreign, _)| plain(foreign) == word)?;
        Some(match own.as_str() {
            "" => Meaning::Unknown,
            UNIT => Meaning::Unit,
            own => {
                let scale = if foreign.contains("万元") { Scale::TenThousand } else { Scale::One };
                Meaning::Heading(own.into(), scale)
            }
        })
    }

    pub fn defaults(&self) -> impl Iterator<Item = (&String, &String)> {
        self.defaults.iter()
    }
}

/// A file that says what was found, to be mended by hand.
pub fn proposed(header: &Header, missing: &[&str]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = "# 左边是表里的列，右边是台账的列；写成空的不导入\n[columns]\n".to_owned();
    for column in &header.columns {
        let own = match &column.meaning {
            Meaning::Heading(own, _) => own,
            Meaning::Unit => UNIT,
            Meaning::Serial | Meaning::Unknown => "",
        };
        if !column.words.is_empty() {
            text += &format!("{} = {}\n", quoted(&column.words), quoted(own));
        }
    }
    text += "\n# 表里没有这一列的，每一行都写这个值\n[defaults]\n";
    for name in missing {
        text += &format!("# {} = \"\"\n", quoted(name));
    }
    text
}
