//! A ledger's bytes as text, and text back to bytes in the same encoding or another.

use crate::load::decode::{Decoded, Foreign, decode};
use crate::load::ledger::looks_like_header;
use anyhow::{Result, bail};
use encoding_rs::GB18030;
use std::borrow::Cow;

/// How a ledger may be written. Only [`Encoding::Utf8`] and [`Encoding::Utf8Bom`] pass the checks; GB18030 is for programs
/// that know nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Gb18030,
}

const BOM: &[u8] = "\u{FEFF}".as_bytes();

/// The text of a ledger that can be written back as it was.
#[derive(Debug)]
pub struct LedgerText<'b> {
    text: Cow<'b, str>,
    encoding: Encoding,
}

impl<'b> LedgerText<'b> {
    /// A ledger that is about to be made.
    pub fn new(text: &'b str) -> LedgerText<'b> {
        LedgerText { text: Cow::Borrowed(text), encoding: Encoding::Utf8 }
    }

    /// An error says why a file cannot be edited safely.
    pub fn of(path: &str, bytes: &'b [u8]) -> Result<LedgerText<'b>> {
        match decode(bytes, looks_like_header) {
            Decoded::Utf8(text) => {
                let encoding = if text.len() < bytes.len() { Encoding::Utf8Bom } else { Encoding::Utf8 };
                Ok(LedgerText { text: Cow::Borrowed(text), encoding })
            }
            Decoded::Other(text, Foreign::Gb18030) if *GB18030.encode(&text).0 == *bytes => {
                Ok(LedgerText { text: Cow::Owned(text), encoding: Encoding::Gb18030 })
            }
            Decoded::Other(_, foreign) => bail!(
                "{path} 是 {} 编码，不能原样改；先运行 zxzz fmt --encoding utf-8-bom {path}",
                foreign.label()
            ),
            Decoded::Unknown(_) => {
                bail!("{path} 不是 UTF-8，也认不出别的编码；文件可能已损坏，从 git 历史恢复")
            }
        }
    }

    /// The same, or a text in an encoding that is not kept but converted to another.
    pub fn to_convert(path: &str, bytes: &'b [u8], to: Option<Encoding>) -> Result<LedgerText<'b>> {
        match (decode(bytes, looks_like_header), to) {
            (Decoded::Other(text, _), Some(encoding)) => Ok(LedgerText { text: Cow::Owned(text), encoding }),
            _ => LedgerText::of(path, bytes),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// New text, piece by piece, in the encoding of the old.
    pub fn encoded<'p>(&self, pieces: &[&'p str]) -> Vec<Cow<'p, [u8]>> {
        let bom = (self.encoding == Encoding::Utf8Bom).then_some(Cow::Borrowed(BOM));
        let bytes = |piece: &&'p str| match self.encoding {
            Encoding::Gb18030 => GB18030.encode(piece).0.into_owned().into(),
            Encoding::Utf8 | Encoding::Utf8Bom => Cow::Borrowed(piece.as_bytes()),
        };
        bom.into_iter().chain(pieces.iter().map(bytes)).collect()
    }

    /// A whole new text, converted if that is asked for.
    pub fn written_as(&self, path: &str, text: &str, to: Option<Encoding>) -> Result<Vec<u8>> {
        let target = LedgerText { text: Cow::Borrowed(text), encoding: to.unwrap_or(self.encoding) };
        let bytes = target.encoded(&[text]).concat();
        if target.encoding == Encoding::Gb18030 && *GB18030.decode_without_bom_handling(&bytes).0 != *text {
            let lost = text.lines().position(|line| {
                let bytes = GB18030.encode(line).0;
                *GB18030.decode_without_bom_handling(&bytes).0 != *line
            });
            bail!("{path}:{}：有 GB18030 写不了的字，没有转换", lost.unwrap_or_default() + 1);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gb18030_there_and_back_is_the_same(words in "[a-z,销号龘𠮷①€\n]{0,40}") {
            let text = format!("编号,备注\n{words}\n");
            let utf8 = LedgerText::new(&text);
            let gb = utf8.written_as("x", &text, Some(Encoding::Gb18030)).unwrap();
            let back = LedgerText::of("x", &gb).unwrap();
            prop_assert_eq!(back.as_str(), &text);
            let bytes = back.written_as("x", back.as_str(), Some(Encoding::Utf8)).unwrap();
            prop_assert_eq!(bytes, text.into_bytes());
        }
    }

    #[test]
    fn what_is_read_is_written_back_as_it_was() {
        for bytes in [
            "编号\n一\n".as_bytes().to_vec(),
            "\u{FEFF}编号\r\n一\r\n".as_bytes().to_vec(),
            GB18030.encode("编号,备注\n一,二\n").0.into_owned(),
        ] {
            let text = LedgerText::of("x", &bytes).unwrap();
            assert_eq!(text.encoded(&[text.as_str()]).concat(), bytes);
        }
        assert!(LedgerText::of("x", b"\xff\xfe\x16\x7f").is_err(), "UTF-16 is only converted");
    }
}
