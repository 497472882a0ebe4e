//! Which rows of an xlsx sheet are hidden, by hand or by a filter: the reader of cells does not tell.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor};
use zip::ZipArchive;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Numbers of the hidden rows, from 1, by name of the sheet. What cannot be read has none.
pub fn hidden_rows(bytes: &[u8]) -> BTreeMap<String, BTreeSet<u32>> {
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
    let mut hidden: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for (name, file) in sheets {
        each_tag(&mut archive, &file, "row", |tag| {
            let is_hidden = attribute(tag, "hidden").is_some_and(|value| value == "1" || value == "true");
            if let Some(number) = attribute(tag, "r").filter(|_| is_hidden).and_then(|text| text.parse().ok())
            {
                hidden.entry(name.clone()).or_default().insert(number);
            }
        });
    }
    hidden
}

fn each_tag(archive: &mut Archive, file: &str, name: &str, mut tell: impl FnMut(&BytesStart)) {
    let Ok(entry) = archive.by_name(file) else { return };
    let mut reader = Reader::from_reader(BufReader::new(entry));
    let mut buffer = vec![];
    while let Some(event) = next(&mut reader, &mut buffer) {
        if let Event::Start(tag) | Event::Empty(tag) = &event
            && tag.local_name().as_ref() == name
        {
            tell(tag);
        }
        buffer.clear();
    }
}

fn next<'b>(reader: &mut Reader<impl BufRead>, buffer: &'b mut Vec<u8>) -> Option<Event<'b>> {
    reader.read_event_into(buffer).ok().filter(|event| *event != Event::Eof)
}

fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}
