//! A deduction whose rate is blank, then assumed, then decided; and a bonus with tiers and grades.

use serde_json::{Value, json};
use zhupi_domain::Text;
use zhupi_policies::{
    Axis, Band, Binding, Bounds, Cell, Class, Contract, Dated, Grades, Input, Mode, Param, ParamValue, Params, Pay,
    Policy, Request, Status, Table, Tiers, Unit,
};

use crate::golden::support::*;

pub fn rate(from: &str, value: Option<&str>, status: Status) -> Dated {
    let value = match value {
        Some(value) => ParamValue::Plain { ty: typed("rate"), value: json!(value) },
        None => ParamValue::Blank,
    };
    Dated { status, ..Dated::new(day(from), value).clause("D1 142") }
}

/// Blank in 2026, assumed in 2027, decided from 2028 on.
pub fn rate_params() -> Params {
    let values = vec![
        rate("2028-01-01", Some("0.20"), Status::Decided),
        rate("2026-01-01", None, Status::Decided),
        rate("2027-01-01", Some("0.30"), Status::Assumed),
    ];
    let mut param = Param::new(name("bad-debt-rate"), values);
    param.title = Some(Text::new("坏账扣款比率", "bad-debt rate"));
    params(vec![param])
}

pub fn deduction(bound: bool) -> Policy {
    let binding = Binding::parse("param:bad-debt-rate", None).expect("a binding");
    let mut contract = contract("credit.deduction", &[("bad_debt", "money")], &[("deducted", "money")], &[]);
    contract.outputs[0].title = Some(Text::new("扣款", "deduction"));
    contract.inputs[0].title = Some(Text::new("坏账", "bad debt"));
    if bound {
        contract = contract.input(Input::of(field("rate", "rate")).from(binding));
        compile(contract, "fn main(bad_debt, rate) { #{ deducted: yuan(bad_debt * rate) } }")
    } else {
        compile(contract, "fn main(bad_debt, params) { #{ deducted: yuan(bad_debt * params.bad_debt_rate) } }")
    }
}

pub fn on(date: &str, inputs: Value) -> Request {
    Request { on: day(date), ..request(&inputs) }
}

pub fn bonus_params() -> Params {
    let band = |from: &str, to: Option<&str>, rate: &str| Band {
        from: d(from),
        to: to.map(d),
        value: Pay::Rate(d(rate)),
        clause: Some(format!("D9 {from}")),
        span: None,
    };
    let axis = |unit| Axis {
        name: "业绩".into(),
        unit,
        step: d("0.01"),
        low: Some(d("0")),
        high: None,
        bounds: Bounds::HalfOpen,
        below: None,
    };
    let tiers = Tiers {
        axis: axis(Unit::Yuan),
        mode: Some(Mode::Slice),
        rows: vec![band("0", Some("1000"), "0.05"), band("1000", None, "0.10")],
        gaps: vec![],
    };
    let factor = |from: &str, to: Option<&str>, grade: &str, factor: &str| Band {
        from: d(from),
        to: to.map(d),
        value: [(name("grade"), Cell::Text(grade.into())), (name("factor"), Cell::Number(d(factor)))].into(),
        clause: None,
        span: None,
    };
    let grades = Grades {
        axis: axis(Unit::Points),
        rows: vec![factor("90", None, "A", "1.2"), factor("0", Some("90"), "B", "1")],
        gaps: vec![],
    };
    params(vec![
        param("tiers", ParamValue::Table(Table::Tiers(tiers))),
        param("grades", ParamValue::Table(Table::Grades(grades))),
    ])
}

pub fn bonus_contract() -> Contract {
    let mut contract = contract(
        "pay.bonus",
        &[("sales", "money"), ("score", "score"), ("salary", "money")],
        &[("bonus", "money"), ("half", "money")],
        &[],
    );
    contract.inputs[2].class = Class::Pay;
    contract
}

pub const BONUS: &str = "fn main(sales, score, salary, params) {
    let base = tiered(sales, params.tiers);
    if score < 0 {
        fail(\"no such score\");
    }
    let factor = grade(score, params.grades).factor;
    let bonus = cap(yuan(base * factor), salary);
    let half = split(yuan(sales), 2)[0];
    note(\"业绩\", sales);
    #{ bonus: bonus, half: half }
}";

pub fn bonus(sales: &str, score: &str) -> Value {
    json!({ "sales": sales, "score": score, "salary": "163.00" })
}
