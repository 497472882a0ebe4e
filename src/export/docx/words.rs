//! Paragraphs: their styles and their text.

use super::super::visible;
use super::super::xml::escaped;
use super::sheet::Sheet;

/// The styles of `styles.xml`; see `package.rs` for what they look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Title,
    Day,
    Addressee,
    Heading,
    Body,
    AnnexNote,
    Signer,
    Signature,
    AnnexMark,
    Caption,
    NoteHeading,
    Note,
}

impl Style {
    pub fn id(self) -> &'static str {
        match self {
            Style::Title => "Title",
            Style::Day => "Day",
            Style::Addressee => "Addressee",
            Style::Heading => "Heading1",
            Style::Body => "BodyText",
            Style::AnnexNote => "AnnexNote",
            Style::Signer => "Signer",
            Style::Signature => "Signature",
            Style::AnnexMark => "AnnexMark",
            Style::Caption => "Caption",
            Style::NoteHeading => "NoteHeading",
            Style::Note => "Note",
        }
    }
}

/// The document as it grows.
pub struct Words {
    xml: String,
    pub sheet: Sheet,
    last: Last,
}

const KEEP: &str = "<w:keepNext/>";

/// What was written last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    /// Where the properties of the paragraph end.
    Paragraph(usize),
    /// Two tables without anything between them would be one.
    Table,
}

impl Words {
    pub fn begin(sheet: Sheet) -> Words {
        Words { xml: String::new(), sheet, last: Last::Nothing }
    }

    pub fn paragraph(&mut self, style: Style, text: &str) {
        let is_apart = matches!(style, Style::AnnexNote | Style::Signer | Style::NoteHeading);
        if self.last == Last::Table && !is_apart {
            self.xml += &empty("AfterTable", "");
        }
        self.xml += &format!("<w:p><w:pPr><w:pStyle w:val=\"{}\"/>", style.id());
        self.last = Last::Paragraph(self.xml.len());
        self.xml += &format!("</w:pPr>{}</w:p>", run(text, ""));
    }

    pub fn table(&mut self, xml: &str) {
        if self.last == Last::Table {
            self.xml += &empty("AfterTable", "");
        }
        self.xml += xml;
        self.last = Last::Table;
    }

    /// Keeps what was written last on the page of what follows.
    pub fn keep(&mut self) {
        match self.last {
            Last::Nothing => {}
            Last::Paragraph(end) => {
                self.xml.insert_str(end, KEEP);
                self.last = Last::Paragraph(end + KEEP.len());
            }
            // A row is kept where all of its paragraphs are.
            Last::Table => {
                let row = self.xml.rfind("<w:tr>").unwrap_or(self.xml.len());
                let style = "<w:pStyle w:val=\"TableText\"/>";
                let kept = self.xml.split_off(row).replace(style, &format!("{style}{KEEP}"));
                self.xml += &kept;
            }
        }
    }

    /// Goes on on a new page that lies so. A paragraph of its own could come to stand alone on a page.
    pub fn turn(&mut self, sheet: Sheet) {
        let section = self.sheet.section();
        match self.last {
            Last::Paragraph(end) => self.xml.insert_str(end, &section),
            Last::Table | Last::Nothing => self.xml += &empty("SectionEnd", &section),
        }
        self.sheet = sheet;
        self.last = Last::Nothing;
    }

    pub fn finish(mut self) -> String {
        if self.last == Last::Table {
            self.xml += &empty("SectionEnd", "");
        }
        self.xml + &self.sheet.section()
    }
}

fn empty(style: &str, section: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{section}</w:pPr></w:p>")
}

/// Text with the same looks; quotes and dashes are of the Chinese font.
pub fn run(text: &str, size: &str) -> String {
    let lines =
        text.lines().map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escaped(&visible(line))));
    let lines = lines.collect::<Vec<_>>().join("<w:br/>");
    format!("<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/>{size}</w:rPr>{lines}</w:r>")
}
