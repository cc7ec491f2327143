//! Which functions a script may call, and what to say about the others.

use rhai::{Expr, Stmt};
use zhupi_domain::Text;
use zhupi_domain::nearest::nearest;

use super::Node;
use crate::{fault, fence, words};

/// Functions that authors look for in vain; each has a hint of its own.
pub(super) const REFUSED: [&str; 43] = [
    "sort",
    "sort_by",
    "sort_desc",
    "order",
    "order_by",
    "order_desc",
    "dedup",
    "retain",
    "drain",
    "reduce_rev",
    "for_each",
    "round",
    "round_up",
    "round_down",
    "round_half_up",
    "round_half_down",
    "ceiling",
    "int",
    "to_int",
    "fraction",
    "to_float",
    "to_decimal",
    "parse_int",
    "parse_float",
    "parse_decimal",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sqrt",
    "exp",
    "ln",
    "log",
    "sleep",
    "timestamp",
    "now",
    "rand",
    "blob",
    "eval",
    "exit",
    "hypot",
];

/// List functions that take a function without a name; none of them keeps it.
const TAKE_FUNCTIONS: [&str; 8] = ["map", "filter", "some", "all", "find", "find_map", "index_of", "reduce"];

/// Whether a function calls a function that it is handed.
pub(crate) fn takes_function(name: &str) -> bool {
    name == "call" || TAKE_FUNCTIONS.contains(&name)
}

/// Whether what is around a function without a name is a list function that calls it at once.
pub(super) fn is_used_at_once(around: &[Node]) -> bool {
    let outside = around.iter().rev().find(|node| !keeps_variables(node));
    match outside {
        Some(Node::Expr(Expr::MethodCall(call, _) | Expr::FnCall(call, _)) | Node::Stmt(Stmt::FnCall(call, _))) => {
            TAKE_FUNCTIONS.contains(&call.name.as_str())
        }
        _ => false,
    }
}

/// How the parser writes a function that uses variables around it: a block that shares them, then a call of `curry`.
fn keeps_variables(node: &Node) -> bool {
    match node {
        Node::Expr(Expr::FnCall(call, _)) | Node::Stmt(Stmt::FnCall(call, _)) => call.name == "curry",
        Node::Expr(Expr::Stmt(block)) => matches!(block.statements(), [Stmt::Share(_), ..]),
        Node::Stmt(Stmt::Expr(expression)) => {
            matches!(expression.as_ref(), Expr::FnCall(call, _) if call.name == "curry")
        }
        _ => false,
    }
}

/// The code, the message and what to do instead.
pub(super) type CallProblem = (&'static str, Text, Option<Text>);

/// What is wrong with calling a function with so many arguments.
pub(super) fn call_problem(name: &str, arguments: usize) -> Option<CallProblem> {
    if let Some(word) = words::words().find(|word| word.name == name) {
        let fits = word.takes(arguments) || (is_of_the_engine(name) && arguments != 1);
        return (!fits).then(|| match name {
            "floor" if arguments == 1 => {
                let (message, hint) = fault::banned(name);
                ("policy-banned", message, hint)
            }
            _ => (
                "policy-argument",
                Text::new(
                    format!("`{name}` 不接受 {arguments} 个参数"),
                    format!("`{name}` does not take {arguments} arguments"),
                ),
                Some(Text::new(format!("用法：{}", word.usage), format!("usage: {}", word.usage))),
            ),
        });
    }
    // Written out, `curry` does not parse: what is left is how a function keeps the variables around it.
    if name == "curry" {
        return None;
    }
    if REFUSED.contains(&name) || fence::DISABLED.contains(&name) {
        let (message, hint) = fault::banned(name);
        return Some(("policy-banned", message, hint));
    }
    (!fence::known_functions().contains(name)).then(|| {
        (
            "policy-unknown-word",
            Text::new(format!("没有函数 `{name}`"), format!("there is no function `{name}`")),
            suggestion(name),
        )
    })
}

/// Whether lists or texts have a method of the same name, such as `split`.
fn is_of_the_engine(name: &str) -> bool {
    matches!(name, "split" | "get" | "min" | "max")
}

fn suggestion(name: &str) -> Option<Text> {
    let word = nearest(name, words::words().map(|word| word.name))?;
    Some(Text::new(format!("是否想写 `{word}`？"), format!("did you mean `{word}`?")))
}
