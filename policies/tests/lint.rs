//! What authors are told about tables and scripts that compile but may not say what was meant.

#![allow(clippy::expect_used)]

mod golden {
    pub mod support;
}

use golden::support::*;
use serde_json::json;
use zhupi_domain::{Diagnostic, Severity, Span};
use zhupi_policies::{
    Axis, Band, Below, Bounds, Cell, Class, Contract, Dated, DecidedGap, Entry, Input, Kind, Lookup, Mode, Neighbour,
    Param, ParamValue, Params, Pay, Share, Shares, Table, Tiers, Unit, unread_params,
};

fn axis(bounds: Bounds, step: &str) -> Axis {
    Axis { name: "利润".into(), unit: Unit::Yuan, step: d(step), low: Some(d("0")), high: None, bounds, below: None }
}

fn tier(from: &str, to: Option<&str>, rate: &str) -> Band<Pay> {
    Band {
        from: d(from),
        to: to.map(d),
        value: Pay::Rate(d(rate)),
        clause: None,
        span: Some(Span::new(from.len(), 40)),
    }
}

fn tiers(axis: Axis, rows: Vec<Band<Pay>>) -> Tiers {
    Tiers { axis, mode: Some(Mode::Slice), rows, gaps: vec![] }
}

fn lint(table: Table) -> Vec<Diagnostic> {
    params(vec![param("t", ParamValue::Table(table))]).lint()
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|one| one.code).collect()
}

fn hints(found: &Diagnostic) -> Vec<&str> {
    found.hints.iter().filter_map(|hint| hint.en.as_deref()).collect()
}

/// The profit table of the seed, as it was written.
fn seed_table() -> Vec<Band<Pay>> {
    vec![
        tier("500000", Some("1000000"), "0.10"),
        tier("1010000", Some("2000000"), "0.15"),
        tier("2010000", Some("3000000"), "0.20"),
        tier("3010000", Some("4000000"), "0.25"),
        tier("401", Some("500"), "0.30"),
        tier("5010000", None, "0.35"),
    ]
}

#[test]
fn t01_a_gap_is_told_exactly_with_both_repairs() {
    let rows = vec![tier("0", Some("1000000"), "0.10"), tier("1010000", None, "0.15")];
    let found = lint(Table::Tiers(tiers(axis(Bounds::Closed, "0.01"), rows.clone())));
    assert_eq!(codes(&found), ["T01"]);
    assert_eq!(found[0].severity, Severity::Warning);
    assert_eq!(
        found[0].message.en.as_deref(),
        Some("param `t`: nothing is said between rows 1 and 2: from 1000000.01 to 1009999.99元")
    );
    assert_eq!(found[0].message.zh, "参数 `t`：第 1 行与第 2 行之间有空档：1000000.01 至 1009999.99元 没有规定");
    assert_eq!(hints(&found[0]), ["let row 1 go up to 1009999.99", "or let row 2 begin at 1000000.01"]);

    // On whole 万元 the same table has no gap: the step decides.
    let rows_in_wan = vec![tier("0", Some("100"), "0.10"), tier("101", None, "0.15")];
    let whole_wan = Axis { unit: Unit::TenThousandYuan, ..axis(Bounds::Closed, "1") };
    assert_eq!(codes(&lint(Table::Tiers(tiers(whole_wan, rows_in_wan)))), [""; 0]);

    let gap = DecidedGap {
        from: d("1000000.01"),
        to: Some(d("1009999.99")),
        takes: Neighbour::Lower,
        by: "张某".into(),
        on: day("2026-01-01"),
        span: Some(Span::new(7, 9)),
    };
    let decided = Tiers { gaps: vec![gap], ..tiers(axis(Bounds::Closed, "0.01"), rows) };
    let found = lint(Table::Tiers(decided));
    assert_eq!((codes(&found), found[0].severity), (vec!["T13"], Severity::Note), "nobody overlooks a decided gap");
    assert_eq!((found[0].span, found[0].hints.len()), (Some(Span::new(7, 9)), 2));
}

