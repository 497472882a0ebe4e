use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn merged_with(
    base: &str,
    ours: &str,
    theirs: &str,
    refused: &FxHashMap<Key, String>,
) -> Result<Merged, String> {
    let terms = Terms {
        signoffs: &["核查".to_owned()],
        is_taken: &|id| id == "YL-SS-0005",
        is_referred_to: &|id| id == "YL-SS-0077",
        refused,
    };
    merge(Versions { base, ours, theirs }, &terms)
}

fn merged(base: &str, ours: &str, theirs: &str) -> Merged {
    merged_with(base, ours, theirs, &FxHashMap::default()).unwrap()
}

fn told(merged: &Merged) -> Vec<String> {
    merged.told.iter().map(Told::words).collect()
}

const HEAD: &str = "编号,问题描述,发现日期,完成时限,整改状态,整改进展,责任人,申请日期,核查人,核查日期,备注";

fn text(rows: &[&str]) -> String {
    std::iter::once(HEAD).chain(rows.iter().copied()).map(|row| format!("{row}\n")).collect()
}

/// Merges one row of each version; a `-` is a row that is not there.
#[track_caller]
fn row(base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
    let version = |row: &str| if row == "-" { text(&[]) } else { text(&[row]) };
    let merged = merged(&version(base), &version(ours), &version(theirs));
    (merged.text.strip_prefix(HEAD).unwrap().trim().to_owned(), told(&merged))
}

#[test]
fn cells_that_one_side_changed_are_joined_in_one_row() {
    let (row, told) = row(
        "A-1,灭火器,2025-08-20,2025-09-30,未整改,,李四,,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,整改中,,李四,,,,\"示例\"",
        "A-1,灭火器,2025-08-20,2025-09-30,未整改,,赵六,,,,示例",
    );
    assert_eq!(row, "A-1,灭火器,2025-08-20,2025-09-30,整改中,,赵六,,,,\"示例\"");
    assert_eq!(told, [""; 0]);
}

#[test]
fn what_both_sides_changed_is_a_conflict_and_never_a_winner() {
    let base = "A-1,灭火器,2025-08-20,2025-09-30,待销号,甲,李四,2025-09-05,,,示例";
    let case = |ours: &str, theirs: &str, want: &str| {
        let (text, told) = row(base, ours, theirs);
        let [conflict] = &told[..] else { panic!("{told:?}") };
        assert_eq!(conflict, want);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines[1], lines[2], lines[3]), (ours, "=======", theirs));
        assert!(lines[0].starts_with("<<<<<<< 本方：") && lines[4].starts_with(">>>>>>> 对方"), "{text}");
        assert!(want.ends_with(lines[0].strip_prefix("<<<<<<< 本方：").unwrap()), "{text}");
    };
    case(
        "A-1,灭火器,2025-08-20,2025-09-30,待销号,甲,赵六,2025-09-05,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,待销号,甲,钱七,2025-09-05,,,示例",
        "冲突 A-1：两边都改了 责任人",
    );
    case(
        "A-1,灭火器,2025-08-20,2025-09-30,整改中,甲,李四,,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,待销号,甲,李四,2025-09-05,王五,2025-09-06,示例",
        "冲突 A-1：两边各改了 整改状态、申请日期、核查人、核查日期；状态、时限、签字不能各取一半",
    );
    case(
        "A-1,灭火器,2025-08-20,2025-09-30,待销号,甲。已换,李四,2025-09-05,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,待销号,乙,李四,2025-09-05,,,示例",
        "冲突 A-1：两边都改了 整改进展",
    );
}

#[test]
fn the_closing_marker_names_what_would_be_lost_with_the_other_row() {
    let (text, _) = row(
        "A-1,灭火器,2025-08-20,2025-09-30,未整改,,李四,,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,未整改,,赵六,,,,",
        "A-1,灭火器,2025-08-20,2025-09-30,未整改,甲,钱七,,,,示例",
    );
    assert!(text.ends_with("\n>>>>>>> 对方（两行还差 整改进展、备注）"), "{text}");
}

