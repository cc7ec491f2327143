//! A compiled policy: contract and script, checked against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Position};
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::binding::Binding;
use crate::checks;
use crate::contract::{Contract, Input, Kind, Output};
use crate::dataflow::Dataflow;
use crate::library::Libraries;
use crate::types::{Field, Type};
use crate::{control, fence};

/// A policy that is ready to run: compiled once, shared by all threads.
#[derive(Debug, Clone)]
pub struct Policy(pub(crate) Arc<Compiled>);

/// What a policy is made of.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub contract: Arc<Contract>,
    /// The outputs as fields, with the lines of a payout.
    pub answer: Arc<[Field]>,
    pub source: String,
    pub ast: AST,
    pub libraries: Libraries,
    /// What `main` takes, in its order.
    pub arguments: Vec<String>,
    /// The params that the script reads by `params.NAME`, as it writes them.
    pub reads: BTreeMap<String, Position>,
    /// The inputs that the script hands to `grade` as its list.
    pub graded: BTreeSet<String>,
    pub controls: Vec<control::Checked>,
    pub dataflow: Dataflow,
}

impl Policy {
    /// Checks the contract and compiles the script; all problems at once, each with its file and place.
    ///
    /// Files are named as the design lays them out: `policies/credit/x.yaml` and `.rhai` for `credit.x`.
    pub fn compile(contract: Contract, source: &str, libraries: &Libraries) -> Result<Self, Diagnostics> {
        fence::apart(|| compile(contract, source, libraries))
            .unwrap_or_else(|panic| Err(vec![checks::panicked(&panic)]))
    }

    pub fn contract(&self) -> &Contract {
        &self.0.contract
    }

    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// What of these inputs does not fit the contract: a JSON pointer and what is wrong there. Inputs that a param fills may be
    /// absent.
    pub fn misfits(&self, inputs: &JsonMap<String, Json>) -> Vec<(String, Text)> {
        let filled = |input: &&Input| {
            inputs.contains_key(input.name().as_str()) || !matches!(input.from, Some(Binding::Param(_)))
        };
        let fields: Vec<&Field> = self.0.contract.inputs.iter().filter(filled).map(|input| &input.field).collect();
        let mut problems = Vec::new();
        let _converted = crate::input::read_fields(inputs, &fields, &mut problems);
        problems.into_iter().map(|problem| (problem.pointer.clone(), problem.words())).collect()
    }
}

fn compile(contract: Contract, source: &str, libraries: &Libraries) -> Result<Policy, Diagnostics> {
    let mut problems = contract_problems(&contract);
    let ast = match checks::parse(source, &contract.policy.script_file(), libraries) {
        Ok(ast) => ast,
        Err(found) => {
            problems.extend(found);
            return Err(problems);
        }
    };
    problems.extend(checks::policy(&ast, source, &contract, libraries));
    let controls = control::compile(&contract).unwrap_or_else(|found| {
        problems.extend(found);
        Vec::new()
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let main = ast.iter_functions().find(|function| function.name == "main");
    let arguments: Vec<String> =
        main.map(|main| main.params.iter().map(|name| (*name).to_owned()).collect()).unwrap_or_default();
    let reads = checks::params_read(&ast);
    let graded = checks::graded(&ast);
    let dataflow = Dataflow::of(&ast, &arguments.iter().filter(|name| *name != "params").cloned().collect());
    Ok(Policy(Arc::new(Compiled {
        answer: contract.answer_fields().into(),
        contract: Arc::new(contract),
        source: source.to_owned(),
        libraries: libraries.clone(),
        ast,
        arguments,
        reads,
        graded,
        controls,
        dataflow,
    })))
}

/// What is wrong with the contract by itself.
fn contract_problems(contract: &Contract) -> Diagnostics {
    let mut problems = Vec::new();
    let mut check = |fields: &[&Field], reserved: &[&str], what: (&str, &str)| {
        let mut seen = BTreeSet::new();
        for field in fields {
            field_problems(field, &mut problems);
            if !seen.insert(&field.name) {
                problems.push(problem(
                    field,
                    format!("{}`{}`写了两次", what.0, field.name),
                    format!("{} `{}` is declared twice", what.1, field.name),
                ));
            }
            if reserved.contains(&field.name.as_str()) {
                problems.push(problem(
                    field,
                    format!("`{}` 是保留名称", field.name),
                    format!("the name `{}` is reserved", field.name),
                ));
            }
        }
    };
    let inputs: Vec<&Field> = contract.inputs.iter().map(|input| &input.field).collect();
    check(&inputs, &["params", "this"], ("输入", "input"));
    let mut reserved = vec![];
    if contract.can_refuse() {
        reserved.extend(["accepted", "reason"]);
    }
    if contract.kind == Kind::Payout {
        reserved.push("lines");
    }
    let outputs: Vec<&Field> = contract.outputs.iter().map(|output| &output.field).collect();
    check(&outputs, &reserved, ("输出", "output"));
    for refusal in &contract.refusals {
        let data: Vec<&Field> = refusal.data.iter().collect();
        check(&data, &["accepted", "reason"], ("拒绝数据", "refusal data"));
    }
    let labels = |input: &Input| label_problem(&input.field, &input.labels, Type::is_called);
    problems.extend(contract.inputs.iter().filter_map(labels));
    let labels = |output: &Output| label_problem(&output.field, &output.labels, Type::holds_called);
    problems.extend(contract.outputs.iter().filter_map(labels));
    let file = contract.policy.contract_file();
    problems.into_iter().map(|problem| problem.in_file(file.clone())).collect()
}

fn problem(field: &Field, zh: String, en: String) -> Diagnostic {
    Diagnostic::error("policy-contract", field.span, Text::new(zh, en))
}

/// Labels are for texts, and for those that the value may be.
fn label_problem(
    field: &Field,
    labels: &BTreeMap<String, Text>,
    may_be: impl Fn(&Type, &str) -> bool,
) -> Option<Diagnostic> {
    let value = labels.keys().find(|value| !may_be(&field.ty, value))?;
    Some(problem(
        field,
        format!("`{}` 不会是 `{value}`，这个标签没有用处", field.name),
        format!("`{}` is never `{value}`: the label names nothing", field.name),
    ))
}

fn field_problems(field: &Field, problems: &mut Diagnostics) {
    if field.name.as_str().contains('-') {
        let spelled = field.name.as_str().replace('-', "_");
        problems.push(
            problem(
                field,
                format!("`{}` 在脚本中无法书写", field.name),
                format!("`{}` cannot be written in a script", field.name),
            )
            .hint(Text::new(format!("改用下划线：{spelled}"), format!("use an underscore: {spelled}"))),
        );
    }
    if let crate::types::Presence::Default(value) = &field.presence {
        for wrong in crate::input::check(value, &field.ty) {
            let text = wrong.text();
            problems.push(problem(
                field,
                format!("`{}` 的默认值{}", field.name, text.zh),
                format!("the default of `{}` {}", field.name, text.en.unwrap_or_default()),
            ));
        }
    }
    type_problems(&field.ty, field, problems);
}

fn type_problems(ty: &Type, field: &Field, problems: &mut Diagnostics) {
    match ty {
        Type::List(item) | Type::Map(item) => type_problems(item, field, problems),
        Type::Record(fields) => fields.iter().for_each(|inner| field_problems(inner, problems)),
        Type::Enum(values) if values.is_empty() => {
            problems.push(problem(
                field,
                format!("`{}` 的可选值为空", field.name),
                format!("the enum of `{}` is empty", field.name),
            ));
        }
        _ => {}
    }
}
