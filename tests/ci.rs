//! The CI recipes: YAML that parses, whole history, and commands that zxzz knows.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use serde_json::{Value, json};
use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn parse(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The `yaml` blocks of `docs/ci.md`, in their order.
fn recipes() -> Vec<String> {
    let page = read("docs/ci.md");
    page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_recipe_fetches_the_whole_history_and_runs_both_commands() {
    let recipes = recipes();
    assert_eq!(recipes.len(), 5);
    let scaffold = read("src/scaffold/ci.yml");
    let gates = [&scaffold, &recipes[0], &recipes[2], &recipes[3]];
    for (recipe, whole) in
        gates.into_iter().zip(["fetch-depth: 0", "fetch-depth: 0", "GIT_DEPTH: \"0\"", "--unshallow"])
    {
        assert!(recipe.contains(whole), "{whole} in {recipe}");
        let commands: Vec<String> =
            shell_lines(&parse(recipe)).iter().flat_map(|line| zxzz_words(line)).collect();
        for command in ["check", "audit"] {
            assert!(commands.iter().any(|line| line.starts_with(command)), "{command} in {commands:?}");
        }
    }
}

/// Reports may be written beside; the commands that decide stand without `|| true`.
#[test]
fn no_recipe_lets_a_failure_pass() {
    let recipes = recipes();
    for recipe in [&read("src/scaffold/ci.yml"), &recipes[0], &recipes[2], &recipes[3]] {
        let lines = shell_lines(&parse(recipe));
        for command in ["zxzz check", "zxzz audit"] {
            let decides = |line: &&String| line.contains(command) && !line.contains(" -o ");
            assert!(lines.iter().any(|line| decides(&line)), "{command} in {lines:?}");
            assert!(lines.iter().filter(decides).all(|line| !line.contains("||")), "{lines:?}");
        }
        assert!(!recipe.contains("allow_failure") && !recipe.contains("continue-on-error"));
    }
}

#[test]
fn every_command_of_a_recipe_is_one_that_zxzz_takes() {
    let mut seen = 0;
    for recipe in recipes().iter().chain([&read("src/scaffold/ci.yml")]) {
        for command in shell_lines(&parse(recipe)).iter().flat_map(|line| zxzz_words(line)) {
            seen += 1;
            let words = ["zxzz"].into_iter().chain(command.split(' '));
            let parsed = zxzz::commands::command_line().try_get_matches_from(words);
            assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn the_hooks_for_pre_commit_are_two() {
    let hooks = parse(&read(".pre-commit-hooks.yaml"));
    let hooks = hooks.as_array().unwrap();
    let facts = |hook: &Value| ["id", "entry", "stages"].map(|key| hook[key].clone());
    assert_eq!(
        hooks.iter().map(facts).collect::<Vec<_>>(),
        [
            [json!("zxzz-check"), json!("zxzz check --staged"), json!(["pre-commit"])],
            [json!("zxzz-audit"), json!("zxzz audit"), json!(["pre-push"])],
        ]
    );
    for hook in hooks {
        assert_eq!(
            [&hook["language"], &hook["pass_filenames"], &hook["always_run"]],
            [&json!("rust"), &json!(false), &json!(true)]
        );
    }
    let config = parse(&recipes()[4]);
    let ids: Vec<&Value> =
        config["repos"][0]["hooks"].as_array().unwrap().iter().map(|hook| &hook["id"]).collect();
    assert_eq!(ids, hooks.iter().map(|hook| &hook["id"]).collect::<Vec<_>>());
}

/// All lines of all texts in a YAML document.
fn shell_lines(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.lines().map(str::to_owned).collect(),
        Value::Array(items) => items.iter().flat_map(shell_lines).collect(),
        Value::Object(object) => object.values().flat_map(shell_lines).collect(),
        _ => vec![],
    }
}

/// What follows the program's name in a shell line, up to what the shell keeps for itself.
fn zxzz_words(line: &str) -> Option<String> {
    let rest = line.strip_prefix("zxzz ").or(line.strip_prefix("./bin/zxzz "))?;
    let words = rest.split_whitespace().take_while(|word| *word != "||");
    Some(words.filter(|word| !word.starts_with('$')).collect::<Vec<_>>().join(" "))
}
