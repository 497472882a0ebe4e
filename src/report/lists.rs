//! `zxzz lists`: the four lists (问题清单, 任务清单, 责任清单, 成果清单), in the grouping of 附件2 of the elder-care plan.

use super::choices::fitting;
use super::typed::typed;
use super::{begin, finish, task_title};
use crate::document::{Cell, Document, Table};
use crate::model::book::{Book, Ledger};
use crate::model::column::{Column, Nature};
use crate::model::issue::Row;

type Heading = (&'static str, fn(&Book, &Ledger, &Row) -> Cell);

/// Each list with its columns after 编号 and 单位.
const LISTS: [(&str, &[Heading]); 4] = [
    (
        "问题清单",
        &[
            ("问题类型", |_, _, row| Cell::text(row.text(Column::Category))),
            ("问题主体", |_, _, row| Cell::text(row.text(Column::Subject))),
            ("问题描述", |_, _, row| Cell::text(row.text(Column::Description))),
            ("问题来源", |_, _, row| Cell::text(row.text(Column::Source))),
            ("发现日期", |_, _, row| Cell::Date(row.issue.found)),
        ],
    ),
    (
        "任务清单",
        &[
            ("任务", |book, ledger, row| Cell::text(task_title(book, ledger, row.issue))),
            ("整改措施", |_, _, row| Cell::text(row.text(Column::Measures))),
            ("完成时限", |_, _, row| Cell::Date(row.issue.deadline)),
            ("现行时限", |book, _, row| Cell::Date(row.issue.limit_on(book.as_of))),
        ],
    ),
    (
        "责任清单",
        &[
            ("责任部门", |_, _, row| Cell::text(row.text(Column::Department))),
            ("责任领导", |_, _, row| Cell::text(row.text(Column::Leader))),
            ("责任人", |_, _, row| Cell::text(row.text(Column::Person))),
        ],
    ),
    (
        "成果清单",
        &[
            ("整改状态", |book, _, row| Cell::text(row.issue.status_on(book.as_of).label())),
            ("整改进展", |_, _, row| Cell::text(row.text(Column::Progress))),
            ("涉及资金(元)", |_, _, row| typed(&row.text(Column::Money), Nature::Money)),
            ("新建制度", |_, _, row| Cell::text(row.text(Column::NewRules))),
            ("修订制度", |_, _, row| Cell::text(row.text(Column::RevisedRules))),
            ("废止制度", |_, _, row| Cell::text(row.text(Column::RepealedRules))),
            ("移交线索数", |_, _, row| typed(&row.text(Column::LeadsTransferred), Nature::Count)),
            ("销号日期", |book, _, row| Cell::date(row.issue.closed.filter(|day| *day <= book.as_of))),
        ],
    ),
];

pub fn build(book: &Book) -> Document {
    let mut document = begin(book, "四个清单");
    for (name, headings) in LISTS {
        let mut table = Table::new(name, &["编号", "轮次", "单位"]);
        table.columns.extend(headings.iter().map(|(heading, _)| (*heading).to_owned()));
        for (ledger, row) in book.rows() {
            let round = Cell::Count(row.issue.round.into());
            let head = [Cell::text(row.id()), round, Cell::text(book.unit_name(ledger))];
            let cells = headings.iter().map(|(_, cell)| cell(book, ledger, &row));
            table.rows.push(head.into_iter().chain(cells).collect());
        }
        // 任务 is told by its title.
        table.choices = fitting(book, &table, |heading| if heading == "任务" { "任务名称" } else { heading });
        document.table(table);
    }
    document.notes.push(format!(
        "四个清单各列同样的 {} 个问题，按编号对照；整改状态为报告日的状态",
        book.rows().count()
    ));
    finish(document, book)
}
