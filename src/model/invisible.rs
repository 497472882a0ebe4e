//! Characters that a reader cannot see: they move the cursor, reorder a line, or make two names look equal.

/// C0 and C1 controls but for tab and line ends, DEL, zero-width, line separating and bidirectional characters.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => true,
        c => c.is_control(),
    }
}

/// Every character of a text, and whether a reader cannot see it; what joins two emoji to one is seen.
pub fn seen(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    std::iter::from_fn(move || {
        let c = chars.next()?;
        let joins = c == '\u{200D}' && is_emoji(before) && chars.peek().copied().is_some_and(is_emoji);
        before = c;
        Some((c, is_invisible(c) && !joins))
    })
}

/// Pictographs, and what varies the one before it.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether a text holds such a character; quicker than to look at each.
pub fn holds_invisible(text: &str) -> bool {
    let bytes = text.as_bytes();
    let c0 = |byte: u8| (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7F);
    // Without a branch, so that many bytes are looked at at once.
    let has_c0 = bytes.iter().fold(false, |seen, byte| seen | c0(*byte));
    has_c0
        || memchr::memchr2_iter(0xC2, 0xE2, bytes).any(|at| begins_invisible(&bytes[at..]))
        || memchr::memmem::find(bytes, "\u{FEFF}".as_bytes()).is_some()
}

/// The other two lead bytes: U+0080 to U+009F, and U+2000 to U+206F without the blanks and marks.
fn begins_invisible(bytes: &[u8]) -> bool {
    match bytes {
        [0xC2, second, ..] => *second < 0xA0,
        [0xE2, 0x80, third, ..] => matches!(third, 0x8B..=0x8F | 0xA8..=0xAE),
        [0xE2, 0x81, third, ..] => matches!(third, 0xA0..=0xA9),
        _ => false,
    }
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
            assert_eq!(holds_invisible(text), want, "{text:?}");
            assert_eq!(text.chars().any(is_invisible), want, "{text:?}");
        }
    }

    #[test]
    fn joined_emoji_are_seen() {
        for (text, want) in [
            ("👨\u{200D}👩\u{200D}👧", ""),
            ("❤\u{FE0F}\u{200D}🔥", ""),
            ("灯\u{200D}坏", "\u{200D}"),
            ("👨\u{200D}", "\u{200D}"),
            ("👨\u{200B}👩", "\u{200B}"),
        ] {
            let hidden: String = seen(text).filter(|(_, is_hidden)| *is_hidden).map(|(c, _)| c).collect();
            assert_eq!(hidden, want, "{text:?}");
        }
    }
}
