//! The walk over a script that finds what flows where.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, Expr, FnCallExpr, FnPtr, Position, Stmt, StmtBlock};

use super::{At, Dataflow, Sources, at};
use crate::checks::{self, Node};

/// What is known of a function of the script.
struct Function {
    name: String,
    parameters: Vec<String>,
    start: At,
    end: At,
}

/// All functions without a name count as one.
const ANONYMOUS: &str = "";

pub(super) struct Walker {
    inputs: BTreeSet<String>,
    functions: Vec<Function>,
    statements: Vec<Stmt>,
    pub(super) variables: BTreeMap<String, Sources>,
    pub(super) returns: BTreeMap<String, Sources>,
    /// The function being walked.
    current: String,
    /// What the conditions around look at.
    control: Sources,
    pub(super) flow: Dataflow,
}

impl Walker {
    pub(super) fn new(ast: &AST, inputs: &BTreeSet<String>) -> Self {
        let functions = ast.iter_functions().map(|function| {
            let parameters: Vec<String> = function.params.iter().map(|name| (*name).to_owned()).collect();
            let body = ast.shared_lib().get_script_fn(function.name, parameters.len()).map(|found| found.body.clone());
            let (start, end) =
                body.map_or((Position::NONE, Position::NONE), |body| (body.start_position(), body.end_position()));
            Function { name: function.name.to_owned(), parameters, start: at(start), end: at(end) }
        });
        let functions = functions.collect();
        let mut statements = Vec::new();
        ast.walk(&mut |path: &[Node]| {
            if let [Node::Stmt(statement)] = path {
                statements.push((*statement).clone());
            }
            true
        });
        Self {
            inputs: inputs.clone(),
            functions,
            statements,
            variables: BTreeMap::new(),
            returns: BTreeMap::new(),
            current: String::new(),
            control: Sources::default(),
            flow: Dataflow::default(),
        }
    }

    /// Everything depends on everything.
    pub(super) fn give_up(self) -> Dataflow {
        let all = Sources { inputs: self.inputs.clone(), calls: self.flow.calls.keys().copied().collect() };
        let calls = self.flow.calls.into_keys().map(|call| (call, self.inputs.clone())).collect();
        Dataflow { calls, outputs: BTreeMap::new(), everything: all }
    }

    pub(super) fn walk(&mut self) {
        let statements = std::mem::take(&mut self.statements);
        let homes: Vec<String> = statements.iter().map(|statement| self.home(statement)).collect();
        for (i, statement) in statements.iter().enumerate() {
            self.current = homes.get(i).cloned().unwrap_or_default();
            let sources = self.statement(statement);
            if self.current == "main" && homes.get(i + 1).is_none_or(|next| next != "main") {
                self.answer(statement);
            }
            self.returned(&sources);
        }
        self.statements = statements;
    }

    /// The function that a statement of the outermost level stands in.
    fn home(&self, statement: &Stmt) -> String {
        let place = at(checks::start(statement).or_else(statement.position()));
        let holds = |function: &&Function| {
            function.start <= place && place <= function.end && !checks::is_anonymous(&function.name)
        };
        self.functions.iter().find(holds).map_or(ANONYMOUS.to_owned(), |function| function.name.clone())
    }

    fn returned(&mut self, sources: &Sources) {
        let control = self.control.clone();
        self.returns.entry(self.current.clone()).or_default().add(&sources.clone().with(&control));
    }

    fn assign(&mut self, name: &str, sources: &Sources) {
        let control = self.control.clone();
        self.variables.entry(name.to_owned()).or_default().add(&sources.clone().with(&control));
    }

    fn under<T>(&mut self, condition: &Sources, walk: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.control.clone();
        self.control.add(condition);
        let result = walk(self);
        self.control = around;
        result
    }

    fn block(&mut self, block: &StmtBlock) -> Sources {
        let mut sources = Sources::default();
        for statement in block.statements() {
            sources.add(&self.statement(statement));
        }
        sources
    }

