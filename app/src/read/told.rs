//! The events of an instance, read for a reader's page.

use zhupi_engine::{Event, EventKind};
use zhupi_store::{MAX_PAGE, StoredEvent, Stream};

use crate::load::Loaded;
use crate::{App, AppError, history};

/// An event as it was stored, and as it is understood; none where its payload was erased.
pub(crate) struct Told {
    pub stored: StoredEvent,
    pub event: Option<Event>,
}

impl Told {
    fn read(stored: StoredEvent) -> Result<Self, AppError> {
        let event = match history::read(&stored) {
            Ok(event) => Some(event),
            Err(history::HistoryError::Erased { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { stored, event })
    }

    pub fn kind(&self) -> Option<&EventKind> {
        self.event.as_ref().map(|event| &event.kind)
    }
}

impl App {
    /// Tells the events of an instance, oldest first, up to the version that was loaded.
    ///
    /// They come in pages and none is kept here: whoever listens keeps what its page needs, so that a history of any length
    /// is read in little memory.
    pub(crate) async fn tell(&self, loaded: &Loaded, mut hear: impl FnMut(&Told)) -> Result<(), AppError> {
        let stream = Stream::Instance(loaded.id.clone());
        let mut after = 0;
        loop {
            let page = self.store().timeline(&loaded.company, &stream, after, MAX_PAGE).await?;
            for stored in page.items.into_iter().filter(|stored| stored.number <= loaded.version) {
                hear(&Told::read(stored)?);
            }
            match page.next.filter(|next| *next < loaded.version) {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }
}
