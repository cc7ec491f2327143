//! `zhupi user`: accounts, from the console of the machine.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zhupi_app::access::{By, Link, Who};
use zhupi_app::{AppError, Deployer, PeopleFiles};
use zhupi_domain::{CompanyId, Locale, login};
use zhupi_store::PersonRecord;

use super::output::Output;
use super::user_history::history_here;
use super::user_list::{at_server, list_here};
use super::{Exit, block_on};
use crate::complaint::Complaint;
use crate::config::{Config, Given};
use crate::house::House;

#[derive(Args)]
pub struct User {
    #[command(subcommand)]
    what: What,
}

/// One person of one company.
#[derive(Args)]
pub struct Account {
    /// Login or id of the person 登录名或编号
    pub login: String,
    /// Company 公司
    #[arg(long, value_name = "ID")]
    pub company: String,
}

#[derive(Subcommand)]
pub enum What {
    /// Add a person, and print a link to choose a password 新增人员
    Add {
        #[command(flatten)]
        account: Account,
        /// Name that colleagues see 姓名
        #[arg(long)]
        name: String,
        /// Department's id 部门
        #[arg(long)]
        department: Option<String>,
        /// Role, or role@department; may be repeated 角色
        #[arg(long)]
        role: Vec<String>,
        /// Address for notices 邮箱
        #[arg(long)]
        email: Option<String>,
    },
    /// Set a password, read from standard input 设置密码
    Passwd(Account),
    /// Print a link to choose a new password; it works once, for a day 重置密码
    Reset(Account),
    /// Print a token for programs, with the rights of the person 生成令牌
    Token {
        #[command(flatten)]
        account: Account,
        /// Days that it works 有效天数
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
        days: u16,
    },
    /// List people 列出人员
    List {
        /// Company 公司
        #[arg(long, value_name = "ID")]
        company: String,
    },
    /// Show what was changed about a person, by whom and when 变更记录
    History(Account),
    /// Deactivate a person who has left; their tasks are handed over while a server runs 停用人员
    Deactivate {
        #[command(flatten)]
        account: Account,
        #[arg(long)]
        reason: String,
    },
}

impl User {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        block_on(async {
            if let Some(remote) = &config.remote {
                return at_server(remote, self.what, output).await;
            }
            if let What::List { company } = &self.what {
                return list_here(&House::look(&config).await?, &CompanyId::new(company), output).await;
            }
            if let What::History(account) = &self.what {
                let house = House::look(&config).await?;
                return history_here(&house, &find(&house, account).await?, output).await;
            }
            let house = House::open(&config).await?;
            let done = here(&house, &config, self.what, output).await;
            house.store.close().await;
            done
        })
    }
}

async fn here(house: &House, config: &Config, what: What, output: &Output) -> anyhow::Result<Exit> {
    let now = house.clock.now();
    match what {
        What::Add { account, name, department, role, email } => {
            if find(house, &account).await.is_ok() {
                return Err(there_already(&account).into());
            }
            let sheet = sheet(&account.login, &name, department.as_deref(), &role, email.as_deref())?;
            let files = PeopleFiles { people: Some(sheet), ..PeopleFiles::default() };
            let company = CompanyId::new(&account.company);
            house.app.import_people(Deployer::Console, &company, files, now).await.map_err(refused)?;
            let link = house.access.start_reset(&find(house, &account).await?, &By::Console, now).await?;
            show_link(config, &link, output)
        }
        What::Passwd(account) => {
            let who = find(house, &account).await?;
            let password = typed(output)?;
            house.access.set_password(&who, &password, now).await?;
            output.complain(output.pick("密码已设置", "the password is set"));
            Ok(Exit::Ok)
        }
        What::Reset(account) => {
            let link = house.access.start_reset(&find(house, &account).await?, &By::Console, now).await?;
            show_link(config, &link, output)
        }
        What::Token { account, days } => {
            let who = find(house, &account).await?;
            let token = house.access.make_api_token(&who, days, &By::Console, now).await?;
            output.say(token.secret());
            Ok(Exit::Ok)
        }
        What::Deactivate { account, reason } => {
            let who = find(house, &account).await?;
            house.app.deactivate_at_console(&who.company, &who.person, &reason, now).await?;
            Ok(Exit::Ok)
        }
        What::List { .. } | What::History(_) => Ok(Exit::Usage),
    }
}

