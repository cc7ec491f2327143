//! Figures and kinds that would be silently wrong elsewhere.

use serde_json::json;
use zhupi_policies::{Libraries, Outcome, Params, Policy, evaluate};

use super::support::*;
use End::{Fault, Gives, Refused};

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
        ("#{ r: min(3, 2) }", Gives("2")),
        ("#{ r: max(1, 2.5, num) + 1 }", Gives("8")),
        ("#{ r: max(amount, 1) / 2 }", Gives("25000")),
        ("#{ r: min(list) + max(list) }", Gives("4")),
        ("#{ r: cap(max([num]), 5) }", Gives("5")),
        ("#{ r: max([]) }", Fault("policy-argument")),
        ("#{ r: max([\"2\"]) }", Fault("policy-argument")),
        ("#{ r: min(\"1\", \"2\") }", Fault("policy-argument")),
        ("#{ r: sum([#{ a: 1 }, #{ a: () }], \"a\") }", Fault("policy-argument")),
        ("#{ r: sum([#{ a: 1 }, #{}], \"a\") }", Fault("policy-argument")),
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
