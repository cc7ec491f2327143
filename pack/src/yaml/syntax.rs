//! Malformed YAML, in words that an author understands.

use granit_parser::{ErrorKind, ScanError};
use zhupi_domain::{Diagnostic, Span, Text};

use super::MAX_DEPTH;

/// The finding of an error that stopped the parser. `last` is what was read before it.
pub fn problem(error: &ScanError, source: &str, last: Span) -> Diagnostic {
    let span = opening_quote(error, source, last).or_else(|| place(error, source)).unwrap_or(last);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        let (zh, en) =
            (format!("嵌套太深，最多 {MAX_DEPTH} 层"), format!("nested too deeply, at most {MAX_DEPTH} levels"));
        return Diagnostic::error("yaml.too-deep", span, Text::new(zh, en));
    }
    let (zh, en) = words(error.kind());
    let en = en.map_or_else(|| error.info(), str::to_owned);
    let finding = Diagnostic::error("yaml.syntax", span, Text::new(zh, en));
    match hint(error.kind()) {
        Some((zh, en)) => finding.hint(Text::new(zh, en)),
        None => finding,
    }
}

/// A quote that is never closed is shown where it opens, not at the end of the file.
fn opening_quote(error: &ScanError, source: &str, last: Span) -> Option<Span> {
    let unclosed = matches!(error.kind(), ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent);
    let at = last.end + source.get(last.end..).filter(|_| unclosed)?.find(['\'', '"'])?;
    Some(Span::new(at, at + 1))
}

/// The character at which the parser gave up; a tab itself where the parser stopped behind it.
fn place(error: &ScanError, source: &str) -> Option<Span> {
    let stopped = error.marker().byte_offset()?.min(source.len());
    let behind_tab = is_tab(error.kind()) && !source.get(stopped..)?.starts_with('\t');
    let at = if behind_tab { source.get(..stopped)?.rfind('\t').unwrap_or(stopped) } else { stopped };
    let text = source.get(at..)?;
    let length = text.chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
    Some(Span::new(at, at + length))
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::TabNotAllowed
            | K::TabInBlockIndentation
            | K::TabInIndentation
            | K::TabAtBlockScalarStart
            | K::TabInPlainScalar
    )
}

/// What is wrong; English none where the parser's own words will do.
fn words(kind: &ErrorKind) -> (&'static str, Option<&'static str>) {
    use ErrorKind as K;
    match kind {
        kind if is_tab(kind) => ("这里不能用制表符（Tab）", Some("a tab cannot be used here")),
        K::InvalidIndentation | K::InvalidFlowScalarIndent | K::InvalidBlockScalarIndent => {
            ("缩进不对", Some("the indentation is wrong"))
        }
        K::UnclosedQuotedScalar | K::InvalidQuotedScalarIndent => {
            ("缺少结束的引号", Some("the closing quote is missing"))
        }
        K::UnclosedFlowCollection { .. }
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping => ("括号没有配对", Some("a bracket is not closed")),
        K::MismatchedFlowCollectionEnd { .. } | K::MisplacedFlowCollectionEnd => {
            ("括号不配对", Some("this bracket closes nothing"))
        }
        K::ExpectedFlowMappingSeparator => ("这里应为逗号或 }", Some("a comma or } is expected here")),
        K::ExpectedFlowSequenceSeparator => ("这里应为逗号或 ]", Some("a comma or ] is expected here")),
        K::ExpectedBlockMappingKey | K::SimpleKeyExpected | K::InvalidSimpleKey => {
            ("这里应为“键: 值”", Some("`key: value` is expected here"))
        }
        K::MappingValueNotAllowed | K::MappingKeyNotAllowed | K::InvalidColonPlacement => {
            ("这里不能有“键: 值”", Some("`key: value` cannot stand here"))
        }
        K::ExpectedBlockSequenceEntry | K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => {
            ("这里不能有列表项", Some("a list item cannot stand here"))
        }
        K::UnexpectedCharacter { .. } => ("这里不能用这个字符", Some("this character cannot start a value")),
        K::DirectiveDisallowed => ("不支持 % 开头的指令", Some("directives are not supported")),
        K::CommentNotSeparated => ("# 前面要有空格", Some("a comment needs a space before #")),
        _ => ("不是正确的 YAML", None),
    }
}

fn hint(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as K;
    Some(match kind {
        kind if is_tab(kind) => ("缩进请用空格", "indent with spaces"),
        K::UnexpectedCharacter { .. } => ("把整个值用引号括起来", "put the whole value in quotes"),
        K::MappingValueNotAllowed => ("值里有冒号时，用引号括起来", "put a value that holds a colon in quotes"),
        K::ExpectedBlockMappingKey | K::SimpleKeyExpected | K::InvalidSimpleKey => {
            ("检查缩进，以及冒号后面的空格", "look at the indentation and at the space after the colon")
        }
        _ => return None,
    })
}
