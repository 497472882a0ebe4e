//! `campaigns/<id>.toml` to a campaign.

use super::toml_file::{Origin, TomlFile, fields_of};
use crate::finding::Finding;
use crate::model::campaign::{
    Campaign, Closure, Condition, Contact, LedgerForm, LedgerFormColumn, Limit, Period, TargetPart,
};
use crate::model::policy::{CalendarOverride, Lights, Policy};
use crate::model::results_form::{FormBlock, FormCell, ResultsForm};
use crate::model::trigger::{Bounds, LastPlaces};

/// Reads one plan; `None` when its form or its head is broken.
pub fn read(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<(Campaign, Origin)> {
    let mut file = TomlFile::parse(path, text, findings)?;
    let stages = file.entries("stages");
    let tasks = file.entries("tasks");
    let milestones = file.entries("milestones");
    let targets = file.entries("targets");
    let duties = file.entries("duties");
    let mechanisms = file.entries("mechanisms");
    let results = file.entries("results");
    let categories = file.entries("categories");
    let columns = file.entries("columns");
    let (head, origin) = file.rest::<Campaign>();
    let lists = Campaign {
        stages,
        tasks,
        milestones,
        targets,
        duties,
        mechanisms,
        results,
        categories,
        columns,
        ..head?
    };
    Some((lists, origin))
}

/// The keys allowed under a nested key, for "did you mean".
pub fn fields_under(parent: &str, otherwise: &'static [&'static str]) -> &'static [&'static str] {
    match parent {
        "limits" => fields_of::<Limit>(),
        "when" | "cell" => fields_of::<Condition>(),
        "contact" => fields_of::<Contact>(),
        "period" => fields_of::<Period>(),
        "metric" => fields_of::<Bounds>(),
        "last" => fields_of::<LastPlaces>(),
        "parts" => fields_of::<TargetPart>(),
        "ledger_form" => fields_of::<LedgerForm>(),
        "columns" => fields_of::<LedgerFormColumn>(),
        "results_form" => fields_of::<ResultsForm>(),
        "blocks" => fields_of::<FormBlock>(),
        "head" | "rows" => fields_of::<FormCell>(),
        "closure" => fields_of::<Closure>(),
        "policy" => fields_of::<Policy>(),
        "lights" => fields_of::<Lights>(),
        "calendar" => fields_of::<CalendarOverride>(),
        _ => otherwise,
    }
}
