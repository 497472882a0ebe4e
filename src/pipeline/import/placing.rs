//! Where each foreign row goes, and what it would change there.

use super::shelf::{Found, Shelf, key_of, round_of, words_of};
use crate::edit::frame::Frame;
use crate::edit::register::{Neighbours, neighbours};
use crate::edit::splice::Write;
use crate::import::headings::Scale;
use crate::import::plan::{Fate, Incoming, Planned};
use crate::import::rows::{Fault, ForeignRow};
use crate::import::values::{self, Terms};
use crate::load::workbook::RawCell;
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::pipeline::edit::Work;
use rustc_hash::{FxHashMap, FxHashSet};

/// Where an incoming row goes.
pub enum Goes {
    To(usize),
    /// Position among the new rows.
    New(usize),
    Nowhere,
}

/// Column and why a row is not taken.
type Reason = (String, String);

/// What a row is.
enum Identity {
    /// With what may be said of it.
    New(Option<String>),
    /// By position on the shelf.
    Row(usize),
    /// That row as it stands; were anything to change, this would be why not.
    Unless(usize, Reason),
}

/// One pass over the rows that come into a ledger.
pub struct Placing<'p, 't> {
    work: &'p Work<'p>,
    frame: &'p Frame<'t>,
    shelf: &'p Shelf<'t>,
    sheets: &'p [String],
    numbers: Numbers,
    /// How many rows of the sheet cannot be told apart where the ledger has several of them, and how many came by.
    alike: FxHashMap<String, (usize, usize)>,
    /// Sheet and row by what stands there, and by position on the shelf.
    seen: FxHashMap<String, (usize, u32)>,
    met: FxHashMap<usize, (usize, u32)>,
    /// By position on the shelf.
    pub changes: FxHashMap<usize, Vec<Write>>,
    /// How many rows the ledger does not have yet.
    new: usize,
}

/// Numbers for new rows.
pub struct Numbers {
    prefix: String,
    beside: Neighbours,
    /// Those that the sheets bring along.
    taken: FxHashSet<String>,
}

impl Numbers {
    pub fn new(work: &Work, frame: &mut Frame, incoming: &[Incoming]) -> Numbers {
        let workspace = work.opened.workspace();
        let campaign = workspace.campaign(work.campaign);
        let prefix = format!("{}-{}-", campaign.code, workspace.register.unit(work.unit).code);
        let ids = incoming.iter().map(|one| one.row.value(Column::Id));
        Numbers {
            beside: neighbours(frame, &prefix, &[]),
            taken: ids.filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            prefix,
        }
    }

    fn next(&mut self) -> String {
        loop {
            let id = self.beside.mint(&self.prefix);
            if !self.taken.contains(&id) {
                return id;
            }
        }
    }
}

impl<'p, 't> Placing<'p, 't> {
    pub fn new(
        work: &'p Work<'p>,
        frame: &'p Frame<'t>,
        shelf: &'p Shelf<'t>,
        numbers: Numbers,
        sheets: &'p [String],
        incoming: &[Incoming],
    ) -> Placing<'p, 't> {
        let mut alike: FxHashMap<String, (usize, usize)> = FxHashMap::default();
        for one in incoming.iter().filter(|one| shelf.has_several(&one.row)) {
            alike.entry(key_of(&one.row)).or_default().0 += 1;
        }
        Placing {
            work,
            frame,
            shelf,
            sheets,
            numbers,
            alike,
            seen: FxHashMap::default(),
            met: FxHashMap::default(),
            changes: FxHashMap::default(),
            new: 0,
        }
    }

    fn place_name(&self, (sheet, row): (usize, u32)) -> String {
        let sheet = self.sheets.get(sheet).filter(|_| self.sheets.len() > 1);
        format!("{}第 {row} 行", sheet.map_or("", String::as_str))
    }

