//! A command line that cannot be understood, in the language of who wrote it.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output::{Format, Lang, Output};
use crate::complaint::Complaint;

/// Says what is wrong with a command line; help and version are printed as they were asked for.
pub fn refuse(error: &clap::Error, words: &[String]) -> ! {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::Io
            | ErrorKind::Format
    ) {
        error.exit();
    }
    spoken(words).give_up(&complaint(error));
    std::process::exit(i32::from(super::Exit::Usage as u8))
}

/// The language and form that a line asks for, although it cannot be understood as a whole.
fn spoken(words: &[String]) -> Output {
    let said = |flag: &str| {
        let with = format!("{flag}=");
        words.iter().zip(words.iter().skip(1).map(Some).chain([None])).find_map(|(word, next)| {
            let value = if word == flag { next.map(String::as_str) } else { word.strip_prefix(&with) };
            value.map(str::to_owned)
        })
    };
    let format = if said("--format").as_deref() == Some("json") { Format::Json } else { Format::Human };
    let lang = match said("--lang").as_deref() {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    };
    Output::new(format, lang)
}

fn complaint(error: &clap::Error) -> Complaint {
    let get = |kind| error.get(kind).map(text).filter(|text| !text.is_empty());
    let arg = get(ContextKind::InvalidArg).unwrap_or_default();
    let value = get(ContextKind::InvalidValue);
    let complaint = match (error.kind(), value) {
        (ErrorKind::InvalidSubcommand, _) => {
            let name = get(ContextKind::InvalidSubcommand).unwrap_or_default();
            Complaint::new(format!("没有「{name}」这个命令"), format!("there is no command `{name}`"))
        }
        (ErrorKind::UnknownArgument, _) => {
            Complaint::new(format!("不认识参数 {arg}"), format!("unknown argument {arg}"))
        }
        (ErrorKind::MissingRequiredArgument, _) => {
            Complaint::new(format!("还缺少参数：{arg}"), format!("these arguments are missing: {arg}"))
        }
        (ErrorKind::ArgumentConflict, _) => match get(ContextKind::PriorArg).filter(|prior| *prior != arg) {
            Some(prior) => Complaint::new(
                format!("{arg} 不能与 {prior} 同时使用"),
                format!("{arg} cannot be used together with {prior}"),
            ),
            None => Complaint::new(format!("{arg} 只能写一次"), format!("{arg} can only be given once")),
        },
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(value)) => Complaint::new(
            format!("{arg} 的值「{value}」不可用"),
            format!("the value `{value}` of {arg} cannot be used"),
        ),
        (ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues, None) => {
            Complaint::new(format!("{arg} 后面要写一个值"), format!("{arg} needs a value"))
        }
        _ => Complaint::new("命令行无法理解", "the command line cannot be understood"),
    };
    let complaint = complaint.detail(error);
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let valid = get(ContextKind::ValidValue);
    if let Some(meant) = meant.into_iter().find_map(get) {
        complaint.hint(format!("您是不是要写 {meant}？"), format!("did you mean {meant}?"))
    } else if let Some(valid) = valid {
        complaint.hint(format!("可用的值：{valid}"), format!("it can be: {valid}"))
    } else if let Some(usage) = get(ContextKind::Usage) {
        let usage = usage.trim_start_matches("Usage: ").to_owned();
        complaint.hint(format!("写法：{usage}"), format!("write: {usage}"))
    } else {
        complaint.hint("zhupi --help 列出所有命令和参数", "zhupi --help lists all commands and arguments")
    }
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use zhupi_domain::Locale;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn a_wrong_line_is_told_in_the_language_of_who_wrote_it() {
        for (line, zh, en) in [
            (
                "chekc pack",
                "没有「chekc」这个命令 → 您是不是要写 check？",
                "there is no command `chekc` → did you mean check?",
            ),
            (
                "check",
                "还缺少参数：<PACK> → 写法：zhupi check <PACK>",
                "these arguments are missing: <PACK> → write: zhupi check <PACK>",
            ),
            (
                "check p --lnag zh",
                "不认识参数 --lnag → 您是不是要写 --lang？",
                "unknown argument --lnag → did you mean --lang?",
            ),
            (
                "check p --lang fr",
                "--lang <LANG> 的值「fr」不可用 → 可用的值：zh, en",
                "the value `fr` of --lang <LANG> cannot be used → it can be: zh, en",
            ),
            (
                "verify --data",
                "--data <DIR> 后面要写一个值 → zhupi --help 列出所有命令和参数",
                "--data <DIR> needs a value → zhupi --help lists all commands and arguments",
            ),
            (
                "verify --data a --data b",
                "--data <DIR> 只能写一次 → 写法：zhupi verify [OPTIONS]",
                "--data <DIR> can only be given once → write: zhupi verify [OPTIONS]",
            ),
            (
                "deploy p --keep --migrate",
                "--keep 不能与 --migrate 同时使用 → 写法：zhupi deploy --keep <PACK>",
                "--keep cannot be used together with --migrate → write: zhupi deploy --keep <PACK>",
            ),
            (
                "user token li --company c --days 900",
                "--days <DAYS> 的值「900」不可用 → zhupi --help 列出所有命令和参数",
                "the value `900` of --days <DAYS> cannot be used → zhupi --help lists all commands and arguments",
            ),
        ] {
            let words = std::iter::once("zhupi").chain(line.split(' '));
            let Err(error) = Cli::try_parse_from(words) else { panic!("`{line}` is understood") };
            let told = complaint(&error);
            for (locale, expected) in [(Locale::Zh, zh), (Locale::En, en)] {
                let hint = told.hint.as_ref().map(|hint| hint.get(locale)).unwrap_or_default();
                assert_eq!(format!("{} → {hint}", told.message.get(locale)), expected, "{line}");
            }
        }
    }

    #[test]
    fn the_language_is_heard_in_a_line_that_is_wrong() {
        let spoken = |line: &str| spoken(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(spoken("zhupi chekc --lang en").locale(), Locale::En);
        assert_eq!(spoken("zhupi chekc --lang=zh --format=json").locale(), Locale::Zh);
        assert!(spoken("zhupi chekc --format json").is_json() && !spoken("zhupi chekc --format").is_json());
    }
}
