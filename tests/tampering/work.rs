//! Honest work: registering issues and moving them on, one legal move after the other.

use crate::desk::{Desk, File, Spot};
use crate::sheet::{Form, Ledger, Row};
use crate::story::{Draft, Person, Story};
use chrono::{Days, NaiveDate};

/// A ledger that the plans of `tests/base` know: path, campaign, beginning of its 编号, tasks.
const LEDGERS: [(&str, &str, &str, &[&str]); 4] = [
    ("ledgers/yanglao/shuangshan.csv", "yanglao", "YL-SS", &["xiaofang", "yongdian"]),
    ("ledgers/yanglao/diaozhen.csv", "yanglao", "YL-DZJ", &["xiaofang", "yongdian"]),
    ("ledgers/yanglao/minzheng.csv", "yanglao", "YL-MZ", &["zijin"]),
    ("ledgers/daolu/jiaotong.csv", "daolu", "DL-JT", &["kengcao"]),
];
const DESCRIPTIONS: [&str; 8] = [
    "灭火器过期",
    "通道堆物, 共3处",
    "值班员说“没有钥匙”",
    "电线私拉\n接头裸露",
    "路面坑槽",
    "补贴名单 \"重复\"",
    "应急灯损坏",
    "台账不全；缺两次记录",
];
const RESPONSIBLE: [&str; 4] = ["郑十", "冯一", "陈二", "褚三"];

/// The sign-offs of a ledger's campaign, in order.
pub fn signoffs(path: &str) -> &'static [&'static str] {
    if path.starts_with("ledgers/daolu/") { &["审核", "核查"] } else { &["核查"] }
}

pub fn campaign(path: &str) -> &str {
    path.split('/').nth(1).unwrap()
}

/// A move that a row can make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    Start,
    Note,
    Apply,
    Sign,
    Return,
    Close,
    Extend,
    Transfer,
    Merge,
    List,
    Delist,
    Review,
    Reopen,
    Remark,
}

impl Story {
    /// A ledger that enters the history, some of its rows under way already.
    pub fn new_ledger(&mut self, draft: &mut Draft) {
        let free =
            |path: &str| !draft.desk.ledgers.contains_key(path) && !draft.desk.files.contains_key(path);
        let unused: Vec<usize> = (0..LEDGERS.len())
            .filter(|at| free(LEDGERS[*at].0) && !self.numbers.contains_key(LEDGERS[*at].2))
            .collect();
        if unused.is_empty() {
            return;
        }
        let (path, campaign, prefix, _) = LEDGERS[self.chance.one(&unused)];
        let form = Form::random(campaign, &mut self.chance);
        draft.desk.ledgers.insert(path.to_owned(), Ledger { rows: vec![], form });
        self.numbers.insert(prefix.to_owned(), 0);
        let today = draft.today;
        let is_old = self.chance.percent(30);
        for _ in 0..self.chance.between(2, 4) {
            if is_old {
                draft.today = NaiveDate::from_ymd_opt(2025, 8, 4).unwrap();
            }
            let spot = self.register(draft, path);
            self.enter(draft, &spot, today);
            self.entered.insert(spot);
        }
        draft.today = today;
    }

    /// What a row of a ledger that enters the history has behind it.
    fn enter(&mut self, draft: &mut Draft, spot: &Spot, today: NaiveDate) {
        const LIFE: [Act; 5] = [Act::Start, Act::Apply, Act::Sign, Act::Sign, Act::Close];
        let lived = self.chance.below(if draft.today < today { 6 } else { 3 });
        for act in &LIFE[..lived] {
            let is_signed = *act == Act::Sign && next_signoff(draft.desk.row(spot), &spot.path).is_none();
            if !is_signed {
                self.act(draft, spot, *act);
            }
            draft.today = (draft.today + Days::new(self.chance.below(4) as u64)).min(today);
        }
    }

