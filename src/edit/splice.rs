//! New text for named cells, new columns and new rows; every other byte stays.

use super::frame::{Frame, Line, line_end};
use crate::load::scan::Scanner;
use crate::model::column::Position;
use crate::model::issue::Cells;
use std::borrow::Cow;
use std::ops::Range;

/// One cell to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    pub heading: String,
    pub value: String,
}

impl Write {
    pub fn new(heading: impl Into<String>, value: impl Into<String>) -> Write {
        Write { heading: heading.into(), value: value.into() }
    }
}

/// What happens to one row.
#[derive(Debug)]
pub struct RowChange {
    pub line: Line,
    pub writes: Vec<Write>,
    /// A row to stand right after this one.
    pub next: Option<Vec<Write>>,
}

/// Rows to add: what each says under each heading.
#[derive(Debug, Default)]
pub struct NewRows<'w> {
    pub headings: Vec<&'w str>,
    pub rows: Vec<Vec<&'w str>>,
}

impl<'w> NewRows<'w> {
    pub fn of(rows: &'w [Vec<Write>]) -> NewRows<'w> {
        let mut headings: Vec<&str> = vec![];
        for write in rows.iter().flatten() {
            if !headings.contains(&write.heading.as_str()) {
                headings.push(&write.heading);
            }
        }
        let row = |writes: &'w Vec<Write>| headings.iter().map(|heading| value_of(writes, heading)).collect();
        NewRows { rows: rows.iter().map(row).collect(), headings }
    }

    fn says_something(&self, at: usize) -> bool {
        self.rows.iter().any(|row| !row[at].is_empty())
    }
}

/// A part of a text and what stands in its place.
#[derive(Debug)]
struct Splice {
    cut: Range<usize>,
    text: String,
    /// A whole new row, not a cell.
    is_row: bool,
}

impl Splice {
    fn cell(cut: Range<usize>, text: String) -> Splice {
        Splice { cut, text, is_row: false }
    }
}

/// A text with parts of it replaced.
#[derive(Debug)]
pub struct Edited<'t> {
    pub text: &'t str,
    /// In order, without overlaps.
    splices: Vec<Splice>,
}

impl Edited<'_> {
    pub fn is_unchanged(&self) -> bool {
        self.splices.is_empty()
    }

    /// The new text, piece by piece.
    pub fn pieces(&self) -> Vec<&str> {
        self.part(0..self.text.len(), true)
    }

    /// A record as it reads now.
    pub fn record(&self, line: &Line) -> String {
        self.part(line.record.start as usize..line.record.end as usize, false).concat()
    }

    /// The records put in, in order.
    pub fn new_rows(&self) -> impl Iterator<Item = &str> {
        self.splices
            .iter()
            .filter(|splice| splice.is_row)
            .map(|splice| splice.text.trim_matches(['\r', '\n']))
    }

    /// Takes out a whole record with its line end.
    pub fn remove(&mut self, line: &Line) {
        let (start, end) = (line.record.start as usize, line_end(self.text, &line.record));
        // The last line of a file without a last line end takes the line end before it along.
        let before = self.text[..start].trim_end_matches(['\r', '\n']).len();
        let cut = if end == line.record.end as usize { before..end } else { start..end };
        let at = self.splices.partition_point(|splice| splice.cut.start < cut.start);
        self.splices.insert(at, Splice::cell(cut, String::new()));
    }

    fn part(&self, range: Range<usize>, with_rows: bool) -> Vec<&str> {
        let mut pieces = vec![];
        let mut at = range.start;
        let first = self.splices.partition_point(|splice| splice.cut.start < range.start);
        let within = self.splices[first..].iter().take_while(|splice| splice.cut.end <= range.end);
        for splice in within.filter(|splice| with_rows || !splice.is_row) {
            pieces.extend([&self.text[at..splice.cut.start], splice.text.as_str()]);
            at = splice.cut.end;
        }
        pieces.push(&self.text[at..range.end]);
        pieces
    }
}

