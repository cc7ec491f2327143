//! `people.csv` and `departments.csv`: the seeds of the live directory.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use zhupi_domain::directory::{Department, Directory, Person, RoleGrant};
use zhupi_domain::{Diagnostic, Diagnostics, Locale, Name, PersonId, Span, Text};

use crate::company::Company;
use crate::read::{Log, hints};

const PEOPLE: &str = "people.csv";
const DEPARTMENTS: &str = "departments.csv";
const PERSON_COLUMNS: [&str; 9] =
    ["id", "name", "login", "email", "department", "post", "roles", "manager", "language"];
const DEPARTMENT_COLUMNS: [&str; 4] = ["id", "name", "parent", "head"];
/// The longest value of a cell, in bytes.
const MAX_CELL: usize = 4_000;

/// Reads the people and departments of a company; either file may be missing.
pub fn read(people: Option<&str>, departments: Option<&str>, company: &Company) -> (Directory, Diagnostics) {
    let mut directory = Directory::default();
    let mut found = Vec::new();
    if let Some(source) = departments {
        let table = Table::read(DEPARTMENTS, source, &DEPARTMENT_COLUMNS.map(str::to_owned));
        directory.departments = table.departments();
        found.extend(table.log.into_found());
    }
    if let Some(source) = people {
        let attributes = company.attributes.keys().map(Name::to_string);
        let columns: Vec<String> = PERSON_COLUMNS.map(str::to_owned).into_iter().chain(attributes).collect();
        let table = Table::read(PEOPLE, source, &columns);
        let people = table.people(company);
        directory.people = people.iter().map(|(person, _)| (person.id.clone(), person.clone())).collect();
        table.check_people(&people, &directory, company, departments.is_some());
        found.extend(table.log.into_found());
    }
    if let Some(source) = departments.filter(|_| !directory.people.is_empty()) {
        let table = Table::read(DEPARTMENTS, source, &DEPARTMENT_COLUMNS.map(str::to_owned));
        let _read_before = table.log.take();
        table.check_departments(&directory);
        found.extend(table.log.into_found());
    }
    (directory, found)
}

/// A spreadsheet with a head line.
struct Table<'a> {
    log: Log<'a>,
    columns: BTreeMap<String, usize>,
    rows: Vec<(StringRecord, Span)>,
}

