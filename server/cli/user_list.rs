//! `zhupi user list`, and `zhupi user` through a running server.

use serde_json::{Value, json};
use zhupi_domain::CompanyId;
use zhupi_domain::directory::Person;

use super::Exit;
use super::output::Output;
use super::remote::Server;
use super::user::{What, id_of};
use crate::complaint::Complaint;
use crate::config::{Config, Remote};
use crate::house::House;

/// Everybody of a company, read from the data.
pub async fn list_here(house: &House, company: &CompanyId, output: &Output) -> anyhow::Result<Exit> {
    known(house, company).await?;
    let directory = house.store.directory(company).await?;
    let mut people = Vec::new();
    for record in &directory.people {
        let person: Person = serde_json::from_str(&record.body)?;
        let roles: Vec<&str> = person.roles.iter().map(|grant| grant.role.as_str()).collect();
        let can_log_in = house.store.credential(company, &person.id).await?.is_some();
        people.push(json!({
            "id": person.id, "name": person.name, "login": person.login, "roles": roles,
            "active": person.active, "password": can_log_in,
        }));
    }
    show(&people, output)
}

/// Speaks to a server, with the rights of the token's person.
pub async fn at_server(remote: &Remote, what: What, output: &Output) -> anyhow::Result<Exit> {
    let server = Server::new(remote, output.locale())?;
    match what {
        What::List { .. } => {
            let people = all(&server, "").await?;
            show(people.get("items").and_then(Value::as_array).map_or(&[], Vec::as_slice), output)
        }
        What::Reset(account) => {
            let id = find(&server, &account.login).await?;
            let link: Value = server.post(&format!("/admin/people/{id}/password-reset"), json!({})).await?;
            output.say(link.get("link").and_then(Value::as_str).unwrap_or_default());
            Ok(Exit::Ok)
        }
        What::Deactivate { account, reason } => {
            let id = find(&server, &account.login).await?;
            let _: Value = server.post(&format!("/admin/people/{id}/deactivate"), json!({ "reason": reason })).await?;
            Ok(Exit::Ok)
        }
        What::Add { .. } | What::Passwd(_) | What::Token { .. } | What::History(_) => Err(Complaint::new(
            "这个操作不能通过服务器进行",
            "this cannot be done through a server",
        )
        .hint(
            "请在存放数据的机器上、服务停止时执行（去掉 --server 和 ZHUPI_SERVER）",
            "do it on the machine that holds the data while its server is stopped (without --server and ZHUPI_SERVER)",
        )
        .into()),
    }
}

async fn find(server: &Server, login: &str) -> anyhow::Result<String> {
    let people = all(server, login).await?;
    id_of(&people, login).ok_or_else(|| nobody(login).into())
}

/// Nobody has this login or id.
pub fn nobody(login: &str) -> Complaint {
    Complaint::new(format!("没有登录名或编号为 {login} 的人员"), format!("there is nobody called {login}"))
        .hint("zhupi user list 会列出所有人员", "`zhupi user list` shows everybody")
}

/// The data, which hold this company.
pub async fn house_of(config: &Config, company: &CompanyId) -> anyhow::Result<House> {
    let house = House::open(config).await?;
    match known(&house, company).await {
        Ok(()) => Ok(house),
        Err(error) => {
            house.store.close().await;
            Err(error)
        }
    }
}

/// Whether there is such a company: nothing is to be written for one that is only mistyped.
async fn known(house: &House, company: &CompanyId) -> anyhow::Result<()> {
    match house.store.company(company).await? {
        Some(_) => Ok(()),
        None => Err(no_company(house, company).await?.into()),
    }
}

/// There is no such company in the data.
async fn no_company(house: &House, company: &CompanyId) -> anyhow::Result<Complaint> {
    let known: Vec<String> = house.store.companies().await?.iter().map(|company| company.id.to_string()).collect();
    let complaint = Complaint::new(format!("没有公司 {company}"), format!("there is no company {company}"));
    Ok(if known.is_empty() {
        complaint
            .hint("数据里还没有公司：请先用 zhupi deploy 发布配置包", "there is none yet: `zhupi deploy` a pack first")
    } else {
        complaint.hint(format!("已有公司：{}", known.join("、")), format!("there is {}", known.join(", ")))
    })
}

/// All pages as one.
async fn all(server: &Server, text: &str) -> anyhow::Result<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page: Value = server.get(&format!("/admin/people?q={}&after={}", encoded(text), encoded(&after))).await?;
        items.extend(page.get("items").and_then(Value::as_array).cloned().unwrap_or_default());
        match page.get("next").and_then(Value::as_str) {
            Some(next) => after = next.to_owned(),
            None => return Ok(json!({ "items": items })),
        }
    }
}

/// A text inside an address.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn show(people: &[Value], output: &Output) -> anyhow::Result<Exit> {
    if output.is_json() {
        output.json(&people)?;
        return Ok(Exit::Ok);
    }
    let text = |person: &Value, key: &str| match person.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "✓".into(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    };
    let keys = ["id", "name", "login", "roles", "active", "password"];
    let rows: Vec<Vec<String>> =
        people.iter().map(|person| keys.iter().map(|key| text(person, key)).collect()).collect();
    let heads = match output.locale() {
        zhupi_domain::Locale::Zh => ["编号", "姓名", "登录名", "角色", "在职", "已设密码"],
        zhupi_domain::Locale::En => ["id", "name", "login", "roles", "active", "password"],
    };
    output.table(&heads, &rows);
    Ok(Exit::Ok)
}
