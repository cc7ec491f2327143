//! `zhupi bench actions`: limits and ours in turn, round after round, on one database.

mod http;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use zhupi_bench::cpu::Meter;
use zhupi_bench::figure::{Figure, Gate};
use zhupi_bench::ours::Clock;
use zhupi_bench::ours::engine::Office;
use zhupi_bench::ours::port::Port;
use zhupi_bench::raw::postgres::{self, RawPostgres};
use zhupi_bench::raw::sqlite::RawSqlite;
use zhupi_bench::window::{Client, Window, window};
use zhupi_store::{Salts, Store, slow_commits_down};

use crate::config::Config;
use crate::house::House;
use http::Server;

/// Actions a transaction: as many as the store's writer takes.
const BATCH: u64 = 32;
/// Actors of goal 2, of goal 3, and of the goal about latency.
const MANY: usize = 64;
const SQLITE_ACTORS: usize = 32;
/// How much longer a flush takes on the slow disk of goal 3.
const SLOW_FLUSH: Duration = Duration::from_millis(5);
/// Actions a second that the first round provides for; later ones go by what the round before did.
const FIRST_RATE: f64 = 2_000.0;

/// What to measure, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Of each measurement in each round.
    pub lasting: Duration,
    pub rounds: usize,
    /// Actors of goals 1 and 7.
    pub clients: usize,
    /// Open tasks of the limits, and of ours.
    pub instances: u64,
}

/// Ours on one database: the write port, the use cases above it, the server above those.
struct Ours {
    store: Store,
    port: Port,
    office: Office,
    server: Server,
    submitted: usize,
    /// Actions a second, of the round before.
    rate: f64,
}

impl Ours {
    async fn open(config: &Config, instances: u64) -> anyhow::Result<Self> {
        let store = Store::open(config.database.clone(), Salts::random()).await?;
        let house = House::over(store.clone());
        let clock: Clock = {
            let clock = house.clock.clone();
            Arc::new(move || clock.now())
        };
        let port = Port::found(store.clone(), clock.clone(), instances).await?;
        let office = Office::found(house.app.clone(), clock).await?;
        let server = Server::start(&house, config, office.clone()).await?;
        Ok(Self { store, port, office, server, submitted: 0, rate: FIRST_RATE })
    }

    /// Has as many tasks wait as one measurement can take.
    async fn provide(&mut self, wish: &Wish) -> anyhow::Result<()> {
        let actions = (1.5 * self.rate * wish.lasting.as_secs_f64()) as u64 + BATCH * MANY as u64;
        self.submitted = self.office.provide(actions, self.submitted).await?;
        Ok(())
    }

    /// Proves that exactly what was acknowledged is there, else no figure holds.
    async fn check(self) -> anyhow::Result<()> {
        self.port.check().await?;
        let report = self.store.verify(Some(&Office::company())).await?;
        anyhow::ensure!(report.is_sound(), "the measured data does not verify");
        self.store.close().await;
        Ok(())
    }
}

/// Clients that are measured again in every round.
struct Team<C>(Vec<C>);

impl<C: Client> Team<C> {
    async fn window(&mut self, wish: &Wish, meter: &Meter) -> anyhow::Result<Window> {
        let (window, clients) = window(std::mem::take(&mut self.0), wish.lasting, meter).await?;
        self.0 = clients;
        Ok(window)
    }
}

/// Lines of a result that are still being measured.
struct Sheet(Vec<Figure>);

impl Sheet {
    fn line(&mut self, goal: u8, key: &'static str, words: (&'static str, &'static str, &'static str)) -> &mut Figure {
        let found = self.0.iter().position(|figure| figure.key == key).unwrap_or_else(|| {
            let (zh, en, unit) = words;
            let (gate, required, rounds) = (Gate::None, false, Vec::new());
            self.0.push(Figure { key, goal, zh, en, unit, gate, required, rounds });
            self.0.len() - 1
        });
        &mut self.0[found]
    }

    fn rate(
        &mut self,
        goal: u8,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        pair: (&Window, &Window),
    ) -> &mut Figure {
        let figure = self.line(goal, key, (zh, en, "/s"));
        figure.rounds.push((pair.0.rate(), pair.1.rate()));
        figure
    }

    fn cpu(
        &mut self,
        goal: u8,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        pair: (&Window, &Window),
    ) -> &mut Figure {
        let figure = self.line(goal, key, (zh, en, "µs"));
        figure.rounds.extend(pair.0.cpu_micros().zip(pair.1.cpu_micros()));
        figure
    }

    /// What the database's processes took, to all that the limit takes: a ratio of 2 puts half of the limit out of reach, were
    /// this process free.
    fn database_cpu(
        &mut self,
        goal: u8,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        (limit, ours): (&Window, &Window),
    ) {
        let figure = self.line(goal, key, (zh, en, "µs"));
        figure.rounds.extend(limit.cpu_micros().zip(ours.database_micros()));
    }

    fn wait(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        share: f64,
        pair: (&Window, &Window),
    ) -> &mut Figure {
        let figure = self.line(4, key, (zh, en, "µs"));
        figure.rounds.push((pair.0.wait(share), pair.1.wait(share)));
        figure
    }

    /// Goal 4: how long a lone actor waits.
    fn alone(&mut self, pair: (&Window, &Window)) {
        self.wait("alone-p50", "单人等待 p50", "one actor waits, p50", 0.5, pair).gate = Gate::AtMost(1.4);
        self.wait("alone-p99", "单人等待 p99", "one actor waits, p99", 0.99, pair).gate = Gate::AtMost(2.0);
    }
}

