//! Whole ledgers that vanish or become unreadable.

use super::{ANY, Kind, kind, moved};
use crate::desk::File;
use crate::sheet::Ledger;
use crate::steps::Goal;
use crate::story::{Draft, Story};
use std::sync::Arc;

const GONE: &[&str] = &["deleted-ledger"];
const LATER: &[&str] = &["changed-deadline", "unverified", "deleted-row"];
const UNREAD: &[&str] = &["unverified", "deleted-row", "deleted-ledger"];

pub const KINDS: &[Kind] = &[
    kind("ledger_deleted", GONE, |story| relocate(story, |_| None)),
    kind("ledger_renamed", GONE, |story| relocate(story, |path| Some(path.replace(".csv", "2.csv")))),
    kind("ledger_hidden", GONE, |story| {
        relocate(story, |path| {
            let (folder, name) = path.rsplit_once('/').unwrap();
            Some(format!("{folder}/_{name}"))
        })
    }),
    kind("ledger_under_other_extension", GONE, |story| {
        relocate(story, |path| Some(path.replace(".csv", ".txt")))
    }),
    kind("ledger_in_other_case", GONE, |story| relocate(story, |path| Some(path.replace(".csv", ".CSV")))),
    kind("ledger_under_other_campaign", GONE, |story| {
        relocate(story, |path| {
            let other = if path.contains("/daolu/") { "yanglao" } else { "daolu" };
            Some(format!("ledgers/{other}/{}", path.rsplit('/').next().unwrap()))
        })
    }),
    kind("ledger_one_folder_deeper", GONE, |story| {
        relocate(story, |path| Some(path.replacen("ledgers/", "ledgers/旧/", 1)))
    }),
    kind("ledgers_folder_renamed", GONE, |story| {
        relocate(story, |path| Some(path.replacen("ledgers/", "Ledgers/", 1)))
    }),
    kind("ledger_made_a_link", UNREAD, |story| {
        replace(story, |story, _| {
            File::Link((story.chance.one(&["elsewhere.csv", "../../units.toml"])).to_owned())
        })
    }),
    kind("ledger_made_a_link_to_a_copy", UNREAD, |story| {
        let path = some_ledger(story)?;
        let mut draft = story.begin_evil();
        let mut copy = draft.desk.ledgers[&path].clone();
        later_limits(&mut copy);
        draft.desk.files.insert("archive/copy.csv".to_owned(), File::text(&copy.text()));
        draft.desk.spoil(&path, File::Link("../../archive/copy.csv".to_owned()));
        finish(story, draft, &path)
    }),
    kind("ledger_made_a_submodule", GONE, |story| replace(story, |_, _| File::Gitlink)),
    kind("ledger_made_a_folder", GONE, |story| {
        relocate(story, |path| Some(format!("{path}/{}", path.rsplit('/').next().unwrap())))
    }),
    kind("ledger_cut_to_its_header", &["deleted-row"], |story| {
        rewrite(story, |_, ledger| ledger.records().remove(0))
    }),
    kind("ledger_emptied", &["deleted-row", "unverified", "deleted-ledger"], |story| {
        rewrite(story, |_, _| String::new())
    }),
    kind("quote_never_closed", UNREAD, |story| {
        rewrite(story, |story, ledger| in_some_row(story, ledger, "\"", ""))
    }),
    kind("quote_swallows_rows", UNREAD, |story| {
        rewrite(story, |_, ledger| {
            // The last cell of the first row opens what the last row closes.
            ledger.form.columns.retain(|name| name != "备注");
            ledger.form.columns.push("备注".to_owned());
            (ledger.form.short, ledger.form.quoted) = (false, false);
            for row in &mut ledger.rows {
                row.set("备注", "");
                row.set("问题描述", "灭火器过期");
            }
            let mut records = ledger.records();
            let last = records.len() - 1;
            records[1] = records[1].replace('\n', "\"\n");
            records[last] = records[last].replace('\n', "\"\n");
            records.concat()
        })
    }),
    kind("row_made_ragged", UNREAD, |story| {
        rewrite(story, |story, ledger| in_some_row(story, ledger, "", ","))
    }),
    kind("limit_column_dropped", &["unverified", "changed-deadline"], |story| {
        rewrite(story, |_, ledger| without_column(ledger, "完成时限"))
    }),
    kind("limit_column_renamed", &["unverified", "changed-deadline"], |story| {
        rewrite(story, |_, ledger| ledger.text().replacen("完成时限", "完成期限", 1))
    }),
    kind("status_column_dropped", &["unverified", "illegal-move"], |story| {
        rewrite(story, |_, ledger| without_column(ledger, "整改状态"))
    }),
    kind("signoff_column_dropped", &["changed-signoff", "touched-closed", "unverified"], |story| {
        let spot = story.bring(Goal { signed: true, ..Goal::at("待销号") })?;
        change(story, &spot.path, |_, ledger| without_column(ledger, "核查人"))
    }),
    kind("returns_column_dropped", &["illegal-move", "touched-closed", "unverified"], |story| {
        let spot = story.bring(Goal { returned: true, ..Goal::at("整改中") })?;
        change(story, &spot.path, |_, ledger| without_column(ledger, "退回次数"))
    }),
    kind("column_twice", ANY, |story| {
        rewrite(story, |_, ledger| {
            let mut records = ledger.records();
            for (at, record) in records.iter_mut().enumerate() {
                record.insert_str(0, if at == 0 { "完成时限," } else { "2025-12-31," });
            }
            records.concat()
        })
    }),
    kind("header_repeated", UNREAD, |story| {
        rewrite(story, |_, ledger| {
            later_limits(ledger);
            ledger.records().remove(0) + &ledger.text()
        })
    }),
    kind("title_above_header", UNREAD, |story| {
        rewrite(story, |_, ledger| {
            later_limits(ledger);
            format!("问题台账\n{}", ledger.text())
        })
    }),
    kind("bytes_at_random", UNREAD, |story| {
        replace(story, |story, _| {
            let noise = (0..400).map(|_| story.chance.below(256) as u8);
            File::Bytes(Arc::new([0xFF, 0x80, 0xFF].into_iter().chain(noise).collect()))
        })
    }),
    kind("semicolons_for_commas", UNREAD, |story| {
        rewrite(story, |_, ledger| {
            later_limits(ledger);
            ledger.text().replace(',', ";")
        })
    }),
    kind("carriage_returns_alone", LATER, |story| {
        replace(story, |_, ledger| {
            later_limits(ledger);
            File::text(&ledger.text().replace('\n', "\r"))
        })
    }),
    kind("utf16_and_later_limits", LATER, |story| {
        replace(story, |_, ledger| {
            later_limits(ledger);
            let units = ledger.text().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
            File::Bytes(Arc::new([&[0xFF, 0xFE], &units[..]].concat()))
        })
    }),
    kind("form_and_later_limits", &["changed-deadline"], |story| {
        replace(story, |story, ledger| {
            later_limits(ledger);
            story.chance.shuffle(&mut ledger.rows);
            for _ in 0..4 {
                ledger.form.change(&mut story.chance);
            }
            ledger.file()
        })
    }),
    kind("two_byte_order_marks", LATER, |story| {
        replace(story, |_, ledger| {
            later_limits(ledger);
            File::text(&format!("\u{FEFF}\u{FEFF}{}", ledger.text()))
        })
    }),
    kind("workspace_moved", ANY, |story| {
        let path = some_ledger(story)?;
        let mut draft = story.begin(0);
        story.folder = if story.folder == "新台账/" { "台账/" } else { "新台账/" };
        later_limits(draft.desk.ledger(&path));
        finish(story, draft, &path)
    }),
];

