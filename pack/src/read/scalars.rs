//! Single values: each reader says what it expects where something else stands.

use chrono::NaiveDate;
use zhupi_domain::calendar::Span as Stretch;
use zhupi_domain::expr::Expr;
use zhupi_domain::money::parse_decimal;
use zhupi_domain::{Decimal, Diagnostic, Name, Span, Text};
use zhupi_engine::{Share, Spot};
use zhupi_policies::PolicyName;

use super::{Log, Placed};
use crate::yaml::{Node, Value, has_leading_zero, leading_zero};

/// An expression and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub expr: Expr,
    pub span: Span,
    /// Where its text begins in the file; none where it was written with escapes or over several lines.
    offset: Option<usize>,
}

impl Expression {
    /// Where its text stands in the file, without quotes.
    pub fn text_span(&self) -> Span {
        self.offset.map_or(self.span, |offset| Span::new(offset, offset + self.expr.source().len()))
    }

    /// Reports findings about the expression's own text at their place in the file.
    pub fn report(&self, findings: Vec<Diagnostic>, log: &Log<'_>) {
        report(findings, self.span, self.offset, log);
    }
}

fn report(findings: Vec<Diagnostic>, span: Span, offset: Option<usize>, log: &Log<'_>) {
    for finding in findings {
        log.push(match offset {
            Some(offset) => finding.shifted(offset),
            None => Diagnostic { span: Some(span), ..finding },
        });
    }
}

/// Reports that something else was expected.
pub fn expected(node: &Node, log: &Log<'_>, zh: &str, en: &str) {
    if node.value != Value::Refused {
        log.error("pack.wrong-type", node.head(), format!("这里应为{zh}"), format!("{en} is expected here"));
    }
}

/// A text as it was written, not empty.
pub fn string(node: &Node, log: &Log<'_>) -> Option<String> {
    let text = node.scalar().filter(|scalar| !scalar.is_null() && !scalar.text.trim().is_empty());
    if text.is_none() {
        expected(node, log, "一段文字", "a text");
    }
    text.map(|scalar| scalar.text.clone())
}

/// The longest text that people read on a screen, in characters.
const MAX_TEXT: usize = 1_000;

/// A text that is shown to people.
fn shown(node: &Node, log: &Log<'_>) -> Option<String> {
    let text = string(node, log)?;
    let short = text.chars().count() <= MAX_TEXT;
    if !short {
        let (zh, en) =
            (format!("文字太长，最多 {MAX_TEXT} 个字"), format!("the text is too long, at most {MAX_TEXT} characters"));
        log.error("pack.too-long", node.span, zh, en);
    }
    short.then_some(text)
}

/// A text in both languages: `名称` or `{ zh: 名称, en: A name }`.
pub fn text(node: &Node, log: &Log<'_>) -> Option<Text> {
    if node.entries().is_none() {
        return shown(node, log).map(Text::same);
    }
    let fields = super::Fields::of(node, log)?;
    let (zh, en) = (fields.required("zh", shown), fields.optional("en", shown));
    fields.finish();
    Some(Text { zh: zh?, en })
}

pub fn name(node: &Node, log: &Log<'_>) -> Option<Name> {
    let text = string(node, log)?;
    named(&text, node.span, log)
}

pub fn placed_name(node: &Node, log: &Log<'_>) -> Option<Placed<Name>> {
    name(node, log).map(|name| Placed::new(name, node.span))
}

/// A step, and its lane where it is inside an `each`: `review`, `review[2]`.
pub fn placed_spot(node: &Node, log: &Log<'_>) -> Option<Placed<Spot>> {
    let text = string(node, log)?;
    match text.parse() {
        Ok(spot) => Some(Placed::new(spot, node.span)),
        Err(_) => named(text.split('[').next().unwrap_or_default(), node.span, log)
            .map(|name| Placed::new(Spot::from(name), node.span)),
    }
}

/// A name that expressions read: with `_`, never `-`.
pub fn plain_name(node: &Node, log: &Log<'_>) -> Option<Placed<Name>> {
    let name = placed_name(node, log)?;
    without_hyphen(&name, log).then_some(name)
}

