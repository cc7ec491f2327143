//! Steps that move money on accounts: in the very commit that leads to them, so that nobody else can take it in between.

use serde_json::Value;
use zhupi_domain::{Money, Text};

use crate::decide::{Draft, Went};
use crate::{
    Actor, Amount, Answer, EventKind, Move, MoveKind, Moved, Place, Problem, Question, Refusal, Shortfall, Spot,
};

impl Draft<'_> {
    /// Moves a balance. True when it is done; where it cannot be, who acts is told, and else a person must look.
    pub fn move_balance(&mut self, step: &Spot, moved: &Move) -> Went<bool> {
        let amount = match self.answer(Question::Move(step.clone()))? {
            Answer::Move(amount) => amount.clone(),
            _ => return Err(Refusal::BadAnswer.into()),
        };
        let problem = match amount.map(|amount| self.changes(moved, &amount)) {
            Ok(Ok((key, posted, reserved))) => {
                let (place, account, does) = (Place::Step(step.clone()), moved.account.clone(), moved.does);
                self.emit(EventKind::Moved { place, does, account, key, posted, reserved });
                return Ok(true);
            }
            Ok(Err(Refused::Short(shortfall))) => {
                if matches!(self.inputs.actor, Actor::Person(_)) {
                    return Err(Refusal::Short(Box::new(shortfall)).into());
                }
                Problem::Short { step: step.clone(), shortfall }
            }
            Ok(Err(Refused::Negative)) => {
                let said = Text::new("不能占用或释放负数", "less than nothing cannot be held or given back");
                Problem::NotMoved { step: step.clone(), said: said.into() }
            }
            Err(told) => Problem::NotMoved { step: step.clone(), said: told },
        };
        self.incident(Place::Step(step.clone()), None, problem, Value::Null);
        Ok(false)
    }

    /// By how much the balance grows, and by how much more is held.
    fn changes(&self, moved: &Move, amount: &Amount) -> Result<(String, Money, Money), Refused> {
        let held = self.state.reserved(&moved.account, &amount.key);
        let wanted = amount.amount.unwrap_or(held);
        if wanted < Money::ZERO && moved.does != MoveKind::Post {
            return Err(Refused::Negative);
        }
        let (posted, reserved) = match moved.does {
            MoveKind::Reserve => (Money::ZERO, wanted),
            MoveKind::Release => (Money::ZERO, -wanted.min(held)),
            MoveKind::Post => (wanted, -held),
        };
        let change = posted - reserved;
        let freed = |list: &[Moved]| -> Money {
            let here = list.iter().filter(|done| done.account == moved.account && done.key == amount.key);
            here.map(|done| done.posted - done.reserved).sum()
        };
        // The balance was told as it was before this decision.
        let since = freed(&self.state.moved) - freed(&self.moved_before);
        match amount.free.map(|free| free + since) {
            Some(free) if change < Money::ZERO && free + change < Money::ZERO => {
                let (account, key) = (moved.account.clone(), amount.key.clone());
                let wanted = if moved.does == MoveKind::Post { -posted } else { reserved };
                let free = if moved.does == MoveKind::Post { free + held } else { free };
                Err(Refused::Short(Shortfall { account, key, wanted, free }))
            }
            _ => Ok((amount.key.clone(), posted, reserved)),
        }
    }
}

enum Refused {
    Short(Shortfall),
    Negative,
}
