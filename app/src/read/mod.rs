//! Reading: lists and pages, filtered for their reader.

mod explanation;
mod forms;
mod incidents;
mod instance;
mod lists;
mod results;
mod route;
mod start;
mod tasks;
mod timeline;
mod values;

use zhupi_domain::directory::Directory;
use zhupi_domain::{Instant, PersonId};

pub use lists::{InboxQuery, InstancesQuery};

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