/// Whether expressions can read a name; reported where not.
pub fn without_hyphen(name: &Placed<Name>, log: &Log<'_>) -> bool {
    let good = !name.value.as_str().contains('-');
    if !good {
        let with = name.value.as_str().replace('-', "_");
        log.push(
            Diagnostic::error(
                "pack.hyphen",
                name.span,
                Text::new(
                    format!("`{}` 会在表达式里使用，名称里不能有 `-`", name.value),
                    format!("expressions read `{}`, so it cannot have a `-`", name.value),
                ),
            )
            .hint(Text::new(format!("写成 `{with}`"), format!("write `{with}`"))),
        );
    }
    good
}

/// Reads a name out of a text.
pub fn named(text: &str, span: Span, log: &Log<'_>) -> Option<Name> {
    match Name::new(text) {
        Ok(name) => Some(name),
        Err(error) => {
            log.push(
                Diagnostic::error(
                    "pack.bad-name",
                    span,
                    Text::new(format!("`{text}` 不能用作名称"), format!("`{text}` is not a name: {error}")),
                )
                .hint(Text::new(
                    "名称以小写字母开头，只含 a–z、0–9、- 和 _，最多 64 个字符",
                    "a name starts with a small letter and has only a–z, 0–9, - and _, at most 64 characters",
                )),
            );
            None
        }
    }
}

/// A policy's dotted name.
pub fn policy_name(node: &Node, log: &Log<'_>) -> Option<Placed<PolicyName>> {
    let text = string(node, log)?;
    match PolicyName::new(text.clone()) {
        Ok(name) => Some(Placed::new(name, node.span)),
        Err(error) => {
            log.push(
                Diagnostic::error(
                    "pack.bad-name",
                    node.span,
                    Text::new(format!("`{text}` 不是政策名称"), format!("`{text}` is not a policy's name: {error}")),
                )
                .hint(Text::new(
                    "政策名称是它在 policies/ 下的路径，用点分隔，例如 credit.bad_debt",
                    "a policy's name is its path under policies/ with dots, such as credit.bad_debt",
                )),
            );
            None
        }
    }
}

/// One of these words.
pub fn word<T: Clone>(words: &[(&str, T)]) -> impl Fn(&Node, &Log<'_>) -> Option<T> {
    move |node, log| {
        let written = string(node, log)?;
        let found = words.iter().find(|(word, _)| *word == written);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            log.push(log.hints(unknown_word(&written, node.span), &written, &known));
        }
        found.map(|(_, value)| value.clone())
    }
}

fn unknown_word(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "pack.unknown-word",
        span,
        Text::new(format!("不认识的词 `{written}`"), format!("unknown word `{written}`")),
    )
}

pub fn boolean(node: &Node, log: &Log<'_>) -> Option<bool> {
    let value = node.scalar().and_then(|scalar| scalar.bool());
    if value.is_none() {
        expected(node, log, " true 或 false", "true or false");
    }
    value
}

/// A whole number from 0 up.
pub fn whole(node: &Node, log: &Log<'_>) -> Option<u32> {
    let value = node.scalar().and_then(|scalar| scalar.integer()).and_then(|value| u32::try_from(value).ok());
    if value.is_none() {
        expected(node, log, "一个整数", "a whole number");
    }
    value
}

/// A decimal number, plain or quoted; never a binary fraction.
pub fn decimal(node: &Node, log: &Log<'_>) -> Option<Decimal> {
    if let Some(scalar) = node.scalar().filter(|scalar| has_leading_zero(&scalar.text)) {
        log.push(leading_zero(&scalar.text, node.span));
        return None;
    }
    let value = node.scalar().and_then(|scalar| parse_decimal(&scalar.text));
    if value.is_none() && node.scalar().is_some_and(|scalar| scalar.text.trim_end().ends_with(['%', '％'])) {
        let message = Text::new("这里不能用百分号", "a percent sign cannot be used here");
        let hint = Text::new("30% 写成 0.30", "write 0.30 for 30%");
        log.push(Diagnostic::error("pack.percent", node.span, message).hint(hint));
    } else if value.is_none() && node.scalar().is_some_and(|scalar| is_digits(&scalar.text)) {
        let message = Text::new("数字太大或小数位太多", "the number is too large or has too many digits");
        let hint = Text::new("一个数最多 28 位有效数字", "a number has at most 28 digits");
        log.push(Diagnostic::error("pack.too-large", node.span, message).hint(hint));
    } else if value.is_none() {
        expected(node, log, "一个十进制数，如 0.30", "a decimal number such as 0.30");
    }
    value
}

