//! Contract awards of the hospital-acquisition firm, and how departments share them.

use serde_json::{Value, json};
use zhupi_policies::{Cell, Entry, Lookup, ParamValue, Params, Share, Shares, Table};

use super::support::*;

fn award_params() -> Params {
    let entry = |grade: &str, award: &str| Entry {
        keys: vec![grade.into()],
        value: Cell::Number(d(award)),
        clause: None,
        span: None,
    };
    let awards = Lookup {
        keys: vec!["等级".into()],
        rows: vec![entry("A", "100000"), entry("B", "60000"), entry("C", "40000")],
    };
    params(vec![
        param("contract-award", ParamValue::Table(Table::Lookup(awards))),
        split_param("award-split", &[("general_manager", "30"), ("market_dept", "50"), ("other_depts", "20")]),
        split_param("market-split", &[("manager", "40"), ("discretionary_pool", "25"), ("equal_pool", "35")]),
    ])
}

fn split_param(n: &str, shares: &[(&str, &str)]) -> zhupi_policies::Param {
    let rows = shares.iter().map(|(n, p)| Share { name: name(n), percent: d(p), clause: None, span: None }).collect();
    param(n, ParamValue::Table(Table::Split(Shares { rows, left_over: None })))
}

#[test]
fn contract_awards_are_split_30_50_20() {
    let contract = contract(
        "hospital.contract_awards",
        &[("contracts", "{count}")],
        &[("total", "money"), ("general_manager", "money"), ("market_dept", "money"), ("other_depts", "money")],
        &["unknown_hospital_grade"],
    )
    .control("general_manager + market_dept + other_depts == total");
    let policy = compile(
        contract,
        r#"
        fn main(contracts, params) {
            let total = 0;
            for grade in contracts.keys() {
                if !has(params.contract_award, grade) { refuse("unknown_hospital_grade"); }
                total += lookup(params.contract_award, grade) * contracts[grade];
            }
            let answer = split(yuan(total), params.award_split);
            answer.total = yuan(total);
            answer
        }
        "#,
    );
    let row = |a: i64, b: i64, c: i64, [total, gm, market, other]: [&str; 4]| {
        (
            json!({ "contracts": { "A": a, "B": b, "C": c } }),
            json!({ "accepted": true, "total": total, "general_manager": gm, "market_dept": market, "other_depts": other }),
        )
    };
    expect(
        &policy,
        &award_params(),
        &[
            row(2, 1, 3, ["380000.00", "114000.00", "190000.00", "76000.00"]),
            row(1, 0, 0, ["100000.00", "30000.00", "50000.00", "20000.00"]),
            row(0, 1, 0, ["60000.00", "18000.00", "30000.00", "12000.00"]),
            row(0, 0, 1, ["40000.00", "12000.00", "20000.00", "8000.00"]),
            row(0, 0, 0, ["0.00", "0.00", "0.00", "0.00"]),
            (json!({ "contracts": { "D": 1 } }), json!({ "accepted": false, "reason": "unknown_hospital_grade" })),
            (
                json!({ "contracts": {} }),
                json!({ "accepted": true, "total": "0.00", "general_manager": "0.00", "market_dept": "0.00", "other_depts": "0.00" }),
            ),
        ],
    );
}

