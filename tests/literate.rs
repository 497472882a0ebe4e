//! Runs the literate cases: Markdown files that hold the input files, the commands and what they must print.
//!
//! A case starts from a copy of `tests/base/`. A fence `csv PATH [crlf] [bom] [gb18030] [escapes] [repeat=N]` (or `toml`,
//! `text`) writes that file, `repeat=N` with N times 整 for each ∎; a fence `console` holds commands (`$ zxzz …`), the exit code when it is not 0 (`? 1`) and the output,
//! standard output first. `$ commit DAY AUTHOR MESSAGE [KEY]` commits the folder, signed with a key of `tests/keys/` (throw-away keys, so that
//! the same words give the same id), `$ rm PATH` removes a file. The README and `docs/` run in a copy of this repository's workspace
//! outside of git, since reports name the commit; pages that write files start from a copy of `tests/base/` too.
//! `UPDATE=1 cargo test` rewrites what the commands printed.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn rules_are_found_and_told() {
    run_folder("tests/rules");
}

#[test]
fn commands_print_what_their_cases_say() {
    run_folder("tests/cmd");
}

#[test]
fn readme_and_docs_tell_the_truth() {
    let own = own_workspace();
    let mut failures = vec![];
    for path in markdown("docs").into_iter().chain([Path::new(ROOT).join("README.md")]) {
        failures.extend(match writes_files(&path) {
            true => run_in_copy(&path).err(),
            false => run_case(&path, own.path()).err(),
        });
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// `docs/rules.md` is the output of `zxzz explain`.
#[test]
fn the_page_of_rules_is_what_explain_prints() {
    let page = Path::new(ROOT).join("docs/rules.md");
    let (printed, _) = zxzz(&["explain".to_owned()], Path::new(ROOT));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&page, &printed).unwrap();
    }
    assert_eq!(fs::read_to_string(page).unwrap(), printed);
}

/// Rules whose case is prose only: no Markdown can hold the input.
const UNSHOWN: [&str; 1] = ["file-too-large"];

/// Every rule has a case under `tests/rules/` that shows it, and no case is left over.
#[test]
fn every_rule_has_a_case_that_shows_it() {
    let codes: Vec<&str> = zxzz::commands::explain::rules().iter().map(|rule| rule.code).collect();
    for code in &codes {
        let case = Path::new(ROOT).join(format!("tests/rules/{code}.md"));
        let text = fs::read_to_string(&case).unwrap_or_else(|_| panic!("{code} has no case"));
        let is_shown = text.contains("```console") && text.contains(&format!("{code}]"));
        assert_eq!(is_shown, !UNSHOWN.contains(code), "whether the case of {code} shows it");
    }
    for case in markdown("tests/rules") {
        let code = case.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(codes.contains(&code.as_str()), "no rule {code}");
    }
}

