//! The process ends at every statement of an act in turn, before it is sent and after it was answered.
//!
//! A process of its own carries a request through its life, each act under an idempotency key, and aborts at the n-th
//! moment; the next one finds every acknowledged act there, everything else wholly or not at all, asks again under the
//! same keys, and gets the same answers. Then it aborts at a later moment of another request, until a life goes through.
//!
//! `ZHUPI_ABORTS` says how many moments of a life, spread over it evenly: `cargo xtask gate aborts` takes all.

#![allow(clippy::print_stdout, reason = "figures are told")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

#[path = "../../store/tests/support/postgres.rs"]
mod postgres;
mod support;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Map, json};
use support::{Firm, form};
use zhupi_app::{Answer, AppError, NOTICE, NewRequest, RequestKey, TaskAct};
use zhupi_domain::{ContentHash, InstanceId};
use zhupi_store::{Config, watch_statements};

const DATABASE: &str = "ZHUPI_ABORTED_DATABASE";
const NOTES: &str = "ZHUPI_ABORTED_NOTES";
const LIFE: &str = "ZHUPI_ABORTED_LIFE";
/// The moment it ends at, counted from one; 0: at none, and its request is what others are compared with.
const MOMENT: &str = "ZHUPI_ABORTED_MOMENT";
/// The moment that the process before it ended at, if there was one.
const BEFORE: &str = "ZHUPI_ABORTED_BEFORE";
/// A moment that no life reaches.
const NEVER: u64 = 1_000_000;

fn moments() -> u64 {
    let few = if std::env::var("CI").as_deref() == Ok("true") { 50 } else { 10 };
    std::env::var("ZHUPI_ABORTS").ok().and_then(|moments| moments.parse().ok()).unwrap_or(few)
}

/// Moments until the process ends.
static LEFT: AtomicI64 = AtomicI64::new(i64::MAX);

fn count() {
    if LEFT.fetch_sub(1, Ordering::SeqCst) == 1 {
        std::process::abort();
    }
}