    /// A new issue in a ledger.
    pub fn register(&mut self, draft: &mut Draft, path: &str) -> Spot {
        let (_, campaign, prefix, tasks) = *LEDGERS.iter().find(|(known, ..)| *known == path).unwrap();
        let number = self.numbers.entry(prefix.to_owned()).or_default();
        *number += 1;
        let id = format!("{prefix}-{number:04}");
        let found = draft.today - Days::new(self.chance.below(3) as u64);
        let task = self.chance.one(tasks);
        let description = self.chance.one(&DESCRIPTIONS);
        let mut row = Row::of(&[
            ("编号", &id),
            ("任务", task),
            ("问题主体", self.chance.one(&["", "示例敬老院", "旭升路"])),
            ("问题描述", description),
            ("问题来源", "自查自纠"),
            ("发现日期", &found.to_string()),
            ("整改类型", self.chance.one(&["", "限期整改", "限期整改", "立行立改", "长期坚持"])),
            ("整改状态", "未整改"),
            ("责任部门", self.chance.one(&["民政办", "应急办", "工程科"])),
            ("责任领导", self.chance.one(&["张三", "钱某"])),
            ("责任人", self.chance.one(&RESPONSIBLE)),
            ("备注", self.chance.one(&["", "", "示例"])),
            ("轮次", self.chance.one(&["", "1"])),
        ]);
        if campaign == "yanglao" {
            row.set("问题类型", self.chance.one(&["（二）", "（一）1."]));
            let level = if self.chance.percent(70) { "一般" } else { "紧急" };
            row.set("隐患等级", if task == "yongdian" { level } else { "" });
        }
        row.set("完成时限", &self.limit(&row, found).to_string());
        let spot = Spot { path: path.to_owned(), key: row.key() };
        draft.desk.ledger(path).rows.push(row);
        self.lines[draft.line].owned.insert(id);
        spot
    }

    fn limit(&mut self, row: &Row, found: NaiveDate) -> NaiveDate {
        let most = match row.get("任务") {
            "kengcao" => 2,
            "yongdian" if row.get("隐患等级") == "紧急" => 5,
            _ => 50,
        };
        let last = NaiveDate::from_ymd_opt(2025, 11, 30).unwrap();
        let day = found + Days::new(self.chance.between(most / 2, most) as u64);
        if most > 5 { day.min(last).max(found) } else { day }
    }

    /// The moves that a row may make in this draft.
    pub fn acts(&self, draft: &Draft, spot: &Spot) -> Vec<Act> {
        let row = draft.desk.row(spot);
        let mut acts = vec![];
        let listed = !row.get("挂牌督办").is_empty();
        let status = row.status();
        let open = ["未整改", "整改中"].contains(&status);
        if open {
            acts.extend([Act::Note, Act::Transfer]);
            acts.extend(merge_target(&draft.desk, spot).map(|_| Act::Merge));
            let deadline: NaiveDate = row.get("完成时限").parse().unwrap();
            if self.may_extend(&draft.desk, spot) && draft.today <= deadline {
                acts.extend([Act::Extend; 2]);
            }
        }
        match status {
            "未整改" => acts.extend([Act::Start; 8]),
            "整改中" => acts.extend([Act::Apply; 8]),
            _ => {}
        }
        if status == "未整改" && row.get("整改类型") == "立行立改" {
            acts.extend([Act::Apply; 6]);
        }
        if status == "待销号" && self.applicants.get(spot) != Some(&draft.author) {
            let unsigned = next_signoff(row, &spot.path).is_some();
            acts.extend(vec![if unsigned { Act::Sign } else { Act::Close }; 6]);
            acts.extend([Act::Return; 2]);
        }
        if status == "已销号" {
            acts.push(Act::Remark);
            let last =
                draft.desk.ledgers[&spot.path].rows.iter().filter(|other| other.get("编号") == spot.id());
            if last.map(Row::round).max() == Some(row.round()) {
                acts.extend([Act::Review, Act::Reopen, Act::Reopen]);
            }
        }
        let stands = listed && row.get("摘牌日期").is_empty();
        acts.extend(stands.then_some(Act::Delist));
        if !stands && (open || status == "待销号") {
            acts.push(Act::List);
        }
        acts
    }

