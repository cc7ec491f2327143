//! Events as they are stored: `{kind, v, payload}` beside the envelope, and lifted to today's form when they are read.
//!
//! A stored event is never rewritten. When a kind changes its form, its version grows here, an up-caster turns the older
//! JSON into the newer, and a golden file of the older stays in `app/tests/history/` for ever.

use serde_json::Value;
use zhupi_domain::{InstanceId, PersonId};
use zhupi_engine::{Actor, Event, EventKind};
use zhupi_store::{NewEvent, StoredEvent, Stream};

/// The newest form of a kind. None has changed yet.
fn version(_kind: &str) -> i64 {
    1
}

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("event {number} was erased")]
    Erased { number: i64 },
    /// Its text says where, and not what: what an event holds is nothing for a log.
    #[error("event {number} cannot be read ({:?} at column {})", source.classify(), source.column())]
    Unreadable { number: i64, source: serde_json::Error },
    #[error("event {number}: nobody is called `{actor}`")]
    UnknownActor { number: i64, actor: String },
    #[error("event {number} of kind `{kind}` has version {version}, written by a later program")]
    Later { number: i64, kind: String, version: i64 },
}

/// An event as it goes to the store.
pub fn write(instance: &InstanceId, event: &Event) -> Result<NewEvent, serde_json::Error> {
    let payload = serde_json::to_value(&event.kind)?;
    let kind = payload.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(NewEvent {
        stream: Stream::Instance(instance.clone()),
        version: version(&kind),
        kind,
        actor: write_actor(&event.by),
        at: event.at,
        payload: payload.to_string(),
    })
}

/// An event as it comes from the store.
pub fn read(stored: &StoredEvent) -> Result<Event, HistoryError> {
    let number = stored.number;
    let body = stored.payload.body().ok_or(HistoryError::Erased { number })?;
    if stored.version > version(&stored.kind) {
        return Err(HistoryError::Later { number, kind: stored.kind.clone(), version: stored.version });
    }
    let kind: EventKind = serde_json::from_str(body).map_err(|source| HistoryError::Unreadable { number, source })?;
    let by =
        read_actor(&stored.actor).ok_or_else(|| HistoryError::UnknownActor { number, actor: stored.actor.clone() })?;
    Ok(Event { at: stored.at, by, kind })
}

/// How an actor is written in an envelope.
pub fn write_actor(actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => person_key(person),
        Actor::Timer => "timer".into(),
        Actor::Machine => "machine".into(),
    }
}

/// Who an envelope says acted.
pub fn read_actor(text: &str) -> Option<Actor> {
    match text {
        "timer" => Some(Actor::Timer),
        "machine" => Some(Actor::Machine),
        _ => text.strip_prefix("person:").map(|person| Actor::Person(PersonId::new(person))),
    }
}

/// The key under which a person acts, is assigned and reads.
pub fn person_key(person: &PersonId) -> String {
    format!("person:{person}")
}

/// The person whose key this is.
pub fn person_of(key: &str) -> Option<PersonId> {
    key.strip_prefix("person:").map(PersonId::new)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Debug;
    use std::path::PathBuf;

    use serde::de::DeserializeOwned;
    use serde_json::json;
    use zhupi_engine::{Decide, Problem, Skip, Then, Undone, VisitEnd, Why, Work};

    use super::*;

    /// Every kind of event that was ever stored, in every version and with every reason, as it was stored then: the files
    /// `KIND.vVERSION.json` and `KIND.vVERSION.WHAT.json`.
    fn goldens() -> Vec<(String, Value)> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/history");
        let mut goldens: Vec<(String, Value)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let stored = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                (path.file_stem().unwrap().to_string_lossy().into_owned(), stored)
            })
            .collect();
        goldens.sort_by(|(one, _), (other, _)| one.cmp(other));
        goldens
    }

    /// The kinds or reasons that there are, as the engine's own refusal of an unknown one lists them.
    fn known<T: DeserializeOwned + Debug>(unknown: Value) -> BTreeSet<String> {
        let error = serde_json::from_value::<T>(unknown).unwrap_err().to_string();
        let known: BTreeSet<String> = error.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        assert!(known.len() > 1, "{error}");
        known
    }

    /// All texts in the golden files under these keys.
    fn kept(goldens: &[(String, Value)], kind: &str, pointer: &str) -> BTreeSet<String> {
        let of_kind = goldens.iter().filter(|(_, stored)| kind.is_empty() || stored["kind"] == kind);
        of_kind.filter_map(|(_, stored)| Some(stored.pointer(pointer)?.as_str()?.to_owned())).collect()
    }

    #[test]
    fn every_event_ever_stored_can_still_be_read() {
        for (name, stored) in goldens() {
            let read: EventKind =
                serde_json::from_value(stored.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(serde_json::to_value(&read).unwrap(), stored, "{name} is written today as it was stored then");
            let kind = stored["kind"].as_str().unwrap();
            let version = format!("{kind}.v{}", version(kind));
            assert!(name == version || name.starts_with(&format!("{version}.")), "{name} is a {version}");
        }
    }

    #[test]
    fn every_kind_and_every_reason_has_a_golden_file() {
        let goldens = goldens();
        let unknown = |tag: &str| json!({ tag: "?" });
        for (known, kind, pointer) in [
            (known::<EventKind>(unknown("kind")), "", "/kind"),
            (known::<Why>(unknown("because")), "task_opened", "/why/because"),
            (known::<Undone>(unknown("because")), "task_cancelled", "/why/because"),
            (known::<Skip>(unknown("because")), "skipped", "/why/because"),
            (known::<Problem>(unknown("is")), "incident_opened", "/problem/is"),
            (known::<Work>(json!("?")), "visit_opened", "/work"),
            (known::<Decide>(json!("?")), "visit_opened", "/decide"),
            (known::<VisitEnd>(json!("?")), "visit_closed", "/end"),
            (known::<Then>(json!("?")), "returned", "/then"),
        ] {
            let kept = kept(&goldens, kind, pointer);
            assert_eq!(known.difference(&kept).collect::<Vec<_>>(), Vec::<&String>::new(), "{kind}{pointer}");
        }
    }

    #[test]
    fn actors_read_back_as_they_are_written() {
        for actor in [Actor::Timer, Actor::Machine, Actor::Person(PersonId::new("li"))] {
            assert_eq!(read_actor(&write_actor(&actor)), Some(actor));
        }
        assert_eq!(read_actor("robot"), None);
    }
}
