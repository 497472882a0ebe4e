//! `zxzz import`: what becomes of each row, and what was left out.

use crate::document::{Cell, Document, Table};
use crate::import::plan::{Fate, Planned, SheetTold};
use crate::model::book::Workspace;
use crate::model::column::Column;
use crate::model::workflow::Status;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The first rows of each table.
    Screen,
    All,
}

/// Rows of a table, and notes, that the screen shows.
const ON_SCREEN: usize = 20;

pub fn build(
    workspace: &Workspace,
    as_of: NaiveDate,
    sheets: &[SheetTold],
    planned: &[Planned],
    is_written: bool,
    detail: Detail,
) -> Document {
    let title = if is_written { "导入" } else { "导入预览" };
    let mut document = Document {
        title: format!("{} {title}", workspace.settings.name).trim().to_owned(),
        as_of,
        ..Document::default()
    };
    document.table(summary(sheets, planned));
    for mut table in [
        refused(workspace, sheets, planned),
        changed(sheets, planned),
        added(workspace, sheets, planned),
        skipped(sheets),
    ] {
        let all = table.rows.len();
        if detail == Detail::Screen && all > ON_SCREEN {
            table.rows.truncate(ON_SCREEN);
            document
                .notes
                .push(format!("{}共 {all} 行，这里只列前 {ON_SCREEN} 行；--report 文件 里全有", table.name));
        }
        if !table.rows.is_empty() {
            document.table(table);
        }
    }
    if planned.iter().any(|one| matches!(one.fate, Fate::Refused(_))) {
        document.notes.push(
            "有不能导入的行，一行也没有写；表里没有的列、空着的格，可以用 --set 列=值 给新增的行写上"
                .to_owned(),
        );
    }
    for sheet in sheets.iter().filter(|sheet| sheet.hidden > 0) {
        document
            .notes
            .push(format!("{}：有 {} 行是隐藏的，也导入；不要的加 --skip-hidden", sheet.name, sheet.hidden));
    }
    for sheet in sheets.iter().filter(|sheet| !sheet.unknown.is_empty()) {
        let columns = sheet.unknown.join("、");
        document
            .notes
            .push(format!("{}：没有导入的列 {columns}；要导入的用 --map 写明对应哪一列", sheet.name));
    }
    document.notes.extend(notes(sheets, planned, detail));
    document
}

/// What is said of several rows is said once.
fn notes(sheets: &[SheetTold], planned: &[Planned], detail: Detail) -> Vec<String> {
    let mut known: FxHashMap<(usize, &str), usize> = FxHashMap::default();
    let mut rows: Vec<((usize, &str), Vec<u32>)> = vec![];
    for one in planned {
        for note in &one.incoming.row.notes {
            let key = (one.incoming.sheet, &**note);
            let at = *known.entry(key).or_insert_with(|| {
                rows.push((key, vec![]));
                rows.len() - 1
            });
            rows[at].1.push(one.incoming.row.row);
        }
    }
    let shown = if detail == Detail::Screen { rows.len().min(ON_SCREEN) } else { rows.len() };
    let told = rows.iter().take(shown).map(|((sheet, note), rows)| {
        let first: Vec<String> = rows.iter().take(FIRST).map(u32::to_string).collect();
        let more = if rows.len() > FIRST { format!(" 等 {}", rows.len()) } else { String::new() };
        format!("{}第 {}{more} 行：{note}", sheets[*sheet].name, first.join("、"))
    });
    let mut told: Vec<String> = told.collect();
    if rows.len() > shown {
        told.push(format!("另有 {} 种说明；--report 文件 里全有", rows.len() - shown));
    }
    told
}

/// Rows that a note names.
const FIRST: usize = 5;

fn place(sheets: &[SheetTold], one: &Planned) -> String {
    format!("{}第 {} 行", sheets[one.incoming.sheet].name, one.incoming.row.row)
}

fn summary(sheets: &[SheetTold], planned: &[Planned]) -> Table {
    let mut table = Table::new("", &["工作表", "表头", "新增", "改动", "不变", "不能导入", "跳过"]);
    for (at, sheet) in sheets.iter().enumerate() {
        let own = || planned.iter().filter(|one| one.incoming.sheet == at);
        let count = |is: fn(&Fate) -> bool| Cell::count(own().filter(|one| is(&one.fate)).count());
        table.rows.push(vec![
            Cell::text(&sheet.name),
            Cell::text(sheet.header.map_or("没有找到".to_owned(), |row| format!("第 {row} 行"))),
            count(|fate| *fate == Fate::Added),
            count(|fate| matches!(fate, Fate::Changed(_))),
            count(|fate| *fate == Fate::Same),
            count(|fate| matches!(fate, Fate::Refused(_))),
            Cell::count(sheet.skipped.len()),
        ]);
    }
    table
}

fn unit(workspace: &Workspace, one: &Planned) -> Cell {
    one.incoming
        .unit
        .map_or(Cell::text(&one.incoming.row.unit), |unit| Cell::text(&workspace.register.unit(unit).name))
}

fn problem(one: &Planned) -> String {
    let row = &one.incoming.row;
    match row.value(Column::Subject) {
        "" => row.value(Column::Description).to_owned(),
        subject => format!("{subject}：{}", row.value(Column::Description)),
    }
}

fn refused(workspace: &Workspace, sheets: &[SheetTold], planned: &[Planned]) -> Table {
    let mut table = Table::new("不能导入", &["位置", "单位", "编号", "列", "原因"]);
    for one in planned {
        let Fate::Refused(reasons) = &one.fate else { continue };
        for (column, why) in reasons {
            table.rows.push(vec![
                Cell::text(place(sheets, one)),
                unit(workspace, one),
                Cell::text(&one.id),
                Cell::text(column),
                Cell::text(why),
            ]);
        }
    }
    table
}

fn changed(sheets: &[SheetTold], planned: &[Planned]) -> Table {
    let mut table = Table::new("改动", &["位置", "编号", "列", "原来", "改成"]);
    for one in planned {
        let Fate::Changed(cells) = &one.fate else { continue };
        for (column, before, after) in cells {
            table.rows.push(vec![
                Cell::text(place(sheets, one)),
                Cell::text(&one.id),
                Cell::text(column),
                Cell::text(before),
                Cell::text(after),
            ]);
        }
    }
    table
}

fn added(workspace: &Workspace, sheets: &[SheetTold], planned: &[Planned]) -> Table {
    let mut table = Table::new("新增", &["位置", "单位", "编号", "问题", "时限", "状态"]);
    let or = |told: &str, given: &str| if told.is_empty() { given.to_owned() } else { told.to_owned() };
    for one in planned.iter().filter(|one| one.fate == Fate::Added) {
        let row = &one.incoming.row;
        table.rows.push(vec![
            Cell::text(place(sheets, one)),
            unit(workspace, one),
            Cell::text(&one.id),
            Cell::text(problem(one)),
            Cell::text(or(row.as_new(Column::Deadline), one.limit.as_deref().unwrap_or_default())),
            Cell::text(or(row.as_new(Column::Status), Status::Registered.label())),
        ]);
    }
    table
}

fn skipped(sheets: &[SheetTold]) -> Table {
    let mut table = Table::new("跳过的行", &["工作表", "行", "原因"]);
    for sheet in sheets {
        for skipped in &sheet.skipped {
            let cells = [Cell::text(&sheet.name), Cell::Count(skipped.row.into()), Cell::text(&skipped.why)];
            table.rows.push(cells.to_vec());
        }
    }
    table
}
