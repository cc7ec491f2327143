//! What holds for any script and any figures.

#![allow(clippy::expect_used)]

mod golden {
    pub mod support;
}

use golden::support::*;
use proptest::prelude::*;
use serde_json::json;
use zhupi_domain::Decimal;
use zhupi_policies::{Libraries, Outcome, Params, Policy, evaluate};

/// Pieces that scripts are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "fn main(x) { ",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        "#{",
        "r: ",
        "let y = ",
        "x",
        "y",
        " + ",
        " / ",
        " * ",
        "0",
        "1.5",
        "\"text\"",
        ";",
        ", ",
        "if ",
        " else ",
        "for i in ",
        "loop ",
        "return ",
        "yuan(",
        "split(",
        "params.",
        "tiered",
        "|a| ",
        ".map(",
        ".len()",
        "==",
        " > ",
        " && ",
        "!",
        "-",
        "`${",
        "`",
        "//",
        "/*",
        "*/",
        "\n",
        "const C = ",
        "import ",
        " as z",
        "fn f(a) ",
        "中文",
        "\u{0}",
        "refuse(\"c\")",
        "999999999999999999999",
        "()",
        "??",
        "?.",
        "..",
        "switch ",
        "=> ",
        "this",
        "global::",
        "z::f(",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Compiling never panics; what compiles runs to an outcome that is not our bug.
    #[test]
    fn any_text_is_a_finding_or_a_policy(source in prop_oneof![pieces(), ".{0,200}", pieces().prop_map(|body| format!("fn main(x) {{ {body} }}"))]) {
        let contract = contract("a.b", &[("x", "money")], &[("r", "money?")], &["c"]);
        match Policy::compile(contract, &source, &Libraries::default()) {
            Err(found) => {
                prop_assert!(!found.is_empty());
                prop_assert!(found.iter().all(|one| one.code != "policy-panic"), "{}", list(&found));
                prop_assert!(found.iter().all(|one| one.span.is_none_or(|span| span.end <= source.len() && span.start <= span.end)));
            }
            Ok(policy) => {
                let request = zhupi_policies::Request { deadline: std::time::Duration::from_millis(100), ..request(&json!({ "x": "1.00" })) };
                let outcome = evaluate(&policy, &Params::default(), &[request]).remove(0).outcome;
                let fine = !matches!(&outcome, Outcome::Fault(found) if found.code == "policy-panic");
                prop_assert!(fine, "{outcome:?}");
                let _findings = policy.lint(&Params::default());
            }
        }
    }
}

proptest! {
    /// A script that rounds by the contract agrees with 四舍五入 on whole numbers, and its parts with the whole.
    #[test]
    fn scripts_keep_every_cent(cents in -100_000_000_i64..100_000_000, thousandths in 0_i64..2_000, people in 1_i64..40) {
        let contract = contract("a.b", &[("total", "money"), ("rate", "rate"), ("people", "count")], &[("paid", "money"), ("parts", "[money]")], &[])
            .control("sum(parts) == paid");
        thread_local!(static POLICY: std::cell::RefCell<Option<Policy>> = const { std::cell::RefCell::new(None) });
        let source = "fn main(total, rate, people) { let paid = yuan(total * rate); #{ paid: paid, parts: split(paid, people) } }";
        let policy = POLICY.with_borrow_mut(|known| known.get_or_insert_with(|| compile(contract, source)).clone());
        let (total, rate) = (Decimal::new(cents, 2), Decimal::new(thousandths, 3));
        let answer = run(&policy, &Params::default(), &json!({ "total": total.to_string(), "rate": rate.to_string(), "people": people })).answer();
        let thousandths_of_cents = i128::from(cents) * i128::from(thousandths);
        let expected = (thousandths_of_cents.abs() + 500) / 1000 * thousandths_of_cents.signum();
        prop_assert_eq!(&answer["paid"], &json!(format!("{:.2}", Decimal::from_i128_with_scale(expected, 2))));
    }
}