#[test]
fn t02_an_overlap_is_an_error() {
    let closed = vec![tier("0", Some("100"), "0.1"), tier("100", None, "0.2")];
    let found = lint(Table::Tiers(tiers(axis(Bounds::Closed, "0.01"), closed.clone())));
    assert_eq!((codes(&found), found[0].severity), (vec!["T02"], Severity::Error));
    assert_eq!(hints(&found[0]), ["let row 1 go up to 99.99", "or let row 2 begin at 100.01"]);
    assert_eq!(
        codes(&lint(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), closed)))),
        [""; 0],
        "100 belongs to the second row"
    );

    let endless = vec![tier("0", None, "0.1"), tier("100", None, "0.2")];
    assert_eq!(codes(&lint(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), endless)))), ["T02"]);
    let empty = vec![tier("100", Some("50"), "0.1"), tier("100", None, "0.2")];
    assert!(
        codes(&lint(Table::Tiers(tiers(Axis { below: Some(Below::Zero), ..axis(Bounds::HalfOpen, "0.01") }, empty))))
            .contains(&"T02")
    );
}

#[test]
fn t03_open_ends_must_be_meant() {
    let middle = vec![tier("100", Some("200"), "0.1")];
    let found = lint(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), middle.clone())));
    assert_eq!(codes(&found), ["T03", "T03"]);
    let closed_world = Axis { below: Some(Below::Zero), high: Some(d("200")), ..axis(Bounds::HalfOpen, "0.01") };
    assert_eq!(codes(&lint(Table::Tiers(tiers(closed_world, middle)))), [""; 0]);
}

#[test]
fn t04_the_mode_must_be_stated() {
    let table = Tiers { mode: None, ..tiers(axis(Bounds::HalfOpen, "0.01"), vec![tier("0", None, "0.1")]) };
    let found = lint(Table::Tiers(table));
    assert_eq!((codes(&found), found[0].severity, found[0].hints.len()), (vec!["T04"], Severity::Error, 2));
}

#[test]
fn t05_a_cliff_is_shown_in_figures() {
    let rows = |second: &str| vec![tier("0", Some("1000000"), "0.10"), tier("1000000", None, second)];
    let whole = |second| Tiers { mode: Some(Mode::Whole), ..tiers(axis(Bounds::HalfOpen, "0.01"), rows(second)) };
    let found = lint(Table::Tiers(whole("0.15")));
    assert_eq!((codes(&found), found[0].severity), (vec!["T05"], Severity::Note));
    assert_eq!(
        found[0].message.en.as_deref(),
        Some("param `t` pays 100000 at 1000000 and 150000 at 1000000: a jump of 50000")
    );
    assert_eq!(lint(Table::Tiers(whole("0.05")))[0].severity, Severity::Warning, "more profit pays less");
    assert_eq!(
        codes(&lint(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), rows("0.15"))))),
        [""; 0],
        "slices have no cliff"
    );
}

#[test]
fn t06_a_dropped_wan_and_a_percent_are_noticed() {
    let found =
        lint(Table::Tiers(tiers(Axis { below: Some(Below::Zero), ..axis(Bounds::Closed, "0.01") }, seed_table())));
    let unit: Vec<_> = found.iter().filter(|one| one.code == "T06").collect();
    assert_eq!(unit.len(), 1);
    assert!(unit[0].message.zh.contains("第 5 行从 401 起"), "{}", unit[0].message.zh);

    let percent = lint(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), vec![tier("0", None, "15")])));
    assert_eq!((codes(&percent), hints(&percent[0])), (vec!["T06"], vec!["if 15% is meant, write 0.15"]));

    let mut mixed = vec![tier("0", Some("100"), "0.1"), tier("100", None, "0.2")];
    mixed[1].value = Pay::Amount(d("50"));
    assert_eq!(codes(&lint(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), mixed)))), ["T06"]);
}

#[test]
fn t07_shares_must_be_the_whole() {
    let split = |shares: &[(&str, &str)]| {
        let rows =
            shares.iter().map(|(n, p)| Share { name: name(n), percent: d(p), clause: None, span: None }).collect();
        lint(Table::Split(Shares { rows, left_over: None }))
    };
    assert_eq!(codes(&split(&[("a", "40"), ("b", "25"), ("c", "35")])), [""; 0]);
    let short = split(&[("a", "65"), ("b", "30")]);
    assert_eq!((codes(&short), hints(&short[0])[0]), (vec!["T07"], "add or adjust 5%"));
    assert_eq!(codes(&split(&[("a", "60"), ("a", "40")])), ["T07"]);
    assert_eq!(codes(&split(&[("a", "120"), ("b", "-20")])), ["T07"]);
}

