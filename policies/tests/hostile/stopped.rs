//! What never ends, or takes all there is.

use super::support::*;
use End::{Fault, Gives, Refused, Stopped};

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
        ("let a = [[1]]; loop { a = a.map(|x| a); }", Refused("policy-closure")),
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