    fn may_extend(&self, desk: &Desk, spot: &Spot) -> bool {
        let rounds = desk.ledgers[&spot.path].rows.iter().filter(|row| row.get("编号") == spot.id());
        rounds.map(|row| row.get("延期至")).all(str::is_empty)
    }

    /// Makes a move, dated today or a day or two before.
    pub fn act(&mut self, draft: &mut Draft, spot: &Spot, act: Act) {
        let day = self.day(draft, spot).to_string();
        let number = self.chance.between(1, 999);
        match act {
            Act::Start => {
                draft.desk.set(spot, &[("整改状态", "整改中"), ("整改措施", "更换"), ("交办日期", &day)]);
            }
            Act::Note => self.note(draft, spot, &format!("{day} 已联系厂家")),
            Act::Apply => self.apply(draft, spot, &day),
            Act::Sign => self.sign(draft, spot, &day),
            Act::Return => self.send_back(draft, spot, &day),
            Act::Close => draft.desk.set(spot, &[("整改状态", "已销号"), ("销号日期", &day)]),
            Act::Extend => self.extend(draft, spot, &day),
            Act::Transfer => {
                draft.desk.set(
                    spot,
                    &[("整改状态", "已移交"), ("去向", &format!("区民政局，函〔2025〕{number}号"))],
                );
            }
            Act::Merge => {
                let into = merge_target(&draft.desk, spot).unwrap();
                draft.desk.set(spot, &[("整改状态", "已并案"), ("去向", &into)]);
            }
            Act::List => {
                draft.desk.set(spot, &[("挂牌督办", "区级"), ("挂牌日期", &day), ("摘牌日期", "")]);
            }
            Act::Delist => draft.desk.set(spot, &[("摘牌日期", &day)]),
            Act::Review => draft.desk.set(spot, &[("回头看日期", &day), ("回头看结果", "未反弹")]),
            Act::Reopen => self.reopen(draft, spot, &day),
            Act::Remark => draft.desk.set(spot, &[("备注", &format!("存档{number}"))]),
        }
    }

    /// A day that lies in the order of the row's own days and not after the commit.
    fn day(&mut self, draft: &Draft, spot: &Spot) -> NaiveDate {
        let row = draft.desk.row(spot);
        let last = [
            "发现日期",
            "交办日期",
            "申请日期",
            "审核日期",
            "核查日期",
            "销号日期",
            "回头看日期",
            "挂牌日期",
        ]
        .iter()
        .filter_map(|heading| row.get(heading).parse::<NaiveDate>().ok())
        .max()
        .unwrap();
        let early = draft.today - Days::new(self.chance.below(3) as u64);
        early.max(last).min(draft.today)
    }

    fn note(&mut self, draft: &mut Draft, spot: &Spot, note: &str) {
        let old = draft.desk.row(spot).get("整改进展").to_owned();
        let all = if old.is_empty() { note.to_owned() } else { format!("{old}；{note}") };
        draft.desk.set(spot, &[("整改进展", &all)]);
    }

    fn apply(&mut self, draft: &mut Draft, spot: &Spot, day: &str) {
        self.note(draft, spot, &format!("{day} 已整改"));
        let mut evidence = draft.desk.row(spot).get("佐证").to_owned();
        if evidence.is_empty() || self.chance.percent(50) {
            let more = match self.chance.percent(50) {
                true => self.evidence_file(draft, spot),
                false => format!("档案{}号", self.chance.between(1, 999)),
            };
            evidence = if evidence.is_empty() { more } else { format!("{evidence}；{more}") };
        }
        draft.desk.set(spot, &[("整改状态", "待销号"), ("申请日期", day), ("佐证", &evidence)]);
        self.applicants.insert(spot.clone(), draft.author);
        self.entered.remove(spot);
    }

