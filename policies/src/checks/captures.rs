//! Functions without a name that use the very value they are called on.
//!
//! The engine holds a variable for as long as a chain of dots works on it, so that `w.keys().map(|n| w[n])` finds `w` taken and
//! fails without a place. It fails on every value but an empty one, so it is told before anything runs.

use rhai::{AST, Expr, Position, Stmt};

use super::{Node, calls, walk};

/// A function that is handed to a method and uses the variable that the method works on.
pub(super) struct Captured {
    pub variable: String,
    pub method: String,
    pub position: Position,
    /// Whether the method is called on the variable itself, not on something made of it.
    pub direct: bool,
}

pub(super) fn of_own_receiver(ast: &AST) -> Vec<Captured> {
    let mut found = Vec::new();
    walk(ast, &mut |node| {
        if let Node::Expr(Expr::Dot(pair, ..) | Expr::Index(pair, ..)) = node
            && let Expr::Variable(variable, ..) = &pair.lhs
        {
            chain(&variable.1, &pair.rhs, true, &mut found);
        }
    });
    found
}

/// What follows the variable, one dot or bracket after the other.
fn chain(variable: &str, rest: &Expr, direct: bool, found: &mut Vec<Captured>) {
    match rest {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
            chain(variable, &pair.lhs, direct, found);
            chain(variable, &pair.rhs, false, found);
        }
        Expr::MethodCall(call, position)
            if calls::takes_function(&call.name) && call.args.iter().any(|argument| keeps(argument, variable)) =>
        {
            let (variable, method) = (variable.to_owned(), call.name.to_string());
            found.push(Captured { variable, method, position: *position, direct });
        }
        _ => {}
    }
}

/// Whether an argument is a function without a name that uses a variable around it.
fn keeps(argument: &Expr, variable: &str) -> bool {
    let Expr::Stmt(block) = argument else { return false };
    match block.statements().first() {
        Some(Stmt::Share(kept)) => kept.iter().any(|(name, _)| name.name == variable),
        _ => false,
    }
}
