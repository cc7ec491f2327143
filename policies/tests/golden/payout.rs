//! A payout: lines for people, with control sums over them.

use serde_json::{Value, json};
use zhupi_policies::{Kind, Outcome};

use super::support::*;

fn policy(source: &str) -> zhupi_policies::Policy {
    let people = record(&[("id", "person"), ("weight", "number")]).list();
    let mut contract = retype(
        contract("pay.team", &[("pool", "money"), ("team", "text")], &[("total", "money")], &[]),
        "team",
        people,
    )
    .control("sum(lines.amount) == total and total == pool");
    contract.kind = Kind::Payout;
    contract.clause = Some("D0 51".into());
    compile(contract, source)
}

const SHARED: &str = r#"
    fn main(pool, team) {
        let amounts = split(pool, team.map(|person| person.weight));
        let lines = [];
        for (person, i) in team {
            lines.push(#{ payee: person.id, item: "年终奖", amount: amounts[i], component: "weighted" });
        }
        #{ total: sum(lines, "amount"), lines: lines }
    }
"#;

fn inputs() -> Value {
    json!({ "pool": "100.00", "team": [{ "id": "p1", "weight": "1" }, { "id": "p2", "weight": "1" }, { "id": "p3", "weight": "1" }] })
}

#[test]
fn lines_are_part_of_the_answer() {
    let answer = run(&policy(SHARED), &params(vec![]), &inputs()).answer();
    let line = |payee: &str, amount: &str| json!({ "payee": payee, "item": "年终奖", "amount": amount, "component": "weighted", "clause": "D0 51" });
    assert_eq!(
        answer,
        json!({ "total": "100.00", "lines": [line("p1", "33.34"), line("p2", "33.33"), line("p3", "33.33")] })
    );
}

#[test]
fn a_control_sum_finds_the_lost_cent() {
    let careless = SHARED.replace("amounts[i]", "yuan(pool / team.len())");
    let evaluation = run(&policy(&careless), &params(vec![]), &inputs());
    let Outcome::Fault(found) = evaluation.outcome else { panic!("{:?}", evaluation.outcome) };
    assert_eq!(found.code, "policy-control");
}
