//! What was submitted long ago, so that its deadlines are over: by the product's own code, told another time, while no server
//! runs.
#![allow(dead_code, reason = "each test uses its own part")]

use serde_json::Value;
use zhupi_app::{App, Entropy, NewRequest, RequestKey};
use zhupi_domain::{CompanyId, ContentHash, Instant, PersonId};
use zhupi_store::{Config, SHARDS, Salts, Store};

use crate::house::Place;

/// The system's time.
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap()).unwrap()
}

/// The use cases on a place's data, which no server may hold.
pub struct Past {
    store: Store,
    app: App,
}

impl Past {
    pub async fn open(place: &Place) -> Self {
        let config = match place.database_url() {
            Some(url) => Config::postgres(url),
            None => Config::sqlite(place.data()),
        };
        let store = Store::open(config, Salts::random()).await.unwrap();
        let app = App::new(store.clone(), Entropy::new(|bytes| getrandom::fill(bytes).unwrap()));
        Self { store, app }
    }

    /// Submits a request as it would have been so many days ago; answers its id.
    pub async fn submit(&self, days: i64, company: &str, person: &str, request: &Value) -> String {
        let viewer = self.app.viewer(&CompanyId::new(company), &PersonId::new(person), now()).await.unwrap();
        let request = NewRequest {
            flow: request["flow"].as_str().unwrap().to_owned(),
            form: request["form"].as_object().unwrap().clone(),
            period: request["period"].as_str().map(str::to_owned),
            about: None,
        };
        let key = RequestKey { key: None, request: ContentHash::of(&[]) };
        let then = now().plus_seconds(-days * 24 * 3600);
        let answer = self.app.submit(&viewer, request, key, then).await.unwrap();
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Gives up on everything that waits to be sent or done, as after many tries.
    pub async fn give_up(&self, reason: &str) {
        for shard in 0..SHARDS {
            for message in self.store.due_messages(shard, now(), 100).await.unwrap() {
                self.store.park_message(&message.company, &message.id, reason).await.unwrap();
            }
        }
    }

    pub async fn close(self) {
        self.store.close().await;
    }
}
