//! Balances of accounts and what moved them, as readers are shown them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{PageView, PersonView, TextView};

/// A page of balances.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BalancesView {
    /// The accounts of which the reader sees something; with the first page of an unfiltered list only.
    pub accounts: Vec<AccountView>,
    pub items: Vec<BalanceView>,
    /// Give this as `after` to read on; null at the end.
    pub next: Option<String>,
}

/// An account of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    pub account: String,
    pub title: TextView,
    /// What one of its keys is called, such as 计划编号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_title: Option<TextView>,
    /// What must be left on every key; absent: it may become negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<String>,
}

/// What is on one key of an account. Amounts are decimals without marks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BalanceView {
    pub account: String,
    pub key: String,
    /// The key with the names of people and departments in it, where it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub posted: String,
    /// What requests on their way hold of it.
    pub reserved: String,
    /// What is neither spent nor held.
    pub free: String,
    /// Whether the amounts are withheld.
    pub masked: bool,
}

/// One balance with a page of what moved it, the last first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BalanceEntriesView {
    pub account: AccountView,
    pub balance: BalanceView,
    pub entries: PageView<EntryView>,
}

/// One change of a balance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryView {
    pub number: i64,
    pub at: String,
    /// By how much more is posted; negative: it was taken away.
    pub posted: String,
    /// By how much more is held; negative: it was given back or spent.
    pub reserved: String,
    /// What was free afterwards.
    pub free: String,
    /// The request behind it, where the reader may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<EntryRequest>,
    /// Who acted, where the reader may read the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonView>,
}

/// A request that moved a balance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryRequest {
    pub id: String,
    pub number: String,
    pub title: TextView,
    pub initiator: PersonView,
}
