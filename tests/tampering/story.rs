//! A history in the making: commits with their parents, lines of work, people, clocks.

use crate::chance::Chance;
use crate::desk::{Desk, Place, Policy, Spot, merged};
use chrono::{DateTime, Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub type Person = (&'static str, &'static str);

/// Who commits. None of them is 责任人 of a row.
pub const PEOPLE: [Person; 6] = [
    ("李四", "lisi@example.org"),
    ("王五", "wangwu@example.org"),
    ("赵六", "zhaoliu@example.org"),
    ("孙七", "sunqi@example.org"),
    ("Zhou Ba", "zhouba@example.org"),
    ("吴九", "wujiu@example.com"),
];

/// Seconds since 1970, and the minutes by which the machine's clock is set off.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub seconds: i64,
    pub minutes: i32,
}

pub const CHINA: i32 = 8 * 60;

impl Stamp {
    /// The day in China, where the people are.
    pub fn day(self) -> NaiveDate {
        day_of(self.seconds)
    }

    /// Day and time on the machine's clock.
    pub fn local(self) -> String {
        let local = DateTime::from_timestamp(self.seconds + i64::from(self.minutes) * 60, 0).unwrap();
        format!("{} {:+} min", local.format("%Y-%m-%d %H:%M"), self.minutes)
    }

    pub fn later(self, days: i64) -> Stamp {
        Stamp { seconds: self.seconds + days * DAY, ..self }
    }
}

pub const DAY: i64 = 24 * 3600;

pub fn day_of(seconds: i64) -> NaiveDate {
    DateTime::from_timestamp(seconds + i64::from(CHINA) * 60, 0).unwrap().date_naive()
}

pub struct Commit {
    pub parents: Vec<usize>,
    pub desk: Arc<Desk>,
    /// Folder of the workspace in the repository.
    pub folder: &'static str,
    pub author: Person,
    pub authored: Stamp,
    pub committer: Person,
    pub committed: Stamp,
    pub message: String,
}

/// A branch: where it stands, and the issues that nobody else works on meanwhile.
pub struct Line {
    pub tip: usize,
    pub fork: usize,
    pub owned: BTreeSet<String>,
}

/// A commit before it is made.
pub struct Draft {
    pub desk: Desk,
    pub line: usize,
    pub author: Person,
    pub authored: Stamp,
    pub committer: Person,
    pub committed: Stamp,
    pub today: NaiveDate,
    pub message: String,
    /// Parents beyond the line's own tip.
    pub merges: Vec<usize>,
}

impl Draft {
    pub fn by(&mut self, person: Person) {
        (self.author, self.committer) = (person, person);
    }
}

pub struct Story {
    pub chance: Chance,
    pub commits: Vec<Commit>,
    /// The first one is `main`.
    pub lines: Vec<Line>,
    pub place: Place,
    /// The commits that tampered.
    pub tampered: Vec<usize>,
    /// Issues that nobody touches any more, since they were tampered with.
    pub frozen: BTreeSet<String>,
    /// Who brought a row to 待销号.
    pub applicants: BTreeMap<Spot, Person>,
    /// Rows that came with their ledger: nobody is known to have applied.
    pub entered: BTreeSet<Spot>,
    pub numbers: BTreeMap<String, u32>,
    pub files: u32,
    /// Folder of the workspace from now on.
    pub folder: &'static str,
    now: i64,
}

impl Story {
    pub fn new(seed: u64) -> Story {
        let mut chance = Chance::new(seed);
        let place = Place::random(&mut chance);
        Story::in_place(place, chance)
    }

    pub fn in_place(place: Place, mut chance: Chance) -> Story {
        let policy = Policy {
            backdating_days: chance.one(&[14, 14, 10]),
            burst_closings: chance.one(&[20, 5, 3]),
            max_extensions: 1,
        };
        let start = NaiveDate::from_ymd_opt(2025, 8, 18).unwrap() + Days::new(chance.below(10) as u64);
        let midnight = start.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp() - i64::from(CHINA) * 60;
        let mut story = Story {
            folder: place.folder,
            place,
            now: midnight + 9 * 3600,
            commits: vec![],
            lines: vec![Line { tip: 0, fork: 0, owned: BTreeSet::new() }],
            tampered: vec![],
            frozen: BTreeSet::new(),
            applicants: BTreeMap::new(),
            entered: BTreeSet::new(),
            numbers: BTreeMap::new(),
            files: 0,
            chance,
        };
        story.first_commits(policy);
        story
    }

    fn first_commits(&mut self, policy: Policy) {
        let mut draft = self.begin_with(Desk::new(policy), 0);
        let count = self.chance.between(2, 4);
        if self.chance.percent(40) {
            draft.message = "建立工作区".to_owned();
            self.finish(draft);
            draft = self.begin(0);
        }
        for _ in 0..count {
            self.new_ledger(&mut draft);
        }
        self.finish(draft);
    }

    /// A commit before the first tampering, or any of `main`, from which a part of the history may be looked at.
    pub fn base(&mut self) -> usize {
        if let Some(first) = self.tampered.iter().min() {
            return self.commits[*first].parents.first().copied().unwrap_or(0);
        }
        let mut at = self.tip(0);
        for _ in 0..self.chance.below(12) {
            at = self.commits[at].parents.first().copied().unwrap_or(at);
        }
        at
    }

    pub fn tip(&self, line: usize) -> usize {
        self.lines[line].tip
    }

    pub fn desk(&self, line: usize) -> &Desk {
        &self.commits[self.lines[line].tip].desk
    }

