//! The first record of a ledger: which column stands where.

use super::ledger::{NEEDED, Origin};
use super::rules::{DUPLICATE_COLUMN, MISSING_COLUMN, MISSING_HEADER, UNKNOWN_COLUMN};
use crate::finding::Finding;
use crate::model::column::{COLUMNS, Column, Layout, Position};
use crate::model::issue::Cells;

/// Places the columns by name.
pub fn read_header(origin: Origin, cells: Cells, line: u32, findings: &mut Vec<Finding>) -> Layout {
    let campaign = &origin.desk.campaign;
    let headings = (0..cells.ends.len()).map(|at| cells.value(at as Position).into_owned()).collect();
    let mut layout = Layout::of(headings);
    if !layout.headings.iter().any(|heading| Column::named(heading).is_some()) {
        let first = layout.headings.first().map_or("", String::as_str);
        let (message, help) =
            match first.split(['，', '；', ';', '\t']).any(|part| Column::named(part).is_some()) {
                true => ("列名之间不是英文逗号，整份未读", "在 WPS/Excel 中另存为“CSV UTF-8（逗号分隔）”"),
                false => (
                    "第一行没有一个认得的列名，整份未读",
                    "第一行写列名：编号,任务,问题描述,…；标题行、填报单位行请删去",
                ),
            };
        findings.push(Finding::new(&MISSING_HEADER, origin.path, line, message).help(help));
        return Layout::default();
    }
    let mut signoffs = vec![(None, None); campaign.closure.signoffs.len()];
    let mut extra = vec![None; campaign.columns.len()];
    for (at, heading) in layout.headings.clone().iter().enumerate() {
        let position = at as Position;
        if heading.is_empty() {
            findings.push(
                Finding::new(&UNKNOWN_COLUMN, origin.path, line, format!("第 {} 列没有列名", at + 1))
                    .help("补上列名，或删去该列（末尾多余的逗号）"),
            );
        } else if layout.headings[..at].contains(heading) {
            findings.push(
                Finding::new(&DUPLICATE_COLUMN, origin.path, line, "列名重复，以左边的一列为准")
                    .field(heading.clone())
                    .help("合并成一列，删去另一列"),
            );
        } else if let Some(column) = Column::named(heading) {
            layout.place(column, position);
        } else if let Some(ix) = campaign.columns.iter().position(|column| column.name == *heading) {
            extra[ix] = Some(position);
        } else if let Some((ix, is_person)) = signoff_named(&campaign.closure.signoffs, heading) {
            let slot = if is_person { &mut signoffs[ix].0 } else { &mut signoffs[ix].1 };
            *slot = Some(position);
        } else {
            findings.push(unknown_column(origin, heading, &layout.headings, line));
        }
    }
    layout.signoffs = signoffs;
    layout.extra = extra;
    findings.extend(missing_columns(origin, &layout, line));
    layout
}

fn signoff_named(signoffs: &[String], heading: &str) -> Option<(usize, bool)> {
    signoffs.iter().enumerate().find_map(|(ix, name)| match heading.strip_prefix(name.as_str())? {
        "人" => Some((ix, true)),
        "日期" => Some((ix, false)),
        _ => None,
    })
}

/// Suggests only what the header does not have yet.
fn unknown_column(origin: Origin, heading: &str, present: &[String], line: u32) -> Finding {
    let campaign = &origin.desk.campaign;
    let signoffs: Vec<String> = campaign
        .closure
        .signoffs
        .iter()
        .flat_map(|name| [format!("{name}人"), format!("{name}日期")])
        .collect();
    let names: Vec<&str> = COLUMNS
        .iter()
        .map(|(_, name)| *name)
        .chain(campaign.columns.iter().map(|column| column.name.as_str()))
        .chain(signoffs.iter().map(String::as_str))
        .filter(|name| !present.iter().any(|other| other == name))
        .collect();
    let help = match crate::finding::nearest(heading, names.iter().copied()) {
        Some(near) => format!("是不是“{near}”？"),
        None => "删去该列，或在专项文件中加 [[columns]]".to_owned(),
    };
    Finding::new(&UNKNOWN_COLUMN, origin.path, line, "不认识的列名").field(heading.to_owned()).help(help)
}

fn missing_columns(origin: Origin, layout: &Layout, line: u32) -> Vec<Finding> {
    let campaign = &origin.desk.campaign;
    let needed = crate::model::workflow::ALWAYS
        .iter()
        .copied()
        .chain((!campaign.tasks.is_empty()).then_some(Column::Task))
        .chain((!campaign.categories.is_empty()).then_some(Column::Category));
    let missing = |name: &str| {
        let unread = if NEEDED.iter().any(|column| column.heading() == name) {
            "，数据行全部未读"
        } else {
            ""
        };
        Finding::new(&MISSING_COLUMN, origin.path, line, format!("表头缺少“{name}”列{unread}"))
            .help("在表头补上该列并逐行填写")
    };
    let extra = campaign.columns.iter().zip(&layout.extra);
    needed
        .filter(|column| !layout.has(*column))
        .map(|column| missing(column.heading()))
        .chain(
            extra
                .filter(|(column, at)| column.required && at.is_none())
                .map(|(column, _)| missing(&column.name)),
        )
        .collect()
}
