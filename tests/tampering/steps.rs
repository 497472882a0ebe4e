//! Honest commits, one after the other, and honest ways to bring an issue to where a tamperer wants it.

use crate::desk::{File, Spot};
use crate::sheet::Row;
use crate::story::{Draft, Stamp, Story};
use crate::work::{Act, next_signoff, signoffs};

/// What may follow in the same commit.
const TOGETHER: [(Act, Act); 7] = [
    (Act::Start, Act::Apply),
    (Act::Start, Act::Note),
    (Act::Note, Act::Apply),
    (Act::Return, Act::Apply),
    (Act::Return, Act::Note),
    (Act::Sign, Act::Close),
    (Act::Extend, Act::Start),
];

impl Story {
    /// So many honest steps; a step is a commit on some line, a fork or a merge.
    pub fn run(&mut self, steps: i64) {
        for _ in 0..steps {
            self.step();
        }
    }

    /// Merges whatever is open and ends on `main`.
    pub fn settle(&mut self) {
        while self.lines.len() > 1 {
            self.merge_some();
        }
    }

    fn step(&mut self) {
        let sides = self.lines.len() - 1;
        match self.chance.below(100) {
            0..8 if sides < 3 => {
                let from = self.chance.below(self.lines.len());
                // A side that leaves a side goes back to `main` with what it found there.
                if from == 0 {
                    self.fork(0);
                }
            }
            8..17 if sides > 0 => self.merge_some(),
            17..21 if sides > 0 => {
                let side = 1 + self.chance.below(sides);
                self.catch_up(side);
            }
            _ => {
                let line = self.chance.below(self.lines.len());
                self.honest_commit(line);
            }
        }
    }

    fn merge_some(&mut self) {
        let sides = self.lines.len() - 1;
        let octopus = sides > 1 && self.chance.percent(40);
        let sides: Vec<usize> =
            if octopus { (1..=sides).collect() } else { vec![1 + self.chance.below(sides)] };
        let draft = self.merge_draft(0, &sides);
        self.finish_merge(draft, &sides);
    }

    pub fn honest_commit(&mut self, line: usize) -> usize {
        let mut draft = self.begin(line);
        match self.chance.below(100) {
            0..74 => self.some_work(&mut draft),
            74..84 => self.other_form(&mut draft),
            84..88 => draft.message = "空提交".to_owned(),
            88..92 => self.other_file(&mut draft),
            92..94 => self.slow_clock(&mut draft),
            94..97 if line == 0 => self.tighten(&mut draft),
            97..100 => self.new_ledger(&mut draft),
            _ => self.some_work(&mut draft),
        }
        self.finish(draft)
    }

    /// One to three rows move on; now and then a new one comes.
    pub fn some_work(&mut self, draft: &mut Draft) {
        if self.chance.percent(25) {
            self.register_somewhere(draft);
        }
        let mut rows = self.workable(draft.line, &draft.desk);
        self.chance.shuffle(&mut rows);
        rows.truncate(self.chance.between(1, 3) as usize);
        for spot in rows {
            self.move_on(draft, &spot);
        }
        if self.chance.percent(6) {
            self.other_form(draft);
        }
        if self.chance.percent(8) {
            self.remark_on_any(draft);
        }
    }

    /// A remark on a row that perhaps another line works on: the merge takes both, cell by cell.
    fn remark_on_any(&mut self, draft: &mut Draft) {
        let mut rows = draft.desk.spots();
        rows.retain(|spot| !self.frozen.contains(spot.id()));
        if !rows.is_empty() {
            let spot = self.chance.one(&rows);
            self.act(draft, &spot, Act::Remark);
        }
    }

    fn register_somewhere(&mut self, draft: &mut Draft) {
        let paths: Vec<String> = draft.desk.ledgers.keys().cloned().collect();
        if !paths.is_empty() {
            let path = self.chance.one(&paths);
            self.register(draft, &path);
        }
    }

    fn move_on(&mut self, draft: &mut Draft, spot: &Spot) {
        let acts = self.acts(draft, spot);
        if acts.is_empty() {
            return;
        }
        let first = self.chance.one(&acts);
        self.act(draft, spot, first);
        if self.chance.percent(15) {
            let more = self.acts(draft, spot);
            let next = more.into_iter().find(|next| TOGETHER.contains(&(first, *next)));
            if let Some(next) = next {
                self.act(draft, spot, next);
            }
        }
    }

    fn other_form(&mut self, draft: &mut Draft) {
        let paths: Vec<String> = draft.desk.ledgers.keys().cloned().collect();
        if paths.is_empty() {
            return;
        }
        let path = self.chance.one(&paths);
        let ledger = draft.desk.ledger(&path);
        match self.chance.percent(25) {
            true => self.chance.shuffle(&mut ledger.rows),
            false => ledger.form.change(&mut self.chance),
        }
    }

    fn other_file(&mut self, draft: &mut Draft) {
        let number = self.files;
        self.files += 1;
        let (path, file) = match self.chance.below(5) {
            0 => ("子模块".to_owned(), File::Gitlink),
            1 => (format!("链接{number}"), File::Link("units.toml".to_owned())),
            2 => {
                let row = format!("2025-01-02,零报告,双山街道,,第{number}次,");
                let text = format!("日期,事项,单位,次数,内容,佐证\n{row}\n");
                ("ledgers/yanglao/_duties.csv".to_owned(), File::text(&text))
            }
            3 => (format!("ledgers/daolu/说明{number}.md"), File::text("说明\n")),
            _ => ("README.md".to_owned(), File::text(&format!("第{number}版\n"))),
        };
        if draft.line == 0 {
            draft.desk.files.insert(path, file);
        }
    }

