//! Which lines and rows a set of cases reaches.

use serde_json::json;
use zhupi_policies::{Binding, Field, Input, Outcome, Params, Policy, cover};

use super::fixtures::*;
use crate::golden::support::*;

#[test]
fn coverage_tells_lines_and_rows() {
    let policy = compile(bonus_contract(), BONUS);
    let requests = [request(&bonus("900.00", "80")), request(&bonus("950.00", "70"))];
    let (evaluations, mut coverage) = cover(&policy, &bonus_params(), &requests);
    assert_eq!(evaluations.len(), 2);
    assert_eq!(coverage.lines, [2, 3, 4, 6, 7, 8, 9, 10].into());
    assert_eq!(coverage.lines_missed().collect::<Vec<_>>(), [4]);
    let missed = |coverage: &zhupi_policies::Coverage| -> Vec<(String, usize)> {
        coverage.rows_missed().map(|(name, _, row)| (name.to_string(), row)).collect()
    };
    assert_eq!(missed(&coverage), [("grades".to_owned(), 0), ("tiers".to_owned(), 1)]);

    let (failed, more) =
        cover(&policy, &bonus_params(), &[request(&bonus("5000.00", "95")), request(&bonus("0.00", "-1"))]);
    assert!(matches!(&failed[1].outcome, Outcome::Fault(found) if found.code == "policy-fail"));
    coverage.add(more);
    assert_eq!((coverage.lines_missed().count(), missed(&coverage)), (0, vec![]));
}

#[test]
fn coverage_copes_with_every_way_to_write_a_statement() {
    let contract = contract("a.b", &[("x", "money")], &[("r", "money")], &[]);
    let source = r#"
        fn main(x) {
            let list = [1, 2].map(|y| y + 1);
            if x > 5 { x += 1; }
            else if x > 3 { x += 2; }
            else { x += 3; }
            let z = if x > 1 { x } else {
                0
            };
            (x + z) * 0;
            -x;
            let text = `${x} and ${list.len()}`;
            for i in list {
                x = twice(x) / 2;
            }
            #{
                r: x,
            }
        }

        fn twice(y) {
            // a comment { with braces; }
            y * 2
        }
    "#;
    let policy = compile(contract, source);
    let (evaluations, coverage) = cover(&policy, &Params::default(), &[request(&json!({ "x": "1.00" }))]);
    assert_eq!(evaluations[0].answer(), json!({ "r": "4.00" }));
    let missed: Vec<usize> = coverage.lines_missed().collect();
    assert_eq!(missed, [5, 8], "of {:?}", coverage.lines);
}

#[test]
fn rows_of_a_table_that_an_input_is_bound_to_are_reached() {
    let rows = record(&[("from", "score"), ("grade", "text")]).list();
    let bound = |source: &str| {
        let input = Input::of(Field::new(name("rows"), rows.clone()));
        let input = input.from(Binding::parse("param:grades", None).expect("a binding"));
        compile(contract("a.b", &[("score", "score")], &[("r", "text")], &[]).input(input), source)
    };
    let missed = |policy: &Policy, score: &str| -> Vec<usize> {
        let (evaluations, coverage) = cover(policy, &bonus_params(), &[request(&json!({ "score": score }))]);
        assert!(matches!(evaluations[0].outcome, Outcome::Accepted { .. }), "{:?}", evaluations[0].outcome);
        assert_eq!(coverage.rows.len(), 1);
        coverage.rows_missed().map(|(.., row)| row).collect()
    };
    let graded = bound("fn main(score, rows) { #{ r: grade(score, rows).grade } }");
    assert_eq!(missed(&graded, "95"), [1], "`grade` tells which row");
    assert_eq!(missed(&graded, "50"), [0]);
    let walked = bound("fn main(score, rows) { let r = \"\"; for row in rows { r = row.grade; } #{ r: r } }");
    assert_eq!(missed(&walked, "95"), [0; 0], "a script that goes through the rows itself has them all");
}
