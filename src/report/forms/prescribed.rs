//! Ledgers in the form that the plan prescribes, in its own words.

use super::super::typed::{typed, whole, written};
use super::{Filer, left_out, single};
use crate::document::{Cell, Form, FormColumn, FormLine, percent};
use crate::figures::results::figures;
use crate::model::book::{Book, Ledger};
use crate::model::campaign::{FORM_SERIAL, FORM_UNIT, LedgerForm};
use crate::model::choices::choices;
use crate::model::column::{Column, nature};
use crate::model::issue::Row;
use crate::model::seal::month_end;
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use anyhow::Result;
use chrono::Datelike;
use rust_decimal::Decimal;

/// Words of the form for where a problem stands, from the beginning to the end.
pub const WORDS: [&str; 3] = ["未整改", "整改中", "完成"];

/// Lines to write on, where there is no problem yet.
const BLANK_LINES: usize = 5;

/// What the form says of a status; nothing of problems that went elsewhere, which the form leaves out.
pub fn word(status: Status) -> Option<&'static str> {
    match status {
        Status::Registered => Some(WORDS[0]),
        Status::Underway | Status::Applied => Some(WORDS[1]),
        Status::Closed => Some(WORDS[2]),
        Status::Transferred | Status::Merged => None,
    }
}

/// One form of the ledgers of a campaign, or of one of its units.
pub fn build(book: &Book, form: &LedgerForm, campaign: u16, unit: Option<UnitIx>) -> Result<Form> {
    let plan = book.workspace.campaign(campaign);
    let of_unit = |ledger: &Ledger| unit.is_none_or(|unit| ledger.unit == unit);
    let rows: Vec<(&Ledger, Row)> = book
        .rows()
        .filter(|(ledger, row)| of_unit(ledger) && word(row.issue.status_on(book.as_of)).is_some())
        .collect();
    let Filer { name, by, sheet } = Filer::of(book, campaign, unit);
    let title =
        if unit.is_some() { format!("{name}{}", form.title) } else { format!("{}（{sheet}）", form.title) };
    let column = |column: &crate::model::campaign::LedgerFormColumn| FormColumn {
        head: column.head.clone(),
        choices: match column.shows == Column::Status.heading() {
            true => WORDS.map(str::to_owned).to_vec(),
            false => choices(&column.shows, plan),
        },
    };
    let line = |(at, (ledger, row)): (usize, &(&Ledger, Row))| {
        let cells = form.columns.iter().map(|column| match column.shows.as_str() {
            FORM_SERIAL => Ok(Cell::count(at + 1)),
            FORM_UNIT => Ok(Cell::text(book.unit_name(ledger))),
            shows if shows == Column::Status.heading() => {
                Ok(Cell::text(word(row.issue.status_on(book.as_of)).unwrap_or_default()))
            }
            shows => {
                let cell = typed(&row.under(shows).unwrap_or_default(), nature(shows, plan));
                whole(ledger, row, shows, cell)
            }
        });
        cells.collect::<Result<Vec<_>>>().map(single)
    };
    let mut lines = vec![sums(book, form, campaign, unit, &rows)];
    for row in rows.iter().enumerate() {
        lines.push(line(row)?);
    }
    if rows.is_empty() {
        let blank = || single(form.columns.iter().map(|_| Cell::Empty));
        lines.extend(std::iter::repeat_with(blank).take(BLANK_LINES));
    }
    Ok(Form {
        name: sheet,
        mark: form.source.clone(),
        title,
        above: vec![format!("填报单位（公章）：{by}"), "主要负责人签字：".to_owned()],
        columns: form.columns.iter().map(column).collect(),
        rows: lines,
        below: [
            vec!["填报人：".to_owned(), "填报时间：　　　　年　　月　　日".to_owned()],
            left_out::notes(book, campaign, unit),
        ]
        .concat(),
    })
}

/// 合计: the whole in words, and what was handed on.
fn sums(
    book: &Book,
    form: &LedgerForm,
    campaign: u16,
    unit: Option<UnitIx>,
    rows: &[(&Ledger, Row)],
) -> FormLine {
    let all = rows.len();
    let count = |wanted: &str| {
        rows.iter().filter(|(_, row)| word(row.issue.status_on(book.as_of)) == Some(wanted)).count()
    };
    let [open, underway, done] = WORDS.map(count);
    let mut amounts = rows.iter().filter_map(|(_, row)| row.text(Column::Money).parse::<Decimal>().ok());
    let money = amounts.try_fold(Decimal::ZERO, Decimal::checked_add).map_or_else(
        || "—（数太大，加不起来，请核对）".to_owned(),
        |money| format!("{} 元", money.normalize()),
    );
    let rate = percent(done as i64, all as i64)
        .map_or(String::new(), |rate| format!("，完成率 {rate:.1}%（{done}/{all}）"));
    let whole = format!(
        "共 {all} 个问题：完成 {done} 个，整改中 {underway} 个，未整改 {open} 个{rate}；涉及资金 {money}"
    );
    let day = book.as_of;
    let until = if month_end(day) == Some(day) {
        format!("截至{}月底", day.month())
    } else {
        format!("截至{}月{}日", day.month(), day.day())
    };
    let handed = figures(book, campaign, unit)
        .into_iter()
        .filter(|figure| figure.line.source == form.source)
        .map(|figure| format!("，{}{}{}", figure.line.name, written(figure.value), figure.line.unit));
    let handed: String = [until].into_iter().chain(handed).collect();
    let name = "合　计";
    let (cells, spans) = match form.columns.len() as u16 {
        0 | 1 => (vec![format!("{name}：{whole}；{handed}")], vec![1]),
        2 => (vec![name.to_owned(), format!("{whole}；{handed}")], vec![1, 1]),
        width => {
            // A quarter of the sheet for the name and for what was handed on, the rest for the words.
            let edge = (width / 4).max(1);
            (vec![name.to_owned(), whole, handed], vec![edge, width - 2 * edge, edge])
        }
    };
    FormLine { cells: cells.into_iter().map(Cell::Text).collect(), spans }
}