fn must(figure: &mut Figure, gate: Gate) {
    figure.gate = gate;
    figure.required = true;
}

/// Measures on PostgreSQL, in a database that is empty.
pub async fn on_postgres(url: &str, config: &Config, wish: &Wish) -> anyhow::Result<Vec<Figure>> {
    let config = Config { database: zhupi_store::Config::postgres(url), ..config.clone() };
    let (clients, instances) = (wish.clients, wish.instances);
    postgres::create(url, instances).await?;
    let meter = Meter::with_backend(postgres::backend_pid(url).await?);
    let mut ours = Ours::open(&config, instances).await?;
    let mut raw_one = Team(RawPostgres::clients(url, 1, instances, 1).await?);
    let mut raw_some = Team(RawPostgres::clients(url, clients, instances, 1).await?);
    let mut raw_batch = Team(RawPostgres::clients(url, clients, instances, BATCH).await?);
    let (mut one, mut some, mut many) = (
        Team(ours.port.actors(1, "one")),
        Team(ours.port.actors(clients, "some")),
        Team(ours.port.actors(MANY, "many")),
    );
    let (mut clerks, mut browsers) =
        (Team(ours.office.clerks(clients, "clerk")), Team(ours.server.browsers(clients).await?));
    let mut crowd = Team(ours.office.clerks(MANY, "crowd"));
    let mut sheet = Sheet(Vec::new());
    for _ in 0..wish.rounds {
        ours.provide(wish).await?;
        let limit = raw_some.window(wish, &meter).await?;
        let some = some.window(wish, &meter).await?;
        let clerks = clerks.window(wish, &meter).await?;
        ours.provide(wish).await?;
        let browsers = browsers.window(wish, &meter).await?;
        let batch = raw_batch.window(wish, &meter).await?;
        let many = many.window(wish, &meter).await?;
        ours.provide(wish).await?;
        let crowd = crowd.window(wish, &meter).await?;
        let (raw_one, one) = (raw_one.window(wish, &meter).await?, one.window(wish, &meter).await?);
        ours.rate = clerks.rate().max(browsers.rate()).max(crowd.rate());
        must(sheet.rate(1, "port", "写入口，逐个提交", "write port", (&limit, &some)), Gate::AtLeast(0.65));
        must(sheet.cpu(1, "port-cpu", "写入口，每次 CPU", "write port, CPU", (&limit, &some)), Gate::AtMost(1.6));
        sheet.database_cpu(
            1,
            "port-database",
            "写入口，数据库 CPU",
            "write port, CPU of the database",
            (&limit, &some),
        );
        must(sheet.rate(1, "engine", "用例层", "use case", (&limit, &clerks)), Gate::AtLeast(0.65));
        must(sheet.cpu(1, "engine-cpu", "用例层，每次 CPU", "use case, CPU", (&limit, &clerks)), Gate::AtMost(1.6));
        must(
            sheet.rate(2, "grouped", "64 人，对逐个极限", "64 actors, to goal 1's limit", (&limit, &many)),
            Gate::AtLeast(1.4),
        );
        must(
            sheet.rate(2, "batch", "64 人，对 32 个一批极限", "64 actors, to 32 a batch", (&batch, &many)),
            Gate::AtLeast(0.5),
        );
        sheet.cpu(2, "batch-cpu", "64 人，每次 CPU", "64 actors, CPU", (&batch, &many));
        sheet.database_cpu(2, "batch-database", "64 人，数据库 CPU", "64 actors, CPU of the database", (&batch, &many));
        must(
            sheet.rate(
                2,
                "engine-grouped",
                "用例层，64 人，对逐个极限",
                "use case, 64, to goal 1's limit",
                (&limit, &crowd),
            ),
            Gate::AtLeast(1.4),
        );
        must(
            sheet.rate(
                2,
                "engine-batch",
                "用例层，64 人，对 32 个一批极限",
                "use case, 64, to 32 a batch",
                (&batch, &crowd),
            ),
            Gate::AtLeast(0.5),
        );
        sheet.cpu(2, "engine-batch-cpu", "用例层，64 人，每次 CPU", "use case, 64, CPU", (&batch, &crowd));
        sheet.alone((&raw_one, &one));
        sheet.rate(7, "http", "HTTP 审批", "approval over HTTP", (&limit, &browsers)).gate = Gate::AtLeast(0.5);
        sheet.cpu(7, "http-cpu", "HTTP 审批，每次 CPU", "approval over HTTP, CPU", (&limit, &browsers));
    }
    ours.check().await?;
    Ok(sheet.0)
}

