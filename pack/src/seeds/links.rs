//! What rows name: people, departments, roles, logins; in the files, or in the directory that they are brought into.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::directory::{Department, Directory, Person};
use zhupi_domain::{Diagnostic, Name, PersonId, Span, Text, login};

use super::circles::circles;
use super::table::Table;
use crate::company::Company;
use crate::sheet::Row;

/// Everybody and every department as they will be.
pub struct Links<'a> {
    people: BTreeMap<&'a PersonId, &'a Person>,
    departments: BTreeMap<&'a Name, &'a Department>,
    /// Ids of rows that are wrong otherwise: whoever names them is not to blame.
    mentioned_people: BTreeSet<&'a str>,
    mentioned_departments: BTreeSet<&'a str>,
    /// Without a file and without a directory nobody knows who there is.
    knows_people: bool,
    knows_departments: bool,
}

impl<'a> Links<'a> {
    pub fn new(live: Option<&'a Directory>) -> Self {
        Self {
            people: live.iter().flat_map(|live| &live.people).collect(),
            departments: live.iter().flat_map(|live| &live.departments).collect(),
            mentioned_people: BTreeSet::new(),
            mentioned_departments: BTreeSet::new(),
            knows_people: live.is_some(),
            knows_departments: live.is_some(),
        }
    }

    pub fn add_people(&mut self, table: &'a Table<'_>, rows: &'a [(Person, &Row)]) {
        self.knows_people = true;
        self.people.extend(rows.iter().map(|(person, _)| (&person.id, person)));
        self.mentioned_people = ids(table);
    }

    pub fn add_departments(&mut self, table: &'a Table<'_>, rows: &'a [(Department, &Row)]) {
        self.knows_departments = true;
        self.departments.extend(rows.iter().map(|(department, _)| (&department.id, department)));
        self.mentioned_departments = ids(table);
    }

    pub fn check_people(&self, table: &Table<'_>, rows: &[(Person, &Row)], company: &Company) {
        // What a file has no column for is as it was, and nothing that its author could mend.
        for (person, row) in rows {
            for grant in person.roles.iter().filter(|_| table.has("roles")) {
                check_role(&grant.role, table.span(row, "roles"), table, company);
                self.check_department(grant.department.as_ref(), (row, "roles"), table);
            }
            self.check_department(person.department.as_ref(), (row, "department"), table);
            self.check_person(person.manager.as_ref(), (row, "manager"), table);
        }
        if table.has("login") {
            self.check_logins(table, rows);
        }
        if table.has("manager") {
            self.check_managers(table, rows);
        }
    }

    pub fn check_departments(&self, table: &Table<'_>, rows: &[(Department, &Row)]) {
        for (department, row) in rows {
            self.check_person(department.head.as_ref(), (row, "head"), table);
            self.check_department(department.parent.as_ref(), (row, "parent"), table);
        }
        if table.has("parent") {
            self.check_parents(table, rows);
        }
    }

    fn check_department(&self, department: Option<&Name>, (row, column): (&Row, &str), table: &Table<'_>) {
        let missing =
            |id: &&Name| !self.departments.contains_key(id) && !self.mentioned_departments.contains(id.as_str());
        let Some(id) = department.filter(missing).filter(|_| self.knows_departments && table.has(column)) else {
            return;
        };
        let span = table.span(row, column);
        let message = Text::new(format!("没有部门 `{id}`"), format!("there is no department `{id}`"));
        let finding = Diagnostic::error("csv.unknown-department", span, message);
        table.log.push(table.log.hints(finding, id.as_str(), self.departments.keys().map(|id| id.as_str())));
    }

    fn check_person(&self, person: Option<&PersonId>, (row, column): (&Row, &str), table: &Table<'_>) {
        let Some(id) = person.filter(|_| self.knows_people && table.has(column)) else { return };
        let span = table.span(row, column);
        match self.people.get(id) {
            Some(known) if known.active => {}
            Some(known) => table.log.push(Diagnostic::warning(
                "csv.has-left",
                span,
                Text::new(format!("{} 已离职", known.name), format!("{} has left", known.name)),
            )),
            None if self.mentioned_people.contains(id.as_str()) => {}
            None => {
                let message = Text::new(format!("没有人员 `{id}`"), format!("there is no person `{id}`"));
                let finding = Diagnostic::error("csv.unknown-person", span, message);
                table.log.push(table.log.hints(finding, id.as_str(), self.people.keys().map(|id| id.as_str())));
            }
        }
    }

    /// Nobody may be taken for somebody else at the log-in.
    fn check_logins(&self, table: &Table<'_>, rows: &[(Person, &Row)]) {
        let brought: BTreeSet<&PersonId> = rows.iter().map(|(person, _)| &person.id).collect();
        let others = self.people.values().copied().filter(|person| !brought.contains(&person.id));
        let mut taken: BTreeMap<String, &Person> =
            others.filter_map(|person| Some((login::skeleton(person.login.as_ref()?), person))).collect();
        for (person, row) in rows {
            let Some(login) = &person.login else { continue };
            let holder = taken.entry(login::skeleton(login)).or_insert(person);
            if holder.id != person.id {
                table.log.push(login_taken(login, holder, table.span(row, "login")));
            }
        }
    }