/// Applies changes to rows, and adds rows at the end. `order` holds all headings that the ledger may have, in their
/// canonical order: a column that it lacks is put where it belongs. Errors name the line that is in the way.
pub fn edit<'t>(
    frame: &Frame<'t>,
    rows: &[RowChange],
    added: &NewRows,
    order: &[String],
) -> Result<Edited<'t>, String> {
    let text = frame.text;
    let written = rows.iter().flat_map(|row| row.writes.iter().chain(row.next.iter().flatten()));
    let written = written.filter(|write| !write.value.is_empty()).map(|write| write.heading.as_str());
    let said = (0..added.headings.len()).filter(|at| added.says_something(*at)).map(|at| added.headings[at]);
    let new = new_columns(frame, written.chain(said), order);
    let makes_lines = !added.rows.is_empty() || !new.is_empty() || rows.iter().any(|row| row.next.is_some());
    if let Some(line) = frame.broken.filter(|_| makes_lines) {
        return Err(format!("第 {line} 行的格数或引号不对，先改好这一行（zxzz check 有说明）"));
    }
    let mut splices = vec![];
    for row in rows {
        for write in &row.writes {
            if let Some(at) = frame.position(&write.heading) {
                splices.extend(replacement(&row.line.cells(text), at, &write.value));
            }
        }
        if let Some(next) = &row.next {
            let quote_all = is_all_quoted(row.line.text(text), row.line.ends.len());
            let next = NewRows::of(std::slice::from_ref(next));
            let places = places(frame, &new, &next.headings);
            let record = compose(&places, &next.rows[0], quote_all);
            splices.push(row_at(frame, line_end(text, &row.line.record), &record));
        }
    }
    if !new.is_empty() {
        add_columns(frame, &new, rows, &mut splices);
    }
    let places = places(frame, &new, &added.headings);
    let records = added.rows.iter().map(|row| compose(&places, row, false));
    splices.extend(records.map(|record| row_at(frame, frame.end, &record)));
    splices.sort_by_key(|splice| (splice.cut.start, splice.cut.end));
    Ok(Edited { text, splices })
}

/// A column to be put after an existing one.
struct NewColumn {
    after: Position,
    heading: String,
}

fn new_columns<'w>(
    frame: &Frame,
    written: impl Iterator<Item = &'w str>,
    order: &[String],
) -> Vec<NewColumn> {
    let mut wanted: Vec<&str> = vec![];
    for heading in written {
        if frame.position(heading).is_none() && !wanted.contains(&heading) {
            wanted.push(heading);
        }
    }
    let rank = |heading: &str| order.iter().position(|name| name == heading).unwrap_or(order.len());
    wanted.sort_by_key(|heading| rank(heading));
    let last = frame.headings.len() - 1;
    let place = |heading: &str| {
        let before = order[..rank(heading)].iter().rev();
        before.filter_map(|name| frame.position(name)).next().unwrap_or(last as Position)
    };
    wanted
        .into_iter()
        .map(|heading| NewColumn { after: place(heading), heading: heading.to_owned() })
        .collect()
}

/// Nothing when the cell says so already.
fn replacement(cells: &Cells, at: Position, value: &str) -> Option<Splice> {
    if cells.value(at) == value {
        return None;
    }
    let raw = cells.raw(at);
    let start = raw.as_ptr() as usize - cells.text.as_ptr() as usize;
    Some(Splice::cell(start..start + raw.len(), quoted(value, raw.starts_with('"')).into_owned()))
}

fn add_columns(frame: &Frame, new: &[NewColumn], rows: &[RowChange], splices: &mut Vec<Splice>) {
    let mut rows: Vec<&RowChange> = rows.iter().collect();
    rows.sort_by_key(|row| row.line.record.start);
    let mut rows = rows.into_iter().peekable();
    let mut scanner = Scanner::new(frame.text.as_bytes());
    let mut ends = vec![];
    let mut is_header = true;
    while let Some(record) = scanner.next(&mut ends) {
        let row = rows.next_if(|row| row.line.record.start == record.start);
        if ends.len() != frame.headings.len() {
            continue;
        }
        let cells = Cells { text: frame.text, start: record.start, ends: &ends };
        for column in new {
            let value = match row {
                _ if is_header => column.heading.as_str(),
                Some(row) => value_of(&row.writes, &column.heading),
                None => "",
            };
            let end = ends[usize::from(column.after)] as usize;
            let is_quoted = !value.is_empty() && cells.raw(column.after).starts_with('"');
            splices.push(Splice::cell(end..end, format!(",{}", quoted(value, is_quoted))));
        }
        is_header = false;
    }
}

