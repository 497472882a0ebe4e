//! Proves that a clone is fit to work in: what can be run is run, not looked up.

use super::setup::{DRIVER, beside};
use super::{Opened, UNITS};
use crate::finding::Severity;
use crate::load::decode::{Decoded, decode};
use crate::load::ledger::looks_like_header;
use crate::model::health::{Examined, Health};
use crate::scaffold::hooks::{ATTRIBUTES, HOOKS, MARK};
use crate::source::clone::{Hook, HooksFolder};
use crate::source::disk::MARKER;
use crate::source::git::{Repository, version};
use crate::source::trial::trial_merge;
use Health::{Bad, Caution, Good};
use anyhow::Result;
use chrono::{Datelike, NaiveDate};

/// A ledger that is there only to ask git about.
const ANY_LEDGER: &str = "ledgers/a/b.csv";

/// Looks at everything; `today` is the day that the calendar must know.
pub fn examine(opened: &Opened, today: NaiveDate) -> Result<Vec<Examined>> {
    let mut all = vec![settings(opened), encodings(opened), calendar(opened, today), leftovers(opened)];
    match (version(), Repository::around(&opened.tree)?) {
        (None, _) => {
            all.push(Examined::new("git", Bad, "没有装 git，或不在 PATH 里；历史、合并、钩子都用不了"))
        }
        (Some(version), None) => {
            all.push(Examined::new(
                "git",
                Bad,
                format!("git {version}；工作区不在 git 仓库里：运行 git init，或克隆已有的仓库"),
            ));
        }
        (Some(version), Some(repository)) => {
            all.push(Examined::new("git", Good, format!("git {version}")));
            all.extend(repository_state(&repository)?);
        }
    }
    Ok(all)
}

fn repository_state(repository: &Repository) -> Result<Vec<Examined>> {
    let mut all = vec![
        identity(repository)?,
        history(repository)?,
        files(repository)?,
        line_ends(repository)?,
        file_names(repository)?,
        attributes(repository)?,
        driver(repository)?,
    ];
    let folder = repository.hooks_folder()?;
    for (name, _) in HOOKS {
        all.push(hook(repository, &folder, name)?);
    }
    Ok(all)
}

fn settings(opened: &Opened) -> Examined {
    let configuration = &opened.configuration;
    let errors =
        configuration.findings.iter().filter(|finding| finding.rule.severity == Severity::Error).count();
    match (configuration.is_broken, errors) {
        (true, _) => {
            Examined::new("设置和方案", Bad, format!("{MARKER} 或 {UNITS} 读不出来：运行 zxzz check"))
        }
        (false, 0) => {
            let campaigns = opened.workspace().campaigns.len();
            Examined::new(
                "设置和方案",
                Good,
                format!("{campaigns} 个专项，{} 份台账", opened.listing.ledgers.len()),
            )
        }
        (false, errors) => Examined::new("设置和方案", Bad, format!("{errors} 个错误：运行 zxzz check")),
    }
}

fn encodings(opened: &Opened) -> Examined {
    let mut foreign = vec![];
    let mut unknown = vec![];
    for file in &opened.listing.ledgers {
        let Ok(bytes) = opened.tree.read(&file.path) else {
            unknown.push(file.path.as_str());
            continue;
        };
        match decode(&bytes, looks_like_header) {
            Decoded::Utf8(_) => {}
            Decoded::Other(..) => foreign.push(file.path.as_str()),
            Decoded::Unknown(_) => unknown.push(file.path.as_str()),
        }
    }
    if !unknown.is_empty() {
        return Examined::new("编码", Bad, format!("读不出来：{}；从 git 历史恢复", unknown.join("、")));
    }
    match foreign.is_empty() {
        true => Examined::new("编码", Good, "都是 UTF-8"),
        false => Examined::new(
            "编码",
            Bad,
            format!("不是 UTF-8：运行 zxzz fmt --encoding utf-8-bom {}", foreign.join(" ")),
        ),
    }
}

fn calendar(opened: &Opened, today: NaiveDate) -> Examined {
    let workspace = opened.workspace();
    let (first, last) = workspace.calendar.years();
    let known = format!("知道 {first}–{last} 年");
    let supplement = format!("把新一年的放假安排补进 {MARKER} 的 [calendar]");
    if !(first..=last).contains(&today.year()) {
        return Examined::new(
            "节假日历",
            Bad,
            format!("{known}，不知道今年 {} 年，工作日算不出来；{supplement}", today.year()),
        );
    }
    let campaigns = workspace.campaigns.iter().map(|desk| &desk.campaign);
    let beyond: Vec<&str> = campaigns
        .filter(|campaign| campaign.period.end.year() > last)
        .map(|campaign| campaign.name.as_str())
        .collect();
    match beyond.is_empty() {
        true => Examined::new("节假日历", Good, known),
        false => Examined::new(
            "节假日历",
            Caution,
            format!("{known}；以后才结束的：{}；{supplement}", beyond.join("、")),
        ),
    }
}

fn leftovers(opened: &Opened) -> Examined {
    let found = opened.tree.leftovers();
    match found.is_empty() {
        true => Examined::new("临时文件", Good, "没有遗留"),
        false => {
            Examined::new("临时文件", Caution, format!("中断的改动留下的，可以删去：{}", found.join(" ")))
        }
    }
}

fn identity(repository: &Repository) -> Result<Examined> {
    let (name, email) = (repository.config("user.name")?, repository.config("user.email")?);
    Ok(match (name, email) {
        (Some(name), Some(email)) => Examined::new("提交人", Good, format!("{name} <{email}>")),
        _ => Examined::new(
            "提交人",
            Bad,
            "git 不知道是谁在提交：运行 git config user.name 姓名 和 git config user.email 邮箱",
        ),
    })
}

