//! Stories of proving who one is, on a real store.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use zhupi_app::Entropy;
use zhupi_app::access::{Access, AccessError, By, Client, FirstCompany, LogIn, LoggedIn, Token, WeakPassword, Who};
use zhupi_domain::{CompanyId, Instant, PersonId};
use zhupi_store::{Change, Commit, Config, PersonRecord, Salts, Store, Stream, WritePort};

const PASSWORD: &str = "疏影横斜，水清浅";
const SECOND: &str = "暗香浮动，月黄昏";
const DAY: i64 = 24 * 3600;

struct House {
    access: Access,
    store: Store,
    _folder: tempfile::TempDir,
}

fn at(seconds: i64) -> Instant {
    Instant::from_micros((1_800_000_000 + seconds) * 1_000_000).unwrap()
}

fn from(address: &str) -> Client {
    Client { address: address.into(), agent: "test".into(), device: None }
}

fn attempt(login: &str, password: &str) -> LogIn {
    LogIn { company: "pharma".into(), login: login.into(), password: password.into() }
}

fn first() -> FirstCompany {
    FirstCompany {
        id: "pharma".into(),
        name: "某制药公司".into(),
        person_name: "王敏".into(),
        login: "Wang.Min".into(),
        password: PASSWORD.into(),
    }
}

impl House {
    async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Config::sqlite(folder.path()), Salts::random()).await.unwrap();
        let entropy = Entropy::new(|bytes| getrandom::fill(bytes).expect("chance"));
        Self { access: Access::new(store.clone(), entropy), store, _folder: folder }
    }

    async fn set_up() -> (Self, LoggedIn) {
        let house = Self::empty().await;
        let link = house.access.set_up_link(at(0)).await.unwrap().unwrap();
        let logged_in = house.access.set_up(&link.token, first(), &from("10.0.0.1"), at(0)).await.unwrap();
        (house, logged_in)
    }

    async fn log_in(&self, login: &str, password: &str, client: &Client, now: i64) -> Result<LoggedIn, AccessError> {
        self.access.log_in(attempt(login, password), client, at(now)).await
    }

    async fn holds(&self, token: &Token, now: i64) -> bool {
        self.access.session(token, at(now)).await.unwrap().is_some()
    }

    async fn security_kinds(&self) -> Vec<String> {
        let page = self.store.timeline(&CompanyId::new("pharma"), &Stream::Security, 0, 100).await.unwrap();
        page.items.into_iter().map(|event| event.kind).collect()
    }
}

fn wang() -> Who {
    Who { company: CompanyId::new("pharma"), person: PersonId::new("wang.min") }
}