    /// Some hours or days later.
    pub fn wait(&mut self) {
        let pause = self.chance.between(600, 2 * DAY);
        self.now += pause;
        // Nobody works at four in the morning.
        let clock = (self.now + i64::from(CHINA) * 60).rem_euclid(DAY);
        if clock < 6 * 3600 {
            self.now += 6 * 3600 - clock + self.chance.between(0, 7200);
        }
    }

    pub fn skip(&mut self, days: i64) {
        self.now += days * DAY;
    }

    /// A clock that goes right, on a machine that may be set to another time zone.
    pub fn stamp(&mut self, seconds: i64) -> Stamp {
        let odd = [0, 0, 9 * 60, 5 * 60 + 30, -5 * 60, -8 * 60, 60];
        let minutes = if self.chance.percent(80) { CHINA } else { self.chance.one(&odd) };
        Stamp { seconds, minutes }
    }

    pub fn person(&mut self) -> Person {
        self.chance.one(&PEOPLE)
    }

    pub fn person_but(&mut self, other: Person) -> Person {
        loop {
            let person = self.person();
            if person != other {
                return person;
            }
        }
    }

    pub fn begin(&mut self, line: usize) -> Draft {
        let desk = self.desk(line).clone();
        self.begin_with(desk, line)
    }

    fn begin_with(&mut self, desk: Desk, line: usize) -> Draft {
        let before = self.now;
        if !self.commits.is_empty() {
            self.wait();
        }
        let author = self.person();
        // Rebased or amended before it was pushed: authored some time before it was committed.
        let delay = if self.chance.percent(8) { (self.now - before) / 2 } else { 0 };
        let authored = self.stamp(self.now - delay);
        let committed = Stamp { seconds: self.now, ..authored };
        let today = authored.day();
        let message = String::new();
        Draft { desk, line, author, authored, committer: author, committed, today, message, merges: vec![] }
    }

    /// Makes the commit and moves the line to it.
    pub fn finish(&mut self, draft: Draft) -> usize {
        let at = self.commits.len();
        let own = (at > 0).then(|| self.lines[draft.line].tip);
        let parents = own.into_iter().chain(draft.merges).collect();
        self.lines[draft.line].tip = at;
        let message = if draft.message.is_empty() { format!("第 {at} 次") } else { draft.message };
        self.commits.push(Commit {
            parents,
            desk: Arc::new(draft.desk),
            folder: self.folder,
            author: draft.author,
            authored: draft.authored,
            committer: draft.committer,
            committed: draft.committed,
            message,
        });
        at
    }

    /// Makes the commit of a tamperer; what it tampered with is left alone from now on.
    pub fn finish_evil(&mut self, draft: Draft, ids: &[&str]) -> usize {
        let at = self.finish(draft);
        self.tampered.push(at);
        self.freeze(ids);
        at
    }

    pub fn freeze(&mut self, ids: &[&str]) {
        for id in ids {
            self.frozen.insert((*id).to_owned());
        }
    }

    /// Who brought the row to 待销号, where the history shows it.
    pub fn applicant(&self, spot: &Spot) -> Option<Person> {
        self.applicants.get(spot).copied().filter(|_| !self.entered.contains(spot))
    }

    /// The rows that a line may work on.
    pub fn workable(&self, line: usize, desk: &Desk) -> Vec<Spot> {
        let owned = &self.lines[line].owned;
        let free = |spot: &Spot| owned.contains(spot.id()) && !self.frozen.contains(spot.id());
        desk.spots().into_iter().filter(free).collect()
    }

    /// A new line that takes some of `from`'s issues with it.
    pub fn fork(&mut self, from: usize) -> usize {
        let ids: Vec<String> = self.lines[from].owned.iter().cloned().collect();
        let taken: BTreeSet<String> = ids.into_iter().filter(|_| self.chance.percent(45)).collect();
        self.lines[from].owned.retain(|id| !taken.contains(id));
        let tip = self.tip(from);
        self.lines.push(Line { tip, fork: tip, owned: taken });
        self.lines.len() - 1
    }

    /// What an honest merge of `sides` into `line` starts from; whoever takes it may still spoil it.
    pub fn merge_draft(&mut self, line: usize, sides: &[usize]) -> Draft {
        let mut draft = self.begin(line);
        for side in sides {
            let base = &self.commits[self.lines[*side].fork].desk;
            draft.desk = merged(base, &draft.desk, self.desk(*side));
            draft.merges.push(self.tip(*side));
        }
        draft.message = "合并".to_owned();
        draft
    }

    /// Merges `main` into a side that goes on.
    pub fn catch_up(&mut self, side: usize) {
        let fork = self.lines[side].fork;
        let mut draft = self.begin(side);
        draft.desk = merged(&self.commits[fork].desk, &draft.desk, self.desk(0));
        draft.merges.push(self.tip(0));
        draft.message = "合并 main".to_owned();
        let main = self.tip(0);
        self.finish(draft);
        self.lines[side].fork = main;
    }

    /// Makes the merge; the sides end there.
    pub fn finish_merge(&mut self, draft: Draft, sides: &[usize]) -> usize {
        let line = draft.line;
        let at = self.finish(draft);
        for side in sides {
            let owned = std::mem::take(&mut self.lines[*side].owned);
            self.lines[line].owned.extend(owned);
        }
        let mut sides = sides.to_vec();
        sides.sort_unstable();
        for side in sides.into_iter().rev() {
            self.lines.remove(side);
        }
        at
    }
}