/// Measures on SQLite, in a folder that is empty.
pub async fn on_sqlite(folder: &Path, config: &Config, wish: &Wish) -> anyhow::Result<Vec<Figure>> {
    let config = Config { database: zhupi_store::Config::sqlite(folder.join("data")), ..config.clone() };
    let meter = Meter::of_this_process();
    let mut raw = Some(RawSqlite::create(&folder.join("limit.db"), wish.instances)?);
    let mut ours = Ours::open(&config, wish.instances).await?;
    let (mut one, mut many) = (Team(ours.port.actors(1, "one")), Team(ours.port.actors(SQLITE_ACTORS, "many")));
    let mut clerks = Team(ours.office.clerks(SQLITE_ACTORS, "clerk"));
    let mut browsers = Team(ours.server.browsers(SQLITE_ACTORS).await?);
    let mut sheet = Sheet(Vec::new());
    for _ in 0..wish.rounds {
        ours.provide(wish).await?;
        let batch = limit(&mut raw, BATCH, wish, Duration::ZERO).await?;
        let all = many.window(wish, &meter).await?;
        let clerks = clerks.window(wish, &meter).await?;
        ours.provide(wish).await?;
        let browsers = browsers.window(wish, &meter).await?;
        let (single, one) = (limit(&mut raw, 1, wish, Duration::ZERO).await?, one.window(wish, &meter).await?);
        let slow_single = limit(&mut raw, 1, wish, SLOW_FLUSH).await?;
        slow_commits_down(SLOW_FLUSH);
        let slow = many.window(wish, &meter).await;
        slow_commits_down(Duration::ZERO);
        let slow = slow?;
        ours.rate = clerks.rate().max(browsers.rate());
        must(
            sheet.rate(3, "batch", "32 人，对 32 个一批极限", "32 actors, to 32 a batch", (&batch, &all)),
            Gate::AtLeast(0.65),
        );
        sheet.cpu(3, "batch-cpu", "32 人，每次 CPU", "32 actors, CPU", (&batch, &all));
        sheet.rate(3, "one-by-one", "32 人，对逐个极限", "32 actors, to one a commit", (&single, &all));
        let slowed =
            sheet.rate(3, "slow", "落盘 5 ms，对逐个极限", "flush of 5 ms, to one a commit", (&slow_single, &slow));
        must(slowed, Gate::AtLeast(15.0));
        sheet.alone((&single, &one));
        must(sheet.rate(3, "engine", "用例层，32 人", "use case, 32 actors", (&batch, &clerks)), Gate::AtLeast(0.65));
        sheet.cpu(3, "engine-cpu", "用例层，32 人，每次 CPU", "use case, 32 actors, CPU", (&batch, &clerks));
        sheet.rate(7, "http", "HTTP 审批，32 人", "approval over HTTP, 32", (&single, &browsers));
    }
    ours.check().await?;
    Ok(sheet.0)
}

/// SQLite blocks who asks it.
async fn limit(raw: &mut Option<RawSqlite>, batch: u64, wish: &Wish, flush: Duration) -> anyhow::Result<Window> {
    let Some(mut taken) = raw.take() else { anyhow::bail!("the limit was not put back") };
    let lasting = wish.lasting;
    let (window, back) = tokio::task::spawn_blocking(move || {
        let window = taken.window(batch, lasting, flush);
        (window, taken)
    })
    .await?;
    *raw = Some(back);
    window
}
