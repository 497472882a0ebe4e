//! `zxzz units`: the register, and what each unit answers for.

use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::people::Person;
use crate::model::unit::{Body, Register, Unit, UnitIx};

/// All units, or the chosen ones, with what they answer for among the wanted tasks.
pub fn build(book: &Book, chosen: &[UnitIx], wanted: impl Fn(u16, usize) -> bool) -> Document {
    let mut document = begin(book, "单位");
    document.title = format!("{} 单位", book.workspace.settings.name);
    let register = &book.workspace.register;
    let mut table = Table::new(
        "单位",
        &["id", "代码", "单位", "类别", "别名", "所在单位组", "牵头", "责任", "配合", "问题"],
    );
    let mut issues = vec![0; register.units.len()];
    book.issues().for_each(|(ledger, _)| issues[usize::from(ledger.unit)] += 1);
    let all: Vec<UnitIx> = (0..register.units.len() as UnitIx).collect();
    for ix in if chosen.is_empty() { &all } else { chosen } {
        let unit = register.unit(*ix);
        let head = [
            Cell::text(&unit.id),
            Cell::text(&unit.code),
            Cell::text(&unit.name),
            Cell::text(unit.kind.label()),
            Cell::text(aliases(unit)),
            Cell::text(groups(register, *ix)),
        ];
        let roles =
            answers(book, *ix, &wanted).into_iter().chain([issues[usize::from(*ix)]]).map(Cell::count);
        table.rows.push(head.into_iter().chain(roles).collect());
    }
    document.table(table);
    if !register.people.is_empty() {
        document.table(people(book, chosen));
    }
    if chosen.is_empty() {
        document.table(all_groups(register));
        document.table(retired(register));
    }
    document.notes.push(
        "牵头、责任、配合：各专项中的任务数，含通过单位组的；zxzz tasks --unit 单位 列出是哪些".to_owned(),
    );
    finish(document, book)
}

fn aliases(unit: &Unit) -> String {
    unit.aliases.join("、")
}

fn groups(register: &Register, unit: UnitIx) -> String {
    let holds = |ix: &usize| register.members(*ix as u16).contains(&unit);
    let names = (0..register.groups.len()).filter(holds).map(|ix| register.groups[ix].name.as_str());
    names.collect::<Vec<_>>().join("、")
}

/// How many of the wanted tasks the unit leads, answers for, supports.
fn answers(book: &Book, unit: UnitIx, wanted: &impl Fn(u16, usize) -> bool) -> [usize; 3] {
    let register = &book.workspace.register;
    let named = |names: &[String]| names.iter().any(|name| register.names(name, unit));
    let mut counts = [0; 3];
    for ix in &book.scope {
        let campaign = book.workspace.campaign(*ix);
        for (_, task) in campaign.tasks.iter().enumerate().filter(|(at, _)| wanted(*ix, *at)) {
            let lead = if task.lead.is_empty() { &campaign.lead } else { &task.lead };
            for (count, names) in counts.iter_mut().zip([lead, &task.responsible, &task.support]) {
                *count += usize::from(named(names));
            }
        }
    }
    counts
}

fn all_groups(register: &Register) -> Table {
    let mut table = Table::new("单位组", &["id", "单位组", "成员", "别名"]);
    for (ix, group) in register.groups.iter().enumerate() {
        let members = register.members(ix as u16).into_iter().map(|unit| register.unit(unit).name.as_str());
        let members = if group.open {
            "开放（方案未列成员）".to_owned()
        } else {
            members.collect::<Vec<_>>().join("、")
        };
        table
            .rows
            .push([&group.id, &group.name, &members, &group.aliases.join("、")].map(Cell::text).to_vec());
    }
    table
}

/// Who of the chosen units may do what on the report day, in the campaigns in scope.
fn people(book: &Book, chosen: &[UnitIx]) -> Table {
    let register = &book.workspace.register;
    let mut table = Table::new("当天在任的人员", &["姓名", "单位", "角色", "专项", "起", "止"]);
    let is_chosen = |person: &&Person| match register.resolve(&person.unit) {
        Some(Body::Unit(ix)) => chosen.is_empty() || chosen.contains(&ix),
        _ => chosen.is_empty(),
    };
    let serves = |person: &&Person| {
        let serves = |ix: &u16| person.serves_campaign(book.workspace.campaign(*ix));
        book.scope.iter().any(serves)
    };
    let in_office = register.people.iter().filter(|person| person.is_in_office(book.as_of));
    for person in in_office.filter(is_chosen).filter(serves) {
        let unit = match register.resolve(&person.unit) {
            Some(Body::Unit(ix)) => &register.unit(ix).name,
            _ => &person.unit,
        };
        let roles = person.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("、");
        let campaigns = person.campaigns.as_ref().map_or("全部".to_owned(), |own| own.join("、"));
        let texts = [&person.name, unit, &roles, &campaigns].map(Cell::text);
        table
            .rows
            .push(texts.into_iter().chain([Cell::date(person.from), Cell::date(person.until)]).collect());
    }
    table
}

fn retired(register: &Register) -> Table {
    let mut table = Table::new("已撤销", &["名称", "撤销日期", "并入"]);
    table.rows = (register.retired.iter())
        .map(|unit| vec![Cell::text(&unit.name), Cell::Date(unit.since), Cell::text(unit.into.join("、"))])
        .collect();
    table
}
