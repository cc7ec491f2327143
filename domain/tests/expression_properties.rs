//! What holds for every expression, whatever somebody writes.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::*;
use zhupi_domain::calendar::{Calendar, CalendarData};
use zhupi_domain::expr::{Context, EvalErrorKind, Expr, Field, Type, Value};
use zhupi_domain::{Decimal, Instant};

fn scope() -> Type {
    let row = [("p", Type::Number), ("ok", Type::Bool), ("on", Type::Date), ("t", Type::Text)];
    let fields = [
        ("n", Type::Number),
        ("金额", Type::Number),
        ("b", Type::Bool),
        ("t", Type::Text),
        ("d", Type::Date),
        ("i", Type::Instant),
        ("rows", Type::list(Type::record(row))),
        ("nums", Type::list(Type::Number)),
        ("r", Type::record([("n", Type::Number), ("b", Type::Bool)])),
    ];
    Type::Record(fields.into_iter().map(|(name, ty)| (name.to_owned(), Field::optional(ty))).collect())
}

/// Any value of a type; anything may be absent.
fn value_of(ty: &Type) -> BoxedStrategy<Value> {
    let there: BoxedStrategy<Value> = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Text | Type::Enum(_) => "[a-c]{0,2}".prop_map(Value::Text).boxed(),
        Type::Number => (any::<i64>(), 0u32..14).prop_map(|(m, scale)| Value::Number(Decimal::new(m, scale))).boxed(),
        Type::Date => (0u64..3_652_000).prop_filter_map("a date", day).prop_map(Value::Date).boxed(),
        Type::Instant => any::<i32>()
            .prop_filter_map("an instant", |s| Instant::from_micros(i64::from(s) * 1_000_000).map(Value::Instant))
            .boxed(),
        Type::List(of) => vec(value_of(of), 0..4).prop_map(Value::List).boxed(),
        Type::Record(fields) => {
            let values: Vec<_> = fields.values().map(|field| value_of(&field.ty)).collect();
            let names: Vec<String> = fields.keys().cloned().collect();
            values.prop_map(move |values| Value::Record(names.iter().cloned().zip(values).collect())).boxed()
        }
    };
    prop_oneof![1 => Just(Value::Absent), 6 => there].boxed()
}

fn day(n: u64) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1, 1, 1)?.checked_add_days(Days::new(n))
}

/// One of some texts.
fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<String> {
    proptest::sample::select(texts).prop_map(str::to_owned).boxed()
}

/// Sound expressions of every type, for outside and inside a row; each is built from smaller ones.
#[derive(Clone)]
struct Sound {
    number: BoxedStrategy<String>,
    condition: BoxedStrategy<String>,
    date: BoxedStrategy<String>,
}

