//! One evaluation, from the inputs to the checked answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rhai::{CallFnOptions, Dynamic, EvalAltResult, Map, Position, Scope};
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{ContentHash, Diagnostic, Name, Text};

use crate::binding::Binding;
use crate::contract::{Kind, Refusal};
use crate::evaluation::{ENGINE_VERSION, Evaluation, Outcome, Request};
use crate::explanation::{Source, What};
use crate::host::{Host, ParamsRef};
use crate::params::{ParamValue, Params};
use crate::policy::Compiled;
use crate::stop::Stop;
use crate::tape::Place;
use crate::types::{Field, Presence};
use crate::{checks, control, explain, fault, fence, input, output, show, table_json};

/// One evaluation under way.
pub(crate) struct Running<'a> {
    compiled: &'a Compiled,
    request: &'a Request,
    pub host: Arc<Host>,
}

/// The values of the inputs, for the script and as JSON; or why there is no evaluation.
type Inputs = Result<(Map, JsonMap<String, Json>), Box<Outcome>>;

impl<'a> Running<'a> {
    pub(crate) fn new(compiled: &'a Compiled, params: &Params, request: &'a Request) -> Self {
        let host = Arc::new(Host::new(compiled, params.clone(), request.on));
        Self { compiled, request, host }
    }

    /// Evaluates behind a panic boundary.
    pub(crate) fn guarded(&self) -> Evaluation {
        match fence::guarded(|| self.outcome(&self.compiled.ast)) {
            Ok(outcome) => self.finish(outcome),
            Err(panic) => self.panicked(&panic),
        }
    }

    pub(crate) fn panicked(&self, panic: &str) -> Evaluation {
        self.finish(Outcome::Fault(checks::panicked(panic).in_file(self.compiled.contract.policy.script_file())))
    }

    /// Runs one form of the script.
    pub(crate) fn outcome(&self, ast: &rhai::AST) -> Outcome {
        match self.inputs() {
            Ok((inputs, given)) => match self.call(ast, inputs) {
                Ok(result) => self.accepted(&result, &given),
                Err(error) => self.stopped(&error),
            },
            Err(outcome) => *outcome,
        }
    }

    /// Every input from the caller, a param or its default; converted and recorded.
    fn inputs(&self) -> Inputs {
        let mut given = self.request.inputs.clone();
        let mut sources = BTreeMap::new();
        let mut missing = Vec::new();
        for input in &self.compiled.contract.inputs {
            let name = input.name().as_str();
            if given.contains_key(name) {
                sources.insert(name, Source::Given);
            } else if let Some(Binding::Param(param)) = &input.from {
                sources.insert(name, Source::Bound(format!("param:{param}")));
                match self.bound(param, &input.field)? {
                    Some(value) => given.insert(name.to_owned(), value),
                    None => {
                        missing.push(param.clone());
                        None
                    }
                };
            } else if let Presence::Default(value) = &input.field.presence {
                sources.insert(name, Source::Default);
                given.insert(name.to_owned(), value.clone());
            }
        }
        if !missing.is_empty() {
            return Err(Outcome::Incomplete { missing }.into());
        }
        let fields: Vec<&Field> = self.compiled.contract.inputs.iter().map(|input| &input.field).collect();
        let mut problems = Vec::new();
        let values = input::read_fields(&given, &fields, &mut problems);
        if problems.is_empty() {
            self.record_inputs(&values, &sources);
            return Ok((values, given));
        }
        Err(Outcome::Fault(self.bad_inputs(&problems)).into())
    }

    /// The value of a bound param on the day; none where it has no value yet.
    fn bound(&self, name: &Name, field: &Field) -> Result<Option<Json>, Box<Outcome>> {
        let Some(param) = self.host.params.shared(name) else {
            let message = Text::new(format!("没有参数 `{name}`"), format!("there is no param `{name}`"));
            let found = Diagnostic::error("policy-unknown-param", field.span, message);
            return Err(Outcome::Fault(found.in_file(self.compiled.contract.policy.contract_file())).into());
        };
        let Some(dated) = param.at(self.request.on) else {
            return Ok(None);
        };
        let value = match &dated.value {
            ParamValue::Blank => return Ok(None),
            ParamValue::Plain { value, .. } => value.clone(),
            ParamValue::Table(table) => {
                self.host.bound_table(&param, dated, table, self.compiled.graded.contains(field.name.as_str()));
                table_json::rows(table, &field.ty)
            }
        };
        self.host.record_read(&param, dated, show::shorten(&value), Place::OUTSIDE);
        Ok(Some(value))
    }

    fn bad_inputs(&self, problems: &[input::Problem]) -> Diagnostic {
        let texts: Vec<Text> = problems.iter().take(10).map(input::Problem::text).collect();
        let zh: Vec<&str> = texts.iter().map(|text| text.zh.as_str()).collect();
        let en: Vec<&str> = texts.iter().filter_map(|text| text.en.as_deref()).collect();
        Diagnostic::error(
            "policy-input",
            None,
            Text::new(
                format!("输入不合契约：{}", zh.join("；")),
                format!("the inputs do not fit the contract: {}", en.join("; ")),
            ),
        )
        .in_file(self.compiled.contract.policy.contract_file())
    }

    fn record_inputs(&self, values: &Map, sources: &BTreeMap<&str, Source>) {
        let mut tape = self.host.tape();
        for input in &self.compiled.contract.inputs {
            let name = input.name().as_str();
            let value = values.get(name).map(|value| show::field(&input.field, value)).unwrap_or_default();
            let source = sources.get(name).cloned().unwrap_or(Source::Absent);
            let title = input.title.clone().unwrap_or_else(|| Text::same(name));
            let label = input.label(&value).cloned();
            tape.push(What::Input { name: name.into(), title, value, label, source }, Place::OUTSIDE);
        }
    }