fn run_folder(folder: &str) {
    let mut failures = vec![];
    let cases = markdown(folder);
    assert!(!cases.is_empty(), "no cases in {folder}");
    for case in cases {
        failures.extend(run_in_copy(&case).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The workspace that this repository is, without its history.
fn own_workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["zxzz.toml", "units.toml"] {
        fs::copy(Path::new(ROOT).join(file), folder.path().join(file)).unwrap();
    }
    for part in ["campaigns", "ledgers"] {
        fs::create_dir(folder.path().join(part)).unwrap();
        copy(&Path::new(ROOT).join(part), &folder.path().join(part));
    }
    folder
}

/// Runs one case in a copy of `tests/base/`.
fn run_in_copy(case: &Path) -> Result<(), String> {
    let workspace = tempfile::tempdir().unwrap();
    copy(&Path::new(ROOT).join("tests/base"), workspace.path());
    run_case(case, workspace.path())
}

/// Whether a page has a fence with a path.
fn writes_files(page: &Path) -> bool {
    let text = fs::read_to_string(page).unwrap();
    text.lines().any(|line| line.strip_prefix("```").is_some_and(|fence| fence.contains(' ')))
}

fn markdown(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            fs::create_dir_all(to.join(&name)).unwrap();
            copy(&path, &to.join(&name));
        } else {
            fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

/// Runs one case in `folder`; an error holds the differences.
fn run_case(case: &Path, folder: &Path) -> Result<(), String> {
    let text = fs::read_to_string(case).unwrap();
    let mut rewritten = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        rewritten += &format!("{line}\n");
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if fence == "console" {
            rewritten += &session(&body, folder);
        } else {
            write_input(fence, &body, folder);
            rewritten += &body.iter().map(|line| format!("{line}\n")).collect::<String>();
        }
        rewritten += "```\n";
    }
    if rewritten == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(case, rewritten).unwrap();
        return Ok(());
    }
    Err(difference(case, &text, &rewritten))
}

fn difference(case: &Path, want: &str, got: &str) -> String {
    let mut told = format!("{}:\n", case.display());
    let (want, got): (Vec<&str>, Vec<&str>) = (want.lines().collect(), got.lines().collect());
    for line in want.iter().filter(|line| !got.contains(line)) {
        told += &format!("- {line}\n");
    }
    for line in got.iter().filter(|line| !want.contains(line)) {
        told += &format!("+ {line}\n");
    }
    told
}

fn write_input(fence: &str, body: &[&str], folder: &Path) {
    let mut words = fence.split(' ').skip(1);
    let Some(path) = words.next() else { return };
    let options: Vec<&str> = words.collect();
    let has = |option: &str| options.contains(&option);
    let end = if has("crlf") { "\r\n" } else { "\n" };
    let mut text: String = body.iter().flat_map(|line| [*line, end]).collect();
    if let Some(count) = options.iter().find_map(|option| option.strip_prefix("repeat=")) {
        text = text.replace('∎', &"整".repeat(count.parse().unwrap()));
    }
    if has("escapes") {
        text = text
            .replace("\\0", "\0")
            .replace("\\e", "\u{1b}")
            .replace("\\z", "\u{200B}")
            .replace("\\n", "\n");
    }
    if has("bom") {
        text.insert(0, '\u{FEFF}');
    }
    let bytes = match has("gb18030") {
        true => encoding_rs::GB18030.encode(&text).0.into_owned(),
        false => text.into_bytes(),
    };
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The commands of a console block with what they print now.
fn session(body: &[&str], folder: &Path) -> String {
    let mut printed = String::new();
    for line in body.iter().filter(|line| line.starts_with("$ ")) {
        let mut words = split(&line[2..]);
        let program = words.remove(0);
        let (output, code) = match program.as_str() {
            "zxzz" => zxzz(&words, folder),
            "commit" => (commit(&words, folder), 0),
            "rm" => (fs::remove_file(folder.join(&words[0])).map(|()| String::new()).unwrap(), 0),
            "cat" => (fs::read_to_string(folder.join(&words[0])).unwrap(), 0),
            other => panic!("{other} is no command of a case"),
        };
        printed += &format!("{line}\n");
        if code != 0 {
            printed += &format!("? {code}\n");
        }
        printed += &output;
        if !output.is_empty() && !output.ends_with('\n') {
            printed.push('\n');
        }
    }
    printed
}

/// `commit DAY AUTHOR MESSAGE [KEY]`: everything as it stands, at noon of that day; the same words give the same id.
fn commit(words: &[String], folder: &Path) -> String {
    let [day, author, message, key @ ..] = words else { panic!("commit DAY AUTHOR MESSAGE [KEY]") };
    let git = |words: &[&str]| {
        let email = format!("{author}@example.org");
        let date = format!("{day}T12:00:00+0800");
        let mut git = Command::new("git");
        git.args(words)
            .current_dir(folder)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), author).env(format!("GIT_{who}_EMAIL"), &email);
            git.env(format!("GIT_{who}_DATE"), &date);
        }
        let output = git.output().unwrap();
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    match key {
        [] => git(&["commit", "-q", "--allow-empty", "-m", message]),
        [key, ..] => {
            let key = private(key);
            let signing = format!("user.signingkey={}", key.path().display());
            git(&["-c", "gpg.format=ssh", "-c", &signing, "commit", "-qS", "--allow-empty", "-m", message]);
        }
    }
    String::new()
}

/// A copy of a key that only its owner can read, as ssh-keygen demands.
fn private(name: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&fs::read(Path::new(ROOT).join("tests/keys").join(name)).unwrap()).unwrap();
    file
}

fn zxzz(words: &[String], folder: &Path) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_zxzz"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap_or(-1))
}

/// Words as a shell splits them, with single and double quotes.
fn split(line: &str) -> Vec<String> {
    let mut words = vec![];
    let mut word = String::new();
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, ' ') if !word.is_empty() => words.push(std::mem::take(&mut word)),
            (None, ' ') => {}
            (_, c) => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