#[test]
fn lookups_have_one_row_for_each_key() {
    let entry = |keys: &[&str]| Entry {
        keys: keys.iter().map(|k| (*k).to_owned()).collect(),
        value: Cell::Number(d("1")),
        clause: None,
        span: None,
    };
    let table = |rows| Table::Lookup(Lookup { keys: vec!["等级".into()], rows });
    assert_eq!(codes(&lint(table(vec![entry(&["A"]), entry(&["B"])]))), [""; 0]);
    assert_eq!(codes(&lint(table(vec![entry(&["A"]), entry(&["A"])]))), ["T02"]);
    assert_eq!(codes(&lint(table(vec![entry(&["A", "B"])]))), ["T02"]);
    assert_eq!(codes(&lint(table(vec![]))), ["T01"]);
}

fn dated(from: &str, until: Option<&str>) -> Dated {
    let value = ParamValue::Plain { ty: typed("rate"), value: json!("0.30") };
    Dated { until: until.map(day), ..Dated::new(day(from), value) }
}

#[test]
fn t08_and_t11_blanks_and_dates() {
    let lint = |values| params(vec![Param::new(name("r"), values)]).lint();
    let blank = Dated::new(day("2026-01-01"), ParamValue::Blank);
    assert_eq!(codes(&lint(vec![blank, dated("2027-01-01", None)])), ["T08"]);
    assert_eq!(codes(&lint(vec![])), ["T11"]);
    assert_eq!(codes(&lint(vec![dated("2026-01-01", None), dated("2026-01-01", None)])), ["T11"]);
    assert_eq!(codes(&lint(vec![dated("2026-01-01", Some("2026-06-30")), dated("2026-06-30", None)])), ["T11"]);
    assert_eq!(codes(&lint(vec![dated("2026-01-01", Some("2025-06-30"))])), ["T11"]);
    assert_eq!(codes(&lint(vec![dated("2026-01-01", Some("2026-06-30")), dated("2026-07-01", None)])), [""; 0]);
    let hole = lint(vec![dated("2026-01-01", Some("2026-06-30")), dated("2026-08-01", None)]);
    assert_eq!((codes(&hole), hole[0].severity), (vec!["T11"], Severity::Warning));
    assert!(hole[0].message.zh.contains("2026-07-01 至 2026-07-31"), "{}", hole[0].message.zh);
}

fn script(contract: Contract, source: &str, params: &Params) -> Vec<Diagnostic> {
    compile(contract, source).lint(params)
}

fn plain_contract() -> Contract {
    contract("a.b", &[("x", "money"), ("z", "money")], &[("r", "money")], &[])
}

#[test]
fn s01_figures_belong_into_params() {
    let source = "fn main(x, z) { #{ r: yuan(x * 0.3 + z - 500) } }";
    let found = script(plain_contract(), source, &Params::default());
    assert_eq!(codes(&found), ["S01", "S01"]);
    let places: Vec<_> = found.iter().map(|one| one.span.map(|span| &source[span.start..])).collect();
    assert_eq!(places, [Some("0.3 + z - 500) } }"), Some("500) } }")]);
    let clean = "fn main(x, z) { let parts = split(x, 4); #{ r: parts[3] + z * 100 / 100 * 1 + 0 } }";
    assert_eq!(codes(&script(plain_contract(), clean, &Params::default())), [""; 0]);
    assert_eq!(
        codes(&script(plain_contract(), "fn main(x, z) { #{ r: yuan(x * (1 / 2) + z) } }", &Params::default())),
        ["S01"]
    );
}

