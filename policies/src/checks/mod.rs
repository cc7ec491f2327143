//! What is checked of a script before it is ever run.

mod calls;
mod captures;
mod reads;

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, Expr, FnCallExpr, FnPtr, Position, Stmt};
use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::contract::Contract;
use crate::library::{self, Libraries};
use crate::{fault, fence};

pub(crate) use calls::takes_function;
use calls::{REFUSED, call_problem};
pub(crate) use reads::{graded, params_read};
pub(crate) use rhai::ASTNode as Node;

/// Names that a script may not use for a function or variable of its own.
const RESERVED: [&str; 2] = ["params", "this"];

/// Parses a script inside the fence.
pub(crate) fn parse(text: &str, file: &str, libraries: &Libraries) -> Result<AST, Diagnostics> {
    if text.len() > fence::LONGEST_SOURCE {
        let kib = text.len() / 1024;
        return Err(vec![
            Diagnostic::error(
                "policy-too-long",
                None,
                Text::new(
                    format!("脚本有 {kib} KiB，最多 64 KiB"),
                    format!("the script has {kib} KiB, the most is 64 KiB"),
                ),
            )
            .in_file(file),
        ]);
    }
    fence::compiler(libraries).compile(text).map_err(|error| vec![fault::parse_error(&error, text, file)])
}

/// A panic of ours while compiling.
pub(crate) fn panicked(panic: &str) -> Diagnostic {
    Diagnostic::error(
        "policy-panic",
        None,
        Text::new(
            format!("朱批内部错误（请报告）：{panic}"),
            format!("an error inside Zhupi (please report it): {panic}"),
        ),
    )
}

/// Visits every node, the bodies of functions included.
pub(crate) fn walk(ast: &AST, visit: &mut impl FnMut(&Node)) {
    ast.walk(&mut |path: &[Node]| {
        if let Some(node) = path.last() {
            visit(node);
        }
        true
    });
}

/// Every call, with how many arguments it passes; for a method, what stands before the dot is the first.
pub(crate) fn calls(ast: &AST, visit: &mut impl FnMut(&FnCallExpr, usize, Position)) {
    walk(ast, &mut |node| match node {
        Node::Stmt(Stmt::FnCall(call, position)) | Node::Expr(Expr::FnCall(call, position)) => {
            visit(call, call.args.len(), *position);
        }
        Node::Expr(Expr::MethodCall(call, position)) => visit(call, call.args.len() + 1, *position),
        _ => {}
    });
}

/// The checks of a library.
pub(crate) fn library(ast: &AST, text: &str, file: &str) -> Diagnostics {
    Checker::new(ast, text, file).common()
}

/// The checks of a policy's own script.
pub(crate) fn policy(ast: &AST, text: &str, contract: &Contract, libraries: &Libraries) -> Diagnostics {
    let file = contract.policy.script_file();
    let mut checker = Checker::new(ast, text, &file);
    checker.entry(contract);
    checker.refusals(contract);
    checker.imports(libraries);
    checker.common()
}

struct Checker<'a> {
    ast: &'a AST,
    text: &'a str,
    file: &'a str,
    found: Diagnostics,
}

impl<'a> Checker<'a> {
    fn new(ast: &'a AST, text: &'a str, file: &'a str) -> Self {
        Self { ast, text, file, found: Vec::new() }
    }

    fn error(&mut self, code: &'static str, at: Position, message: Text, hint: Option<Text>) {
        let found = Diagnostic::error(code, fault::span(self.text, at), message).in_file(self.file);
        self.found.push(match hint {
            Some(hint) => found.hint(hint),
            None => found,
        });
    }

    fn common(mut self) -> Diagnostics {
        self.top_level();
        self.functions();
        self.names();
        self.calls();
        self.closures();
        self.found.sort_by_key(|found| found.span);
        self.found
    }

    /// Only imports and constants stand outside functions.
    fn top_level(&mut self) {
        for statement in self.ast.statements() {
            let allowed = match statement {
                Stmt::Import(..) | Stmt::Export(..) | Stmt::Noop(_) => true,
                Stmt::Var(_, flags, _) => flags.intersects(rhai::ASTFlags::CONSTANT),
                _ => false,
            };
            if !allowed {
                self.error(
                    "policy-top-level",
                    start(statement),
                    Text::new("语句须写在函数里", "statements belong inside a function"),
                    Some(Text::new(
                        "函数之外只能有 import 和 const",
                        "outside functions only import and const may stand",
                    )),
                );
            }
        }
    }

