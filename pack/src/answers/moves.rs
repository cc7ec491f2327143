//! What a step moves on an account.

use zhupi_domain::expr::{Expr, Value};
use zhupi_domain::{Money, Name, Text};
use zhupi_engine::{Amount, Cursor, Flow, Instance, Move, Obstacle, Spot, StepKind};

use super::{BalanceKey, Found, Scope, Wanted, World, scope};
use crate::Release;
use crate::convert::text_of;

/// Which balance must be known.
pub fn needs(release: &Release, step: &Spot, instance: &Instance, world: &World<'_>) -> Wanted {
    let asked = asked(release, step, instance, world).ok();
    let key = asked.and_then(|(moved, scope)| key(moved, &scope, world).ok());
    Wanted { balances: key.into_iter().collect(), ..Wanted::default() }
}

/// What is moved, and what is free before.
pub fn answer(
    release: &Release,
    step: &Spot,
    instance: &Instance,
    world: &World<'_>,
    found: &Found,
) -> Result<Amount, Obstacle> {
    let (moved, scope) = asked(release, step, instance, world)?;
    let key = key(moved, &scope, world)?;
    let amount = match &moved.amount {
        None => None,
        Some(amount) => Some(money(amount, &scope, world)?),
    };
    let floor = release.company().accounts.get(&moved.account).and_then(|account| account.floor);
    let free = floor.map(|floor| found.balance(&key).free() - floor);
    Ok(Amount { key: key.key, amount, free })
}

fn asked<'a>(
    release: &'a Release,
    step: &Spot,
    instance: &Instance,
    world: &World<'_>,
) -> Result<(&'a Move, Scope), Text> {
    let missing = || Text::new(format!("流程里没有台账步骤 {step}"), format!("the flow has no account step {step}"));
    let flow: &Flow = release.flow(&instance.flow).ok_or_else(missing)?;
    let at: Cursor = flow.locate(step).ok_or_else(missing)?;
    match flow.step(&step.what).map(|step| &step.kind) {
        Some(StepKind::Move(moved)) => Ok((moved, scope(release, flow, instance, Some(&at), world)?)),
        _ => Err(missing()),
    }
}

fn key(moved: &Move, scope: &Scope, world: &World<'_>) -> Result<BalanceKey, Obstacle> {
    let account: &Name = &moved.account;
    match text_of(&scope.eval(&moved.of, world)?.to_json()).filter(|key| !key.is_empty()) {
        Some(key) => Ok(BalanceKey { account: account.clone(), key }),
        None => Err(Text::new(
            format!("台账 {account} 要知道是谁的，而 {} 没有值", moved.of.source()),
            format!("whose balance of {account} is meant is not known: {} has no value", moved.of.source()),
        )
        .into()),
    }
}

fn money(amount: &Expr, scope: &Scope, world: &World<'_>) -> Result<Money, Obstacle> {
    let source = amount.source();
    match scope.eval(amount, world)? {
        Value::Number(number) => Money::exact(number).map_err(|error| {
            Text::new(format!("{source} 不是金额：最多两位小数"), format!("{source} is not an amount: {error}")).into()
        }),
        _ => Err(Text::new(format!("{source} 没有值"), format!("{source} has no value")).into()),
    }
}