#[test]
fn s02_what_is_never_used_or_reached() {
    let none = Params::default();
    assert_eq!(codes(&script(plain_contract(), "fn main(x) { #{ r: x } }", &none)), ["S02"], "z is not taken");
    assert_eq!(codes(&script(plain_contract(), "fn main(x, z) { #{ r: x } }", &none)), ["S02"], "z is not looked at");
    let refusing = contract("a.b", &[("x", "money")], &[("r", "money")], &["never"]);
    assert_eq!(codes(&script(refusing, "fn main(x) { #{ r: x } }", &none)), ["S02"]);
    let chain = "fn main(x, z) { if x > 1 { #{ r: z } } else if x > 2 { #{ r: 0 } } else { #{ r: x } } }";
    assert_eq!(codes(&script(plain_contract(), chain, &none)), ["S02"], "above 2 is above 1");
    let right = "fn main(x, z) { if x > 2 { #{ r: z } } else if x > 1 { #{ r: 0 } } else { #{ r: x } } }";
    assert_eq!(codes(&script(plain_contract(), right, &none)), [""; 0]);
    let endless = "fn main(x, z) { loop { x += z; if x > 100 { return #{ r: x }; } } }";
    assert_eq!(codes(&script(plain_contract(), endless, &none)), ["S02"]);
}

#[test]
fn params_must_exist_and_fit() {
    let rate = || params(vec![plain("my-rate", "rate", json!("0.30")), plain("other", "rate", json!("0.10"))]);
    let reading = "fn main(x, z, params) { #{ r: yuan(x * params.my_rate + z) } }";
    assert_eq!(codes(&script(plain_contract(), reading, &rate())), [""; 0], "`_` stands for `-`");
    let quoted = r#"fn main(x, z, params) { #{ r: yuan(x * params["my-rate"] + z) } }"#;
    assert_eq!(codes(&script(plain_contract(), quoted, &rate())), [""; 0]);
    let misspelt = "fn main(x, z, params) { #{ r: yuan(x * params.my_rat + z) } }";
    let found = script(plain_contract(), misspelt, &rate());
    assert_eq!((codes(&found), found[0].file.as_str()), (vec!["policy-unknown-param"], "policies/a/b.rhai"));

    let bound = |param: &str, ty: &str| {
        let binding = zhupi_policies::Binding::parse(param, None).expect("a binding");
        let mut contract = plain_contract();
        contract.inputs[1] = Input::of(field("z", ty)).from(binding);
        contract
    };
    let source = "fn main(x, z) { #{ r: yuan(x * z) } }";
    assert_eq!(codes(&script(bound("param:my-rate", "rate"), source, &rate())), [""; 0]);
    assert_eq!(codes(&script(bound("param:my-rate", "count"), source, &rate())), ["policy-param-value"]);
    assert_eq!(codes(&script(bound("param:gone", "rate"), source, &rate())), ["policy-unknown-param"]);

    let policy = compile(plain_contract(), reading);
    let unread = unread_params([&policy], &rate());
    assert_eq!((codes(&unread), unread[0].message.zh.contains("`other`")), (vec!["S02"], true));
}

