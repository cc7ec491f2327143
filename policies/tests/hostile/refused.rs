//! What does not compile, and doors that do not exist.

use serde_json::json;
use zhupi_policies::{Libraries, LibrarySource, Outcome, Params, Policy, evaluate};

use super::support::*;
use End::{Fault, Gives, Refused, Stopped};

#[test]
fn depth_is_refused_before_it_runs() {
    let deep = |open: &str, close: &str, count: usize| {
        format!("let x = {}1{}; #{{ r: 1 }}", open.repeat(count), close.repeat(count))
    };
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{", "}"), ("!", ""), ("-", ""), ("#{a:", "}"), ("|x| (", ")"), ("abs(", ")")]
    {
        for count in [60, 5_000] {
            let ended = end(&deep(open, close, count));
            assert!(ended.as_ref().is_err_and(|found| found.file == "compile"), "{count} × {open}: {ended:?}");
        }
    }
    let chain = |link: &str, count: usize| format!("let x = 1{}; #{{ r: x }}", link.repeat(count));
    for link in [" + 1", " && true", ".a", "[0]", ".abs()", " ?? 1", " || true", " ** 1", " == 1"] {
        let ended = end(&chain(link, 8_000));
        assert!(ended.as_ref().is_err_and(|found| found.file == "compile"), "{link}: {ended:?}");
    }
    let ifs = format!("if false {{}} {} #{{ r: 1 }}", "else if false {} ".repeat(3_000));
    assert!(end(&ifs).is_err());
    let blocks = format!("{}{}", "if true { ".repeat(3_000), "}".repeat(3_000));
    assert!(end(&blocks).is_err());
}

#[test]
fn size_is_refused_before_it_runs() {
    let functions: String = (0..300).map(|i| format!("fn f{i}() {{ {i} }}\n")).collect();
    let variables: String = (0..400).map(|i| format!("let v{i} = {i};\n")).collect();
    check(&[
        (&format!("{functions} fn main() {{ #{{ r: 1 }} }}"), Refused("policy-too-complex")),
        (&"let x = 1;\n".repeat(20_000), Refused("policy-too-long")),
        (&format!("// {}\n#{{ r: 1 }}", "长".repeat(25_000)), Refused("policy-too-long")),
        (&"\n".repeat(65_536), Refused("policy-too-long")),
        (&variables, Stopped),
        (&format!("let a = [{}];", "1,".repeat(25_000)), Refused("policy-too-complex")),
        (
            &format!("let a = #{{ {} }};", (0..2_500).map(|i| format!("k{i}: 1,")).collect::<String>()),
            Refused("policy-too-complex"),
        ),
    ]);
}

#[test]
fn doors_to_the_outside_do_not_exist() {
    check(&[
        ("sleep(30)", Refused("policy-banned")),
        ("timestamp()", Refused("policy-banned")),
        ("eval(\"40 + 2\")", Refused("policy-banned")),
        ("let f = Fn(\"tiered\"); f.call(1)", Refused("policy-banned")),
        ("let f = Fn(\"sle\" + \"ep\"); f.call(30)", Refused("policy-banned")),
        ("let f = |x| x; f = f.curry(f);", Refused("policy-banned")),
        ("let f = |x| x; loop { f = f.curry(f); }", Refused("policy-banned")),
        ("let f = |x| x; f = curry(f, f);", Refused("policy-banned")),
        ("[1].map(\"sleep\")", Fault("policy-argument")),
        ("[1].map(\"eval\")", Fault("policy-fault")),
        ("[1].map(\"sqrt\")", Fault("policy-argument")),
        ("[\"1 + 1\"].map(\"eval\")", Fault("policy-fault")),
        ("exit(7)", Refused("policy-banned")),
        ("import \"/etc/passwd\" as p; fn main() { #{} }", Refused("policy-import")),
        ("import \"../secret\" as p; fn main() { #{} }", Refused("policy-import")),
        ("fn main(word) { import word as p; #{} }", Refused("policy-import")),
        ("import \"a\" + \"b\" as p; fn main() { #{} }", Refused("policy-import")),
        ("blob(2000000000, 1)", Refused("policy-banned")),
        ("let x = rand();", Refused("policy-banned")),
        ("open(\"/etc/passwd\")", Refused("policy-unknown-word")),
        ("list.fliter(|x| x > 1)", Refused("policy-unknown-word")),
        ("is_def_fn(\"main\", 1)", Refused("policy-banned")),
        ("let x = list; x.is_shared()", Refused("policy-banned")),
    ]);
}

