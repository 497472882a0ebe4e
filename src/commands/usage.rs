//! Mistakes on the command line, told in Chinese.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// Prints help, version or the mistake, and returns the exit code.
pub fn tell(error: &Error) -> u8 {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        anstream::print!("{}", error.render().ansi());
        return 0;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        anstream::eprint!("{}", error.render().ansi());
    } else {
        anstream::eprintln!("错误：{}\n运行 zxzz --help 或 zxzz 子命令 --help 查看用法", message(error));
    }
    2
}

fn message(error: &Error) -> String {
    let context = |kind| error.get(kind).map_or(String::new(), words);
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // The best of several suggestions comes last.
    let best = |kind| match error.get(kind)? {
        ContextValue::Strings(all) => all.last().cloned(),
        other => Some(words(other)),
    };
    let near = near.into_iter().find_map(best);
    let hint = near.map_or(String::new(), |near| format!("；是不是“{near}”？"));
    let allowed = context(ContextKind::ValidValue);
    let allowed = if allowed.is_empty() { allowed } else { format!("；可用：{allowed}") };
    match error.kind() {
        ErrorKind::UnknownArgument if !argument.starts_with('-') => format!("多写了“{argument}”"),
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个选项{hint}"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个子命令{hint}", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要有值{allowed}"),
        ErrorKind::InvalidValue => format!("{argument} 的值“{value}”不对{allowed}{hint}"),
        ErrorKind::ValueValidation => format!("{argument} 的值“{value}”不对{}", reason(error)),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::ArgumentConflict if argument.is_empty() => {
            format!("{} 要写在子命令之后", context(ContextKind::PriorArg))
        }
        ErrorKind::ArgumentConflict if context(ContextKind::PriorArg) == argument => {
            format!("{argument} 只能写一次")
        }
        ErrorKind::ArgumentConflict => format!("{argument} 不能与 {} 一起用", context(ContextKind::PriorArg)),
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文字".to_owned(),
        _ => format!("命令行有误：{argument} {value}"),
    }
}

/// Our own value parsers speak Chinese; the others' words are replaced.
fn reason(error: &Error) -> String {
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match said {
        said if !said.is_ascii() => format!("；{said}"),
        said if said.contains(" is not in ") => {
            let range = said.rsplit(" is not in ").next().unwrap_or_default().replace("..=", " 到 ");
            format!("；应是 {range} 的整数")
        }
        said if said.contains("digit") => "；应是整数".to_owned(),
        _ => "；日期写成 2025-09-30".to_owned(),
    }
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(all) => all.join("、"),
        other => other.to_string(),
    }
}
