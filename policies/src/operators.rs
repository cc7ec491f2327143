//! `+ - * / % **`, comparisons and equality for scripts: exact, checked, and never silently false.
//!
//! They are registered for values of any kind, so that no rule of the script engine for mixed kinds is ever reached.

use std::cell::Cell;
use std::cmp::Ordering;

use rhai::{Array, Dynamic, FnPtr, FuncRegistration, ImmutableString, Map, Module, NativeCallContext};

use crate::number::{Number, Operation};
use crate::show::{self, kind};
use crate::stop::{Result, Wrong};
use crate::time::{Day, Moment, Span};

/// Registers every operator.
pub(crate) fn register(module: &mut Module) {
    for operation in Operation::ALL {
        let symbol = operation.symbol();
        name(symbol).set_into_module(module, move |a: Dynamic, b: Dynamic| compute(operation, &a, &b));
        name(&format!("{symbol}=")).set_into_module(module, move |a: &mut Dynamic, b: Dynamic| -> Result<()> {
            *a = compute(operation, a, &b)?;
            Ok(())
        });
    }
    // The engine's own texts would take anything on their left or right.
    name("+").set_into_module(module, |a: Dynamic, b: ImmutableString| compute(Operation::Add, &a, &b.into()));
    name("+").set_into_module(module, |a: ImmutableString, b: Dynamic| compute(Operation::Add, &a.into(), &b));
    register_comparisons(module);
    register_predicates(module);
    name("-").set_into_module(module, |a: Dynamic| -> Result<Dynamic> {
        let number = Number::of(&a).ok_or_else(|| mismatch("-", &a, &Dynamic::UNIT))?;
        Ok(number.negated()?.into())
    });
    name("!").set_into_module(module, |a: bool| !a);
    for symbol in ["&", "|", "^", "<<", ">>", "&=", "|=", "^=", "<<=", ">>="] {
        name(symbol).set_into_module(module, move |_: Dynamic, _: Dynamic| -> Result<Dynamic> {
            Err(Wrong::new(
                "policy-operator",
                format!("不支持运算符 {symbol}"),
                format!("the operator {symbol} is not supported"),
            )
            .hint("真假值请用 && 和 ||", "for truth values use && and ||")
            .into())
        });
    }
}

fn register_comparisons(module: &mut Module) {
    type Test = fn(Ordering) -> bool;
    let tests: [(&str, Test); 4] =
        [("<", Ordering::is_lt), ("<=", Ordering::is_le), (">", Ordering::is_gt), (">=", Ordering::is_ge)];
    for (symbol, test) in tests {
        name(symbol).set_into_module(module, move |a: Dynamic, b: Dynamic| -> Result<bool> {
            Ok(test(order(&a, &b).ok_or_else(|| mismatch(symbol, &a, &b))?))
        });
    }
    name("==").set_into_module(module, |a: Dynamic, b: Dynamic| equal("==", &a, &b));
    name("!=").set_into_module(module, |a: Dynamic, b: Dynamic| equal("!=", &a, &b).map(|equal| !equal));
}

fn name(symbol: &str) -> FuncRegistration {
    FuncRegistration::new(symbol).in_global_namespace()
}

/// Computes; a text takes anything on its right, and two lists become one.
fn compute(operation: Operation, a: &Dynamic, b: &Dynamic) -> Result<Dynamic> {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Ok(a.apply(operation, b)?.into());
    }
    if operation == Operation::Add
        && a.is_string()
        && let (Some(before), Some(text)) = (a.read_lock::<ImmutableString>(), text(b))
    {
        spend(before.len().saturating_add(text.len()))?;
        return Ok(format!("{}{text}", *before).into());
    }
    if operation == Operation::Add
        && let (Some(a), Some(b)) = (a.read_lock::<Array>(), b.read_lock::<Array>())
    {
        return Ok(a.iter().chain(b.iter()).cloned().collect::<Array>().into());
    }
    Err(mismatch(operation.symbol(), a, b).into())
}

/// `filter`, `some`, `all` and `find` whose function must answer with a truth value; the engine's own take anything else as
/// false.
fn register_predicates(module: &mut Module) {
    name("filter").set_into_module(
        module,
        |context: NativeCallContext, list: &mut Array, test: FnPtr| -> Result<Array> {
            let mut kept = Array::new();
            for item in list.iter() {
                if holds(&context, &test, item)? {
                    kept.push(item.clone());
                }
            }
            Ok(kept)
        },
    );
    name("some").set_into_module(module, |context: NativeCallContext, list: &mut Array, test: FnPtr| -> Result<bool> {
        list.iter().try_fold(false, |found, item| Ok(found || holds(&context, &test, item)?))
    });
    name("all").set_into_module(module, |context: NativeCallContext, list: &mut Array, test: FnPtr| -> Result<bool> {
        list.iter().try_fold(true, |so_far, item| Ok(so_far && holds(&context, &test, item)?))
    });
    name("find").set_into_module(
        module,
        |context: NativeCallContext, list: &mut Array, test: FnPtr| -> Result<Dynamic> {
            for item in list.iter() {
                if holds(&context, &test, item)? {
                    return Ok(item.clone());
                }
            }
            Ok(Dynamic::UNIT)
        },
    );
    name("index_of").set_into_module(
        module,
        |context: NativeCallContext, list: &mut Array, test: FnPtr| -> Result<i64> {
            for (i, item) in (0..).zip(list.iter()) {
                if holds(&context, &test, item)? {
                    return Ok(i);
                }
            }
            Ok(-1)
        },
    );
}