fn value_of<'w>(writes: &'w [Write], heading: &str) -> &'w str {
    writes.iter().find(|write| write.heading == heading).map_or("", |write| &write.value)
}

/// For each cell of a record, new columns included, where its value stands among `headings`.
fn places(frame: &Frame, new: &[NewColumn], headings: &[&str]) -> Vec<Option<usize>> {
    let mut places = vec![];
    let place = |heading: &str| headings.iter().position(|name| *name == heading);
    for (at, heading) in frame.headings.iter().enumerate() {
        // Of two columns with the same heading the first is meant.
        let is_first = frame.position(heading) == Some(at as Position);
        places.push(place(heading).filter(|_| is_first));
        let added = new.iter().filter(|column| usize::from(column.after) == at);
        places.extend(added.map(|column| place(&column.heading)));
    }
    places
}

/// A new record.
fn compose(places: &[Option<usize>], values: &[&str], quote_all: bool) -> String {
    let mut record = String::with_capacity(512);
    for (at, place) in places.iter().enumerate() {
        if at > 0 {
            record.push(',');
        }
        record.push_str(&quoted(place.map_or("", |place| values[place]), quote_all));
    }
    record
}

/// A record put in at `at`, on a line of its own; a file without a last line end keeps none.
fn row_at(frame: &Frame, at: usize, record: &str) -> Splice {
    let begins_line = frame.text[..at].ends_with('\n');
    let newline = frame.newline;
    let text = if begins_line { format!("{record}{newline}") } else { format!("{newline}{record}") };
    Splice { cut: at..at, text, is_row: true }
}

fn is_all_quoted(record: &str, cells: usize) -> bool {
    record.starts_with('"') && record.ends_with('"') && record.matches("\",\"").count() + 1 == cells
}

