//! S02: branches that can never be reached, and loops without an end in sight.

use rhai::{AST, Expr, Position, Stmt};
use zhupi_domain::{Decimal, Diagnostic, Text};

use crate::checks::{self, Node};
use crate::fault;

/// Finds `if x > 50 { … } else if x > 100 { … }`, `loop` and `while true`.
pub(super) fn lint(ast: &AST, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    checks::walk(ast, &mut |node| match node {
        Node::Stmt(Stmt::If(flow, _)) => {
            if let (Some(first), Some((second, position))) = (test(&flow.expr), else_if(&flow.branch))
                && first.hides(&second)
            {
                found.push(unreachable(position, text));
            }
        }
        Node::Stmt(Stmt::While(flow, position)) if matches!(flow.expr, Expr::Unit(_) | Expr::BoolConstant(true, _)) => {
            found.push(endless(*position, text));
        }
        _ => {}
    });
    found
}

/// A comparison of a variable or property with a figure.
#[derive(Debug, PartialEq, Eq)]
struct Test {
    subject: String,
    upwards: bool,
    with_bound: bool,
    bound: Decimal,
}

impl Test {
    /// Whether whatever fulfils the other fulfils this one too.
    fn hides(&self, other: &Self) -> bool {
        if self.subject != other.subject || self.upwards != other.upwards {
            return false;
        }
        let further = if self.upwards { other.bound > self.bound } else { other.bound < self.bound };
        further || (other.bound == self.bound && (self.with_bound || !other.with_bound))
    }
}

fn test(expression: &Expr) -> Option<Test> {
    let Expr::FnCall(call, _) = expression else { return None };
    let (upwards, with_bound) = match call.name.as_str() {
        ">" => (true, false),
        ">=" => (true, true),
        "<" => (false, false),
        "<=" => (false, true),
        _ => return None,
    };
    let [subject, bound] = call.args.as_slice() else { return None };
    Some(Test { subject: path(subject)?, upwards, with_bound, bound: figure(bound)? })
}

fn path(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Variable(variable, ..) => Some(variable.1.to_string()),
        Expr::Property(property, _) => Some(property.2.to_string()),
        Expr::Dot(pair, ..) => Some(format!("{}.{}", path(&pair.lhs)?, path(&pair.rhs)?)),
        _ => None,
    }
}

fn figure(expression: &Expr) -> Option<Decimal> {
    match expression {
        Expr::IntegerConstant(number, _) => Some(Decimal::from(*number)),
        Expr::DynamicConstant(value, _) => value.as_decimal().ok(),
        _ => None,
    }
}

fn else_if(branch: &rhai::StmtBlock) -> Option<(Test, Position)> {
    match branch.statements() {
        [Stmt::If(flow, position)] => test(&flow.expr).map(|test| (test, *position)),
        _ => None,
    }
}

fn unreachable(position: Position, text: &str) -> Diagnostic {
    Diagnostic::warning(
        "S02",
        fault::span(text, position),
        Text::new(
            "这个分支永远走不到：前一个条件已经包含了它",
            "this branch is never reached: the condition before covers it",
        ),
    )
    .hint(Text::new(
        "先判断更严的条件，或改用 grade、tiers 表",
        "test the stricter condition first, or use a grade or tiers table",
    ))
}

fn endless(position: Position, text: &str) -> Diagnostic {
    Diagnostic::note(
        "S02",
        fault::span(text, position),
        Text::new("循环没有明显的终点", "the loop has no end in sight"),
    )
    .hint(Text::new("尽量用 for … in 遍历列表", "use for … in over a list where you can"))
}
