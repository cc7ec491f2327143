//! Turning what the script engine says into findings that an author understands.

use rhai::{EvalAltResult, ParseError, ParseErrorType, Position};
use zhupi_domain::{Diagnostic, Span, Text};

use crate::stop::Stop;
use crate::{fence, syntax};

/// The place of an engine position in a text: from there to the end of the word.
pub(crate) fn span(text: &str, position: Position) -> Option<Span> {
    let line = position.line()?;
    let start_of_line: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start_of_line..)?;
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let start = start_of_line + rest.char_indices().nth(column).map_or(rest.len(), |(i, _)| i);
    let word =
        text.get(start..)?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum::<usize>();
    let first = text.get(start..)?.chars().next().map_or(0, char::len_utf8);
    Some(Span::new(start, start + word.max(first)))
}

/// What is wrong with a script that does not parse.
pub(crate) fn parse_error(error: &ParseError, text: &str, file: &str) -> Diagnostic {
    let ParseError(kind, position) = error;
    let place = span(text, *position);
    let word = place.and_then(|place| text.get(place.start..place.end));
    let after = place.and_then(|place| text.get(place.end..)?.chars().next());
    let here = word.and_then(|word| word.chars().next());
    let wide = [here, after].into_iter().flatten().find_map(syntax::full_width);
    let (code, (message, hint)) = match (disabled(kind, word), wide) {
        (Some(word), _) => ("policy-banned", banned(word)),
        (None, Some(words)) => ("policy-syntax", words),
        (None, None) => (parse_code(kind), syntax::words(kind)),
    };
    let found = Diagnostic::error(code, place, message).in_file(file);
    match hint {
        Some(hint) => found.hint(hint),
        None => found,
    }
}

fn parse_code(kind: &ParseErrorType) -> &'static str {
    match kind {
        ParseErrorType::ExprTooDeep | ParseErrorType::TooManyFunctions | ParseErrorType::LiteralTooLarge(..) => {
            "policy-too-complex"
        }
        ParseErrorType::VariableUndefined(_) | ParseErrorType::ModuleUndefined(_) => "policy-unknown-name",
        ParseErrorType::VariableExists(_) => "policy-shadowing",
        _ => "policy-syntax",
    }
}

/// The keyword that the fence took away, if that is what stopped the parser: it says so, or stands where a field should.
fn disabled(kind: &ParseErrorType, word: Option<&str>) -> Option<&'static str> {
    let text = kind.to_string();
    let is_meant = |banned: &&str| {
        text.contains(&format!("'{banned}'")) || (*kind == ParseErrorType::PropertyExpected && word == Some(*banned))
    };
    fence::DISABLED.into_iter().find(is_meant)
}

/// What a person reads about something that scripts may not use, and what to use instead.
pub(crate) fn banned(name: &str) -> (Text, Option<Text>) {
    let hint = match name {
        "switch" => Some(Text::new(
            "请用 if … else，或参数中的 lookup、grade 表：switch 按类型比较，100 与 100.0 会被当作不同",
            "use if … else, or a lookup or grade table: switch compares by kind, so that 100 and 100.0 differ",
        )),
        "try" | "throw" => Some(Text::new(
            "请用 refuse(代码) 拒绝，或 fail(说明) 报错",
            "use refuse(code) to refuse, fail(message) to fail",
        )),
        "round" | "round_up" | "round_down" | "round_half_up" | "round_half_down" | "floor" | "ceiling"
        | "truncate" | "int" | "to_int" => Some(Text::new(
            "金额用 yuan(x)，分数和比率用 points(x)，整数用 whole(x)，按契约的舍入规则",
            "use yuan(x) for money, points(x) for scores and rates, whole(x) for whole numbers: they follow the contract's rule",
        )),
        "parse_float" | "parse_decimal" | "parse_int" | "to_float" | "to_decimal" => Some(Text::new(
            "在契约中给输入写明类型，脚本拿到的就是数字",
            "give the input its type in the contract, and the script receives a number",
        )),
        "sort" | "sort_by" | "sort_desc" | "order" | "order_by" | "order_desc" => Some(Text::new(
            "请用 sorted(list) 或 sorted(list, \"field\")，需要倒序时再用 reverse()",
            "use sorted(list) or sorted(list, \"field\"), and reverse() for the other direction",
        )),
        "for_each" | "retain" | "drain" | "dedup" | "reduce_rev" => {
            Some(Text::new("请用 for 循环、filter 或 map", "use a for loop, filter or map"))
        }
        "sleep" | "timestamp" | "now" | "rand" => {
            Some(Text::new("时间和随机数只能作为输入传入", "time and chance come in as inputs only"))
        }
        _ => None,
    };
    (Text::new(format!("政策脚本中不能使用 `{name}`"), format!("`{name}` cannot be used in a policy")), hint)
}

/// What stopped a script, with its place in the file that it happened in.
pub(crate) fn diagnostic(error: &EvalAltResult, text: &str, file: &str) -> Diagnostic {
    let inner = innermost(error);
    let place = span(text, inner.position()).or_else(|| function_span(error, text));
    let found = |code, message| Diagnostic::error(code, place, message).in_file(file);
    if let Some(stop) = stop(inner) {
        return stopped(stop, place).in_file(file);
    }
    match inner {
        EvalAltResult::ErrorTooManyOperations(_) => {
            found("policy-limit", Text::new("脚本运行步数过多", "the script takes too many steps")).hint(Text::new(
                "检查循环是否会结束；合计和分配请用 sum、split",
                "check that its loops end; use sum and split for sums and splits",
            ))
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            found("policy-limit", Text::new("函数调用层数过多", "functions call each other too deeply"))
        }
        EvalAltResult::ErrorDataTooLarge(..)
        | EvalAltResult::ErrorTooManyVariables(_)
        | EvalAltResult::ErrorTooManyModules(_) => {
            found("policy-limit", Text::new("脚本中的数据过大", "a value of the script is too large"))
        }
        other => {
            let (code, message) = run_error(other);
            found(code, message)
        }
    }
}

