//! Evidence of written-off rows that did not stay as it was.

use super::{Kind, kind};
use crate::desk::{File, Spot};
use crate::steps::Goal;
use crate::story::{Draft, Story};

const CHANGED: &[&str] = &["changed-evidence"];

pub const KINDS: &[Kind] = &[
    kind("evidence_changed", CHANGED, |story| {
        touch(story, |draft, path| {
            draft.desk.files.insert(path.to_owned(), File::text("别的照片"));
        })
    }),
    kind("evidence_deleted", CHANGED, |story| {
        touch(story, |draft, path| {
            draft.desk.files.remove(path);
        })
    }),
    kind("evidence_moved_away", CHANGED, |story| {
        touch(story, |draft, path| {
            let file = draft.desk.files.remove(path).unwrap();
            draft.desk.files.insert(format!("旧/{path}"), file);
        })
    }),
    kind("evidence_replaced_by_another_file", CHANGED, |story| {
        touch(story, |draft, path| {
            draft.desk.files.remove(path);
            draft.desk.files.insert(format!("{path}.bak"), File::text("别的照片"));
        })
    }),
    kind("evidence_made_a_link", CHANGED, |story| {
        touch(story, |draft, path| {
            draft.desk.files.insert(path.to_owned(), File::Link("units.toml".to_owned()));
        })
    }),
    kind("evidence_made_a_submodule", CHANGED, |story| {
        touch(story, |draft, path| {
            draft.desk.files.insert(path.to_owned(), File::Gitlink);
        })
    }),
    kind("evidence_changed_in_a_merge", CHANGED, |story| {
        let (spot, path) = evidence(story)?;
        let side = story.fork(0);
        story.honest_commit(side);
        story.honest_commit(0);
        let mut draft = story.merge_draft(0, &[side]);
        draft.desk.files.insert(path, File::text("别的照片"));
        let at = story.finish_merge(draft, &[side]);
        story.tampered.push(at);
        story.freeze(&[spot.id()]);
        Some(())
    }),
    kind("evidence_changed_and_changed_back", CHANGED, |story| {
        let (spot, path) = evidence(story)?;
        let line = story.begin_evil().line;
        let mut draft = story.begin(line);
        let old = draft.desk.files.insert(path.clone(), File::text("别的照片")).unwrap();
        story.finish_evil(draft, &[spot.id()]);
        let mut draft = story.begin(line);
        draft.desk.files.insert(path, old);
        story.finish(draft);
        Some(())
    }),
];

/// A written-off row and one of the files that it cites.
fn evidence(story: &mut Story) -> Option<(Spot, String)> {
    let spot = story.bring(Goal { file: true, ..Goal::at("已销号") })?;
    let row = story.desk(0).row(&spot);
    let cited = row.get("佐证").split('；').find(|part| part.contains('.')).unwrap();
    let name = cited.rsplit(['/', '\\']).next().unwrap().to_owned();
    let path = story.desk(0).files.keys().find(|path| path.rsplit('/').next() == Some(&name))?.clone();
    Some((spot, path))
}

fn touch(story: &mut Story, change: fn(&mut Draft, &str)) -> Option<()> {
    let (spot, path) = evidence(story)?;
    let mut draft = story.begin_evil();
    change(&mut draft, &path);
    story.crowd(&mut draft, spot.id());
    story.finish_evil(draft, &[spot.id()]);
    Some(())
}
