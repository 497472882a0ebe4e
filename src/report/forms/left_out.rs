//! What could not be read, told below a form, so that nobody signs figures that lack a row without knowing.

use crate::model::book::Book;
use crate::model::unit::UnitIx;

/// Places beyond these are only counted.
const MOST_PLACES: usize = 5;

/// Notes on a form of a campaign, or of one of its units: its ledger, and what all units file together.
pub fn notes(book: &Book, campaign: u16, unit: Option<UnitIx>) -> Vec<String> {
    let folder = format!("ledgers/{}/", book.workspace.campaign(campaign).id);
    let own = unit.map(|unit| format!("{folder}{}.csv", book.workspace.register.unit(unit).id));
    let concerns = |path: &str| {
        path.starts_with(&format!("{folder}_"))
            || own.as_ref().map_or(path.starts_with(&folder), |own| own == path)
    };
    let ledgers = book.ledgers.iter().filter(|ledger| concerns(&ledger.path));
    let mut lines: Vec<(&str, u32)> =
        ledgers.flat_map(|ledger| ledger.unread.iter().map(|line| (&*ledger.path, *line))).collect();
    let filings = book.filings_of(campaign).into_iter().flat_map(|filings| &filings.unread);
    lines.extend(filings.map(|(path, line)| (&**path, *line)));
    let files = || book.unread_files.iter().filter(|(path, _)| concerns(path));
    let rows = lines.len() + files().map(|(_, rows)| *rows as usize).sum::<usize>();
    lines.dedup();
    let mut places: Vec<String> = lines.iter().map(|(path, line)| format!("{path}:{line}")).collect();
    places.extend(files().map(|(path, _)| path.clone()));
    let more = if places.len() > MOST_PLACES { "等" } else { "" };
    places.truncate(MOST_PLACES);
    let unread = (rows > 0).then(|| format!("注：有 {rows} 行未能读取，未计入：{}{more}", places.join("、")));
    let unreadable = book.unreadable.iter().filter(|(path, _)| concerns(path));
    let unreadable = unreadable.map(|(path, why)| format!("注：{path} 无法读取，未计入：{why}"));
    unread.into_iter().chain(unreadable).collect()
}
