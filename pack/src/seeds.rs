//! `people.csv`, `departments.csv`, `substitutes.csv` and `calendars/YEAR.csv`: the seeds of the live directory and calendar, and
//! their changes.

mod calendar;
mod circles;
mod departments;
mod links;
mod people;
mod substitutes;
mod table;

use zhupi_domain::calendar::CalendarData;
use zhupi_domain::directory::Directory;
use zhupi_domain::{Diagnostics, Name};

use crate::company::Company;
pub(crate) use calendar::days;
pub use calendar::{Complete, read_calendar};
use links::Links;
pub use substitutes::{MAX_SUBSTITUTES, SUBSTITUTES, read_substitutes};
use table::Table;

pub const PEOPLE: &str = "people.csv";
pub const DEPARTMENTS: &str = "departments.csv";
/// The most rows of a file; larger companies are brought in by several.
pub const MAX_PEOPLE: usize = 20_000;
pub const MAX_DEPARTMENTS: usize = 5_000;

/// The columns that every row of people and departments fills.
const NEEDED: [&str; 2] = ["id", "name"];
const PERSON_COLUMNS: [&str; 9] =
    ["id", "name", "login", "email", "department", "post", "roles", "manager", "language"];
const DEPARTMENT_COLUMNS: [&str; 4] = ["id", "name", "parent", "head"];

/// What a pack says of live data, which is no part of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seeds {
    /// The people and departments that the spreadsheets name; version 0.
    pub directory: Directory,
    /// The company's own days, over those that the product ships.
    pub days: CalendarData,
}

/// Reads the people and departments of a pack; either file may be missing. Whom and what they name has to be in them.
pub fn read(people: Option<&str>, departments: Option<&str>, company: &Company) -> (Directory, Diagnostics) {
    read_all(people, departments, company, None)
}

/// Reads what is to be brought into a directory: what the files name may be there already, and who is there keeps what the
/// files have no column for. Answers the people and departments of the files only.
pub fn read_beside(
    people: Option<&str>,
    departments: Option<&str>,
    company: &Company,
    live: &Directory,
) -> (Directory, Diagnostics) {
    read_all(people, departments, company, Some(live))
}

fn read_all(
    people: Option<&str>,
    departments: Option<&str>,
    company: &Company,
    live: Option<&Directory>,
) -> (Directory, Diagnostics) {
    let attributes: Vec<&str> = company.attributes.keys().map(Name::as_str).collect();
    let person_columns: Vec<&str> = PERSON_COLUMNS.into_iter().chain(attributes).collect();
    let people = people.map(|source| Table::read(PEOPLE, source, &person_columns, &NEEDED, MAX_PEOPLE));
    let departments =
        departments.map(|source| Table::read(DEPARTMENTS, source, &DEPARTMENT_COLUMNS, &NEEDED, MAX_DEPARTMENTS));
    let people_rows = people.as_ref().map(|table| table.people(company, live)).unwrap_or_default();
    let department_rows = departments.as_ref().map(|table| table.departments(live)).unwrap_or_default();
    // What is missing in half a file is not missing.
    if !people.iter().chain(&departments).any(Table::is_cut) {
        let mut links = Links::new(live);
        if let Some(table) = &people {
            links.add_people(table, &people_rows);
        }
        if let Some(table) = &departments {
            links.add_departments(table, &department_rows);
        }
        if let Some(table) = &people {
            links.check_people(table, &people_rows, company);
        }
        if let Some(table) = &departments {
            links.check_departments(table, &department_rows);
        }
    }
    let seeds = Directory {
        version: 0,
        people: people_rows.into_iter().map(|(person, _)| (person.id.clone(), person)).collect(),
        departments: department_rows.into_iter().map(|(it, _)| (it.id.clone(), it)).collect(),
    };
    let mut found: Diagnostics = people.into_iter().chain(departments).flat_map(Table::into_found).collect();
    crate::sources::sort(&mut found);
    (seeds, found)
}
