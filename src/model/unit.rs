//! Who acts: units, groups of units, and names that no longer exist.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// `units.toml` as written.
#[derive(Debug, Default, Deserialize)]
pub struct UnitsFile {
    #[serde(default)]
    pub units: Vec<Unit>,
    #[serde(default)]
    pub groups: Vec<UnitGroup>,
    #[serde(default)]
    pub retired: Vec<RetiredUnit>,
}

/// A body that can answer for tasks and keep ledgers.
#[derive(Debug, Clone, Deserialize)]
pub struct Unit {
    /// Lower-case ASCII; the stem of the unit's ledgers.
    pub id: String,
    /// Upper-case ASCII; the middle part of 编号.
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The unit of which this one is a part; it answers for its parent's tasks.
    pub parent: Option<String>,
    pub note: Option<String>,
}

/// What sort of body a unit is; towns (街道, 镇) are ranked apart from departments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Deserialize)]
pub struct UnitGroup {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub members: Vec<String>,
    #[serde(default)]
    pub open: bool,
    pub note: Option<String>,
}

/// A name that was abolished: a row that still uses it is wrong.
#[derive(Debug, Clone, Deserialize)]
pub struct RetiredUnit {
    pub name: String,
    #[serde(deserialize_with = "super::toml_date::required")]
    pub since: NaiveDate,
    #[serde(default)]
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

/// All units and every way to name them.
#[derive(Debug, Default)]
pub struct Register {
    pub units: Vec<Unit>,
    pub groups: Vec<UnitGroup>,
    pub retired: Vec<RetiredUnit>,
    names: FxHashMap<String, Body>,
    codes: FxHashMap<String, UnitIx>,
}

impl Register {
    pub fn new(file: UnitsFile) -> Register {
        let mut register =
            Register { units: file.units, groups: file.groups, retired: file.retired, ..Register::default() };
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

    /// Every name of every unit and group, for "did you mean".
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}