#[test]
fn entries_that_both_added_are_both_kept_and_told() {
    let (text, told) = row(
        "A-1,灭火器,2025-08-20,2025-09-30,整改中,2025-09-01 甲,李四,,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,整改中,2025-09-01 甲；2025-09-03 丙,李四,,,,示例",
        "A-1,灭火器,2025-08-20,2025-09-30,整改中,2025-09-01 甲；2025-09-02 乙,李四,,,,示例",
    );
    assert!(text.contains(",2025-09-01 甲；2025-09-02 乙；2025-09-03 丙,"), "{text}");
    assert_eq!(told, ["合写 A-1 整改进展：两边都在后面添了字，都留下"]);
}

#[test]
fn a_deleted_row_stays_or_is_a_conflict() {
    let base = "A-1,灭火器,2025-08-20,2025-09-30,未整改,,李四,,,,示例";
    let changed = "A-1,灭火器,2025-08-20,2025-09-30,整改中,,李四,,,,示例";
    assert_eq!(
        row(base, base, "-"),
        (base.to_owned(), vec!["留下 A-1：对方删了这一行；问题登记以后不删".to_owned()])
    );
    assert_eq!(row(base, "-", base).0, base);
    let (text, told) = row(base, "-", changed);
    assert_eq!(told, ["冲突 A-1：本方删了这一行，对方改了 整改状态"]);
    assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), ["=======", changed, ">>>>>>> 对方"]);
    assert_eq!(row(base, "-", "-"), (String::new(), vec![]));
}

#[test]
fn the_later_of_two_problems_with_one_new_number_gets_the_next_free_one() {
    let one = "YL-SS-0004,灭火器,2025-08-20,2025-09-30,未整改,,李四,,,,";
    let two = "YL-SS-0004,通道堆物,2025-08-21,2025-09-30,未整改,,李四,,,,";
    let old = "YL-SS-0003,旧,2025-08-01,2025-09-30,未整改,,李四,,,,";
    let base = text(&[old]);
    for (ours, theirs, side) in [(one, two, "对方"), (two, one, "本方")] {
        let merged = merged(&base, &text(&[old, ours]), &text(&[old, theirs]));
        let lines: BTreeSet<&str> = merged.text.lines().skip(1).collect();
        // 0005 is in use in another ledger.
        let moved = two.replace("0004", "0006");
        assert_eq!(lines, BTreeSet::from([old, one, &moved]));
        let want = format!(
            "改号 YL-SS-0004 → YL-SS-0006：两边用同一个编号登记了不同的问题，{side}的后登记，改用下一个空号"
        );
        assert_eq!(told(&merged), [want]);
    }
    let same = one.replace("李四", "赵六");
    let merged_same = merged(&base, &text(&[old, one]), &text(&[old, &same]));
    assert_eq!(told(&merged_same), ["冲突 YL-SS-0004：两边都改了 责任人"], "one problem registered twice");
}

#[test]
fn a_number_that_others_refer_to_is_not_changed() {
    let head = "编号,问题描述,整改状态,去向\n";
    for (id, more, who) in [
        ("YL-SS-0004", "YL-SS-0002,旧,已并案,YL-SS-0004\n", " YL-SS-0002 的去向"),
        ("YL-SS-0077", "", "别的台账"),
    ] {
        let side = |problem: &str| format!("{head}{more}{id},{problem},未整改,\n");
        let merged = merged(&format!("{head}{more}"), &side("甲"), &side("乙"));
        let want = format!("冲突 {id}：两边用这个编号登记了不同的问题，{who}又引用了它，不能代为改号");
        assert_eq!(told(&merged), [want]);
        assert!(
            merged.text.contains(&format!("{id},甲,未整改,\n=======\n{id},乙,未整改,\n")),
            "{}",
            merged.text
        );
    }
    let plain = merged("编号\n", "编号,问题描述\n甲,一\n", "编号,问题描述\n甲,二\n");
    assert_eq!(told(&plain).len(), 1);
    assert!(told(&plain)[0].contains("编号末尾没有序号"), "{:?}", plain.told);
}

#[test]
fn columns_of_both_sides_are_carried_for_all_rows() {
    let merged = merged(
        "编号,备注\nA-1,x\nA-2,y\n",
        "编号,天气,备注\nA-1,晴,x\nA-2,,y\n",
        "备注,编号,地点\nx,A-1,\nz,A-2,\"一,二\"\n",
    );
    assert_eq!(merged.text, "备注,编号,地点,天气\nx,A-1,,晴\nz,A-2,\"一,二\",\n");
    assert_eq!(merged.told, []);
}

