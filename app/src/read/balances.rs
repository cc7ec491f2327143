//! Balances of accounts, and the requests behind them.
//!
//! A balance is the sum of what requests moved: it is for who may read every one of them, for auditors, and for whom the
//! account names in `visible:`. Its amounts are masked like any other figure of the account's class, in lists also those of the
//! reader's own; whoever opens what is kept under their own name sees it.

use std::collections::BTreeSet;

use zhupi_domain::directory::Directory;
use zhupi_domain::{Name, PersonId, Text};
use zhupi_pack::Account;
use zhupi_store::{AccountEntry, BalanceAt, BalanceFilter, BalanceRecord};

use super::inbox::bad_cursor;
use super::shown::is_closed;
use super::values::MASK;
use super::{PAGE, moment, person_view};
use crate::find::amount;
use crate::history::person_of;
use crate::permit::{self, Denied, Permit, SeeBalances, Viewer};
use crate::view::{
    AccountView, BalanceEntriesView, BalanceView, BalancesView, EntryRequest, EntryView, InstanceSummary, PageView,
};
use crate::{App, AppError};

/// Which balances, of those that the reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BalancesQuery {
    pub account: Option<String>,
    /// Found anywhere in the key.
    pub key: Option<String>,
    pub after: Option<String>,
}

impl App {
    /// Balances that the reader may see, by account and key.
    pub async fn balances(&self, viewer: &Viewer, query: BalancesQuery) -> Result<BalancesView, AppError> {
        let permit = permit::balances(viewer);
        let named = query.key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let filter = BalanceFilter { account: query.account, key: named };
        let after = query.after.as_deref().map(read_cursor).transpose()?;
        let first = filter == BalanceFilter::default() && after.is_none();
        let page =
            self.store().balances(&permit.viewer().scope(), &permit.act().0, &filter, after.as_ref(), PAGE).await?;
        let items = page
            .items
            .iter()
            .map(|((account, key), balance)| shown(viewer, account, key, *balance, is_masked(viewer, account)));
        Ok(BalancesView {
            items: items.collect::<Result<_, _>>()?,
            accounts: if first { self.accounts_seen(&permit, &page.items).await? } else { Vec::new() },
            next: page.next.map(|at| write_cursor(&at)),
        })
    }

    /// The accounts of which a reader sees something: those of the first page, and what the company has beside them.
    async fn accounts_seen(
        &self,
        permit: &Permit<'_, SeeBalances>,
        page: &[(BalanceAt, BalanceRecord)],
    ) -> Result<Vec<AccountView>, AppError> {
        let viewer = permit.viewer();
        let mut seen: BTreeSet<String> = page.iter().map(|((account, _), _)| account.clone()).collect();
        let known = viewer.release().map(|release| release.company().accounts.keys());
        for account in known.into_iter().flatten().map(ToString::to_string) {
            if page.len() == PAGE && !seen.contains(&account) {
                let filter = BalanceFilter { account: Some(account.clone()), key: None };
                let one = self.store().balances(&viewer.scope(), &permit.act().0, &filter, None, 1).await?;
                seen.extend(one.items.into_iter().map(|((account, _), _)| account));
            }
        }
        Ok(seen.iter().map(|account| account_view(account, account_of(viewer, account))).collect())
    }

    /// One balance, with what moved it. One that nothing has moved, and one that is not the reader's, does not exist.
    pub async fn balance_entries(
        &self,
        viewer: &Viewer,
        account: &str,
        key: &str,
        before: Option<i64>,
    ) -> Result<BalanceEntriesView, AppError> {
        let name = Name::new(account).map_err(|_| Denied::NotFound)?;
        let permit = self.permit_balance(viewer, &name, key).await?;
        let (viewer, company) = (permit.viewer(), permit.viewer().company());
        let balance = self.store().balance(company, &name, key).await?;
        if balance.version == 0 {
            return Err(Denied::NotFound.into());
        }
        let page = self.store().account_entries(company, &name, key, before, PAGE).await?;
        let ids = page.items.iter().map(|entry| entry.instance.clone()).collect();
        let opened = self.store().opened(&viewer.scope(), &ids).await?;
        // A key may be a number of anything, so that the requests have to be about the reader as well.
        let me = viewer.person().as_str();
        let is_own =
            key == me && page.items.iter().all(|entry| opened.get(&entry.instance).is_some_and(|of| of.is_about(me)));
        let masked = is_masked(viewer, account) && !is_own;
        let mut items = Vec::with_capacity(page.items.len());
        for entry in &page.items {
            let request = match opened.get(&entry.instance) {
                Some(request) => Some(self.summary(viewer, request).await?),
                None => None,
            };
            items.push(entry_view(viewer, entry, request, masked)?);
        }
        Ok(BalanceEntriesView {
            account: account_view(account, account_of(viewer, account)),
            balance: shown(viewer, account, key, balance, masked)?,
            entries: PageView { items, next: page.next.map(|number| number.to_string()) },
        })
    }
}