#[test]
fn the_market_department_shares_40_25_35() {
    let shares = record(&[("name", "text"), ("amount", "money")]).list();
    let contract = retype(
        contract(
            "hospital.market_split",
            &[("pool", "money"), ("staff", "[text]")],
            &[("manager", "money"), ("discretionary_pool", "money"), ("equal_pool", "money"), ("equal_shares", "text")],
            &[],
        )
        .control("manager + discretionary_pool + equal_pool == pool and sum(equal_shares.amount) == equal_pool"),
        "equal_shares",
        shares,
    );
    let policy = compile(
        contract,
        r#"
        fn main(pool, staff, params) {
            // A manager who is alone keeps everything.
            if staff.is_empty() {
                return #{ manager: pool, discretionary_pool: 0, equal_pool: 0, equal_shares: [] };
            }
            let parts = split(pool, params.market_split);
            let amounts = split(parts.equal_pool, staff.len());
            let shares = [];
            for (name, i) in staff {
                shares.push(#{ name: name, amount: amounts[i] });
            }
            parts.equal_shares = shares;
            parts
        }
        "#,
    );
    let shares = |names: &[&str], amounts: &[&str]| -> Value {
        names.iter().zip(amounts).map(|(name, amount)| json!({ "name": name, "amount": amount })).collect()
    };
    let row = |pool: &str, names: &[&str], [manager, free, equal]: [&str; 3], amounts: &[&str]| {
        (
            json!({ "pool": pool, "staff": names }),
            json!({ "manager": manager, "discretionary_pool": free, "equal_pool": equal, "equal_shares": shares(names, amounts) }),
        )
    };
    expect(
        &policy,
        &award_params(),
        &[
            row(
                "190000.00",
                &["陈一", "李二", "王三"],
                ["76000.00", "47500.00", "66500.00"],
                &["22166.67", "22166.67", "22166.66"],
            ),
            row("20000.00", &["陈一"], ["8000.00", "5000.00", "7000.00"], &["7000.00"]),
            row(
                "50000.00",
                &["甲", "乙", "丙", "丁", "戊", "己", "庚"],
                ["20000.00", "12500.00", "17500.00"],
                &["2500.00"; 7],
            ),
            row("50000.00", &[], ["50000.00", "0.00", "0.00"], &[]),
        ],
    );
}

#[test]
fn discretion_is_held_within_its_bounds() {
    let staff = record(&[("name", "text"), ("score", "score")]).list();
    let lines = record(&[("name", "text"), ("amount", "money")]).list();
    let mut contract = contract(
        "hospital.discretionary",
        &[
            ("pool", "money"),
            ("right_holders", "[text]"),
            ("signed_by", "[text]"),
            ("eligible_staff", "text"),
            ("proposal", "text"),
        ],
        &[("allocated", "money"), ("unallocated", "money"), ("warnings", "[text]")],
        &[
            "needs_all_right_holders",
            "right_holder_may_not_share",
            "payee_outside_department",
            "payee_listed_twice",
            "negative_amount",
        ],
    );
    contract = refusal(
        retype(retype(contract, "eligible_staff", staff), "proposal", lines),
        "exceeds_pool",
        &[("over_by", "money")],
    );
    let policy = compile(
        contract,
        r#"
        fn main(pool, right_holders, signed_by, eligible_staff, proposal) {
            for holder in right_holders {
                if !(holder in signed_by) { refuse("needs_all_right_holders"); }
            }
            let given = #{};
            let staff = eligible_staff.map(|person| person.name);
            for line in proposal {
                if line.name in right_holders { refuse("right_holder_may_not_share"); }
                if !(line.name in staff) { refuse("payee_outside_department"); }
                if line.name in given { refuse("payee_listed_twice"); }
                if line.amount < 0 { refuse("negative_amount"); }
                given[line.name] = line.amount;
            }
            let allocated = sum(proposal, "amount");
            if allocated > pool { refuse("exceeds_pool", #{ over_by: allocated - pool }); }
            #{
                allocated: allocated,
                unallocated: pool - allocated,
                warnings: if inverted(eligible_staff, given) { ["score_inversion"] } else { [] },
            }
        }

        // Whether somebody with a higher score gets less than another.
        fn inverted(people, given) {
            for better in people {
                for worse in people {
                    if better.score > worse.score && get(given, better.name, 0) < get(given, worse.name, 0) {
                        return true;
                    }
                }
            }
            false
        }
        "#,
    );
    let inputs = |signed: &[&str], proposal: &[(&str, &str)]| {
        let proposal: Vec<Value> =
            proposal.iter().map(|(name, amount)| json!({ "name": name, "amount": amount })).collect();
        json!({
            "pool": "47500.00", "right_holders": ["市场部经理", "总经理"], "signed_by": signed,
            "eligible_staff": [{ "name": "陈一", "score": "92" }, { "name": "李二", "score": "85" }, { "name": "王三", "score": "78" }],
            "proposal": proposal,
        })
    };
    let both = ["总经理", "市场部经理"];
    let allowed = |proposal: &[(&str, &str)], allocated: &str, rest: &str, warnings: &[&str]| {
        (
            inputs(&both, proposal),
            json!({ "accepted": true, "allocated": allocated, "unallocated": rest, "warnings": warnings }),
        )
    };
    let refused = |proposal: &[(&str, &str)], reason: &str| {
        (inputs(&both, proposal), json!({ "accepted": false, "reason": reason }))
    };
    expect(
        &policy,
        &Params::default(),
        &[
            allowed(&[("陈一", "20000.00"), ("李二", "15000.00"), ("王三", "12500.00")], "47500.00", "0.00", &[]),
            allowed(&[("陈一", "20000.00"), ("李二", "15000.00")], "35000.00", "12500.00", &[]),
            allowed(
                &[("陈一", "10000.00"), ("李二", "12500.00"), ("王三", "25000.00")],
                "47500.00",
                "0.00",
                &["score_inversion"],
            ),
            allowed(&[], "0.00", "47500.00", &[]),
            refused(&[("市场部经理", "1000.00")], "right_holder_may_not_share"),
            refused(&[("财务部小周", "1000.00")], "payee_outside_department"),
            refused(&[("陈一", "1000.00"), ("陈一", "500.00")], "payee_listed_twice"),
            refused(&[("陈一", "-1.00")], "negative_amount"),
            (
                inputs(&both, &[("陈一", "47500.01")]),
                json!({ "accepted": false, "reason": "exceeds_pool", "over_by": "0.01" }),
            ),
            (
                inputs(&["总经理"], &[("陈一", "1000.00")]),
                json!({ "accepted": false, "reason": "needs_all_right_holders" }),
            ),
        ],
    );
}
