//! The parts of a Word document, and the looks of its styles.

use super::super::xml::escaped;
use crate::document::Document;
use anyhow::Result;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// The same document is the same bytes: no part bears the time of writing.
pub fn write(document: &Document, body: &str, out: &mut dyn Write) -> Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    for (name, text) in parts(document, body) {
        archive.start_file(name, options)?;
        archive.write_all(XML.as_bytes())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(out.write_all(&archive.finish()?.into_inner())?)
}

fn parts(document: &Document, body: &str) -> [(&'static str, String); 9] {
    [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        (
            "_rels/.rels",
            relationships(&[("officeDocument", "word/document.xml"), ("core", "docProps/core.xml")]),
        ),
        ("docProps/core.xml", core(document)),
        ("word/document.xml", format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")),
        (
            "word/_rels/document.xml.rels",
            relationships(&[
                ("styles", "styles.xml"),
                ("settings", "settings.xml"),
                ("footer", "footer1.xml"),
                ("footer", "footer2.xml"),
            ]),
        ),
        ("word/styles.xml", styles()),
        ("word/settings.xml", SETTINGS.replace("{NAMESPACES}", NAMESPACES)),
        ("word/footer1.xml", footer("<w:ind w:rightChars=\"100\" w:right=\"280\"/><w:jc w:val=\"right\"/>")),
        ("word/footer2.xml", footer("<w:ind w:leftChars=\"100\" w:left=\"280\"/><w:jc w:val=\"left\"/>")),
    ]
}

const CONTENT_TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>\
<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>\
<Override PartName=\"/word/footer2.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>\
<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
</Types>";

/// Odd and even pages have their page numbers on different sides.
const SETTINGS: &str = "<w:settings {NAMESPACES}><w:zoom w:percent=\"100\"/><w:evenAndOddHeaders/>\
<w:characterSpacingControl w:val=\"compressPunctuation\"/>\
<w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
</w:settings>";

/// All within the package.
fn relationships(targets: &[(&str, &str)]) -> String {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let one = |(ix, (kind, target)): (usize, &(&str, &str))| {
        let kind = match *kind {
            "core" => "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
                .to_owned(),
            kind => format!("{office}/{kind}"),
        };
        format!("<Relationship Id=\"rId{}\" Type=\"{kind}\" Target=\"{target}\"/>", ix + 1)
    };
    let all: String = targets.iter().enumerate().map(one).collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
    )
}

fn core(document: &Document) -> String {
    let title = escaped(&super::super::visible(&document.title));
    let day = document.as_of;
    let time =
        |name: &str| format!("<dcterms:{name} xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:{name}>");
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title>{}{}</cp:coreProperties>",
        time("created"),
        time("modified")
    )
}

/// `— 1 —` in 4号 宋体.
fn footer(place: &str) -> String {
    let run = |text: &str| {
        format!(
            "<w:r><w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\" w:hint=\"eastAsia\"/>\
             <w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr>{text}</w:r>"
        )
    };
    let number = run("<w:fldChar w:fldCharType=\"begin\"/>")
        + &run("<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>")
        + &run("<w:fldChar w:fldCharType=\"separate\"/>")
        + &run("<w:t>1</w:t>")
        + &run("<w:fldChar w:fldCharType=\"end\"/>");
    format!(
        "<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/>{place}</w:pPr>{}{number}{}</w:p></w:ftr>",
        run("<w:t xml:space=\"preserve\">— </w:t>"),
        run("<w:t xml:space=\"preserve\"> —</w:t>")
    )
}

/// One paragraph style.
struct Look {
    id: &'static str,
    name: &'static str,
    font: &'static str,
    /// Half points.
    size: u32,
    /// Paragraph properties in the order that Word demands.
    paragraph: &'static str,
}

/// Lines of the text block: 22 of them are 225 mm.
const LINES: &str = "<w:spacing w:line=\"579\" w:lineRule=\"exact\"/>";

const XIAOBIAO: &str = "方正小标宋简体";
const FANGSONG: &str = "仿宋_GB2312";
const HEITI: &str = "黑体";
const KAITI: &str = "楷体_GB2312";
const SONGTI: &str = "宋体";

