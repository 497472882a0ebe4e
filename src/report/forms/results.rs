//! The form of results (成果表) as the plan prints it, every figure in its box.

use super::super::typed::written;
use super::{Filer, left_out};
use crate::document::{BoxForm, Cell, FormBox, Holds};
use crate::figures::results::{ResultFigure, figures};
use crate::model::book::Book;
use crate::model::results_form::{FormCell, Misfit, NAME, PARTS, ResultsForm};
use crate::model::unit::UnitIx;

/// One form of a campaign, or of one of its units; an error where the boxes of the campaign's form do not fit together.
pub fn build(
    book: &Book,
    form: &ResultsForm,
    campaign: u16,
    unit: Option<UnitIx>,
) -> Result<BoxForm, Misfit> {
    let Filer { name, by, sheet } = Filer::of(book, campaign, unit);
    let all = figures(book, campaign, unit);
    let (mut boxes, mut repeated, mut row) = (vec![], None, 0);
    for block in &form.blocks {
        let title = Cell::text(&block.title);
        boxes.push(FormBox { row, rows: 1, left: 0, width: PARTS, holds: Holds::Heading, cell: title });
        row += 1;
        if !block.head.is_empty() {
            repeated = Some(row);
        }
        boxes.extend(block.placed()?.iter().map(|placed| FormBox {
            row: row + u32::from(placed.row),
            rows: placed.cell.rows.into(),
            left: placed.left,
            width: placed.width,
            holds: match placed.cell.shows.is_empty() {
                false => Holds::Figure,
                true if placed.row == 0 && !block.head.is_empty() => Holds::Heading,
                true => Holds::Words,
            },
            cell: shown(placed.cell, &all),
        }));
        row += block.height() as u32;
    }
    Ok(BoxForm {
        name: sheet,
        mark: form.source.clone(),
        title: form.title.replace(NAME, &name),
        above: form.above.iter().map(|line| line.replace(NAME, &by)).collect(),
        columns: PARTS,
        boxes,
        repeated,
        below: [form.below.clone(), left_out::notes(book, campaign, unit)].concat(),
    })
}

/// A number where it stands alone, so that it can be summed up.
fn shown(cell: &FormCell, figures: &[ResultFigure]) -> Cell {
    let value = |id: &String| figures.iter().find(|figure| figure.line.id == *id)?.value;
    match &cell.shows[..] {
        [] => Cell::text(&cell.text),
        [only] => {
            value(only).map_or_else(|| Cell::text(written(None)), |value| Cell::Number(value.normalize()))
        }
        several => Cell::text(several.iter().map(|id| written(value(id))).collect::<Vec<_>>().join("/")),
    }
}
