//! What must be looked up before something can be answered: business facts and balances.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use zhupi_domain::{Money, Name};
use zhupi_policies::{Pick, Take};

/// What must be found before something can be answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub facts: Vec<FactQuery>,
    pub balances: Vec<BalanceKey>,
}

/// Facts that feed one input of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactQuery {
    /// The input; the facts found are handed back under its name.
    pub input: Name,
    /// The kind of fact.
    pub kind: Name,
    /// Key fields and the text that each must equal. A field that must equal something absent matches nothing: then no query
    /// is asked for.
    pub matching: BTreeMap<String, String>,
    /// [`Pick::Latest`] needs the one recorded last only; all others need every fact that matches and is not replaced.
    pub pick: Pick,
}

/// Whose balance of which account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BalanceKey {
    pub account: Name,
    pub key: String,
}

/// One balance; nothing was moved on one that is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub posted: Money,
    /// What requests hold of it.
    pub reserved: Money,
}

impl Balance {
    /// What is neither spent nor held.
    pub fn free(self) -> Money {
        self.posted - self.reserved
    }

    /// What a policy takes of it, for a request that holds so much of it itself.
    pub fn take(self, take: Take, own: Money) -> Money {
        match take {
            Take::ReservedByOthers => self.reserved - own,
            Take::Free => self.free(),
            Take::Posted => self.posted,
            Take::Reserved => self.reserved,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Bodies of facts, by input, in the order in which they were recorded.
    pub facts: BTreeMap<Name, Vec<Json>>,
    pub balances: BTreeMap<BalanceKey, Balance>,
}

impl Found {
    pub fn balance(&self, key: &BalanceKey) -> Balance {
        self.balances.get(key).copied().unwrap_or_default()
    }
}