#[test]
fn a_column_that_one_side_took_out_goes_unless_something_new_stands_in_it() {
    let base = "编号,旧,备注\nA-1,x,\n";
    let theirs = "编号,备注\nA-1,甲\n";
    assert_eq!(merged(base, "编号,旧,备注\nA-1,x,\n", theirs).text, theirs);
    let both = merged(base, "编号,旧,备注\nA-1,x,\nA-2,新,\n", theirs);
    assert_eq!(both.text, "编号,旧,备注\nA-1,,甲\nA-2,新,\n");
    let changed = merged(base, "编号,旧,备注\nA-1,z,\n", theirs);
    assert_eq!(told(&changed), ["冲突 A-1：两边都改了 旧"]);
}

#[test]
fn blank_and_odd_lines_and_line_ends_are_kept() {
    let base = "编号,备注\r\nA-1,x\r\n\r\nB\r\nA-2,y\r\n";
    let ours = "编号,备注\r\nA-1,x\r\n\r\nB\r\nA-2,z\r\n";
    let theirs = "编号,备注\nA-1,\"x\"\nA-3,新\n,\nA-2,y";
    assert_eq!(
        merged(base, ours, theirs).text,
        "编号,备注\r\nA-1,\"x\"\r\nA-3,新\r\n,\r\nA-2,z\r\n",
        "B, which is no row, went on their side"
    );
    let open = merged("编号,备注\nA-1,x", "编号,备注\nA-1,y", "编号,备注\nA-1,x\nA-2,");
    assert_eq!(open.text, "编号,备注\nA-1,y\nA-2,");
}

#[test]
fn what_cannot_be_read_as_a_ledger_is_not_merged() {
    let good = "编号,备注\nA-1,x\n";
    for (base, ours, theirs, want) in [
        (good, "", good, "本方的版本是空的"),
        (good, good, "编号,备注\nA-1,\"x\n", "对方的版本第 2 行的引号"),
        (good, good, "甲,乙\n", "对方的版本的表头没有“编号”列"),
        (good, "编号,备注\nA-1,x\nA-1,y\n", good, "本方的版本里编号 A-1 轮次 1 有两行（第 3 行）"),
        (good, "编号,备注\nA-1,x\nA-2\n", "编号,轮次,备注\nA-1,,x\n", "本方的版本第 3 行的格数"),
    ] {
        let why = merged_with(base, ours, theirs, &FxHashMap::default()).unwrap_err();
        assert!(why.starts_with(want), "{why}");
    }
    assert_eq!(merged("", good, "编号,备注\nA-2,y\n").text, "编号,备注\nA-1,x\nA-2,y\n");
}

#[test]
fn a_row_that_was_refused_becomes_a_conflict() {
    let refused = FxHashMap::from_iter([(("A-1".to_owned(), 1), "完成时限登记后不变".to_owned())]);
    let merged =
        merged_with("编号,备注\nA-1,x\n", "编号,备注\nA-1,x\n", "编号,备注\nA-1,y\n", &refused).unwrap();
    assert_eq!(told(&merged), ["冲突 A-1：完成时限登记后不变"]);
    assert!(merged.text.contains("<<<<<<< 本方：完成时限登记后不变\nA-1,x\n=======\nA-1,y\n>>>>>>> 对方\n"));
}

/// A table that is changed step by step.
#[derive(Debug, Clone, PartialEq)]
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    quote_all: bool,
}

#[derive(Debug, Clone)]
enum Change {
    Set(usize, usize, String),
    Add(usize, u8, String),
    Delete(usize),
    Move(usize, usize),
    Column(u8),
    Swap(usize),
    Quote,
}

