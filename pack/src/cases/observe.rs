//! What can be seen of a request that was played, in the words of cases.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};
use zhupi_domain::Text;
use zhupi_engine::{Deadline, EventKind, Instance, Machine, Place, ResultValue, Skip, Status, Why};

use super::acts::Expect;
use super::compare;
use super::play::{Known, Play, place_name};

/// The first thing that is not as expected, with what was seen of everything that an expectation names.
pub fn compare(expect: &Expect, play: &Play<'_>) -> (Json, Option<Text>) {
    let mut seen = Map::new();
    let mut difference = None;
    for (key, wanted) in &expect.0 {
        let actual = observe(key, play);
        let found = match key.as_str() {
            "reasons" | "form" | "results" | "facts" | "due" | "balances" => compare::named(wanted, &actual),
            _ => compare::whole(wanted, &actual),
        };
        let place =
            |text: Text| Text { zh: format!("{key}：{}", text.zh), en: text.en.map(|en| format!("{key}: {en}")) };
        difference = difference.or(found.map(place));
        seen.insert(key.clone(), actual);
    }
    (Json::Object(seen), difference)
}

fn observe(key: &str, play: &Play<'_>) -> Json {
    let Some(state) = &play.state else { return Json::Null };
    match key {
        "status" => json!(status(&state.status)),
        "open" => open(state),
        "passed" => state.passed.iter().map(|passed| place_name(&passed.place)).collect(),
        "skipped" => skipped(play),
        "reasons" => reasons(play),
        "form" => Json::Object(state.form.clone()),
        "results" => state.results.iter().map(|(name, result)| (name.to_string(), result_data(result))).collect(),
        "incidents" => {
            let places: BTreeSet<String> =
                state.incidents.values().map(|incident| place_name(&incident.place)).collect();
            json!(places)
        }
        "facts" => facts(play),
        "number" => json!(state.number),
        "due" => due(play, state),
        "copies" => copies(play),
        "balances" => balances(play),
        _ => Json::Null,
    }
}

/// The word of a status.
pub fn status(status: &Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Completed => "completed",
        Status::Archived => "archived",
        Status::Rejected { .. } => "rejected",
        Status::Withdrawn => "withdrawn",
        Status::Cancelled => "cancelled",
    }
}

/// Open tasks: step → people.
fn open(state: &Instance) -> Json {
    let mut open: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (_, _, visit, task) in state.tasks() {
        open.entry(place_name(&visit.place)).or_default().insert(task.person.as_str());
    }
    json!(open)
}

/// Steps that were skipped, with the reason of the last time.
fn skipped(play: &Play<'_>) -> Json {
    let mut skipped = BTreeMap::new();
    for event in &play.events {
        if let EventKind::Skipped { place, why } = &event.kind {
            let word = match why {
                Skip::Twice { .. } => "twice",
                Skip::OwnRequest { .. } => "own_request",
                Skip::Nobody => "nobody",
            };
            skipped.insert(place_name(place), word);
        }
    }
    json!(skipped)
}

/// Why people were asked: step → person → reason, of the last time.
fn reasons(play: &Play<'_>) -> Json {
    let mut places = BTreeMap::new();
    let mut reasons: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for event in &play.events {
        match &event.kind {
            EventKind::VisitOpened { visit, place, .. } => {
                places.insert(*visit, place);
            }
            EventKind::TaskOpened { visit, person, why, .. } => {
                let place = places.get(visit).map_or_else(String::new, |place| place_name(place));
                reasons.entry(place).or_default().insert(person.to_string(), reason(why));
            }
            _ => {}
        }
    }
    json!(reasons)
}

fn reason(why: &Why) -> String {
    match why {
        Why::By { selector } => format!("by {selector}"),
        Why::SelfAllowed { selector } => format!("self allowed by {selector}"),
        Why::InsteadOfSelf { of, selector } => format!("instead of {of} by {selector}"),
        Why::NobodyElse { selector } => format!("nobody else: {selector}"),
        Why::Returned { by } => format!("returned by {by}"),
        Why::Transferred { by, .. } => format!("transferred by {by}"),
        Why::Escalated { selector } => format!("escalated to {selector}"),
        Why::Left { person, .. } => format!("{person} has left"),
        Why::CameBack { .. } => "came back".to_owned(),
        Why::Started => "started".to_owned(),
        Why::Changed { by, .. } => format!("changed by {by}"),
    }
}

/// What a result holds: the filled form, or a policy's answer.
fn result_data(result: &ResultValue) -> Json {
    let mut value = result.value.clone();
    let data = value.get_mut("data").map(Json::take);
    match (value.get("accepted").cloned(), data) {
        (Some(accepted), Some(Json::Object(mut data))) => {
            data.insert("accepted".to_owned(), accepted);
            data.extend(value.get("reason").map(|reason| ("reason".to_owned(), reason.clone())));
            data.extend(value.get("assumed").map(|assumed| ("assumed".to_owned(), assumed.clone())));
            Json::Object(data)
        }
        _ => result.value.clone(),
    }
}

/// When open steps are due, in local time.
fn due(play: &Play<'_>, state: &Instance) -> Json {
    let due = state.visits.values().filter_map(|visit| {
        let at = match visit.deadline.as_ref()? {
            Deadline::At(at) => play.calendar.local(*at).format("%Y-%m-%dT%H:%M").to_string(),
            Deadline::NoCalendarData { year } => format!("no calendar data for {year}"),
        };
        Some((place_name(&visit.place), Json::String(at)))
    });
    Json::Object(due.collect())
}

/// Records by kind; of a kind of which there are none, an empty list.
fn facts(play: &Play<'_>) -> Json {
    let kinds = play.release.facts().keys().map(|kind| (kind.as_str(), json!([])));
    let mut seen: BTreeMap<&str, Json> = kinds.collect();
    let bodies = |records: &[Known]| records.iter().map(|known| known.body.clone()).collect::<Json>();
    seen.extend(play.facts.iter().map(|(kind, records)| (kind.as_str(), bodies(records))));
    json!(seen)
}

/// Balances by account and key: what is posted, what is free, and what is held.
fn balances(play: &Play<'_>) -> Json {
    let mut accounts: BTreeMap<&str, BTreeMap<&str, Json>> = BTreeMap::new();
    for (key, balance) in &play.balances {
        let seen = json!({ "posted": balance.posted, "free": balance.free(), "reserved": balance.reserved });
        accounts.entry(key.account.as_str()).or_default().insert(&key.key, seen);
    }
    json!(accounts)
}

/// Who holds a copy, once it is archived.
fn copies(play: &Play<'_>) -> Json {
    let archived = play.state.as_ref().is_some_and(|state| state.status == Status::Archived);
    let holders = play.flow.walk().find_map(|(_, step)| match step.machine() {
        Some(Machine::Archive { copies, .. }) if passed(play, &Place::Step(step.name.clone().into())) => {
            Some(copies.clone())
        }
        _ => None,
    });
    holders.filter(|_| archived).map_or(Json::Null, |holders| json!(holders))
}

fn passed(play: &Play<'_>, place: &Place) -> bool {
    play.state.as_ref().is_some_and(|state| state.passed.iter().any(|passed| passed.place == *place))
}