/// What people and the machine do with one request, in order.
#[derive(Clone, Copy)]
enum Act {
    Submit,
    Approve(&'static str, u32),
    Return(&'static str, u32),
    Resubmit(&'static str, u32),
    Transfer(&'static str, u32, &'static str),
    Comment(&'static str),
    Reject(&'static str, u32),
    Fill(&'static str, u32),
    Withdraw(&'static str),
    /// Machine steps, and notices told.
    Errands,
    /// Days go by, and what is due happens.
    Days(i64),
}

const LIVES: &[(&str, &[Act])] = &[
    ("archived", &[Act::Submit, Act::Approve("zhao", 1), Act::Approve("gm", 2), Act::Fill("fin", 3), Act::Errands]),
    (
        "rejected",
        &[
            Act::Submit,
            Act::Return("zhao", 1),
            Act::Resubmit("li", 2),
            Act::Transfer("zhao", 3, "gm"),
            Act::Comment("li"),
            Act::Reject("gm", 4),
            Act::Errands,
        ],
    ),
    ("withdrawn", &[Act::Submit, Act::Days(3), Act::Errands, Act::Withdraw("li"), Act::Errands]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_at_any_statement_loses_and_doubles_nothing_on_sqlite() {
    let folder = tempfile::tempdir_in(postgres::scratch()).unwrap();
    ends_at_every_statement(Config::sqlite(folder.path()), &folder.path().display().to_string(), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_at_any_statement_loses_and_doubles_nothing_on_postgres() {
    if let Some(url) = postgres::database() {
        ends_at_every_statement(Config::postgres(url.clone()), &url, "PostgreSQL").await;
    }
}

async fn ends_at_every_statement(config: Config, database: &str, name: &str) {
    let firm = Firm::on(config.clone(), 0).await;
    firm.found().await;
    firm.app.store().close().await;
    let (mut requests, mut figures) = (0, Vec::new());
    for (life, (title, acts)) in LIVES.iter().enumerate() {
        let notes = tempfile::tempdir().unwrap();
        let goes_through = |moment: u64, before: Option<u64>| {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["the_process_that_ends", "--exact", "--ignored", "--nocapture"]);
            child.env(DATABASE, database).env(NOTES, notes.path()).env(LIFE, life.to_string());
            child.env(MOMENT, moment.to_string()).envs(before.map(|before| (BEFORE, before.to_string())));
            let output = child.output().unwrap();
            let aborted = output.status.code().is_none();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(aborted || output.status.success(), "{title}, moment {moment}: {told}");
            !aborted
        };
        assert!(goes_through(0, None) && goes_through(NEVER, Some(0)), "nothing ends the first two");
        let all: u64 = fs::read_to_string(notes.path().join("moments")).unwrap().trim().parse().unwrap();
        let step = (all / moments()).max(1);
        let (mut before, mut ended) = (NEVER, 0);
        requests += 2;
        for moment in (1..).step_by(step as usize) {
            requests += 1;
            if goes_through(moment, Some(before)) {
                break;
            }
            (before, ended) = (moment, ended + 1);
        }
        assert!(all > 10 * acts.len() as u64 && ended * step + step >= all, "{title}: {ended} of {all} moments");
        figures.push(format!("{ended} of the {all} moments of a request that is {title}"));
    }
    let firm = Firm::on(config, 0).await;
    let report = firm.app.store().verify(None).await.unwrap();
    assert!(report.is_sound(), "{report:#?}");
    let replayed = firm.app.verify(&firm.company).await.unwrap();
    assert_eq!(
        (replayed.instances, replayed.unlike),
        (requests, vec![]),
        "every request is there once, as its events say"
    );
    println!("figure: an end before and after a statement, {name}: {}; 0 lost, 0 twice", figures.join(", "));
}

/// The process that ends: finishes what the one before it began, then carries a request of its own up to its moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs only as the process that another test starts"]
async fn the_process_that_ends() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let number = |name| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let (life, moment) = (number(LIFE), number(MOMENT));
    let config = if database.starts_with("postgres:") { Config::postgres(database) } else { Config::sqlite(database) };
    let firm = Firm::on(config, (life * 2 * NEVER + moment + 1) * 1_000_000).await;
    let acts = LIVES[life as usize].1;
    let notes = PathBuf::from(std::env::var(NOTES).unwrap());
    if std::env::var(BEFORE).is_ok() {
        let before = number(BEFORE);
        let mut again = Request::new(&firm, life, before, &notes);
        again.take_up().await;
        again.live(acts).await;
    }
    watch_statements(count);
    let left = if moment > 0 { moment as i64 } else { i64::MAX };
    LEFT.store(left, Ordering::SeqCst);
    let mut own = Request::new(&firm, life, moment, &notes);
    own.live(acts).await;
    let passed = left - LEFT.swap(i64::MAX, Ordering::SeqCst);
    if moment == NEVER {
        own.note("moments", &passed.to_string());
    }
    firm.app.store().close().await;
}

/// One request, and what was noted of it.
struct Request<'a> {
    firm: &'a Firm,
    name: String,
    id: Option<InstanceId>,
    notes: &'a Path,
    /// Answers that were acknowledged before, by the index of their act.
    acknowledged: Vec<String>,
}

impl<'a> Request<'a> {
    fn new(firm: &'a Firm, life: u64, moment: u64, notes: &'a Path) -> Self {
        let name = format!("{life}-{moment}");
        let told = fs::read_to_string(notes.join(&name)).unwrap_or_default();
        // A line that the end cut short was not told.
        let acknowledged = told.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(str::to_owned);
        Self { firm, name, id: None, notes, acknowledged: acknowledged.collect() }
    }

    /// What is there is a whole number of commits, and no acknowledged one is missing.
    async fn take_up(&mut self) {
        let stages = fs::read_to_string(self.notes.join("stages")).unwrap();
        let stages: Vec<(usize, &str)> = stages
            .lines()
            .map(|line| line.split_once(' ').map(|(act, kinds)| (act.parse().unwrap(), kinds)).unwrap())
            .collect();
        self.act(Act::Submit, 0).await;
        let found = self.kinds().await;
        let stage = stages.iter().rposition(|(_, kinds)| *kinds == found);
        let stage = stage.unwrap_or_else(|| panic!("{}: by half: {found}", self.name));
        let last = self.acknowledged.len().saturating_sub(1);
        let least = stages.iter().rposition(|(act, _)| *act == last).unwrap();
        assert!(stage >= least, "{}: {} acknowledged, there is {found}", self.name, self.acknowledged.len());
    }

    async fn live(&mut self, acts: &[Act]) {
        for (index, act) in acts.iter().enumerate() {
            let answer = self.act(*act, index).await;
            match self.acknowledged.get(index) {
                Some(before) => assert_eq!(*before, answer, "{}: act {index} is answered as before", self.name),
                None => self.note(&self.name, &answer),
            }
            self.stage(index).await;
        }
        // Every request lives through the same days.
        let days: i64 = acts.iter().map(|act| if let Act::Days(days) = act { *days } else { 0 }).sum();
        self.firm.pass_hours(-24 * days);
    }

    /// Notes what is there after a commit of the life that nothing ends.
    async fn stage(&self, act: usize) {
        if self.name.ends_with("-0") && self.acknowledged.get(act).is_none() {
            self.note("stages", &format!("{act} {}", self.kinds().await));
        }
    }

    fn note(&self, file: &str, line: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.notes.join(file)).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// What happened to the request, in order.
    async fn kinds(&self) -> String {
        let stream = self.id.as_ref().unwrap().into();
        let events = self.firm.app.store().timeline(&self.firm.company, &stream, 0, 200).await.unwrap().items;
        events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Does one act; answers what it was answered, without what differs from moment to moment.
    async fn act(&mut self, act: Act, index: usize) -> String {
        let key = RequestKey {
            request: ContentHash::of(&[self.name.as_bytes(), &[index as u8]]),
            key: Some(format!("{}-{index}", self.name)),
        };
        let id = self.id.as_ref().map(ToString::to_string).unwrap_or_default();
        let comment = || "已核实".to_owned();
        let request_form = || form("60000.00").into_iter().chain([("facts".to_owned(), json!(self.name))]).collect();
        let field = |name: &str, value: &str| Map::from_iter([(name.to_owned(), json!(value))]);
        let answer = match act {
            Act::Submit => {
                let request = NewRequest {
                    flow: "bad-debt".into(),
                    form: request_form(),
                    period: Some("2026-03".into()),
                    about: None,
                };
                let viewer = self.firm.viewer("li").await;
                let answer = self.firm.app.submit(&viewer, request, key, self.firm.now()).await;
                if let Ok(answer) = &answer {
                    self.id = Some(InstanceId::new(answer.body["id"].as_str().unwrap()));
                }
                answer
            }
            Act::Comment(who) => {
                let viewer = self.firm.viewer(who).await;
                self.firm.app.comment(&viewer, &id, comment(), key, self.firm.now()).await
            }
            Act::Withdraw(who) => {
                let viewer = self.firm.viewer(who).await;
                self.firm.app.withdraw(&viewer, &id, None, key, self.firm.now()).await
            }
            Act::Errands => return self.errands(index).await,
            Act::Days(days) => return self.days(days, index).await,
            Act::Approve(who, task) => {
                let form = Some(field("opinion", "情况属实"));
                let form = if who == "zhao" { form } else { None };
                self.on_task(who, &id, task, key, TaskAct::Approve { version: 1, comment: None, form }).await
            }
            Act::Fill(who, task) => {
                let data = Some(field("cause", "handler_irresponsible"));
                self.on_task(who, &id, task, key, TaskAct::Fill { version: 1, comment: None, form: None, data }).await
            }
            Act::Return(who, task) => {
                let (to, then) = ("initiator".to_owned(), zhupi_engine::Then::Restart);
                self.on_task(who, &id, task, key, TaskAct::Return { version: 1, to, then, comment: comment() }).await
            }
            Act::Resubmit(who, task) => {
                let act = TaskAct::Resubmit { version: 1, comment: None, form: request_form() };
                self.on_task(who, &id, task, key, act).await
            }
            Act::Transfer(who, task, to) => {
                let act = TaskAct::Transfer { version: 1, to: to.to_owned(), comment: None };
                self.on_task(who, &id, task, key, act).await
            }
            Act::Reject(who, task) => {
                self.on_task(who, &id, task, key, TaskAct::Reject { version: 1, comment: comment() }).await
            }
        };
        let answer = answer.unwrap_or_else(|error| panic!("{}: act {index}: {:#?}", self.name, error.problem()));
        format!("{} {}", answer.status, answer.body)
    }

    async fn on_task(&self, who: &str, id: &str, task: u32, key: RequestKey, act: TaskAct) -> Result<Answer, AppError> {
        self.firm.app.act(&self.firm.viewer(who).await, id, task, act, key, self.firm.now()).await
    }

    /// Does what the outbox asks for, until it asks for nothing more.
    async fn errands(&self, act: usize) -> String {
        let app = &self.firm.app;
        loop {
            let mut done = 0;
            for shard in 0..16 {
                for message in app.store().due_messages(shard, self.firm.now(), 100).await.unwrap() {
                    match message.topic.as_str() {
                        NOTICE => app.store().finish_message(&message.company, &message.id).await.unwrap(),
                        _ => app.deal_with(&message, self.firm.now()).await.unwrap(),
                    }
                    done += 1;
                    self.stage(act).await;
                }
            }
            if done == 0 {
                return "done".into();
            }
        }
    }

    /// Lets days go by, and the deadlines of this request pass.
    async fn days(&self, days: i64, act: usize) -> String {
        self.firm.pass_hours(24 * days);
        let app = &self.firm.app;
        let id = self.id.as_ref().unwrap();
        for timer in app.store().timers_of(&self.firm.company, id).await.unwrap() {
            if timer.due_at <= self.firm.now() {
                app.fire_timer(&timer, self.firm.now()).await.unwrap();
                self.stage(act).await;
            }
        }
        "done".into()
    }
}
