//! What the expressions of a flow see of an instance.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use zhupi_domain::expr::{Context, EvalErrorKind, Expr, Type, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Name, PersonId, Text};
use zhupi_engine::{At, Cursor, Flow, HumanKind, Instance, Machine, Obstacle, ResultValue, Sheet, Step, StepKind};

use super::World;
use crate::Release;
use crate::check::scope::{Known, ResultKind, result_type, scope_type};
use crate::convert::{output_json, text_of};

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

    /// Lets expressions see the sheet of a fill step under the name `sheet`: the one filled last.
    pub fn set_sheet(&mut self, into: &Name) {
        let Value::Record(members) = &mut self.value else { return };
        let filled = match members.get(into.as_str()) {
            Some(Value::List(sheets)) => sheets.last(),
            other => other,
        };
        if let Some(Value::Record(result)) = filled
            && let Some(data) = result.get("data").cloned()
        {
            members.insert("sheet".to_owned(), data);
        }
    }

    /// Lets expressions see a record under the name `item`.
    pub(crate) fn set_item(&mut self, item: Value) {
        if let Value::Record(members) = &mut self.value {
            members.insert("item".to_owned(), item);
        }
    }

    /// The value of an expression, or what stands in the way.
    pub fn eval(&self, expr: &Expr, world: &World<'_>) -> Result<Value, Obstacle> {
        expr.eval(&self.value, &self.context(world)).map_err(|error| uncomputable(expr.source(), error.kind))
    }
}

/// Why something cannot be computed. That a calendar does not know a year is for everybody to know.
pub(crate) fn uncomputable(what: &str, why: EvalErrorKind) -> Obstacle {
    let message = why.message();
    let en = message.en.unwrap_or_default();
    let text = Text::new(format!("{what} 无法计算：{}", message.zh), format!("{what} cannot be computed: {en}"));
    match why {
        EvalErrorKind::NoCalendarData { .. } => Obstacle::plain(text),
        _ => text.into(),
    }
}

