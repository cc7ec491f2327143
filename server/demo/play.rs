//! Plays a history: each entry at its moment, and what machines and timers do in between at theirs.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use axum::Router;
use serde_json::{Map, Value, json};
use zhupi_domain::Instant;
use zhupi_store::SHARDS;

use super::client::Client;
use super::days::fill_in;
use super::script::Act;
use crate::workers::{Lane, Outbox, Timers, Tools};

/// An entry of a script, placed in time and filled in.
pub struct Scene {
    pub at: Instant,
    pub company: String,
    pub person: String,
    pub act: Act,
    /// Where it stands, for whoever mends a script.
    pub place: String,
}

/// Who plays, and what the scripts call the requests.
pub struct Player<'a> {
    tools: &'a Tools,
    router: Router,
    /// Tokens by company and person.
    tokens: BTreeMap<(String, String), String>,
    /// The files of the packs by company.
    packs: BTreeMap<String, BTreeMap<String, String>>,
    /// Ids of requests by company and the script's name for them.
    requests: BTreeMap<(String, String), String>,
    /// Those which the calendar did not start yet.
    not_started: BTreeSet<(String, String)>,
    /// Their document numbers.
    numbers: BTreeMap<(String, String), String>,
}

/// How long before now the calendar begins to start requests.
const CALENDAR_SECONDS: i64 = 14 * 24 * 3600;

impl<'a> Player<'a> {
    pub fn new(
        tools: &'a Tools,
        router: Router,
        tokens: BTreeMap<(String, String), String>,
        packs: BTreeMap<String, BTreeMap<String, String>>,
    ) -> Self {
        let (requests, not_started, numbers) = Default::default();
        Self { tools, router, tokens, packs, requests, not_started, numbers }
    }

    /// Plays scenes in the order of their moments, up to now. Scenes of today that are still to come are left out.
    pub async fn play(&mut self, mut scenes: Vec<Scene>, now: Instant) -> anyhow::Result<usize> {
        scenes.sort_by_key(|scene| scene.at);
        scenes.retain(|scene| scene.at < now);
        let mut day = None;
        for scene in &scenes {
            self.pass_time_until(scene.at).await?;
            if scene.at > now.plus_seconds(-CALENDAR_SECONDS) && day.replace(scene.at.utc().date_naive()) != day {
                self.start_due(scene.at).await?;
            }
            self.perform(scene).await.with_context(|| scene.place.clone())?;
            self.work().await;
        }
        self.pass_time_until(now).await?;
        Ok(scenes.len())
    }

    /// Lets the clock go on, and what becomes due on the way happen when it is due.
    async fn pass_time_until(&self, moment: Instant) -> anyhow::Result<()> {
        while let Some(due) = self.next_due().await?.filter(|due| *due < moment) {
            let clock = &self.tools.clock;
            clock.stand_at(due.max(clock.now()));
            if self.work().await == 0 {
                // What cannot be done now is put off by who failed to; nothing is waited for twice.
                break;
            }
        }
        self.tools.clock.stand_at(moment);
        self.tools.app.store().seal(moment).await?;
        Ok(())
    }

    /// Starts what the calendar says, as a server does that was down for some time: a script counts its days back from today, so
    /// that the records of a month may be told after the day on which the calendar looks for them.
    async fn start_due(&self, now: Instant) -> anyhow::Result<()> {
        for company in self.tools.app.store().companies().await? {
            self.tools.app.start_due(&company.id, None, now).await?;
        }
        self.work().await;
        Ok(())
    }

    async fn next_due(&self) -> anyhow::Result<Option<Instant>> {
        let store = self.tools.app.store();
        let mut next: Option<Instant> = None;
        for shard in 0..SHARDS {
            let due = store.next_timer(shard).await?.into_iter().chain(store.next_message(shard).await?).min();
            next = next.into_iter().chain(due).min();
        }
        Ok(next)
    }