/// A CSV cell; quoted where it must be, and where its place was quoted before.
pub fn quoted(value: &str, was_quoted: bool) -> Cow<'_, str> {
    let must = value.contains([',', '"', '\n', '\r']) || value.trim() != value;
    match was_quoted || must {
        true => Cow::Owned(format!("\"{}\"", value.replace('"', "\"\""))),
        false => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::tests::{File, file};
    use super::*;
    use proptest::prelude::*;

    fn order() -> Vec<String> {
        ["编号", "轮次", "整改措施", "交办日期", "备注"].map(str::to_owned).to_vec()
    }

    /// The rows of a text as the csv crate reads them.
    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    fn lines(frame: &mut Frame) -> Vec<Line> {
        let mut lines = vec![];
        frame.rows(|record, cells| lines.push(Line { record: *record, ends: cells.ends.to_vec() }));
        lines
    }

    proptest! {
        /// Written cells say what was written, and without them both texts are byte for byte the same.
        #[test]
        fn an_edit_touches_the_named_cells_only(
            File { text, .. } in file(), row in 0usize..4, column in 0usize..4, value in "[a,\"\n销 ]{0,8}",
        ) {
            let mut frame = Frame::open(&text).unwrap();
            let lines = lines(&mut frame);
            prop_assume!(row < lines.len() && column < frame.headings.len());
            let line = &lines[row];
            let at = column as Position;
            let heading = frame.headings[column].clone();
            let change = RowChange { line: line.clone(), writes: vec![Write::new(&heading, &value)], next: None };
            let edited = edit(&frame, &[change], &NewRows::default(), &order()).unwrap().pieces().concat();
            let raw = line.cells(&text).raw(at);
            let start = raw.as_ptr() as usize - text.as_ptr() as usize;
            let (before, after) = (&text[..start], &text[start + raw.len()..]);
            prop_assert!(edited.starts_with(before) && edited.ends_with(after), "{text:?} {edited:?}");
            let written = &edited[before.len()..edited.len() - after.len()];
            if line.cells(&text).value(at) == value {
                prop_assert_eq!(&edited, &text);
            } else {
                prop_assert_eq!(crate::model::issue::unquoted(written).into_owned(), value.trim());
                prop_assert_eq!(raw.starts_with('"') && !written.starts_with('"'), false, "keeps its quotes");
            }
            prop_assert_eq!(read(&edited).len(), read(&text).len());
        }

        /// A column that the file lacks goes to its place, and every other cell stays under its heading.
        #[test]
        fn a_new_column_moves_no_cell(File { text, rows } in file(), row in 0usize..4) {
            let mut frame = Frame::open(&text).unwrap();
            let lines = lines(&mut frame);
            prop_assume!(row < lines.len() && !frame.headings.iter().any(|name| name == "交办日期"));
            let writes = vec![Write::new("交办日期", "2025-09-01")];
            let change = RowChange { line: lines[row].clone(), writes, next: None };
            let edited = edit(&frame, &[change], &NewRows::default(), &order()).unwrap().pieces().concat();
            let mut after = read(edited.trim_start_matches('\u{FEFF}'));
            let at = after[0].iter().position(|name| name == "交办日期").unwrap();
            let added: Vec<String> = after.iter_mut().map(|row| row.remove(at)).collect();
            prop_assert_eq!(added.iter().filter(|cell| *cell == "2025-09-01").count(), 1);
            prop_assert_eq!(&after[1..], &rows[..]);
        }

        /// A new row is on a line of its own; all old bytes stay before and after it.
        #[test]
        fn a_new_row_leaves_the_others(File { text, rows } in file()) {
            let mut frame = Frame::open(&text).unwrap();
            lines(&mut frame);
            let heading = frame.headings[0].clone();
            let edited = edit(&frame, &[], &NewRows::of(&[vec![Write::new(&heading, "新,行")]]), &order()).unwrap();
            let after = edited.pieces().concat();
            let (start, end) = (frame.end, text.len() - frame.end);
            prop_assert!(after.starts_with(&text[..start]) && after.ends_with(&text[text.len() - end..]));
            let read = read(&after);
            prop_assert_eq!(read.len(), rows.len() + 2);
            prop_assert!(read.iter().any(|row| row[0] == "新,行"));
        }

        /// What was put in can be taken out again.
        #[test]
        fn a_row_put_in_and_taken_out_leaves_no_trace(File { text, .. } in file()) {
            let mut frame = Frame::open(&text).unwrap();
            lines(&mut frame);
            let heading = frame.headings[0].clone();
            let longer = edit(&frame, &[], &NewRows::of(&[vec![Write::new(&heading, "新,行")]]), &order()).unwrap().pieces().concat();
            let mut frame = Frame::open(&longer).unwrap();
            let mut added = None;
            frame.rows(|record, cells| {
                if cells.value(0) == "新,行" {
                    added = Some(Line { record: *record, ends: cells.ends.to_vec() });
                }
            });
            let mut edited = edit(&frame, &[], &NewRows::default(), &order()).unwrap();
            edited.remove(&added.unwrap());
            prop_assert_eq!(edited.pieces().concat(), text);
        }
    }

    #[test]
    fn of_two_columns_with_one_heading_the_first_is_filled() {
        let frame = Frame::open("编号,备注,备注\n").unwrap();
        let rows = [vec![Write::new("编号", "A-1"), Write::new("备注", "x"), Write::new("轮次", "2")]];
        let edited = edit(&frame, &[], &NewRows::of(&rows), &order()).unwrap().pieces().concat();
        assert_eq!(edited, "编号,轮次,备注,备注\nA-1,2,x,\n");
    }

    #[test]
    fn a_line_that_does_not_fit_stops_only_what_would_move_it() {
        let text = "编号,备注\nA-1,x\nA-2\n";
        let mut frame = Frame::open(text).unwrap();
        let lines = lines(&mut frame);
        let change = |heading: &str| {
            [RowChange { line: lines[0].clone(), writes: vec![Write::new(heading, "y")], next: None }]
        };
        assert_eq!(
            edit(&frame, &change("备注"), &NewRows::default(), &order()).unwrap().pieces().concat(),
            "编号,备注\nA-1,y\nA-2\n"
        );
        assert!(
            edit(&frame, &change("轮次"), &NewRows::default(), &order()).unwrap_err().contains("第 3 行")
        );
    }
}
