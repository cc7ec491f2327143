//! What a script reads, as far as it is written out.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, Expr, Position};

use super::{Node, calls, walk};

/// The names after `params.`, wherever the object is called so, and where each stands first.
pub(crate) fn params_read(ast: &AST) -> BTreeMap<String, Position> {
    let mut names = BTreeMap::new();
    walk(ast, &mut |node| {
        if let Node::Expr(Expr::Dot(pair, ..) | Expr::Index(pair, ..)) = node
            && matches!(&pair.lhs, Expr::Variable(variable, ..) if variable.1 == "params")
            && let Some((name, position)) = member(&pair.rhs)
        {
            names.entry(name).or_insert(position);
        }
    });
    names
}

/// The name right after a dot or in a bracket, if it is written out.
fn member(expression: &Expr) -> Option<(String, Position)> {
    match expression {
        Expr::Property(property, position) => Some((property.2.to_string(), *position)),
        Expr::StringConstant(name, position) => Some((name.to_string(), *position)),
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => member(&pair.lhs),
        _ => None,
    }
}

/// The variables that `grade` is given as its list.
pub(crate) fn graded(ast: &AST) -> BTreeSet<String> {
    let mut graded = BTreeSet::new();
    calls(ast, &mut |call, _, _| {
        if let ("grade", [_, Expr::Variable(variable, ..)]) = (call.name.as_str(), call.args.as_slice()) {
            graded.insert(variable.1.to_string());
        }
    });
    graded
}
