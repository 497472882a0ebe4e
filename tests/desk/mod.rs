//! A workspace to try commands in: a copy of `tests/base/` with one ledger.

#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use zxzz::model::workflow::*;

pub const LEDGER: &str = "ledgers/yanglao/shuangshan.csv";

pub const HEADER: &str = "编号,轮次,任务,问题类型,问题主体,问题描述,问题来源,发现日期,整改类型,整改措施,交办日期,完成时限,延期至,延期事由,延期批准人,延期批准日期,整改状态,整改进展,责任部门,责任领导,责任人,申请日期,佐证,核查人,核查日期,销号日期,退回次数,挂牌督办,挂牌日期,摘牌日期,去向,回头看日期,回头看结果,备注";

/// Each command with arguments that leave nothing out, and its line of the table.
pub const COMMANDS: [(&[&str], &Move); 14] = [
    (&["start", "--measures", "更换", "--date", "2025-08-22"], &START),
    (&["progress", "--note", "已更换一半", "--date", "2025-08-25"], &PROGRESS),
    (&["apply", "--progress", "已更换", "--evidence", "档案2号", "--date", "2025-09-10"], &APPLY),
    (&["sign", "--person", "王五", "--date", "2025-09-11"], &SIGN),
    (&["return", "--reason", "照片不清", "--date", "2025-09-11"], &RETURN),
    (&["close", "--date", "2025-09-12"], &CLOSE),
    (
        &["extend", "--to", "2025-10-31", "--reason", "到货晚", "--approver", "赵六", "--date", "2025-09-20"],
        &EXTEND,
    ),
    (&["reopen", "--measures", "再换", "--deadline", "2025-11-30", "--date", "2025-10-20"], &REOPEN),
    (&["transfer", "--to", "区民政局"], &TRANSFER),
    (&["merge", "--into", "YL-SS-0099"], &MERGE),
    (&["supervise", "--level", "区级", "--date", "2025-09-01"], &LIST),
    (&["supervise", "--lift", "--date", "2025-10-01"], &DELIST),
    (&["review", "--date", "2025-10-20"], &REVIEW),
    (&["set", "备注=示例"], &SET),
];

pub struct Desk {
    pub folder: TempDir,
}

impl Desk {
    pub fn new(rows: &[String]) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
        fs::create_dir_all(folder.path().join("campaigns")).unwrap();
        fs::create_dir_all(folder.path().join("ledgers/yanglao")).unwrap();
        for file in ["zxzz.toml", "units.toml", "campaigns/yanglao.toml", "campaigns/daolu.toml"] {
            fs::copy(base.join(file), folder.path().join(file)).unwrap();
        }
        let desk = Desk { folder };
        desk.write(&format!("{HEADER}\n{}", rows.iter().map(|row| format!("{row}\n")).collect::<String>()));
        desk
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, text: &str) {
        fs::write(self.path().join(LEDGER), text).unwrap();
    }

    pub fn read(&self) -> String {
        fs::read_to_string(self.path().join(LEDGER)).unwrap()
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        command.arg("-C").arg(self.path()).args(words).env_clear();
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }
}

/// Cells of a row by heading; the rest stays empty.
pub fn row(cells: &[(&str, &str)]) -> String {
    let value =
        |heading: &str| cells.iter().rev().find(|(name, _)| *name == heading).map_or("", |(_, value)| *value);
    HEADER.split(',').map(value).collect::<Vec<_>>().join(",")
}

/// A row that `check` finds nothing wrong with.
pub fn lawful(id: &str, status: Status, kind: Kind) -> String {
    let mut cells = vec![
        ("编号", id),
        ("任务", "xiaofang"),
        ("问题类型", "（二）"),
        ("问题主体", "示例敬老院"),
        ("问题描述", "灭火器过期"),
        ("问题来源", "自查自纠"),
        ("发现日期", "2025-08-20"),
        ("整改类型", kind.label()),
        ("完成时限", "2025-09-30"),
        ("整改状态", status.label()),
        ("责任部门", "民政办"),
        ("责任领导", "张三"),
        ("责任人", "李四"),
    ];
    if matches!(status, Status::Underway | Status::Applied | Status::Closed) {
        cells.extend([("整改措施", "更换"), ("交办日期", "2025-08-21")]);
    }
    if matches!(status, Status::Applied | Status::Closed) {
        cells.extend([("整改进展", "已更换"), ("申请日期", "2025-09-10"), ("佐证", "档案1号")]);
    }
    if status == Status::Closed {
        cells.extend([("核查人", "王五"), ("核查日期", "2025-09-11"), ("销号日期", "2025-09-12")]);
    }
    match status {
        Status::Transferred => cells.push(("去向", "区民政局")),
        Status::Merged => cells.push(("去向", "YL-SS-0099")),
        _ => {}
    }
    row(&cells)
}

/// The row with some cells replaced.
pub fn with(row: &str, cells: &[(&str, &str)]) -> String {
    let headings = HEADER.split(',');
    let changed = headings.zip(row.split(',')).map(|(heading, old)| {
        cells.iter().find(|(name, _)| *name == heading).map_or(old, |(_, value)| *value)
    });
    changed.collect::<Vec<_>>().join(",")
}

pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Mostly a command that the table allows the row just then, else any.
pub fn tried(desk: &Desk, id: &str, choice: usize) -> &'static [&'static str] {
    let text = desk.read();
    let last = text.lines().rfind(|line| line.starts_with(id)).unwrap().to_owned();
    let cell = |heading: &str| {
        let at = text.lines().next().unwrap().split(',').position(|name| name == heading).unwrap();
        last.split(',').nth(at).unwrap().to_owned()
    };
    let (status, kind) = (Status::named(&cell("整改状态")).unwrap(), Kind::named(&cell("整改类型")).unwrap());
    let is_last_resort = |rule: &Move| ["transfer", "merge"].contains(&rule.command);
    let legal: Vec<_> = COMMANDS
        .iter()
        .filter(|(_, rule)| is_legal(rule, status, kind) && (!is_last_resort(rule) || choice > 70))
        .collect();
    match choice {
        0..80 => legal[choice % legal.len()].0,
        _ => COMMANDS[choice % COMMANDS.len()].0,
    }
}