#[test]
fn s03_t09_t10_of_payouts() {
    let payout = |clause: Option<&str>| {
        let mut contract = contract("a.b", &[("x", "money"), ("z", "money")], &[], &[]);
        contract.kind = Kind::Payout;
        contract.clause = clause.map(str::to_owned);
        contract
    };
    let line = |amount: &str, clause: &str| {
        format!(r#"fn main(x, z) {{ #{{ lines: [#{{ payee: "p", item: "i", amount: {amount}{clause} }}] }} }}"#)
    };
    let none = Params::default();
    assert_eq!(codes(&script(payout(None), &line("x + z", ""), &none)), ["S03"]);
    assert_eq!(codes(&script(payout(None), &line("x + z", r#", clause: "D0 5""#), &none)), [""; 0]);
    assert_eq!(codes(&script(payout(Some("D0 5")), &line("x + z", ""), &none)), [""; 0]);
    assert_eq!(codes(&script(payout(Some("D0 5")), &line("x - z", ""), &none)), ["T09"]);
    assert_eq!(codes(&script(payout(Some("D0 5")), &line("floor(x - z, 0)", ""), &none)), [""; 0]);

    let table = || ParamValue::Table(Table::Tiers(tiers(axis(Bounds::HalfOpen, "0.01"), vec![tier("0", None, "0.1")])));
    let two = params(vec![param("one", table()), param("two", table())]);
    let twice = r#"fn main(x, z, params) {
        let a = tiered(x, params.one);
        let b = tiered(x, params.two);
        #{ lines: [#{ payee: "p", item: "i", amount: yuan(a + b + z), clause: "c" }] }
    }"#;
    assert_eq!(codes(&script(payout(None), twice, &two)), ["T10"]);
}

#[test]
fn every_finding_speaks_both_languages() {
    let mut found = lint(Table::Tiers(Tiers { mode: None, ..tiers(axis(Bounds::Closed, "0.01"), seed_table()) }));
    found.extend(params(vec![Param::new(name("r"), vec![])]).lint());
    found.extend(script(plain_contract(), "fn main(x) { loop { x = x * 0.3; } }", &Params::default()));
    assert!(found.len() > 8, "{}", list(&found));
    for one in found {
        assert!(!one.message.zh.is_empty() && one.message.en.is_some(), "{one:?}");
        assert!(one.hints.iter().all(|hint| hint.en.is_some()), "{one:?}");
    }
}

#[test]
fn s04_figures_made_of_pay_that_do_not_say_so() {
    let mut secret =
        contract("a.b", &[("pay", "money"), ("z", "money")], &[("made", "money"), ("other", "money")], &[]);
    secret.inputs[0].class = Class::Pay;
    let source = "fn main(pay, z) { #{ made: if pay > z { z } else { yuan(0) }, other: z } }";
    let found = script(secret.clone(), source, &Params::default());
    assert_eq!((codes(&found), found[0].message.zh.contains("`made`")), (vec!["S04"], true));
    secret.outputs[0].class = Class::Pay;
    assert_eq!(codes(&script(secret, source, &Params::default())), [""; 0]);
}

#[test]
fn t12_whoever_has_to_confirm_overlooks_no_assumed_value() {
    let assumed = |value| Dated { span: Some(Span::new(3, 5)), ..Dated::new(day("2026-01-01"), value).assumed() };
    let lint = |value| params(vec![Param::new(name("r"), vec![assumed(value)])]).lint();
    let found = lint(ParamValue::Plain { ty: typed("rate"), value: json!("0.30") });
    assert_eq!((codes(&found), found[0].severity, found[0].hints.len()), (vec!["T12"], Severity::Note, 2));
    assert_eq!(found[0].span, Some(Span::new(3, 5)));
    assert_eq!(found[0].message.zh, "参数 `r` 自 2026-01-01 起暂按 0.30 试算，须指定的人确认");
    assert!(found[0].message.en.is_some() && found[0].hints.iter().all(|hint| hint.en.is_some()));
    let table = tiers(axis(Bounds::HalfOpen, "0.01"), vec![tier("0", None, "0.1")]);
    assert_eq!(codes(&lint(ParamValue::Table(Table::Tiers(table)))), ["T12"]);
    assert_eq!(codes(&lint(ParamValue::Blank)), ["T08"], "a blank has a finding of its own");
}

#[test]
fn s02_inputs_that_only_the_contract_reads_are_used() {
    let source = "fn main(x) { #{ r: x } }";
    let with = |change: &dyn Fn(&mut Contract)| {
        let mut contract = contract("a.b", &[("x", "money"), ("z", "text")], &[("r", "money")], &[]);
        change(&mut contract);
        script(contract, source, &Params::default())
    };
    let fact = |on: &str| {
        let Ok(zhupi_policies::Binding::Fact(mut fact)) = zhupi_policies::Binding::parse("fact:f", None) else {
            panic!("a fact")
        };
        fact.matches.insert(name("key"), on.into());
        zhupi_policies::Binding::Fact(fact)
    };
    assert_eq!(codes(&with(&|contract| contract.inputs[0].from = Some(fact("z")))), [""; 0], "by a match");
    assert_eq!(codes(&with(&|contract| contract.inputs[0].from = Some(fact("subject.z")))), ["S02"]);
    let balance = |contract: &mut Contract| {
        let Ok(zhupi_policies::Binding::Balance(mut balance)) = zhupi_policies::Binding::parse("balance:b", None)
        else {
            panic!("a balance")
        };
        balance.of = Some("z".into());
        contract.inputs[0].from = Some(zhupi_policies::Binding::Balance(balance));
    };
    assert_eq!(codes(&with(&balance)), [""; 0], "by whose balance it is");
    let control = |source: &str| {
        let control = zhupi_policies::Control { source: source.into(), span: None };
        with(&|contract| contract.control.push(control.clone()))
    };
    assert_eq!(codes(&control("z != \"a\"")), [""; 0], "by a control");
    assert_eq!(codes(&control("inputs.z != \"a\"")), [""; 0]);
    let letter = contract("a.b", &[("x", "money"), ("o", "money")], &[("r", "money")], &[]).control("x < 5 or x >= 5");
    assert_eq!(codes(&script(letter, source, &Params::default())), ["S02"], "a letter of another word is no use");
}

#[test]
fn params_are_read_where_a_library_reads_them() {
    let library = |file: &str, text: &str| zhupi_policies::LibrarySource { file: file.into(), text: text.into() };
    let libraries = zhupi_policies::Libraries::compile(
        &[
            (
                "outer".to_owned(),
                library("policies/outer.rhai", "import \"inner\" as i;\nfn f(x, params) { i::g(x, params) }"),
            ),
            ("inner".to_owned(), library("policies/inner.rhai", "fn g(x, params) { yuan(x * params.my_rate) }")),
            ("other".to_owned(), library("policies/other.rhai", "fn h(params) { params.other }")),
        ]
        .into(),
    )
    .expect("libraries");
    let source = "import \"outer\" as o;\nfn main(x, z, params) { #{ r: o::f(x + z, params) } }";
    let policy = zhupi_policies::Policy::compile(plain_contract(), source, &libraries).expect("a policy");
    let known = params(vec![plain("my-rate", "rate", json!("0.30")), plain("other", "rate", json!("0.10"))]);
    let unread = unread_params([&policy], &known);
    assert_eq!((codes(&unread), unread[0].message.zh.contains("`other`")), (vec!["S02"], true));
    assert_eq!(codes(&policy.lint(&known)), [""; 0]);
    let found = policy.lint(&Params::default());
    assert_eq!((codes(&found), found[0].file.as_str()), (vec!["policy-unknown-param"], "policies/inner.rhai"));
}

#[test]
fn one_broken_library_takes_nothing_else_with_it() {
    let library = |text: &str| zhupi_policies::LibrarySource { file: "x.rhai".into(), text: text.into() };
    let sources = [
        ("broken", "fn f() { round(1) }"),
        ("cut-off", "import \"broken\" as b;\nfn f() { b::f() }"),
        ("circle", "import \"circle\" as c;\nfn f() { c::f() }"),
        ("good", "fn half(x) { x / 2 }"),
    ];
    let sources = sources.map(|(n, text)| (n.to_owned(), library(text))).into();
    let (libraries, found) = zhupi_policies::Libraries::compile_each(&sources);
    assert_eq!(codes(&found), ["policy-banned", "policy-import"]);
    assert!(libraries.contains("good") && !libraries.contains("broken") && !libraries.contains("cut-off"));
    let compiled = |import: &str, body: &str| {
        let source = format!("import \"{import}\" as l;\nfn main(x, z) {{ {body} }}");
        zhupi_policies::Policy::compile(plain_contract(), &source, &libraries)
    };
    assert!(compiled("good", "#{ r: l::half(x) + z }").is_ok());
    let policy = compiled("broken", "#{ r: l::f() + x }").expect("the library says what is wrong with it");
    assert_eq!(codes(&policy.lint(&Params::default())), ["S02"], "its own findings are there");
    let found = compiled("cut-off", "#{ r: l::f() + whole2(x) }").expect_err("a word that does not exist");
    assert_eq!(codes(&found), ["policy-unknown-word"]);
    assert_eq!(codes(&compiled("none", "#{ r: x }").expect_err("no such library")), ["policy-import"]);
    assert!(zhupi_policies::Libraries::compile(&sources).is_err());
}
