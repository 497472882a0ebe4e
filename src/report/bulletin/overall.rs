//! 总体情况.

use super::words::{change, chinese, listed, points, rate};
use super::{Kind, Matter};
use crate::document::Block;
use crate::model::workflow::Status;

pub fn part(matter: &Matter) -> Vec<Block> {
    let (now, then) = (&matter.now.whole, &matter.then.whole);
    let day = chinese(matter.day());
    if now.tally.total() == 0 {
        return vec![Block::Paragraph(format!("截至{day}，台账中还没有登记问题。"))];
    }
    let count = |status: Status| now.tally.of(status);
    let standing = listed([
        (count(Status::Closed), "已销号"),
        (count(Status::Applied), "待销号"),
        (count(Status::Underway), "整改中"),
        (count(Status::Registered), "未整改"),
        (count(Status::Transferred), "已移交"),
        (count(Status::Merged), "已并案"),
    ]);
    let (closed, closable) = now.closing();
    let mut blocks = vec![Block::Paragraph(format!(
        "截至{day}，共登记问题{}个，其中{standing}。销号率{}{}。",
        now.tally.total(),
        rate(closed, closable),
        points(now.closing(), then.closing()),
    ))];
    let period = match matter.bulletin.kind {
        Kind::Weekly => "本周",
        Kind::MidMonth => "上半月",
        Kind::Monthly => "本月",
        Kind::Stage(_) => "本阶段",
        Kind::Final => "整治期间",
    };
    let compared = !matches!(matter.bulletin.kind, Kind::Stage(_) | Kind::Final);
    let told = |now: u32, then: u32| match compared {
        true => format!("{now}个，{}", change(now, then)),
        false => format!("{now}个"),
    };
    blocks.push(Block::Paragraph(format!(
        "{period}新发现问题{}；申请销号{}；销号{}。",
        told(now.found, then.found),
        told(now.applied, then.applied),
        told(now.closed, then.closed),
    )));
    let mut worries = vec![];
    if now.tally.overdue > 0 || then.tally.overdue > 0 {
        let change = if compared {
            format!("，{}", change(now.tally.overdue, then.tally.overdue))
        } else {
            String::new()
        };
        worries.push(format!("超期未申请销号的{}个{change}", now.tally.overdue));
    }
    if now.tally.backlog > 0 {
        worries.push(format!("申请后核查积压的{}个", now.tally.backlog));
    }
    if now.tally.listed > 0 {
        worries.push(format!("挂牌督办的{}个", now.tally.listed));
    }
    if now.tally.closed_late > 0 {
        worries.push(format!("已销号中逾期申请的{}个", now.tally.closed_late));
    }
    if !worries.is_empty() {
        blocks.push(Block::Paragraph(format!("{}。", worries.join("；"))));
    }
    blocks
}