impl Sound {
    fn leaves(in_row: bool) -> Self {
        let written = (-999i32..999, 0u32..3).prop_map(|(m, scale)| Decimal::new(m.into(), scale).to_string());
        let date = (700_000u64..760_000).prop_filter_map("a date", day).prop_map(|date| format!("date('{date}')"));
        let names = |outside: &'static [&'static str], row: &'static [&'static str]| {
            if in_row { prop_oneof![one_of(outside), one_of(row)].boxed() } else { one_of(outside) }
        };
        Self {
            number: prop_oneof![names(&["n", "金额", "r.n"], &[".p"]), written].boxed(),
            condition: names(&["b", "r.b", "true", "t == 'a'", "t in rows.t", "i < i"], &[".ok", ".t == t"]),
            date: prop_oneof![names(&["d", "today()", "date(i)"], &[".on"]), date].boxed(),
        }
    }

    /// Expressions one level deeper; `row` are those of the same depth that can be used in a row.
    fn deeper(&self, row: &Self) -> Self {
        let Self { number, condition, date } = self.clone();
        let choice = |of: &BoxedStrategy<String>| {
            let parts = (self.condition.clone(), of.clone(), of.clone());
            parts.prop_map(|(c, a, b)| format!("(if {c} then {a} else {b})"))
        };
        let arithmetic = one_of(&["+", "-", "*", "/"]);
        let order = one_of(&["==", "!=", "<", "<=", ">", ">="]);
        let between = one_of(&["days", "workdays"]);
        let extreme = one_of(&["min", "max"]);
        let summary = one_of(&["sum(nums)", "max(rows.p)", "count(rows)", "count(rows.on)", "sum(rows.p)"]);
        Self {
            number: prop_oneof![
                2 => number.clone(),
                3 => (number.clone(), arithmetic, number.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
                1 => (between, date.clone(), date.clone()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
                1 => (extreme.clone(), number.clone(), number.clone()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
                1 => (number.clone(), 0..13u32).prop_map(|(a, digits)| format!("round({a}, {digits})")),
                1 => number.clone().prop_map(|a| format!("-{a}")),
                1 => summary,
                1 => row.number.clone().prop_map(|a| format!("sum(rows, {a})")),
                1 => row.condition.clone().prop_map(|a| format!("count(rows, {a})")),
                1 => choice(&number),
            ]
            .boxed(),
            condition: prop_oneof![
                1 => condition.clone(),
                2 => (number.clone(), order.clone(), number.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
                1 => (date.clone(), order, date.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
                1 => (number.clone(), number.clone()).prop_map(|(a, b)| format!("{a} not in [{b}, 1]")),
                1 => vec(condition.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" and "))),
                1 => vec(condition.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
                1 => condition.clone().prop_map(|a| format!("not ({a})")),
                1 => prop_oneof![number.clone(), date.clone(), one_of(&["rows", "t"])].prop_map(|a| format!("has({a})")),
                1 => row.condition.clone().prop_map(|a| format!("any(rows, {a})")),
                1 => row.condition.clone().prop_map(|a| format!("all(rows, {a})")),
            ]
            .prop_map(|condition| format!("({condition})"))
            .boxed(),
            date: prop_oneof![
                2 => date.clone(),
                1 => (date.clone(), number.clone()).prop_map(|(a, n)| format!("add_days({a}, round({n}, 0))")),
                1 => (date.clone(), -20..20).prop_map(|(a, n)| format!("add_workdays({a}, {n})")),
                1 => (extreme, date.clone(), date.clone()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
                1 => choice(&date),
            ]
            .boxed(),
        }
    }
}

/// Expressions that have a meaning over the scope.
fn expression() -> impl Strategy<Value = String> {
    let (mut outside, mut row) = (Sound::leaves(false), Sound::leaves(true));
    for _ in 0..3 {
        (outside, row) = (outside.deeper(&row), row.deeper(&row));
    }
    prop_oneof![outside.number, outside.condition, outside.date]
}

/// Whether a value is absent or of a type.
fn conforms(value: &Value, ty: &Type) -> bool {
    match (value, ty) {
        (Value::Absent, _)
        | (Value::Bool(_), Type::Bool)
        | (Value::Text(_), Type::Text)
        | (Value::Number(_), Type::Number)
        | (Value::Date(_), Type::Date)
        | (Value::Instant(_), Type::Instant) => true,
        (Value::Text(text), Type::Enum(known)) => known.contains(text),
        (Value::List(items), Type::List(of)) => items.iter().all(|item| conforms(item, of)),
        (Value::Record(members), Type::Record(fields)) => {
            members.iter().all(|(name, value)| fields.get(name).is_some_and(|field| conforms(value, &field.ty)))
        }
        _ => false,
    }
}

fn calendar() -> Calendar {
    Calendar::new(chrono_tz::Asia::Shanghai, CalendarData::china().clone())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_text_is_read_or_refused_with_a_place_inside_it(source in "\\PC{0,60}") {
        if let Err(found) = Expr::parse(&source) {
            let span = found.first().and_then(|finding| finding.span);
            prop_assert!(span.is_some_and(|span| source.get(span.start..span.end).is_some()), "{:?}", found);
        }
    }

    #[test]
    fn a_soup_of_the_language_s_own_words_is_read_or_refused(
        words in vec(proptest::sample::select(vec![
            "(", ")", "[", "]", ",", ".", "-", "+", "*", "/", "==", "<", "in", "not", "and", "or", "if", "then", "else", "sum",
            "min", "has", "a", "b", "1", "'x'", "true", "date", "金额",
        ]), 0..40),
        gap in proptest::sample::select(vec!["", " "]),
    ) {
        if let Ok(expr) = Expr::parse(&words.join(gap)) {
            prop_assert_eq!(Expr::parse(expr.source()), Ok(expr));
        }
    }

    /// The promise of the checker: what it lets through has a value of the type it named, or a stated reason for having none.
    #[test]
    fn what_was_checked_never_meets_a_value_of_another_type(source in expression(), value in value_of(&scope())) {
        let expr = Expr::parse(&source).map_err(|found| TestCaseError::fail(format!("{source}: {found:?}")))?;
        let ty = expr.check(&scope()).map_err(|found| TestCaseError::fail(format!("{source}: {found:?}")))?;
        let (today, calendar) = (NaiveDate::default(), calendar());
        match expr.eval(&value, &Context { today, calendar: Some(&calendar) }) {
            Ok(result) => prop_assert!(conforms(&result, &ty), "{source} is {result:?}, not {ty:?}"),
            Err(error) => prop_assert_ne!(error.kind, EvalErrorKind::WrongType, "{}", source),
        }
    }

    /// Reading only what `paths` names is enough: computed fields can be ordered by it.
    #[test]
    fn nothing_but_the_named_paths_is_read(source in expression(), value in value_of(&scope())) {
        let expr = Expr::parse(&source).map_err(|found| TestCaseError::fail(format!("{source}: {found:?}")))?;
        let read = only(&value, &expr.paths());
        let (today, calendar) = (NaiveDate::default(), calendar());
        let context = Context { today, calendar: Some(&calendar) };
        prop_assert_eq!(expr.eval(&read, &context), expr.eval(&value, &context));
    }
}

/// The members at the roots of some paths.
fn only(value: &Value, paths: &BTreeSet<String>) -> Value {
    let is_read = |name: &String| paths.iter().any(|path| path.split('.').next() == Some(name));
    match value {
        Value::Record(all) => {
            Value::Record(all.iter().filter(|(name, _)| is_read(name)).map(|(n, v)| (n.clone(), v.clone())).collect())
        }
        other => other.clone(),
    }
}

/// Every level holds all kinds of operators, and a condition within a choice within a list.
#[test]
fn the_deepest_expressions_are_read_checked_and_evaluated_at_once_on_a_small_stack() {
    let level = |inner: String| format!("1 in [if false or true and not (0 + 1 * -{inner} == 0) then 1 else 0]");
    let deepest = move |levels: usize| {
        (0..levels).fold("1".to_owned(), |inner, _| format!("(if {} then 1 else 0)", level(inner)))
    };
    let work = move || {
        let expr = (1..60).rev().find_map(|levels| Expr::parse(&deepest(levels)).ok())?;
        let ty = expr.check(&scope()).ok()?;
        let context = Context { today: NaiveDate::default(), calendar: None };
        Some((ty, expr.eval(&Value::Absent, &context).ok()?, expr.source().len()))
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work).ok();
    let outcome = thread.and_then(|thread| thread.join().ok()).flatten();
    assert!(matches!(outcome, Some((Type::Number, Value::Number(_), 700..))), "{outcome:?}");
}
