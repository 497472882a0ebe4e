//! The tables of the reports as lines of the same form as those of the second computation.

use crate::shown::{broken, cell, cells, number, rows, said};
use serde_json::Value;

const COUNTS: [&str; 6] = ["问题", "未整改", "整改中", "待销号", "已销号", "移交并案"];

pub fn progress(document: &Value) -> Vec<String> {
    let progress = [&["专项"], &COUNTS[..], &["销号率"]].concat();
    let worries = ["专项", "蓝", "黄", "红", "深红", "超期", "挂牌", "核查积压", "逾期销号", "按期率"];
    let mut lines: Vec<String> = rows(document, "进展").iter().map(|row| cells(row, &progress)).collect();
    lines.extend(rows(document, "预警").iter().map(|row| cells(row, &worries)));
    for (table, head) in [("各单位", "单位"), ("各任务", "任务")] {
        let columns = [&[head], &COUNTS[..], &["黄", "红", "深红", "销号率", "按期率"]].concat();
        lines.extend(rows(document, table).iter().map(|row| cells(row, &columns)));
    }
    lines
}

pub fn closings(document: &Value) -> Vec<String> {
    let columns = ["单位", "已销号", "逾期销号", "销号率", "按期率"];
    rows(document, "销号率").iter().map(|row| cells(row, &columns)).collect()
}

/// The numbers of the paragraphs under 总体情况.
pub fn overall(document: &Value) -> Vec<String> {
    let text = document["text"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let part: Vec<&str> = text.skip_while(|text| !text.contains("总体情况")).skip(1).take(3).collect();
    let [standing, events, worries] = part[..] else { panic!("{part:?}") };
    if standing.contains("还没有登记问题") {
        return vec![];
    }
    let mut lines = vec![];
    for words in ["未整改", "整改中", "待销号", "已销号", "已移交", "已并案"] {
        lines.extend(said(standing, words));
    }
    let rate = standing.split("销号率").nth(1).unwrap();
    let rate = rate.split_once('（').map_or("0/0", |(_, rest)| rest.split_once('）').unwrap().0);
    lines.push(format!("{} {rate}", said(standing, "共登记问题").unwrap()));
    for words in ["新发现问题", "申请销号", "销号"] {
        lines.extend(said(events, words));
    }
    for words in ["超期未申请销号的", "挂牌督办的", "申请后核查积压的", "已销号中逾期申请的"]
    {
        lines.extend(said(worries, words));
    }
    lines.sort();
    lines
}

/// How many units have to report, and who did not.
pub fn silence(document: &Value) -> Vec<String> {
    let mut texts = document["text"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let Some(text) = texts.find_map(|text| text.strip_prefix("应报送的责任单位")) else {
        return vec![];
    };
    let (count, list) = text.trim_end_matches('。').split_once("，其中").unwrap();
    [count].into_iter().chain(list.split('；')).map(str::to_owned).collect()
}

pub fn targets(document: &Value) -> Vec<String> {
    let mut lines = vec![];
    for row in rows(document, "") {
        let id = cell(&row["指标"]).replace("指标", "");
        let figures = ["实际", "差距", "比上期"].map(|column| number(&row[column])).join(" ");
        let remarks = broken(&cell(&row["说明"]));
        lines.push(format!(
            "{id} {} {figures} {} {remarks:?}",
            cells(row, &["单位", "期间"]),
            cell(&row["结论"])
        ));
    }
    lines
}

/// The figure stands in the third column of the ranked and in the second of the others, under its own name.
pub fn ranking(document: &Value) -> Vec<String> {
    let column = |row: &Value, at: usize| number(row.as_object().unwrap().values().nth(at).unwrap());
    let mut lines = vec![];
    for group in ["镇街", "部门和其他单位"] {
        for row in rows(document, group) {
            let figure = column(row, 2);
            lines.push(format!("{group} {} {figure} {}", cells(row, &["名次", "单位"]), cell(&row["标记"])));
        }
    }
    for row in rows(document, "不参与排名") {
        lines.push(format!("- {} {} {}", cell(&row["单位"]), column(row, 1), cell(&row["原因"])));
    }
    lines
}

pub fn reporting(document: &Value) -> Vec<String> {
    let sums = ["应报送", "有新问题", "零报告", "未报送", "覆盖率"];
    let units = ["单位", "台账行数", "本期新问题", "零报告日期", "情况"];
    let mut lines = vec![];
    for (table, columns) in [("报送覆盖率", sums), ("各单位", units)] {
        for row in rows(document, table) {
            let campaign = if row["专项"] == "道路交通专项整治" { "daolu" } else { "yanglao" };
            lines.push(format!("{campaign} {}", cells(row, &columns)));
        }
    }
    lines
}

pub fn duties(document: &Value) -> Vec<String> {
    let columns = ["事项", "单位", "按期完成", "已做", "应做", "下次截止", "最近一次"];
    let missing = ["事项", "单位", "从", "到", "期数", "应做", "已做", "缺"];
    let standing = rows(document, "完成情况").iter().map(|row| cells(row, &columns));
    let lines = standing.chain(rows(document, "欠缺").iter().map(|row| cells(row, &missing)));
    let shares = rows(document, "各单位做的次数").iter().map(|row| cells(row, &["事项", "单位", "次数"]));
    let lines = lines.chain(shares);
    lines.map(|line| line.replace("事项", "")).collect()
}
