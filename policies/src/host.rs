//! What the host's words know while a script runs, and the two objects that scripts get from it.

use std::sync::{Arc, Mutex, MutexGuard};

use chrono::NaiveDate;
use rhai::{Dynamic, NativeCallContext};
use serde_json::Value as Json;
use zhupi_domain::{Decimal, Name, Text};

use crate::contract::Contract;
use crate::explanation::What;
use crate::params::{Dated, Param, ParamValue, Params, Status};
use crate::policy::Compiled;
use crate::show;
use crate::stop::{Result, Stop, Wrong};
use crate::table::Table;
use crate::tape::{Place, Tape};
use crate::types::Field;

/// One evaluation's surroundings.
#[derive(Debug)]
pub(crate) struct Host {
    pub contract: Arc<Contract>,
    /// The outputs as fields.
    pub answer: Arc<[Field]>,
    pub params: Params,
    pub on: NaiveDate,
    tape: Mutex<Tape>,
    bound: Mutex<Vec<Bound>>,
}

/// A table that arrived as the rows of an input.
#[derive(Debug)]
struct Bound {
    param: Name,
    from: NaiveDate,
    /// Where each row begins, in the order of the rows; empty for splits and lookups.
    bounds: Vec<Decimal>,
}

/// The host as the engine carries it to every word.
#[derive(Debug, Clone)]
pub(crate) struct HostRef(pub Arc<Host>);

/// `params` in scripts: reading `params.name` leaves a trace.
#[derive(Debug, Clone)]
pub(crate) struct ParamsRef;

/// A table in scripts: only the host's words look into it.
#[derive(Debug, Clone)]
pub(crate) struct TableRef {
    pub param: Arc<Param>,
    index: usize,
}

impl Host {
    pub(crate) fn new(compiled: &Compiled, params: Params, on: NaiveDate) -> Self {
        let (contract, answer) = (compiled.contract.clone(), compiled.answer.clone());
        Self { contract, answer, params, on, tape: Mutex::default(), bound: Mutex::default() }
    }

    /// The host of a running script.
    pub(crate) fn of(context: &NativeCallContext) -> Result<Arc<Self>> {
        let host = context.tag().and_then(|tag| tag.read_lock::<HostRef>().map(|host| host.0.clone()));
        host.ok_or_else(|| {
            Wrong::new("policy-internal", "脚本未在宿主中运行", "the script does not run inside the host").into()
        })
    }

    pub(crate) fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Reads a param as scripts write it.
    pub(crate) fn read_param(&self, written: &str, place: Place) -> Result<Dynamic> {
        let Some(param) = self.params.find(written) else {
            return Err(Wrong::new(
                "policy-unknown-param",
                format!("没有参数 `{written}`"),
                format!("there is no param `{written}`"),
            )
            .into());
        };
        let Some((index, dated)) = dated(&param, self.on) else {
            return Err(Stop::Blank(param.name.clone()).into());
        };
        let value = match &dated.value {
            ParamValue::Blank => return Err(Stop::Blank(param.name.clone()).into()),
            ParamValue::Plain { ty, value } => crate::input::read(value, ty, &mut Vec::new()),
            ParamValue::Table(_) => Dynamic::from(TableRef { param: param.clone(), index }),
        };
        self.record_read(&param, dated, show::show(&value), place);
        Ok(value)
    }

    /// Keeps where a table came from that an input is bound to. The rows that the script picks with `grade` are told by
    /// [`Self::reached_in_bound`]; of a table that it works through in any other way nobody can tell, and all rows count as
    /// reached.
    pub(crate) fn bound_table(&self, param: &Param, dated: &Dated, table: &Table, graded: bool) {
        let (param, from) = (param.name.clone(), dated.from);
        if graded {
            let bounds = table.bounds();
            self.bound.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(Bound { param, from, bounds });
        } else {
            self.tape().rows.extend((0..table.len()).map(|row| (param.clone(), from, row)));
        }
    }

    /// Notes the row of a bound table that `grade` reached.
    pub(crate) fn reached_in_bound(&self, bounds: &[Decimal], row: usize) {
        let bound = self.bound.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let same = bound.iter().filter(|table| table.bounds == bounds);
        self.tape().rows.extend(same.map(|table| (table.param.clone(), table.from, row)));
    }

    /// Records that a param was read, whoever read it.
    pub(crate) fn record_read(&self, param: &Param, dated: &Dated, value: Json, place: Place) {
        let clause = dated.clause.clone().or_else(|| param.clause.clone());
        let assumed = dated.status == Status::Assumed;
        let mut tape = self.tape();
        if assumed {
            tape.assume(&param.name, dated.from, clause.clone(), None);
        }
        tape.params.insert((param.name.clone(), dated.from));
        let what = What::Param {
            name: param.name.to_string(),
            title: param.title.clone().unwrap_or_else(|| Text::same(param.name.as_str())),
            from: dated.from,
            value,
            clause,
            assumed,
        };
        tape.push(what, place);
    }
}

/// The value that holds on a day, with its place in the list.
fn dated(param: &Param, on: NaiveDate) -> Option<(usize, &Dated)> {
    let value = param.at(on)?;
    param.values.iter().position(|dated| std::ptr::eq(dated, value)).map(|index| (index, value))
}

impl TableRef {
    /// The table, its dated value and the clause that holds where a row has none.
    pub(crate) fn table(&self) -> Result<(&Table, &Dated, Option<&String>)> {
        match self.param.values.get(self.index) {
            Some(dated @ Dated { value: ParamValue::Table(table), .. }) => {
                Ok((table, dated, dated.clause.as_ref().or(self.param.clause.as_ref())))
            }
            _ => Err(Wrong::new("policy-internal", "参数表已失效", "the table is gone").into()),
        }
    }

    pub(crate) fn name(&self) -> &Name {
        &self.param.name
    }

    pub(crate) fn shown(&self) -> Json {
        let rows = self.table().map_or(0, |(table, ..)| table.len());
        format!("{}（{rows}）", self.param.name).into()
    }
}
