//! The findings about how an expression is written.

use super::functions::Word;
use crate::nearest::nearest;
use crate::{Diagnostic, Locale, Span, Text};

/// A finding that stops the reading; boxed, because it travels through many results.
pub type Stop = Box<Diagnostic>;

fn stop(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, Text::new(zh, en))
}

pub fn empty() -> Stop {
    Box::new(stop("expr.empty", Span::new(0, 0), "表达式是空的", "the expression is empty"))
}

pub fn too_long(length: usize, most: usize) -> Stop {
    let zh = format!("表达式太长：{length} 字节，最多 {most} 字节");
    let en = format!("the expression is too long: {length} bytes, at most {most}");
    Box::new(
        stop("expr.too-long", Span::new(0, length), zh, en)
            .hint(Text::new("复杂的计算请写成政策脚本", "write elaborate computations as a policy")),
    )
}

pub fn too_deep(span: Span, most: usize) -> Stop {
    let zh = format!("嵌套太深，最多 {most} 层");
    Box::new(
        stop("expr.too-deep", span, zh, format!("nested too deeply, at most {most} levels"))
            .hint(Text::new("拆成几个计算字段", "split it into several computed fields")),
    )
}

pub fn too_many(span: Span, most: usize) -> Stop {
    let zh = format!("表达式的组成部分太多，最多 {most} 个");
    Box::new(
        stop("expr.too-many-parts", span, zh, format!("the expression has too many parts, at most {most}"))
            .hint(Text::new("拆成几个计算字段", "split it into several computed fields")),
    )
}

pub fn text_open(span: Span) -> Stop {
    Box::new(stop("expr.text-open", span, "文本缺少结束的引号", "the closing quote of this text is missing").hint(
        Text::new(
            "文本要写在同一行，用一对相同的英文引号括起来",
            "a text stays on one line between two equal straight quotes",
        ),
    ))
}

pub fn number(span: Span, written: &str) -> Stop {
    Box::new(
        stop("expr.number", span, format!("“{written}”不是有效的数字"), format!("`{written}` is not a number")).hint(
            Text::new(
                "写成普通的十进制数，如 1200 或 0.30：小数最多 12 位，整数部分最多 15 位，不带千分位、百分号和单位",
                "write a plain decimal such as 1200 or 0.30, with at most 15 digits before and 12 after the point, nothing else",
            ),
        ),
    )
}

pub fn date(span: Span, written: &str) -> Stop {
    Box::new(
        stop("expr.date", span, format!("“{written}”不是有效的日期"), format!("`{written}` is not a date"))
            .hint(Text::new("日期写成 date(\"2026-03-01\")", "write a date as date(\"2026-03-01\")")),
    )
}

pub fn character(span: Span, found: char) -> Stop {
    let finding =
        stop("expr.character", span, format!("这里不能用“{found}”"), format!("`{found}` cannot be used here"));
    Box::new(match advice(found) {
        Some(hint) => finding.hint(hint),
        None => finding,
    })
}

/// What to do about a character that people type by habit or with a Chinese input method.
fn advice(found: char) -> Option<Text> {
    let instead = match found {
        '０'..='９' => return Some(Text::new("数字请用半角", "type digits in half width")),
        '%' | '％' => return Some(Text::new("百分比写成小数：5% 写成 0.05", "write 5% as 0.05")),
        '?' | '？' => "if … then … else …",
        '（' => "(",
        '）' => ")",
        '［' | '【' | '{' => "[",
        '］' | '】' | '}' => "]",
        '，' | '、' => ",",
        '．' | '。' => ".",
        '＋' => "+",
        '－' | '–' | '—' => "-",
        '＊' => "*",
        '／' => "/",
        '＝' | '=' => "==",
        '＜' | '《' | '〈' => "<",
        '＞' | '》' | '〉' => ">",
        '！' | '!' => "not",
        '＆' | '&' => "and",
        '｜' | '|' => "or",
        '“' | '”' | '＂' => "\"",
        '‘' | '’' | '＇' | '`' => "'",
        _ => return None,
    };
    Some(Text::new(format!("请改用 {instead}"), format!("write {instead} instead")))
}

/// Something else should stand here.
pub fn expected(span: Span, found: &str, wanted: &Text) -> Stop {
    let (zh, en) = (wanted.get(Locale::Zh), wanted.get(Locale::En));
    Box::new(match found {
        "" => {
            let message = format!("the expression ends where {en} is missing");
            stop("expr.syntax", span, format!("表达式没有写完，后面缺少{zh}"), message)
        }
        _ => stop(
            "expr.syntax",
            span,
            format!("“{found}”这里应为{zh}"),
            format!("`{found}` stands where {en} is expected"),
        ),
    })
}

/// The expression was complete before this.
pub fn left_over(span: Span, found: &str) -> Stop {
    let zh = format!("“{found}”前面缺少运算符，或者“{found}”是多余的");
    let finding = stop("expr.syntax", span, zh, format!("an operator is missing before `{found}`, or it is too much"));
    let lower = found.to_lowercase();
    Box::new(match lower.as_str() {
        "and" | "or" | "in" | "not" | "then" | "else" if lower != found => {
            finding.hint(Text::new(format!("请写成小写的 {lower}"), format!("write {lower} in small letters")))
        }
        "[" => finding
            .hint(Text::new("取列表中每一行的字段写成 items.points", "write items.points for a field of every row")),
        _ => finding,
    })
}

pub fn chained(span: Span) -> Stop {
    Box::new(
        stop("expr.chained", span, "一次只能比较两个值", "only two values can be compared at a time").hint(Text::new(
            "范围写成 amount >= 100 and amount < 500",
            "write a range as amount >= 100 and amount < 500",
        )),
    )
}

pub fn row_outside(span: Span) -> Stop {
    Box::new(
        stop(
            "expr.row-outside",
            span,
            "以“.”开头的字段只能用在 sum、count、any、all 的第二个参数里",
            "a field with a leading point can only stand in the second argument of sum, count, any or all",
        )
        .hint(Text::new("例如 any(items, .points > 10)", "for example any(items, .points > 10)")),
    )
}

pub fn unknown_function(span: Span, name: &str) -> Stop {
    let finding =
        stop("expr.unknown-function", span, format!("没有函数“{name}”"), format!("there is no function `{name}`"));
    let all: Vec<&str> = Word::names().collect();
    Box::new(match nearest(name, Word::names()) {
        Some(near) => finding.hint(Text::new(format!("是不是 {near}？"), format!("did you mean {near}?"))),
        None => finding.hint(Text::new(
            format!("可用的函数：{}", all.join("、")),
            format!("the functions are {}", all.join(", ")),
        )),
    })
}

pub fn arguments(span: Span, name: &str, given: usize, example: &str) -> Stop {
    let zh = format!("{name} 的参数个数不对：写了 {given} 个");
    Box::new(
        stop("expr.arguments", span, zh, format!("wrong number of arguments for {name}: {given}"))
            .hint(Text::new(format!("例如 {example}"), format!("for example {}", example.replace('、', " or ")))),
    )
}