/// An account as the company's release has it; none that it gave up.
fn account_of<'a>(viewer: &'a Viewer, account: &str) -> Option<&'a Account> {
    let known = viewer.release().ok()?.company().accounts.iter().find(|(name, _)| name.as_str() == account);
    known.map(|(_, account)| account)
}

fn account_view(account: &str, known: Option<&Account>) -> AccountView {
    AccountView {
        account: account.to_owned(),
        title: known.map_or_else(|| Text::same(account), |known| known.title.clone()).into(),
        key_title: known.and_then(|known| known.key_title.clone()).map(Into::into),
        floor: known.and_then(|known| known.floor).map(|floor| floor.to_string()),
    }
}

/// Whether the amounts of an account are withheld; of one that nobody knows any more, like the most secret.
fn is_masked(viewer: &Viewer, account: &str) -> bool {
    match account_of(viewer, account) {
        Some(known) => is_closed(known.class, viewer.sees()),
        None => !super::sees_every_class(viewer),
    }
}

fn shown(
    viewer: &Viewer,
    account: &str,
    key: &str,
    balance: BalanceRecord,
    masked: bool,
) -> Result<BalanceView, AppError> {
    Ok(BalanceView {
        account: account.to_owned(),
        key: key.to_owned(),
        label: label(viewer.directory(), key),
        posted: figure(balance.posted, masked)?,
        reserved: figure(balance.reserved, masked)?,
        free: figure(balance.free(), masked)?,
        masked,
    })
}

fn entry_view(
    viewer: &Viewer,
    entry: &AccountEntry,
    request: Option<InstanceSummary>,
    masked: bool,
) -> Result<EntryView, AppError> {
    let by = person_of(&entry.by).filter(|_| request.is_some());
    Ok(EntryView {
        number: entry.number,
        at: moment(entry.at),
        posted: figure(entry.posted, masked)?,
        reserved: figure(entry.reserved, masked)?,
        free: figure(entry.after.free(), masked)?,
        by: by.map(|person| person_view(viewer.directory(), &person)),
        request: request.map(|request| EntryRequest {
            id: request.id,
            number: request.number,
            title: request.title,
            initiator: request.initiator,
        }),
    })
}

fn figure(hundredths: i64, masked: bool) -> Result<String, AppError> {
    if masked { Ok(MASK.to_owned()) } else { Ok(amount(hundredths)?.to_string()) }
}

/// A key is what its flow makes of it: an id of a person or department may be in it, beside a month.
fn label(directory: &Directory, key: &str) -> Option<String> {
    let word = |part: &str| {
        let person = directory.people.get(&PersonId::new(part)).map(|person| person.name.clone());
        person.or_else(|| directory.departments.get(part).map(|department| department.name.clone()))
    };
    let words: Vec<Option<String>> = key.split('/').map(word).collect();
    let named = words.iter().any(Option::is_some);
    let parts = key.split('/').zip(words).map(|(part, word)| word.unwrap_or_else(|| part.to_owned()));
    named.then(|| parts.collect::<Vec<_>>().join(" · "))
}

/// Names of accounts have no such sign.
fn read_cursor(text: &str) -> Result<BalanceAt, AppError> {
    let cursor = text.split_once('~').map(|(account, key)| (account.to_owned(), key.to_owned()));
    cursor.ok_or_else(bad_cursor)
}

fn write_cursor((account, key): &BalanceAt) -> String {
    format!("{account}~{key}")
}