/// A ledger of `main` with at least two rows and one that is open.
fn some_ledger(story: &mut Story) -> Option<String> {
    let spot = story.bring(Goal::at("整改中"))?;
    while story.desk(0).ledgers[&spot.path].rows.len() < 3 {
        let mut draft = story.begin(0);
        story.register(&mut draft, &spot.path);
        story.finish(draft);
    }
    Some(spot.path)
}

fn finish(story: &mut Story, draft: Draft, path: &str) -> Option<()> {
    let before = story.commits[story.tip(draft.line)].desk.clone();
    let ids: Vec<&str> = before.ledgers[path].rows.iter().map(|row| row.get("编号")).collect();
    story.finish_evil(draft, &ids);
    Some(())
}

/// The ledger stands elsewhere, or nowhere, from now on.
fn relocate(story: &mut Story, to: fn(&str) -> Option<String>) -> Option<()> {
    let path = some_ledger(story)?;
    let mut draft = story.begin_evil();
    let file = draft.desk.ledgers[&path].file();
    draft.desk.ledgers.remove(&path);
    if let Some(to) = to(&path) {
        draft.desk.files.insert(to, file);
    }
    finish(story, draft, &path)
}

/// Other bytes, or none, in the place of a ledger.
fn replace(story: &mut Story, by: fn(&mut Story, &mut Ledger) -> File) -> Option<()> {
    let path = some_ledger(story)?;
    let mut draft = story.begin_evil();
    let mut ledger = draft.desk.ledgers[&path].clone();
    let file = by(story, &mut ledger);
    draft.desk.spoil(&path, file);
    finish(story, draft, &path)
}

/// Another text in the encoding and with the line ends that the ledger had.
fn rewrite(story: &mut Story, by: fn(&mut Story, &mut Ledger) -> String) -> Option<()> {
    let path = some_ledger(story)?;
    change(story, &path, by)
}

fn change(story: &mut Story, path: &str, by: fn(&mut Story, &mut Ledger) -> String) -> Option<()> {
    let mut draft = story.begin_evil();
    let mut ledger = draft.desk.ledgers[path].clone();
    let text = by(story, &mut ledger);
    draft.desk.spoil(path, File::Bytes(Arc::new(ledger.bytes(&text))));
    finish(story, draft, path)
}

fn without_column(ledger: &mut Ledger, heading: &str) -> String {
    ledger.form.columns.retain(|name| name != heading);
    ledger.text()
}

/// Something before and after a row at random.
fn in_some_row(story: &mut Story, ledger: &Ledger, before: &str, after: &str) -> String {
    let mut records = ledger.records();
    let at = 1 + story.chance.below(records.len() - 1);
    records[at] = format!("{before}{}{after}\n", records[at].trim_end_matches('\n'));
    records.concat()
}

/// The limits of all rows that are not finished, later.
fn later_limits(ledger: &mut Ledger) {
    for row in ledger.rows.iter_mut().filter(|row| ["未整改", "整改中", "待销号"].contains(&row.status()))
    {
        let limit = moved(row.get("完成时限"), 20);
        row.set("完成时限", &limit);
    }
}
