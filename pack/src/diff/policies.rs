//! Policies: their contracts by what they promise, their scripts as a whole.

use zhupi_domain::{ContentHash, Name, Text};
use zhupi_policies::{Contract, Field, Input, Kind, Presence};

use super::{Area, Outline, Traits, both, joined, word};
use crate::Release;

pub fn outline(release: &Release, outline: &mut Outline) {
    for (name, policy) in release.policies() {
        let traits = outline.add(Area::Policy, name.as_str());
        contract(policy.contract(), release, traits);
        let hash = ContentHash::of(&[policy.source().as_bytes()]).to_string();
        traits.insert(Text::new("脚本", "script"), hash.chars().take(12).collect());
    }
}

fn contract(contract: &Contract, release: &Release, traits: &mut Traits) {
    let kind = match contract.kind {
        Kind::Score => "score",
        Kind::Decision => "decision",
        Kind::Payout => "payout",
    };
    traits.insert(word("kind"), kind.to_owned());
    traits.insert(word("title"), contract.title.as_ref().map(both).unwrap_or_default());
    traits.insert(word("clause"), contract.clause.clone().unwrap_or_default());
    traits.insert(word("rounding"), format!("{:?}", contract.rounding));
    traits.insert(word("left_over"), contract.left_over.word().to_owned());
    traits.insert(word("control"), joined(contract.control.iter().map(|control| &control.source)));
    traits.insert(word("refusals"), joined(contract.refusals.iter().map(|refusal| &refusal.code)));
    for input in &contract.inputs {
        let label = Text::new(format!("输入 {}", input.name()), format!("input {}", input.name()));
        traits.insert(label, self::input(contract, input, release));
    }
    for output in &contract.outputs {
        let label = Text::new(format!("输出 {}", output.name()), format!("output {}", output.name()));
        traits.insert(label, field(&output.field));
    }
}

fn input(contract: &Contract, input: &Input, release: &Release) -> String {
    let matches = release.matches(&contract.policy, input.name());
    let matches = matches.iter().map(|(name, expr): &(Name, _)| format!("{name} = {}", expr.source()));
    let from = input.from.as_ref().map(|from| format!(", from {}", from.source())).unwrap_or_default();
    let matches = joined(matches);
    let matches = if matches.is_empty() { matches } else { format!(" ({matches})") };
    format!("{}{from}{matches}", field(&input.field))
}

fn field(field: &Field) -> String {
    let presence = match &field.presence {
        Presence::Required => String::new(),
        Presence::Optional => ", optional".to_owned(),
        Presence::Nullable => ", nullable".to_owned(),
        Presence::Default(value) => format!(", default {value}"),
    };
    let bound = |word: &str, value: Option<zhupi_domain::Decimal>| {
        value.map(|value| format!(", {word} {value}")).unwrap_or_default()
    };
    let rounding = field.rounding.map(|rounding| format!(", {rounding:?}")).unwrap_or_default();
    format!("{}{presence}{}{}{rounding}", field.ty.word(), bound("min", field.min), bound("max", field.max))
}
