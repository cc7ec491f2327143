//! Approval actions through the use cases: permit, load, decide, commit, as the server has them done.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};
use zhupi_app::{App, Deployer, NewRequest, PeopleFiles, RequestKey, TaskAct};
use zhupi_domain::{CompanyId, ContentHash, PersonId};

use super::Clock;
use crate::window::Client;

/// Steps of the flow; all but the last are approved here, so that each action opens a task.
const STEPS: u32 = 40;
/// Departments, each with one who asks and one who approves.
const DEPARTMENTS: usize = 400;

const COMPANY: &str = "
company: bench-office
name: { zh: 测量公司, en: Measured }
time_zone: Asia/Shanghai
currency: CNY
languages: [zh, en]
working_hours: [\"09:00-12:00\", \"13:00-18:00\"]
calendar: cn
roles:
  asker: { title: { zh: 申请人, en: Asker } }
  approver: { title: { zh: 审批人, en: Approver } }
";
const FORM: &str = r#"{ "title": "说明", "x-en": { "title": "Note" }, "type": "object", "x-order": ["text"], "required": ["text"],
  "properties": { "text": { "type": "string", "title": "说明", "x-en": { "title": "Text" }, "maxLength": 400 } } }"#;
const FLOW: &str = "
flow: bench
title: { zh: 测量, en: Measured }
form: note
start: [ { by: [ role:asker ] } ]
on_twice: ask
steps:
";

/// One open task.
#[derive(Debug, Clone)]
pub struct Open {
    pub instance: String,
    pub approver: PersonId,
    pub task: u32,
    left: u32,
}

/// A company at work, and the tasks that wait in it.
#[derive(Clone)]
pub struct Office {
    app: App,
    clock: Clock,
    waiting: Arc<Mutex<VecDeque<Open>>>,
}

impl Office {
    /// Deploys the company and brings its people in.
    pub async fn found(app: App, clock: Clock) -> anyhow::Result<Self> {
        let steps: String = (1..=STEPS).map(step).collect();
        let files = [("company.yaml", COMPANY.to_owned()), ("flows/bench.yaml", format!("{FLOW}{steps}"))];
        let mut files: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text)).into();
        files.insert("forms/note.json".into(), FORM.into());
        app.deploy(Deployer::Console, files, clock()).await?;
        let mut people = "id,name,login,department,roles\n".to_owned();
        let mut departments = "id,name\n".to_owned();
        for number in 0..DEPARTMENTS {
            departments += &format!("d{number},{number} 部\n");
            people += &format!("asker{number},申请人 {number},,d{number},asker\n");
            people += &format!("approver{number},审批人 {number},approver{number},d{number},approver@d{number}\n");
        }
        let files = PeopleFiles { people: Some(people), departments: Some(departments), ..PeopleFiles::default() };
        app.import_people(Deployer::Console, &Self::company(), files, clock()).await?;
        Ok(Self { app, clock, waiting: Arc::default() })
    }

    /// The company's name.
    pub fn company() -> CompanyId {
        CompanyId::new("bench-office")
    }

    /// Everybody who approves.
    pub fn approvers() -> impl Iterator<Item = PersonId> {
        (0..DEPARTMENTS).map(|number| PersonId::new(format!("approver{number}")))
    }

    /// Has requests submitted until so many actions wait to be done; answers how many were submitted.
    pub async fn provide(&self, actions: u64, submitted: usize) -> anyhow::Result<usize> {
        let mut number = submitted;
        while self.lock().iter().map(|open| u64::from(open.left)).sum::<u64>() < actions {
            let department = number % DEPARTMENTS;
            let asker =
                self.app.viewer(&Self::company(), &PersonId::new(format!("asker{department}")), (self.clock)()).await?;
            let form = Map::from_iter([("text".to_owned(), Value::String("请".repeat(80)))]);
            let request = NewRequest { flow: "bench".into(), form, period: None, about: None };
            let answer = self.app.submit(&asker, request, key(&format!("submit-{number}")), (self.clock)()).await?;
            let instance = answer.body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let approver = PersonId::new(format!("approver{department}"));
            self.give_back(Open { instance, approver, task: 1, left: STEPS - 1 });
            number += 1;
        }
        Ok(number)
    }

    /// An open task that nobody else acts on meanwhile.
    pub fn take(&self) -> Option<Open> {
        self.lock().pop_front()
    }

    /// The task that follows one that was approved.
    pub fn approved(&self, open: Open) {
        if open.left > 1 {
            self.give_back(Open { task: open.task + 1, left: open.left - 1, ..open });
        }
    }

    fn give_back(&self, open: Open) {
        self.lock().push_back(open);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Open>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many clerks who approve. Each run has a name of its own, for its keys.
    pub fn clerks(&self, count: usize, run: &'static str) -> Vec<Clerk> {
        (0..count).map(|number| Clerk { office: self.clone(), run, number, acts: 0 }).collect()
    }
}

fn step(number: u32) -> String {
    format!(
        "  - {{ step: s{number}, title: {{ zh: 第{number}步, en: Step {number} }}, approve: {{ by: \"role:approver@initiator\" }} }}\n"
    )
}

fn key(name: &str) -> RequestKey {
    RequestKey { key: Some(name.to_owned()), request: ContentHash::of(&[name.as_bytes()]) }
}

/// Approves through the use case.
pub struct Clerk {
    office: Office,
    run: &'static str,
    number: usize,
    acts: u64,
}

impl Client for Clerk {
    async fn act(&mut self) -> anyhow::Result<u64> {
        let Some(open) = self.office.take() else { return Ok(0) };
        let app = &self.office.app;
        let viewer = app.viewer(&Office::company(), &open.approver, (self.office.clock)()).await?;
        let act = TaskAct::Approve { version: 1, comment: Some("同意".into()), form: None };
        let key = key(&format!("{}-{}-{}", self.run, self.number, self.acts));
        app.act(&viewer, &open.instance, open.task, act, key, (self.office.clock)()).await?;
        self.acts += 1;
        self.office.approved(open);
        Ok(1)
    }
}
