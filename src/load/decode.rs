//! Bytes of a whole file to text: UTF-8, or another encoding that is recognised and reported.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// What a file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    Utf8(&'a str),
    /// Readable, but to be converted.
    Other(String, Foreign),
    /// No encoding fits; holds how many lines there are.
    Unknown(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    Gb18030,
    Utf16,
}

impl Foreign {
    pub fn label(self) -> &'static str {
        match self {
            Foreign::Gb18030 => "GBK/GB18030",
            Foreign::Utf16 => "UTF-16",
        }
    }
}

/// Decides for the whole file. `known` says whether a first line looks like a header of ours:
/// some GBK words are valid UTF-8 too, so valid UTF-8 with no known word is tried as GB18030 as well.
pub fn decode<'a>(bytes: &'a [u8], known: impl Fn(&str) -> bool) -> Decoded<'a> {
    for (encoding, bom) in [(UTF_16LE, [0xFF, 0xFE]), (UTF_16BE, [0xFE, 0xFF])] {
        if bytes.starts_with(&bom) {
            let (text, _) = encoding.decode_with_bom_removal(bytes);
            return Decoded::Other(text.into_owned(), Foreign::Utf16);
        }
    }
    let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
            let is_ascii = text.is_ascii();
            if is_ascii || known(&first_line(text)) {
                return Decoded::Utf8(text);
            }
            match gb18030(bytes).filter(|other| known(&first_line(other))) {
                Some(other) => Decoded::Other(other.into_owned(), Foreign::Gb18030),
                None => Decoded::Utf8(text),
            }
        }
        Err(_) => match gb18030(bytes) {
            Some(text) => Decoded::Other(text.into_owned(), Foreign::Gb18030),
            None => Decoded::Unknown(memchr::memchr_iter(b'\n', bytes).count() as u32 + 1),
        },
    }
}

/// The bytes as GB18030, unless some are invalid or fall into the private use area, as those of other encodings do.
fn gb18030(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let private = |c: char| ('\u{E000}'..='\u{F8FF}').contains(&c);
    (!text.contains(private)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(line: &str) -> bool {
        line.split(',').any(|cell| ["编号", "状态"].contains(&cell))
    }

    #[test]
    fn decides_for_the_whole_file() {
        let gbk = |text: &str| GB18030.encode(text).0.into_owned();
        let utf16 = |text: &str| {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [0xFF, 0xFE].into_iter().chain(units).collect::<Vec<u8>>()
        };
        let gb = |text: &str| Decoded::Other(text.to_owned(), Foreign::Gb18030);
        for (bytes, want) in [
            ("编号\n".as_bytes().to_vec(), Decoded::Utf8("编号\n")),
            ("\u{FEFF}编号\n".as_bytes().to_vec(), Decoded::Utf8("编号\n")),
            (vec![], Decoded::Utf8("")),
            (gbk("编号,描述\n一,二\n"), gb("编号,描述\n一,二\n")),
            (gbk("状态\n"), gb("状态\n")),
            (utf16("编号\t状态\n"), Decoded::Other("编号\t状态\n".to_owned(), Foreign::Utf16)),
            (b"\xff\xff\xffabc\nx\n".to_vec(), Decoded::Unknown(3)),
        ] {
            assert_eq!(decode(&bytes, known), want, "{bytes:?}");
        }
    }
}
