//! Accounts, and the steps that move their balances.

use zhupi_domain::expr::Type;
use zhupi_domain::{Name, Span};

use super::expressions::{Here, english};
use super::unknown;
use crate::company::Company;
use crate::read::Log;
use crate::read::accounts::MoveSource;

/// Reports an account that the company does not have.
pub fn known(account: &Name, span: Span, company: &Company, log: &Log<'_>) {
    if !company.accounts.contains_key(account) {
        let known: Vec<&str> = company.accounts.keys().map(Name::as_str).collect();
        let finding = unknown("pack.unknown-account", span, "台账", "account", account.as_str());
        log.push(log.hints(finding, account.as_str(), &known));
    }
}

/// Whether a value can say whose balance is meant.
pub fn is_key(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Enum(_))
}

/// Checks what a step moves.
pub fn moves(moved: &MoveSource, here: &Here<'_>, company: &Company) {
    if let Some(account) = &moved.account {
        known(&account.value, account.span, company, here.log);
    }
    if let Some(of) = &moved.of
        && let Some(found) = here.infer(of)
        && !is_key(&found)
    {
        let found = found.describe();
        here.log.error(
            "flow.expression-type",
            of.text_span(),
            format!("这里需要编号之类的文字，得到的是{}", found.zh),
            format!("a text such as a number or an id is needed here, not {}", english(&found)),
        );
    }
    if let Some(amount) = &moved.amount {
        here.expect(&Type::Number, amount);
    }
}
