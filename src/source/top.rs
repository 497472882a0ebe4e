//! Where a workspace lies in its repository: other programs take paths from the top of it.

use super::disk::Tree;
use anyhow::Result;

impl Tree {
    /// The folders from the top of the repository down to the workspace, each with a slash after it; nothing where the
    /// workspace is the top, or in no repository.
    pub fn above(&self) -> Result<String> {
        let root = self.full("").canonicalize()?;
        let top = root.ancestors().find(|folder| folder.join(".git").exists());
        let below = top.and_then(|top| root.strip_prefix(top).ok()).into_iter().flatten();
        Ok(below.map(|part| format!("{}/", part.to_string_lossy())).collect())
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes folders to look at")]
mod tests {
    use super::*;
    use crate::source::disk::MARKER;
    use std::fs;

    #[test]
    fn paths_start_at_the_top_of_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        for (git, workspace, want) in
            [("a/.git", "a", ""), ("b/.git", "b/台账 一/二", "台账 一/二/"), ("c", "c/d", "")]
        {
            fs::create_dir_all(folder.path().join(git)).unwrap();
            let workspace = folder.path().join(workspace);
            fs::create_dir_all(&workspace).unwrap();
            fs::write(workspace.join(MARKER), "").unwrap();
            assert_eq!(Tree::find(None, &workspace).unwrap().above().unwrap(), want, "{git}");
        }
    }
}