fn holds(context: &NativeCallContext, test: &FnPtr, item: &Dynamic) -> Result<bool> {
    let answer: Dynamic = test.call_within_context(context, (item.clone(),))?;
    answer.as_bool().map_err(|_| {
        let (zh, en) = kind(&answer);
        Wrong::new(
            "policy-argument",
            format!("判断函数须返回真假值，实为{zh}"),
            format!("the function must answer true or false, not {en}"),
        )
        .into()
    })
}

thread_local! {
    /// Bytes of texts that were joined on this thread; every evaluation has a thread of its own.
    static JOINED: Cell<usize> = const { Cell::new(0) };
}

/// The most bytes of texts that one evaluation joins. What the engine counts is each value by itself; a map that is filled with
/// long texts by index is not one of them, and would grow as long as the time lasts.
const MAX_JOINED: usize = 32 * 1024 * 1024;

fn spend(bytes: usize) -> Result<()> {
    let joined = JOINED.get().saturating_add(bytes);
    JOINED.set(joined);
    if joined <= MAX_JOINED {
        return Ok(());
    }
    Err(Wrong::new("policy-limit", "脚本拼接的文字太多", "the script joins too much text").into())
}

/// A single value as text, for joining to a text.
fn text(value: &Dynamic) -> Option<String> {
    match show::show(value) {
        _ if value.is_string() || value.is_char() => Some(value.to_string()),
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Numbers among themselves, dates among themselves. Texts have no order: "9" would come after "10".
pub(crate) fn order(a: &Dynamic, b: &Dynamic) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Some(a.compare(b));
    }
    same::<Day>(a, b).or_else(|| same::<Moment>(a, b)).or_else(|| same::<Span>(a, b))
}

fn same<T: Clone + Ord + 'static>(a: &Dynamic, b: &Dynamic) -> Option<Ordering> {
    Some(a.read_lock::<T>()?.cmp(&*b.read_lock::<T>()?))
}

/// Values of one kind, and anything with `()`. Lists and records are compared member by member.
fn equal(symbol: &'static str, a: &Dynamic, b: &Dynamic) -> Result<bool> {
    if a.is_unit() || b.is_unit() {
        return Ok(a.is_unit() && b.is_unit());
    }
    if let Some(order) = order(a, b) {
        return Ok(order.is_eq());
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return Ok(a == b);
    }
    if (a.is_string() || a.is_char()) && (b.is_string() || b.is_char()) {
        return Ok(a.to_string() == b.to_string());
    }
    if let (Some(a), Some(b)) = (a.read_lock::<Array>(), b.read_lock::<Array>()) {
        return all_equal(symbol, a.len() == b.len(), a.iter().zip(b.iter()));
    }
    if let (Some(a), Some(b)) = (a.read_lock::<Map>(), b.read_lock::<Map>()) {
        return all_equal(symbol, a.keys().eq(b.keys()), a.values().zip(b.values()));
    }
    Err(mismatch(symbol, a, b).into())
}

fn all_equal<'a>(
    symbol: &'static str,
    alike: bool,
    mut pairs: impl Iterator<Item = (&'a Dynamic, &'a Dynamic)>,
) -> Result<bool> {
    if !alike {
        return Ok(false);
    }
    pairs.try_fold(true, |so_far, (a, b)| Ok(so_far && equal(symbol, a, b)?))
}

fn mismatch(symbol: &str, a: &Dynamic, b: &Dynamic) -> Wrong {
    let ((a_zh, a_en), (b_zh, b_en)) = (kind(a), kind(b));
    let wrong = Wrong::new(
        "policy-mixed-types",
        format!("{a_zh}与{b_zh}之间不能用 {symbol}"),
        format!("{symbol} does not work between {a_en} and {b_en}"),
    );
    if a.is_unit() || b.is_unit() {
        return wrong.hint(
            "先用 x == () 判断是否为空，或用 x ?? 0 给出默认值",
            "test with x == () before, or give a value with x ?? 0",
        );
    }
    wrong
}
