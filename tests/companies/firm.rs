//! A firm on a store of its own, with a server that looks when it is told to.

use std::path::Path;

use serde_json::Value;
use zhupi_app::{App, Deployer, Entropy, InstancesQuery, NOTICE, PeopleFiles, Started, Viewer};
use zhupi_domain::{CompanyId, Instant, PersonId};
use zhupi_pack::Pack;
use zhupi_store::{Config, Salts, Store};

/// One of the example companies.
pub struct Firm {
    pub app: App,
    pub company: CompanyId,
    _folder: tempfile::TempDir,
}

/// A moment of Shanghai in 2026.
pub fn moment(month: u32, day: u32, hour: u32) -> Instant {
    let local = chrono::NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(hour, 0, 0).unwrap();
    Instant::from_micros(local.and_utc().timestamp_micros() - 8 * 3_600_000_000).unwrap()
}

impl Firm {
    pub async fn open(company: &str, now: Instant) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Config::sqlite(folder.path()), Salts::random()).await.unwrap();
        let app = App::new(store, Entropy::new(|bytes| getrandom::fill(bytes).unwrap()));
        let files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("companies").join(company)).unwrap();
        let people = PeopleFiles {
            people: files.get("people.csv").cloned(),
            departments: files.get("departments.csv").cloned(),
            substitutes: None,
        };
        app.deploy(Deployer::Console, files, now).await.unwrap();
        let company = CompanyId::new(company);
        app.import_people(Deployer::Console, &company, people, now).await.unwrap();
        Self { app, company, _folder: folder }
    }

    /// Somebody of the firm.
    pub async fn viewer(&self, person: &str, now: Instant) -> Viewer {
        self.app.viewer(&self.company, &PersonId::new(person), now).await.unwrap()
    }

    /// Puts something on record.
    pub async fn record(&self, kind: &str, row: Value, now: Instant) {
        let rows = vec![row.as_object().cloned().unwrap()];
        self.app.import_facts(Deployer::Console, &self.company, kind, rows, now).await.unwrap();
    }

    /// A look of the server.
    pub async fn look(&self, after: Instant, now: Instant) {
        let Started { failed, .. } = self.app.start_due(&self.company, Some(after), now).await.unwrap();
        assert_eq!(failed, 0);
    }

    /// Does the errands that wait.
    pub async fn errands(&self, now: Instant) {
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

    /// The requests of a flow that somebody sees, newest first.
    pub async fn requests(&self, viewer: &str, flow: &str, now: Instant) -> Vec<Value> {
        let viewer = self.viewer(viewer, now).await;
        let query = InstancesQuery { flow: Some(flow.into()), ..Default::default() };
        let page = self.app.instances(&viewer, query).await.unwrap();
        page.items.iter().map(|item| serde_json::to_value(item).unwrap()).collect()
    }
}