    /// A script that declares a name of the host would silently replace it.
    fn functions(&mut self) {
        let taken = fence::known_functions();
        let mut declared: Vec<(String, usize)> = Vec::new();
        for function in self.ast.iter_functions().filter(|function| !is_anonymous(function.name)) {
            declared.push((function.name.to_owned(), function.params.len()));
        }
        for (name, parameters) in declared {
            if taken.contains(&name) || RESERVED.contains(&name.as_str()) || REFUSED.contains(&name.as_str()) {
                let at = self.position_of(&name, parameters);
                self.error(
                    "policy-shadowing",
                    at,
                    Text::new(
                        format!("`{name}` 是系统词汇，不能自行定义"),
                        format!("`{name}` is a word of the host and cannot be defined anew"),
                    ),
                    Some(Text::new("换一个名称", "choose another name")),
                );
            }
        }
    }

    /// Variables named like a word of the host hide what it means.
    fn names(&mut self) {
        let mut bad = Vec::new();
        walk(self.ast, &mut |node| {
            if let Node::Stmt(Stmt::Var(variable, _, position)) = node
                && RESERVED.contains(&variable.0.name.as_str())
            {
                bad.push((variable.0.name.to_string(), *position));
            }
        });
        for (name, position) in bad {
            self.error(
                "policy-shadowing",
                position,
                Text::new(format!("`{name}` 是保留名称"), format!("the name `{name}` is reserved")),
                None,
            );
        }
    }

    fn position_of(&self, name: &str, parameters: usize) -> Position {
        self.ast
            .shared_lib()
            .get_script_fn(name, parameters)
            .map_or(Position::NONE, |function| function.body.start_position())
    }

    /// Calls of functions that do not exist, are refused, or are given too much or too little.
    fn calls(&mut self) {
        let own: BTreeSet<String> = self.ast.iter_functions().map(|function| function.name.to_owned()).collect();
        let mut bad = Vec::new();
        calls(self.ast, &mut |call, arguments, position| {
            if call.op_token.is_none() && !call.is_qualified() && !own.contains(call.name.as_str()) {
                bad.extend(call_problem(&call.name, arguments).map(|problem| (problem, position)));
            }
        });
        for ((code, message, hint), position) in bad {
            self.error(code, position, message, hint);
        }
    }

    /// A function without a name is written where it is used. One that is kept could hold itself, and would never be freed.
    fn closures(&mut self) {
        let mut bad = Vec::new();
        self.ast.walk(&mut |path: &[Node]| {
            if let [around @ .., Node::Expr(Expr::DynamicConstant(value, position))] = path
                && value.is::<FnPtr>()
                && !calls::is_used_at_once(around)
            {
                bad.push(*position);
            }
            true
        });
        for captures::Captured { variable, method, position, direct } in captures::of_own_receiver(self.ast) {
            let code = match direct {
                true => format!("let copy = {variable}; {variable}.{method}(|item| … copy …)"),
                false => format!("let items = {variable}.keys(); items.{method}(|item| {variable}[item])"),
            };
            self.error(
                "policy-closure",
                position,
                Text::new(
                    format!("`{method}` 的函数里又用到了正在处理的 `{variable}`"),
                    format!("the function of `{method}` uses `{variable}`, which it is called on"),
                ),
                Some(Text::new(
                    format!("先另存成一个变量，如 {code}"),
                    format!("keep one of the two in a variable before: {code}"),
                )),
            );
        }
        for position in bad {
            self.error(
                "policy-closure",
                position,
                Text::new(
                    "匿名函数只能直接写在 map、filter 等的括号里",
                    "a function without a name stands only inside the brackets of map, filter and the like",
                ),
                Some(Text::new("其他地方请用 fn 定义一个函数", "elsewhere, define a function with fn")),
            );
        }
    }

