//! Accepts what people filled in: by the form, by their rights at this step, and against what exists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use zhupi_domain::expr::Context;
use zhupi_domain::{CompanyId, FileId, Instant, PersonId};
use zhupi_engine::Place;
use zhupi_forms::{Class, Form, LookedUp, Purpose, Reference, Rights, Submission, View, Wanted, Wants};
use zhupi_pack::answers::FactQuery;
use zhupi_policies::Pick;
use zhupi_store::{Change, FileState};

use crate::find::body;
use crate::load::Around;
use crate::permit::Viewer;
use crate::{App, AppError};

/// A form that was accepted, with the files that now belong to the request.
pub(crate) struct AcceptedForm {
    pub data: Map<String, Value>,
    pub files: Vec<FileId>,
}

/// What somebody sends for a form at one step.
pub(crate) struct Sent<'a> {
    pub form: &'a Form,
    pub before: Option<&'a Map<String, Value>>,
    pub data: &'a Map<String, Value>,
    pub rights: &'a Rights,
    /// It is submitted, now or again: what is looked up is looked up anew.
    pub anew: bool,
}

impl App {
    /// Accepts what a person sends for a form, or says everything that is wrong with it.
    pub(crate) async fn accept(
        &self,
        company: &CompanyId,
        person: &PersonId,
        around: &Around,
        sent: Sent<'_>,
        now: Instant,
    ) -> Result<AcceptedForm, AppError> {
        let before = sent.before.map(|before| Value::Object(before.clone()));
        let everything: BTreeSet<Class> = Class::ALL.into_iter().collect();
        let context = Context { today: around.calendar.local_date(now), calendar: Some(&around.calendar) };
        let data = Value::Object(sent.data.clone());
        let submission = Submission {
            before: before.as_ref(),
            data: &data,
            view: View { rights: sent.rights, classes: &everything },
            purpose: Purpose::Submit,
            context,
            found: LookedUp::default(),
        };
        let found = self.look_up(company, sent.form.open_wants(&submission, sent.anew)).await?;
        let submission = Submission { found: LookedUp::these(&found), ..submission };
        let accepted = sent.form.accept(&submission).map_err(AppError::FormInvalid)?;
        // What was there before is not asked for again: whoever acts now may not be able to change it.
        let known: BTreeSet<Reference> =
            before.iter().flat_map(|before| sent.form.references(before)).map(|(_, reference)| reference).collect();
        let mut errors = Vec::new();
        let mut files = Vec::new();
        for (pointer, reference) in sent.form.references(&accepted.data) {
            let there = match &reference {
                known_before if known.contains(known_before) => true,
                Reference::Person(id) => around.directory.active(id).is_some(),
                Reference::Department(id) => around.directory.departments.contains_key(id),
                Reference::File(id) => {
                    let there = self.is_own_pending_file(company, person, id).await?;
                    files.extend(there.then(|| id.clone()));
                    there
                }
            };
            if !there {
                errors.push(sent.form.no_such(&pointer, &reference));
            }
        }
        match (errors.is_empty(), accepted.data) {
            (true, Value::Object(data)) => Ok(AcceptedForm { data, files }),
            (true, _) => Err(AppError::Internal("a form is not an object".into())),
            (false, _) => Err(AppError::FormInvalid(errors)),
        }
    }

    /// What the fields of a form want of business records: of each the newest that fits.
    pub(crate) async fn look_up(
        &self,
        company: &CompanyId,
        wants: Option<Wants>,
    ) -> Result<BTreeMap<Wanted, Value>, AppError> {
        let Wants { mut known, missing } = wants.unwrap_or_default();
        for wanted in missing {
            let query = FactQuery {
                input: wanted.value.clone(),
                kind: wanted.fact.clone(),
                matching: wanted.matching.iter().map(|(field, value)| (field.to_string(), value.clone())).collect(),
                pick: Pick::Latest,
            };
            if let Some(fact) = self.facts_found(company, &query).await?.last() {
                let mut record: Map<String, Value> = body(fact)?;
                known.extend(record.shift_remove(wanted.value.as_str()).map(|value| (wanted, value)));
            }
        }
        Ok(known)
    }

    /// A form that is being filled with what its fields look up, and these values by place, as far as whoever fills it may know.
    /// No values where the form looks up nothing or holds what cannot be read: that says nothing about what was found before.
    pub(crate) async fn with_lookups(
        &self,
        viewer: &Viewer,
        around: &Around,
        mut form: Map<String, Value>,
        now: Instant,
    ) -> Result<(Map<String, Value>, Option<BTreeMap<String, Value>>), AppError> {
        let (rights, classes) = (around.rights(&Place::Start), Class::ALL.into_iter().collect());
        let view = View { rights: &rights, classes: &classes };
        let data = Value::Object(form.clone());
        let submission = Submission {
            before: None,
            data: &data,
            view,
            purpose: Purpose::Draft,
            context: Context { today: around.calendar.local_date(now), calendar: Some(&around.calendar) },
            found: LookedUp::default(),
        };
        let reader = around.form()?;
        let Some(wants) = reader.open_wants(&submission, true) else { return Ok((form, None)) };
        let found = self.look_up(viewer.company(), Some(wants)).await?;
        let accepted = reader.accept(&Submission { found: LookedUp::these(&found), ..submission });
        let Ok(accepted) = accepted else { return Ok((form, None)) };
        let looked_up = reader.looked_up(&accepted.data, &view);
        for field in reader.fields().iter().filter(|field| field.lookup().is_some()) {
            form.extend(accepted.data.get(field.name()).map(|value| (field.name().to_owned(), value.clone())));
        }
        Ok((form, Some(looked_up.into_iter().map(|(at, value)| (at.to_string(), value)).collect())))
    }

    async fn is_own_pending_file(&self, company: &CompanyId, person: &PersonId, id: &FileId) -> Result<bool, AppError> {
        let file = self.store().file(company, id).await?;
        Ok(file.is_some_and(|file| {
            file.state == FileState::Pending && file.uploaded_by == crate::history::person_key(person)
        }))
    }
}

impl AcceptedForm {
    /// What a form holds that somebody else still has to fill.
    pub fn unfinished(data: Map<String, Value>) -> Self {
        Self { data, files: Vec::new() }
    }

    /// The changes that give the files to the request.
    pub fn attach(&self, instance: &zhupi_domain::InstanceId) -> impl Iterator<Item = Change> {
        let instance = instance.clone();
        self.files.clone().into_iter().map(move |file| Change::AttachFile { file, instance: instance.clone() })
    }
}
