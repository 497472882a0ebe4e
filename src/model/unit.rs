//! Who acts: units, groups of units, and names that no longer exist.

use super::date::half_width;
use super::people::Person;
use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Deserialize;

/// How ids are spelt, as `check/bad_identifier.rs` demands.
pub const ID: &str = "^[a-z0-9][a-z0-9-]*$";

/// How codes are spelt.
pub const CODE: &str = "^[A-Z][A-Z0-9]{1,7}$";

/// `units.toml` as written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "单位名录")]
pub struct UnitsFile {
    #[serde(default)]
    #[schemars(description = "单位")]
    pub units: Vec<Unit>,
    #[serde(default)]
    #[schemars(description = "单位组")]
    pub groups: Vec<UnitGroup>,
    #[serde(default)]
    #[schemars(description = "已撤销的名称")]
    pub retired: Vec<RetiredUnit>,
    #[serde(default)]
    #[schemars(description = "人员：谁可以办什么")]
    pub people: Vec<Person>,
}

/// A body that can answer for tasks and keep ledgers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "单位")]
pub struct Unit {
    /// Lower-case ASCII; the stem of the unit's ledgers.
    #[schemars(description = "id：小写拼音，台账的文件名", extend("pattern" = ID))]
    pub id: String,
    /// Upper-case ASCII; the middle part of 编号.
    #[schemars(description = "代码：编号的中间一段，2 到 8 位大写英文字母或数字，以字母开头", extend("pattern" = CODE))]
    pub code: String,
    #[schemars(description = "规范名称")]
    pub name: String,
    #[schemars(description = "类别")]
    pub kind: UnitKind,
    #[serde(default)]
    #[schemars(description = "别名、简称")]
    pub aliases: Vec<String>,
    /// The unit of which this one is a part; it answers for its parent's tasks.
    #[schemars(description = "上级单位的 id")]
    pub parent: Option<String>,
    #[schemars(description = "说明")]
    pub note: Option<String>,
}

/// What sort of body a unit is; towns (街道, 镇) are ranked apart from departments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "单位的类别；街道、镇与部门分开排名")]
pub enum UnitKind {
    #[serde(rename = "街道")]
    Subdistrict,
    #[serde(rename = "镇")]
    Town,
    #[serde(rename = "党委部门")]
    PartyOrgan,
    #[serde(rename = "政府部门")]
    GovernmentOrgan,
    #[serde(rename = "政法机关")]
    JudicialOrgan,
    #[serde(rename = "群团")]
    MassOrganization,
    #[serde(rename = "事业单位")]
    PublicInstitution,
    #[serde(rename = "企业")]
    Enterprise,
    #[serde(rename = "内设机构")]
    InternalBody,
    #[serde(rename = "上级单位")]
    HigherAuthority,
}

impl UnitKind {
    pub fn label(self) -> &'static str {
        match self {
            UnitKind::Subdistrict => "街道",
            UnitKind::Town => "镇",
            UnitKind::PartyOrgan => "党委部门",
            UnitKind::GovernmentOrgan => "政府部门",
            UnitKind::JudicialOrgan => "政法机关",
            UnitKind::MassOrganization => "群团",
            UnitKind::PublicInstitution => "事业单位",
            UnitKind::Enterprise => "企业",
            UnitKind::InternalBody => "内设机构",
            UnitKind::HigherAuthority => "上级单位",
        }
    }
}

/// Several units under one name; an open group names who answers but cannot be expanded.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "单位组")]
pub struct UnitGroup {
    #[schemars(description = "单位组的 id：小写英文字母、数字、连字符", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "名称")]
    pub name: String,
    #[serde(default)]
    #[schemars(description = "别名")]
    pub aliases: Vec<String>,
    #[serde(default)]
    #[schemars(description = "成员单位的 id")]
    pub members: Vec<String>,
    #[serde(default)]
    #[schemars(description = "方案没有列成员的写 true")]
    pub open: bool,
    #[schemars(description = "说明")]
    pub note: Option<String>,
}

/// A name that was abolished: a row that still uses it is wrong.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "已撤销的名称")]
pub struct RetiredUnit {
    #[schemars(description = "名称")]
    pub name: String,
    #[serde(deserialize_with = "super::toml_date::required")]
    #[schemars(description = "撤销日期")]
    pub since: NaiveDate,
    #[serde(default)]
    #[schemars(description = "并入哪些单位")]
    pub into: Vec<String>,
}

/// Index of a unit in the register.
pub type UnitIx = u16;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    Unit(UnitIx),
    Group(u16),
}