#[tokio::test]
async fn set_up_happens_once_and_never_again() {
    let house = House::empty().await;
    let access = &house.access;
    let (link, second) =
        (access.set_up_link(at(0)).await.unwrap().unwrap(), access.set_up_link(at(0)).await.unwrap().unwrap());
    let guessed = Token::sent("guessed");
    let guess = access.set_up(&guessed, first(), &from("a"), at(0)).await;
    assert!(matches!(guess, Err(AccessError::LinkExpired)));
    for (broken, field) in [
        (FirstCompany { id: "No".into(), ..first() }, "company.id"),
        (FirstCompany { login: "wang min".into(), ..first() }, "person.login"),
        (FirstCompany { name: " ".into(), ..first() }, "company.name"),
    ] {
        let refused = access.set_up(&link.token, broken, &from("a"), at(0)).await;
        assert!(matches!(refused, Err(AccessError::BadField { field: f }) if f == field), "{field}: {refused:?}");
    }
    let logged_in = access.set_up(&link.token, first(), &from("a"), at(0)).await.unwrap();
    assert_eq!(logged_in.who, wang());
    assert!(house.holds(&logged_in.token, 1).await);

    for token in [&link.token, &second.token] {
        let again = FirstCompany { id: "other".into(), ..first() };
        assert!(matches!(access.set_up(token, again, &from("a"), at(1)).await, Err(AccessError::SetUpOver)));
    }
    assert!(access.set_up_link(at(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn set_ups_at_the_same_moment_make_one_company() {
    let house = House::empty().await;
    let mut links = Vec::new();
    for _ in 0..4 {
        links.push(house.access.set_up_link(at(0)).await.unwrap().unwrap());
    }
    let tasks = links.into_iter().enumerate().map(|(number, link)| {
        let access = house.access.clone();
        let company = FirstCompany { id: format!("company{number}"), ..first() };
        tokio::spawn(async move { access.set_up(&link.token, company, &from("a"), at(0)).await.is_ok() })
    });
    let mut won = 0;
    for task in tasks.collect::<Vec<_>>() {
        won += usize::from(task.await.unwrap());
    }
    assert_eq!(won, 1);
    assert_eq!(house.store.companies().await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_failure_to_log_in_is_the_same() {
    let (house, _) = House::set_up().await;
    let client = from("10.0.0.2");
    for (company, login, password) in [
        ("pharma", "wang.min", "wrong-password"),
        ("pharma", "nobody", PASSWORD),
        ("hospital", "wang.min", PASSWORD),
        ("No Company", "wang.min", PASSWORD),
        ("", "", ""),
    ] {
        let attempt = LogIn { company: company.into(), login: login.into(), password: password.into() };
        let failed = house.access.log_in(attempt, &client, at(1)).await;
        assert!(matches!(failed, Err(AccessError::LoginFailed)), "{company}/{login}: {failed:?}");
    }
    assert_eq!(house.log_in(" WANG.MIN", PASSWORD, &client, 2).await.unwrap().who, wang());
}

#[tokio::test]
async fn who_guesses_waits_longer_and_longer_while_a_known_device_gets_in() {
    let (house, known) = House::set_up().await;
    let guesser = from("203.0.113.9");
    for _ in 0..5 {
        let failed = house.log_in("wang.min", "a-wrong-guess", &guesser, 10).await;
        assert!(matches!(failed, Err(AccessError::LoginFailed)));
    }
    let waits = house.log_in("wang.min", PASSWORD, &guesser, 10).await;
    assert!(
        matches!(waits, Err(AccessError::TooManyAttempts { retry_after: 1 })),
        "even with the right one: {waits:?}"
    );
    let elsewhere = house.log_in("wang.min", PASSWORD, &from("10.9.9.9"), 10).await;
    assert!(matches!(elsewhere, Err(AccessError::TooManyAttempts { .. })));

    let mine = Client { device: known.device, ..from("10.0.0.1") };
    assert!(mine.device.is_some());
    let logged_in = house.log_in("wang.min", PASSWORD, &mine, 10).await.unwrap();
    assert!(logged_in.device.is_none(), "it is known already");

    assert!(house.log_in("wang.min", PASSWORD, &from("10.9.9.9"), 12).await.is_ok(), "nobody is locked out for ever");
    assert_eq!(house.security_kinds().await, ["company_set_up", "logins_failed", "logged_in", "logged_in"]);
}

#[tokio::test]
async fn many_guesses_at_once_do_not_slip_past_the_count() {
    let (house, _) = House::set_up().await;
    let tasks = (0..20).map(|_| {
        let access = house.access.clone();
        tokio::spawn(async move { access.log_in(attempt("wang.min", "a-wrong-guess"), &from("x"), at(5)).await })
    });
    let mut checked = 0;
    for task in tasks.collect::<Vec<_>>() {
        checked += usize::from(matches!(task.await.unwrap(), Err(AccessError::LoginFailed)));
    }
    assert_eq!(checked, 5);
}

#[tokio::test]
async fn one_address_cannot_try_all_accounts() {
    let (house, _) = House::set_up().await;
    let guesser = from("203.0.113.9");
    for number in 0..30 {
        let _ = house.log_in(&format!("person{number}"), "a-wrong-guess", &guesser, 0).await;
    }
    let waits = house.log_in("somebody", "a-wrong-guess", &guesser, 0).await;
    assert!(matches!(waits, Err(AccessError::TooManyAttempts { .. })));
    assert!(house.log_in("wang.min", PASSWORD, &from("10.0.0.1"), 0).await.is_ok(), "others are not held up");
}

#[tokio::test]
async fn a_session_ends_idle_or_old_or_logged_out() {
    let (house, logged_in) = House::set_up().await;
    let token = logged_in.token;
    assert!(house.holds(&token, 3 * DAY - 1).await, "used just in time, and so kept");
    assert!(!house.holds(&token, 6 * DAY).await, "idle for three days");

    let client = from("10.0.0.1");
    let busy = house.log_in("wang.min", PASSWORD, &client, 0).await.unwrap().token;
    for day in 1..30 {
        assert!(house.holds(&busy, day * DAY).await, "day {day}");
    }
    assert!(!house.holds(&busy, 30 * DAY).await, "thirty days are the end");

    let third = house.log_in("wang.min", PASSWORD, &client, 31 * DAY).await.unwrap().token;
    house.access.log_out(&third, at(31 * DAY)).await.unwrap();
    assert!(!house.holds(&third, 31 * DAY).await);
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let (house, here) = House::set_up().await;
    let client = from("10.0.0.1");
    let there = house.log_in("wang.min", PASSWORD, &client, 1).await.unwrap().token;
    let wrong = house.access.change_password(&wang(), "not-the-old-one", SECOND, &client, at(2)).await;
    assert!(matches!(wrong, Err(AccessError::WrongPassword)));
    for (weak, why) in [("short", WeakPassword::TooShort), ("password123", WeakPassword::TooCommon)] {
        let refused = house.access.change_password(&wang(), PASSWORD, weak, &client, at(2)).await;
        assert!(matches!(refused, Err(AccessError::Weak(w)) if w == why));
    }
    assert!(house.holds(&there, 2).await);

    let fresh = house.access.change_password(&wang(), PASSWORD, SECOND, &client, at(3)).await.unwrap();
    assert!(!house.holds(&there, 3).await && !house.holds(&here.token, 3).await);
    assert!(house.holds(&fresh.token, 3).await);
    assert!(house.log_in("wang.min", PASSWORD, &client, 4).await.is_err());
    assert!(house.log_in("wang.min", SECOND, &client, 4).await.is_ok());
}

#[tokio::test]
async fn a_reset_link_works_once_within_a_day() {
    let (house, before) = House::set_up().await;
    let (access, client) = (&house.access, from("10.0.0.1"));
    let link = access.start_reset(&wang(), &By::Console, at(10)).await.unwrap();
    let other = access.start_reset(&wang(), &By::Console, at(11)).await.unwrap();
    assert!(house.holds(&before.token, 11).await, "nothing ends before the link is used");

    let target = access.reset_target(&link.token, at(12)).await.unwrap();
    assert_eq!(
        (target.name.as_str(), target.company_name.as_str(), target.login.as_str()),
        ("王敏", "某制药公司", "wang.min")
    );
    let weak = access.reset(&link.token, "12345678", &client, at(13)).await;
    assert!(matches!(weak, Err(AccessError::Weak(WeakPassword::TooCommon))), "and the link is still good");
    let logged_in = access.reset(&link.token, SECOND, &client, at(14)).await.unwrap();
    assert!(house.holds(&logged_in.token, 14).await && !house.holds(&before.token, 14).await);

    for token in [&link.token, &other.token, &Token::sent("guessed")] {
        assert!(matches!(access.reset(token, PASSWORD, &client, at(15)).await, Err(AccessError::LinkExpired)));
    }
    let late = access.start_reset(&wang(), &By::Console, at(20)).await.unwrap();
    assert!(matches!(access.reset_target(&late.token, at(20 + DAY)).await, Err(AccessError::LinkExpired)));
}

#[tokio::test]
async fn who_has_left_cannot_come_in_by_any_door() {
    let (house, logged_in) = House::set_up().await;
    let (access, client) = (&house.access, from("10.0.0.1"));
    let link = access.start_reset(&wang(), &By::Console, at(1)).await.unwrap();
    let api = access.make_api_token(&wang(), 90, &By::Console, at(1)).await.unwrap();
    assert!(house.holds(&api, 2).await);

    let record = house.store.person(&wang().company, &wang().person).await.unwrap().unwrap();
    let mut commit = Commit::new(wang().company);
    commit.changes.push(Change::PutPerson(PersonRecord { active: false, ..record }));
    house.store.commit(commit).await;

    assert!(!house.holds(&logged_in.token, 2).await && !house.holds(&api, 2).await);
    assert!(matches!(house.log_in("wang.min", PASSWORD, &client, 2).await, Err(AccessError::LoginFailed)));
    assert!(matches!(access.reset(&link.token, SECOND, &client, at(2)).await, Err(AccessError::LinkExpired)));
    assert!(matches!(access.start_reset(&wang(), &By::Console, at(2)).await, Err(AccessError::NoSuchPerson)));
}

#[tokio::test]
async fn the_store_never_sees_a_secret() {
    let (house, logged_in) = House::set_up().await;
    let link = house.access.start_reset(&wang(), &By::Console, at(1)).await.unwrap();
    house.store.close().await;
    let bytes: Vec<u8> = std::fs::read_dir(house._folder.path())
        .unwrap()
        .filter_map(|entry| std::fs::read(entry.unwrap().path()).ok())
        .flatten()
        .collect();
    let found = |secret: &str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(found("wang.min"), "the data is really there");
    for secret in [PASSWORD, logged_in.token.secret(), link.token.secret()] {
        assert!(!found(secret));
    }
}

#[tokio::test]
async fn a_language_stays_with_its_person() {
    let (house, _) = House::set_up().await;
    house.access.set_language(&wang(), zhupi_domain::Locale::En, at(5)).await.unwrap();
    let record = house.store.person(&wang().company, &wang().person).await.unwrap().unwrap();
    assert!(record.body.contains(r#""language":"en""#), "{}", record.body);
    let before = house.store.head(&wang().company, &Stream::Directory).await.unwrap();
    house.access.set_language(&wang(), zhupi_domain::Locale::En, at(6)).await.unwrap();
    let after = house.store.head(&wang().company, &Stream::Directory).await.unwrap();
    assert_eq!(before, after, "what is so already changes nothing");
}
