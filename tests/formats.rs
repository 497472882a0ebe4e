//! `--format github|gitlab|sarif|junit`: valid by their schemas whatever a ledger holds, and never clean when something is not.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, HEADER, lawful, told, with};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use zxzz::check::unknown_unit;
use zxzz::export::notice::{self, MachineFormat, Notice, Notices, Unseen};
use zxzz::model::workflow::{Kind, Status};

/// A cell that means something in every format: quotes, ends of line, of CDATA, of a command, of a property, an escape.
const NASTY: &str = "\"\r\n::error file=x::y]]>&amp;<b> 1%0A\u{1}\u{1b}[m\u{FFFE}\u{202E}";

const FORMATS: [&str; 4] = ["github", "gitlab", "sarif", "junit"];

// --- the schemas -------------------------------------------------------------------------------------------------

/// The SARIF schema has one pattern with a bracket too many, which is no regular expression of JSON Schema.
fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name);
    let text = fs::read_to_string(path).unwrap().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

static SARIF: LazyLock<jsonschema::Validator> = LazyLock::new(|| schema("sarif-2.1.0.schema.json"));
static GITLAB: LazyLock<jsonschema::Validator> = LazyLock::new(|| schema("gitlab-code-quality.schema.json"));

/// What is wrong with an output, by the schema of its format.
fn offences(format: &str, text: &str) -> Vec<String> {
    let by = |schema: &jsonschema::Validator| match serde_json::from_str(text) {
        Ok(value) => schema.iter_errors(&value).map(|error| error.to_string()).collect(),
        Err(error) => vec![error.to_string()],
    };
    match format {
        "sarif" => by(&SARIF),
        "gitlab" => by(&GITLAB),
        "junit" => junit_offences(text),
        "github" => {
            let bad = text.lines().filter(|line| github_command(line).is_none());
            bad.map(str::to_owned)
                .chain((!text.is_empty() && !text.ends_with('\n')).then(String::new))
                .collect()
        }
        other => panic!("{other}"),
    }
}

