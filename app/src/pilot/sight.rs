//! What of a pilot one reader sees: amounts are pay, whatever a contract calls them.

use std::collections::BTreeSet;

use zhupi_forms::Class;
use zhupi_pack::{Can, Release};
use zhupi_policies::{Binding, Contract, Input};

use super::kept::Summary;
use crate::permit::Viewer;
use crate::read::{MASK, form_class, is_closed, sees_every_class};
use crate::view::{PilotDifference, PilotNote, PilotTotal};

/// Whether the amounts of a pilot are withheld from a reader.
pub fn is_masked(viewer: &Viewer, summary: &Summary) -> bool {
    is_closed(Class::Pay, viewer.sees()) || (summary.identity && is_closed(Class::Identity, viewer.sees()))
}

/// A total without its figures; how many would get more or less stays, since it is nobody's pay.
pub fn masked_total(total: PilotTotal) -> PilotTotal {
    PilotTotal { sum: masked(), spread: Vec::new(), ..total }
}

/// An amount without its figures.
pub fn masked() -> PilotDifference {
    PilotDifference { current: MASK.into(), candidate: MASK.into(), difference: MASK.into() }
}

/// The words of a fault may carry any value that the script looked at.
pub fn note(viewer: &Viewer, note: PilotNote) -> PilotNote {
    let why = note.why.filter(|_| note.outcome != "fault" || sees_faults(viewer));
    PilotNote { why, ..note }
}

pub fn sees_faults(viewer: &Viewer) -> bool {
    viewer.rights().contains(&Can::Incidents) && sees_every_class(viewer)
}

/// The inputs of a policy that a reader may not see: by the contract, and by where their values come from.
pub fn hidden(viewer: &Viewer, release: &Release, contract: &Contract) -> BTreeSet<String> {
    let closed = |class: Class| is_closed(class, viewer.sees());
    let by_source = |from: &Binding| match from {
        Binding::Param(_) | Binding::Calendar(_) => false,
        Binding::Person(attribute) => {
            release.company().attributes.get(attribute).is_some_and(|attribute| closed(attribute.class))
        }
        Binding::Balance(balance) => {
            let account = release.company().accounts.get(&balance.account);
            account.is_none_or(|account| closed(account.class))
        }
        Binding::Fact(fact) => release.fact(&fact.fact).is_none_or(|form| match &fact.take {
            Some(field) => form.field(field.as_str()).is_none_or(|field| closed(field.class())),
            None => form.all_fields().any(|field| closed(field.class())),
        }),
    };
    let secret = |input: &&Input| closed(form_class(input.class)) || input.from.as_ref().is_some_and(by_source);
    contract.inputs.iter().filter(secret).map(|input| input.name().to_string()).collect()
}
