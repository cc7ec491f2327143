//! Rows of `people.csv`.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::directory::{Directory, Person, RoleGrant};
use zhupi_domain::{Diagnostic, Locale, Name, PersonId, Text, email, login};

use super::table::Table;
use crate::company::Company;
use crate::sheet::{Cell, Row};

/// The longest name of a person, in characters.
const MAX_NAME: usize = 100;

impl Table<'_> {
    /// The people of the rows that name one; an id that is there twice is reported.
    pub fn people(&self, company: &Company, live: Option<&Directory>) -> Vec<(Person, &Row)> {
        let mut ids = BTreeSet::new();
        let mut people = Vec::new();
        for row in self.rows() {
            let Some(person) = self.person(row, company, live) else { continue };
            if !ids.insert(person.id.clone()) {
                self.twice(person.id.as_str(), self.span(row, "id"));
            }
            people.push((person, row));
        }
        people
    }

    fn person(&self, row: &Row, company: &Company, live: Option<&Directory>) -> Option<Person> {
        let id = self.required(row, "id").and_then(|cell| self.id(cell));
        let name = self.required(row, "name").and_then(|cell| self.person_name(cell));
        let known = live.zip(id.as_ref()).and_then(|(live, id)| live.people.get(id));
        // A row without an id is read all the same: all its mistakes are told at once.
        let before = known.cloned().unwrap_or_else(|| nobody(id.clone().unwrap_or_else(|| PersonId::new(""))));
        let after = self.changed(before, row, company);
        id.and(name).map(|name| Person { name, ..after })
    }

    /// What the row says of a person; columns that are not there leave everything as it is.
    fn changed(&self, mut person: Person, row: &Row, company: &Company) -> Person {
        let cell = |column: &str| self.cell(row, column);
        if self.has("login") {
            person.login = cell("login").and_then(|cell| self.login(cell));
        }
        if self.has("email") {
            person.email = cell("email").and_then(|cell| self.email(cell));
        }
        if self.has("department") {
            person.department = cell("department").and_then(|cell| self.name(cell));
        }
        if self.has("post") {
            person.post = self.text(row, "post");
        }
        if self.has("roles") {
            person.roles = cell("roles").map(|cell| self.roles(cell)).unwrap_or_default();
        }
        if self.has("manager") {
            person.manager = cell("manager").map(|cell| PersonId::new(&cell.text));
        }
        if self.has("language") {
            person.language = cell("language").and_then(|cell| self.language(cell)).unwrap_or_default();
        }
        self.attributes(row, company, &mut person.attributes);
        person
    }

    fn id(&self, cell: &Cell) -> Option<PersonId> {
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+');
        let good = cell.text.len() <= login::LONGEST
            && cell.text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && cell.text.chars().all(inside);
        if !good {
            let message = Text::new(
                format!("`{}` 不能用作人员编号", cell.text),
                format!("`{}` cannot be the id of a person", cell.text),
            );
            self.log.push(Diagnostic::error("csv.id", cell.span, message).hint(Text::new(
                "编号以字母或数字开头，只含 a–z、A–Z、0–9 和 . - _ @ +",
                "an id starts with a letter or digit and has only a–z, A–Z, 0–9 and . - _ @ +",
            )));
        }
        good.then(|| PersonId::new(&cell.text))
    }

    fn person_name(&self, cell: &Cell) -> Option<String> {
        let good = cell.text.chars().count() <= MAX_NAME;
        if !good {
            self.log.error(
                "csv.cell-too-long",
                cell.span,
                format!("姓名太长，最多 {MAX_NAME} 个字"),
                format!("the name is too long, at most {MAX_NAME} characters"),
            );
        }
        good.then(|| cell.text.clone())
    }

    /// A login in its one way of writing, which is what is compared with what people type.
    fn login(&self, cell: &Cell) -> Option<String> {
        let login = login::normal(&cell.text);
        let good = login::is_good(&login);
        if !good {
            let message =
                Text::new(format!("`{}` 不能用作登录名", cell.text), format!("`{}` cannot be a login", cell.text));
            self.log.push(Diagnostic::error("csv.login", cell.span, message).hint(Text::new(
                "登录名以英文字母或数字开头，只含 a–z、0–9 和 . - _ @ +；形似的外文字母（如西里尔字母 а）也不行",
                "a login starts with a–z or 0–9 and has only these and . - _ @ +; letters of other scripts that look alike do not count",
            )));
        }
        good.then_some(login)
    }

    fn email(&self, cell: &Cell) -> Option<String> {
        let good = email::is_address(&cell.text);
        if !good {
            let message =
                Text::new(format!("`{}` 不是邮箱地址", cell.text), format!("`{}` is not a mail address", cell.text));
            self.log.push(Diagnostic::error("csv.email", cell.span, message).hint(Text::new(
                "例如 li@example.com；没有就空着",
                "for example li@example.com; leave it empty for none",
            )));
        }
        good.then(|| cell.text.clone())
    }

    /// `role` and `role@department`, with spaces between.
    fn roles(&self, cell: &Cell) -> BTreeSet<RoleGrant> {
        let name = |text: &str| self.name(&Cell { text: text.to_owned(), span: cell.span });
        let grant = |word: &str| {
            let (role, department) = match word.split_once('@') {
                Some((role, department)) => (role, Some(name(department)?)),
                None => (word, None),
            };
            Some(RoleGrant { role: name(role)?, department })
        };
        cell.text.split_whitespace().filter_map(grant).collect()
    }

    fn language(&self, cell: &Cell) -> Option<Locale> {
        match cell.text.as_str() {
            "zh" => Some(Locale::Zh),
            "en" => Some(Locale::En),
            other => {
                let message = Text::new(format!("不支持语言 `{other}`"), format!("unknown language `{other}`"));
                self.log.push(
                    Diagnostic::error("csv.language", cell.span, message)
                        .hint(Text::new("写 zh 或 en", "write zh or en")),
                );
                None
            }
        }
    }

    fn attributes(&self, row: &Row, company: &Company, attributes: &mut BTreeMap<Name, String>) {
        for (name, attribute) in company.attributes.iter().filter(|(name, _)| self.has(name.as_str())) {
            attributes.remove(name);
            let Some(entered) = self.cell(row, name.as_str()) else { continue };
            if attribute.ty.value(&entered.text).is_none() {
                let wanted = attribute.ty.expression_type().describe();
                self.log.error(
                    "csv.attribute",
                    entered.span,
                    format!("{name} 应为{}，写的是“{}”", wanted.zh, entered.text),
                    format!("{name} has to be {}, not `{}`", wanted.get(Locale::En), entered.text),
                );
            }
            attributes.insert(name.clone(), entered.text.clone());
        }
    }
}

/// A person of whom nothing is known yet.
fn nobody(id: PersonId) -> Person {
    Person {
        id,
        name: String::new(),
        login: None,
        email: None,
        department: None,
        post: None,
        roles: BTreeSet::new(),
        manager: None,
        attributes: BTreeMap::new(),
        language: Locale::default(),
        substitutes: Vec::new(),
        active: true,
    }
}