    /// Puts a file into the workspace and returns how the row cites it.
    pub fn evidence_file(&mut self, draft: &mut Draft, spot: &Spot) -> String {
        self.files += 1;
        let name = format!("{}-{}.{}", spot.id(), self.files, self.chance.one(&["jpg", "pdf", "txt"]));
        let beside = format!("ledgers/{}/", campaign(&spot.path));
        let (path, cited) = match self.chance.below(6) {
            0 | 1 => (format!("佐证/{name}"), format!("佐证/{name}")),
            2 => (format!("{beside}附件/{name}"), format!("附件/{name}")),
            3 => (format!("佐证/{name}"), format!("./佐证/{name}")),
            4 => (format!("佐证/{name}"), format!("佐证\\{name}")),
            _ => (name.clone(), name.clone()),
        };
        draft.desk.files.insert(path, File::text(&format!("整改后 {}", self.files)));
        cited
    }

    fn sign(&mut self, draft: &mut Draft, spot: &Spot, day: &str) {
        let level = next_signoff(draft.desk.row(spot), &spot.path).unwrap();
        draft.desk.set(spot, &[(&format!("{level}人"), draft.author.0), (&format!("{level}日期"), day)]);
    }

    fn send_back(&mut self, draft: &mut Draft, spot: &Spot, day: &str) {
        self.note(draft, spot, &format!("{day} 退回：照片不清"));
        let returns = (draft.desk.row(spot).returns() + 1).to_string();
        for level in signoffs(&spot.path) {
            draft.desk.set(spot, &[(&format!("{level}人"), ""), (&format!("{level}日期"), "")]);
        }
        draft.desk.set(spot, &[("整改状态", "整改中"), ("申请日期", ""), ("退回次数", &returns)]);
        // What was mended at once has to be started now.
        if draft.desk.row(spot).get("交办日期").is_empty() {
            draft.desk.set(spot, &[("整改措施", "更换"), ("交办日期", day)]);
        }
    }

    fn extend(&mut self, draft: &mut Draft, spot: &Spot, day: &str) {
        let deadline: NaiveDate = draft.desk.row(spot).get("完成时限").parse().unwrap();
        let until = deadline + Days::new(self.chance.between(5, 25) as u64);
        draft.desk.set(
            spot,
            &[
                ("延期至", &until.to_string()),
                ("延期事由", "到货晚"),
                ("延期批准人", "徐主任"),
                ("延期批准日期", day),
            ],
        );
    }

    fn reopen(&mut self, draft: &mut Draft, spot: &Spot, day: &str) {
        draft.desk.set(spot, &[("回头看日期", day), ("回头看结果", "反弹")]);
        let old = draft.desk.row(spot).clone();
        let mut next = Row::default();
        for heading in [
            "编号",
            "任务",
            "问题类型",
            "问题主体",
            "问题描述",
            "问题来源",
            "整改类型",
            "责任部门",
            "责任领导",
            "责任人",
            "隐患等级",
        ] {
            next.set(heading, old.get(heading));
        }
        let found: NaiveDate = day.parse().unwrap();
        let limit = self.limit(&next, found).to_string();
        let round = (old.round() + 1).to_string();
        for (heading, value) in [
            ("轮次", round.as_str()),
            ("发现日期", day),
            ("交办日期", day),
            ("整改状态", "整改中"),
            ("整改措施", "再换"),
            ("完成时限", &limit),
        ] {
            next.set(heading, value);
        }
        draft.desk.ledger(&spot.path).rows.push(next);
    }

    /// Who may take a row on when `author` must not be the one that applied.
    pub fn verifier(&mut self, spot: &Spot) -> Person {
        match self.applicants.get(spot).copied() {
            Some(applicant) => self.person_but(applicant),
            None => self.person(),
        }
    }
}

fn merge_target(desk: &Desk, spot: &Spot) -> Option<String> {
    let rows = desk.ledgers[&spot.path].rows.iter();
    // Only into an older issue, so that no circle comes about.
    let fits = |row: &&Row| row.get("编号") < spot.id() && !["已并案", "已移交"].contains(&row.status());
    rows.filter(fits).map(|row| row.get("编号").to_owned()).next()
}

/// The level that has not signed yet.
pub fn next_signoff(row: &Row, path: &str) -> Option<&'static str> {
    signoffs(path).iter().copied().find(|level| row.get(&format!("{level}日期")).is_empty())
}
