//! The guide for authors: its scripts compile, and it leaves out no word and no finding.

#![allow(clippy::expect_used)]

mod golden {
    pub mod support;
}

use golden::support::*;
use zhupi_policies::{Contract, Kind, Libraries, Policy, words};

const GUIDE: &str = include_str!("../../docs/policies.md");

/// The scripts of the guide, each with the policy that its first line names.
fn scripts() -> Vec<(String, String)> {
    let blocks = GUIDE.split("```rhai\n").skip(1).filter_map(|rest| rest.split("```").next());
    let named = blocks.map(|block| {
        let name = block
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("// policy "))
            .expect("a first line with the policy's name");
        (name.to_owned(), block.to_owned())
    });
    named.collect()
}

fn contract_of(policy: &str) -> Contract {
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let (inputs, outputs, refusals): (Fields<'_>, Fields<'_>, &[&str]) = match policy {
        "credit.bad_debt_deduction" => (
            &[
                ("commission", "money"),
                ("bad_debt", "money"),
                ("rate", "rate"),
                ("cause", "text"),
                ("carried_in", "money"),
            ],
            &[("deducted", "money"), ("commission_paid", "money"), ("carried_forward", "money")],
            &[],
        ),
        "workplan.software_deadlines" => (
            &[("month", "period"), ("cycle_end", "date"), ("holidays", "[date]"), ("extra_workdays", "[date]")],
            &[("plan_by", "date"), ("self_review_by", "date"), ("next_week_plan_by", "datetime")],
            &[],
        ),
        "hospital.monthly_pay" => (
            &[("base_pay", "money"), ("float_rate", "rate"), ("score", "score"), ("max_float_rate", "rate")],
            &[("monthly_pay", "money"), ("performance_pay", "money")],
            &["score_out_of_range", "float_rate_above_cap"],
        ),
        "hospital.market_split" => (&[("pool", "money"), ("staff", "[text]")], &[("manager", "money")], &[]),
        "hospital.profit_commission" => (&[("profit", "money")], &[("rate", "rate"), ("commission", "money")], &[]),
        "pay.team" => (&[("pool", "money"), ("team", "[text]")], &[("total", "money")], &[]),
        other => panic!("no contract for {other}"),
    };
    let contract = contract(policy, inputs, outputs, refusals);
    Contract { kind: if policy == "pay.team" { Kind::Payout } else { Kind::Decision }, ..contract }
}

#[test]
fn every_script_of_the_guide_compiles() {
    assert!(scripts().len() >= 6);
    for (policy, script) in scripts() {
        let compiled = Policy::compile(contract_of(&policy), &script, &Libraries::default());
        assert!(compiled.is_ok(), "{}", list(&compiled.err().unwrap_or_default()));
    }
}

#[test]
fn the_guide_names_every_word() {
    let missing: Vec<&str> =
        words().map(|word| word.name).filter(|name| !GUIDE.contains(&format!("`{name}"))).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_word_helps_in_both_languages() {
    for word in words() {
        let text = word.text();
        assert!(!text.zh.is_empty() && text.en.is_some() && word.usage.starts_with(word.name), "{}", word.name);
    }
}

#[test]
fn the_guide_explains_every_finding() {
    let codes = (1..=13).map(|n| format!("T{n:02}")).chain((1..=3).map(|n| format!("S{n:02}")));
    let missing: Vec<String> = codes.filter(|code| !GUIDE.contains(&format!("| {code} |"))).collect();
    assert_eq!(missing, [""; 0]);
}