/// The function that was running, where the engine does not say more; its `loop`, where there is one, since it is at the
/// head of such a loop that the engine knows no place.
fn function_span(error: &EvalAltResult, text: &str) -> Option<Span> {
    let head = function_head(innermost_function(error).unwrap_or("main"), text)?;
    let body = text.get(head.end..)?;
    let body = body.get(..body.find("\nfn ").unwrap_or(body.len()))?;
    let begins = |at: usize| {
        let before = body.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| letter.is_whitespace() || matches!(letter, '{' | ';'))
            && body.get(at + LOOP.len()..).is_some_and(|rest| rest.trim_start().starts_with('{'))
    };
    let found = body.match_indices(LOOP).map(|(at, _)| at).find(|at| begins(*at)).map(|at| head.end + at);
    Some(found.map_or(head, |at| Span::new(at, at + LOOP.len())))
}

const LOOP: &str = "loop";

fn function_head(name: &str, text: &str) -> Option<Span> {
    let head = format!("fn {name}");
    let start = text
        .match_indices(&head)
        .map(|(at, _)| at)
        .find(|at| text.get(at + head.len()..).is_some_and(|rest| rest.trim_start().starts_with('(')))?;
    Some(Span::new(start, start + head.len()))
}

fn innermost_function(error: &EvalAltResult) -> Option<&str> {
    match error {
        EvalAltResult::ErrorInFunctionCall(name, _, inner, _) => innermost_function(inner).or(Some(name.as_str())),
        EvalAltResult::ErrorInModule(_, inner, _) => innermost_function(inner),
        _ => None,
    }
}

fn run_error(error: &EvalAltResult) -> (&'static str, Text) {
    match error {
        EvalAltResult::ErrorPropertyNotFound(name, _) => {
            ("policy-unknown-name", Text::new(format!("记录中没有 `{name}`"), format!("the record has no `{name}`")))
        }
        EvalAltResult::ErrorIndexNotFound(key, _) => {
            ("policy-unknown-name", Text::new(format!("没有 `{key}` 这一项"), format!("there is no `{key}`")))
        }
        EvalAltResult::ErrorFunctionNotFound(signature, _) => (
            "policy-argument",
            Text::new(format!("没有这样的用法：{signature}"), format!("there is no such use: {signature}")),
        ),
        EvalAltResult::ErrorArrayBounds(length, index, _) => (
            "policy-bounds",
            Text::new(
                format!("列表只有 {length} 项，没有第 {index} 项"),
                format!("the list has {length} entries, there is no {index}"),
            ),
        ),
        EvalAltResult::ErrorDataRace(..) => (
            "policy-fault",
            Text::new(
                "函数里又用到了正在处理的那个列表或记录；请先复制一份",
                "the function uses the very list or record it is called on: make a copy before",
            ),
        ),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => {
            ("policy-constant", Text::new(format!("`{name}` 是常量，不能修改"), format!("`{name}` is a constant")))
        }
        other => ("policy-fault", Text::new(format!("脚本出错：{other}"), format!("the script failed: {other}"))),
    }
}

fn stopped(stop: Stop, place: Option<Span>) -> Diagnostic {
    match stop {
        Stop::Wrong(wrong) => {
            let found = Diagnostic::error(wrong.code, place, wrong.message);
            match wrong.hint {
                Some(hint) => found.hint(hint),
                None => found,
            }
        }
        Stop::Failed(message) => Diagnostic::error(
            "policy-fail",
            place,
            Text::new(format!("政策报错：{message}"), format!("the policy says: {message}")),
        ),
        Stop::TooLate => {
            Diagnostic::error("policy-time", place, Text::new("脚本运行超时", "the script ran out of time"))
        }
        Stop::Blank(param) => Diagnostic::error(
            "policy-blank",
            place,
            Text::new(format!("参数 `{param}` 尚未填写"), format!("param `{param}` has no value yet")),
        ),
        Stop::Refused { code, .. } => Diagnostic::error(
            "policy-refusal",
            place,
            Text::new(
                format!("拒绝代码 `{code}` 未在契约中声明"),
                format!("the contract declares no refusal `{code}`"),
            ),
        ),
    }
}

/// What the host itself stopped the script with.
pub(crate) fn stop(error: &EvalAltResult) -> Option<Stop> {
    match innermost(error) {
        EvalAltResult::ErrorRuntime(token, _) | EvalAltResult::ErrorTerminated(token, _) => {
            token.read_lock::<Stop>().map(|stop| stop.clone())
        }
        _ => None,
    }
}

/// The error below the calls that led to it.
pub(crate) fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => {
            innermost(inner)
        }
        other => other,
    }
}

/// The library that an error happened in; none for the policy's own script.
pub(crate) fn source(error: &EvalAltResult) -> Option<&str> {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, source, inner, _) => {
            self::source(inner).or(Some(source.as_str()).filter(|source| !source.is_empty()))
        }
        EvalAltResult::ErrorInModule(source, inner, _) => {
            self::source(inner).or(Some(source.as_str()).filter(|source| !source.is_empty()))
        }
        _ => None,
    }
}
