//! The limit of SQLite: one connection, write-ahead log, `synchronous=FULL`, prepared statements, no thread in between.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use super::{COMPANIES, PEOPLE};
use crate::cpu::Meter;
use crate::dice::Dice;
use crate::window::{Window, micros};

const SCHEMA: &str = "
CREATE TABLE instance (id INTEGER PRIMARY KEY, company INT NOT NULL, version INT NOT NULL, node TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE event (id INTEGER PRIMARY KEY, instance_id INT NOT NULL, seq INT NOT NULL, kind TEXT NOT NULL, actor INT NOT NULL,
                    payload TEXT NOT NULL, at INT NOT NULL);
CREATE INDEX event_instance ON event (instance_id, seq);
CREATE TABLE task (id INTEGER PRIMARY KEY, company INT NOT NULL, assignee INT NOT NULL, instance_id INT NOT NULL,
                   node TEXT NOT NULL, title TEXT NOT NULL, due_at INT NOT NULL);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload TEXT NOT NULL, at INT NOT NULL);";
const INDEXES: &str = "
CREATE INDEX task_inbox ON task (assignee, due_at, id);
CREATE INDEX task_instance ON task (instance_id);
ANALYZE;";
const NEW_INSTANCE: &str = "INSERT INTO instance VALUES (?, ?, 1, 'manager', ?)";
const NEW_TASK: &str =
    "INSERT INTO task (company, assignee, instance_id, node, title, due_at) VALUES (?, ?, ?, ?, ?, ?)";
const VERSION: &str = "SELECT version FROM instance WHERE id = ?";
const ADVANCE: &str = "UPDATE instance SET version = version + 1, node = 'gm' WHERE id = ? AND version = ?";
const EVENT: &str = "INSERT INTO event (instance_id, seq, kind, actor, payload, at) VALUES (?, ?, ?, ?, ?, ?)";
const END_TASK: &str = "DELETE FROM task WHERE instance_id = ?";
const MESSAGE: &str = "INSERT INTO outbox (topic, payload, at) VALUES ('task.created', ?, ?)";

const DECIDED: &str = r#"{"decision":"approve","comment":"ok, within the budget of the quarter"}"#;
const OPENED: &str = r#"{"node":"gm","candidates":[1,2,3]}"#;
const TOLD: &str = r#"{"instance":1,"node":"gm","to":[17]}"#;
const NOW: i64 = 1_800_000_000;
const MONTH: u64 = 2_592_000;

/// A database of its own with open tasks.
pub struct RawSqlite {
    connection: Connection,
    instances: u64,
    dice: Dice,
}

impl RawSqlite {
    /// Makes a database with so many open tasks, one an instance.
    pub fn create(file: &Path, instances: u64) -> anyhow::Result<Self> {
        let mut connection = Connection::open(file)?;
        connection.set_prepared_statement_cache_capacity(32);
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "cache_size", -65_536)?;
        connection.execute_batch(SCHEMA)?;
        fill(&mut connection, instances)?;
        connection.execute_batch(INDEXES)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self { connection, instances, dice: Dice::new(7) })
    }

    /// Acts for a while, so many actions a commit. Each commit takes `flush` longer than the disk does.
    pub fn window(&mut self, batch: u64, lasting: Duration, flush: Duration) -> anyhow::Result<Window> {
        let meter = Meter::of_this_process();
        let (cpu, began) = (meter.read(), Instant::now());
        let (mut actions, mut waits, mut now) = (0, Vec::new(), began);
        while now < began + lasting {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..batch {
                let (instance, person) = (1 + self.dice.below(self.instances), self.dice.below(PEOPLE));
                act(&self.connection, instance, person)?;
            }
            self.connection.execute_batch("COMMIT")?;
            if !flush.is_zero() {
                std::thread::sleep(flush);
            }
            actions += batch;
            let after = Instant::now();
            waits.push(micros(after - now));
            now = after;
        }
        Ok(Window::new(actions, began.elapsed(), meter.since(cpu), waits))
    }
}

fn fill(connection: &mut Connection, instances: u64) -> anyhow::Result<()> {
    let state = format!("{{\"form\":\"{}\",\"amount\":1}}", "x".repeat(240));
    let mut dice = Dice::new(42);
    let transaction = connection.transaction()?;
    for instance in 1..=i64::try_from(instances)? {
        let person = dice.below(PEOPLE);
        let company = person % COMPANIES as i64;
        transaction.prepare_cached(NEW_INSTANCE)?.execute(params![instance, company, state])?;
        let due = NOW + dice.below(MONTH);
        let title = format!("request {instance}");
        transaction.prepare_cached(NEW_TASK)?.execute(params![company, person, instance, "manager", title, due])?;
    }
    Ok(transaction.commit()?)
}

fn act(connection: &Connection, instance: i64, person: i64) -> anyhow::Result<()> {
    let version: i64 = connection.prepare_cached(VERSION)?.query_row([instance], |row| row.get(0))?;
    let touched = connection.prepare_cached(ADVANCE)?.execute([instance, version])?;
    anyhow::ensure!(touched == 1, "the version of {instance} had changed");
    let mut event = connection.prepare_cached(EVENT)?;
    event.execute(params![instance, version * 2, "task.completed", person, DECIDED, NOW])?;
    event.execute(params![instance, version * 2 + 1, "task.created", person, OPENED, NOW])?;
    connection.prepare_cached(END_TASK)?.execute([instance])?;
    let company = instance % COMPANIES as i64;
    let due = NOW + 259_200;
    connection.prepare_cached(NEW_TASK)?.execute(params![company, person, instance, "gm", "request", due])?;
    connection.prepare_cached(MESSAGE)?.execute(params![TOLD, NOW])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_written_wholly() {
        let folder = tempfile::tempdir().unwrap();
        let mut raw = RawSqlite::create(&folder.path().join("raw.db"), 100).unwrap();
        let window = raw.window(4, Duration::from_millis(20), Duration::ZERO).unwrap();
        let count = |table: &str| -> i64 {
            raw.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        assert!(window.actions > 0);
        let actions = i64::try_from(window.actions).unwrap();
        assert_eq!((count("event"), count("outbox")), (2 * actions, actions));
        assert_eq!((count("task"), count("instance")), (100, 100));
    }
}
