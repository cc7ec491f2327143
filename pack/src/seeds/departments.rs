//! Rows of `departments.csv`.

use std::collections::BTreeSet;

use zhupi_domain::directory::{Department, Directory};
use zhupi_domain::{Name, PersonId};

use super::table::Table;
use crate::sheet::Row;

impl Table<'_> {
    /// The departments of the rows that name one; an id that is there twice is reported.
    pub fn departments(&self, live: Option<&Directory>) -> Vec<(Department, &Row)> {
        let mut ids = BTreeSet::new();
        let mut departments = Vec::new();
        for row in self.rows() {
            let Some(department) = self.department(row, live) else { continue };
            if !ids.insert(department.id.clone()) {
                self.twice(department.id.as_str(), self.span(row, "id"));
            }
            departments.push((department, row));
        }
        departments
    }

    fn department(&self, row: &Row, live: Option<&Directory>) -> Option<Department> {
        let (id, name) = (self.required(row, "id"), self.required(row, "name"));
        let id: Name = self.name(id?)?;
        let before = live.and_then(|live| live.departments.get(&id));
        Some(Department {
            name: name?.text.clone(),
            parent: match self.has("parent") {
                true => self.cell(row, "parent").and_then(|parent| self.name(parent)),
                false => before.and_then(|before| before.parent.clone()),
            },
            head: match self.has("head") {
                true => self.cell(row, "head").map(|head| PersonId::new(&head.text)),
                false => before.and_then(|before| before.head.clone()),
            },
            id,
        })
    }
}
