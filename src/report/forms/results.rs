//! The form of results (成果表), every figure in its place, two to a line.

use super::single;
use crate::document::{Cell, Form, FormColumn, FormLine};
use crate::figures::results::{ResultFigure, figures};
use crate::model::book::Book;
use crate::model::unit::UnitIx;
use rust_decimal::Decimal;

/// A figure as it is written into a form; a line to write on where there is none.
pub fn written(value: Option<Decimal>) -> String {
    value.map_or("____".to_owned(), |value| value.normalize().to_string())
}

pub fn build(book: &Book, campaign: u16, unit: Option<UnitIx>) -> Form {
    let plan = book.workspace.campaign(campaign);
    let name = unit.map_or("", |unit| book.workspace.register.unit(unit).name.as_str());
    let by = if name.is_empty() { plan.lead.join("、") } else { name.to_owned() };
    let ledger_form = plan.ledger_form.as_ref().map(|form| form.source.as_str());
    let all: Vec<ResultFigure> = figures(book, campaign, unit)
        .into_iter()
        .filter(|figure| ledger_form != Some(figure.line.source.as_str()))
        .collect();
    let mut rows = vec![];
    for group in all.chunk_by(|a, b| a.line.group == b.line.group) {
        rows.push(FormLine { cells: vec![Cell::text(&group[0].line.group)], spans: vec![4] });
        for pair in group.chunks(2) {
            let cells = pair.iter().flat_map(|figure| {
                let name = format!("{}（{}）", figure.line.name, figure.line.unit);
                let value = figure.value.map_or(Cell::Empty, |value| Cell::Number(value.normalize()));
                [Cell::text(name), value]
            });
            let blank = (pair.len() == 1).then_some([Cell::Empty, Cell::Empty]);
            rows.push(single(cells.chain(blank.into_iter().flatten())));
        }
    }
    let title = plan.results_title.as_deref().unwrap_or("成果表");
    let column = |head: &str| FormColumn { head: vec![head.to_owned()], choices: vec![] };
    Form {
        name: if name.is_empty() { "全区".to_owned() } else { name.to_owned() },
        mark: String::new(),
        title: format!("{name}{title}"),
        above: vec![format!("填报单位（公章）：{by}"), "主要负责人签字：".to_owned()],
        columns: ["项目", "数量", "项目", "数量"].map(column).into(),
        rows,
        below: vec!["填报人：".to_owned(), "联系方式：".to_owned()],
    }
}
