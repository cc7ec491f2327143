//! Contracts against params, kinds of facts, attributes of people and the calendar.

use std::collections::BTreeMap;

use zhupi_domain::expr::{Field as Member, Type};
use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_forms::Form;
use zhupi_policies::{BalanceBinding, Binding, FactBinding, Input, Params, Pick};

use super::expressions::english;
use super::people::unknown_field;
use super::scope::period_type;
use super::{Offer, unknown};
use crate::convert::input_type;
use crate::read::Log;
use crate::read::contract::ContractSource;

/// The parts of the calendar that an input can be bound to.
pub const CALENDAR: [&str; 2] = ["holidays", "extra_workdays"];

/// Checks every binding of a contract.
pub fn contract(source: &ContractSource, params: &Params, offer: &Offer, log: &Log<'_>) {
    for input in &source.contract.inputs {
        let span = source.sources.get(input.name()).copied().or(input.field.span).unwrap_or_default();
        let check = Bound { source, input, span, offer, log };
        match &input.from {
            None => {}
            Some(Binding::Param(param)) => check.param(param, params),
            Some(Binding::Fact(fact)) => check.fact(fact),
            Some(Binding::Balance(balance)) => check.balance(balance),
            Some(Binding::Person(attribute)) => check.attribute(attribute),
            Some(Binding::Calendar(part)) => check.calendar(part),
        }
    }
}

struct Bound<'a> {
    source: &'a ContractSource,
    input: &'a Input,
    span: Span,
    offer: &'a Offer,
    log: &'a Log<'a>,
}

impl Bound<'_> {
    fn param(&self, param: &Name, params: &Params) {
        if params.get(param).is_none() {
            let known: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
            let finding = unknown("pack.unknown-param", self.span, "参数", "param", param.as_str());
            self.log.push(self.log.hints(finding, param.as_str(), &known));
        }
    }

    fn balance(&self, balance: &BalanceBinding) {
        let Some(company) = &self.offer.company else { return };
        super::accounts::known(&balance.account, self.span, company, self.log);
        self.fits(&Type::Number);
        let Some(scope) = self.scope() else { return };
        for (_, of) in self.source.matches.get(self.input.name()).into_iter().flatten() {
            match of.expr.check(&scope) {
                Err(findings) => of.report(findings, self.log),
                Ok(given) if super::accounts::is_key(&given) => {}
                Ok(given) => self.wrong_type(of.text_span(), &Type::Text, &given),
            }
        }
    }

    fn attribute(&self, name: &Name) {
        let Some(company) = &self.offer.company else { return };
        match company.attributes.get(name) {
            Some(attribute) => self.fits(&attribute.ty.expression_type()),
            None => {
                let known: Vec<&str> = company.attributes.keys().map(Name::as_str).collect();
                let finding =
                    unknown("pack.unknown-attribute", self.span, "人员属性", "attribute of people", name.as_str());
                self.log.push(self.log.hints(finding, name.as_str(), &known));
            }
        }
    }

    fn calendar(&self, part: &Name) {
        if CALENDAR.contains(&part.as_str()) {
            self.fits(&Type::list(Type::Date));
        } else {
            let finding =
                unknown("pack.unknown-calendar", self.span, "日历项目", "part of the calendar", part.as_str());
            self.log.push(self.log.hints(finding, part.as_str(), &CALENDAR));
        }
    }

    fn fact(&self, fact: &FactBinding) {
        let Some(form) = self.offer.fact(&fact.fact, self.span, self.log) else { return };
        self.matches(form);
        let taken = match &fact.take {
            None => Some(form.record_type()),
            Some(take) => match form.field(take.as_str()) {
                Some(field) => Some(field.value_type()),
                None => {
                    unknown_field(take.as_str(), self.span, form, self.log);
                    None
                }
            },
        };
        match (fact.pick, taken) {
            (Pick::Count, _) => self.fits(&Type::Number),
            (Pick::Sum, Some(Type::Number)) => self.fits(&Type::Number),
            (Pick::Sum, Some(_)) => self.log.error(
                "contract.sum",
                self.span,
                "只有数字字段才能求和，请用 take 指明",
                "only a field with numbers can be summed; name it with `take`",
            ),
            (Pick::All, Some(taken)) => self.fits(&Type::list(taken)),
            (Pick::Only | Pick::Latest, Some(taken)) => self.fits(&taken),
            (_, None) => {}
        }
    }

    /// Facts are found by their key fields only.
    fn matches(&self, form: &Form) {
        let Some(scope) = self.scope() else { return };
        for (field, value) in self.source.matches.get(self.input.name()).into_iter().flatten() {
            let name = field.value.as_str();
            let Some(found) = form.field(name) else {
                unknown_field(name, field.span, form, self.log);
                continue;
            };
            if !form.key().iter().any(|key| key == name) {
                let keys: Vec<&str> = form.key().iter().map(String::as_str).collect();
                let message =
                    Text::new(format!("`{name}` 不是查找字段"), format!("facts are not looked up by `{name}`"));
                let finding = Diagnostic::error("contract.no-key", field.span, message)
                    .hint(Text::new("在 facts 文件里把它写进 x-key", "put it into `x-key` of the fact's file"));
                self.log.push(self.log.hints(finding, name, &keys));
            }
            match value.expr.check(&scope) {
                Err(findings) => value.report(findings, self.log),
                Ok(given) if found.value_type().accepts(&given) => {}
                Ok(given) => self.wrong_type(value.text_span(), &found.value_type(), &given),
            }
        }
    }

    /// What the conditions on facts see: the person and the period it is about, today, and inputs without a source.
    fn scope(&self) -> Option<Type> {
        let person = self.offer.company.as_ref()?.person_type();
        let usual = [("subject", person), ("period", period_type()), ("today", Type::Date)];
        let mut scope: BTreeMap<String, Member> =
            usual.into_iter().map(|(name, ty)| (name.to_owned(), Member::required(ty))).collect();
        for input in self.source.contract.inputs.iter().filter(|input| input.from.is_none()) {
            scope.extend(input_type(&input.field.ty).map(|ty| (input.name().to_string(), Member::optional(ty))));
        }
        Some(Type::Record(scope))
    }

    fn fits(&self, given: &Type) {
        match input_type(&self.input.field.ty) {
            Some(wanted) if wanted.accepts(given) => {}
            Some(wanted) => self.wrong_type(self.span, &wanted, given),
            None => {}
        }
    }

    fn wrong_type(&self, span: Span, wanted: &Type, given: &Type) {
        let (wanted, given) = (wanted.describe(), given.describe());
        self.log.error(
            "contract.binding-type",
            span,
            format!("这里需要{}，来源给的是{}", wanted.zh, given.zh),
            format!("{} is needed here, and the source gives {}", english(&wanted), english(&given)),
        );
    }
}