    /// Which row of the ledger it is; an error says why that cannot be told.
    fn find(&mut self, one: &Incoming) -> Result<Identity, Reason> {
        let alike = (!self.alike.is_empty()).then(|| key_of(&one.row));
        let (nth, of) = match alike.and_then(|key| self.alike.get_mut(&key)) {
            Some((of, met)) => {
                *met += 1;
                (*met - 1, *of)
            }
            None => (0, 1),
        };
        match self.shelf.find(&one.row, nth, of) {
            Found::One(at) => self.meet(at, one).map(|()| Identity::Row(at)),
            Found::OneOf(at, all) => self.meet(at, one).map(|()| Identity::Unless(at, self.unclear(&all))),
            Found::Several(all) => Err(self.unclear(&all)),
            Found::Nowhere => self.require_new(one).map(Identity::New),
        }
    }

    /// No two rows of the sheets are the same row of the ledger.
    fn meet(&mut self, at: usize, one: &Incoming) -> Result<(), Reason> {
        let Some(earlier) = self.met.insert(at, (one.sheet, one.row.row)) else { return Ok(()) };
        let (id, earlier) = (&self.shelf.rows[at].id, self.place_name(earlier));
        Err(("编号".to_owned(), format!("与{earlier}都是台账的 {id}；删去一行，或各写上编号")))
    }

    fn unclear(&self, all: &[usize]) -> Reason {
        const NAMED: usize = 5;
        let mut ids: Vec<&str> = all.iter().map(|at| self.shelf.rows[*at].id.as_str()).collect();
        ids.dedup();
        let more = if ids.len() > NAMED { format!(" 等 {} 个", ids.len()) } else { String::new() };
        let named = ids[..ids.len().min(NAMED)].join("、");
        let why = match ids.len() {
            1 => format!("{named} 有几轮都这样写，分不清是哪一轮；写上编号和轮次"),
            _ => format!("台账的 {named}{more} 都这样写，分不清是哪一个；写上编号"),
        };
        ("编号".to_owned(), why)
    }

    /// A row that the ledger does not have must not be there under another guise. Gives what may be said of it.
    fn require_new(&mut self, one: &Incoming) -> Result<Option<String>, Reason> {
        let row = &one.row;
        let own = (one.sheet, row.row);
        let id = row.value(Column::Id);
        if !id.is_empty() {
            if let Some(other) = self.shelf.spelt_otherwise(id) {
                return Err(("编号".to_owned(), format!("台账里是 {other}；照台账写")));
            }
            return match self.seen.insert(format!("{id} {:?}", round_of(row)), own) {
                None => Ok(None),
                Some(earlier) => {
                    let earlier = self.place_name(earlier);
                    Err(("编号".to_owned(), format!("与{earlier}编号相同；删去一行，或改正编号")))
                }
            };
        }
        let (subject, description) = (row.value(Column::Subject), row.value(Column::Description));
        if description.is_empty() {
            return Ok(None);
        }
        let note = match self.shelf.half_alike(row) {
            Some((id, other)) if subject.is_empty() => {
                let why = format!(
                    "描述与台账的 {id}（{other}）相同，表里没有写主体，分不清是不是它；写上问题主体或编号"
                );
                return Err(("问题主体".to_owned(), why));
            }
            Some((id, _)) => {
                Some(format!("描述与台账的 {id} 相同，台账没有写主体，按新问题登记；就是它的写上编号"))
            }
            None => None,
        };
        let words = words_of(subject, description);
        match self.seen.insert(format!("{words}{}", row.value(Column::Found)), own) {
            None => Ok(note),
            Some(earlier) => {
                let earlier = self.place_name(earlier);
                let why = format!("主体、描述与{earlier}相同；是同一个问题就删去一行，是两个就写清各在哪里");
                Err(("问题描述".to_owned(), why))
            }
        }
    }