fn change() -> impl Strategy<Value = Change> {
    let value = || {
        prop::sample::select(vec!["", "甲", "乙", "甲；乙", "a,b", "\"引\"", "未整改", "待销号", "两\n行"])
    };
    prop_oneof![
        6 => (0usize..8, 1usize..6, value()).prop_map(|(row, column, value)| Change::Set(row, column, value.to_owned())),
        2 => (0usize..8, 5u8..9, value()).prop_map(|(at, id, value)| Change::Add(at, id, value.to_owned())),
        1 => (0usize..8).prop_map(Change::Delete),
        1 => (0usize..8, 0usize..8).prop_map(|(from, to)| Change::Move(from, to)),
        1 => (0u8..3).prop_map(Change::Column),
        1 => (1usize..6).prop_map(Change::Swap),
        1 => Just(Change::Quote),
    ]
}

impl Table {
    fn base() -> Table {
        let columns = ["编号", "问题描述", "整改状态", "整改进展", "责任人"].map(str::to_owned).to_vec();
        let row = |id: u8| {
            vec![format!("YL-SS-000{id}"), format!("问题{id}"), "整改中".into(), "甲".into(), "李四".into()]
        };
        Table { columns, rows: (1..5).map(row).collect(), quote_all: false }
    }

    fn changed(mut self, changes: &[Change]) -> Table {
        for change in changes {
            let rows = self.rows.len();
            match change {
                Change::Set(row, column, value) if rows > 0 => {
                    let column = column % self.columns.len();
                    if self.columns[column] != "编号" {
                        self.rows[row % rows][column].clone_from(value);
                    }
                }
                Change::Add(at, id, value) => {
                    let id = format!("YL-SS-000{id}");
                    let place = self.columns.iter().position(|column| column == "编号").unwrap();
                    if self.rows.iter().all(|row| row[place] != id) {
                        let mut row = vec![value.clone(); self.columns.len()];
                        row[place] = id;
                        self.rows.insert(at % (rows + 1), row);
                    }
                }
                Change::Delete(row) if rows > 0 => drop(self.rows.remove(row % rows)),
                Change::Move(from, to) if rows > 0 => {
                    let row = self.rows.remove(from % rows);
                    self.rows.insert(to % rows, row);
                }
                Change::Column(which) => {
                    let name = format!("另{which}");
                    if !self.columns.contains(&name) {
                        self.columns.push(name);
                        self.rows.iter_mut().for_each(|row| row.push(String::new()));
                    }
                }
                Change::Swap(at) => {
                    let at = at % self.columns.len();
                    self.columns.swap(0, at);
                    self.rows.iter_mut().for_each(|row| row.swap(0, at));
                }
                Change::Quote => self.quote_all = true,
                Change::Set(..) | Change::Delete(_) | Change::Move(..) => {}
            }
        }
        self
    }

    fn text(&self) -> String {
        let line = |cells: &Vec<String>| {
            let cells: Vec<_> =
                cells.iter().map(|cell| crate::edit::splice::quoted(cell, self.quote_all)).collect();
            cells.join(",") + "\n"
        };
        std::iter::once(&self.columns).chain(&self.rows).map(line).collect()
    }

    /// Rows by 编号: what stands under each heading.
    fn facts(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        facts(&self.text())
    }
}

type Facts = BTreeMap<String, BTreeMap<String, String>>;

/// Read by the csv crate; empty cells say nothing.
fn facts(text: &str) -> Facts {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| -> BTreeMap<String, String> {
        let cells = headings.iter().zip(&record).filter(|(_, value)| !value.is_empty());
        cells.map(|(heading, value)| (heading.to_owned(), value.to_owned())).collect()
    };
    let rows = reader.records().map(|record| row(record.unwrap()));
    rows.filter_map(|row| Some((row.get("编号")?.clone(), row))).collect()
}

/// The text without the blocks of conflicts, and the 编号 in them.
fn without_conflicts(merged: &Merged) -> (String, BTreeSet<String>) {
    let mut inside = false;
    let mut plain = String::new();
    for line in merged.text.split_inclusive('\n') {
        inside |= line.starts_with("<<<<<<< ");
        if !inside {
            plain += line;
        }
        inside &= !line.starts_with(">>>>>>> ");
    }
    let ids = merged.told.iter().filter_map(|told| match told {
        Told::Conflict { key, .. } => Some(key.0.clone()),
        _ => None,
    });
    (plain, ids.collect())
}