    /// `fn main` exists once and takes inputs of the contract, by name.
    fn entry(&mut self, contract: &Contract) {
        let mains: Vec<Vec<String>> = self
            .ast
            .iter_functions()
            .filter(|function| function.name == "main")
            .map(|function| function.params.iter().map(|name| (*name).to_owned()).collect())
            .collect();
        let [arguments] = mains.as_slice() else {
            return self.error(
                "policy-main",
                Position::NONE,
                Text::new("脚本须有且只有一个 fn main(...)", "a policy has exactly one fn main(…)"),
                Some(Text::new(
                    "括号里写要用到的输入，如 fn main(amount, params)",
                    "list the inputs it uses, as in fn main(amount, params)",
                )),
            );
        };
        let at = self.position_of("main", arguments.len());
        for name in arguments.iter().filter(|name| *name != "params" && contract.input_named(name).is_none()) {
            self.error(
                "policy-unknown-input",
                at,
                Text::new(
                    format!("main 的参数 `{name}` 不是契约中的输入"),
                    format!("`{name}` of main is no input of the contract"),
                ),
                Some(Text::new("只能写契约中的输入名，以及 params", "name inputs of the contract, and params")),
            );
        }
    }

    /// `refuse("code")` with a code that the contract does not declare.
    fn refusals(&mut self, contract: &Contract) {
        let mut bad = Vec::new();
        for (code, position) in refused_codes(self.ast) {
            if contract.refused(&code).is_none() {
                bad.push((code, position));
            }
        }
        for (code, position) in bad {
            self.error(
                "policy-refusal",
                position,
                Text::new(
                    format!("拒绝代码 `{code}` 未在契约中声明"),
                    format!("the contract declares no refusal `{code}`"),
                ),
                Some(Text::new("在契约的 refusals 中加上它", "add it to `refusals` of the contract")),
            );
        }
    }

    /// Imports of libraries that do not exist, and calls of functions that they do not have.
    fn imports(&mut self, libraries: &Libraries) {
        let mut aliases: BTreeMap<String, String> = BTreeMap::new();
        let mut dynamic = Vec::new();
        walk(self.ast, &mut |node| {
            if let Node::Stmt(Stmt::Import(import, position)) = node {
                match &import.0 {
                    Expr::StringConstant(name, _) => {
                        aliases.insert(import.1.name.to_string(), name.to_string());
                    }
                    _ => dynamic.push(*position),
                }
            }
        });
        for position in dynamic {
            self.error(
                "policy-import",
                position,
                Text::new("import 后须写明库名", "import takes the name of a library in quotes"),
                None,
            );
        }
        for (name, position) in library::imports(self.ast) {
            if !libraries.contains(&name) && !libraries.is_broken(&name) {
                self.found.push(library::unknown_library(&name).at(position, self.text, self.file));
            }
        }
        let mut bad = Vec::new();
        calls(self.ast, &mut |call, _, position| {
            let library = call.is_qualified().then(|| aliases.get(call.namespace.root())).flatten();
            if let Some(library) =
                library.filter(|library| libraries.contains(library) && !libraries.has_function(library, &call.name))
            {
                bad.push((format!("{library}::{}", call.name), position));
            }
        });
        for (name, position) in bad {
            self.error(
                "policy-unknown-word",
                position,
                Text::new(format!("脚本库中没有 `{name}`"), format!("there is no `{name}`")),
                None,
            );
        }
    }
}

/// The codes that `refuse` is called with, as far as they are written out.
pub(crate) fn refused_codes(ast: &AST) -> Vec<(String, Position)> {
    let mut codes = Vec::new();
    calls(ast, &mut |call, _, position| {
        if let ("refuse", Some(Expr::StringConstant(code, _))) = (call.name.as_str(), call.args.first()) {
            codes.push((code.to_string(), position));
        }
    });
    codes
}

/// Where a statement begins.
pub(crate) fn start(statement: &Stmt) -> Position {
    match statement {
        Stmt::Expr(expr) => expr.start_position(),
        Stmt::Assignment(assignment) => assignment.1.lhs.start_position(),
        other => other.position(),
    }
}

pub(crate) fn is_anonymous(function: &str) -> bool {
    function.starts_with("anon$")
}