    /// What one row would change or add.
    pub fn place(&mut self, mut one: Incoming) -> (Planned, Goes) {
        let refused = |one: Incoming, reasons: Vec<Reason>| {
            let id = one.row.value(Column::Id).to_owned();
            (Planned { incoming: one, id, limit: None, fate: Fate::Refused(reasons) }, Goes::Nowhere)
        };
        let (at, doubt) = match self.find(&one) {
            Ok(Identity::New(note)) => {
                one.row.notes.extend(note);
                (None, None)
            }
            Ok(Identity::Row(at)) => (Some(at), None),
            Ok(Identity::Unless(at, doubt)) => (Some(at), Some(doubt)),
            Err(why) => return refused(one, vec![why]),
        };
        let (frame, shelf) = (self.frame, self.shelf);
        let is_known = |fault: &Fault| {
            let Some((heading, raw)) = &fault.raw else { return false };
            let line = at.map(|at| shelf.rows[at].line.cells(frame.text));
            let old = line.and_then(|cells| Some(cells.value(frame.position(heading)?).into_owned()));
            old.as_ref() == Some(raw)
        };
        let faults: Vec<_> = (one.row.faults.iter())
            .filter(|fault| !is_known(fault))
            .map(|fault| (fault.column.clone(), fault.why.clone()))
            .collect();
        if !faults.is_empty() {
            return refused(one, faults);
        }
        let Some(at) = at else {
            let id = match one.row.value(Column::Id) {
                "" => self.numbers.next(),
                id => id.to_owned(),
            };
            self.new += 1;
            return (Planned { incoming: one, id, limit: None, fate: Fate::Added }, Goes::New(self.new - 1));
        };
        let (cells, notes) = self.compare(&one.row, at);
        let id = shelf.rows[at].id.clone();
        if cells.is_empty() {
            one.row.notes = notes;
            return (Planned { incoming: one, id, limit: None, fate: Fate::Same }, Goes::To(at));
        }
        if let Some(doubt) = doubt {
            return refused(one, vec![doubt]);
        }
        one.row.notes.extend(notes);
        let writes = cells.iter().map(|(heading, _, value)| Write::new(heading, value)).collect();
        self.changes.insert(at, writes);
        (Planned { incoming: one, id, limit: None, fate: Fate::Changed(cells) }, Goes::To(at))
    }

    /// Heading, before and after of every cell in which the row differs from that of the ledger, and what may be said.
    fn compare(&self, row: &ForeignRow, at: usize) -> (Vec<(String, String, String)>, Vec<String>) {
        let cells = self.shelf.rows[at].line.cells(self.frame.text);
        // A blank cell clears only where the row is named by its number; else the sheet just does not say.
        let clears = !row.value(Column::Id).is_empty();
        let (mut changed, mut notes) = (vec![], vec![]);
        for (heading, value) in row.values() {
            let column = Column::named(heading);
            if matches!(column, Some(Column::Id | Column::Round)) || value.is_empty() && !clears {
                continue;
            }
            let position = self.frame.position(heading);
            let old = position.map(|at| cells.value(at).into_owned()).unwrap_or_default();
            if old == value || self.reads_as(&old, heading, value) {
                continue;
            }
            if column == Some(Column::Status)
                && !clears
                && let Some(ahead) = steps_ahead(&old, value)
            {
                // A form has one word for 整改中 and 待销号, and 完成 for 待销号 and 已销号.
                let is_told = ahead > 1 || value == Status::Registered.label();
                notes.extend(is_told.then(|| format!("整改状态：台账是{old}，表里是{value}，不动")));
                continue;
            }
            changed.push((heading.to_owned(), old, value.to_owned()));
        }
        (changed, notes)
    }

    /// Whether what the ledger holds means the same as `value`: a day or an amount may be written otherwise there.
    fn reads_as(&self, old: &str, heading: &str, value: &str) -> bool {
        let terms = Terms { desk: self.work.desk(), today: self.work.today };
        let cell = if old.is_empty() { RawCell::Empty } else { RawCell::Text(old.to_owned()) };
        values::value(&cell, heading, Scale::One, terms).is_ok_and(|(read, _)| read == value)
    }
}

/// By how many steps a row is further on the way to 已销号 than a sheet says, which never takes it back.
fn steps_ahead(old: &str, told: &str) -> Option<usize> {
    let way = [Status::Registered, Status::Underway, Status::Applied, Status::Closed];
    let place = |label: &str| way.iter().position(|status| status.label() == label);
    place(old)?.checked_sub(place(told)?)
}