    fn call(&self, ast: &rhai::AST, mut inputs: Map) -> Result<Dynamic, Box<EvalAltResult>> {
        let deadline = Instant::now().checked_add(self.request.deadline).unwrap_or_else(Instant::now);
        let engine = fence::runner(self.host.clone(), &self.compiled.libraries, deadline);
        let argument = |name: &String| match name.as_str() {
            "params" => Dynamic::from(ParamsRef),
            name => inputs.remove(name).unwrap_or_default(),
        };
        let arguments: Vec<Dynamic> = self.compiled.arguments.iter().map(argument).collect();
        engine.call_fn_with_options(CallFnOptions::new(), &mut Scope::new(), ast, "main", arguments)
    }

    /// Checks what the script gave against the contract.
    fn accepted(&self, result: &Dynamic, given: &JsonMap<String, Json>) -> Outcome {
        let contract = &self.compiled.contract;
        let Some(map) = result.read_lock::<Map>() else {
            let (zh, en) = show::kind(result);
            return Outcome::Fault(self.bad_output(Text::new(
                format!("main 须返回记录 #{{ … }}，实为{zh}"),
                format!("main must return a record #{{ … }}, not {en}"),
            )));
        };
        let mut problems = Vec::new();
        let mut record = output::record(&map, &self.compiled.answer, &mut problems);
        if let Some(found) = self.output_problem(&problems) {
            return Outcome::Fault(found);
        }
        if let Some(clause) = contract.clause.as_ref().filter(|_| contract.kind == Kind::Payout) {
            name_clause(&mut record, clause);
        }
        if contract.can_refuse() {
            record.shift_insert(0, "accepted".into(), true.into());
        }
        match control::check(&self.compiled.controls, contract, given, &record, self.request.on) {
            Some(found) => Outcome::Fault(found),
            None => Outcome::Accepted { output: record },
        }
    }

    fn output_problem(&self, problems: &[output::Problem]) -> Option<Diagnostic> {
        let first = problems.first()?;
        let line = |zh: bool| -> String {
            let one = |problem: &output::Problem| {
                let text = if zh { problem.text.zh.clone() } else { problem.text.en.clone().unwrap_or_default() };
                format!("{} {text}", problem.pointer)
            };
            problems.iter().take(10).map(one).collect::<Vec<_>>().join(if zh { "；" } else { "; " })
        };
        let found = self.bad_output(Text::new(
            format!("结果不合契约：{}", line(true)),
            format!("the result does not fit the contract: {}", line(false)),
        ));
        Some(match &first.hint {
            Some(hint) => found.hint(hint.clone()),
            None => found,
        })
    }

    fn bad_output(&self, message: Text) -> Diagnostic {
        Diagnostic::error("policy-output", None, message).in_file(self.compiled.contract.policy.script_file())
    }

    /// Why the script ended before its last line.
    fn stopped(&self, error: &EvalAltResult) -> Outcome {
        let position = fault::innermost(error).position();
        match fault::stop(error) {
            Some(Stop::Blank(param)) => return Outcome::Incomplete { missing: vec![param] },
            Some(Stop::Refused { code, data }) => {
                let declared = self.compiled.contract.refused(&code);
                if let Some(refusal) = declared {
                    return self.refused(refusal, &data, position);
                }
            }
            _ => {}
        }
        let own = (self.compiled.contract.policy.script_file(), self.compiled.source.clone());
        let library = fault::source(error).and_then(|name| self.compiled.libraries.source(name));
        let (file, text) = library.map_or(own, |(file, text)| (file.to_owned(), text.to_owned()));
        Outcome::Fault(fault::diagnostic(error, &text, &file))
    }

    fn refused(&self, refusal: &Refusal, data: &Map, position: Position) -> Outcome {
        let mut problems = Vec::new();
        let data = output::record(data, &refusal.data, &mut problems);
        if let Some(found) = self.output_problem(&problems) {
            let span = fault::span(&self.compiled.source, position);
            return Outcome::Fault(Diagnostic { span, ..found });
        }
        let shown = show::shorten(&Json::Object(data.clone()));
        self.host
            .tape()
            .push(What::Refused { code: refusal.code.to_string(), data: shown }, Place { position, library: None });
        Outcome::Refused { code: refusal.code.clone(), data }
    }

    pub(crate) fn finish(&self, outcome: Outcome) -> Evaluation {
        let tape = std::mem::take(&mut *self.host.tape());
        let output = match &outcome {
            Outcome::Accepted { output } => Some(output),
            _ => None,
        };
        let explanation = explain::explanation(self.compiled, self.request.on, &tape, output);
        let assumed = tape.assumed.into_values().collect();
        Evaluation { outcome, assumed, explanation, input_hash: self.input_hash(), engine_version: ENGINE_VERSION }
    }

    fn input_hash(&self) -> ContentHash {
        let inputs = sorted(&Json::Object(self.request.inputs.clone())).to_string();
        let name = self.compiled.contract.policy.as_str();
        let on = self.request.on.to_string();
        ContentHash::of(&[name.as_bytes(), b"\n", on.as_bytes(), b"\n", inputs.as_bytes()])
    }
}

/// Lines of a payout rest on the contract's clause where they name none of their own.
fn name_clause(record: &mut JsonMap<String, Json>, clause: &str) {
    for line in record.get_mut("lines").and_then(Json::as_array_mut).into_iter().flatten() {
        if let Some(line) = line.as_object_mut() {
            line.entry("clause").or_insert_with(|| clause.into());
        }
    }
}

/// The same JSON with the members of every object in the order of their names.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(map) => {
            let members: BTreeMap<_, _> = map.iter().collect();
            Json::Object(members.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
