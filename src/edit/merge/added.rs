//! Files to which both sides only added rows: what units file side by side (`_targets.csv`, `_duties.csv`).

/// Ours with what theirs adds at its end; `None` if either side changed or removed a line that was there before.
/// A line that both added is one line.
pub fn added_on_both_sides(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let (own, added) = (additions(base, ours)?, additions(base, theirs)?);
    let newline: &[u8] = if ours.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
    let mut merged = ours.to_vec();
    if !merged.is_empty() && !merged.ends_with(b"\n") {
        merged.extend(newline);
    }
    for line in added.into_iter().filter(|line| !own.contains(line)) {
        merged.extend(line);
        merged.extend(newline);
    }
    Some(merged)
}

/// The lines that are not of the base, if all those of the base are still there in their order.
fn additions<'b>(base: &[u8], side: &'b [u8]) -> Option<Vec<&'b [u8]>> {
    let mut before = lines(base).peekable();
    let added = lines(side).filter(|line| before.next_if_eq(line).is_none()).collect();
    before.next().is_none().then_some(added)
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_added_on_both_sides_are_all_kept() {
        for (base, ours, theirs, want) in [
            ("h\n1\n", "h\n1\n2\n", "h\n1\n3\n", Some("h\n1\n2\n3\n")),
            ("h\n1\n", "h\n1\n2\n", "h\n1\n2\n3\n", Some("h\n1\n2\n3\n")),
            ("", "h\n1\n", "h\n2\n", Some("h\n1\n2\n")),
            ("h\r\n1\r\n", "h\r\n1\r\n2", "h\n1\n3\n", Some("h\r\n1\r\n2\r\n3\r\n")),
            ("h\n1\n2\n", "h\n0\n1\n2\n", "h\n1\n2\n3\n", Some("h\n0\n1\n2\n3\n")),
            ("h\n1\n", "h\n9\n", "h\n1\n3\n", None),
            ("h\n1\n", "h\n1\n2\n", "h\n", None),
            ("h\n1\n2\n", "h\n2\n1\n", "h\n1\n2\n3\n", None),
        ] {
            let got = added_on_both_sides(base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
            assert_eq!(got.as_deref(), want.map(str::as_bytes), "{base:?} {ours:?} {theirs:?}");
        }
    }
}