fn history(repository: &Repository) -> Result<Examined> {
    Ok(match repository.is_shallow_or_partial()? {
        (true, _) => Examined::new("历史", Bad, "浅克隆，历史不全，核验不了：运行 git fetch --unshallow"),
        (false, true) => Examined::new(
            "历史",
            Caution,
            "部分克隆，旧内容用到才取，断网时核验不了：重新完整克隆，或联网运行 git fetch --refetch --no-filter",
        ),
        (false, false) => Examined::new("历史", Good, "完整"),
    })
}

fn files(repository: &Repository) -> Result<Examined> {
    Ok(match repository.changed_files()? {
        (_, unmerged @ 1..) => Examined::new(
            "文件",
            Bad,
            format!(
                "{unmerged} 个文件合并没有做完：照 zxzz explain conflict-marker 改好后 git add，再 git commit"
            ),
        ),
        (0, 0) => Examined::new("文件", Good, "与最近一次提交相同"),
        (changed, 0) => {
            Examined::new("文件", Caution, format!("{changed} 个文件改了还没有提交：git status 查看"))
        }
    })
}

/// What git does to line ends on the way in and out.
fn line_ends(repository: &Repository) -> Result<Examined> {
    if repository.attribute("text", ANY_LEDGER)? == "unset" {
        return Ok(Examined::new("换行", Good, "git 不改台账的换行"));
    }
    let automatic = repository.config("core.autocrlf")?.unwrap_or_default();
    let safe = repository.config("core.safecrlf")?.unwrap_or_default();
    Ok(match automatic.as_str() {
        "" | "false" => Examined::new("换行", Good, "git 不改换行（core.autocrlf 没有开）"),
        on => {
            let refuses =
                if safe == "true" { "；core.safecrlf 还会拒收换行混杂的文件" } else { "" };
            let words =
                format!("core.autocrlf={on} 会改台账的换行{refuses}：在 .gitattributes 加一行 *.csv -text");
            Examined::new("换行", Bad, words)
        }
    })
}

fn file_names(repository: &Repository) -> Result<Examined> {
    Ok(match repository.config("core.quotepath")?.as_deref() {
        Some("false") => Examined::new("中文文件名", Good, "git 照原样显示"),
        _ => Examined::new(
            "中文文件名",
            Caution,
            "git 显示成 \\346\\265…：运行 git config core.quotepath false",
        ),
    })
}

fn attributes(repository: &Repository) -> Result<Examined> {
    Ok(match repository.attribute("merge", ANY_LEDGER)?.as_str() {
        "zxzz" => Examined::new(".gitattributes", Good, "台账归合并驱动管"),
        other => {
            let words =
                format!("台账的 merge 属性是 {other}，不是 zxzz：运行 zxzz setup，或去掉覆盖它的那一行");
            Examined::new(".gitattributes", Bad, words)
        }
    })
}

/// Two people changed one row in cells that stand side by side: lines cannot be merged, rows can.
fn driver(repository: &Repository) -> Result<Examined> {
    const ITEM: &str = "合并驱动";
    let Some(driver) = repository.config(DRIVER)? else {
        return Ok(Examined::new(ITEM, Bad, "没有装，台账只会按行合并：运行 zxzz setup"));
    };
    let version = |measures: &str, person: &str| {
        let head = "编号,发现日期,完成时限,整改状态,整改措施,责任人";
        format!("{head}\nTJ-0001,2025-08-20,2025-09-30,整改中,{measures},{person}\n")
    };
    let (base, ours, theirs) = (version("", "甲"), version("", "乙"), version("更换", "甲"));
    let attributes = format!("{ATTRIBUTES}\n");
    let trial = trial_merge(&driver, &attributes, ANY_LEDGER, [&base, &ours, &theirs])?;
    Ok(match trial.is_clean && trial.text == version("更换", "乙") {
        true => Examined::new(ITEM, Good, "在临时仓库里试合并了一次，按行列合并成功"),
        false => {
            Examined::new(ITEM, Bad, format!("试合并没有成功，再运行一次 zxzz setup；git 说：{}", trial.said))
        }
    })
}

fn hook(repository: &Repository, folder: &HooksFolder, name: &str) -> Result<Examined> {
    let item = format!("钩子 {name}");
    let hook = folder.hook(name);
    let words = |text: &str| format!("{text}：运行 zxzz setup");
    let own = match &hook.text {
        None => return Ok(Examined::new(item, Bad, words("没有装"))),
        Some(text) if text.contains(MARK) => hook,
        Some(text) if text.contains(&beside(name)) => {
            if !hook.is_executable {
                let words = format!("不能运行：chmod +x {}", hook.path.display());
                return Ok(Examined::new(item, Bad, words));
            }
            folder.hook(&beside(name))
        }
        Some(_) => return Ok(Examined::new(item, Bad, words("是别的钩子，没有调用 zxzz"))),
    };
    Ok(match faults(repository, &own)? {
        Some(fault) => Examined::new(item, Bad, words(&fault)),
        None => Examined::new(item, Good, format!("试运行成功：{}", own.path.display())),
    })
}

/// Why a script of ours would not do its work.
fn faults(repository: &Repository, hook: &Hook) -> Result<Option<String>> {
    if hook.text.is_none() {
        return Ok(Some("脚本不见了".to_owned()));
    }
    if !hook.is_executable {
        return Ok(Some("脚本不能运行".to_owned()));
    }
    let (succeeded, said) = hook.run(&repository.top()?, "zxzz-doctor")?;
    Ok((!succeeded || !said.starts_with("zxzz ")).then(|| format!("试运行没有成功（{said}）")))
}