/// The person by login, else by id.
async fn find(house: &House, account: &Account) -> anyhow::Result<Who> {
    let company = CompanyId::new(&account.company);
    let found: Option<PersonRecord> =
        match house.store.person_by_login(&company, &login::normal(&account.login)).await? {
            Some(found) => Some(found),
            None => house.store.person(&company, &zhupi_domain::PersonId::new(&account.login)).await?,
        };
    match found {
        Some(found) => Ok(Who { company, person: found.id }),
        None => Err(nobody(account).into()),
    }
}

/// One line of a people sheet: the person's id is the login.
fn sheet(
    login: &str,
    name: &str,
    department: Option<&str>,
    roles: &[String],
    email: Option<&str>,
) -> anyhow::Result<String> {
    let login = login::normal(login);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "name", "login", "email", "department", "roles"])?;
    let (email, department) = (email.unwrap_or_default(), department.unwrap_or_default());
    writer.write_record([login.as_str(), name, login.as_str(), email, department, &roles.join(" ")])?;
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn show_link(config: &Config, link: &Link, output: &Output) -> anyhow::Result<Exit> {
    let address = format!("{}/reset#{}", config.public_url, link.token.secret());
    if output.is_json() {
        output.json(&json!({ "link": address, "expires_at": link.expires_at }))?;
    } else {
        output.say(&address);
    }
    Ok(Exit::Ok)
}

/// A password from standard input; at a terminal without showing it.
fn typed(output: &Output) -> anyhow::Result<String> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        output.complain(output.pick("新密码：", "new password:"));
        echo(false);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if terminal {
        echo(true);
    }
    read.context("read the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Err(Complaint::new("没有输入密码", "no password was given").into());
    }
    Ok(password)
}

/// Where the terminal cannot be told, the password is seen: better than not being able to set one.
fn echo(shown: bool) {
    let setting = if shown { "echo" } else { "-echo" };
    let _ = std::process::Command::new("stty").arg(setting).status();
}

fn nobody(account: &Account) -> Complaint {
    let (login, company) = (&account.login, &account.company);
    Complaint::new(format!("{company} 没有 {login}"), format!("{company} has nobody called {login}"))
        .hint("zhupi user list 列出所有人员", "`zhupi user list` lists everybody")
}

fn there_already(account: &Account) -> Complaint {
    let (login, company) = (&account.login, &account.company);
    Complaint::new(format!("{company} 已有 {login}"), format!("{company} has {login} already"))
        .hint("修改人员请用 zhupi import people", "to change people, use `zhupi import people`")
}

/// What is wrong with a person who was typed, not read from a file: without places.
fn refused(error: AppError) -> anyhow::Error {
    let AppError::SheetsInvalid(errors) = error else { return error.into() };
    let said = |locale| {
        let errors = errors.iter().map(|error| error.message().get(locale).to_owned());
        errors.collect::<Vec<_>>().join("\n  ")
    };
    Complaint::new(said(Locale::Zh), said(Locale::En)).into()
}

/// A person's id at the server, by login or id.
pub fn id_of(people: &Value, login: &str) -> Option<String> {
    let login = login::normal(login);
    let people = people.get("items")?.as_array()?;
    let named = |key: &str| people.iter().find(|person| person.get(key).and_then(Value::as_str) == Some(&login));
    let found = named("login").or_else(|| named("id"))?;
    Some(found.get("id")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_person_is_a_line_of_a_sheet() {
        let sheet = sheet(" Li.Hua", "李华, 业务", None, &["salesperson".into(), "head@sales".into()], None).unwrap();
        assert_eq!(
            sheet,
            "id,name,login,email,department,roles\nli.hua,\"李华, 业务\",li.hua,,,salesperson head@sales\n"
        );
    }

    #[test]
    fn people_at_a_server_are_found_by_login_or_id() {
        let people = json!({ "items": [{ "id": "p1", "login": "li" }, { "id": "wang" }] });
        assert_eq!(id_of(&people, "LI").as_deref(), Some("p1"));
        assert_eq!(id_of(&people, "wang").as_deref(), Some("wang"));
        assert_eq!(id_of(&people, "zhao"), None);
    }
}
