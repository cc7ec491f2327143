//! Which functions a script may call, and what to say about the others.

use zhupi_domain::Text;
use zhupi_domain::nearest::nearest;

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
