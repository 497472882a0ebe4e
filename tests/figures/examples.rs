//! The smallest examples of what the random districts once found.

use crate::shown::{cells, report, rows};
use serde_json::Value;
use std::fs;
use std::path::Path;

const PLAN: &str = r#"
id = "yanglao"
code = "YL"
name = "养老服务专项整治"
lead = ["区民政局"]
period = { start = 2025-08-01, end = 2025-11-30 }
[[tasks]]
id = "xiaofang"
title = "消防安全"
responsible = ["双山街道", "刁镇街道"]
source = "二"
"#;

const FIGURES: &str = "期间,单位,指标,分子,分母,数值,填报人,填报日期";
const DUTIES: &str = "日期,事项,单位,次数,内容,佐证";

/// Name, header and rows of a file of the folder of ledgers.
type File<'a> = (&'a str, &'a str, &'a [&'a str]);

/// A plan with one more entry, and files of its folder of ledgers.
fn report_on(entry: &str, files: &[File], words: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
    for sub in ["campaigns", "ledgers/yanglao"] {
        fs::create_dir_all(folder.path().join(sub)).unwrap();
    }
    fs::copy(base.join("units.toml"), folder.path().join("units.toml")).unwrap();
    let settings = "name = \"示例区\"\n[policy]\nmin_denominator = 1\n";
    fs::write(folder.path().join("zxzz.toml"), settings).unwrap();
    fs::write(folder.path().join("campaigns/yanglao.toml"), format!("{PLAN}{entry}")).unwrap();
    for (name, header, rows) in files {
        let text = format!("{header}\n{}\n", rows.join("\n"));
        fs::write(folder.path().join(format!("ledgers/yanglao/{name}.csv")), text).unwrap();
    }
    report(folder.path(), words)
}

/// An entry of the plan.
fn target(rest: &str) -> String {
    format!("[[targets]]\nid = \"mubiao\"\nname = \"目标\"\nsource = \"一\"\n{rest}")
}

/// Cells of the rows of a table.
fn lines(document: &Value, table: &str, columns: &[&str]) -> Vec<String> {
    rows(document, table).iter().map(|row| cells(row, columns)).collect()
}

#[test]
fn coverage_outside_the_plan() {
    let entry = target("measure = \"coverage\"\nunit = \"%\"\nperiod = \"standing\"\n");
    let document = report_on(&entry, &[], "targets --by-unit --as-of 2025-12-05");
    let shown = lines(&document, "", &["单位", "实际"]);
    assert_eq!(shown, ["全专项 -", "双山街道 -", "刁镇街道 -"]);
}

#[test]
fn coverage_rank_of_all_days() {
    let zero = ("_duties", DUTIES, &["2025-08-31,零报告,双山街道,,,"][..]);
    let document = report_on("", &[zero], "rank --by coverage --as-of 2025-10-31");
    let shown = lines(&document, "镇街", &["单位", "报送覆盖率"]);
    assert_eq!(shown, ["双山街道 0/1", "刁镇街道 0/1"]);
}

#[test]
fn rank_of_a_period_to_come() {
    let entry = target("measure = \"reported\"\nunit = \"件\"\nperiod = \"month\"\n");
    let figures = ("_targets", FIGURES, &["2025-10,双山街道,目标,,,3,李四,2025-11-01"][..]);
    let document = report_on(&entry, &[figures], "rank --by mubiao --period quarter --as-of 2025-10-31");
    let shown = lines(&document, "镇街", &["名次", "单位", "目标"]);
    assert_eq!(shown, ["1 双山街道 3"]);
}
