//! Accepts what people filled in: by the form, by their rights at this step, and against what exists.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use zhupi_domain::expr::Context;
use zhupi_domain::{CompanyId, FileId, Instant, PersonId};
use zhupi_forms::{Class, Form, Purpose, Reference, Rights, Submission, View};
use zhupi_store::{Change, FileState};

use crate::facts::typed;
use crate::load::Around;
use crate::{App, AppError};

/// A form that was accepted, with the files that now belong to the request.
pub(crate) struct AcceptedForm {
    pub data: Map<String, Value>,
    pub files: Vec<FileId>,
}

/// What expressions filled in, as the form keeps it; what the form does not take is left as it is, and said when it is sent.
pub(crate) fn filled_in(
    around: &Around,
    data: Map<String, Value>,
    now: Instant,
) -> Result<Map<String, Value>, AppError> {
    let form = around.form()?;
    let (rights, classes) = (Rights::editable(), Class::ALL.into_iter().collect());
    let data = typed(form, data);
    let accepted = form.accept(&Submission {
        before: None,
        data: &Value::Object(data.clone()),
        view: View { rights: &rights, classes: &classes },
        purpose: Purpose::Draft,
        context: Context { today: around.calendar.local_date(now), calendar: Some(&around.calendar) },
    });
    let Ok(Value::Object(kept)) = accepted.map(|accepted| accepted.data) else { return Ok(data) };
    Ok(kept.into_iter().filter(|(field, _)| data.contains_key(field)).collect())
}

/// What somebody sends for a form at one step.
pub(crate) struct Sent<'a> {
    pub form: &'a Form,
    pub before: Option<&'a Map<String, Value>>,
    pub data: &'a Map<String, Value>,
    pub rights: &'a Rights,
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
        let accepted = sent
            .form
            .accept(&Submission {
                before: before.as_ref(),
                data: &Value::Object(sent.data.clone()),
                view: View { rights: sent.rights, classes: &everything },
                purpose: Purpose::Submit,
                context,
            })
            .map_err(AppError::FormInvalid)?;
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
