//! Reading: lists and pages, filtered for their reader.

mod attachments;
mod balances;
mod explanation;
mod forms;
mod inbox;
mod incidents;
mod instance;
mod known;
mod lists;
mod minutes;
mod parked;
mod preview;
mod records;
mod results;
mod route;
mod secrets;
mod shown;
mod shows;
mod sight;
mod start;
mod tasks;
mod timeline;
mod told;
mod values;
mod way;

use zhupi_domain::directory::Directory;
use zhupi_domain::{Instant, PersonId};

pub use balances::BalancesQuery;
pub(crate) use explanation::Tree;
pub use inbox::InboxQuery;
pub use lists::{InstancesQuery, Which};
pub(crate) use shown::{Shown, form_class, is_closed};
pub(crate) use sight::sees_every_class;
pub(crate) use values::{MASK, Wording, grouped, local_time};

use crate::view::PersonView;

/// Items of a page where the client does not say.
pub(crate) const PAGE: usize = 50;

/// A person by id and name.
pub(crate) fn person_view(directory: &Directory, person: &PersonId) -> PersonView {
    let name = directory.people.get(person).map_or_else(|| person.to_string(), |known| known.name.clone());
    PersonView { id: person.to_string(), name }
}

/// A moment as the API writes it.
pub(crate) fn moment(at: Instant) -> String {
    at.to_string()
}
