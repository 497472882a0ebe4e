//! The same new 编号 on both sides for different problems: the later one gets the next free number.

use super::sheet::{Key, Sheet};
use super::{Side, Terms, Told};
use crate::model::column::Column;
use crate::model::issue::unquoted;
use rustc_hash::{FxHashMap, FxHashSet};

#[derive(Default)]
pub struct Clashes {
    pub told: Vec<Told>,
    /// 编号 that cannot be given another number, and why.
    pub blocked: FxHashMap<String, String>,
}

/// Renumbers in the sheet of the later problem. Which one is later does not depend on who merges.
pub fn settle(base: &Sheet, ours: &mut Sheet, theirs: &mut Sheet, terms: &Terms) -> Clashes {
    let mut clashes = Clashes::default();
    let mut used = ids(base);
    used.extend(ids(ours));
    used.extend(ids(theirs));
    for id in contested(base, ours, theirs) {
        if let Some(who) = referrer(&id, [base, ours, theirs], terms) {
            let reason = format!("两边用这个编号登记了不同的问题，{who}又引用了它，不能代为改号");
            clashes.blocked.insert(id, reason);
            continue;
        }
        let Some(to) = next_free(&id, &used, terms) else {
            clashes
                .blocked
                .insert(id, "两边用这个编号登记了不同的问题，编号末尾没有序号，不能代为改号".to_owned());
            continue;
        };
        let side = if age(ours, &id) > age(theirs, &id) { Side::Ours } else { Side::Theirs };
        match side {
            Side::Ours => ours.renumber(&id, &to),
            Side::Theirs => theirs.renumber(&id, &to),
        }
        used.insert(to.clone());
        clashes.told.push(Told::Renumbered { from: id, to, side });
    }
    clashes
}

fn ids(sheet: &Sheet) -> FxHashSet<String> {
    sheet.rows.keys().map(|key| key.0.clone()).collect()
}

/// New 编号 that mean another problem on each side, in order.
fn contested(base: &Sheet, ours: &Sheet, theirs: &Sheet) -> Vec<String> {
    let (old, new) = (ids(base), ids(theirs));
    let mut both: Vec<String> =
        ids(ours).into_iter().filter(|id| new.contains(id) && !old.contains(id)).collect();
    both.retain(|id| problem(ours, id) != problem(theirs, id));
    both.sort();
    both
}

/// What a 编号 stands for: the problem of its first round.
fn problem(sheet: &Sheet, id: &str) -> Option<[String; 2]> {
    let first = sheet.rounds(id).into_iter().next()?;
    Some([Column::Subject, Column::Description].map(|column| sheet.value(&first, column).into_owned()))
}

/// By 发现日期, then by all that is said.
fn age(sheet: &Sheet, id: &str) -> (String, Vec<(String, String)>) {
    let first: Key = sheet.rounds(id).into_iter().next().unwrap_or_default();
    let found = sheet.value(&first, Column::Found).into_owned();
    let mut said: Vec<(String, String)> = match sheet.rows.get(&first) {
        Some(row) => sheet
            .columns
            .iter()
            .zip(&row.cells)
            .map(|(column, raw)| (column.0.clone(), unquoted(raw).into_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        None => vec![],
    };
    said.sort();
    (found, said)
}

/// Who says in 去向 that a problem became this one.
fn referrer(id: &str, sheets: [&Sheet; 3], terms: &Terms) -> Option<String> {
    let mut all: Vec<&Key> = vec![];
    for sheet in sheets {
        let names = |key: &&Key| mentions(&sheet.value(key, Column::Destination), id);
        all.extend(sheet.rows.keys().filter(names));
    }
    all.sort();
    match all.first() {
        Some(key) => Some(format!(" {} 的去向", key.0)),
        None => (terms.is_referred_to)(id).then(|| "别的台账".to_owned()),
    }
}

/// Whether a text names a 编号, and not a longer one.
pub fn mentions(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !text[at + id.len()..].starts_with(goes_on) && !text[..at].ends_with(goes_on)
    })
}

/// The number after the highest of its kind that nobody uses.
fn next_free(id: &str, used: &FxHashSet<String>, terms: &Terms) -> Option<String> {
    let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (prefix, number) = id.split_at(id.len() - digits);
    number.parse::<u64>().ok()?;
    let numbers = used.iter().filter_map(|other| other.strip_prefix(prefix)?.parse::<u64>().ok());
    let highest = numbers.max()?;
    let named = |number: u64| format!("{prefix}{number:0digits$}");
    (highest.checked_add(1)?..).map(named).find(|id| !used.contains(id) && !(terms.is_taken)(id))
}
