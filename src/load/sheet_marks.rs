//! What the reader of cells does not tell of an xlsx sheet: hidden rows, joined cells, formulas that were never computed.

use super::workbook::Merge;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor};
use zip::ZipArchive;

pub type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Of one sheet.
#[derive(Debug, Default)]
pub struct SheetMarks {
    /// Numbers of rows hidden by hand or by a filter, from 1.
    pub hidden: BTreeSet<u32>,
    pub merges: Vec<Merge>,
    /// Row number and position of the column.
    pub uncomputed: Vec<(u32, usize)>,
}

/// By name of the sheet. What cannot be read has none.
pub fn sheet_marks(bytes: &[u8]) -> BTreeMap<String, SheetMarks> {
    let Ok(mut archive) = Archive::new(Cursor::new(bytes)) else { return BTreeMap::new() };
    let mut files = BTreeMap::new();
    each_tag(&mut archive, "xl/_rels/workbook.xml.rels", "Relationship", |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            files.insert(id, target);
        }
    });
    let mut sheets = vec![];
    each_tag(&mut archive, "xl/workbook.xml", "sheet", |tag| {
        if let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "id")) {
            sheets.extend(files.get(&id).map(|file| (name, file.clone())));
        }
    });
    sheets.into_iter().map(|(name, file)| (name, marks(&mut archive, &file))).collect()
}

fn marks(archive: &mut Archive, file: &str) -> SheetMarks {
    let mut marks = SheetMarks::default();
    let mut formula: Option<(u32, usize)> = None;
    let (mut cell, mut is_value) = (None, false);
    each_event(archive, file, |event| match event {
        Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
            "row" => {
                let is_hidden = attribute(tag, "hidden").is_some_and(|value| value == "1" || value == "true");
                let number = || attribute(tag, "r").and_then(|text| text.parse::<u32>().ok());
                marks.hidden.extend(is_hidden.then(number).flatten());
            }
            "mergeCell" => marks.merges.extend(attribute(tag, "ref").as_deref().and_then(merge)),
            // A formula of type `str` may well have come to an empty text.
            "c" if attribute(tag, "t").is_some_and(|kind| kind == "str") => cell = None,
            "c" => cell = attribute(tag, "r").as_deref().and_then(place),
            "f" => formula = cell,
            "v" | "t" => is_value = matches!(event, Event::Start(_)),
            _ => {}
        },
        // What stands in a value: then the formula has one.
        Event::Text(_) | Event::GeneralRef(_) | Event::CData(_) if is_value => formula = None,
        Event::End(tag) => match tag.local_name().as_ref() {
            "v" | "t" => is_value = false,
            "c" => marks.uncomputed.extend(formula.take()),
            _ => {}
        },
        _ => {}
    });
    marks
}

/// `A1:C3`.
fn merge(reference: &str) -> Option<Merge> {
    let (first, last) = reference.split_once(':')?;
    Some(Merge::between(place(first)?, place(last)?))
}

/// `C3`: row number and position of the column.
fn place(reference: &str) -> Option<(u32, usize)> {
    let digits = reference.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = &reference[..reference.len() - digits.len()];
    let column = letters.bytes().take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    Some((digits.parse().ok()?, column.checked_sub(1)?))
}

fn each_tag(archive: &mut Archive, file: &str, name: &str, mut tell: impl FnMut(&BytesStart)) {
    each_event(archive, file, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && tag.local_name().as_ref() == name
        {
            tell(tag);
        }
    });
}

/// Every event of one part; none where it cannot be read.
pub fn each_event(archive: &mut Archive, file: &str, mut tell: impl FnMut(&Event)) {
    let Ok(entry) = archive.by_name(file) else { return };
    let mut reader = Reader::from_reader(BufReader::new(entry));
    let mut buffer = vec![];
    while let Some(event) = next(&mut reader, &mut buffer) {
        tell(&event);
        buffer.clear();
    }
}

fn next<'b>(reader: &mut Reader<impl BufRead>, buffer: &'b mut Vec<u8>) -> Option<Event<'b>> {
    reader.read_event_into(buffer).ok().filter(|event| *event != Event::Eof)
}

/// The value of an attribute, whatever its namespace.
pub fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        assert_eq!(place("A1"), Some((1, 0)));
        assert_eq!(place("AB12"), Some((12, 27)));
        assert_eq!(place("A"), None);
        assert_eq!(place("12"), None);
        for reference in ["B2:C4", "C4:B2", "B4:C2"] {
            assert_eq!(merge(reference), Some(Merge { rows: 2..=4, columns: 1..=2 }), "{reference}");
        }
    }
}
