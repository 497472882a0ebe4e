//! `zxzz coverage`: which responsible units reported in a period, and which said nothing.

use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::figures::coverage::{CoverageLine, is_owed, lines, responsible};
use crate::model::book::Book;
use crate::model::rhythm::Stretch;
use crate::model::unit::UnitIx;

/// With `units` only those; without `all` only those that did not report.
pub fn build(book: &Book, period: Stretch, units: &[UnitIx], all: bool) -> Document {
    let within = (period.0, period.1.min(book.as_of));
    let mut document = begin(book, &format!("报送情况 {} 至 {}", within.0, within.1));
    let is_asked = |line: &CoverageLine| units.is_empty() || units.contains(&line.unit);
    let by_campaign: Vec<(u16, Vec<CoverageLine>)> = (book.scope.iter())
        .map(|campaign| (*campaign, lines(book, *campaign, within).into_iter().filter(is_asked).collect()))
        .collect();
    document.table(rates(book, &by_campaign));
    document.table(listed(book, &by_campaign, all));
    document.notes.push(
        "应报送：任务的责任单位（没有写的为牵头单位），和建了台账的单位；已报送：期内有新问题，或在 _duties.csv 有零报告"
            .to_owned(),
    );
    if within.1 < period.1 {
        document.notes.push(format!("这一期到 {} 才完，还没有报送的未必是漏报", period.1));
    }
    let over = book.scope.iter().filter(|campaign| !is_owed(book, **campaign, within));
    let over: Vec<&str> = over.map(|campaign| book.workspace.campaign(*campaign).name.as_str()).collect();
    if !over.is_empty() {
        document.notes.push(format!("这一期不在专项起止之内、不用报送：{}", over.join("、")));
    }
    if book.scope.iter().any(|campaign| responsible(book, *campaign).1) {
        document
            .notes
            .push("责任单位中有方案没有列名的（如各相关部门），无法核对，不在应报送之内".to_owned());
    }
    finish(document, book)
}

fn rates(book: &Book, by_campaign: &[(u16, Vec<CoverageLine>)]) -> Table {
    let mut table = Table::new("报送覆盖率", &["专项", "应报送", "有新问题", "零报告", "未报送", "覆盖率"]);
    for (campaign, lines) in by_campaign.iter().filter(|(_, lines)| !lines.is_empty()) {
        let covered = || lines.iter().filter(|line| line.state.is_covered());
        let found = covered().filter(|line| line.found > 0).count();
        table.rows.push(vec![
            Cell::text(&book.workspace.campaign(*campaign).name),
            Cell::count(lines.len()),
            Cell::count(found),
            Cell::count(covered().count() - found),
            Cell::count(lines.len() - covered().count()),
            Cell::Rate { part: covered().count() as i64, whole: lines.len() as i64 },
        ]);
    }
    table
}

fn listed(book: &Book, by_campaign: &[(u16, Vec<CoverageLine>)], all: bool) -> Table {
    let several = book.scope.len() > 1;
    let head: &[&str] = if several { &["专项", "单位"] } else { &["单位"] };
    let name = if all { "各单位" } else { "没有报送、需要核实的单位" };
    let mut table = Table::new(name, &[head, &["台账行数", "本期新问题", "零报告日期", "情况"]].concat());
    for line in by_campaign.iter().flat_map(|(_, lines)| lines) {
        if line.state.is_covered() && !all {
            continue;
        }
        let campaign = several.then(|| Cell::text(&book.workspace.campaign(line.campaign).name));
        let cells = [
            Cell::text(&book.workspace.register.unit(line.unit).name),
            Cell::Count(line.rows.into()),
            Cell::Count(line.found.into()),
            Cell::date(line.zero),
            Cell::text(line.state.label()),
        ];
        table.rows.push(campaign.into_iter().chain(cells).collect());
    }
    table
}