    /// A machine whose clock is a little behind.
    fn slow_clock(&mut self, draft: &mut Draft) {
        let before = self.commits[self.tip(draft.line)].committed;
        let stamp = Stamp { seconds: before.seconds - 90, ..draft.authored };
        (draft.authored, draft.committed) = (stamp, stamp);
    }

    fn tighten(&mut self, draft: &mut Draft) {
        let policy = &mut draft.desk.policy;
        match self.chance.percent(50) {
            true => policy.backdating_days = policy.backdating_days.min(7),
            false => policy.burst_closings = policy.burst_closings.min(3),
        }
    }
}

/// What a tamperer needs of a row.
#[derive(Clone, Copy, Default)]
pub struct Goal {
    pub status: &'static str,
    pub kind: Option<&'static str>,
    pub extended: bool,
    pub returned: bool,
    pub signed: bool,
    pub listed: bool,
    pub relapsed: bool,
    pub unextended: bool,
    pub unsigned: bool,
    pub unreturned: bool,
    pub unreviewed: bool,
    /// Cites a file.
    pub file: bool,
    /// In a ledger of this campaign.
    pub campaign: Option<&'static str>,
}

impl Goal {
    pub fn at(status: &'static str) -> Goal {
        Goal { status, ..Goal::default() }
    }

    /// Whether a row has come so far that losing it would be a loss.
    pub fn is_reached_by(&self, row: &Row) -> bool {
        row.status() == self.status
            && (!self.signed || !row.get("核查人").is_empty())
            && (!self.extended || !row.get("延期至").is_empty())
            && (!self.returned || row.returns() > 0)
            && (!self.listed || !row.get("挂牌督办").is_empty())
            && (!self.relapsed || row.get("回头看结果") == "反弹")
    }

    fn is_met(&self, spot: &Spot, row: &Row) -> bool {
        let kind = if row.get("整改类型").is_empty() { "限期整改" } else { row.get("整改类型") };
        row.status() == self.status
            && self.kind.is_none_or(|wanted| wanted == kind)
            && (!self.extended || !row.get("延期至").is_empty())
            && (!self.returned || row.returns() > 0)
            && (!self.signed
                || signoffs(&spot.path).iter().all(|name| !row.get(&format!("{name}人")).is_empty()))
            && (!self.listed || !row.get("挂牌督办").is_empty() && row.get("摘牌日期").is_empty())
            && (!self.unextended || row.get("延期至").is_empty())
            && (!self.unsigned || next_signoff(row, &spot.path) == signoffs(&spot.path).first().copied())
            && (!self.unreturned || row.get("佐证").is_empty())
            && (!self.unreviewed || row.get("回头看日期").is_empty())
            && self.relapsed == (row.get("回头看结果") == "反弹")
            && (!self.file || row.get("佐证").contains('.'))
            && self.campaign.is_none_or(|campaign| crate::work::campaign(&spot.path) == campaign)
    }

    /// The next move on the way there.
    fn toward(&self, spot: &Spot, row: &Row) -> Option<Act> {
        Some(match row.status() {
            _ if self.listed && row.get("挂牌督办").is_empty() => Act::List,
            "未整改" if self.status == "已移交" => Act::Transfer,
            "未整改" if self.extended && row.get("延期至").is_empty() => Act::Extend,
            "未整改" => Act::Start,
            "整改中" => Act::Apply,
            "待销号" if self.returned && row.returns() == 0 => Act::Return,
            "待销号" if next_signoff(row, &spot.path).is_some() => Act::Sign,
            "待销号" => Act::Close,
            "已销号" if self.relapsed => Act::Reopen,
            _ => return None,
        })
    }
}

impl Story {
    /// A row of `main` as it is wanted, brought there by honest commits if there is none.
    pub fn bring(&mut self, goal: Goal) -> Option<Spot> {
        let fits = |story: &Story, spot: &Spot| goal.is_met(spot, story.desk(0).row(spot));
        let rows = self.workable(0, self.desk(0));
        let ready: Vec<Spot> = rows.into_iter().filter(|spot| fits(self, spot)).collect();
        if !ready.is_empty() && self.chance.percent(75) {
            return Some(self.chance.one(&ready));
        }
        let spot = self.fresh(goal)?;
        for _ in 0..9 {
            if fits(self, &spot) {
                return Some(spot);
            }
            let act = goal.toward(&spot, self.desk(0).row(&spot))?;
            let mut draft = self.begin(0);
            if matches!(act, Act::Sign | Act::Return | Act::Close) {
                draft.by(self.verifier(&spot));
            }
            if act == Act::Extend && !self.acts(&draft, &spot).contains(&Act::Extend) {
                return None;
            }
            self.act(&mut draft, &spot, act);
            if act == Act::Apply && goal.file && !draft.desk.row(&spot).get("佐证").contains('.') {
                let cited = self.evidence_file(&mut draft, &spot);
                draft.desk.set(&spot, &[("佐证", &cited)]);
            }
            self.finish(draft);
        }
        None
    }

    /// A new row in a ledger of `main`, registered in a commit of its own.
    fn fresh(&mut self, goal: Goal) -> Option<Spot> {
        let paths = self
            .desk(0)
            .ledgers
            .keys()
            .filter(|path| goal.campaign.is_none_or(|campaign| crate::work::campaign(path) == campaign));
        let paths: Vec<String> = paths.cloned().collect();
        if paths.is_empty() {
            return None;
        }
        let path = self.chance.one(&paths);
        let mut draft = self.begin(0);
        let spot = self.register(&mut draft, &path);
        if let Some(kind) = goal.kind {
            draft.desk.set(&spot, &[("整改类型", kind)]);
        }
        self.finish(draft);
        Some(spot)
    }
}