/// What expressions see of an instance: `form`, `initiator`, `subject`, `period`, `number`, `today`, the results so far, and
/// at a place inside an `each` its `item`.
///
/// From inside a lane, results of the lane read as single ones; from outside, those of all lanes as a list.
pub fn scope(
    release: &Release,
    flow: &Flow,
    instance: &Instance,
    at: Option<&Cursor>,
    world: &World<'_>,
) -> Result<Scope, Text> {
    let form = release.form(&flow.form).ok_or_else(|| no_form(flow))?;
    let today = world.today();
    let person = |id: &PersonId| release.company().person_value(id, world.directory);
    let mut values = BTreeMap::from([
        ("form".to_owned(), read(&Json::Object(instance.form.clone()), &form.record_type())?),
        ("initiator".to_owned(), person(&instance.initiator)),
        ("subject".to_owned(), person(&instance.subject)),
        ("number".to_owned(), Value::Text(instance.number.clone())),
        ("today".to_owned(), Value::Date(today)),
        ("period".to_owned(), instance.period.map_or(Value::Absent, |period| period_value(&period))),
    ]);
    let lanes = at.map(|at| flow.lanes(at)).unwrap_or_default();
    for (spot, result) in &instance.results {
        let (name, mine) = (spot.what.to_string(), lanes.starts_with(&spot.lanes));
        if !mine && !spot.lanes.starts_with(&lanes) {
            continue;
        }
        let value = result_value(release, flow, &spot.what, result, world)?;
        if mine {
            values.insert(name, value);
        } else if let Value::List(list) = values.entry(name).or_insert_with(|| Value::List(Vec::new())) {
            list.push(value);
        }
    }
    if let Some((at, lane)) = at.and_then(|at| Some((at, instance.item(flow, at)?))) {
        let ty = item_type(release, flow, at).unwrap_or(Type::Text);
        values.insert("item".to_owned(), read(&lane.item, &ty)?);
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
    name: &Name,
    result: &ResultValue,
    world: &World<'_>,
) -> Result<Value, Text> {
    let Some((ty, kind)) = typed(release, flow, name) else { return Ok(Value::Absent) };
    let mut json = match kind {
        ResultKind::Sheet => json!({ "data": result.value, "signed_by": result.signed }),
        // Who filled it is a person for expressions, and an id as it is kept.
        ResultKind::Sheets => result.value.as_array().into_iter().flatten().map(without_by).collect(),
        ResultKind::Ruling => result.value.clone(),
    };
    if matches!(kind, ResultKind::Ruling) {
        output_json(&mut json, &ty, world.calendar);
    }
    let mut value = read(&json, &ty)?;
    match &mut value {
        Value::Record(members) => {
            members.insert("at".to_owned(), Value::Instant(result.at));
            if let Some(by) = &result.by {
                members.insert("by".to_owned(), release.company().person_value(by, world.directory));
            }
        }
        Value::List(sheets) => {
            let by = result.value.as_array().into_iter().flatten().map(|sheet| sheet.get("by").and_then(Json::as_str));
            for (sheet, by) in sheets.iter_mut().zip(by) {
                if let (Value::Record(members), Some(by)) = (sheet, by) {
                    let person = release.company().person_value(&PersonId::new(by), world.directory);
                    members.insert("by".to_owned(), person);
                }
            }
        }
        _ => {}
    }
    Ok(value)
}

fn without_by(sheet: &Json) -> Json {
    json!({ "at": sheet.get("at"), "data": sheet.get("data") })
}

/// The type of a result, and how it is kept.
fn typed(release: &Release, flow: &Flow, name: &Name) -> Option<(Type, ResultKind)> {
    let (_, step) = flow.walk().find(|(_, step)| step.into_name() == Some(name))?;
    of_step(release, step)
}

fn of_step(release: &Release, step: &Step) -> Option<(Type, ResultKind)> {
    let company = release.company();
    match &step.kind {
        StepKind::Human(human) => match &human.kind {
            HumanKind::Approve => Some(result_type::approval(company)),
            HumanKind::Vote(_) => Some(result_type::vote()),
            HumanKind::Fill { form: Some(form), sheet } => {
                Some(result_type::fill(company, release.form(form)?, matches!(sheet, Sheet::Own { .. })))
            }
            HumanKind::Fill { form: None, .. } => None,
        },
        StepKind::Machine(Machine::Policy { run, .. }) => {
            Some((result_type::policy(release.policy(run)?.contract()), ResultKind::Ruling))
        }
        StepKind::Machine(Machine::Record { .. } | Machine::Archive { .. }) | StepKind::Move(_) => None,
    }
}

/// The type of the items of the innermost `each` around a place.
fn item_type(release: &Release, flow: &Flow, at: &Cursor) -> Option<Type> {
    let (each, _) = flow.lane_around(at)?;
    let here = flow.locate_each(&each)?;
    let form = release.form(&flow.form)?;
    let mut known = Known::default();
    let depth = flow.lanes(&here).len();
    for (cursor, step) in flow.walk() {
        let typed = step.into_name().and_then(|into| Some((into, of_step(release, step)?.0)));
        if let Some((into, ty)) = typed {
            let ty = if flow.lanes(&cursor).len() > depth { Type::list(ty) } else { ty };
            // Two results of one name are of one type, or the pack was refused.
            let _ = known.add(into, ty, true);
        }
    }
    let known = known.with_item(item_type(release, flow, &here));
    let scope = scope_type(release.company(), &form.record_type(), flow.period, &known);
    match flow.each(each.what)?.of.check(&scope).ok()? {
        Type::List(item) => Some(*item),
        _ => None,
    }
}

/// The items of an `each` as they are now, with what their lanes are called.
pub fn lanes(
    release: &Release,
    instance: &Instance,
    each: &At<u32>,
    world: &World<'_>,
) -> Result<Vec<zhupi_engine::Lane>, Obstacle> {
    let no_list = || -> Obstacle {
        let (name, number) = (&instance.flow, each.what);
        Text::new(format!("流程 {name} 没有第 {number} 个逐项办理"), format!("the flow {name} has no list {number}"))
            .into()
    };
    let flow = release.flow(&instance.flow).ok_or_else(no_list)?;
    let (at, block) = (flow.locate_each(each).ok_or_else(no_list)?, flow.each(each.what).ok_or_else(no_list)?);
    let scope = scope(release, flow, instance, Some(&at), world)?;
    let items = match scope.eval(&block.of, world)? {
        Value::List(items) => items,
        Value::Absent => Vec::new(),
        _ => {
            let of = block.of.source();
            return Err(Text::new(format!("{of} 不是列表"), format!("{of} is no list")).into());
        }
    };
    let label = |item: &Value| -> Option<String> {
        let mut inner = scope.clone();
        if let Value::Record(members) = &mut inner.value {
            members.insert("item".to_owned(), item.clone());
        }
        let label = inner.eval(block.label.as_ref()?, world).ok()?;
        text_of(&label.to_json())
    };
    Ok(items.iter().map(|item| zhupi_engine::Lane { item: item.to_json(), label: label(item) }).collect())
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