    fn statement(&mut self, statement: &Stmt) -> Sources {
        match statement {
            Stmt::If(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, ..) | Stmt::TryCatch(flow, _) => {
                let condition = self.expression(&flow.expr);
                self.under(&condition, |walker| walker.block(&flow.body).with(&walker.block(&flow.branch)))
                    .with(&condition)
            }
            Stmt::For(parts, _) => {
                let (variable, counter, flow) = parts.as_ref();
                let over = self.expression(&flow.expr);
                self.assign(&variable.name, &over);
                if let Some(counter) = counter {
                    self.assign(&counter.name, &over);
                }
                self.under(&over, |walker| walker.block(&flow.body)).with(&over)
            }
            Stmt::Var(parts, ..) => {
                let sources = self.expression(&parts.1);
                self.assign(&parts.0.name, &sources);
                sources
            }
            Stmt::Assignment(parts) => {
                let sources = self.expression(&parts.1.rhs).with(&self.expression(&parts.1.lhs));
                if let Some(root) = root(&parts.1.lhs) {
                    self.assign(root, &sources);
                }
                sources
            }
            Stmt::FnCall(call, position) => self.call(call, None, *position),
            Stmt::Block(block) => self.block(block),
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::Return(Some(expression), ..) => {
                if self.current == "main" {
                    self.answer_expression(expression);
                }
                self.expression(expression)
            }
            Stmt::BreakLoop(Some(expression), ..) => self.expression(expression),
            _ => Sources::default(),
        }
    }

    fn expression(&mut self, expression: &Expr) -> Sources {
        match expression {
            Expr::Variable(variable, ..) => self.variable(&variable.1),
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => self.all(parts.iter()),
            Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => self.all(parts.iter()),
            Expr::Map(parts, _) => self.all(parts.0.iter().map(|(_, value)| value)),
            Expr::Stmt(block) => self.block(block),
            Expr::FnCall(call, position) => self.call(call, None, *position),
            Expr::Dot(pair, _, position) | Expr::Index(pair, _, position) => {
                if matches!(&pair.lhs, Expr::Variable(variable, ..) if variable.1 == "params") {
                    return self.read_param(&pair.rhs, &[*position, pair.lhs.position(), pair.rhs.position()]);
                }
                let receiver = self.expression(&pair.lhs);
                self.chain(receiver, root(&pair.lhs), &pair.rhs)
            }
            Expr::DynamicConstant(value, _) if value.is::<FnPtr>() => {
                self.returns.get(ANONYMOUS).cloned().unwrap_or_default()
            }
            _ => Sources::default(),
        }
    }

