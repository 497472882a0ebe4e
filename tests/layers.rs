//! Holds the layers: which modules of the crate the files of each folder may name.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::path::Path;

/// Folder (or file) under `src/`, and the modules it may use besides its own.
const LAYERS: [(&str, &[&str]); 15] = [
    ("scaffold", &["model"]),
    ("model", &[]),
    ("finding.rs", &[]),
    ("document.rs", &["model"]),
    ("load", &["model", "finding"]),
    ("check", &["model", "finding", "load"]),
    ("figures", &["model"]),
    ("import", &["load", "model", "finding", "check"]),
    ("report", &["model", "document", "finding", "history", "figures", "import"]),
    ("export", &["document", "finding", "model", "check"]),
    ("source", &[]),
    ("edit", &["model", "finding", "load", "check"]),
    ("history", &["model", "finding", "load", "check"]),
    ("pipeline", &["source", "load", "model", "check", "finding", "edit", "scaffold", "history", "import"]),
    (
        "commands",
        &[
            "pipeline", "source", "load", "model", "check", "report", "export", "finding", "document",
            "scaffold", "edit", "history", "figures", "import",
        ],
    ),
];

#[test]
fn every_file_names_only_the_layers_below_it() {
    for (layer, allowed) in LAYERS {
        for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer)) {
            for module in named_modules(&text) {
                let own = layer.trim_end_matches(".rs");
                assert!(module == own || allowed.contains(&module.as_str()), "{path} names crate::{module}");
            }
        }
    }
}

#[test]
fn only_source_touches_the_disk_and_only_main_the_clock() {
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let in_source = path.contains("src/source/");
        assert!(in_source || !code.contains("std::fs"), "{path} uses std::fs");
        assert!(path.ends_with("main.rs") || !code.contains("::now()"), "{path} reads the clock");
    }
}

/// Formats write documents and findings; the words for issues and ledgers are not theirs.
#[test]
fn exports_never_see_an_issue() {
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/export")) {
        for word in ["model::issue", "model::book", "model::workflow"] {
            assert!(!text.contains(word), "{path} names {word}");
        }
    }
}

#[test]
fn the_move_table_is_written_in_one_file_only() {
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        assert!(path.ends_with("workflow.rs") || !text.contains("启动整改"), "{path} knows a move");
    }
}

fn named_modules(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names: Vec<String> = code.split("crate::").skip(1).map(word).collect();
    for group in code.split("crate::{").skip(1) {
        let inner = group.split('}').next().unwrap();
        names.extend(inner.split(',').map(|part| word(part.trim())));
    }
    names.retain(|name| !name.is_empty());
    names
}

fn sources(at: &Path) -> Vec<(String, String)> {
    if at.is_file() {
        return vec![(at.display().to_string(), fs::read_to_string(at).unwrap())];
    }
    let entries = fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| sources(&path)).collect()
}
