//! S01: figures that belong into params.

use rhai::{AST, Expr, FnCallExpr, Position, Stmt};
use zhupi_domain::{Decimal, Diagnostic, Text};

use crate::checks::Node;
use crate::fault;

/// Words whose whole-number arguments are counts of days, parts or places, not money.
const COUNTING: [&str; 15] = [
    "add_days",
    "add_months",
    "add_workdays",
    "nth_workday",
    "day_of",
    "at",
    "split",
    "..",
    "..=",
    "range",
    "extract",
    "pad",
    "chop",
    "truncate",
    "sub_string",
];

/// Finds numbers in the code, other than 0, 1, 2 and 100.
pub(super) fn lint(ast: &AST, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    ast.walk(&mut |path: &[Node]| {
        let [around @ .., node] = path else { return true };
        if let Some((number, position)) = figure(node)
            && !is_structural(number)
            && !around.last().is_some_and(is_counting)
        {
            found.push(literal(number, position, text));
        }
        if let Some(position) = division(node) {
            found.push(Diagnostic::note(
                "S01",
                fault::span(text, position),
                Text::new(
                    "两个整数相除：此处得到精确的小数，不会舍去余数",
                    "a division of two whole numbers: here it is exact and loses nothing",
                ),
            ));
        }
        true
    });
    found
}

fn figure(node: &Node) -> Option<(Decimal, Position)> {
    match node {
        Node::Expr(Expr::IntegerConstant(number, position)) => Some((Decimal::from(*number), *position)),
        Node::Expr(Expr::DynamicConstant(value, position)) => value.as_decimal().ok().map(|number| (number, *position)),
        _ => None,
    }
}

fn is_structural(number: Decimal) -> bool {
    [Decimal::ZERO, Decimal::ONE, Decimal::TWO, Decimal::ONE_HUNDRED].contains(&number.abs())
}

fn is_counting(node: &Node) -> bool {
    match node {
        Node::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)) | Node::Stmt(Stmt::FnCall(call, _)) => {
            COUNTING.contains(&call.name.as_str())
        }
        Node::Expr(Expr::Index(..)) => true,
        _ => false,
    }
}

fn division(node: &Node) -> Option<Position> {
    let Node::Expr(Expr::FnCall(call, position)) = node else { return None };
    let whole = |call: &FnCallExpr| call.args.iter().all(|argument| matches!(argument, Expr::IntegerConstant(..)));
    (call.name == "/" && call.op_token.is_some() && whole(call)).then_some(*position)
}

fn literal(number: Decimal, position: Position, text: &str) -> Diagnostic {
    let number = number.normalize();
    Diagnostic::warning(
        "S01",
        fault::span(text, position),
        Text::new(format!("代码里写死了数值 {number}"), format!("the figure {number} is written into the code")),
    )
    .hint(Text::new(
        "放进 params：带上生效日期和条款出处，调整时不必改脚本",
        "move it to params, with its date and clause: then it changes without touching the script",
    ))
}
