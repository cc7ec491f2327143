//! What authors read when an expression is wrong: the sentence, and what they can do.

#![allow(clippy::expect_used, reason = "an expression without a finding is a failed test")]

use zhupi_domain::expr::{Expr, Type};
use zhupi_domain::{Diagnostic, Locale};

fn scope() -> Type {
    let row = [("points", Type::Number), ("done", Type::Bool)];
    Type::record([
        ("amount", Type::Number),
        ("customer", Type::Text),
        ("grade", Type::Enum(vec!["A".into(), "B".into()])),
        ("signed_on", Type::Date),
        ("decided", Type::record([("at", Type::Instant)])),
        ("items", Type::list(Type::record(row))),
    ])
}

fn finding(source: &str) -> Diagnostic {
    let found = match Expr::parse(source) {
        Ok(expr) => expr.check(&scope()).expect_err("a finding"),
        Err(found) => found,
    };
    found.into_iter().next().expect("at least one finding")
}

/// The sentence and the first hint.
fn words(source: &str, locale: Locale) -> (String, String) {
    let finding = finding(source);
    let hint = finding.hints.first().map(|hint| hint.get(locale).to_owned());
    (finding.message.get(locale).to_owned(), hint.unwrap_or_default())
}

#[test]
fn findings_say_in_chinese_what_is_wrong_and_what_to_write() {
    for (source, sentence, hint) in [
        ("'50000.00' > 50000", "文本“50000.00”和数字不能比较", "数字不加引号：50000.00"),
        ("signed_on > '2026-01-01'", "日期和文本“2026-01-01”不能比较", "日期写成 date(\"2026-01-01\")"),
        ("decided.at > signed_on", "时刻和日期不能比较", "当天的日期是 date(decided.at)"),
        ("amuont > 1", "没有“amuont”这个名称", "是不是 amount？"),
        (
            "sales-head.passed",
            "“sales-head.passed”会被当作减法，而“sales”和“head.passed”都不存在",
            "表达式里的名称不能含连字符：请用 into: sales_head 给该步骤的结果另取名称",
        ),
        ("grade == 'a'", "这两个值不可能相等：可能的值是 A、B，没有“a”", "是不是“A”？"),
        ("any(items, points > 5)", "没有“points”这个名称", "每一行自己的字段前面要加点，写成 .points"),
        (
            "items.points > 5",
            "数字列表和数字不能比较",
            "列表要先汇总：sum(…)、count(…)、min(…)、max(…)、any(…)、all(…)，是否包含用 in",
        ),
        ("sum(items)", "列表的每一项要是数字，而这里是一组字段", "例如 sum(items.amount)"),
        ("amount and true", "这里要用是/否值，而这是数字", ""),
        ("sum（items.points）", "这里不能用“（”", "请改用 ("),
        ("amount > 5%", "这里不能用“%”", "百分比写成小数：5% 写成 0.05"),
        ("amount > 5万", "“5万”不是有效的数字", NUMBER_HINT),
        ("amount = 5", "这里不能用“=”", "请改用 =="),
        ("1 < amount < 5", "一次只能比较两个值", "范围写成 amount >= 100 and amount < 500"),
        ("(amount > 1", "表达式没有写完，后面缺少“)”", ""),
        ("cuont(items)", "没有函数“cuont”", "是不是 count？"),
    ] {
        assert_eq!(words(source, Locale::Zh), (sentence.to_owned(), hint.to_owned()), "{source}");
    }
}

const NUMBER_HINT: &str =
    "写成普通的十进制数，如 1200 或 0.30：小数最多 12 位，整数部分最多 15 位，不带千分位、百分号和单位";

#[test]
fn and_in_english() {
    for (source, sentence, hint) in [
        (
            "'50000.00' > 50000",
            "the text `50000.00` and a number cannot be compared",
            "a number has no quotes: 50000.00",
        ),
        ("grade in ['A', 'C']", "these can never be equal: the values are A, B, never `C`", ""),
        ("customer.name", "`customer` is a text, it has no `name`", ""),
        ("amount AND true", "an operator is missing before `AND`, or it is too much", "write and in small letters"),
    ] {
        assert_eq!(words(source, Locale::En), (sentence.to_owned(), hint.to_owned()), "{source}");
    }
}

#[test]
fn every_wrong_part_is_found_at_once() {
    let expr = Expr::parse("amount > 'x' and unknown == 1 and grade == 'Z'").expect("it can be read");
    let codes: Vec<&str> = expr.check(&scope()).expect_err("findings").iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["expr.type", "expr.unknown-name", "expr.impossible"]);
}
