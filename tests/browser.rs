//! What people do, in a real browser on the real server: flows of the three firms from the first field to the archive, balances,
//! votes, and a pilot.
//!
//! The stories are in `tests/browser/`; each is played at a desk and on a phone in Chinese, and on one of them in English; the
//! longer ones on a phone and at a desk, where they say so.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod house;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use house::{PASSWORD, Place};
use serde_json::{Value, json};

const RUNS: &[&str] = &["desk-zh", "phone-zh", "desk-en"];

/// Who plays which part. Where several are named they take turns, one a run: their records add up.
const PHARMA: &[(&str, &[(&str, &str)])] = &[
    ("salesperson", &[("zhou", "周敏"), ("liu", "刘洋"), ("xu", "徐佳")]),
    ("sales-head", &[("li", "李建国")]),
    ("general-manager", &[("wang", "王志远")]),
    ("deputy-gm", &[("zhao", "赵德海")]),
    ("finance", &[("chen", "陈慧")]),
    ("finance-manager", &[("zheng", "郑国强")]),
    ("trade-manager", &[("sun", "孙丽华")]),
    ("regional-head", &[("qian", "钱伟")]),
    ("office-head", &[("han", "韩磊")]),
    ("area-supervisor", &[("lin", "林涛")]),
    ("business-manager", &[("he", "何俊")]),
    ("planner", &[("han", "韩磊"), ("tang", "唐静"), ("sun", "孙丽华")]),
    ("gm-office", &[("wu", "吴倩")]),
];
const LOGISTICS: &[(&str, &[(&str, &str)])] = &[
    ("salesperson", &[("hou", "侯敏")]),
    ("courier", &[("shi", "石磊")]),
    ("data-clerk", &[("admin", "任杰")]),
    ("delivery-head", &[("duan", "段大鹏")]),
    ("service", &[("mao", "毛丽")]),
    ("business-head", &[("jiang", "江帆")]),
];
const HOSPITAL: &[(&str, &[(&str, &str)])] = &[
    ("staff", &[("sun", "孙婷"), ("gao", "高翔"), ("luo", "罗薇")]),
    ("manager", &[("he", "何晓东")]),
    ("general-manager", &[("qian", "钱立诚")]),
    ("hr", &[("wu", "吴敏")]),
    ("finance", &[("fang", "方莉")]),
];

const STARTUP: &[(&str, &[(&str, &str)])] =
    &[("staff", &[("lin", "林晓")]), ("general-manager", &[("gu", "顾小满")]), ("substitute", &[("he", "何静")])];

const BONUS: &[(&str, &[(&str, &str)])] = &[("consultant", &[("gu", "顾维")])];

#[test]
fn the_firms_do_their_work_in_a_browser() {
    if let Some(missing) = missing() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        println!("SKIPPED: {missing}");
        return;
    }
    let place = Place::sqlite();
    place.found("pharma");
    place.found("hospital");
    place.found("logistics");
    record_what_is_known(&place);
    found_with_a_candidate(&place);
    place.found("startup");
    let hired = place.folder().join("hired.csv");
    std::fs::write(&hired, "id,name,login,department\nhe,何静,he,company\n").unwrap();
    place.console(&["import", "people", "--company", "startup", &hired.display().to_string()]);
    let accounts = json!({
        "pharma": players(&place, "pharma", PHARMA),
        "hospital": players(&place, "hospital", HOSPITAL),
        "logistics": players(&place, "logistics", LOGISTICS),
        "bonus": players(&place, "bonus", BONUS),
        "startup": players(&place, "startup", STARTUP),
    });
    let path = place.folder().join("accounts.json");
    std::fs::write(&path, accounts.to_string()).unwrap();
    let server = place.serve(house::free_port());
    let mut stories = Command::new("node");
    stories.arg(root().join("tests/browser/run.mjs"));
    stories.args(RUNS.iter().flat_map(|run| ["--run", run]));
    if let Some(folder) = std::env::var_os("ZHUPI_SHOTS") {
        stories.arg("--shots").arg(folder);
    }
    stories.env("ZHUPI_URL", server.url()).env("ZHUPI_ACCOUNTS", path);
    let told = stories.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{out}\n{err}");
    assert_eq!(out.lines().filter(|line| line.starts_with("ok")).count(), 6 * RUNS.len() + 4 * 2, "{out}");
    println!("{out}");
}