    /// Does what workers do, until nothing is due; answers how much that was.
    async fn work(&self) -> usize {
        let mut done = 0;
        loop {
            let mut round = 0;
            for shard in 0..SHARDS {
                round += Timers(self.tools).round(shard).await;
                for lane in [Lane::Steps, Lane::Notices] {
                    round += Outbox { tools: self.tools, lane }.round(shard).await;
                }
            }
            if round == 0 {
                return done;
            }
            done += round;
        }
    }

    async fn perform(&mut self, scene: &Scene) -> anyhow::Result<()> {
        let client = self.client(scene)?;
        let named = |request: &str| (scene.company.clone(), request.to_owned());
        if scene.act.request().is_some_and(|request| self.not_started.contains(&named(request))) {
            return Ok(());
        }
        match &self.numbered(scene)? {
            Act::Submit { request, flow, form, period, about } => {
                let about = match about {
                    Some(about) => Some(record(&client, flow, about).await?),
                    None => None,
                };
                let sent = json!({ "flow": flow, "form": form, "period": period, "about": about });
                let answer = client.post("/instances", sent).await?;
                let id = answer.get("id").and_then(Value::as_str).context("no id was answered")?;
                let name = named(request);
                if let Some(number) = answer.get("number").and_then(Value::as_str) {
                    self.numbers.insert(name.clone(), number.to_owned());
                }
                self.requests.insert(name, id.to_owned());
                Ok(())
            }
            Act::Facts { kind, rows } => {
                client.post(&format!("/admin/facts/{kind}/import"), json!({ "rows": rows })).await.map(drop)
            }
            Act::Started { request, flow, subject } => {
                let tasks = client.get("/tasks?limit=100").await?;
                let tasks = tasks.get("items").and_then(Value::as_array);
                let at = |task: &&Value, at: &str| task.pointer(at).and_then(Value::as_str).map(str::to_owned);
                // Whoever started what is about themselves is told once.
                let about = |task: &&Value| at(task, "/subject/id").or_else(|| at(task, "/initiator/id"));
                let mut found = tasks.into_iter().flatten();
                let found = found
                    .find(|task| at(task, "/flow").as_ref() == Some(flow) && about(task).as_ref() == Some(subject));
                match found.and_then(|task| task.get("instance")).and_then(Value::as_str) {
                    Some(id) => drop(self.requests.insert(named(request), id.to_owned())),
                    None => drop(self.not_started.insert(named(request))),
                }
                Ok(())
            }
            Act::Pilot { policy, file, from, to, rows, facts } => {
                let mut files = self.packs.get(&scene.company).cloned().unwrap_or_default();
                let text = files.get_mut(file).with_context(|| format!("the pack has no {file}"))?;
                anyhow::ensure!(text.contains(from.as_str()), "{file} does not say {from}");
                *text = text.replace(from.as_str(), to);
                let facts: Map<String, Value> =
                    facts.iter().map(|(kind, rows)| (kind.clone(), json!({ "records": rows }))).collect();
                let rows = json!({ "records": rows });
                let body = json!({ "policy": policy, "candidate": { "files": files }, "rows": rows, "facts": facts });
                client.post("/admin/pilots", body).await.map(drop)
            }
            Act::Draft { flow, form, period } => {
                let body = json!({ "body": { "form": form, "period": period } });
                client.put_new(&format!("/drafts/start:{flow}"), body).await.map(drop)
            }
            Act::Comment { request, text } => {
                self.whole(&client, scene, request, "comments", json!({ "text": text })).await
            }
            Act::Withdraw { request, reason } => {
                self.whole(&client, scene, request, "withdraw", json!({ "reason": reason })).await
            }
            Act::Reject { request, comment } => {
                self.on_task(&client, scene, request, "reject", json!({ "comment": comment }), None).await
            }
            Act::Return { request, to, then, comment } => {
                let body = json!({ "to": to, "then": then, "comment": comment });
                self.on_task(&client, scene, request, "return", body, None).await
            }
            Act::Transfer { request, to, comment } => {
                self.on_task(&client, scene, request, "transfer", json!({ "to": to, "comment": comment }), None).await
            }
            Act::Approve { request, comment, form } => {
                self.on_task(&client, scene, request, "approve", json!({ "comment": comment }), form.as_ref()).await
            }
            Act::Fill { request, comment, form, data } => {
                let body = json!({ "comment": comment, "data": data });
                self.on_task(&client, scene, request, "fill", body, form.as_ref()).await
            }
            Act::Vote { request, ballot, comment, minutes } => {
                let body = json!({ "ballot": ballot, "comment": comment, "minutes": minutes });
                self.on_task(&client, scene, request, "vote", body, None).await
            }
            Act::Resubmit { request, comment, form } => {
                let unchanged = Map::new();
                let form = form.as_ref().unwrap_or(&unchanged);
                self.on_task(&client, scene, request, "resubmit", json!({ "comment": comment }), Some(form)).await
            }
        }
    }

