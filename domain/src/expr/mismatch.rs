//! The findings about names and types.

use super::functions::Fold;
use super::tree::{Kind, Node, Path};
use super::types::{Family, Type};
use super::value::parse_date;
use crate::money::parse_decimal;
use crate::nearest::nearest;
use crate::{Diagnostic, Span, Text};

fn error(code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, Text::new(zh, en))
}

fn en(text: &Text) -> &str {
    text.en.as_deref().unwrap_or(&text.zh)
}

pub fn unknown_name<'a>(
    span: Span,
    name: &str,
    owner: Option<&str>,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = match owner {
        Some(owner) => {
            error("expr.unknown-name", span, format!("“{owner}”里没有“{name}”"), format!("`{owner}` has no `{name}`"))
        }
        None => no_name(span, name),
    };
    if let Some(near) = nearest(name, known.clone()) {
        return finding.hint(Text::new(format!("是不是 {near}？"), format!("did you mean {near}?")));
    }
    let some: Vec<&str> = known.take(MENTIONED).collect();
    match some.as_slice() {
        [] => finding,
        some => finding
            .hint(Text::new(format!("这里可用：{}", some.join("、")), format!("known here: {}", some.join(", ")))),
    }
}

fn no_name(span: Span, name: &str) -> Diagnostic {
    error("expr.unknown-name", span, format!("没有“{name}”这个名称"), format!("there is no `{name}` here"))
}

/// How many names a hint lists.
const MENTIONED: usize = 12;

pub fn leading_point(name: &str) -> Text {
    Text::new(
        format!("每一行自己的字段前面要加点，写成 .{name}"),
        format!("a field of the row has a leading point: .{name}"),
    )
}

pub fn hyphen(span: Span, left: &Path, right: &Path) -> Diagnostic {
    let instead = match (left.names.last(), right.names.first()) {
        (Some((left, _)), Some((right, _))) => format!("{left}_{right}"),
        _ => String::new(),
    };
    let (left, right) = (left.dotted(), right.dotted());
    error(
        "expr.hyphen",
        span,
        format!("“{left}-{right}”会被当作减法，而“{left}”和“{right}”都不存在"),
        format!("`{left}-{right}` is a subtraction, and there is neither `{left}` nor `{right}`"),
    )
    .hint(Text::new(
        format!("表达式里的名称不能含连字符：请用 into: {instead} 给该步骤的结果另取名称"),
        format!("names in expressions have no hyphen: name the step's result with into: {instead}"),
    ))
}

pub fn no_parts(span: Span, owner: Option<&str>, name: &str, ty: &Type) -> Diagnostic {
    let what = ty.describe();
    match owner {
        Some(owner) => error(
            "expr.unknown-name",
            span,
            format!("“{owner}”是{}，没有下级字段“{name}”", what.zh),
            format!("`{owner}` is {}, it has no `{name}`", en(&what)),
        ),
        None => no_name(span, name),
    }
}

/// A value of one kind should stand where another is.
pub fn wanted(node: &Node, wanted: Family, found: &Type) -> Diagnostic {
    let (wanted_text, found_text) = (describe(wanted), found.describe());
    let finding = error(
        "expr.type",
        node.span,
        format!("这里要用{}，而这是{}", wanted_text.zh, found_text.zh),
        format!("{} is needed here, and this is {}", en(&wanted_text), en(&found_text)),
    );
    with_hint(finding, conversion(node, found, wanted))
}

pub fn compared(span: Span, left: (&Node, &Type), right: (&Node, &Type)) -> Diagnostic {
    let (one, other) = (left.1.describe(), right.1.describe());
    let finding = error(
        "expr.type",
        span,
        format!("{}和{}不能比较", one.zh, other.zh),
        format!("{} and {} cannot be compared", en(&one), en(&other)),
    );
    let hint = conversion(left.0, left.1, right.1.family()).or_else(|| conversion(right.0, right.1, left.1.family()));
    with_hint(finding, hint)
}

pub fn mixed(span: Span, one: &Type, other: &Type) -> Diagnostic {
    let (one, other) = (one.describe(), other.describe());
    error(
        "expr.type",
        span,
        format!("这里混用了{}和{}", one.zh, other.zh),
        format!("{} and {} are mixed here", en(&one), en(&other)),
    )
    .hint(Text::new("两边要用同一种值", "use values of one kind"))
}

pub fn no_single_value(span: Span, ty: &Type) -> Diagnostic {
    let what = ty.describe();
    error(
        "expr.type",
        span,
        format!("方括号里只能写单个的值，而这是{}", what.zh),
        format!("only single values stand in brackets, and this is {}", en(&what)),
    )
}

