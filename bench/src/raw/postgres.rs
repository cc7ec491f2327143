//! The limit of PostgreSQL: prepared statements on connections of their own, ordinary durability.

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use super::PEOPLE;
use crate::dice::Dice;
use crate::window::Client;

const SCHEMA: &str = "
CREATE SCHEMA raw_limit;
CREATE TABLE raw_limit.instance (
    id bigint PRIMARY KEY, company int NOT NULL, version int NOT NULL, node text NOT NULL, state jsonb NOT NULL
) WITH (fillfactor = 80);
CREATE TABLE raw_limit.event (
    instance_id bigint NOT NULL, seq int NOT NULL, kind text NOT NULL, actor int NOT NULL, payload jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), id bigserial PRIMARY KEY);
CREATE INDEX event_instance ON raw_limit.event (instance_id, seq);
CREATE TABLE raw_limit.task (
    id bigserial PRIMARY KEY, company int NOT NULL, assignee int NOT NULL, instance_id bigint NOT NULL, node text NOT NULL,
    title text NOT NULL, due_at timestamptz NOT NULL);
CREATE TABLE raw_limit.outbox (
    id bigserial PRIMARY KEY, topic text NOT NULL, payload jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());";
const FILL_INSTANCES: &str = "
INSERT INTO raw_limit.instance SELECT i, (i % 20000) % 200, 1, 'manager', jsonb_build_object('form', repeat('x', 240), 'amount', i)
FROM generate_series(1, $1) i";
const FILL_TASKS: &str = "
INSERT INTO raw_limit.task (company, assignee, instance_id, node, title, due_at)
SELECT (i % 20000) % 200, (hashint8(i) & 2147483647) % 20000, i, 'manager', 'request ' || i,
       now() + ((hashint8(i * 7) & 2147483647) % 2592000) * interval '1 second' FROM generate_series(1, $1) i";
const INDEXES: &str = "
CREATE INDEX task_inbox ON raw_limit.task (assignee, due_at, id);
CREATE INDEX task_instance ON raw_limit.task (instance_id);
ANALYZE raw_limit.instance; ANALYZE raw_limit.task;";

const VERSION: &str = "SELECT version FROM raw_limit.instance WHERE id = $1";
const ONE_STATEMENT: &str = r#"
WITH up AS (UPDATE raw_limit.instance SET version = version + 1, node = 'gm' WHERE id = $1 AND version = $2
            RETURNING id, company, version),
     ev AS (INSERT INTO raw_limit.event (instance_id, seq, kind, actor, payload)
            SELECT up.id, up.version * 2 + k.o, k.kind, $3, k.p
            FROM up, (VALUES (0, 'task.completed', '{"decision":"approve","comment":"ok, within the budget of the quarter"}'::jsonb),
                             (1, 'task.created', '{"node":"gm","candidates":[1,2,3]}'::jsonb)) k (o, kind, p)),
     de AS (DELETE FROM raw_limit.task USING up WHERE task.instance_id = up.id),
     ta AS (INSERT INTO raw_limit.task (company, assignee, instance_id, node, title, due_at)
            SELECT company, $3, id, 'gm', 'request', now() + interval '3 days' FROM up)
INSERT INTO raw_limit.outbox (topic, payload) SELECT 'task.created', '{"instance":1,"node":"gm","to":[17]}' FROM up"#;
const BATCH: &str = r#"
WITH pick AS (SELECT unnest($1::bigint[]) AS id),
     up AS (UPDATE raw_limit.instance i SET version = i.version + 1, node = 'gm' FROM pick WHERE i.id = pick.id
            RETURNING i.id, i.company, i.version),
     ev AS (INSERT INTO raw_limit.event (instance_id, seq, kind, actor, payload)
            SELECT up.id, up.version * 2 + k.o, k.kind, $2, k.p
            FROM up, (VALUES (0, 'task.completed', '{"decision":"approve","comment":"ok, within the budget of the quarter"}'::jsonb),
                             (1, 'task.created', '{"node":"gm","candidates":[1,2,3]}'::jsonb)) k (o, kind, p)),
     de AS (DELETE FROM raw_limit.task USING up WHERE task.instance_id = up.id),
     ta AS (INSERT INTO raw_limit.task (company, assignee, instance_id, node, title, due_at)
            SELECT company, ($2 + id) % 20000, id, 'gm', 'request', now() + interval '3 days' FROM up)
INSERT INTO raw_limit.outbox (topic, payload) SELECT 'task.created', '{"instance":1,"node":"gm","to":[17]}' FROM up"#;

/// Makes the tables with so many open tasks, one an instance.
pub async fn create(url: &str, instances: u64) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let count = i64::try_from(instances)?;
    connection.execute(SCHEMA).await?;
    sqlx::query(FILL_INSTANCES).bind(count).execute(&mut connection).await?;
    sqlx::query(FILL_TASKS).bind(count).execute(&mut connection).await?;
    connection.execute(INDEXES).await?;
    Ok(connection.close().await?)
}

/// Process id of a backend, by which the server's other processes are found.
pub async fn backend_pid(url: &str) -> anyhow::Result<u32> {
    let mut connection = PgConnection::connect(url).await?;
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
    Ok(u32::try_from(pid)?)
}

/// One client with a connection of its own, acting on instances that no other client touches.
pub struct RawPostgres {
    connection: PgConnection,
    /// Actions a transaction; one is the read and one statement that writes.
    batch: u64,
    first: i64,
    instances: u64,
    dice: Dice,
}

impl RawPostgres {
    /// So many clients, who share the instances among them.
    pub async fn clients(url: &str, clients: usize, instances: u64, batch: u64) -> anyhow::Result<Vec<Self>> {
        let share = instances / clients.max(1) as u64;
        anyhow::ensure!(share >= 2 * batch, "{instances} instances are too few for {clients} clients");
        let mut made = Vec::new();
        for number in 0..clients as u64 {
            let connection = PgConnection::connect(url).await?;
            let first = 1 + i64::try_from(number * share)?;
            made.push(Self { connection, batch, first, instances: share, dice: Dice::new(7 + number) });
        }
        Ok(made)
    }

    async fn one(&mut self) -> anyhow::Result<u64> {
        let instance = self.first + self.dice.below(self.instances);
        let version: i32 = sqlx::query(VERSION).bind(instance).fetch_one(&mut self.connection).await?.get(0);
        let person = i32::try_from(self.dice.below(PEOPLE))?;
        let query = sqlx::query(ONE_STATEMENT).bind(instance).bind(version).bind(person);
        Ok(query.execute(&mut self.connection).await?.rows_affected())
    }

    async fn many(&mut self) -> anyhow::Result<u64> {
        let stride = i64::try_from(self.instances / self.batch)?;
        let offset = self.dice.below(self.instances / self.batch);
        let picked: Vec<i64> = (0..i64::try_from(self.batch)?).map(|k| self.first + k * stride + offset).collect();
        let person = i32::try_from(self.dice.below(PEOPLE))?;
        let query = sqlx::query(BATCH).bind(picked).bind(person);
        Ok(query.execute(&mut self.connection).await?.rows_affected())
    }
}

impl Client for RawPostgres {
    async fn act(&mut self) -> anyhow::Result<u64> {
        let did = if self.batch == 1 { self.one().await? } else { self.many().await? };
        anyhow::ensure!(did == self.batch, "{did} of {} actions were done", self.batch);
        Ok(did)
    }
}
