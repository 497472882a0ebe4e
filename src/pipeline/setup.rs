//! Driver, attributes and hooks of this clone: installed, or taken out again. What is somebody else's stays.

use crate::scaffold::hooks::{ATTRIBUTES, HOOKS, MARK, driver, hook};
use crate::source::clone::HooksFolder;
use crate::source::disk::Tree;
use crate::source::git::Repository;
use anyhow::Result;

/// The setting that names the driver.
pub const DRIVER: &str = "merge.zxzz.driver";

const FILE: &str = ".gitattributes";

/// Installs what is missing and says what was done, a line for each.
pub fn install(tree: &Tree, repository: &Repository, program: &str) -> Result<Vec<String>> {
    let mut told = vec![set_driver(repository, program)?, add_attributes(tree)?];
    let folder = repository.hooks_folder()?;
    let workspace = repository.below_top()?;
    for (name, template) in HOOKS {
        told.push(add_hook(&folder, name, &hook(template, program, &workspace))?);
    }
    Ok(told)
}

/// Takes out what [`install`] put into this clone; the attributes are everybody's and stay.
pub fn uninstall(repository: &Repository) -> Result<Vec<String>> {
    let mut told = vec![];
    if repository.config(DRIVER)?.is_some() {
        repository.remove_config("merge.zxzz")?;
        told.push(format!("合并驱动：已删去 {DRIVER}"));
    }
    let folder = repository.hooks_folder()?;
    for name in HOOKS.iter().flat_map(|(name, _)| [(*name).to_owned(), beside(name)]) {
        let hook = folder.hook(&name);
        if hook.text.as_ref().is_some_and(|text| text.contains(MARK)) {
            hook.remove()?;
            told.push(format!("{name}：已删去"));
        }
    }
    if told.is_empty() {
        told.push("没有装过，没有改动".to_owned());
    }
    told.push(format!("{FILE} 是大家共用的，没有动"));
    Ok(told)
}

/// The name of our script where the hook itself is somebody else's.
pub fn beside(name: &str) -> String {
    format!("{name}.zxzz")
}

fn set_driver(repository: &Repository, program: &str) -> Result<String> {
    let wanted = driver(program);
    if repository.config(DRIVER)?.is_some_and(|old| old == wanted) {
        return Ok(format!("合并驱动：已经装好（{DRIVER}）"));
    }
    repository.set_config("merge.zxzz.name", "zxzz 台账按行列合并")?;
    repository.set_config(DRIVER, &wanted)?;
    Ok(format!("合并驱动：已设置 {DRIVER}"))
}

fn add_attributes(tree: &Tree) -> Result<String> {
    let mut bytes = if tree.holds(FILE) { tree.read(FILE)? } else { vec![] };
    if String::from_utf8_lossy(&bytes).lines().any(|line| line.trim() == ATTRIBUTES) {
        return Ok(format!("{FILE}：已有 {ATTRIBUTES}"));
    }
    let newline: &[u8] = if bytes.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.extend(newline);
    }
    bytes.extend(ATTRIBUTES.as_bytes());
    bytes.extend(newline);
    tree.replace(FILE, &bytes)?;
    Ok(format!("{FILE}：已加一行 {ATTRIBUTES}；请提交，大家共用"))
}

/// A foreign hook is never touched: our script goes beside it, to be called from it.
fn add_hook(folder: &HooksFolder, name: &str, text: &str) -> Result<String> {
    let hook = folder.hook(name);
    if folder.is_shared {
        let path = folder.path.display();
        return Ok(format!(
            "{name}：没有装：core.hooksPath 指向各仓库共用的 {path}；要装先运行 git config --local core.hooksPath .git/hooks"
        ));
    }
    let (target, is_foreign) = match &hook.text {
        Some(old) if old == text && hook.is_executable => return Ok(format!("{name}：已经装好")),
        Some(old) if !old.contains(MARK) => (folder.hook(&beside(name)), true),
        _ => (hook, false),
    };
    if !is_foreign {
        target.write(text)?;
        return Ok(format!("{name}：已装 {}", target.path.display()));
    }
    if target.text.as_deref() != Some(text) || !target.is_executable {
        target.write(text)?;
    }
    let call = format!("\"$(dirname \"$0\")\"/{} \"$@\" || exit 1", beside(name));
    Ok(match folder.hook(name).text.is_some_and(|old| old.contains(&beside(name))) {
        true => format!("{name}：已经由原来的钩子调用"),
        false => format!("{name}：已有别的钩子，没有动；请在其中加一行：{call}"),
    })
}