/// Why a cell names no unit.
#[derive(Debug)]
pub enum NotOne<'r> {
    Group,
    Retired(&'r RetiredUnit),
    /// With the units that may be meant.
    Unknown(Vec<UnitIx>),
}

/// The same name with and without 区 before it and 街道, 镇 or 局 after it.
fn other_spellings(name: &str) -> Vec<String> {
    const TOWNS: [&str; 4] = ["街道办事处", "街道办", "街道", "镇"];
    let bare = name.strip_prefix('区').unwrap_or(name);
    let town = TOWNS.iter().find_map(|kind| bare.strip_suffix(kind));
    let office = bare.strip_suffix('局');
    let stem = town.or(office).unwrap_or(bare);
    if stem.chars().count() < 2 {
        return vec![];
    }
    let mut names = vec![bare.to_owned(), format!("区{bare}"), stem.to_owned(), format!("区{stem}")];
    if office.is_none() {
        names.extend(TOWNS.map(|kind| format!("{stem}{kind}")));
    }
    if town.is_none() {
        names.extend(["", "区"].map(|place| format!("{place}{stem}局")));
    }
    names
}

/// All units and every way to name them.
#[derive(Debug, Default)]
pub struct Register {
    pub units: Vec<Unit>,
    pub groups: Vec<UnitGroup>,
    pub retired: Vec<RetiredUnit>,
    pub people: Vec<Person>,
    /// Names of the entries that could not be read.
    dropped: FxHashSet<String>,
    names: FxHashMap<String, Body>,
    codes: FxHashMap<String, UnitIx>,
}

impl Register {
    pub fn new(file: UnitsFile, dropped: FxHashSet<String>) -> Register {
        let UnitsFile { units, groups, retired, people } = file;
        let mut register = Register { units, groups, retired, people, dropped, ..Register::default() };
        for (ix, unit) in register.units.iter().enumerate() {
            let ix = ix as UnitIx;
            register.codes.entry(unit.code.clone()).or_insert(ix);
            for name in [&unit.id, &unit.code, &unit.name].into_iter().chain(&unit.aliases) {
                register.names.entry(name.clone()).or_insert(Body::Unit(ix));
            }
        }
        for (ix, group) in register.groups.iter().enumerate() {
            for name in [&group.id, &group.name].into_iter().chain(&group.aliases) {
                register.names.entry(name.clone()).or_insert(Body::Group(ix as u16));
            }
        }
        register
    }

    pub fn unit(&self, ix: UnitIx) -> &Unit {
        &self.units[usize::from(ix)]
    }

    /// The body called exactly so: by id, code, name or alias.
    pub fn resolve(&self, name: &str) -> Option<Body> {
        self.names.get(name).copied()
    }

    /// Whether the name belongs to an entry that could not be read.
    pub fn is_dropped(&self, name: &str) -> bool {
        self.dropped.contains(name)
    }

    pub fn unit_by_code(&self, code: &str) -> Option<UnitIx> {
        self.codes.get(code).copied()
    }

    /// The retired name with which `text` begins.
    pub fn retired(&self, text: &str) -> Option<&RetiredUnit> {
        self.retired.iter().find(|unit| text.starts_with(unit.name.as_str()))
    }

    /// The units whose id, code, name or alias contains `part`; an exact match stands alone.
    pub fn matching(&self, part: &str) -> Vec<UnitIx> {
        match self.resolve(part) {
            Some(Body::Unit(ix)) => return vec![ix],
            Some(Body::Group(ix)) => return self.members(ix),
            None => {}
        }
        let holds =
            |unit: &Unit| unit.name.contains(part) || unit.aliases.iter().any(|alias| alias.contains(part));
        (0..self.units.len() as UnitIx).filter(|&ix| holds(self.unit(ix))).collect()
    }

    /// The unit that a cell of a sheet names: by a whole name, blanks and width aside, or by one that differs in what
    /// kind of body it is (双山 and 双山街道, 民政局 and 区民政局). A part of a name is nobody's: the rows of 公安局 must not
    /// end up with a unit in whose name it happens to stand.
    pub fn written(&self, cell: &str) -> Result<UnitIx, NotOne<'_>> {
        let plain: String = cell.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
        match self.resolve(&plain) {
            Some(Body::Unit(ix)) => return Ok(ix),
            Some(Body::Group(_)) => return Err(NotOne::Group),
            None => {}
        }
        if let Some(retired) = self.retired(&plain) {
            return Err(NotOne::Retired(retired));
        }
        let mut found: Vec<UnitIx> = (other_spellings(&plain).iter())
            .filter_map(|name| match self.resolve(name)? {
                Body::Unit(ix) => Some(ix),
                Body::Group(_) => None,
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [only] => Ok(only),
            [] => Err(NotOne::Unknown(self.matching(&plain))),
            _ => Err(NotOne::Unknown(found)),
        }
    }