/// Customers whose credit is reviewed or was granted, one a run; the contracts of the year that an award is paid for; and two
/// scores of each who appeals, one of which came out too long ago.
fn record_what_is_known(place: &Place) {
    let customers: String = (1..=RUNS.len())
        .map(|run| format!("K-900{run},东湖大药房 {run} 号店,zhou,800000.00,200000.00,50000.00,0.97,2026-10-20\n"))
        .collect();
    let head = "customer_no,name,handler,net_assets,debts,guarantees,on_time_rate,reviewed_on\n";
    import(place, "pharma", "customer", &format!("{head}{customers}"));
    let limits: String = (1..=RUNS.len()).map(|run| format!("K-800{run},50000.00,45,2026-01-05\n")).collect();
    import(place, "pharma", "credit-limit", &format!("customer_no,limit,term_days,from\n{limits}"));
    let scores: String =
        ["han", "tang", "sun"].map(|planner| published(planner, 2, 2) + &published(planner, 4, 40)).concat();
    import(place, "pharma", "plan-score", &format!("person,month,plan,score,published_on,request\n{scores}"));
    let contracts = "year,contract_no,hospital,signed_on,grade,score,award,request\n\
                     {y},HT-1,东山县医院,{y}-05-18,A,83.10,100000.00,PJ-1\n{y},HT-2,西河镇卫生院,{y}-09-09,C,55.00,40000.00,PJ-2\n";
    import(place, "hospital", "contract", &contracts.replace("{y}", &this_year()));
}

fn import(place: &Place, company: &str, kind: &str, rows: &str) {
    let path = place.folder().join(format!("{kind}.csv"));
    std::fs::write(&path, rows).unwrap();
    place.console(&["import", "facts", "--company", company, kind, &path.display().to_string()]);
}

/// The score of somebody's plan some months ago, which came out some days ago.
fn published(planner: &str, months: u32, days: u64) -> String {
    let month = (today() - chrono::Months::new(months)).format("%Y-%m");
    let out = today() - chrono::Days::new(days);
    format!("{planner},{month},GZJH-{months},82.50,{out},PF-{planner}-{months}\n")
}

/// As the company's calendar has it: the flow suggests this year's award.
fn this_year() -> String {
    today().format("%Y").to_string()
}

#[allow(clippy::disallowed_methods, reason = "the server that is played on has no other clock")]
fn today() -> chrono::NaiveDate {
    let shanghai = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
    chrono::Utc::now().with_timezone(&shanghai).date_naive()
}

/// Founds a company whose release before its current one pays a higher bonus: somebody may try that.
fn found_with_a_candidate(place: &Place) {
    let pack = root().join("tests/bonus");
    let candidate = place.folder().join("candidate");
    for (path, text) in zhupi_pack::Pack::from_dir(&pack).unwrap() {
        let path = candidate.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.replace("from: 100000, rate: 0.02", "from: 100000, rate: 0.035")).unwrap();
    }
    place.console(&["deploy", &candidate.display().to_string()]);
    place.found_with("bonus", &pack);
}

/// Lets those in who play in a company; answers their accounts by part.
fn players(place: &Place, company: &str, parts: &[(&str, &[(&str, &str)])]) -> BTreeMap<String, Vec<Value>> {
    let account = |(login, name): &(&str, &str)| {
        place.let_in(company, login);
        json!({ "company": company, "login": login, "name": name, "password": PASSWORD })
    };
    let play = |(part, people): &(&str, &[(&str, &str)])| ((*part).to_owned(), people.iter().map(account).collect());
    parts.iter().map(play).collect::<BTreeMap<String, Vec<Value>>>()
}

/// What is not here to run a browser with, and how to get it.
fn missing() -> Option<String> {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
    let needed = [
        (Command::new("node").arg("--version").output().is_ok(), "there is no Node (Debian: nodejs)".to_owned()),
        (root().join("web/node_modules/playwright-core").is_dir(), "run `npm ci` in web/ first".to_owned()),
        (root().join("web/dist/index.html").is_file(), "run `npm run build` in web/ first".to_owned()),
        (Path::new(&chromium).is_file(), format!("there is no {chromium} (Debian: chromium, or set CHROMIUM)")),
    ];
    needed.into_iter().find(|(there, _)| !there).map(|(_, missing)| missing)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
