//! Whether what an instance moved on accounts is what its events say. That balances are the sums of their entries, the store
//! proves.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{CompanyId, InstanceId, Instant, Money, Name};
use zhupi_engine::{Event, Instance};

use crate::find::hundredths;
use crate::history::write_actor;
use crate::{App, AppError};

/// Account and key.
type At = (String, String);
/// What is posted and reserved; both zero where nothing was moved.
type Amounts = (i64, i64);
/// Where something was moved, when and by whom.
type Moves = BTreeMap<(At, Instant, String), Amounts>;

/// What the events of one instance move.
#[derive(Default)]
pub(super) struct Ledger {
    held: BTreeMap<At, (Money, Money)>,
    moves: BTreeMap<(At, Instant, String), (Money, Money)>,
}

impl Ledger {
    /// Hears an event, and the state that it led to.
    pub fn hear(&mut self, event: &Event, state: &Instance) {
        if self.held.is_empty() && state.moved.is_empty() {
            return;
        }
        let mut held: BTreeMap<At, (Money, Money)> = BTreeMap::new();
        for moved in &state.moved {
            let here = held.entry(at(&moved.account, &moved.key)).or_default();
            *here = (here.0 + moved.posted, here.1 + moved.reserved);
        }
        let before = std::mem::replace(&mut self.held, held);
        for place in before.keys().chain(self.held.keys()).collect::<BTreeSet<_>>() {
            let amounts = |of: &BTreeMap<At, (Money, Money)>| of.get(place).copied().unwrap_or_default();
            let (was, is) = (amounts(&before), amounts(&self.held));
            let moved = self.moves.entry((place.clone(), event.at, write_actor(&event.by))).or_default();
            *moved = (moved.0 + is.0 - was.0, moved.1 + is.1 - was.1);
        }
    }

    fn moves(self) -> Result<Moves, AppError> {
        let moves = self.moves.into_iter();
        moves.map(|(at, (posted, reserved))| Ok((at, (hundredths(posted)?, hundredths(reserved)?)))).collect()
    }
}

fn at(account: &Name, key: &str) -> At {
    (account.to_string(), key.to_owned())
}

impl App {
    /// Balances on which an instance's entries are not what its events say.
    pub(super) async fn moves_unlike(
        &self,
        company: &CompanyId,
        instance: &InstanceId,
        said: Ledger,
    ) -> Result<Vec<At>, AppError> {
        let mut open = said.moves()?;
        for entry in self.store().moved_by(company, instance).await? {
            let here = open.entry(((entry.account, entry.key), entry.at, entry.by)).or_default();
            *here = (here.0.saturating_sub(entry.posted), here.1.saturating_sub(entry.reserved));
        }
        let unlike = open.into_iter().filter(|(_, left)| *left != (0, 0)).map(|((place, _, _), _)| place);
        Ok(unlike.collect::<BTreeSet<_>>().into_iter().collect())
    }
}
