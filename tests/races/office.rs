//! The office in which it is raced: its people, and how they act.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::house::{Person, Place, Reply, Server, free_port};
use crate::records::Records;

pub const COMPANY: &str = "office";
/// Approvers of a department.
pub const APPROVERS: usize = 4;

/// A running office.
pub struct Office {
    pub server: Server,
    pub records: Records,
    pub departments: Vec<Arc<Department>>,
}

/// People who only meet each other, so that departments race side by side.
pub struct Department {
    pub number: usize,
    pub records: Records,
    pub asker: Clerk,
    pub approvers: Vec<Clerk>,
    pub chief: Clerk,
    pub admin: Clerk,
}

/// Somebody with a name, at a computer.
#[derive(Clone)]
pub struct Clerk {
    pub id: String,
    pub name: String,
    pub at: Person,
}

/// What somebody tries to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Approve,
    /// With a change to the form.
    ApproveWriting(&'static str),
    /// In a committee.
    Vote(&'static str),
    Reject,
    /// To the initiator, who sends it straight back.
    Return,
    /// To the head of the department.
    Transfer,
    Resubmit,
    Withdraw,
    Cancel,
}

impl Act {
    /// The kind of event that it leaves.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Approve | Self::ApproveWriting(_) => "approved",
            Self::Vote(_) => "voted",
            Self::Reject => "rejected",
            Self::Return => "returned",
            Self::Transfer => "transferred",
            Self::Resubmit => "resubmitted",
            Self::Withdraw => "withdrawn",
            Self::Cancel => "cancelled",
        }
    }

    pub fn is_on_a_task(&self) -> bool {
        !matches!(self, Self::Withdraw | Self::Cancel)
    }
}

/// One attempt, ready to be sent.
#[derive(Clone)]
pub struct Attempt {
    pub who: Clerk,
    pub act: Act,
    path: String,
    body: Value,
    key: String,
}

/// What became of it.
pub struct Attempted {
    pub who: Clerk,
    pub act: Act,
    pub reply: Reply,
}

/// Opens an office with so many departments.
pub async fn open(place: &Place, departments: usize) -> Office {
    let pack = write_pack(place, departments);
    place.found_with(COMPANY, &pack);
    for login in (0..departments).flat_map(people_of) {
        place.let_in(COMPANY, &login);
    }
    let records = Records::of(place).await;
    records.keep_notices().await;
    let server = place.serve(free_port());
    let url = server.url();
    let mut open = Vec::new();
    for number in 0..departments {
        let mut people = Vec::new();
        for login in people_of(number) {
            people.push(clerk(&url, number, &login).await);
        }
        let (asker, chief, admin) = (people.remove(0), people.remove(0), people.remove(0));
        let records = records.clone();
        open.push(Arc::new(Department { number, records, asker, approvers: people, chief, admin }));
    }
    Office { server, records, departments: open }
}

impl Office {
    /// Stops the server, and starts it again where it was.
    pub async fn while_closed<T>(&mut self, place: &Place, work: impl AsyncFnOnce() -> T) -> T {
        let port = self.server.port;
        self.server.stop();
        let done = work().await;
        self.server = place.serve(port);
        done
    }

