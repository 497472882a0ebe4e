//! Sheets to rows, each on its way into the ledger of a unit.

use super::headings::{self, ForeignColumn, Header, Meaning, looks_like_deadline};
use super::map_file::MapFile;
use super::plan::{Incoming, SheetTold};
use super::rows::{Fault, ForeignRow, Reading, rows};
use super::values::{Terms, value};
use crate::finding::{nearest, suggest};
use crate::load::workbook::{RawCell, RawSheet};
use crate::model::book::{Desk, Workspace};
use crate::model::column::Column;
use crate::model::unit::{NotOne, Register, UnitIx};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Heading of a ledger and what each new row says where the sheet says nothing.
pub type Defaults = Arc<[(String, String)]>;

/// What the sheets of one import have in common.
pub struct Intake<'a> {
    pub workspace: &'a Workspace,
    pub desk: &'a Desk,
    /// Whose ledger it is where the sheet does not say.
    pub unit: Option<UnitIx>,
    pub map: MapFile,
    pub today: NaiveDate,
    pub skip_hidden: bool,
}

impl Intake<'_> {
    pub fn header(&self, sheet: &RawSheet) -> Option<Header> {
        headings::find(sheet, &self.desk.campaign, &self.map)
    }

    fn terms(&self) -> Terms<'_> {
        Terms { desk: self.desk, today: self.today }
    }

    /// What the map says, overruled by what is `given`; values as the ledger writes them.
    pub fn defaults(&self, given: Vec<(String, String)>) -> Result<Defaults, String> {
        let mapped = self.map.defaults().map(|(name, value)| (name.clone(), value.clone()));
        let mut defaults: BTreeMap<String, String> = mapped.chain(given).collect();
        let known = crate::model::column::headings(&self.desk.campaign);
        for (heading, text) in &mut defaults {
            if !known.contains(heading) {
                let help = suggest(heading, known.iter().map(String::as_str));
                return Err(format!("没有“{heading}”这一列；{help}"));
            }
            let typed = value(&RawCell::Text(text.clone()), heading, Default::default(), self.terms());
            *text = typed.map_err(|why| format!("{heading}：{why}"))?.0;
        }
        Ok(defaults.into_iter().collect())
    }

    /// The rows of the sheet at a place of the batch. An error says which column has to be named first.
    pub fn rows(
        &self,
        (at, name): (usize, String),
        sheet: RawSheet,
        header: &Header,
        defaults: &Defaults,
    ) -> Result<(SheetTold, Vec<Incoming>), String> {
        self.require_units_named(&name, &sheet, header)?;
        self.require_limits_named(&name, header)?;
        let hidden: Vec<u32> = sheet.rows.iter().filter(|row| row.is_hidden).map(|row| row.number).collect();
        let sheet_name = sheet.name.clone();
        let is_unit = self.workspace.register.written(&sheet_name).is_ok();
        let reading = Reading { header, terms: self.terms(), defaults, skip_hidden: self.skip_hidden };
        let (rows, skipped) = rows(sheet, reading);
        let unknown = header.columns.iter().filter(|column| column.meaning == Meaning::Unknown);
        let told = SheetTold {
            header: Some(header.row),
            unknown: unknown.map(|column| column.words.clone()).filter(|words| !words.is_empty()).collect(),
            hidden: rows.iter().filter(|row| hidden.binary_search(&row.row).is_ok()).count(),
            skipped,
            name,
        };
        let incoming = rows.into_iter().map(|mut row| {
            if row.unit.is_empty() && is_unit {
                row.unit.clone_from(&sheet_name);
            }
            let unit = self.unit_of(&mut row);
            Incoming { sheet: at, unit, row }
        });
        Ok((told, incoming.collect()))
    }

    /// A column that nobody knew and that may be 完成时限 would leave every row to the latest limit of the plan.
    fn require_limits_named(&self, name: &str, header: &Header) -> Result<(), String> {
        // With 编号 it is one of our reports, whose rows have limits already.
        let known = [Column::Deadline.heading(), Column::Id.heading()];
        let mut columns = header.columns.iter();
        if columns.clone().any(|column| known.iter().any(|heading| column.meaning.is(heading))) {
            return Ok(());
        }
        let may_be = |column: &&ForeignColumn| {
            column.meaning == Meaning::Unknown
                && !self.map.names(&column.words)
                && looks_like_deadline(&column.words)
        };
        match columns.find(may_be) {
            None => Ok(()),
            Some(ForeignColumn { words, .. }) => Err(format!(
                "{name}：“{words}”像是完成时限，没有认出来；用 --map 写明 \"{words}\" = \"完成时限\"，不是的写成空的"
            )),
        }
    }

    /// A column that nobody knew and that holds nothing but units would send every row to one of them.
    fn require_units_named(&self, name: &str, sheet: &RawSheet, header: &Header) -> Result<(), String> {
        if header.columns.iter().any(|column| column.meaning == Meaning::Unit) {
            return Ok(());
        }
        let unit = |cell: &RawCell| match cell {
            RawCell::Text(text) => self.workspace.register.written(text).ok(),
            _ => None,
        };
        let holds_units = |at: usize| {
            let cells = sheet.rows.iter().skip(header.body).filter_map(|row| row.cells.get(at));
            let filled = cells.filter(|cell| **cell != RawCell::Empty);
            let units: Option<Vec<UnitIx>> = filled.map(unit).collect();
            units.is_some_and(|units| units.iter().any(|unit| Some(*unit) != self.unit))
        };
        let unknown = header.columns.iter().enumerate();
        let unknown = unknown
            .filter(|(_, column)| column.meaning == Meaning::Unknown && !self.map.names(&column.words));
        match unknown.map(|(at, _)| at).find(|at| holds_units(*at)) {
            None => Ok(()),
            Some(at) => Err(format!(
                "{name}：“{words}”一列写的都是单位，不知道是不是归这个单位的台账；用 --map 写明 \"{words}\" = \"单位\"，不是的写成空的",
                words = header.columns[at].words
            )),
        }
    }

    /// The unit that the row or its sheet names, else the one of the command line, else that of the 编号.
    fn unit_of(&self, row: &mut ForeignRow) -> Option<UnitIx> {
        let fault = |row: &mut ForeignRow, why: String| row.faults.push(Fault::new("单位", why));
        let register = &self.workspace.register;
        if row.unit.is_empty() {
            let code = row.value(Column::Id).split('-').nth(1);
            let unit = self.unit.or_else(|| register.unit_by_code(code?));
            if unit.is_none() {
                fault(row, "没有写单位，命令里也没有；加 --unit 单位".to_owned());
            }
            return unit;
        }
        match (register.written(&row.unit), self.unit) {
            (Err(why), _) => {
                let why = no_unit(&row.unit, &why, register);
                fault(row, why);
            }
            (Ok(unit), Some(asked)) if unit != asked => {
                let (own, asked) = (&row.unit, &register.unit(asked).name);
                let why = format!("表里写的是“{own}”，不是 {asked}；改正，或去掉 --unit");
                fault(row, why);
            }
            (Ok(unit), _) => return Some(unit),
        }
        None
    }
}

/// Why a cell is no unit's name, and which one may be meant.
fn no_unit(cell: &str, why: &NotOne, register: &Register) -> String {
    match why {
        NotOne::Group => format!("“{cell}”是单位组；要写一个单位"),
        NotOne::Retired(unit) => {
            format!("{}已于 {} 撤销；改写承接单位：{}", unit.name, unit.since, unit.into.join("、"))
        }
        NotOne::Unknown(alike) => {
            let all = || register.units.iter().map(|unit| unit.name.as_str());
            let names: Vec<&str> = match alike.len() {
                0 => nearest(cell, all()).into_iter().collect(),
                1..=3 => alike.iter().map(|ix| register.unit(*ix).name.as_str()).collect(),
                _ => vec![],
            };
            let help = match names[..] {
                [] => "运行 zxzz units 看看有哪些单位；这一列不是填报单位的，用 --map 写明".to_owned(),
                _ => format!("是不是“{}”？写全称", names.join("”“")),
            };
            format!("没有“{cell}”这个单位；{help}")
        }
    }
}
