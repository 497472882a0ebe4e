//! How wide and how long text is on paper, in half-widths of a Chinese character.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A heading is broken into two lines rather than making its column wide.
const HEADING: usize = 12;

/// Longer words (addresses on the web) are broken.
const LONGEST_WORD: usize = 24;

/// Shorter texts (已销号, ≥30张) are not broken.
const SHORT: usize = 8;

/// As Chinese fonts are: “”…— take a whole width.
pub fn width(text: &str) -> usize {
    text.width_cjk()
}

/// How much room a column needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Its longest line.
    pub widest: usize,
    /// Its longest word: narrower it does not read.
    pub least: usize,
}

impl Extent {
    pub fn of_heading(heading: &str) -> Extent {
        let half = (width(heading).div_ceil(2) + 1).max(longest_word(heading)).clamp(4, LONGEST_WORD);
        Extent { widest: width(heading).clamp(half, HEADING.max(half)), least: half }
    }

    pub fn add(&mut self, text: &str) {
        let widest = text.split('\n').map(width).max().unwrap_or(0);
        if widest > self.least {
            let word = if widest <= SHORT { widest } else { longest_word(text).min(LONGEST_WORD) };
            self.least = self.least.max(word);
        }
        self.widest = self.widest.max(widest);
    }

    /// What both need.
    pub fn and(self, other: Extent) -> Extent {
        Extent { widest: self.widest.max(other.widest), least: self.least.max(other.least) }
    }

    /// Its width, where prose may take so much.
    pub fn within(&self, most: usize) -> usize {
        self.widest.min(most).max(self.least)
    }
}

/// The columns' widths with the longest lines, from `most` down to `least`, with which they fit into the room.
pub fn fitted(columns: &[Extent], most: usize, least: usize, room: usize) -> Option<Vec<usize>> {
    let widths = |most| columns.iter().map(|column| column.within(most)).collect::<Vec<usize>>();
    (least..=most).rev().map(widths).find(|widths| widths.iter().sum::<usize>() <= room)
}

/// Lines that a text takes: wide characters may break anywhere, words do not. Programs differ in where punctuation
/// may stand, so a line that is one character short is counted.
pub fn lines(text: &str, room: usize) -> usize {
    text.split('\n').map(|line| if width(line) <= room { 1 } else { wrapped(line, room.max(4) - 2) }).sum()
}

fn wrapped(line: &str, room: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in words(line) {
        let width = width(word);
        if used > 0 && used + width > room {
            lines += 1;
            used = 0;
        }
        used += width;
        while used > room {
            lines += 1;
            used -= room;
        }
    }
    lines
}

fn longest_word(text: &str) -> usize {
    words(text).map(|word| width(word.trim())).max().unwrap_or(0)
}

/// Each wide character by itself, and what stands between: runs of letters, digits and signs up to a blank.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let is_wide = |c: char| c.width_cjk().unwrap_or(0) > 1;
    let mut rest = line;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match is_wide(first) {
            true => first.len_utf8(),
            false => rest
                .char_indices()
                .find_map(|(at, c)| match c {
                    c if is_wide(c) => Some(at),
                    ' ' | '\n' => Some(at + 1),
                    _ => None,
                })
                .unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_counted_too_few() {
        for (text, room, want) in [
            ("", 10, 1),
            ("整改中", 6, 1),
            ("整改中", 4, 3),
            ("已更换灭火器，已培训", 10, 3),
            ("YL-SS-0001", 10, 1),
            ("编号YL-SS-0001等", 12, 3),
            ("一\n二\n三", 10, 3),
            ("0123456789012345678901234567890123456789", 12, 4),
        ] {
            assert_eq!(lines(text, room), want, "{text} in {room}");
        }
    }

    #[test]
    fn prose_gives_way_and_numbers_keep_their_width() {
        let column = |heading: &str, cells: &[&str]| {
            let mut extent = Extent::of_heading(heading);
            cells.iter().for_each(|cell| extent.add(cell));
            extent
        };
        let columns = [
            column("编号", &["YL-SS-0001"]),
            column("问题", &["示例敬老院的灭火器过期，没有应急照明，厨房没有灭火毯"]),
            column("时限", &["2025-09-30"]),
        ];
        assert_eq!(fitted(&columns, 40, 10, 100), Some(vec![10, 40, 10]));
        assert_eq!(fitted(&columns, 40, 10, 50), Some(vec![10, 30, 10]));
        assert_eq!(fitted(&columns, 40, 10, 25), None);
    }

    #[test]
    fn a_heading_may_take_two_lines() {
        let extent = Extent::of_heading("方案写明日期的事项");
        assert_eq!((extent.widest, extent.least), (12, 10));
    }
}
