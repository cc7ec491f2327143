//! The host's words: everything a script can do beyond arithmetic.

mod dates;
mod lists;
mod money;
mod notes;
mod tables;

pub use dates::UNKNOWN_YEAR;

use std::ops::RangeInclusive;
use std::sync::Arc;

use rhai::{Array, Dynamic, FuncRegistration, ImmutableString, Map, Module, NativeCallContext};
use serde_json::Value as Json;
use zhupi_domain::{Decimal, Text};

use crate::explanation::{LeftCents, RowHit, What};
use crate::host::Host;
use crate::number::Number;
use crate::show::{kind, show};
use crate::stop::{Result, Wrong};
use crate::tape::Place;

/// One word that scripts may call.
pub struct Word {
    pub name: &'static str,
    /// How it is called, such as `split(total, weights)`.
    pub usage: &'static str,
    /// What it does, in one sentence.
    pub help: (&'static str, &'static str),
    arguments: RangeInclusive<usize>,
    /// Whether each call is a step of the explanation.
    recorded: bool,
    run: fn(&mut Call) -> Result<Dynamic>,
}

impl Word {
    /// The help in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.help.0, self.help.1)
    }

    /// Whether it can be called with so many arguments.
    pub(crate) fn takes(&self, arguments: usize) -> bool {
        self.arguments.contains(&arguments)
    }
}

/// All words, in the order in which the documents list them.
pub fn words() -> impl Iterator<Item = &'static Word> {
    [money::WORDS, tables::WORDS, lists::WORDS, dates::WORDS, notes::WORDS].into_iter().flatten()
}

/// Registers every word for every number of arguments it takes.
pub(crate) fn register(module: &mut Module) {
    for word in words() {
        for count in word.arguments.clone() {
            register_one(module, word, count);
        }
    }
    // The engine's own would order texts by their letters, "10" before "9".
    for word in words().filter(|word| matches!(word.name, "min" | "max")) {
        let function = || FuncRegistration::new(word.name).in_global_namespace();
        function().set_into_module(module, move |c: NativeCallContext, a: ImmutableString, b: ImmutableString| {
            invoke(word, &c, vec![a.into(), b.into()])
        });
        function().set_into_module(module, move |c: NativeCallContext, a: char, b: char| {
            invoke(word, &c, vec![a.into(), b.into()])
        });
    }
    dates::register_properties(module);
}

fn register_one(module: &mut Module, word: &'static Word, count: usize) {
    type D = Dynamic;
    type C<'a> = NativeCallContext<'a>;
    let function = FuncRegistration::new(word.name).in_global_namespace();
    match count {
        0 => function.set_into_module(module, move |c: C| invoke(word, &c, vec![])),
        1 => function.set_into_module(module, move |c: C, a: D| invoke(word, &c, vec![a])),
        2 => function.set_into_module(module, move |c: C, a: D, b: D| invoke(word, &c, vec![a, b])),
        3 => function.set_into_module(module, move |c: C, a: D, b: D, d: D| invoke(word, &c, vec![a, b, d])),
        _ => function.set_into_module(module, move |c: C, a: D, b: D, d: D, e: D| invoke(word, &c, vec![a, b, d, e])),
    };
}

/// Runs a word and records what went in and what came out.
fn invoke(word: &'static Word, context: &NativeCallContext, arguments: Vec<Dynamic>) -> Result<Dynamic> {
    let host = Host::of(context)?;
    let arguments: Vec<Dynamic> = arguments.into_iter().map(Dynamic::flatten).collect();
    let mut call =
        Call { host, word, place: Place::of(context), arguments, rows: Vec::new(), left_over: None, bitten: false };
    let result = (word.run)(&mut call)?;
    if word.recorded {
        call.record(&result);
    }
    Ok(result)
}

/// One call of a word.
pub(crate) struct Call {
    pub host: Arc<Host>,
    pub word: &'static Word,
    pub place: Place,
    arguments: Vec<Dynamic>,
    pub rows: Vec<RowHit>,
    pub left_over: Option<LeftCents>,
    pub bitten: bool,
}

impl Call {
    fn record(self, result: &Dynamic) {
        let what = What::Word {
            word: self.word.name.into(),
            given: self.arguments.iter().map(show).collect::<Vec<Json>>(),
            result: show(result),
            rows: self.rows,
            left_over: self.left_over,
            bitten: self.bitten,
        };
        self.host.tape().push(what, self.place);
    }

    /// How many arguments were given.
    fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The `i`-th argument, from 0; nothing where there are fewer.
    fn value(&self, i: usize) -> &Dynamic {
        const NOTHING: &Dynamic = &Dynamic::UNIT;
        self.arguments.get(i).unwrap_or(NOTHING)
    }

    /// The complaint that an argument is of the wrong kind.
    fn wrong(&self, i: usize, zh: &str, en: &str) -> Wrong {
        let (got_zh, got_en) = kind(self.value(i));
        Wrong::new(
            "policy-argument",
            format!("{} 的第 {} 个参数须为{zh}，实为{got_zh}", self.word.name, i + 1),
            format!("argument {} of {} must be {en}, not {got_en}", i + 1, self.word.name),
        )
        .hint(format!("用法：{}", self.word.usage), format!("usage: {}", self.word.usage))
    }

    fn number(&self, i: usize) -> Result<Number> {
        Number::of(self.value(i)).ok_or_else(|| self.wrong(i, "数字", "a number").into())
    }

    fn decimal(&self, i: usize) -> Result<Decimal> {
        self.number(i).map(Number::decimal)
    }

    fn whole(&self, i: usize) -> Result<i64> {
        let whole = match self.number(i)? {
            Number::Whole(whole) => Some(whole),
            Number::Decimal(decimal) if decimal.fract().is_zero() => i64::try_from(decimal.trunc()).ok(),
            Number::Decimal(_) => None,
        };
        whole.ok_or_else(|| self.wrong(i, "整数", "a whole number").into())
    }

    fn text(&self, i: usize) -> Result<String> {
        self.value(i).clone().into_string().map_err(|_| self.wrong(i, "文本", "a text").into())
    }

    fn list(&self, i: usize) -> Result<Array> {
        self.value(i).clone().into_array().map_err(|_| self.wrong(i, "列表", "a list").into())
    }

    fn map(&self, i: usize) -> Result<Map> {
        self.value(i).clone().try_cast::<Map>().ok_or_else(|| self.wrong(i, "记录", "a record").into())
    }

    /// The argument as one of the host's own types.
    fn special<T: Clone + 'static>(&self, i: usize, zh: &str, en: &str) -> Result<T> {
        self.value(i).read_lock::<T>().map(|value| value.clone()).ok_or_else(|| self.wrong(i, zh, en).into())
    }

    /// The numbers in a list, or in one field of each of its records.
    fn numbers(&self, i: usize, field: Option<&str>) -> Result<Vec<Number>> {
        let number = |item: &Dynamic| match field {
            None => Number::of(item),
            Some(field) => item.read_lock::<Map>().and_then(|map| map.get(field).and_then(Number::of)),
        };
        self.list(i)?.iter().map(number).collect::<Option<_>>().ok_or_else(|| match field {
            None => self.wrong(i, "数字列表", "a list of numbers").into(),
            Some(field) => self
                .wrong(
                    i,
                    &format!("记录列表，且每条都有数字 `{field}`"),
                    &format!("a list of records with a number `{field}`"),
                )
                .into(),
        })
    }
}
