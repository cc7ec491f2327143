//! Making a fact out of a request.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};
use zhupi_domain::expr::Expr;
use zhupi_domain::{Name, Text};
use zhupi_forms::{LookedUp, Purpose, Rights, Submission, View};

use super::{Job, MachineAnswer, failed};
use crate::answers::scope::uncomputable;
use crate::convert::{field_json, text_of};

/// Evaluates `set:` and lets the fact's form judge what comes out.
pub fn run(job: &Job<'_>, fact: &Name, set: &BTreeMap<Name, Expr>) -> MachineAnswer {
    let Some(form) = job.release.fact(fact) else {
        return failed(Text::new(
            format!("版本里没有业务事实 {fact}"),
            format!("the release has no kind of fact {fact}"),
        ));
    };
    let context = job.scope.context(job.world);
    let mut data = Map::new();
    for (name, expr) in set {
        match (expr.eval(job.scope.value(), &context), form.field(name.as_str())) {
            (Ok(value), Some(field)) if !value.is_absent() => {
                data.insert(name.to_string(), field_json(&value, field));
            }
            (Ok(_), _) => {}
            (Err(error), _) => {
                return failed(uncomputable(&format!("{name} = {}", expr.source()), error.kind));
            }
        }
    }
    let (rights, classes) = (Rights::editable(), BTreeSet::new());
    let view = View { rights: &rights, classes: &classes };
    let data = Json::Object(data);
    let submission =
        Submission { before: None, data: &data, view, purpose: Purpose::Submit, context, found: LookedUp::default() };
    match form.accept(&submission) {
        Ok(accepted) => {
            let body = accepted.data;
            let key = |field: &String| Some((field.clone(), body.get(field).and_then(text_of)?));
            let keys = form.key().iter().filter_map(key).collect();
            MachineAnswer::Record { fact: fact.clone(), keys, value: json!({ "fact": fact, "body": body }), body }
        }
        Err(errors) => {
            let zh: Vec<&str> = errors.iter().map(|error| error.message.zh.as_str()).collect();
            let en: Vec<&str> = errors.iter().map(|error| error.message.get(zhupi_domain::Locale::En)).collect();
            failed(Text::new(
                format!("不能登记 {fact}：{}", zh.join("；")),
                format!("{fact} cannot be recorded: {}", en.join("; ")),
            ))
        }
    }
}
