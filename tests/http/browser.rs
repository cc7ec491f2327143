//! A browser with its cookies, and a program with its token: requests written out in full, answers read in full.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::house::{PASSWORD, Place};

/// One browser; the language is Chinese until told.
pub struct Browser {
    pub url: String,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
    bearer: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub cookies: Vec<String>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(
            self.headers.get("content-type").map(String::as_str),
            Some("application/problem+json"),
            "{}",
            self.text
        );
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap().to_owned()
    }

    /// Insists on a status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

fn client() -> Client {
    static CLIENT: OnceLock<()> = OnceLock::new();
    CLIENT.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
    Client::builder().timeout(Duration::from_secs(30)).redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl Browser {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), client: client(), cookies: Mutex::default(), bearer: None }
    }

    /// A program with a token from the console.
    pub fn program(url: &str, token: &str) -> Self {
        Self { bearer: Some(token.trim().to_owned()), ..Self::new(url) }
    }

    /// A browser that has logged in.
    pub async fn of(url: &str, company: &str, login: &str) -> Self {
        let browser = Self::new(url);
        browser.log_in(company, login, PASSWORD).await.expect(200);
        browser
    }

    pub async fn log_in(&self, company: &str, login: &str, password: &str) -> Answer {
        self.post("/session", json!({ "company": company, "login": login, "password": password })).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.wish(Method::POST, path).json(&body)).await
    }

    /// A write with a key of its own, as every client sends it.
    pub fn wish(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("Idempotency-Key", uuid::Uuid::new_v4().to_string())
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request to the API, with the cookies or the token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, &format!("/api/v1{path}"))
    }

    /// A request to any path.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let jar = self.cookies.lock().unwrap();
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header("Cookie", cookies.join("; ")) };
        match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let given = response.headers().get_all("set-cookie").iter();
        let cookies: Vec<String> = given.map(|cookie| cookie.to_str().unwrap().to_owned()).collect();
        let named = response.headers().iter();
        let headers =
            named.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
        self.keep(&cookies);
        Answer { status, headers, cookies, text: response.text().await.unwrap() }
    }

    fn keep(&self, cookies: &[String]) {
        let mut jar = self.cookies.lock().unwrap();
        for cookie in cookies {
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The value of a cookie that is kept.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie of one's own making.
    pub fn put_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }
}

/// A token for a person, made at the console while no server holds the data.
pub fn token(place: &Place, company: &str, login: &str) -> String {
    place.console(&["user", "token", "--company", company, login]).trim().to_owned()
}

/// A bad-debt request that its form accepts.
pub fn bad_debt(customer: &str, salesperson: &str) -> Value {
    json!({
        "flow": "bad-debt", "period": "2026-03",
        "form": {
            "customer_name": customer, "customer_no": "K-0017", "person_in_charge": "孙立群",
            "address": "滨江市解放路 18 号", "phone": "138 0000 1234", "salesperson": salesperson, "amount": "8000.00",
            "facts": "停止回款，催收未果。", "why_unrecoverable": "下落不明，无可执行财产。",
        },
    })
}
