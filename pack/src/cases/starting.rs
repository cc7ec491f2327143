//! What starts and ends a request beside people who want to, in a case: days that come round, and records.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use serde_json::{Map, Value as Json};
use zhupi_domain::expr::Context;
use zhupi_domain::{Instant, Name, PersonId, Text};
use zhupi_engine::{Actor, Command, Place};
use zhupi_forms::{LookedUp, Purpose, Rights, Submission, View};

use super::play::{Known, Play, Refused};
use crate::answers;
use crate::convert::text_of;
use crate::starts::{Item, Occasion, Start, Starts};

impl Play<'_> {
    /// A fact as its form accepts it.
    pub fn accept_fact(&self, kind: &Name, body: &Json) -> Result<Json, Text> {
        let Some(form) = self.release.fact(kind) else {
            return Err(Text::new(format!("没有业务事实 {kind}"), format!("there is no kind of fact {kind}")));
        };
        let (rights, classes) = (Rights::editable(), BTreeSet::new());
        let submission = Submission {
            before: None,
            data: body,
            view: View { rights: &rights, classes: &classes },
            purpose: Purpose::Submit,
            context: Context { today: self.world().today(), calendar: Some(&self.calendar) },
            found: LookedUp::default(),
        };
        form.accept(&submission).map(|accepted| accepted.data).map_err(|errors| Refused::Form(errors).text())
    }

    /// A record arrives: it starts the request, or ends the one that runs where its flow says so.
    pub fn arrive(&mut self, kind: &Name, body: &Json) -> Result<(), Refused> {
        let body = self.accept_fact(kind, body).map_err(|_| Refused::NothingStarts)?;
        self.know(kind.clone(), body);
        let Some(item) = self.items(kind).pop() else { return Ok(()) };
        match self.state {
            None => {
                let today = self.calendar.local_date(self.now);
                let found = self.starts().map_or_else(Vec::new, |starts| {
                    let rules = starts.rules.iter().filter(|rule| rule.listens_to(kind));
                    let occasion = self.occasion(today, today);
                    rules
                        .filter_map(|rule| rule.start(&occasion, Some(&item), &self.directory).ok().flatten())
                        .collect()
                });
                self.begin_one(found)
            }
            Some(_) => self.stop(kind, &item),
        }
    }

    fn stop(&mut self, kind: &Name, item: &Item) -> Result<(), Refused> {
        let reason = self.state.as_ref().zip(self.starts()).and_then(|(state, starts)| {
            let mut stops = starts.stops.iter().filter(|stop| stop.of == *kind);
            let holds = stops.find(|stop| stop.holds(self.release, self.flow, state, item, &self.world()) == Ok(true));
            holds.map(|stop| stop.reason.zh.clone())
        });
        match reason {
            Some(reason) => self.command(Actor::Machine, &Command::Cancel { reason }),
            None => Ok(()),
        }
    }

    /// The clock moves, and what the calendar starts on the way begins.
    pub fn come_round(&mut self, to: NaiveDateTime) -> Result<(), Refused> {
        let from = self.now;
        let to = self.calendar.at(to.date(), to.time()).map_err(|_| Refused::NothingStarts)?;
        self.move_clock(to);
        let found = self.starts().map_or_else(Vec::new, |starts| {
            starts.rules.iter().flat_map(|rule| self.started_between(rule, from, to)).collect()
        });
        self.begin_one(found)
    }

    fn started_between(&self, rule: &crate::StartRule, from: Instant, to: Instant) -> Vec<Start> {
        let items: Vec<Option<Item>> = match &rule.of {
            None => vec![None],
            Some(kind) => {
                // The newest about each thing.
                let newest: BTreeMap<String, Item> =
                    self.items(kind).into_iter().map(|item| (item.about.clone(), item)).collect();
                newest.into_values().map(Some).collect()
            }
        };
        let days = rule.occurrences(&self.calendar, from, to).into_iter().flatten();
        let starts = days.flat_map(|(on, came)| {
            let occasion = self.occasion(on, self.calendar.local_date(came));
            let start = |item: &Option<Item>| rule.start(&occasion, item.as_ref(), &self.directory).ok().flatten();
            items.iter().filter_map(start).collect::<Vec<_>>()
        });
        starts.collect()
    }

    fn begin_one(&mut self, mut found: Vec<Start>) -> Result<(), Refused> {
        match (found.pop(), found.len()) {
            (None, _) => Err(Refused::NothingStarts),
            (Some(start), 0) => {
                let filled = Json::Object(self.filled_in(start.form));
                let rights = answers::rights(self.release, self.flow, &Place::Start);
                let (initiator, period) = (&start.initiator, start.period);
                let complete = self.start_form(initiator, &rights, None, &filled);
                let begun = complete.and_then(|form| self.begin(Actor::Timer, initiator, period, form, false));
                match (begun, filled) {
                    // What is not complete waits for its initiator.
                    (Err(_), Json::Object(form)) => self.begin(Actor::Timer, initiator, period, form, true),
                    (begun, _) => begun,
                }
            }
            (Some(_), _) => Err(Refused::SeveralStart),
        }
    }

    /// Starts the request about the newest record of a kind with these values.
    pub fn submit_about(
        &mut self,
        person: &PersonId,
        form: &Json,
        period: Option<&str>,
        kind: &Name,
        fields: &Json,
    ) -> Result<(), Refused> {
        let wanted: Vec<(&String, Option<String>)> =
            fields.as_object().into_iter().flatten().map(|(field, value)| (field, text_of(value))).collect();
        let fits =
            |item: &Item| wanted.iter().all(|(field, value)| item.body.get(field.as_str()).and_then(text_of) == *value);
        let item = self.items(kind).into_iter().rev().find(fits).ok_or(Refused::NothingStarts)?;
        let today = self.calendar.local_date(item.recorded_at);
        let occasion = self.occasion(today, today);
        let rules = self.starts().map(|starts| starts.about.as_slice()).unwrap_or_default().iter();
        let rule = rules.filter(|rule| rule.of == *kind).find(|rule| {
            let in_time = rule.until(&self.calendar, &item).ok().flatten().is_none_or(|until| self.now <= until);
            let holds = rule.holds(&occasion, &item).unwrap_or_default();
            in_time && holds && rule.may(person, Some(&item), &self.directory)
        });
        let rule = rule.ok_or(Refused::MayNotStart)?;
        let filled = self.filled_in(rule.filled(&occasion, &item).map_err(|_| Refused::NothingStarts)?);
        let rights = answers::rights(self.release, self.flow, &Place::Start);
        let rights = rights.with_readonly(rule.form.keys().map(Name::as_str));
        let mut sent = form.as_object().cloned().unwrap_or_default();
        sent.extend(filled.clone());
        let period = self.period(period)?;
        let form = self.start_form(person, &rights, Some(&Json::Object(filled)), &Json::Object(sent))?;
        self.begin(Actor::Person(person.clone()), person, period, form, false)
    }

    /// What expressions filled in, as the form keeps it.
    fn filled_in(&self, data: Map<String, Json>) -> Map<String, Json> {
        let context = Context { today: self.world().today(), calendar: Some(&self.calendar) };
        match self.release.form(&self.flow.form) {
            Some(form) => form.filled_in(data, context),
            None => data,
        }
    }

    fn starts(&self) -> Option<&Starts> {
        self.release.starts().get(&self.flow.name)
    }

    fn occasion(&self, on: chrono::NaiveDate, today: chrono::NaiveDate) -> Occasion<'_> {
        Occasion { flow: self.flow, release: self.release, calendar: &self.calendar, on, today }
    }

    /// The records of a kind, oldest first.
    fn items(&self, kind: &Name) -> Vec<Item> {
        let key = self.release.fact(kind).map(|form| form.key()).unwrap_or_default();
        let records = self.facts.get(kind).into_iter().flatten().zip(0..);
        let item = |(known, number): (&Known, usize)| {
            Item::of(number.to_string(), known.body.as_object().cloned().unwrap_or_default(), key, known.at)
        };
        records.map(item).collect()
    }
}