    /// Ends the server and proves everything it wrote.
    pub async fn close(self, place: &Place) {
        // Workers have one open for a moment now and then; one that was left open stays.
        let began = Instant::now();
        while self.records.idle_in_transaction().await > 0 {
            assert!(began.elapsed() < Duration::from_secs(5), "a session holds a transaction open");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drop(self.server);
        place.console(&["verify"]);
    }
}

/// The office's pack, with people for so many departments.
fn write_pack(place: &Place, departments: usize) -> PathBuf {
    let from = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/races/office");
    let pack = place.folder().join("office");
    for file in [
        "company.yaml",
        "flows/any.yaml",
        "flows/all.yaml",
        "flows/vote.yaml",
        "flows/fund.yaml",
        "flows/spend.yaml",
        "flows/pledge.yaml",
        "policies/office/room.yaml",
        "policies/office/room.rhai",
        "forms/note.json",
        "forms/spend.json",
    ] {
        let to = pack.join(file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from.join(file), to).unwrap();
    }
    let mut people = "id,name,login,email,department,post,roles,manager,language\n".to_owned();
    let mut rows = "id,name,parent,head\noffice,办公室,,\n".to_owned();
    let mut person = |id: &str, department: &str, role: &str| {
        people += &format!("{id},{},{id},,{department},,{role},,zh\n", name_of(id));
    };
    for number in 0..departments {
        let department = format!("d{number}");
        rows += &format!("{department},{number} 部,office,\n");
        for (index, id) in people_of(number).enumerate() {
            // A role of the whole office would have everybody asked everywhere.
            let role = ROLES.get(index).unwrap_or(&"approver");
            let role = if *role == "admin" { (*role).to_owned() } else { format!("{role}@{department}") };
            person(&id, &department, &role);
        }
    }
    std::fs::write(pack.join("people.csv"), people).unwrap();
    std::fs::write(pack.join("departments.csv"), rows).unwrap();
    pack
}

const ROLES: [&str; 3] = ["asker", "chief", "admin"];

/// One for each role, then the approvers.
fn people_of(department: usize) -> impl Iterator<Item = String> {
    let first = ROLES.into_iter().map(move |role| format!("{role}{department}"));
    first.chain((0..APPROVERS).map(move |number| format!("approver{department}-{number}")))
}

/// A name that is no part of another.
fn name_of(id: &str) -> String {
    format!("〔{id}〕")
}

async fn clerk(url: &str, department: usize, id: &str) -> Clerk {
    let address = Ipv4Addr::new(127, 0, 1, u8::try_from(department % 250).unwrap() + 1);
    let at = Person::log_in_from(address, url, COMPANY, id).await;
    Clerk { id: id.to_owned(), name: name_of(id), at }
}

/// A request that its form accepts.
pub fn request(flow: &str) -> Value {
    json!({ "flow": flow, "form": { "text": "请批准" } })
}

static KEYS: AtomicU64 = AtomicU64::new(0);

/// A key that nobody used before.
pub fn fresh_key() -> String {
    format!("race-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

impl Clerk {
    /// The same person in another window.
    pub fn elsewhere(&self) -> Self {
        Self { at: self.at.elsewhere(), ..self.clone() }
    }

    /// Sends a write; waits where it is told to, which is no outcome.
    pub async fn send(&self, path: &str, body: &Value, key: &str) -> Reply {
        loop {
            let reply = self.at.post(path, key, body).await.unwrap();
            if reply.status != 429 {
                return reply;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// Asks for something, and answers the new request's id.
    pub async fn ask(&self, flow: &str) -> String {
        self.ask_under(flow, &fresh_key()).await
    }

    pub async fn ask_under(&self, flow: &str, key: &str) -> String {
        self.submit(&request(flow), key).await
    }

    /// Sends any request in, and answers its id.
    pub async fn ask_for(&self, request: &Value) -> String {
        self.submit(request, &fresh_key()).await
    }

    async fn submit(&self, request: &Value, key: &str) -> String {
        let reply = self.send("/instances", request, key).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.body["id"].as_str().unwrap().to_owned()
    }
}

impl Department {
    pub fn everybody(&self) -> impl Iterator<Item = &Clerk> {
        [&self.asker, &self.chief].into_iter().chain(&self.approvers)
    }

    /// What somebody is about to send, from the page they have open now.
    pub async fn prepare(&self, instance: &str, who: &Clerk, act: Act) -> Attempt {
        let (task, version) = match act.is_on_a_task() {
            true => {
                let mine = format!("person:{}", who.id);
                let tasks = self.records.tasks(instance).await.into_iter();
                let task = tasks.filter(|task| task.is_open).find(|task| task.assignee == mine).unwrap();
                (task.number, task.version)
            }
            false => (0, 0),
        };
        let on_task = |word: &str| format!("/instances/{instance}/tasks/{task}/{word}");
        let (path, body) = match &act {
            Act::Approve => (on_task("approve"), json!({ "version": version })),
            Act::ApproveWriting(opinion) => {
                (on_task("approve"), json!({ "version": version, "form": { "opinion": opinion } }))
            }
            Act::Vote(ballot) => (on_task("vote"), json!({ "version": version, "ballot": ballot })),
            Act::Reject => (on_task("reject"), json!({ "version": version, "comment": "不同意" })),
            Act::Return => {
                let body = json!({ "version": version, "to": "initiator", "then": "direct", "comment": "请补充" });
                (on_task("return"), body)
            }
            Act::Transfer => (on_task("transfer"), json!({ "version": version, "to": self.chief.id })),
            Act::Resubmit => (on_task("resubmit"), json!({ "version": version, "form": { "text": "已补充" } })),
            Act::Withdraw => (format!("/instances/{instance}/withdraw"), json!({})),
            Act::Cancel => (format!("/instances/{instance}/cancel"), json!({ "reason": "作废" })),
        };
        Attempt { who: who.clone(), act, path, body, key: fresh_key() }
    }

    /// Does something that nobody races with.
    pub async fn simply(&self, instance: &str, who: &Clerk, act: Act) {
        let attempted = self.prepare(instance, who, act).await.send().await;
        assert_eq!(attempted.reply.status, 200, "{}", attempted.reply.body);
    }
}

impl Attempt {
    pub async fn send(self) -> Attempted {
        let reply = self.who.send(&self.path, &self.body, &self.key).await;
        Attempted { who: self.who, act: self.act, reply }
    }
}

impl Clerk {
    /// Sends a write, and closes the connection before the answer may have come.
    pub async fn send_and_go_away(&self, path: &str, body: &Value, key: &str, after: Duration) {
        // What is not waited for any more is dropped, and its connection with it.
        let _ = tokio::time::timeout(after, self.at.post(path, key, body)).await;
    }

    /// Opens a page, and closes the connection before it may have come.
    pub async fn look_and_go_away(&self, path: &str, after: Duration) {
        let _ = tokio::time::timeout(after, self.at.get(path)).await;
    }
}

impl Attempt {
    pub async fn send_and_go_away(&self, after: Duration) {
        self.who.send_and_go_away(&self.path, &self.body, &self.key, after).await;
    }
}

/// Sends all at the same moment, each from a client of its own.
pub async fn at_once(attempts: Vec<Attempt>, late_by: impl Fn(usize) -> Duration) -> Vec<Attempted> {
    let start = Arc::new(Barrier::new(attempts.len()));
    let sent = attempts.into_iter().enumerate().map(|(index, attempt)| {
        let (start, pause) = (start.clone(), late_by(index));
        tokio::spawn(async move {
            start.wait().await;
            tokio::time::sleep(pause).await;
            attempt.send().await
        })
    });
    let mut attempted = Vec::new();
    for sent in sent.collect::<Vec<_>>() {
        attempted.push(sent.await.unwrap());
    }
    attempted
}