fn junit_offences(text: &str) -> Vec<String> {
    let xsd = include_str!("schemas/jenkins-junit.xsd");
    let schema = uppsala::XsdValidator::from_schema(&uppsala::parse(xsd).unwrap()).unwrap();
    match uppsala::parse(text) {
        Ok(document) => schema.validate(&document).iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

struct WorkflowCommand {
    properties: Vec<(String, String)>,
    message: String,
}

/// A workflow command as GitHub's runner reads it; none where it would read something else.
fn github_command(line: &str) -> Option<WorkflowCommand> {
    let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let value = |text: &str| plain(&text.replace("%3A", ":").replace("%2C", ",")).replace("%25", "%");
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (level, properties) = head.split_once(' ')?;
    let parts = properties.split(',').map(|part| part.split_once('='));
    let properties: Option<Vec<_>> =
        parts.map(|part| part.map(|(name, text)| (name.to_owned(), value(text)))).collect();
    let known = ["file", "line", "col", "title"];
    let properties = properties.filter(|all| all.iter().all(|(name, _)| known.contains(&name.as_str())))?;
    let is_sound = ["error", "warning"].contains(&level) && !message.is_empty();
    is_sound.then(|| WorkflowCommand { properties, message: plain(message).replace("%25", "%") })
}

/// How many findings or charges, and how many things not seen, an output tells.
fn counts(format: &str, text: &str) -> (usize, usize) {
    let unseen = |all: usize, unseen: usize| (all - unseen, unseen);
    match format {
        "github" => unseen(text.lines().count(), text.matches("title=zxzz unverified::").count()),
        "gitlab" => {
            let all: Vec<Value> = serde_json::from_str(text).unwrap();
            unseen(all.len(), all.iter().filter(|issue| issue["severity"] == "blocker").count())
        }
        "sarif" => {
            let log: Value = serde_json::from_str(text).unwrap();
            let run = &log["runs"][0];
            let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len();
            assert_eq!(run["invocations"][0]["executionSuccessful"], json!(notifications == 0));
            (run["results"].as_array().unwrap().len(), notifications)
        }
        "junit" => junit_counts(text),
        other => panic!("{other}"),
    }
}

/// Also holds that the sums in the report are those of its test cases.
fn junit_counts(text: &str) -> (usize, usize) {
    let document = uppsala::parse(text).unwrap();
    let elements = |name: &str| document.get_elements_by_tag_name(name);
    let sum = |suite, name| document.element(suite).unwrap().get_attribute(name).unwrap().parse::<usize>();
    for suite in elements("testsuite").into_iter().chain(elements("testsuites")) {
        for (name, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")] {
            assert_eq!(sum(suite, name).unwrap(), elements(element).len(), "{name}");
        }
    }
    assert!(!elements("testcase").is_empty());
    let lines = |name| elements(name).iter().map(|id| document.text_content_deep(*id).lines().count()).sum();
    let (failures, warnings, errors): (usize, usize, usize) =
        (lines("failure"), lines("system-out"), lines("error"));
    (failures + warnings, errors)
}

// --- what the commands write -------------------------------------------------------------------------------------

/// Runs a command in every format, holds each to its schema and to the exit code and the counts of the JSON.
fn hold(desk: &Desk, command: &[&str], exit: i32, unseen: usize) -> Vec<String> {
    let run = |format: &str| desk.run(&[command, &["--format", format]].concat());
    let json: Value = serde_json::from_slice(&run("json").stdout).unwrap();
    let found = json["findings"].as_array().or(json["charges"].as_array()).unwrap().len();
    FORMATS
        .map(|format| {
            let output = run(format);
            let text = String::from_utf8(output.stdout.clone()).unwrap();
            assert_eq!(output.status.code(), Some(exit), "{format}: {}", told(&output));
            assert_eq!(offences(format, &text), Vec::<String>::new(), "{format}: {text}");
            assert_eq!(counts(format, &text), (found, unseen), "{format}: {text}");
            text
        })
        .into()
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn row(number: usize) -> String {
    lawful(&format!("YL-SS-{number:04}"), Status::Registered, Kind::Limited)
}

const CHECK: [&str; 3] = ["check", "--as-of", "2025-09-15"];

#[test]
fn a_clean_workspace_is_clean_in_every_format() {
    let outputs = hold(&Desk::new(&[row(1)]), &CHECK, 0, 0);
    assert_eq!(outputs[0], "");
    assert_eq!(outputs[1], "[]\n");
    assert!(outputs[3].contains(r#"tests="1" failures="0" errors="0""#), "{}", outputs[3]);
}

#[test]
fn a_warning_is_shown_and_fails_nothing() {
    let desk = Desk::new(&[with(&row(1), &[("任务", "zijin"), ("问题类型", "（一）1.")])]);
    let outputs = hold(&desk, &CHECK, 0, 0);
    assert!(
        outputs[0].starts_with("::warning file=ledgers/yanglao/shuangshan.csv,line=2,"),
        "{}",
        outputs[0]
    );
    assert!(outputs[1].contains(r#""severity": "minor""#));
    assert!(outputs[2].contains(r#""level": "warning""#));
    assert!(outputs[3].contains(r#"failures="0""#) && outputs[3].contains("<system-out>"));
}

/// Cells and file names that would end a command, a property, a string, an element.
#[cfg(unix)]
#[test]
fn what_a_ledger_holds_breaks_no_format() {
    let desk = Desk::new(&[
        with(&row(1), &[("问题来源", &quoted(NASTY))]),
        with(&row(2), &[("完成时限", "2025-13-01")]),
    ]);
    let folder = desk.path().join("ledgers/yanglao");
    let names = ["双山 街道, 一::二%20]]>.csv", "a&b\"c'.csv", "#?[].csv"];
    for name in names {
        fs::write(folder.join(name), format!("{HEADER}\n")).unwrap();
    }
    fs::write(desk.path().join("zxzz.toml"), "name = \"示例区\"\n\"ya<e>r, ::\" = 2025\n").unwrap();
    std::os::unix::fs::symlink("minzheng.csv", folder.join("minzheng.csv")).unwrap();
    let outputs = hold(&desk, &CHECK, 2, 1);

    let commands: Vec<_> = outputs[0].lines().map(|line| github_command(line).unwrap()).collect();
    let files: BTreeSet<&str> = commands.iter().map(|command| command.properties[0].1.as_str()).collect();
    let log: Value = serde_json::from_str(&outputs[2]).unwrap();
    let uris: BTreeSet<String> = log["runs"][0]["results"].as_array().unwrap().iter().map(uri).collect();
    for name in names {
        assert!(files.contains(format!("ledgers/yanglao/{name}").as_str()), "{name} in {files:?}");
        assert!(uris.contains(&format!("ledgers/yanglao/{name}")), "{name} in {uris:?}");
    }
    assert!(commands.iter().any(|command| command.message.contains("::y]]>&amp;<b> 1%0A")), "{}", outputs[0]);
    assert!(
        outputs[0].contains("title=zxzz unverified::文件无法读取，没有校验：符号链接循环"),
        "{}",
        outputs[0]
    );
    for text in &outputs {
        assert!(!text.contains('\u{1b}'));
        // The facts of a SARIF result are for programs, as they stand.
        assert!(text == &outputs[2] || !text.contains('\u{202E}'));
    }
}

fn uri(result: &Value) -> String {
    let place = &result["locations"][0]["physicalLocation"];
    assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    let uri = place["artifactLocation"]["uri"].as_str().unwrap();
    percent_decode_str(uri).decode_utf8().unwrap().into_owned()
}

#[test]
fn thousands_of_findings_each_have_their_own_fingerprint_that_lines_do_not_move() {
    let bad = |number| with(&row(number), &[("问题来源", "自查")]);
    let twice = with(&row(7), &[("完成时限", "待定")]);
    let mut rows: Vec<String> = (1..=2000).map(bad).collect();
    rows.extend([twice.clone(), twice]);
    let before = fingerprints(&Desk::new(&rows));
    rows.insert(0, row(9999));
    let after = fingerprints(&Desk::new(&rows));
    assert_eq!(before, after);
    assert!(before.len() > 2000, "{}", before.len());
}

/// Of both formats that carry them; no two findings share one.
fn fingerprints(desk: &Desk) -> BTreeSet<String> {
    let outputs = hold(desk, &CHECK, 1, 0);
    let issues: Vec<Value> = serde_json::from_str(&outputs[1]).unwrap();
    let log: Value = serde_json::from_str(&outputs[2]).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let marks: BTreeSet<String> = issues.iter().map(|issue| text(&issue["fingerprint"])).collect();
    assert_eq!(marks.len(), issues.len());
    assert_eq!(marks, results.iter().map(|result| text(&result["partialFingerprints"]["zxzz/v1"])).collect());
    marks
}

#[test]
fn rules_of_a_sarif_log_are_those_of_its_results() {
    let bad = [("问题来源", "自查"), ("完成时限", "待定")];
    let desk = Desk::new(&[with(&row(1), &bad[..1]), with(&row(2), &bad[1..]), with(&row(3), &bad[..1])]);
    let log: Value = serde_json::from_str(&hold(&desk, &CHECK, 1, 0)[2]).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
        assert!(rule["help"]["text"].as_str().is_some_and(|text| !text.is_empty()));
    }
    assert_eq!(rules.len(), 2);
}

// --- audits ------------------------------------------------------------------------------------------------------

fn git(folder: &Path, author: &str, words: &[&str]) -> Output {
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(folder)
        .args(words)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), author).env(format!("GIT_{who}_EMAIL"), "a@example.org");
        git.env(format!("GIT_{who}_DATE"), "2025-09-15T12:00:00+0800");
    }
    let output = git.output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    output
}

fn commit(folder: &Path, author: &str) {
    git(folder, author, &["add", "-A"]);
    git(folder, author, &["commit", "-qm", "改"]);
}

/// A written-off row that somebody changed afterwards.
fn tampered() -> Desk {
    let closed = lawful("YL-SS-0001", Status::Closed, Kind::Limited);
    let desk = Desk::new(std::slice::from_ref(&closed));
    git(desk.path(), "李四", &["init", "-q", "-b", "main"]);
    commit(desk.path(), "李四");
    desk.write(&format!("{HEADER}\n{}\n", with(&closed, &[("责任人", &quoted(NASTY))])));
    commit(desk.path(), "王,五: 100%\"&");
    desk
}

#[test]
fn a_charge_says_who_when_and_what_in_every_format() {
    let outputs = hold(&tampered(), &["audit"], 1, 0);
    for text in &outputs[..2] {
        for word in ["2025-09-15 王,五: 100%", "YL-SS-0001 责任人 “李四” → “", "已销号的行不再改动"]
        {
            assert!(text.replace("%25", "%").contains(word), "{word} in {text}");
        }
    }
    let log: Value = serde_json::from_str(&outputs[2]).unwrap();
    let facts = &log["runs"][0]["results"][0]["properties"];
    // The history reads a line end within a cell as one, whatever the file has.
    let after = NASTY.replace("\r\n", "\n");
    let want =
        [("author", "王,五: 100%\"&"), ("date", "2025-09-15"), ("id", "YL-SS-0001"), ("column", "责任人")];
    for (name, value) in want.into_iter().chain([("before", "李四"), ("after", after.as_str())]) {
        assert_eq!(facts[name], value, "{facts}");
    }
    assert_eq!(facts["commit"].as_str().unwrap().len(), 8);
}

#[test]
fn a_clean_history_and_one_that_proves_nothing_differ_in_every_format() {
    let desk = Desk::new(&[row(1)]);
    hold(&desk, &["audit"], 3, 1);
    git(desk.path(), "李四", &["init", "-q", "-b", "main"]);
    hold(&desk, &["audit"], 3, 1);
    commit(desk.path(), "李四");
    hold(&desk, &["audit"], 0, 0);
    hold(&desk, &["audit", "没有这个版本.."], 3, 1);
    fs::write(desk.path().join("units.toml"), "[[units\n").unwrap();
    desk.write(&format!("{HEADER}\n{}\n{}\n", row(1), row(2)));
    commit(desk.path(), "李四");
    // What the commit did, and what stands at the end: neither can be judged.
    hold(&desk, &["audit"], 3, 2);
}

#[test]
fn a_report_in_a_file_is_the_one_on_the_screen_and_no_older_one_is_left() {
    let desk = tampered();
    let file = desk.path().join("报告");
    for format in ["text", "json"].into_iter().chain(FORMATS) {
        for (range, exit) in [("HEAD", 1), ("没有..", 3)] {
            let words = ["audit", range, "--format", format];
            let screen = desk.run(&words);
            let output = desk.run(&[&words[..], &["-o", file.to_str().unwrap()]].concat());
            assert_eq!(output.status.code(), Some(exit));
            assert_eq!(
                told(&output),
                if exit == 3 { String::from_utf8(screen.stderr).unwrap() } else { String::new() }
            );
            let written = fs::read(&file).unwrap();
            // Where nothing could be judged the screen has it as the error.
            let is_told = format == "text" && exit == 3;
            assert!(is_told || written == screen.stdout, "{format}");
            assert!(
                exit != 3 || String::from_utf8_lossy(&written).contains("没有“没有”这个版本"),
                "{format}"
            );
        }
    }
}

/// Other programs take paths from the top of the repository.
#[test]
fn a_workspace_below_the_top_of_the_repository_is_named_in_paths() {
    let above = tempfile::tempdir().unwrap();
    let desk = tampered();
    fs::remove_dir_all(desk.path().join(".git")).unwrap();
    desk.write(&format!("{HEADER}\n{}\n", with(&row(1), &[("问题来源", "自查")])));
    let folder = above.path().join("台账 一");
    fs::rename(desk.path(), &folder).unwrap();
    fs::create_dir(above.path().join(".git")).unwrap();
    let run = |format: &str| {
        let mut zxzz = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        let words = [&CHECK[..], &["--format", format]].concat();
        told(&zxzz.current_dir(&folder).args(words).env_clear().output().unwrap())
    };
    assert!(
        run("github").starts_with("::error file=台账 一/ledgers/yanglao/shuangshan.csv,line=2,"),
        "{}",
        run("github")
    );
    assert!(
        run("sarif").contains("\"uri\": \"%E5%8F%B0%E8%B4%A6%20%E4%B8%80/ledgers/yanglao/shuangshan.csv\"")
    );
    fs::rename(&folder, desk.path()).unwrap();
}

// --- any text ----------------------------------------------------------------------------------------------------

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_place_is_valid_in_every_format(
        texts in proptest::collection::vec(any::<String>(), 7), line in 1_u32.., column in 1_u32..,
    ) {
        let [path, subject, message, help, value, unseen_path, unseen] = texts.try_into().unwrap();
        let notices = Notices {
            command: "check",
            notices: vec![Notice {
                rule: &unknown_unit::RULE, path: format!("x{path}"), line, column: Some(column), subject, message, help,
                facts: vec![("value", value)],
            }],
            unseen: vec![Unseen { path: format!("x{unseen_path}"), message: format!("读不出：{unseen}") }],
        };
        for (name, format) in FORMATS.into_iter().zip([
            MachineFormat::Github, MachineFormat::Gitlab, MachineFormat::Sarif, MachineFormat::Junit,
        ]) {
            let mut out = vec![];
            notice::write(&notices, format, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            prop_assert_eq!(offences(name, &text), Vec::<String>::new(), "{}", text);
            prop_assert_eq!(counts(name, &text), (1, 1), "{}", text);
        }
    }
}

/// The schemas can refuse: what they say about the outputs is worth something.
#[test]
fn broken_outputs_are_refused() {
    let desk = Desk::new(&[with(&row(1), &[("完成时限", "待定")])]);
    let outputs = hold(&desk, &CHECK, 1, 0);
    for (format, text, from, to) in [
        ("github", &outputs[0], "::error", "::fatal"),
        ("github", &outputs[0], "line=2", "line:2"),
        ("gitlab", &outputs[1], "\"major\"", "\"schlimm\""),
        ("gitlab", &outputs[1], "\"begin\": 2", "\"begin\": 0"),
        ("sarif", &outputs[2], "\"startLine\": 2", "\"startLine\": 0"),
        ("sarif", &outputs[2], "\"text\"", "\"txt\""),
        ("sarif", &outputs[2], "ledgers/yanglao", "双山 [街道"),
        ("sarif", &outputs[2], "unicodeCodePoints", "characters"),
        ("junit", &outputs[3], "<failure", "<failing"),
        ("junit", &outputs[3], "name=\"bad-date\"", ""),
        ("junit", &outputs[3], "“待定”", "\u{1}"),
        ("junit", &outputs[3], "time=\"0\"", "time=\"bald\""),
    ] {
        let broken = text
            .replace(from, to)
            .replace("</failure>", if to == "<failing" { "</failing>" } else { "</failure>" });
        assert_ne!(&broken, text, "{from}");
        assert!(!offences(format, &broken).is_empty(), "{format} takes {to}");
    }
}
