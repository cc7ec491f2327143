//! The amounts of an answer: which there are, and what each payee gets of them.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};
use zhupi_domain::money::parse_decimal;
use zhupi_domain::{Decimal, Name, Text};
use zhupi_policies::{Class, Contract, Kind, Output, Policy, Type};

use super::{LINES, lines};
use crate::convert::text_of;

/// A figure; in JSON a text with at least two digits after the point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure(pub Decimal);

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.0.normalize();
        if value.scale() < 2 { write!(f, "{value:.2}") } else { write!(f, "{value}") }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One amount that is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amount {
    pub name: Name,
    pub title: Text,
    /// Yuan; else points.
    pub money: bool,
    /// Whether it says what class of data it is, beyond being an amount.
    #[serde(skip)]
    pub classes: Vec<Class>,
}

/// An amount under both releases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub current: Figure,
    pub candidate: Figure,
    /// What the candidate gives more.
    pub difference: Figure,
}

impl Difference {
    pub(super) fn add(&mut self, current: Decimal, candidate: Decimal) {
        self.current.0 += current;
        self.candidate.0 += candidate;
        self.difference.0 = self.candidate.0 - self.current.0;
    }
}

/// The amounts of both contracts, in the order of the candidate's; the first is the one that is looked at first.
pub(super) fn amounts([current, candidate]: &[Policy; 2]) -> Vec<Amount> {
    let mut all = of(candidate.contract());
    for amount in of(current.contract()) {
        match all.iter_mut().find(|known| known.name == amount.name) {
            Some(known) => known.classes.extend(amount.classes),
            None => all.push(amount),
        }
    }
    all
}

/// The lines of a payout; else every amount of money; where there is none, every score.
fn of(contract: &Contract) -> Vec<Amount> {
    if contract.kind == Kind::Payout {
        let title = Text::new("发放金额", "Paid");
        let amount = |name| Amount { name, title, money: true, classes: vec![Class::Pay] };
        return lines().map(amount).into_iter().collect();
    }
    let named =
        |ty: &Type| -> Vec<&Output> { contract.outputs.iter().filter(|output| output.field.ty == *ty).collect() };
    let (money, scores) = (named(&Type::Money), named(&Type::Score));
    let (outputs, money) = if money.is_empty() { (scores, false) } else { (money, true) };
    let amount = |output: &Output| Amount {
        name: output.name().clone(),
        title: output.title.clone().unwrap_or_else(|| Text::same(output.name().as_str())),
        money,
        classes: vec![output.class],
    };
    outputs.into_iter().map(amount).collect()
}

/// What each payee gets by an answer, by the name of the amount.
pub(super) type Shares = BTreeMap<String, BTreeMap<Name, Decimal>>;

/// The amounts of one answer. `payee` is whom the row names; without one, a payout tells by its lines.
pub(super) fn shares(contract: &Contract, output: &Map<String, Json>, payee: Option<&str>, number: usize) -> Shares {
    let mut shares = Shares::new();
    if contract.kind == Kind::Payout {
        let (Some(name), Some(Json::Array(listed))) = (lines(), output.get(LINES)) else { return shares };
        for line in listed {
            let paid = line.get("payee").and_then(text_of).unwrap_or_default();
            let amount = line.get("amount").and_then(figure).unwrap_or_default();
            let to = payee.map_or(paid, str::to_owned);
            *shares.entry(to).or_default().entry(name.clone()).or_default() += amount;
        }
        return shares;
    }
    let to = payee.map_or_else(|| unnamed(number), str::to_owned);
    let amounts = of(contract).into_iter().filter_map(|amount| {
        let value = output.get(amount.name.as_str()).and_then(figure)?;
        Some((amount.name, value))
    });
    shares.insert(to, amounts.collect());
    shares
}

/// What a row is called that names nobody.
pub(super) fn unnamed(number: usize) -> String {
    format!("#{number}")
}

fn figure(value: &Json) -> Option<Decimal> {
    parse_decimal(&text_of(value)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zhupi_policies::PolicyName;

    use super::*;

    fn contract(kind: Kind, outputs: &[(&str, Type)]) -> Contract {
        let output = |(name, ty): &(&str, Type)| Output::new(Name::new(*name).unwrap(), ty.clone());
        outputs.iter().map(output).fold(Contract::new(PolicyName::new("a.b").unwrap(), kind), Contract::output)
    }

    fn told(shares: Shares) -> Vec<(String, String, String)> {
        let one = |(payee, amounts): (String, BTreeMap<Name, Decimal>)| {
            let amounts = amounts.into_iter();
            amounts.map(move |(name, value)| (payee.clone(), name.to_string(), Figure(value).to_string())).collect()
        };
        shares.into_iter().flat_map::<Vec<_>, _>(one).collect()
    }

    #[test]
    fn every_amount_of_money_counts_and_without_any_the_scores() {
        let names =
            |contract: &Contract| of(contract).into_iter().map(|amount| amount.name.to_string()).collect::<Vec<_>>();
        let pay = contract(Kind::Decision, &[("score", Type::Score), ("paid", Type::Money), ("carried", Type::Money)]);
        assert_eq!(names(&pay), ["paid", "carried"]);
        assert_eq!(names(&contract(Kind::Score, &[("points", Type::Score), ("days", Type::Days)])), ["points"]);
        assert_eq!(names(&contract(Kind::Payout, &[("total", Type::Money)])), ["lines"]);
        let answer = json!({ "score": "88.00", "paid": "12.50" });
        let shares = shares(&pay, answer.as_object().unwrap(), None, 7);
        assert_eq!(told(shares), [("#7".into(), "paid".into(), "12.50".into())]);
    }

    #[test]
    fn the_lines_of_a_payout_are_added_up_by_payee_or_go_to_whom_the_row_names() {
        let payout = contract(Kind::Payout, &[("total", Type::Money)]);
        let line = |payee: &str, amount: &str| json!({ "payee": payee, "item": "奖", "amount": amount });
        let answer =
            json!({ "total": "6.00", "lines": [line("li", "1.00"), line("wang", "2.00"), line("li", "3.00")] });
        let of = |payee| told(shares(&payout, answer.as_object().unwrap(), payee, 1));
        assert_eq!(
            of(None),
            [("li".into(), "lines".into(), "4.00".into()), ("wang".into(), "lines".into(), "2.00".into())]
        );
        assert_eq!(of(Some("sales")), [("sales".to_owned(), "lines".to_owned(), "6.00".to_owned())]);
    }

    #[test]
    fn a_figure_shows_cents_and_no_digit_is_lost() {
        let shown = |text: &str| Figure(parse_decimal(text).unwrap()).to_string();
        assert_eq!((shown("0"), shown("1200.5"), shown("-3.125")), ("0.00".into(), "1200.50".into(), "-3.125".into()));
    }
}
