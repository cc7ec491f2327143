//! What the expressions of a flow see of an instance.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value as Json;
use zhupi_domain::Text;
use zhupi_domain::expr::{Context, Type, Value};
use zhupi_domain::time::Period;
use zhupi_engine::{Flow, HumanKind, Instance, Machine, ResultValue, StepKind};

use super::World;
use crate::Release;
use crate::check::scope::{fill_type, policy_type};
use crate::convert::text_of;

/// The values that expressions read.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    value: Value,
    today: NaiveDate,
}

impl Scope {
    /// What expressions see where there is no instance.
    pub(crate) fn of(value: Value, today: NaiveDate) -> Self {
        Self { value, today }
    }

    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The context in which expressions are evaluated.
    pub fn context<'a>(&self, world: &World<'a>) -> Context<'a> {
        Context { today: self.today, calendar: Some(world.calendar) }
    }
}

/// What expressions see of an instance: `form`, `initiator`, `subject`, `period`, `number`, `today` and the results so far.
pub fn scope(release: &Release, flow: &Flow, instance: &Instance, world: &World<'_>) -> Result<Scope, Text> {
    let form = release.form(&flow.form).ok_or_else(|| no_form(flow))?;
    let today = world.today();
    let person = |id| release.company().person_value(id, world.directory);
    let mut values = BTreeMap::from([
        ("form".to_owned(), read(&Json::Object(instance.form.clone()), &form.record_type())?),
        ("initiator".to_owned(), person(&instance.initiator)),
        ("subject".to_owned(), person(&instance.subject)),
        ("number".to_owned(), Value::Text(instance.number.clone())),
        ("today".to_owned(), Value::Date(today)),
        ("period".to_owned(), instance.period.map_or(Value::Absent, |period| period_value(&period))),
    ]);
    for (name, result) in &instance.results {
        values.insert(name.to_string(), result_value(release, flow, name.as_str(), result, world)?);
    }
    Ok(Scope { value: Value::Record(values), today })
}

/// What expressions see of a period.
pub fn period_value(period: &Period) -> Value {
    Value::Record(BTreeMap::from([
        ("start".to_owned(), Value::Date(period.start())),
        ("end".to_owned(), Value::Date(period.end())),
        ("text".to_owned(), Value::Text(period.to_string())),
    ]))
}

/// A result as expressions see it; absent where the flow does not know its name any more.
fn result_value(
    release: &Release,
    flow: &Flow,
    name: &str,
    result: &ResultValue,
    world: &World<'_>,
) -> Result<Value, Text> {
    let Some((ty, is_fill)) = result_type(release, flow, name) else { return Ok(Value::Absent) };
    let json = if is_fill { serde_json::json!({ "data": result.value }) } else { result.value.clone() };
    let mut value = read(&json, &ty)?;
    if let Value::Record(members) = &mut value {
        members.insert("at".to_owned(), Value::Instant(result.at));
        if let Some(by) = &result.by {
            members.insert("by".to_owned(), release.company().person_value(by, world.directory));
        }
    }
    Ok(value)
}

/// The type of a result, and whether people filled it in.
fn result_type(release: &Release, flow: &Flow, name: &str) -> Option<(Type, bool)> {
    flow.walk().find_map(|(_, step)| match &step.kind {
        StepKind::Human(human) if human.into.as_ref().is_some_and(|into| into.as_str() == name) => match &human.kind {
            HumanKind::Fill { form: Some(form) } => Some((fill_type(release.company(), release.form(form)?), true)),
            _ => None,
        },
        StepKind::Machine(Machine::Policy { run, into, .. }) if into.as_str() == name => {
            Some((policy_type(release.policy(run)?.contract()), false))
        }
        _ => None,
    })
}

fn read(json: &Json, ty: &Type) -> Result<Value, Text> {
    Value::from_json(json, ty).map_err(|error| {
        let shown = json.pointer(&error.pointer).and_then(text_of).unwrap_or_default();
        Text::new(
            format!("{} 的值“{shown}”应为{}", error.pointer, error.expected.zh),
            format!(
                "the value `{shown}` at {} is not {}",
                error.pointer,
                error.expected.en.unwrap_or(error.expected.zh)
            ),
        )
    })
}

fn no_form(flow: &Flow) -> Text {
    Text::new(format!("版本里没有表单 {}", flow.form), format!("the release has no form {}", flow.form))
}