    fn client(&self, scene: &Scene) -> anyhow::Result<Client> {
        let token = self.tokens.get(&(scene.company.clone(), scene.person.clone()));
        let token = token.with_context(|| format!("{} has nobody called {}", scene.company, scene.person))?;
        Ok(Client::new(self.router.clone(), token))
    }

    /// The act with document numbers in place of the names of earlier requests.
    fn numbered(&self, scene: &Scene) -> anyhow::Result<Act> {
        let number = |word: &str, name: &str| {
            let known = || self.numbers.get(&(scene.company.clone(), name.to_owned())).cloned();
            if word == "number" { known() } else { None }
        };
        let mut value = serde_json::to_value(&scene.act)?;
        fill_in(&mut value, &number);
        Ok(serde_json::from_value(value)?)
    }

    fn id(&self, scene: &Scene, request: &str) -> anyhow::Result<&str> {
        let id = self.requests.get(&(scene.company.clone(), request.to_owned()));
        id.map(String::as_str).with_context(|| format!("no request was called {request} before"))
    }

    async fn whole(&self, client: &Client, scene: &Scene, request: &str, act: &str, body: Value) -> anyhow::Result<()> {
        let id = self.id(scene, request)?;
        client.post(&format!("/instances/{id}/{act}"), body).await.map(drop)
    }

    /// Acts on the one task that the person holds of a request, as the page would: with the version that it shows, and the
    /// form that it shows with some fields changed.
    async fn on_task(
        &self,
        client: &Client,
        scene: &Scene,
        request: &str,
        act: &str,
        mut body: Value,
        changed: Option<&Map<String, Value>>,
    ) -> anyhow::Result<()> {
        let id = self.id(scene, request)?;
        let page = client.get(&format!("/instances/{id}")).await?;
        let task = page.pointer("/my_tasks/0").context("this person holds no task of the request")?;
        let number = task.get("task").and_then(Value::as_u64).context("a task without a number")?;
        if let Some(members) = body.as_object_mut() {
            members.insert("version".into(), task.get("version").cloned().unwrap_or_default());
            if let Some(changed) = changed {
                let mut form = task.pointer("/form/data").and_then(Value::as_object).cloned().unwrap_or_default();
                form.extend(changed.clone());
                members.insert("form".into(), form.into());
            }
        }
        client.post(&format!("/instances/{id}/tasks/{number}/{act}"), body).await.map(drop)
    }
}

/// The record that the page offers to start a flow about, and from which it fills this value in.
async fn record(client: &Client, flow: &str, value: &str) -> anyhow::Result<Value> {
    let page = client.get(&format!("/flows/{flow}/start")).await?;
    let records = page.pointer("/about/records").and_then(Value::as_array).context("the flow is about no record")?;
    for record in records {
        let named =
            |key: &str| record.get(key).and_then(Value::as_str).with_context(|| format!("a record without {key}"));
        let (fact, id) = (named("fact")?, named("id")?);
        let filled = client.get(&format!("/flows/{flow}/start?about={fact}&id={id}")).await?;
        let data = filled.pointer("/form/data").and_then(Value::as_object).context("a form without data")?;
        if data.values().any(|one| one.as_str() == Some(value)) {
            return Ok(json!({ "fact": fact, "id": id }));
        }
    }
    anyhow::bail!("no record fills {value} in: {page}")
}
