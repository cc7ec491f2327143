//! `/events`: hints that something changed, never the data itself. The client reads again what it shows.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use zhupi_app::Changed;
use zhupi_app::access::{Token, Who};

use crate::http::person::{self, Person};
use crate::http::problem::{Answered, Failure};
use crate::http::state::Shared;

/// So often it is asked whether the session still holds.
const SESSION_CHECK: Duration = Duration::from_secs(20);

/// A stream of hints, `event: changed` with `{"what": "tasks" | "instance" | "session", "id"?}`.
#[utoipa::path(
    get,
    path = "/events",
    responses((status = 200, content_type = "text/event-stream")),
    security(("session" = []))
)]
pub async fn events(
    State(shared): State<Shared>,
    person: Person,
    headers: HeaderMap,
) -> Answered<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let token = person::token(&headers, &shared).ok_or_else(Failure::not_logged_in)?;
    let listener = Listener {
        who: person.who(),
        token,
        changes: shared.app.changes(),
        stopping: shared.stopping.clone(),
        waiting: Vec::new(),
        over: false,
        shared,
    };
    let stream = unfold(listener, |mut listener| async move {
        let hint = listener.next().await?;
        Some((Ok(hint.event()), listener))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// What a client is told to read again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hint {
    Tasks,
    Instance(String),
    Session,
}

impl Hint {
    fn event(&self) -> Event {
        let data = match self {
            Self::Tasks => serde_json::json!({ "what": "tasks" }),
            Self::Instance(id) => serde_json::json!({ "what": "instance", "id": id }),
            Self::Session => serde_json::json!({ "what": "session" }),
        };
        Event::default().event("changed").data(data.to_string())
    }
}

/// One open page.
struct Listener {
    shared: Shared,
    who: Who,
    token: Token,
    changes: Receiver<Changed>,
    stopping: watch::Receiver<bool>,
    waiting: Vec<Hint>,
    over: bool,
}

impl Listener {
    /// The next hint; none when the session or the server ends.
    async fn next(&mut self) -> Option<Hint> {
        loop {
            if let Some(hint) = self.waiting.pop() {
                return Some(hint);
            }
            if self.over {
                return None;
            }
            let change = tokio::select! {
                change = self.changes.recv() => Some(change),
                () = tokio::time::sleep(SESSION_CHECK) => None,
                _ = self.stopping.changed() => return None,
            };
            match change {
                Some(change) => self.heard(change),
                None => self.check_session().await,
            }
        }
    }

    fn heard(&mut self, change: Result<Changed, RecvError>) {
        match change {
            Ok(change) if change.company == self.who.company => self.waiting = self.hints(&change),
            Ok(_) => {}
            // Too slow to hear everything: look at everything.
            Err(RecvError::Lagged(_)) => self.waiting = vec![Hint::Tasks],
            Err(RecvError::Closed) => self.over = true,
        }
    }

    /// What of a change concerns this person: their tasks, and requests that they hold or lately looked at.
    fn hints(&self, change: &Changed) -> Vec<Hint> {
        let Who { company, person } = &self.who;
        let holds = change.people.contains(person);
        let now = self.shared.now();
        let watches = |instance| self.shared.watching.watches(company, instance, person, now);
        let instance = change.instance.as_ref().filter(|instance| holds || watches(instance));
        let instance = instance.map(|instance| Hint::Instance(instance.to_string()));
        instance.into_iter().chain(holds.then_some(Hint::Tasks)).collect()
    }

    async fn check_session(&mut self) {
        // A database that does not answer ends nobody's session.
        if matches!(self.shared.access.session(&self.token, self.shared.now()).await, Ok(None)) {
            self.waiting = vec![Hint::Session];
            self.over = true;
        }
    }
}