pub fn no_comparison(span: Span, ty: &Type) -> Diagnostic {
    let what = ty.describe();
    let zh = format!("{}不能直接比较", what.zh);
    with_hint(error("expr.type", span, zh, format!("{} cannot be compared", en(&what))), summary_hint(ty))
}

pub fn no_order(span: Span, ty: &Type) -> Diagnostic {
    let what = ty.describe();
    error("expr.type", span, format!("{}没有大小先后之分", what.zh), format!("{} has no order", en(&what)))
        .hint(Text::new("只有数字、日期和时刻可以比大小", "only numbers, dates and points in time are ordered"))
}

pub fn impossible(span: Span, one: &[String], other: &[String]) -> Diagnostic {
    // The side with fewer values is what the author wrote.
    let (written, known) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let finding = error(
        "expr.impossible",
        span,
        format!("这两个值不可能相等：可能的值是 {}，没有“{}”", known.join("、"), written.join("、")),
        format!("these can never be equal: the values are {}, never `{}`", known.join(", "), written.join(", ")),
    );
    match nearest(&written.join(" "), known.iter().map(String::as_str)) {
        Some(near) => finding.hint(Text::new(format!("是不是“{near}”？"), format!("did you mean `{near}`?"))),
        None => finding,
    }
}

pub fn items(node: &Node, fold: Fold, wanted: Family, found: &Type) -> Diagnostic {
    let (what, found) = (describe(wanted), found.describe());
    let finding = error(
        "expr.type",
        node.span,
        format!("列表的每一项要是{}，而这里是{}", what.zh, found.zh),
        format!("every item has to be {}, and this is {}", en(&what), en(&found)),
    );
    finding.hint(match fold {
        Fold::Sum => Text::new("例如 sum(items.amount)", "for example sum(items.amount)"),
        Fold::Count => Text::new("例如 count(items, .amount > 100)", "for example count(items, .amount > 100)"),
        _ => Text::new("例如 any(items, .amount > 100)", "for example any(items, .amount > 100)"),
    })
}

pub fn digits(span: Span, most: u32) -> Diagnostic {
    error(
        "expr.type",
        span,
        format!("小数位数要直接写成 0 到 {most} 的整数"),
        format!("the digits after the point are written as a whole number from 0 to {most}"),
    )
    .hint(Text::new("例如 round(amount, 2)", "for example round(amount, 2)"))
}

fn describe(family: Family) -> Text {
    match family {
        Family::Bool => Type::Bool,
        Family::Text => Type::Text,
        Family::Number => Type::Number,
        Family::Date => Type::Date,
        Family::Instant => Type::Instant,
        Family::List => return Text::new("列表", "a list"),
        Family::Record => return Text::new("一组字段", "a group of fields"),
    }
    .describe()
}

fn with_hint(finding: Diagnostic, hint: Option<Text>) -> Diagnostic {
    match hint {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}

/// How a value could become one of another kind.
fn conversion(node: &Node, found: &Type, wanted: Family) -> Option<Text> {
    match (&node.kind, found.family(), wanted) {
        (Kind::Text(text), _, Family::Number) if parse_decimal(text).is_some() => {
            Some(Text::new(format!("数字不加引号：{text}"), format!("a number has no quotes: {text}")))
        }
        (Kind::Text(text), _, Family::Date) if parse_date(text).is_some() => {
            Some(Text::new(format!("日期写成 date(\"{text}\")"), format!("write the date as date(\"{text}\")")))
        }
        (Kind::Path(_), Family::Text, Family::Number) => Some(Text::new(
            "该字段是文本；要计算或比大小，请在表单里把它定义为金额或数字",
            "the field is a text; to compute with it, make it money or a number in the form",
        )),
        (Kind::Path(_), Family::Text, Family::Bool) => {
            Some(Text::new("是否填写了用 has(…) 判断", "has(…) tells whether something was filled in"))
        }
        (Kind::Path(path), Family::Instant, Family::Date) => {
            let path = path.dotted();
            Some(Text::new(format!("当天的日期是 date({path})"), format!("its date is date({path})")))
        }
        (_, Family::Date, Family::Number) => Some(Text::new(
            "相隔天数用 days(a, b)，推算日期用 add_days(d, n)",
            "days(a, b) counts the days between two dates, add_days(d, n) moves a date",
        )),
        (_, Family::List, _) => summary_hint(found),
        _ => None,
    }
}

fn summary_hint(ty: &Type) -> Option<Text> {
    (ty.family() == Family::List).then(|| {
        Text::new(
            "列表要先汇总：sum(…)、count(…)、min(…)、max(…)、any(…)、all(…)，是否包含用 in",
            "a list is summed up with sum, count, min, max, any or all; `in` tells whether it holds something",
        )
    })
}
