//! Credit rules of the pharma company.

use serde_json::json;
use zhupi_policies::Params;

use super::support::*;

#[test]
fn bad_debt_deduction_stops_at_the_months_commission() {
    let contract = contract(
        "credit.bad_debt_deduction",
        &[("commission", "money"), ("bad_debt", "money"), ("rate", "rate"), ("cause", "text"), ("carried_in", "money")],
        &[("deducted", "money"), ("commission_paid", "money"), ("carried_forward", "money")],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(commission, bad_debt, rate, cause, carried_in) {
            let owed = carried_in;
            if cause == "handler_irresponsible" {
                owed += yuan(bad_debt * rate);
            }
            let deducted = cap(owed, commission);
            #{
                deducted: deducted,
                commission_paid: commission - deducted,
                carried_forward: owed - deducted,
            }
        }
        "#,
    );
    let row = |commission: &str, debt: &str, cause: &str, carried: &str, [deducted, paid, forward]: [&str; 3]| {
        (
            json!({ "commission": commission, "bad_debt": debt, "rate": "0.30", "cause": cause, "carried_in": carried }),
            json!({ "deducted": deducted, "commission_paid": paid, "carried_forward": forward }),
        )
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row("5000.00", "8000.00", "handler_irresponsible", "0.00", ["2400.00", "2600.00", "0.00"]),
            row("2400.00", "8000.00", "handler_irresponsible", "0.00", ["2400.00", "0.00", "0.00"]),
            row("1500.00", "8000.00", "handler_irresponsible", "0.00", ["1500.00", "0.00", "900.00"]),
            row("5000.00", "8000.00", "customer_bankrupt", "0.00", ["0.00", "5000.00", "0.00"]),
            row("3000.00", "1234.55", "handler_irresponsible", "900.00", ["1270.37", "1729.63", "0.00"]),
        ],
    );
}