#[test]
fn the_hosts_words_cannot_be_replaced() {
    check(&[
        ("fn tiered(x, t) { 999999 } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn yuan(x) { x } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn round(x) { 777 } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn split(a, b) { [] } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn push(a, b) { } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn to_string(a) { } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn main() { let params = 1; #{} }", Refused("policy-shadowing")),
        ("let num = 5; #{ r: num }", Refused("policy-shadowing")),
        ("fn sum(list) { 0 } fn main() { #{} }", Refused("policy-shadowing")),
        ("fn print(x) { } fn main() { #{} }", Refused("policy-syntax")),
        ("fn filter(list, f) { list } fn main() { #{} }", Refused("policy-shadowing")),
    ]);
}

#[test]
fn misspelt_names_are_found() {
    check(&[
        ("const T = #{ a: 1 }; T.a = 2; #{ r: T.a }", Fault("policy-constant")),
        ("const T = #{ amount: 1 }; #{ r: T.amuont }", Fault("policy-unknown-name")),
        ("#{ r: bag.c }", Fault("policy-unknown-name")),
        ("#{ r: bag[\"c\"] }", Fault("policy-unknown-name")),
        ("#{ r: amuont }", Refused("policy-unknown-name")),
        ("fn main(amuont) { #{ r: amuont } }", Refused("policy-unknown-input")),
        ("#{ r: list[3] }", Fault("policy-bounds")),
        ("#{ r: list[-4] }", Fault("policy-bounds")),
        ("#{ rr: 1 }", Fault("policy-output")),
        ("#{ r: teired(1, 2) }", Refused("policy-unknown-word")),
        ("#{ r: yuan(1, \"rr\") }", Fault("policy-argument")),
        ("#{ r: amount.foo }", Fault("policy-fault")),
        ("fn main(params) { #{ r: params.nothing } }", Fault("policy-unknown-param")),
        ("fn main(params) { params.rate = 5; #{ r: 1 } }", Fault("policy-fault")),
    ]);
}

#[test]
fn broken_text_is_a_finding() {
    check(&[
        ("fn main(", Refused("policy-syntax")),
        ("fn main() { \"open }", Refused("policy-syntax")),
        ("fn main() { `open }", Refused("policy-syntax")),
        ("fn main() { /* open }", Refused("policy-syntax")),
        ("fn main() { } }", Refused("policy-syntax")),
        ("fn main() { \u{0} }", Refused("policy-syntax")),
        ("fn main() { \"\\u{110000}\" }", Refused("policy-syntax")),
        ("fn main() { 1 } fn main() { 2 }", Refused("policy-syntax")),
        ("fn main() { #{} } fn main(num) { #{} }", Refused("policy-main")),
        ("let x = 1; fn main() { #{} }", Refused("policy-top-level")),
        ("loop {} fn main() { #{} }", Refused("policy-top-level")),
        ("fn mian() { #{} } // fn main", Refused("policy-main")),
        ("// fn main", Refused("policy-main")),
        ("fn main(num, num) { #{} }", Refused("policy-syntax")),
        ("const X = 1; fn main() { #{ r: X } }", Refused("policy-unknown-name")),
        ("const X = 3; fn main() { #{ r: global::X } }", Gives("3")),
        ("\u{feff}fn main() { #{ r: 1 } }", Refused("policy-syntax")),
    ]);
}

#[test]
fn libraries_are_fenced_like_policies() {
    let compile = |text: &str| {
        let source = LibrarySource { file: "policies/lib.rhai".into(), text: text.into() };
        Libraries::compile(&[("lib".to_owned(), source)].into()).map_err(|found| found[0].code)
    };
    assert!(compile("fn double(x) { x * 2 }").is_ok());
    assert_eq!(compile("fn yuan(x) { x }").err(), Some("policy-shadowing"));
    assert_eq!(compile("import \"lib\" as me; fn f() { 1 }").err(), Some("policy-import"), "a circle");
    assert_eq!(compile("export const X = loop {};").err(), Some("policy-limit"));
    assert_eq!(compile("fn f() { eval(\"1\") }").err(), Some("policy-banned"));
    let libraries =
        compile("export const RATE = 0.5;\nfn half(x) { x * global::RATE }\nfn bad(x) { x / 0 }").expect("a library");
    let run = |body: &str| {
        let source = format!("import \"lib\" as lib;\nfn main(num) {{ {body} }}");
        let policy = Policy::compile(contract(), &source, &libraries).map_err(|mut found| Box::new(found.remove(0)))?;
        match evaluate(&policy, &Params::default(), &[request()]).remove(0).outcome {
            Outcome::Accepted { output } => Ok(output),
            Outcome::Fault(found) => Err(Box::new(found)),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(run("#{ r: lib::half(num) }").expect("an answer").get("r"), Some(&json!("3.500000")));
    let fault = run("#{ r: lib::bad(num) }").expect_err("a fault");
    assert_eq!((fault.code, fault.file.as_str()), ("policy-division", "policies/lib.rhai"));
    assert_eq!(run("#{ r: lib::none(num) }").expect_err("a finding").code, "policy-unknown-word");
}