fn renumbered(merged: &Merged) -> BTreeMap<String, (String, Side)> {
    let moved = merged.told.iter().filter_map(|told| match told {
        Told::Renumbered { from, to, side } => Some((to.clone(), (from.clone(), *side))),
        _ => None,
    });
    moved.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// No row is lost and no cell invented, whatever two sides did.
    #[test]
    fn rows_are_kept_and_cells_come_from_somewhere(
        ours in prop::collection::vec(change(), 0..6), theirs in prop::collection::vec(change(), 0..6),
    ) {
        let base = Table::base();
        let (ours, theirs) = (base.clone().changed(&ours), base.clone().changed(&theirs));
        let merged = merged(&base.text(), &ours.text(), &theirs.text());
        let (plain, conflicts) = without_conflicts(&merged);
        let (result, moved) = (facts(&plain), renumbered(&merged));
        let (old, own, other) = (base.facts(), ours.facts(), theirs.facts());
        for (side, facts) in [(Side::Ours, &own), (Side::Theirs, &other)] {
            for id in facts.keys() {
                let to = moved.iter().find(|(_, (from, of))| from == id && *of == side).map_or(id, |(to, _)| to);
                prop_assert!(result.contains_key(to) || conflicts.contains(to), "{id} is lost: {plain}");
            }
        }
        for (id, row) in &result {
            let (from, only) = moved.get(id).map_or((id, None), |(from, side)| (from, Some(*side)));
            let sources: Vec<_> = [(None, &old), (Some(Side::Ours), &own), (Some(Side::Theirs), &other)]
                .into_iter()
                .filter(|(side, _)| only.is_none() || *side == only)
                .filter_map(|(_, facts)| facts.get(from))
                .collect();
            prop_assert!(!sources.is_empty(), "{id} is invented");
            for (heading, value) in row.iter().filter(|(heading, _)| *heading != "编号") {
                let is_known = sources.iter().any(|row| row.get(heading) == Some(value));
                let is_joined = merged.told.iter().any(|told| matches!(told,
                    Told::Joined { key, heading: joined } if key.0 == *id && joined == heading));
                prop_assert!(is_known || is_joined, "{id} {heading} {value} is invented");
            }
        }
    }

    /// It does not matter who merges.
    #[test]
    fn both_ways_give_the_same_rows(
        ours in prop::collection::vec(change(), 0..6), theirs in prop::collection::vec(change(), 0..6),
    ) {
        let base = Table::base();
        let (ours, theirs) = (base.clone().changed(&ours), base.clone().changed(&theirs));
        let there = merged(&base.text(), &ours.text(), &theirs.text());
        let back = merged(&base.text(), &theirs.text(), &ours.text());
        let ((plain, conflicts), (plain_back, conflicts_back)) = (without_conflicts(&there), without_conflicts(&back));
        prop_assert_eq!(facts(&plain), facts(&plain_back));
        prop_assert_eq!(conflicts, conflicts_back);
    }

    /// What one side did alone is taken as that side wrote it; so is what both did alike.
    #[test]
    fn one_side_alone_and_both_alike_are_taken_to_the_letter(changes in prop::collection::vec(change(), 0..6)) {
        let no_delete: Vec<Change> =
            changes.into_iter().filter(|change| !matches!(change, Change::Delete(_))).collect();
        let base = Table::base();
        let side = base.clone().changed(&no_delete);
        for (ours, theirs) in [(&side, &base), (&base, &side), (&side, &side)] {
            let merged = merged(&base.text(), &ours.text(), &theirs.text());
            prop_assert_eq!(&merged.text, &side.text());
            prop_assert_eq!(merged.told, vec![]);
        }
    }

    /// Any bytes are merged or refused.
    #[test]
    fn any_text_is_merged_or_refused(
        base in "(编号,a\n)?[编号,\"\r\n1a]{0,30}", ours in "编号,a\n[编号,\"\r\n1a]{0,30}", theirs in "编号,a\n[编号,\"\r\n1a]{0,30}",
    ) {
        if let Ok(merged) = merged_with(&base, &ours, &theirs, &FxHashMap::default()) {
            let clean = !merged.told.iter().any(Told::is_conflict);
            prop_assert!(!clean || Sheet::read(&merged.text).is_ok(), "{}", merged.text);
        }
    }
}
