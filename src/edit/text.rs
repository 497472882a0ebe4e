//! A ledger's bytes as text, and text back to bytes in the same encoding.

use crate::load::decode::{Decoded, Foreign, decode};
use crate::load::ledger::looks_like_header;
use anyhow::{Result, bail};
use encoding_rs::GB18030;
use std::borrow::Cow;

/// The text of a ledger that can be written back as it was.
#[derive(Debug)]
pub struct LedgerText<'b> {
    text: Cow<'b, str>,
    /// A byte order mark, if there is one.
    bom: &'b [u8],
    is_gb18030: bool,
}

impl<'b> LedgerText<'b> {
    /// A ledger that is about to be made.
    pub fn new(text: &'b str) -> LedgerText<'b> {
        LedgerText { text: Cow::Borrowed(text), bom: &[], is_gb18030: false }
    }

    /// An error says why a file cannot be edited safely.
    pub fn of(path: &str, bytes: &'b [u8]) -> Result<LedgerText<'b>> {
        let convert = format!("先运行 zxzz fmt --encoding utf-8-bom {path}");
        match decode(bytes, looks_like_header) {
            Decoded::Utf8(text) => {
                let bom = &bytes[..bytes.len() - text.len()];
                Ok(LedgerText { text: Cow::Borrowed(text), bom, is_gb18030: false })
            }
            Decoded::Other(text, Foreign::Gb18030) if *GB18030.encode(&text).0 == *bytes => {
                Ok(LedgerText { text: Cow::Owned(text), bom: &[], is_gb18030: true })
            }
            Decoded::Other(_, foreign) => bail!("{path} 是 {} 编码，不能原样改；{convert}", foreign.label()),
            Decoded::Unknown(_) => {
                bail!("{path} 不是 UTF-8，也认不出别的编码；文件可能已损坏，从 git 历史恢复")
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// New text in the encoding of the old.
    pub fn encoded<'p>(&self, pieces: &[&'p str]) -> Result<Vec<Cow<'p, [u8]>>>
    where
        'b: 'p,
    {
        if !self.is_gb18030 {
            let bom = std::iter::once(Cow::Borrowed(self.bom));
            return Ok(bom.chain(pieces.iter().map(|piece| Cow::Borrowed(piece.as_bytes()))).collect());
        }
        Ok(pieces.iter().map(|piece| Cow::Owned(GB18030.encode(piece).0.into_owned())).collect())
    }
}
