//! Lists to choose from. They stand on a sheet that only programs show: one in the cell's own rule may have 255 characters
//! at most.

use anyhow::Result;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{DataValidation, Formula, Worksheet};
use std::collections::BTreeMap;

/// Every list of a workbook once.
pub struct Choices<'l> {
    sheet: Worksheet,
    /// Where each stands, as a formula.
    places: BTreeMap<&'l [String], String>,
}

impl<'l> Choices<'l> {
    /// The name of their sheet.
    pub const SHEET: &'static str = "选项";

    pub fn new(lists: impl Iterator<Item = &'l Vec<String>>) -> Result<Choices<'l>> {
        let mut choices = Choices { sheet: Worksheet::new(), places: BTreeMap::new() };
        choices.sheet.set_name(Self::SHEET)?.set_very_hidden(true);
        for list in lists.filter(|list| !list.is_empty()) {
            let at = choices.places.len() as u16;
            if choices.places.contains_key(&list[..]) {
                continue;
            }
            choices.sheet.write_column(0, at, list)?;
            let name = column_number_to_name(at);
            let formula = format!("={}!${name}$1:${name}${}", Self::SHEET, list.len());
            choices.places.insert(list, formula);
        }
        Ok(choices)
    }

    /// Offers a list in a column from the first row to the last; other values are refused.
    pub fn offer(
        &self,
        list: &[String],
        sheet: &mut Worksheet,
        (first, last): (u32, u32),
        at: u16,
    ) -> Result<()> {
        if let Some(place) = self.places.get(list) {
            let rule = DataValidation::new()
                .allow_list_formula(Formula::new(place))
                .set_error_title("不是可用的值")?
                .set_error_message("请从下拉列表中选择")?;
            sheet.add_data_validation(first, at, last, at, &rule)?;
        }
        Ok(())
    }

    /// Nothing where there is nothing to choose.
    pub fn into_sheet(self) -> Option<Worksheet> {
        (!self.places.is_empty()).then_some(self.sheet)
    }
}