/// Whether a text is a number but for its size.
fn is_digits(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

pub fn date(node: &Node, log: &Log<'_>) -> Option<NaiveDate> {
    let exact = |text: &str| (text.len() == 10).then(|| text.parse().ok())?;
    let value = node.scalar().and_then(|scalar| exact(&scalar.text));
    if value.is_none() {
        expected(node, log, "一个日期，如 2026-03-01", "a date such as 2026-03-01");
    }
    value
}

/// A stretch of time such as `2 workdays`.
pub fn stretch(node: &Node, log: &Log<'_>) -> Option<Stretch> {
    let value = node.scalar().map(|scalar| Stretch::parse(&scalar.text));
    if !matches!(value, Some(Ok(_))) {
        expected(node, log, "一段时间，如 2 workdays、8 hours、3 days", "a time such as 2 workdays, 8 hours or 3 days");
    }
    value?.ok()
}

/// A number of years such as `10 years`.
pub fn years(node: &Node, log: &Log<'_>) -> Option<u32> {
    let text = node.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let number = text.strip_suffix(" years").or_else(|| text.strip_suffix(" year"));
    let value = number.and_then(|number| number.parse().ok()).filter(|years| (1..=100).contains(years));
    if value.is_none() {
        expected(node, log, "年数，如 10 years", "a number of years such as 10 years");
    }
    value
}

/// A part of a whole such as `2/3` or `60%`.
pub fn share(text: &str) -> Option<Share> {
    let whole = |text: &str| text.parse::<u32>().ok().filter(|number| (1..=1_000).contains(number));
    let (part, of) = match (text.strip_suffix('%'), text.split_once('/')) {
        (Some(percent), _) => (whole(percent)?, 100),
        (None, Some((part, of))) => (whole(part)?, whole(of)?),
        (None, None) => return None,
    };
    (part <= of).then_some(Share { part, whole: of })
}

/// An expression; numbers and `true` need no quotes.
pub fn expression(node: &Node, log: &Log<'_>) -> Option<Expression> {
    let source = string(node, log)?;
    expression_of(node, &source, log)
}

/// An expression that is a part of a node's text.
pub fn expression_of(node: &Node, source: &str, log: &Log<'_>) -> Option<Expression> {
    // Where it was written with escapes or over several lines, it does not stand there as such.
    let written = log.source.get(node.span.start..node.span.end).unwrap_or_default();
    let offset = written.find(source).map(|at| node.span.start + at);
    match Expr::parse(source) {
        Ok(expr) => Some(Expression { expr, span: node.span, offset }),
        Err(findings) => {
            report(findings, node.span, offset, log);
            None
        }
    }
}

/// Every item of a list; what cannot be read is reported and left out.
pub fn list<T>(read: impl Fn(&Node, &Log<'_>) -> Option<T>) -> impl Fn(&Node, &Log<'_>) -> Option<Vec<T>> {
    move |node, log| match &node.value {
        Value::Seq(items) => Some(items.iter().filter_map(|item| read(item, log)).collect()),
        _ => {
            expected(node, log, "一个列表", "a list");
            None
        }
    }
}

/// One value, or a list of them.
pub fn one_or_more<T>(read: impl Fn(&Node, &Log<'_>) -> Option<T>) -> impl Fn(&Node, &Log<'_>) -> Option<Vec<T>> {
    move |node, log| match &node.value {
        Value::Seq(items) => Some(items.iter().filter_map(|item| read(item, log)).collect()),
        _ => read(node, log).map(|one| vec![one]),
    }
}