    fn all<'a>(&mut self, parts: impl Iterator<Item = &'a Expr>) -> Sources {
        parts.fold(Sources::default(), |sources, part| sources.with(&self.expression(part)))
    }

    fn variable(&self, name: &str) -> Sources {
        let mut sources = self.variables.get(name).cloned().unwrap_or_default();
        if self.inputs.contains(name) {
            sources.inputs.insert(name.to_owned());
        }
        sources
    }

    /// What follows a dot or bracket, which may itself go on.
    fn chain(&mut self, receiver: Sources, root: Option<&str>, rest: &Expr) -> Sources {
        match rest {
            Expr::Property(..) => receiver,
            Expr::MethodCall(call, position) => self.call(call, Some((receiver, root)), *position),
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                let first = self.chain(receiver, root, &pair.lhs);
                self.chain(first, root, &pair.rhs)
            }
            index => receiver.with(&self.expression(index)),
        }
    }

    fn read_param(&mut self, rest: &Expr, positions: &[Position]) -> Sources {
        let mut sources = self.chain(Sources::default(), None, rest);
        let mut positions = positions.to_vec();
        if let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = rest {
            positions.push(pair.lhs.position());
        }
        for position in positions {
            self.reached(at(position), &sources.inputs.clone());
            sources.calls.insert(at(position));
        }
        sources
    }

    fn reached(&mut self, place: At, inputs: &BTreeSet<String>) {
        let control = self.control.inputs.clone();
        self.flow.calls.entry(place).or_default().extend(inputs.iter().cloned().chain(control));
    }

    fn call(&mut self, call: &FnCallExpr, receiver: Option<(Sources, Option<&str>)>, position: Position) -> Sources {
        let each: Vec<Sources> = call.args.iter().map(|argument| self.expression(argument)).collect();
        let mut sources = each.iter().fold(Sources::default(), |all, one| all.with(one));
        if let Some((receiver, root)) = receiver {
            sources.add(&receiver);
            if let Some(root) = root {
                self.assign(root, &sources);
            }
        }
        self.closures(call, &mut sources);
        let parameters: Vec<(String, usize)> = self.parameters(&call.name);
        for (name, i) in parameters {
            let argument = each.get(i).cloned().unwrap_or_default();
            self.assign(&name, &argument);
        }
        if let Some(returned) = self.returns.get(call.name.as_str()) {
            sources.add(&returned.clone());
        }
        if !call.is_operator_call() {
            self.reached(at(position), &sources.inputs.clone());
            sources.calls.insert(at(position));
        }
        sources
    }

    fn parameters(&self, function: &str) -> Vec<(String, usize)> {
        let named = self.functions.iter().filter(|known| known.name == function);
        named.flat_map(|known| known.parameters.iter().cloned().zip(0..)).collect()
    }

    /// Gives what a caller sees to the function that it is handed; to every function where nobody can tell which.
    fn closures(&mut self, call: &FnCallExpr, sources: &mut Sources) {
        if !checks::takes_function(&call.name) {
            return;
        }
        let handed = call.args.iter().find_map(closure);
        let given: Vec<String> = match handed {
            Some(name) => self.parameters(&name).into_iter().map(|(name, _)| name).collect(),
            None => {
                let others = self.returns.iter().filter(|(name, _)| *name != "main");
                others.for_each(|(_, returned)| sources.add(returned));
                let others = self.functions.iter().filter(|function| function.name != "main");
                others.flat_map(|function| function.parameters.clone()).collect()
            }
        };
        for name in given {
            self.assign(&name, &sources.clone());
        }
    }

    /// The last statement of `main` is the answer.
    fn answer(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Expr(expression) => self.answer_expression(expression),
            Stmt::Block(block) => self.answer_block(block),
            Stmt::If(flow, _) => {
                let condition = self.expression(&flow.expr);
                self.under(&condition, |walker| {
                    walker.answer_block(&flow.body);
                    walker.answer_block(&flow.branch);
                });
            }
            Stmt::Return(..) => {}
            other => {
                let sources = self.statement(other).with(&self.control.clone());
                self.flow.everything.add(&sources);
            }
        }
    }

    fn answer_block(&mut self, block: &StmtBlock) {
        if let Some(last) = block.statements().last() {
            self.answer(last);
        }
    }

    fn answer_expression(&mut self, expression: &Expr) {
        let control = self.control.clone();
        match expression {
            Expr::Map(parts, _) => {
                for (name, value) in &parts.0 {
                    let sources = self.expression(value).with(&control);
                    self.flow.outputs.entry(name.name.to_string()).or_default().add(&sources);
                }
            }
            Expr::Stmt(block) => self.answer_block(block),
            other => {
                let sources = self.expression(other).with(&control);
                self.flow.everything.add(&sources);
            }
        }
    }
}

/// The variable that an expression starts from.
fn root(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Variable(variable, ..) => Some(variable.1.as_str()),
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => root(&pair.lhs),
        _ => None,
    }
}

/// The name of the function that is written in place of an argument, with or without variables kept.
fn closure(argument: &Expr) -> Option<String> {
    match argument {
        Expr::DynamicConstant(value, _) => value.read_lock::<FnPtr>().map(|function| function.fn_name().to_owned()),
        Expr::FnCall(call, _) if call.name == "curry" => call.args.first().and_then(closure),
        Expr::Stmt(block) => match block.statements() {
            [Stmt::Share(_), Stmt::Expr(expression)] => closure(expression),
            [Stmt::Share(_), Stmt::FnCall(call, _)] => call.args.first().and_then(closure),
            _ => None,
        },
        _ => None,
    }
}
