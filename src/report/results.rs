//! `zxzz results`: the campaign's form of results (成果表), each figure with where it comes from.

use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::figures::results::{ResultFigure, figures};
use crate::model::book::Book;
use crate::model::unit::UnitIx;

pub fn build(book: &Book, campaign: u16, unit: Option<UnitIx>) -> Document {
    let mut document = begin(book, "");
    let name = unit.map_or("", |unit| book.workspace.register.unit(unit).name.as_str());
    document.title =
        format!("{} 成果表 {name}", book.workspace.campaign(campaign).name).trim_end().to_owned();
    let all = figures(book, campaign, unit);
    let groups: Vec<&[ResultFigure]> = all.chunk_by(|a, b| a.line.group == b.line.group).collect();
    for group in groups {
        let mut table = Table::new(&group[0].line.group, &["项目", "数", "单位", "取数", "出处"]);
        table.rows = group.iter().map(row).collect();
        document.table(table);
    }
    let missing = all.iter().filter(|figure| figure.value.is_none()).count();
    if missing > 0 {
        document
            .notes
            .push(format!("有 {missing} 个数台账里没有，还没有单位填报，空着；填报见 docs/filing.md"));
    }
    finish(document, book)
}

fn row(figure: &ResultFigure) -> Vec<Cell> {
    vec![
        Cell::text(&figure.line.name),
        figure.value.map_or(Cell::Empty, |value| Cell::Number(value.normalize())),
        Cell::text(&figure.line.unit),
        Cell::text(&figure.origin),
        Cell::text(&figure.line.source),
    ]
}
