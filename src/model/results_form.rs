//! The form of results (成果表) as the plan prints it: blocks of boxes, in each the plan's words or figures.

use schemars::JsonSchema;
use serde::Deserialize;

/// The columns of a block share these parts of the form's width, so that blocks of different columns stand flush.
pub const PARTS: u16 = 12;

/// Stands for the unit's name in the lines of a form.
pub const NAME: &str = "{单位}";

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "方案规定的成果表样式")]
pub struct ResultsForm {
    #[schemars(description = "标题；{单位} 换成单位名称")]
    pub title: String,
    #[schemars(description = "出处，如“附件3”，印在左上角")]
    pub source: String,
    #[serde(default)]
    #[schemars(description = "表上的各行，如“填报单位（公章）：{单位}”")]
    pub above: Vec<String>,
    #[schemars(description = "表的各部分，从上到下")]
    pub blocks: Vec<FormBlock>,
    #[serde(default)]
    #[schemars(description = "表下的各行，如填表说明")]
    pub below: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "成果表的一部分")]
pub struct FormBlock {
    #[schemars(description = "标题，占一整行")]
    pub title: String,
    #[schemars(description = "各列的宽，合计 12")]
    pub widths: Vec<u16>,
    /// Repeated where the block goes on over the page; a sheet repeats one such row, so of several blocks the last one's.
    #[serde(default)]
    #[schemars(description = "列名一行，换页重复（几个部分都有的，只重复最后一个）；没有列名不写")]
    pub head: Vec<FormCell>,
    #[schemars(description = "各行，每行从左到右各格；上面的格占下来的不再写")]
    pub rows: Vec<Vec<FormCell>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "成果表的一格：写文字，或填数")]
pub struct FormCell {
    #[serde(default)]
    #[schemars(description = "表上的文字")]
    pub text: String,
    /// Ids of result lines; several stand as “甲/乙”.
    #[serde(default)]
    #[schemars(description = "填哪个数：results 的 id；一格几个数的依次写，印成“甲/乙”")]
    pub shows: Vec<String>,
    #[serde(default = "one")]
    #[schemars(description = "占几行，不写是 1")]
    pub rows: u16,
    #[serde(default = "one")]
    #[schemars(description = "占几列，不写是 1")]
    pub columns: u16,
}

fn one() -> u16 {
    1
}

/// A box with its place: rows from the top of the block (the head is the first, if there is one), parts from the left.
#[derive(Debug, PartialEq, Eq)]
pub struct Placed<'f> {
    pub cell: &'f FormCell,
    pub row: u16,
    pub left: u16,
    pub width: u16,
}

/// What keeps the boxes of a block from filling it without gap or overlap.
#[derive(Debug, PartialEq, Eq)]
pub enum Misfit {
    Widths,
    Head,
    Row(usize),
}

impl ResultsForm {
    /// Every cell with the path of its keys in the campaign's file.
    pub fn cells(&self) -> impl Iterator<Item = (String, &FormCell)> {
        self.blocks.iter().enumerate().flat_map(|(block, form)| {
            let head = form.head.iter().enumerate();
            let head = head.map(move |(at, cell)| (format!("results_form.blocks[{block}].head[{at}]"), cell));
            let rows = form.rows.iter().enumerate().flat_map(move |(row, cells)| {
                let path = move |at| format!("results_form.blocks[{block}].rows[{row}][{at}]");
                cells.iter().enumerate().map(move |(at, cell)| (path(at), cell))
            });
            head.chain(rows)
        })
    }
}

impl FormBlock {
    pub fn placed(&self) -> Result<Vec<Placed<'_>>, Misfit> {
        if self.widths.contains(&0)
            || self.widths.iter().map(|width| u32::from(*width)).sum::<u32>() != u32::from(PARTS)
        {
            return Err(Misfit::Widths);
        }
        let head = [&self.head].into_iter().filter(|head| !head.is_empty());
        // For how many rows each column is still taken by boxes that began above.
        let mut taken = vec![0_u16; self.widths.len()];
        let mut placed = vec![];
        for (row, cells) in head.chain(&self.rows).enumerate() {
            let misfit = match row.checked_sub(usize::from(!self.head.is_empty())) {
                Some(row) => Misfit::Row(row),
                None => Misfit::Head,
            };
            let mut at = 0;
            for cell in cells {
                at += taken[at..].iter().take_while(|rows| **rows > 0).count();
                let end = at + usize::from(cell.columns);
                let is_free = taken.get(at..end).is_some_and(|own| own.iter().all(|rows| *rows == 0));
                if !is_free || cell.columns == 0 || cell.rows == 0 {
                    return Err(misfit);
                }
                taken[at..end].fill(cell.rows);
                let parts = |columns: &[u16]| columns.iter().sum();
                let (left, width) = (parts(&self.widths[..at]), parts(&self.widths[at..end]));
                placed.push(Placed { cell, row: row as u16, left, width });
                at = end;
            }
            let is_last = row + 1 == self.rows.len() + usize::from(!self.head.is_empty());
            if taken.contains(&0) || is_last && taken.iter().any(|rows| *rows > 1) {
                return Err(misfit);
            }
            taken.iter_mut().for_each(|rows| *rows -= 1);
        }
        Ok(placed)
    }

    /// Rows that it takes below its title.
    pub fn height(&self) -> usize {
        self.rows.len() + usize::from(!self.head.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(rows: u16, columns: u16) -> FormCell {
        FormCell { text: "x".to_owned(), shows: vec![], rows, columns }
    }

    fn block(widths: &[u16], rows: Vec<Vec<FormCell>>) -> FormBlock {
        FormBlock { title: String::new(), widths: widths.to_vec(), head: vec![], rows }
    }

    #[test]
    fn boxes_take_the_next_free_place() {
        let block = block(&[2, 4, 6], vec![vec![cell(2, 1), cell(1, 2)], vec![cell(1, 1), cell(1, 1)]]);
        let places: Vec<_> =
            block.placed().unwrap().iter().map(|one| (one.row, one.left, one.width)).collect();
        assert_eq!(places, [(0, 0, 2), (0, 2, 10), (1, 2, 4), (1, 6, 6)]);
    }

    #[test]
    fn gaps_overlaps_and_overhangs_are_told_by_their_row() {
        for (widths, rows, want) in [
            (&[6, 5][..], vec![vec![cell(1, 2)]], Misfit::Widths),
            (&[6, 0, 6], vec![vec![cell(1, 3)]], Misfit::Widths),
            (&[6, 6], vec![vec![cell(1, 2)], vec![cell(1, 1)]], Misfit::Row(1)),
            (&[6, 6], vec![vec![cell(1, 2), cell(1, 1)]], Misfit::Row(0)),
            (&[6, 6], vec![vec![cell(1, 1), cell(2, 1)]], Misfit::Row(0)),
            (&[4, 4, 4], vec![vec![cell(1, 1), cell(2, 1), cell(1, 1)], vec![cell(1, 2)]], Misfit::Row(1)),
            (&[6, 6], vec![vec![cell(1, 0), cell(1, 2)]], Misfit::Row(0)),
        ] {
            assert_eq!(block(widths, rows).placed(), Err(want));
        }
        let headed = FormBlock { head: vec![cell(1, 1)], ..block(&[6, 6], vec![vec![cell(1, 2)]]) };
        assert_eq!(headed.placed(), Err(Misfit::Head));
    }
}
