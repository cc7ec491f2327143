//! Scripts that attack, stumble or surprise: each ends quickly, within bounded memory, and never with a silent wrong value.

#![allow(clippy::expect_used)]

use std::time::{Duration, Instant};

use serde_json::json;
use zhupi_domain::{Diagnostic, Name};
use zhupi_policies::{
    Contract, Field, Input, Kind, Libraries, LibrarySource, Outcome, Output, Params, Policy, PolicyName, Request, Type,
    evaluate,
};

/// How a script must end.
#[derive(Debug, PartialEq)]
enum End {
    /// It does not compile; the code of the first finding.
    Refused(&'static str),
    /// It fails while running; the code.
    Fault(&'static str),
    /// It is stopped by operations, sizes, depth or time.
    Stopped,
    /// It gives this figure.
    Gives(&'static str),
}

use End::{Fault, Gives, Refused, Stopped};

fn contract() -> Contract {
    let name = |text: &str| Name::new(text).expect("a name");
    let input = |n: &str, ty: Type| Input::new(name(n), ty);
    let mut r = Field::new(name("r"), Type::Number).optional();
    r.digits = Some(6);
    Contract::new(PolicyName::new("test.hostile").expect("a name"), Kind::Decision)
        .input(input("num", Type::Count))
        .input(input("amount", Type::Money))
        .input(input("word", Type::Text))
        .input(input("list", Type::Money.list()))
        .input(input("bag", Type::Money.map()))
        .output(Output::of(r))
}

fn request() -> Request {
    let inputs = json!({
        "num": 7, "amount": "50000.00", "word": "50000.00", "list": ["1.00", "2.00", "3.00"], "bag": { "a": "1.50", "b": "2.00" },
    });
    let request = Request::new(inputs.as_object().cloned().unwrap_or_default(), "2026-01-31".parse().expect("a date"));
    Request { deadline: Duration::from_millis(300), ..request }
}

/// Runs a body of `main`, or a whole script where it defines `main` itself.
fn end(script: &str) -> Result<String, Box<Diagnostic>> {
    let source = match script.contains("fn main") {
        true => script.to_owned(),
        false => format!("fn main(num, amount, word, list, bag) {{\n{script}\n}}"),
    };
    let policy = Policy::compile(contract(), &source, &Libraries::default()).map_err(|mut found| {
        let mut first = found.remove(0);
        first.file = "compile".into();
        Box::new(first)
    })?;
    match evaluate(&policy, &Params::default(), &[request()]).remove(0).outcome {
        Outcome::Accepted { output } => Ok(output.get("r").map_or("nothing".into(), |r| {
            r.as_str().unwrap_or_default().trim_end_matches('0').trim_end_matches('.').to_owned()
        })),
        Outcome::Fault(found) => Err(found.into()),
        other => panic!("{other:?}"),
    }
}

/// The most memory that the process has held, in MiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn check(scripts: &[(&str, End)]) {
    let mut wrong = Vec::new();
    for (script, expected) in scripts {
        let started = Instant::now();
        let ended = end(script);
        let took = started.elapsed();
        let shown: String = script.chars().take(120).collect();
        let fits = match (&ended, expected) {
            (Ok(value), Gives(other)) => value == other,
            (Err(found), Refused(code)) => found.file == "compile" && found.code == *code,
            (Err(found), Fault(code)) => found.file != "compile" && found.code == *code,
            (Err(found), Stopped) => found.file != "compile" && ["policy-limit", "policy-time"].contains(&found.code),
            _ => false,
        };
        if !fits || took > Duration::from_secs(2) {
            wrong.push(format!("{shown}\n    expected {expected:?}\n    after {took:?}: {ended:?}"));
        }
        if ended.is_err_and(|found| found.code == "policy-panic") {
            wrong.push(format!("{shown}\n    panicked"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), scripts.len(), wrong.join("\n"));
    assert!(peak_memory() < 512, "{} MiB", peak_memory());
}

#[test]
fn what_never_ends_is_stopped() {
    check(&[
        ("loop {}", Stopped),
        ("while true {}", Stopped),
        ("do {} while true", Stopped),
        ("let i = 0; while i < 1 { i = i * 1; }", Stopped),
        ("for i in 0..9000000000000000000 {}", Stopped),
        ("for i in range(0, 10, 0) {} #{ r: 1 }", Fault("policy-fault")),
        ("loop { loop { loop {} } }", Stopped),
        ("let f = |x| { loop {} }; f.call(1)", Refused("policy-closure")),
        ("list.map(|x| { loop {} })", Stopped),
        ("list.sort(|a, b| { loop {} })", Refused("policy-banned")),
        ("list.map(\"sort\")", Fault("policy-argument")),
        ("list.filter(|x| { while true {} true })", Stopped),
        ("let x = 1; loop { x = x ** 1; }", Stopped),
        ("loop { let d = 1.1 ** 100; }", Stopped),
        ("loop { split(amount, 10000); }", Stopped),
        ("loop { note(\"x\", list); }", Stopped),
        ("loop { print(word); }", Stopped),
        ("loop { print(`${bag} ${list}`); }", Stopped),
        ("let big = []; for i in 0..9000 { big.push(i); } loop { sorted(big); }", Stopped),
        ("let big = []; for i in 0..9000 { big.push(9000 - i); } loop { big.reverse(); sum(big); }", Stopped),
    ]);
}

#[test]
fn what_catches_its_own_end_does_not_compile() {
    check(&[
        ("loop { try { loop {} } catch {} }", Refused("policy-banned")),
        ("try { 1 / 0 } catch (e) { #{ r: 0 } }", Refused("policy-banned")),
        ("throw \"x\"", Refused("policy-banned")),
        ("throw", Refused("policy-banned")),
    ]);
}

#[test]
fn recursion_is_stopped() {
    check(&[
        ("fn f(num) { f(num + 1) } fn main(num) { f(num) }", Stopped),
        ("fn f(num) { g(num) } fn g(num) { f(num) } fn main(num) { f(num) }", Stopped),
        ("fn main(num) { main(num) }", Stopped),
        ("fn f(num) { if num == 0 { 0 } else { 1 + f(num - 1) } } fn main(num) { #{ r: f(num) } }", Gives("7")),
        ("let f = |f| f.call(f); f.call(f)", Refused("policy-closure")),
        ("fn g(f) { f.call(f) } fn main() { g(g) }", Stopped),
        ("fn f(x) { [x].map(|y| f(y)) } fn main(num) { f(num) }", Stopped),
    ]);
}

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
fn memory_bombs_are_stopped() {
    check(&[
        ("let s = \"x\"; loop { s += s; }", Stopped),
        ("let s = \"x\"; loop { s = s + s; }", Stopped),
        ("let s = \"xx\"; loop { s = `${s}${s}`; }", Stopped),
        ("let s = \"aaaaaaaa\"; loop { s.replace(\"a\", \"aaaaaaaa\"); }", Stopped),
        ("let s = \"x\"; s.pad(2000000000, 'y');", Stopped),
        ("\"x\".pad(1000000000, 'y')", Stopped),
        ("let a = [1]; loop { a += a; }", Stopped),
        ("let a = [1]; loop { a.append(a); }", Stopped),
        ("let a = [1]; loop { a = [a, a, a, a]; }", Stopped),
        ("let a = []; a.pad(500000000, 1)", Stopped),
        ("let a = [1]; loop { a.push(a); }", Stopped),
        ("let a = [1]; loop { a.insert(0, a); }", Stopped),
        ("let a = []; loop { a.push(\"x\".pad(8000, 'y')); }", Stopped),
        ("let s = \"x\"; s.pad(8000, 'y'); let a = []; loop { a.push(s); }", Stopped),
        ("let s = \"x\"; s.pad(250000, 'y'); let a = []; loop { a.push(s + 1); }", Stopped),
        ("let m = #{}; let i = 0; loop { m[`k${i}`] = i; i += 1; }", Stopped),
        ("let m = #{}; let i = 0; loop { m.set(`k${i}`, i); i += 1; }", Stopped),
        ("let m = #{ a: 1 }; loop { m = #{ a: m, b: m }; }", Stopped),
        ("let m = #{}; loop { m.f = || m; }", Refused("policy-closure")),
        ("let m = #{}; loop { let n = #{}; n[\"a\"] = m; m = n; }", Stopped),
        ("let m = #{}; loop { let n = #{}; n.a = m; n.b = m; m = n; }", Stopped),
        ("let a = [0]; loop { let b = [0]; b[0] = a; a = b; }", Stopped),
        ("let a = [0]; loop { a[0] = a; }", Stopped),
        ("let a = []; loop { a = [[[[[[[[a]]]]]]]]; }", Stopped),
        ("let m = #{}; loop { m = #{ a: #{ a: #{ a: #{ a: #{ a: m } } } } }; }", Stopped),
        ("let a = [[1]]; loop { a = a.map(|x| a); }", Fault("policy-fault")),
        ("let a = [[1]]; loop { a = [1, 2].map(|x| a); }", Stopped),
        ("let f = || 1; loop { let g = f; f = || g.call(); }", Refused("policy-closure")),
        (
            "fn keep(f, m) { m.f = f; m } fn main() { let m = #{}; loop { m = keep(|| m, m); } }",
            Refused("policy-closure"),
        ),
        ("let a = []; loop { a.push(|| a); }", Refused("policy-closure")),
        ("let a = [1]; a = a.map(|x| |y| a);", Refused("policy-closure")),
        ("let a = [1]; loop { a = [1].map(|x| [a, x, list]); }", Stopped),
        ("let a = [1]; loop { a = [a]; }", Stopped),
        ("let a = #{}; loop { a = #{ a: a }; }", Stopped),
        ("let s = \"a,\"; s.pad(200000, ','); loop { s.split(\",\"); }", Stopped),
        ("let a = []; for i in 0..5000 { a.push(i); } let b = []; loop { b.push(a); }", Stopped),
        (
            "let s = \"x\"; s.pad(100000, 'y'); let m = #{}; let i = 0; loop { m[i.to_string()] = s + i; i += 1; }",
            Stopped,
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
        ("let f = |x| x; f = f.curry(f);", Refused("policy-syntax")),
        ("let f = |x| x; loop { f = f.curry(f); }", Refused("policy-syntax")),
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
        ("let x = list; x.is_shared()", Refused("policy-syntax")),
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
fn mixed_kinds_are_errors_never_silently_false() {
    check(&[
        ("if word > 50000 { #{ r: 1 } } else { #{ r: 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if \"5\" > 5 { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if () > 0 { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if () < 0.5 { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if \"a\" == 1 { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if amount != word { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if \"9\" < \"10\" { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if true > false { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if list > 0 { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: amount + word }", Fault("policy-mixed-types")),
        ("#{ r: word * 2 }", Fault("policy-mixed-types")),
        ("#{ r: word + 1 }", Fault("policy-output")),
        ("#{ r: amount + () }", Fault("policy-mixed-types")),
        ("#{ r: -word }", Fault("policy-mixed-types")),
        ("#{ r: if [1, \"1\"] == [1, 1] { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("#{ r: if num in [\"7\"] { 1 } else { 0 } }", Fault("policy-mixed-types")),
        ("if num { #{ r: 1 } } else { #{ r: 0 } }", Fault("policy-fault")),
        ("if word && true { #{ r: 1 } } else { #{ r: 0 } }", Fault("policy-fault")),
        ("#{ r: if !num { 1 } else { 0 } }", Fault("policy-argument")),
        ("#{ r: sum([1, \"2\"]) }", Fault("policy-argument")),
        ("#{ r: max(1, \"2\") }", Fault("policy-argument")),
        ("#{ r: list.filter(|x| x).len() }", Fault("policy-argument")),
        ("#{ r: if list.all(|x| \"yes\") { 1 } else { 0 } }", Fault("policy-argument")),
        ("#{ r: list.filter(|x| x > 1).len() }", Gives("2")),
        ("#{ r: list.filter(|x| x > word).len() }", Fault("policy-mixed-types")),
        ("#{ r: list.map(|x| x + word)[0] }", Fault("policy-mixed-types")),
        ("#{ r: sorted([2, \"1\"])[0] }", Fault("policy-argument")),
        ("#{ r: sorted([2, 1.5])[0] }", Gives("1.5")),
        ("#{ r: true + 1 }", Fault("policy-mixed-types")),
        ("let x = amount; x += word; #{ r: x }", Fault("policy-mixed-types")),
        ("let x = (); x += 1; #{ r: x }", Fault("policy-mixed-types")),
    ]);
}

#[test]
fn numbers_are_exact_or_refused() {
    check(&[
        ("#{ r: 5 / 2 }", Gives("2.5")),
        ("let x = 5; x /= 2; #{ r: x }", Gives("2.5")),
        ("#{ r: (-7) / 2 }", Gives("-3.5")),
        ("#{ r: num / 7 * 3 }", Gives("3")),
        ("#{ r: 10 % 4 }", Gives("2")),
        ("#{ r: 0.1 + 0.2 }", Gives("0.3")),
        ("#{ r: if 0.1 + 0.2 == 0.3 { 1 } else { 0 } }", Gives("1")),
        ("#{ r: amount + 1 }", Gives("50001")),
        ("#{ r: 1 + amount }", Gives("50001")),
        ("#{ r: if amount == 50000 { 1 } else { 0 } }", Gives("1")),
        ("#{ r: if 50000 >= amount { 1 } else { 0 } }", Gives("1")),
        ("#{ r: if 50000.0 in [50000] { 1 } else { 0 } }", Gives("1")),
        ("let x = 1; x += 0.5; #{ r: x }", Gives("1.5")),
        ("let x = [1, 2]; x[0] += 0.5; #{ r: x[0] }", Gives("1.5")),
        ("let x = #{ a: 3 }; x.a /= 2; #{ r: x.a }", Gives("1.5")),
        ("let x = 3; [2].map(|y| { x /= y; }); #{ r: x }", Gives("1.5")),
        ("#{ r: 1 / 0 }", Fault("policy-division")),
        ("#{ r: 1 % 0 }", Fault("policy-division")),
        ("#{ r: amount / 0.0 }", Fault("policy-division")),
        ("let x = 1.0; x /= 0; #{ r: x }", Fault("policy-division")),
        ("#{ r: amount % 0 }", Fault("policy-division")),
        ("#{ r: 9223372036854775807 + 1 }", Fault("policy-overflow")),
        ("#{ r: 9223372036854775807 * 2 }", Fault("policy-overflow")),
        ("#{ r: -9223372036854775807 - 2 }", Fault("policy-overflow")),
        ("#{ r: 79228162514264337593543950335.0 * 10 }", Fault("policy-overflow")),
        ("#{ r: 10 ** 1000 }", Fault("policy-overflow")),
        ("#{ r: 10.0 ** 1000000 }", Fault("policy-power")),
        ("#{ r: 2 ** -1 }", Fault("policy-power")),
        ("#{ r: 10.5 ** 100 }", Fault("policy-overflow")),
        ("#{ r: 1 << 99999999999 }", Fault("policy-operator")),
        ("#{ r: 6 & 3 }", Fault("policy-operator")),
        ("#{ r: 6 | 3 }", Fault("policy-operator")),
        ("#{ r: 6 ^ 3 }", Fault("policy-operator")),
        ("let x = 6; x <<= 3; #{ r: x }", Fault("policy-operator")),
        ("#{ r: 1e3 }", Refused("policy-syntax")),
        ("#{ r: 15% }", Refused("policy-syntax")),
        ("#{ r: 79228162514264337593543950336.5 }", Refused("policy-syntax")),
        ("#{ r: amount.round() }", Refused("policy-banned")),
        ("#{ r: amount.floor() }", Refused("policy-banned")),
        ("#{ r: amount.to_int() }", Refused("policy-banned")),
        ("#{ r: amount.sqrt() }", Refused("policy-banned")),
        ("#{ r: (1.5707963267948966).tan() }", Refused("policy-banned")),
        ("#{ r: exp(100.0) }", Refused("policy-banned")),
        ("#{ r: parse_decimal(\"1_000\") }", Refused("policy-banned")),
        ("#{ r: [1.5].map(\"round\")[0] }", Fault("policy-argument")),
        ("#{ r: 1.0 / 3 }", Fault("policy-output")),
        ("#{ r: points(1.0 / 3) }", Gives("0.33")),
        ("#{ r: points(1.0 / 3, \"r\") }", Gives("0.333333")),
        ("#{ r: yuan(0.125) }", Gives("0.13")),
        ("#{ r: yuan(-0.125) }", Gives("-0.13")),
        ("#{ r: yuan(1000000000000001) }", Fault("policy-overflow")),
        ("#{ r: 999999999999999999 }", Fault("policy-output")),
        ("#{ r: 0b101 }", Gives("5")),
        ("#{ r: 12.to_hex() }", Fault("policy-output")),
        ("#{ r: 5[0] }", Fault("policy-output")),
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
fn odd_results_are_refused() {
    check(&[
        ("amount", Fault("policy-output")),
        ("\"text\"", Fault("policy-output")),
        ("()", Fault("policy-output")),
        ("|x| x", Refused("policy-closure")),
        ("[#{ r: 1 }]", Fault("policy-output")),
        ("#{ r: \"1.00\" }", Fault("policy-output")),
        ("#{ r: [1] }", Fault("policy-output")),
        ("#{ r: true }", Fault("policy-output")),
        ("#{ r: |x| x }", Refused("policy-closure")),
        ("fn f(x) { x } fn main() { #{ r: f } }", Fault("policy-output")),
        ("#{ r: 1, accepted: true }", Fault("policy-output")),
        ("#{}", Gives("nothing")),
        ("#{ r: () }", Gives("nothing")),
        ("let x = 1; return #{ r: x }; #{ r: 2 }", Gives("1")),
        ("refuse(\"nope\")", Refused("policy-refusal")),
        ("refuse(word)", Fault("policy-refusal")),
        ("fail(\"impossible\")", Fault("policy-fail")),
        ("fail(1)", Fault("policy-argument")),
        ("break", Refused("policy-syntax")),
        ("let 提成 = amount; #{ r: 提成 }", Gives("50000")),
        ("switch num { 7 => #{ r: 1 }, _ => #{ r: 2 } }", Refused("policy-banned")),
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
fn inputs_that_do_not_fit_never_reach_the_script() {
    let policy = Policy::compile(contract(), "fn main(num) { #{ r: num } }", &Libraries::default()).expect("a policy");
    let run = |n: &str, value: serde_json::Value| {
        let mut request = request();
        request.inputs.insert(n.into(), value);
        evaluate(&policy, &Params::default(), &[request]).remove(0).outcome
    };
    let deep = (0..200).fold(json!("1.00"), |inner, _| json!([inner]));
    for (n, value) in [
        ("amount", json!(0.1)),
        ("amount", json!("1.001")),
        ("amount", json!("1e3")),
        ("amount", json!("1,000.00")),
        ("amount", json!("１２")),
        ("amount", json!("99999999999999.00")),
        ("amount", json!(null)),
        ("amount", json!({})),
        ("num", json!("7")),
        ("num", json!(7.0)),
        ("num", json!(18446744073709551615_u64)),
        ("list", json!(["1.00", 2.5])),
        ("list", deep),
        ("list", json!(vec!["1.00"; 10_001])),
        ("bag", json!(["1.00"])),
        ("bag", json!({ "a": null })),
        ("other", json!(1)),
    ] {
        let shown: String = value.to_string().chars().take(60).collect();
        let outcome = run(n, value);
        assert!(
            matches!(&outcome, Outcome::Fault(found) if found.code == "policy-input"),
            "{n} = {shown}: {outcome:?}"
        );
    }
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
