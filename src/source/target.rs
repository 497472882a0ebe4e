//! The file that a user named for a report.

use super::disk::MARKER;
use super::hold::PRIVATE;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// What a workspace consists of.
const OWN: [&str; 5] = [MARKER, "units.toml", "campaigns", "ledgers", PRIVATE];

/// Refuses a file that no report may take the place of: of a workspace, of git, protected, or what a link fails to lead to.
pub fn require_free(path: &Path) -> Result<()> {
    let is_own = [std::path::absolute(path)?, real(path)].iter().any(|path| is_own(path));
    if is_own {
        bail!("{} 是工作区自己的文件，不能写成报表；请换一个文件名或文件夹", path.display());
    }
    match fs::metadata(path) {
        Ok(meta) if meta.permissions().readonly() => {
            bail!("{} 是只读文件，没有改动；请换一个文件名，或先去掉只读属性", path.display())
        }
        Err(_) if path.is_symlink() => {
            bail!("{} 是符号链接，它指向的文件不存在；请换一个文件名", path.display())
        }
        _ => Ok(()),
    }
}

/// Where links lead to, also of a file that does not stand there yet.
fn real(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let to_be = || Some(fs::canonicalize(folder).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(to_be).unwrap_or_else(|| path.to_owned())
}

/// Whether a full path leads into git's folder or is part of the workspace around it.
fn is_own(path: &Path) -> bool {
    let within = |root: &Path| {
        let first = path.strip_prefix(root).ok().and_then(|rest| rest.components().next());
        first.is_some_and(|first| OWN.iter().any(|own| first.as_os_str().eq_ignore_ascii_case(own)))
    };
    path.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git"))
        || path.ancestors().skip(1).any(|root| within(root) && root.join(MARKER).is_file())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files to be refused have to be there")]
mod tests {
    use super::*;

    #[track_caller]
    fn refusal(path: &Path) -> String {
        require_free(path).unwrap_err().to_string()
    }

    #[test]
    fn a_workspace_is_no_place_for_reports_however_its_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for path in
            ["zxzz.toml", "units.toml", "campaigns/a.toml", "ledgers/a/b.csv", ".git/config", "reports/x"]
        {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), "").unwrap();
        }
        for path in [
            "zxzz.toml",
            "units.toml",
            "campaigns/new.csv",
            "ledgers/a/b.csv",
            "ledgers/a/new.csv",
            "ledgers/README.md",
            "reports/../ledgers/a/b.csv",
            "ledgers/../units.toml",
            ".git/hooks/x",
            ".Git/config",
            ".zxzz/x.csv",
        ] {
            assert!(refusal(&at(path)).contains("工作区自己的文件"), "{path}");
        }
        for path in ["清单.csv", "reports/x", "reports/units.toml", "ledgers.csv"] {
            require_free(&at(path)).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_where_it_leads_to() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("ws/ledgers/a")).unwrap();
        fs::create_dir_all(at("elsewhere")).unwrap();
        for path in ["ws/zxzz.toml", "ws/ledgers/a/b.csv", "elsewhere/b.csv"] {
            fs::write(at(path), "").unwrap();
        }
        symlink(at("ws/ledgers/a/b.csv"), at("file.csv")).unwrap();
        symlink(at("ws/ledgers"), at("folder")).unwrap();
        symlink(at("elsewhere"), at("ws/ledgers/c")).unwrap();
        symlink(at("nowhere.csv"), at("dangling.csv")).unwrap();
        for path in ["file.csv", "folder/a/b.csv", "folder/a/new.csv", "ws/ledgers/c/b.csv"] {
            assert!(refusal(&at(path)).contains("工作区自己的文件"), "{path}");
        }
        assert!(refusal(&at("dangling.csv")).contains("指向的文件不存在"));
        require_free(&at("elsewhere/b.csv")).unwrap();
    }

    #[test]
    fn a_protected_file_is_not_replaced() {
        let file = tempfile::NamedTempFile::new().unwrap();
        require_free(file.path()).unwrap();
        let mut permissions = fs::metadata(file.path()).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(file.path(), permissions).unwrap();
        assert!(refusal(file.path()).contains("只读文件"));
    }
}
