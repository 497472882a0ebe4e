//! GitHub: workflow commands, shown as annotations on the lines of a change.

use super::notice::{Notice, Notices, UNSEEN};
use super::visible;
use anyhow::Result;
use std::io::Write;

pub fn write(notices: &Notices, out: &mut dyn Write) -> Result<()> {
    for unseen in &notices.unseen {
        let place = format!("file={},line=1", property(&visible(&unseen.path)));
        writeln!(out, "::error {place},title={}::{}", title(UNSEEN), data(&visible(&unseen.message)))?;
    }
    notices.notices.iter().try_for_each(|notice| line(notice, out))
}

/// `::error file=…,line=…,col=…,title=…::message`
fn line(notice: &Notice, out: &mut dyn Write) -> Result<()> {
    write!(out, "::{} file={}", notice.rule.severity.code(), property(&visible(&notice.path)))?;
    write!(out, ",line={}", notice.line)?;
    if let Some(column) = notice.column {
        write!(out, ",col={column}")?;
    }
    Ok(writeln!(out, ",title={}::{}", title(notice.rule.code), data(&notice.words()))?)
}

fn title(code: &str) -> String {
    property(&format!("zxzz {code}"))
}

/// What ends a message or starts an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What ends a property as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_it() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("台账, 一::二%3A\n"), "台账%2C 一%3A%3A二%253A%0A");
    }
}