    fn check_managers(&self, table: &Table<'_>, rows: &[(Person, &Row)]) {
        let at: BTreeMap<&PersonId, &Row> = rows.iter().map(|(person, row)| (&person.id, *row)).collect();
        let above = |id: &PersonId| self.people.get(id).and_then(|person| person.manager.as_ref());
        for circle in circles(rows.iter().map(|(person, _)| &person.id), above) {
            let Some(row) = circle.iter().find_map(|id| at.get(*id)) else { continue };
            let around = around(circle.iter().map(|id| id.as_str()));
            let message = match circle.len() {
                1 => Text::new("不能以自己为上级", "nobody is their own manager"),
                _ => Text::new(format!("上级绕成了一圈：{around}"), format!("the managers form a circle: {around}")),
            };
            let hint = Text::new("最上面的人 manager 空着", "leave the manager of the topmost person empty");
            table.log.push(Diagnostic::error("csv.loop", table.span(row, "manager"), message).hint(hint));
        }
    }

    fn check_parents(&self, table: &Table<'_>, rows: &[(Department, &Row)]) {
        let at: BTreeMap<&Name, &Row> = rows.iter().map(|(department, row)| (&department.id, *row)).collect();
        let above = |id: &Name| self.departments.get(id).and_then(|department| department.parent.as_ref());
        let circles = circles(rows.iter().map(|(department, _)| &department.id), above);
        for circle in &circles {
            let Some(row) = circle.iter().find_map(|id| at.get(*id)) else { continue };
            let around = around(circle.iter().map(|id| id.as_str()));
            let message = Text::new(
                format!("上级部门绕成了一圈：{around}"),
                format!("the departments above this one form a circle: {around}"),
            );
            let hint = Text::new("最上级的部门 parent 空着", "leave the parent of the topmost department empty");
            table.log.push(Diagnostic::error("csv.loop", table.span(row, "parent"), message).hint(hint));
        }
        if circles.is_empty() {
            self.check_depth(table, rows);
        }
    }

    fn check_depth(&self, table: &Table<'_>, rows: &[(Department, &Row)]) {
        let above = |id: &&Name| self.departments.get(*id).and_then(|department| department.parent.as_ref());
        for (department, row) in rows {
            if std::iter::successors(Some(&department.id), above).take(Directory::MAX_DEPTH + 1).count()
                > Directory::MAX_DEPTH
            {
                let most = Directory::MAX_DEPTH;
                table.log.error(
                    "csv.too-deep",
                    table.span(row, "parent"),
                    format!("部门层级太深，最多 {most} 级"),
                    format!("departments nest too deeply, at most {most} levels"),
                );
                return;
            }
        }
    }
}

/// The ids that a table's rows begin with, good or not.
fn ids<'t>(table: &'t Table<'_>) -> BTreeSet<&'t str> {
    table.rows().iter().filter_map(|row| table.cell(row, "id")).map(|cell| cell.text.as_str()).collect()
}

fn check_role(role: &Name, span: Span, table: &Table<'_>, company: &Company) {
    if !company.roles.contains_key(role) {
        let message = Text::new(format!("没有角色 `{role}`"), format!("there is no role `{role}`"));
        let finding = Diagnostic::error("csv.unknown-role", span, message);
        table.log.push(table.log.hints(finding, role.as_str(), company.roles.keys().map(Name::as_str)));
    }
}

fn login_taken(login: &str, holder: &Person, span: Span) -> Diagnostic {
    let (name, id, theirs) = (&holder.name, &holder.id, holder.login.as_deref().unwrap_or_default());
    let (code, message) = if login == theirs {
        let zh = format!("登录名 `{login}` 已由 {name}（{id}）使用");
        ("csv.login-twice", Text::new(zh, format!("the login `{login}` is that of {name} ({id})")))
    } else {
        let zh = format!("登录名 `{login}` 与 {name}（{id}）的 `{theirs}` 容易混淆");
        ("csv.login-alike", Text::new(zh, format!("the login `{login}` looks like `{theirs}` of {name} ({id})")))
    };
    Diagnostic::error(code, span, message).hint(Text::new(
        "换一个登录名；大小写、全角和半角不作区分",
        "choose another one; capital and full-width letters make no difference",
    ))
}

/// The most members of a circle that are named.
const NAMED: usize = 8;

/// `a → b → a`
pub(super) fn around<'k>(members: impl ExactSizeIterator<Item = &'k str> + Clone) -> String {
    let more = if members.len() > NAMED { " → …" } else { "" };
    let shown: Vec<&str> = members.clone().take(NAMED).chain(members.clone().take(1)).collect();
    match shown.split_last() {
        Some((first, way)) => format!("{}{more} → {first}", way.join(" → ")),
        None => String::new(),
    }
}
