//! Characters that a reader cannot see: they move the cursor, reorder a line, or make two names look equal.

/// C0 and C1 controls but for tab and line ends, DEL, zero-width, line separating and bidirectional characters.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => true,
        c => c.is_control(),
    }
}

/// Whether a text may hold such a character: one look at all bytes, without a branch.
pub fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    let c0 = |byte: u8| (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7F);
    let after = |skip: usize| bytes.get(skip..).unwrap_or_default();
    let wide = bytes.iter().zip(after(1)).zip(after(2)).fold(false, |seen, ((a, b), c)| {
        let zero_width = (*b == 0x80) & ((*c >= 0x8B) & (*c <= 0x8F) | (*c >= 0xA8) & (*c <= 0xAE));
        let general = (*a == 0xE2) & (zero_width | (*b == 0x81) & (*c >= 0xA0) & (*c <= 0xA9));
        let mark = (*a == 0xEF) & (*b == 0xBB) & (*c == 0xBF);
        let c1 = (*a == 0xC2) & (*b < 0xA0);
        seen | c0(*a) | general | mark | c1
    });
    // The last two bytes begin no triple.
    let tail = after(bytes.len().saturating_sub(2));
    wide || tail.iter().any(|byte| c0(*byte)) || tail.first() == Some(&0xC2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_look_finds_what_the_slow_one_does() {
        for (text, want) in [
            ("整改中，“已完成”——\r\n\t①…", false),
            ("李\u{200B}四", true),
            ("a\u{202E}b", true),
            ("x\u{0}y", true),
            ("a\u{1b}", true),
            ("\u{7f}", true),
            ("ab\u{85}", true),
            ("行\u{2028}行", true),
            ("\u{FEFF}编号", true),
            ("", false),
        ] {
            assert_eq!(may_hold(text), want, "{text:?}");
            assert_eq!(text.chars().any(is_invisible), want, "{text:?}");
        }
    }
}