    /// The units of a group; empty for an open one.
    pub fn members(&self, group: u16) -> Vec<UnitIx> {
        let member = |id: &String| match self.resolve(id) {
            Some(Body::Unit(ix)) => Some(ix),
            _ => None,
        };
        self.groups[usize::from(group)].members.iter().filter_map(member).collect()
    }

    /// Whether `unit` is, or belongs to, the body called `name`; any unit may stand under an open group.
    pub fn covers(&self, name: &str, unit: UnitIx) -> bool {
        match self.resolve(name) {
            Some(Body::Unit(ix)) => ix == unit || self.is_part_of(unit, ix),
            Some(Body::Group(ix)) => self.groups[usize::from(ix)].open || self.members(ix).contains(&unit),
            None => false,
        }
    }

    /// Whether the body called `name` is the unit, or a group that lists it as a member.
    pub fn names(&self, name: &str, unit: UnitIx) -> bool {
        match self.resolve(name) {
            Some(Body::Unit(ix)) => ix == unit,
            Some(Body::Group(ix)) => self.members(ix).contains(&unit),
            None => false,
        }
    }

    fn is_part_of(&self, unit: UnitIx, whole: UnitIx) -> bool {
        let parent = self.unit(unit).parent.as_deref();
        parent.is_some_and(|parent| self.resolve(parent) == Some(Body::Unit(whole)))
    }

    /// The unit, the one of which it is a part, and so on upwards.
    pub fn upwards(&self, unit: UnitIx) -> impl Iterator<Item = UnitIx> {
        let parent = |ix: &UnitIx| match self.resolve(self.unit(*ix).parent.as_deref()?)? {
            Body::Unit(above) => Some(above),
            Body::Group(_) => None,
        };
        // A circle of parents is a mistake that must not hang the program.
        std::iter::successors(Some(unit), parent).take(self.units.len())
    }

    /// Every name of every unit and group, for "did you mean".
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_names_a_unit_whole_or_not_at_all() {
        let unit = |id: &str, name: &str, aliases: &str| {
            format!(
                "[[units]]\nid='{id}'\ncode='{}'\nname='{name}'\nkind='街道'\naliases=[{aliases}]\n",
                id.to_uppercase()
            )
        };
        let text = unit("ss", "双山街道", "")
            + &unit("dz", "刁镇街道", "'刁镇'")
            + &unit("mz", "区民政局", "")
            + &unit("ga", "区公安分局", "")
            + &unit("jd", "区公安分局交通管理大队", "'市公安局交通管理支队大队'")
            + &unit("fg", "区发展和改革局", "'区发展和改革委员会'")
            + &unit("gd", "区供电公司", "'供电企业'")
            + "[[groups]]\nid='zj'\nname='各镇街'\n[[retired]]\nname='辛寨镇'\nsince=2017-08-10\ninto=['刁镇街道']\n";
        let register = Register::new(toml::from_str(&text).unwrap(), FxHashSet::default());
        for (cell, want) in [
            ("双山街道", "ss"),
            ("双 山街道", "ss"),
            ("双山\n街道", "ss"),
            ("双山", "ss"),
            ("双山镇", "ss"),
            ("双山街道办事处", "ss"),
            ("刁镇", "dz"),
            ("ＤＺ", "dz"),
            ("dz", "dz"),
            ("民政局", "mz"),
            ("民政", "mz"),
            ("区民政", "mz"),
            ("公安分局", "ga"),
        ] {
            let got = register.written(cell).map(|ix| register.unit(ix).id.as_str());
            assert_eq!(got.ok(), Some(want), "{cell}");
        }
        for cell in [
            "公安局",
            "委员会",
            "企业",
            "办事处",
            "街道",
            "镇",
            "山",
            "局",
            "区",
            "双山局",
            "民政街道",
            "刁",
            "",
        ] {
            let got = register.written(cell).map(|ix| &register.unit(ix).id);
            assert!(matches!(got, Err(NotOne::Unknown(_))), "{cell} {got:?}");
        }
        assert!(matches!(register.written("各镇街"), Err(NotOne::Group)));
        assert!(
            matches!(register.written("辛寨镇政府"), Err(NotOne::Retired(unit)) if unit.name == "辛寨镇")
        );
    }
}
