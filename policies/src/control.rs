//! Control sums: what must hold for every answer, written in the closed expression language.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::expr::{self, Context, Expr, Value};
use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::contract::{Contract, Control};
use crate::types::{Field, Presence, Type};

/// The record in which a control finds the inputs whose names an output has too.
const INPUTS: &str = "inputs";

/// A control that fits its contract.
#[derive(Debug)]
pub(crate) struct Checked {
    control: Control,
    expression: Expr,
}

/// Reads the controls of a contract and checks them against its inputs and outputs.
pub(crate) fn compile(contract: &Contract) -> Result<Vec<Checked>, Diagnostics> {
    let scope = scope_type(contract);
    let mut checked = Vec::new();
    let mut problems = Vec::new();
    for control in &contract.control {
        let result = Expr::parse(&control.source).and_then(|expression| match expression.check(&scope)? {
            expr::Type::Bool => Ok(expression),
            other => Err(vec![not_a_condition(control, &other)]),
        });
        match result {
            Ok(expression) => checked.push(Checked { control: control.clone(), expression }),
            Err(found) => problems.extend(found.into_iter().map(|one| placed(one, control, contract))),
        }
    }
    if problems.is_empty() { Ok(checked) } else { Err(problems) }
}

/// The first control that an answer does not meet.
pub(crate) fn check(
    controls: &[Checked],
    contract: &Contract,
    inputs: &JsonMap<String, Json>,
    output: &JsonMap<String, Json>,
    on: NaiveDate,
) -> Option<Diagnostic> {
    if controls.is_empty() {
        return None;
    }
    let mut scope = inputs.clone();
    scope.insert(INPUTS.into(), Json::Object(inputs.clone()));
    scope.extend(output.clone());
    let scope = match Value::from_json(&Json::Object(scope), &scope_type(contract)) {
        Ok(scope) => scope,
        Err(error) => {
            let message = Text::new(
                format!("核对时无法读取 {}", error.pointer),
                format!("a control cannot read {}", error.pointer),
            );
            return Some(Diagnostic::error("policy-control", None, message).in_file(contract.policy.contract_file()));
        }
    };
    let context = Context { today: on, calendar: None };
    controls.iter().find_map(|checked| match checked.expression.eval(&scope, &context) {
        Ok(value) if value.is_true() => None,
        Ok(_) => Some(broken(&checked.control, contract)),
        Err(error) => Some(placed(error.diagnostic(), &checked.control, contract)),
    })
}

fn broken(control: &Control, contract: &Contract) -> Diagnostic {
    let source = &control.source;
    Diagnostic::error(
        "policy-control",
        control.span,
        Text::new(format!("结果不满足核对条件：{source}"), format!("the result breaks the control: {source}")),
    )
    .hint(Text::new(
        "通常是某一步少了或多了一次舍入；有缺项的比较也算不满足",
        "usually one step was rounded too often or not at all; a comparison with something absent does not hold either",
    ))
    .in_file(contract.policy.contract_file())
}

fn not_a_condition(control: &Control, other: &expr::Type) -> Diagnostic {
    let text = other.describe();
    Diagnostic::error(
        "policy-control",
        zhupi_domain::Span::new(0, control.source.len()),
        Text::new(
            format!("核对条件须为是否值，实为{}", text.zh),
            format!("a control is a yes-or-no condition, not {}", text.en.unwrap_or_default()),
        ),
    )
}

/// A finding inside a control, moved to where the control stands in the contract.
fn placed(found: Diagnostic, control: &Control, contract: &Contract) -> Diagnostic {
    let found = match control.span {
        Some(span) => found.shifted(span.start),
        None => Diagnostic { span: None, ..found },
    };
    found.in_file(contract.policy.contract_file())
}

/// Outputs by their names; inputs by theirs where no output has it, and all of them under `inputs`.
fn scope_type(contract: &Contract) -> expr::Type {
    let inputs: BTreeMap<String, expr::Field> =
        contract.inputs.iter().filter_map(|input| field(&input.field)).collect();
    let mut scope = inputs.clone();
    scope.insert(INPUTS.into(), expr::Field::required(expr::Type::Record(inputs)));
    scope.extend(contract.answer_fields().iter().filter_map(field));
    expr::Type::Record(scope)
}

fn field(field: &Field) -> Option<(String, expr::Field)> {
    let ty = expression_type(&field.ty)?;
    let optional = matches!(field.presence, Presence::Optional | Presence::Nullable);
    Some((field.name.to_string(), expr::Field { ty, optional }))
}

/// The type in the expression language; maps of any keys have none.
fn expression_type(ty: &Type) -> Option<expr::Type> {
    Some(match ty {
        Type::Money | Type::Rate | Type::Score | Type::Number | Type::Count | Type::Days => expr::Type::Number,
        Type::Date => expr::Type::Date,
        Type::DateTime | Type::Period | Type::Text | Type::Person | Type::Department => expr::Type::Text,
        Type::Bool => expr::Type::Bool,
        Type::Enum(values) => expr::Type::Enum(values.clone()),
        Type::List(item) => expr::Type::list(expression_type(item)?),
        Type::Record(fields) => expr::Type::Record(fields.iter().filter_map(field).collect()),
        Type::Map(_) => return None,
    })
}
