//! What people are told by e-mail: a new task, an overdue one, that their request came back or how it ended. Never a figure,
//! never a form.

use serde::Deserialize;
use zhupi_domain::directory::Person;
use zhupi_domain::{Instant, Locale, PersonId, Text};
use zhupi_engine::{Instance, Status, TaskId, Work};
use zhupi_store::OutboxMessage;

use crate::load::Loaded;
use crate::words;
use crate::{App, AppError};

/// One message to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// What a message of the topic `notice` tells.
#[derive(Deserialize)]
#[serde(tag = "tell", rename_all = "lowercase")]
enum Told {
    Task {
        to: Vec<PersonId>,
        task: TaskId,
        #[serde(default)]
        escalated: bool,
    },
    Overdue {
        to: Vec<PersonId>,
        task: TaskId,
    },
    Ended {
        to: Vec<PersonId>,
        status: Status,
    },
}

impl App {
    /// The mails that a message asks for; none for who has no address, or whose task is done by now.
    ///
    /// `link` is the address of the request's page.
    pub async fn notice(&self, message: &OutboxMessage, link: &str, now: Instant) -> Result<Vec<Mail>, AppError> {
        let told: Told = serde_json::from_str(&message.body)
            .map_err(|error| AppError::Internal(format!("message {}: {error}", message.id)))?;
        let instance = message.instance.as_ref().ok_or_else(|| AppError::Internal("a notice about nothing".into()))?;
        let loaded = self.load(&message.company, instance).await?;
        let around = &loaded.around;
        let names = around.names();
        let (to, what) = match &told {
            Told::Task { to, task, escalated } if loaded.state.task(*task).is_some() => {
                (to, new_task(&loaded.state, *task, *escalated))
            }
            Told::Overdue { to, task } if loaded.state.task(*task).is_some() => {
                (to, Text::new("有一项待办已逾期", "A task of yours is overdue"))
            }
            Told::Task { .. } | Told::Overdue { .. } => return Ok(Vec::new()),
            Told::Ended { to, status } => {
                let status = words::status_text(&names, status);
                (to, Text::new(format!("申请{}", status.zh), format!("Request: {}", status.get(Locale::En))))
            }
        };
        let who = names.person(&loaded.state.initiator);
        let mut readers: Vec<(&Person, Option<&PersonId>)> =
            to.iter().filter_map(|person| Some((around.directory.active(person)?, None))).collect();
        if let Told::Task { task, .. } | Told::Overdue { task, .. } = told {
            readers.extend(standing_in(&loaded, task, now));
        }
        let mails = readers.into_iter().filter_map(|(person, stands_in_for)| {
            let language = person.language;
            let what = match stands_in_for {
                Some(of) => {
                    let of = names.person(of);
                    Text::new(format!("{}（代{of}）", what.zh), format!("{} (for {of})", what.get(Locale::En)))
                }
                None => what.clone(),
            };
            let title = around.flow.title.get(language);
            Some(Mail {
                to: person.email.clone()?,
                subject: format!("[{}] {} {}", what.get(language), title, loaded.state.number),
                text: body(language, &person.name, &what, title, &loaded.state.number, &who, link),
            })
        });
        Ok(mails.collect())
    }
}

/// Who may do a task besides its holder now, with whose it is.
fn standing_in(loaded: &Loaded, task: TaskId, now: Instant) -> Vec<(&Person, Option<&PersonId>)> {
    let Some((_, visit, held)) = loaded.state.task(task) else { return Vec::new() };
    let around = &loaded.around;
    let acting = around.directory.substitutes(&held.person, &loaded.state.flow, around.calendar.local_date(now));
    let may = acting.filter(|person| loaded.state.may_stand_in(&person.id, visit));
    may.map(|person| (person, Some(&held.person))).collect()
}

/// What a new task is called: a request that came back is its initiator's own again.
fn new_task(state: &Instance, task: TaskId, escalated: bool) -> Text {
    match state.task(task) {
        Some((_, visit, _)) if visit.work == Work::Start => {
            Text::new("您的申请被退回，请修改后重新提交", "Your request was sent back: mend it and submit it again")
        }
        _ if escalated => Text::new("有一项逾期待办转请您处理", "An overdue task was escalated to you"),
        _ => Text::new("有一项新待办", "A new task for you"),
    }
}

fn body(language: Locale, name: &str, what: &Text, title: &str, number: &str, who: &str, link: &str) -> String {
    match language {
        Locale::Zh => {
            format!("{name}，您好：\n\n{}。\n\n流程：{title}\n编号：{number}\n发起人：{who}\n\n查看：{link}\n", what.zh)
        }
        Locale::En => format!(
            "Dear {name},\n\n{}.\n\nFlow: {title}\nNumber: {number}\nInitiator: {who}\n\nOpen it: {link}\n",
            what.get(language)
        ),
    }
}

/// Whether a message body is a notice that can be read; for tests of old messages.
#[cfg(test)]
fn is_readable(body: &serde_json::Value) -> bool {
    serde_json::from_value::<Told>(body.clone()).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn notices_read_as_they_are_written() {
        assert!(is_readable(&json!({ "tell": "task", "to": ["li"], "task": 3, "escalated": false })));
        assert!(is_readable(&json!({ "tell": "overdue", "to": ["li"], "task": 3 })));
        assert!(is_readable(&json!({ "tell": "ended", "to": ["li"], "status": { "is": "archived" } })));
        assert!(!is_readable(&json!({ "tell": "pay", "to": ["li"] })));
    }
}