const LOOKS: [Look; 18] = [
    Look {
        id: "Title",
        name: "Title",
        font: XIAOBIAO,
        size: 44,
        paragraph: "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"579\" w:line=\"700\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>",
    },
    Look {
        id: "Day",
        name: "报告日",
        font: FANGSONG,
        size: 28,
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"120\" w:line=\"440\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>",
    },
    Look {
        id: "Addressee",
        name: "主送机关",
        font: FANGSONG,
        size: 32,
        paragraph: "{LINES}<w:jc w:val=\"both\"/>",
    },
    Look {
        id: "Heading1",
        name: "heading 1",
        font: HEITI,
        size: 32,
        paragraph: "<w:keepNext/>{LINES}<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/><w:outlineLvl w:val=\"0\"/>",
    },
    // （一）、1．: what is written uses the first level only, whoever goes on writing may need the others.
    Look {
        id: "Heading2",
        name: "heading 2",
        font: KAITI,
        size: 32,
        paragraph: "<w:keepNext/>{LINES}<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/><w:outlineLvl w:val=\"1\"/>",
    },
    Look {
        id: "Heading3",
        name: "heading 3",
        font: FANGSONG,
        size: 32,
        paragraph: "<w:keepNext/>{LINES}<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/><w:outlineLvl w:val=\"2\"/>",
    },
    Look {
        id: "BodyText",
        name: "Body Text",
        font: FANGSONG,
        size: 32,
        paragraph: "{LINES}<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>",
    },
    Look {
        id: "AnnexNote",
        name: "附件说明",
        font: FANGSONG,
        size: 32,
        paragraph: "<w:spacing w:before=\"579\" w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>",
    },
    // In the middle of a part of the line that ends at its edge and has the day, seven characters and four from that edge,
    // in its middle.
    Look {
        id: "Signer",
        name: "署名",
        font: FANGSONG,
        size: 32,
        paragraph: "<w:keepNext/><w:spacing w:before=\"1158\" w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:left=\"4077\"/><w:contextualSpacing/><w:jc w:val=\"center\"/>",
    },
    Look {
        id: "Signature",
        name: "成文日期",
        font: FANGSONG,
        size: 32,
        paragraph: "{LINES}<w:ind w:rightChars=\"400\" w:right=\"1280\"/><w:jc w:val=\"right\"/>",
    },
    Look { id: "AnnexMark", name: "附件", font: HEITI, size: 32, paragraph: "<w:keepNext/>{LINES}" },
    Look {
        id: "Caption",
        name: "caption",
        font: HEITI,
        size: 28,
        paragraph: "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"120\" w:after=\"60\" w:line=\"440\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>",
    },
    Look {
        id: "TableHead",
        name: "表头",
        font: HEITI,
        size: 21,
        paragraph: "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"40\" w:after=\"40\"/><w:jc w:val=\"center\"/>",
    },
    Look {
        id: "TableText",
        name: "表文",
        font: FANGSONG,
        size: 21,
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"40\" w:after=\"40\"/>",
    },
    Look {
        id: "NoteHeading",
        name: "说明标题",
        font: HEITI,
        size: 24,
        paragraph: "<w:keepNext/><w:pageBreakBefore/><w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"120\" w:line=\"400\" w:lineRule=\"exact\"/>",
    },
    Look {
        id: "Note",
        name: "说明",
        font: FANGSONG,
        size: 21,
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"60\" w:line=\"360\" w:lineRule=\"exact\"/>",
    },
    Look {
        id: "AfterTable",
        name: "表后",
        font: FANGSONG,
        size: 10,
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"160\" w:lineRule=\"exact\"/>",
    },
    Look {
        id: "SectionEnd",
        name: "节末",
        font: FANGSONG,
        size: 2,
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"20\" w:lineRule=\"exact\"/>",
    },
];

fn styles() -> String {
    let looks: String = LOOKS
        .iter()
        .map(|Look { id, name, font, size, paragraph }| {
            format!(
                "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/>\
                 <w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}</w:rPr></w:style>",
                paragraph.replace("{LINES}", LINES),
                characters(font, *size)
            )
        })
        .collect();
    format!(
        "<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr>\
         </w:rPrDefault><w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>\
         <w:pPr><w:widowControl w:val=\"0\"/></w:pPr></w:style>{looks}\
         <w:style w:type=\"paragraph\" w:styleId=\"Footer\"><w:name w:val=\"footer\"/><w:basedOn w:val=\"Normal\"/>\
         <w:pPr><w:snapToGrid w:val=\"0\"/></w:pPr><w:rPr>{}</w:rPr></w:style></w:styles>",
        characters(FANGSONG, 32),
        characters(SONGTI, 28)
    )
}

/// The standard has 28 characters of 16 pt in a line of 156 mm: each gives way by a fifth of a point.
fn characters(font: &str, size: u32) -> String {
    let closer = if size == 32 { "<w:spacing w:val=\"-4\"/>" } else { "<w:spacing w:val=\"0\"/>" };
    format!(
        "<w:rFonts w:ascii=\"Times New Roman\" w:eastAsia=\"{font}\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\"/>\
         {closer}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>"
    )
}
