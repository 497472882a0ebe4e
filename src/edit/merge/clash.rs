//! The same new 编号 on both sides for different problems: the later one gets the next free number.

use super::sheet::{Key, Sheet};
use super::{Side, Terms, Told};
use crate::model::column::Column;
use crate::model::issue::unquoted;
use rustc_hash::FxHashMap;

#[derive(Default)]
pub struct Clashes {
    pub told: Vec<Told>,
    /// 编号 that cannot be given another number, and why.
    pub blocked: FxHashMap<String, String>,
}

/// Renumbers in the sheet of the later problem. Which one is later does not depend on who merges.
pub fn settle(base: &Sheet, ours: &mut Sheet, theirs: &mut Sheet, terms: &Terms) -> Clashes {
    let mut clashes = Clashes::default();
    let mut new: [FxHashMap<String, String>; 2] = Default::default();
    {
        let first = [first_rounds(ours), first_rounds(theirs)];
        let contested = contested(base, [ours, theirs], &first);
        let destinations = if contested.is_empty() { vec![] } else { destinations([base, ours, theirs]) };
        let mut numbers = Numbers::of([base, ours, theirs]);
        for id in contested {
            let who = referrer(id, &destinations, terms);
            let to = if who.is_none() { numbers.next_free(id, terms) } else { None };
            let (None, Some(to)) = (&who, to) else {
                clashes.blocked.insert(id.to_owned(), unmovable(who.as_deref()));
                continue;
            };
            let is_ours = age(ours, first[0][id]) > age(theirs, first[1][id]);
            let (side, moved) = if is_ours { (Side::Ours, &mut new[0]) } else { (Side::Theirs, &mut new[1]) };
            moved.insert(id.to_owned(), to.clone());
            clashes.told.push(Told::Renumbered { from: id.to_owned(), to, side });
        }
    }
    ours.renumber(&new[0]);
    theirs.renumber(&new[1]);
    clashes
}

fn unmovable(referrer: Option<&str>) -> String {
    let why = match referrer {
        Some(who) => format!("{who}又引用了它"),
        None => "编号末尾没有序号".to_owned(),
    };
    format!("两边用这个编号登记了不同的问题，{why}，不能代为改号")
}

/// The first round of each 编号.
fn first_rounds<'s>(sheet: &'s Sheet) -> FxHashMap<&'s str, &'s Key> {
    let mut first: FxHashMap<&str, &Key> = FxHashMap::default();
    for key in sheet.rows.keys() {
        let known = first.entry(&key.0).or_insert(key);
        *known = key.min(known);
    }
    first
}

/// New 编号 that mean another problem on each side, in order.
fn contested<'s>(
    base: &Sheet,
    sides: [&Sheet; 2],
    first: &'s [FxHashMap<&'s str, &'s Key>; 2],
) -> Vec<&'s str> {
    let old = first_rounds(base);
    let is_other = |id: &&str| {
        let theirs = first[1].get(id);
        !old.contains_key(id)
            && theirs.is_some_and(|key| problem(sides[0], first[0][id]) != problem(sides[1], key))
    };
    let mut both: Vec<&str> = first[0].keys().copied().filter(is_other).collect();
    both.sort_unstable();
    both
}

/// What a 编号 stands for.
fn problem(sheet: &Sheet, first: &Key) -> [String; 2] {
    [Column::Subject, Column::Description].map(|column| sheet.value(first, column).into_owned())
}

/// By 发现日期, then by all that is said.
fn age(sheet: &Sheet, first: &Key) -> (String, Vec<(String, String)>) {
    let cells = sheet.rows.get(first).into_iter().flat_map(|row| sheet.columns.iter().zip(&row.cells));
    let mut said: Vec<(String, String)> = cells
        .map(|(column, raw)| (column.0.clone(), unquoted(raw).into_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    said.sort();
    (sheet.value(first, Column::Found).into_owned(), said)
}

/// What all versions say in 去向, by 编号.
fn destinations(sheets: [&Sheet; 3]) -> Vec<(String, String)> {
    let said = |sheet: &Sheet, key: &Key| (key.0.clone(), sheet.value(key, Column::Destination).into_owned());
    let all = sheets.into_iter().flat_map(|sheet| sheet.rows.keys().map(move |key| said(sheet, key)));
    let mut all: Vec<(String, String)> = all.filter(|(_, text)| !text.is_empty()).collect();
    all.sort();
    all
}

/// Who says in 去向 that a problem became this one.
fn referrer(id: &str, destinations: &[(String, String)], terms: &Terms) -> Option<String> {
    let named = destinations.iter().find(|(_, text)| mentions(text, id));
    let elsewhere = || (terms.is_referred_to)(id).then(|| "别的台账".to_owned());
    named.map(|(by, _)| format!(" {by} 的去向")).or_else(elsewhere)
}

/// Whether a text names a 编号, and not a longer one.
pub fn mentions(text: &str, id: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.match_indices(id)
        .any(|(at, _)| !text[at + id.len()..].starts_with(goes_on) && !text[..at].ends_with(goes_on))
}

/// The highest number in use for each beginning of a 编号.
struct Numbers(FxHashMap<String, u64>);

impl Numbers {
    fn of(sheets: [&Sheet; 3]) -> Numbers {
        let mut highest = FxHashMap::default();
        for (id, _) in sheets.into_iter().flat_map(|sheet| sheet.rows.keys()) {
            let (prefix, digits) = parts(id);
            let Ok(number) = digits.parse::<u64>() else { continue };
            let known = highest.entry(prefix.to_owned()).or_insert(number);
            *known = number.max(*known);
        }
        Numbers(highest)
    }

    /// The number after the highest of its kind that nobody uses, written like the old one.
    fn next_free(&mut self, id: &str, terms: &Terms) -> Option<String> {
        let (prefix, digits) = parts(id);
        let highest = self.0.get_mut(prefix)?;
        loop {
            *highest = highest.checked_add(1)?;
            let id = format!("{prefix}{:0width$}", highest, width = digits.len());
            if !(terms.is_taken)(&id) {
                return Some(id);
            }
        }
    }
}

/// A 编号 up to its number, and the number.
fn parts(id: &str) -> (&str, &str) {
    id.split_at(id.trim_end_matches(|c: char| c.is_ascii_digit()).len())
}
