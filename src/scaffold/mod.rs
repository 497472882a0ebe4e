//! Files that a new workspace or campaign starts from, and the schemas by which editors help to write them.

pub mod hooks;

use crate::model::campaign::Campaign;
use crate::model::column::headings;
use crate::model::policy::WorkspaceFile;
use crate::model::unit::UnitsFile;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

/// A path relative to the workspace, and its text.
pub type File = (String, String);

const SETTINGS: &str = include_str!("zxzz.toml");
const UNITS: &str = include_str!("units.toml");
const EXAMPLE: &str = include_str!("shili.toml");
const SKELETON: &str = include_str!("campaign.toml");
const README: &str = include_str!("README.md");
const CI: &str = include_str!("ci.yml");
const DISTRICT_UNITS: &str = include_str!("../../units.toml");

macro_rules! plans {
    ($($id:literal),* $(,)?) => {
        /// The plans of this repository, by id; a test holds the list equal to the folder.
        pub const PLANS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../campaigns/", $id, ".toml")))),*];
    };
}

plans![
    "anquan",
    "anzhifang",
    "chengjian",
    "daolujiaotong",
    "gongdian",
    "gongwei",
    "jiaotonganquan",
    "jiaoyu",
    "jiuye",
    "mingan",
    "rexian",
    "shiyao",
    "wenlv",
    "yanglao",
    "yibao",
    "zhian",
];

/// Everything a new workspace has, ledgers aside.
pub fn workspace(name: &str, year: i32, with_plans: bool) -> Vec<File> {
    let settings = SETTINGS.replace("{name}", name).replace("{year}", &year.to_string());
    let mut files: Vec<File> = vec![
        ("zxzz.toml".to_owned(), settings),
        ("README.md".to_owned(), README.replace("{name}", name)),
        (".gitattributes".to_owned(), format!("*.csv -text\n{}\n", hooks::ATTRIBUTES)),
        (".gitignore".to_owned(), ".zxzz-*\n.*.zxzz-new\n~$*\n*.tmp\n".to_owned()),
        (".github/workflows/zxzz.yml".to_owned(), CI.to_owned()),
    ];
    if with_plans {
        files.push(("units.toml".to_owned(), DISTRICT_UNITS.to_owned()));
        files.extend(PLANS.iter().map(|(id, text)| (format!("campaigns/{id}.toml"), (*text).to_owned())));
    } else {
        files.push(("units.toml".to_owned(), UNITS.to_owned()));
        files.push(("campaigns/shili.toml".to_owned(), EXAMPLE.replace("{year}", &year.to_string())));
    }
    files.extend(schemas().into_iter().map(|(name, text)| (format!("schema/{name}.schema.json"), text)));
    files
}

/// A commented campaign to fill in.
pub fn campaign(id: &str, code: &str, name: &str, year: i32) -> String {
    let filled = SKELETON.replace("{id}", id).replace("{code}", code).replace("{name}", name);
    filled.replace("{year}", &year.to_string())
}

/// An empty ledger of a campaign.
pub fn ledger(campaign: &Campaign) -> String {
    format!("{}\n", headings(campaign).join(","))
}

/// JSON Schema of `zxzz.toml`, `units.toml` and campaign files, made from the types that read them.
pub fn schemas() -> [(&'static str, String); 3] {
    [
        ("zxzz", schema::<WorkspaceFile>("zxzz.toml：工作区设置")),
        ("units", schema::<UnitsFile>("units.toml：单位名录")),
        ("campaign", schema::<Campaign>("campaigns/*.toml：专项整治方案")),
    ]
}

fn schema<T: JsonSchema>(title: &str) -> String {
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(without_null));
    let generator: SchemaGenerator = settings.into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    format!("{:#}\n", schema.as_value())
}

/// TOML has no null: a key that may be absent has the schema of its value alone.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.get("default") == Some(&Value::Null) {
        object.remove("default");
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(mut choices)) = object.remove("anyOf") {
        choices.retain(|choice| *choice != json!({ "type": "null" }));
        let key = if choices.len() == 1 { "allOf" } else { "anyOf" };
        object.insert(key.to_owned(), choices.into());
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "compares with the files of this repository")]
mod tests {
    use super::*;
    use std::fs;

    const ROOT: &str = env!("CARGO_MANIFEST_DIR");

    #[test]
    fn all_plans_of_the_repository_are_carried() {
        let entries = fs::read_dir(format!("{ROOT}/campaigns")).unwrap();
        let mut files: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let carried: Vec<String> = PLANS.iter().map(|(id, _)| format!("{id}.toml")).collect();
        assert_eq!(carried, files);
    }

    /// `UPDATE=1 cargo test` writes the schemas anew.
    #[test]
    fn schemas_in_the_repository_are_those_of_the_types() {
        for (name, text) in schemas() {
            let path = format!("{ROOT}/schema/{name}.schema.json");
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&path, &text).unwrap();
            }
            assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "{path}");
        }
    }
}
