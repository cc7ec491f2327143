//! A company in a store of its own: the good pack, its people, and a clock that the test moves.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

pub mod canaries;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value, json};
use zhupi_app::{Answer, App, AppError, Deployer, Entropy, NewRequest, PeopleFiles, RequestKey, TaskAct, Viewer};
use zhupi_app::{InboxQuery, NOTICE};
use zhupi_domain::{CompanyId, ContentHash, Instant, PersonId};
use zhupi_store::{Config, Salts, Store};

pub struct Firm {
    pub app: App,
    pub company: CompanyId,
    now: Mutex<i64>,
    keys: AtomicU64,
    _folder: Option<tempfile::TempDir>,
}

/// Wednesday, 4 March 2026, 10:00 in Shanghai.
const START: i64 = 1_772_589_600_000_000;

pub fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pack/tests/good");
    zhupi_pack::Pack::from_dir(&root).unwrap()
}

impl Firm {
    /// The good pack, deployed, with its people.
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let firm = Self::on(Config::sqlite(folder.path()), 0).await;
        firm.found().await;
        Self { _folder: Some(folder), ..firm }
    }

    /// A firm on a store of one's own, as it is there. Its randomness is counted from `first`.
    pub async fn on(config: Config, first: u64) -> Self {
        let store = Store::open(config, Salts::random()).await.unwrap();
        let counter = AtomicU64::new(first);
        let entropy = Entropy::new(move |bytes| {
            let next = counter.fetch_add(1, Ordering::Relaxed);
            for (index, byte) in bytes.iter_mut().enumerate() {
                *byte = ContentHash::of(&[&next.to_le_bytes()]).as_bytes()[index % 32];
            }
        });
        let app = App::new(store, entropy);
        let company = CompanyId::new("good");
        Self { app, company, now: Mutex::new(START), keys: AtomicU64::new(0), _folder: None }
    }

    /// Deploys the good pack, and imports its people.
    pub async fn found(&self) {
        let files = files();
        self.app.deploy(Deployer::Console, files.clone(), self.now()).await.unwrap();
        let people = PeopleFiles {
            people: files.get("people.csv").cloned(),
            departments: files.get("departments.csv").cloned(),
            substitutes: None,
        };
        self.app.import_people(Deployer::Console, &self.company, people, self.now()).await.unwrap();
    }

    /// Deploys the good pack with these files instead of its own, or besides them.
    pub async fn deploy(&self, changed: &[(&str, &str)]) {
        let mut files = files();
        files.extend(changed.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        if let Err(error) = self.app.deploy(Deployer::Console, files, self.now()).await {
            panic!("{:#?}", error.problem());
        }
    }

    /// People of a spreadsheet, besides those of the pack.
    pub async fn hire(&self, people: &str) {
        let files = PeopleFiles { people: Some(people.to_owned()), ..Default::default() };
        self.app.import_people(Deployer::Console, &self.company, files, self.now()).await.unwrap();
    }

    /// Starts a request of any flow; answers its id.
    pub async fn start(&self, who: &str, flow: &str, form: Value) -> String {
        let form = form.as_object().cloned().unwrap();
        let request = NewRequest { flow: flow.into(), form, period: None, about: None };
        let answer = self.app.submit(&self.viewer(who).await, request, self.key(), self.now()).await;
        let body = answer.map_err(|error| error.problem()).unwrap().body;
        body["id"].as_str().unwrap().to_owned()
    }

    /// Approves as the holder of a task, changing the form.
    pub async fn approve_with(&self, who: &str, id: &str, form: Value) {
        let form = form.as_object().cloned();
        let done = self.act(who, id, |version| TaskAct::Approve { version, comment: None, form }).await;
        done.map_err(|error| error.problem()).unwrap();
    }

    pub async fn send_back(&self, who: &str, id: &str) {
        let (to, then) = ("initiator".to_owned(), zhupi_engine::Then::Restart);
        self.act(who, id, |version| TaskAct::Return { version, to, then, comment: "请修改".into() }).await.unwrap();
    }

    pub async fn resubmit_with(&self, who: &str, id: &str, form: Value) {
        let form = form.as_object().cloned().unwrap();
        self.act(who, id, |version| TaskAct::Resubmit { version, comment: None, form }).await.unwrap();
    }

    pub fn now(&self) -> Instant {
        Instant::from_micros(*self.now.lock().unwrap()).unwrap()
    }

    pub fn pass_hours(&self, hours: i64) {
        *self.now.lock().unwrap() += hours * 3_600_000_000;
    }

    pub fn key(&self) -> RequestKey {
        let next = self.keys.fetch_add(1, Ordering::Relaxed).to_string();
        RequestKey { request: ContentHash::of(&[next.as_bytes()]), key: Some(next) }
    }

    pub async fn viewer(&self, who: &str) -> Viewer {
        self.app.viewer(&self.company, &PersonId::new(who), self.now()).await.unwrap()
    }

    /// Submits a bad-debt request of 8,000.00; answers its id.
    pub async fn submit(&self, who: &str) -> String {
        let answer = self.try_submit(who, form("8000.00"), self.key()).await.unwrap();
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn try_submit(&self, who: &str, form: Map<String, Value>, key: RequestKey) -> Result<Answer, AppError> {
        let request = NewRequest { flow: "bad-debt".into(), form, period: Some("2026-03".into()), about: None };
        self.app.submit(&self.viewer(who).await, request, key, self.now()).await
    }

    /// The open task of a person on an instance.
    pub async fn task(&self, who: &str, id: &str) -> (u32, u32) {
        let inbox = self.app.inbox(&self.viewer(who).await, InboxQuery::default(), self.now()).await.unwrap();
        let task = inbox.items.iter().find(|task| task.instance == id);
        task.map(|task| (task.task, task.version)).unwrap_or_else(|| panic!("{who} has no task on it"))
    }

    pub async fn act(&self, who: &str, id: &str, act: impl FnOnce(u32) -> TaskAct) -> Result<Answer, AppError> {
        let (task, version) = self.task(who, id).await;
        self.app.act(&self.viewer(who).await, id, task, act(version), self.key(), self.now()).await
    }

    pub async fn approve(&self, who: &str, id: &str) -> Result<Answer, AppError> {
        let form = Map::from_iter([("opinion".to_owned(), json!("情况属实"))]);
        self.act(who, id, |version| TaskAct::Approve { version, comment: Some("同意".into()), form: Some(form) }).await
    }

    pub async fn fill(&self, who: &str, id: &str, cause: &str) -> Result<Answer, AppError> {
        let data = Map::from_iter([("cause".to_owned(), json!(cause))]);
        self.act(who, id, |version| TaskAct::Fill { version, comment: None, form: None, data: Some(data) }).await
    }

    /// Does all errands that wait, and those that follow them.
    pub async fn machines(&self) {
        let failed = self.errands().await;
        assert!(failed.is_empty(), "{failed:?}");
    }

    /// The same; answers why some could not be done.
    pub async fn errands(&self) -> Vec<String> {
        let mut failed = BTreeMap::new();
        loop {
            let mut done = 0;
            for shard in 0..16 {
                for message in self.app.store().due_messages(shard, self.now(), 100).await.unwrap() {
                    if message.topic == NOTICE || failed.contains_key(&message.id) {
                        continue;
                    }
                    match self.app.deal_with(&message, self.now()).await {
                        Ok(()) => done += 1,
                        Err(error) => drop(failed.insert(message.id, error.to_string())),
                    }
                }
            }
            if done == 0 {
                return failed.into_values().collect();
            }
        }
    }

    /// Lets all timers go off that are due.
    pub async fn timers(&self) {
        for shard in 0..16 {
            for timer in self.app.store().due_timers(shard, self.now(), 100).await.unwrap() {
                self.app.fire_timer(&timer, self.now()).await.unwrap();
            }
        }
    }

    /// The request as a person sees it, as JSON.
    pub async fn seen(&self, who: &str, id: &str) -> Value {
        let view = self.app.instance(&self.viewer(who).await, id, self.now()).await.unwrap();
        serde_json::to_value(view).unwrap()
    }
}

pub fn form(amount: &str) -> Map<String, Value> {
    let fields =
        json!({ "customer_name": "甲医药公司", "customer_no": "K-0017", "amount": amount, "facts": "客户停业" });
    fields.as_object().cloned().unwrap()
}