impl<'a> Table<'a> {
    fn read(file: &'a str, source: &'a str, known: &[String]) -> Self {
        let log = Log::new(file, source);
        let text = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mark = source.len() - text.len();
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let head = reader.headers().cloned().unwrap_or_default();
        let columns = columns(&head, known, &log);
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or_default()) + mark;
                    let line = source.get(start..).unwrap_or_default();
                    let start = start + line.len() - line.trim_start_matches(['\r', '\n']).len();
                    let end = source
                        .get(start..)
                        .and_then(|rest| rest.find(['\r', '\n']))
                        .map_or(source.len(), |n| start + n);
                    rows.push((record, Span::new(start, end)));
                }
                Err(error) => log.push(Diagnostic::error(
                    "csv.syntax",
                    None,
                    Text::new("表格内容读不出来", format!("the table cannot be read: {error}")),
                )),
            }
        }
        Self { log, columns, rows }
    }

    /// A cell; none where it is empty or the column is not there.
    fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> Option<&'r str> {
        row.get(*self.columns.get(column)?).filter(|cell| !cell.is_empty() && cell.len() <= MAX_CELL)
    }

    fn required<'r>(&self, row: &'r (StringRecord, Span), column: &str) -> Option<&'r str> {
        let cell = self.cell(&row.0, column);
        if cell.is_none() && self.columns.contains_key(column) {
            self.log.error("csv.empty", row.1, format!("这一行缺少 {column}"), format!("this row has no {column}"));
        }
        cell
    }

    fn name(&self, text: &str, span: Span) -> Option<Name> {
        crate::read::scalars::named(text, span, &self.log)
    }

    fn departments(&self) -> BTreeMap<Name, Department> {
        let mut departments = BTreeMap::new();
        for row in &self.rows {
            let (Some(id), Some(name)) = (self.required(row, "id"), self.required(row, "name")) else { continue };
            let Some(id) = self.name(id, row.1) else { continue };
            let parent = self.cell(&row.0, "parent").and_then(|parent| self.name(parent, row.1));
            let head = self.cell(&row.0, "head").map(PersonId::new);
            let department = Department { id: id.clone(), name: name.to_owned(), parent, head };
            if departments.insert(id.clone(), department).is_some() {
                self.twice(id.as_str(), row.1);
            }
        }
        departments
    }

    fn people(&self, company: &Company) -> Vec<(Person, Span)> {
        let people: Vec<(Person, Span)> =
            self.rows.iter().filter_map(|row| Some((self.person(row, company)?, row.1))).collect();
        let (mut ids, mut logins) = (BTreeSet::new(), BTreeSet::new());
        for (person, span) in &people {
            if !ids.insert(&person.id) {
                self.twice(person.id.as_str(), *span);
            }
            if person.login.as_ref().is_some_and(|login| !logins.insert(login)) {
                self.log.error("csv.login-twice", *span, "登录名重复", "two people have this login");
            }
        }
        people
    }

    fn person(&self, row: &(StringRecord, Span), company: &Company) -> Option<Person> {
        let (id, name) = (self.required(row, "id"), self.required(row, "name"));
        let cell = |column: &str| self.cell(&row.0, column).map(str::to_owned);
        let language = match self.cell(&row.0, "language") {
            None | Some("zh") => Locale::Zh,
            Some("en") => Locale::En,
            Some(other) => {
                self.log.error(
                    "csv.language",
                    row.1,
                    format!("不支持语言 `{other}`"),
                    format!("unknown language `{other}`"),
                );
                Locale::Zh
            }
        };
        Some(Person {
            id: PersonId::new(id?),
            name: name?.to_owned(),
            login: cell("login"),
            email: cell("email"),
            department: self.cell(&row.0, "department").and_then(|department| self.name(department, row.1)),
            post: cell("post"),
            roles: self.roles(self.cell(&row.0, "roles").unwrap_or_default(), row.1),
            manager: self.cell(&row.0, "manager").map(PersonId::new),
            attributes: self.attributes(row, company),
            language,
            active: true,
        })
    }

    /// `role` and `role@department`, with spaces between.
    fn roles(&self, text: &str, span: Span) -> BTreeSet<RoleGrant> {
        let grant = |word: &str| {
            let (role, department) = match word.split_once('@') {
                Some((role, department)) => (role, Some(self.name(department, span)?)),
                None => (word, None),
            };
            Some(RoleGrant { role: self.name(role, span)?, department })
        };
        text.split_whitespace().filter_map(grant).collect()
    }

    fn attributes(&self, row: &(StringRecord, Span), company: &Company) -> BTreeMap<Name, String> {
        let mut attributes = BTreeMap::new();
        for (name, attribute) in &company.attributes {
            let Some(entered) = self.cell(&row.0, name.as_str()) else { continue };
            if attribute.ty.value(entered).is_none() {
                let wanted = attribute.ty.expression_type().describe();
                self.log.error(
                    "csv.attribute",
                    row.1,
                    format!("{name} 应为{}，写的是“{entered}”", wanted.zh),
                    format!("{name} has to be {}, not `{entered}`", wanted.en.as_deref().unwrap_or(&wanted.zh)),
                );
            }
            attributes.insert(name.clone(), entered.to_owned());
        }
        attributes
    }

    fn check_people(
        &self,
        people: &[(Person, Span)],
        directory: &Directory,
        company: &Company,
        knows_departments: bool,
    ) {
        for (person, span) in people {
            for grant in person.roles.iter().filter(|grant| !company.roles.contains_key(&grant.role)) {
                let known: Vec<&str> = company.roles.keys().map(Name::as_str).collect();
                let message =
                    Text::new(format!("没有角色 `{}`", grant.role), format!("there is no role `{}`", grant.role));
                self.log.push(hints(
                    Diagnostic::error("csv.unknown-role", *span, message),
                    grant.role.as_str(),
                    &known,
                ));
            }
            if knows_departments {
                let named = person.roles.iter().filter_map(|grant| grant.department.as_ref()).chain(&person.department);
                named.for_each(|department| self.check_department(department, *span, directory));
            }
            self.check_person(person.manager.as_ref(), *span, directory);
        }
    }

    fn check_departments(&self, directory: &Directory) {
        for (row, span) in &self.rows {
            let department = self.cell(row, "id").and_then(|id| directory.departments.get(id));
            let Some(department) = department else { continue };
            self.check_person(department.head.as_ref(), *span, directory);
            if let Some(parent) = &department.parent {
                self.check_department(parent, *span, directory);
            }
            if directory.departments_up(&department.id).count() >= Directory::MAX_DEPTH {
                self.log.error("csv.loop", *span, "上级部门绕成了一圈", "the departments above this one form a circle");
            }
        }
    }

    fn check_department(&self, department: &Name, span: Span, directory: &Directory) {
        if !directory.departments.contains_key(department) {
            let known: Vec<&str> = directory.departments.keys().map(Name::as_str).collect();
            let message =
                Text::new(format!("没有部门 `{department}`"), format!("there is no department `{department}`"));
            self.log.push(hints(
                Diagnostic::error("csv.unknown-department", span, message),
                department.as_str(),
                &known,
            ));
        }
    }

    fn check_person(&self, person: Option<&PersonId>, span: Span, directory: &Directory) {
        if let Some(person) = person.filter(|person| !directory.people.contains_key(*person)) {
            let known: Vec<&str> = directory.people.keys().map(PersonId::as_str).collect();
            let message = Text::new(format!("没有人员 `{person}`"), format!("there is no person `{person}`"));
            self.log.push(hints(Diagnostic::error("csv.unknown-person", span, message), person.as_str(), &known));
        }
    }

    fn twice(&self, id: &str, span: Span) {
        self.log.error("csv.twice", span, format!("`{id}` 出现了两次"), format!("`{id}` is there twice"));
    }
}

fn columns(head: &StringRecord, known: &[String], log: &Log<'_>) -> BTreeMap<String, usize> {
    let line = Span::new(0, log.source.find(['\r', '\n']).unwrap_or(log.source.len()));
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut columns = BTreeMap::new();
    for (index, column) in head.iter().enumerate() {
        if !known.contains(&column) {
            let message = Text::new(format!("不认识的列 `{column}`"), format!("unknown column `{column}`"));
            log.push(hints(Diagnostic::error("csv.unknown-column", line, message), column, &known));
        } else if columns.insert(column.to_owned(), index).is_some() {
            log.error(
                "csv.column-twice",
                line,
                format!("列 `{column}` 重复"),
                format!("the column `{column}` is there twice"),
            );
        }
    }
    for needed in ["id", "name"].into_iter().filter(|needed| !columns.contains_key(*needed)) {
        log.error(
            "csv.missing-column",
            line,
            format!("缺少列 `{needed}`"),
            format!("the column `{needed}` is missing"),
        );
    }
    columns
}
