//! Check sheets of week plans on a server that looks every day: each plan has one, also one that was recorded late.

use std::path::Path;

use serde_json::{Value, json};
use zhupi_app::{
    App, CalendarFile, Deployer, Entropy, InstancesQuery, NOTICE, NewRequest, PeopleFiles, RequestKey, Started,
};
use zhupi_domain::{CompanyId, ContentHash, Instant, PersonId};
use zhupi_pack::Pack;
use zhupi_store::{Config, Salts, Store};

/// The hospital firm on a store of its own.
struct Firm {
    app: App,
    company: CompanyId,
    _folder: tempfile::TempDir,
}

/// A moment of Shanghai in April 2026.
fn april(day: u32, hour: u32) -> Instant {
    let local = chrono::NaiveDate::from_ymd_opt(2026, 4, day).unwrap().and_hms_opt(hour, 0, 0).unwrap();
    Instant::from_micros(local.and_utc().timestamp_micros() - 8 * 3_600_000_000).unwrap()
}

impl Firm {
    async fn open(now: Instant) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Config::sqlite(folder.path()), Salts::random()).await.unwrap();
        let app = App::new(store, Entropy::new(|bytes| getrandom::fill(bytes).unwrap()));
        let files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/hospital")).unwrap();
        let people = PeopleFiles {
            people: files.get("people.csv").cloned(),
            departments: files.get("departments.csv").cloned(),
            substitutes: None,
        };
        app.deploy(Deployer::Console, files, now).await.unwrap();
        let company = CompanyId::new("hospital");
        app.import_people(Deployer::Console, &company, people, now).await.unwrap();
        Self { app, company, _folder: folder }
    }

    /// Puts a plan of the week from 13 to 19 April on record.
    async fn record(&self, planner: &str, plan: &str, now: Instant) {
        let row = json!({
            "planner": planner, "week": "2026-W16", "last_day": "2026-04-19", "plan": plan, "points": "100", "late": false,
            "items": [ { "content": "走访", "weight": "100" } ], "due": "2026-04-10T04:00:00Z",
        });
        let rows = vec![row.as_object().cloned().unwrap()];
        self.app.import_facts(Deployer::Console, &self.company, "week-plan", rows, now).await.unwrap();
    }

    /// A look of the server.
    async fn look(&self, after: Instant, now: Instant) {
        let Started { failed, .. } = self.app.start_due(&self.company, Some(after), now).await.unwrap();
        assert_eq!(failed, 0);
    }

    /// Does the errands that wait.
    async fn errands(&self, now: Instant) {
        loop {
            let mut done = 0;
            for shard in 0..16 {
                let messages = self.app.store().due_messages(shard, now, 100).await.unwrap();
                for message in messages.iter().filter(|message| message.topic != NOTICE) {
                    self.app.deal_with(message, now).await.unwrap();
                    done += 1;
                }
            }
            if done == 0 {
                return;
            }
        }
    }

    /// The people with a check sheet, sorted.
    async fn sheets(&self, now: Instant) -> Vec<String> {
        let viewer = self.app.viewer(&self.company, &PersonId::new("wu"), now).await.unwrap();
        let query = InstancesQuery { flow: Some("week-score".into()), ..Default::default() };
        let page = self.app.instances(&viewer, query).await.unwrap();
        let rows: Vec<Value> = page.items.iter().map(|item| serde_json::to_value(item).unwrap()).collect();
        let mut people: Vec<String> =
            rows.iter().map(|row| row["initiator"]["id"].as_str().unwrap().to_owned()).collect();
        people.sort();
        people
    }
}

#[tokio::test]
async fn every_plan_has_one_check_sheet_and_a_late_one_has_it_the_next_morning() {
    let firm = Firm::open(april(8, 9)).await;
    firm.record("sun", "ZJH-1", april(11, 12)).await;
    firm.look(april(8, 9), april(12, 10)).await;
    assert!(firm.sheets(april(12, 10)).await.is_empty(), "none before its week");
    firm.look(april(12, 10), april(13, 10)).await;
    assert_eq!(firm.sheets(april(13, 10)).await, ["sun"], "on Monday");
    firm.record("gao", "ZJH-2", april(13, 11)).await;
    for day in 14..=20 {
        firm.look(april(day - 1, 10), april(day, 10)).await;
        assert_eq!(firm.sheets(april(day, 10)).await, ["gao", "sun"], "the late one on Tuesday, and nothing twice");
    }
    firm.look(april(8, 9), april(20, 11)).await;
    assert_eq!(firm.sheets(april(20, 11)).await, ["gao", "sun"], "nor by a look over all of these days");
}

#[tokio::test]
async fn a_plan_is_due_a_day_earlier_as_soon_as_somebody_enters_that_friday_is_free() {
    let now = april(7, 9);
    let firm = Firm::open(now).await;
    let viewer = firm.app.viewer(&firm.company, &PersonId::new("sun"), now).await.unwrap();
    let request =
        NewRequest { flow: "week-plan".into(), form: Default::default(), period: Some("2026-W16".into()), about: None };
    let key = RequestKey { key: None, request: ContentHash::of(&[b"plan"]) };
    let started = firm.app.submit(&viewer, request, key, now).await.map_err(|error| error.problem()).unwrap();
    let id = started.body["id"].as_str().unwrap();
    firm.errands(now).await;
    let due = async || {
        let view = serde_json::to_value(firm.app.instance(&viewer, id, now).await.unwrap()).unwrap();
        view["my_tasks"][0]["due_at"].as_str().unwrap_or("-").to_owned()
    };
    assert_eq!(due().await, "2026-04-10T04:00:00.000000Z", "Friday noon");
    let text = "date,day,name\n2026-04-10,holiday,停电检修\n".to_owned();
    let days = CalendarFile { name: "days.csv".into(), text, complete: Default::default() };
    firm.app.import_calendar(Deployer::Console, &firm.company, days, now).await.unwrap();
    firm.errands(now).await;
    assert_eq!(due().await, "2026-04-09T04:00:00.000000Z", "Thursday noon");
}
