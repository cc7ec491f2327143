//! People, departments and calendars.

use zhupi_domain::{CompanyId, PersonId};

use super::contains;
use crate::database::{Row, values};
use crate::records::{Calendar, DepartmentRecord, DirectoryRecord, PersonRecord, name};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::data as sql;
use crate::{Store, StoreError};

impl Store {
    /// All people and departments of a company, of one moment, with the version to guard.
    pub async fn directory(&self, company: &CompanyId) -> Result<DirectoryRecord, StoreError> {
        let mut directory = DirectoryRecord { version: 0, people: Vec::new(), departments: Vec::new() };
        for mut row in self.rows(&sql::DIRECTORY, values![company.as_str()]).await? {
            add_part(&mut directory, &mut row)?;
        }
        directory.people.sort_by(|a, b| a.id.cmp(&b.id));
        directory.departments.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(directory)
    }

    /// One person, also one who has left.
    pub async fn person(&self, company: &CompanyId, id: &PersonId) -> Result<Option<PersonRecord>, StoreError> {
        self.find(&sql::PERSON, values![company.as_str(), id.as_str()], PersonRecord::read).await
    }

    /// The person who logs in by this name, also one who has left.
    pub async fn person_by_login(&self, company: &CompanyId, login: &str) -> Result<Option<PersonRecord>, StoreError> {
        self.find(&sql::PERSON_BY_LOGIN, values![company.as_str(), login], PersonRecord::read).await
    }

    /// Active people whose name, login or id holds a text; the next page begins after the person named.
    pub async fn search_people(
        &self,
        scope: &Scope,
        text: &str,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Page<PersonRecord, PersonId>, StoreError> {
        let limit = page_limit(limit);
        let after = after.map_or("", |id| id.as_str());
        let values = values![scope.company.as_str(), contains(text), after, limit as i64 + 1];
        let people = self.list(&sql::SEARCH_PEOPLE, values, PersonRecord::read).await?;
        Ok(Page::cut(people, limit, |last| last.id.clone()))
    }

    /// All calendars of a company.
    pub async fn calendars(&self, company: &CompanyId) -> Result<Vec<Calendar>, StoreError> {
        let read = |row: &mut Row| Ok(Calendar { name: row.text()?, body: row.text()? });
        self.list(&sql::CALENDARS, values![company.as_str()], read).await
    }
}

fn add_part(directory: &mut DirectoryRecord, row: &mut Row) -> Result<(), StoreError> {
    let (part, id, body, shown, login) = (row.text()?, row.text()?, row.text()?, row.text()?, row.optional_text()?);
    let number = row.integer()?;
    match part.as_str() {
        "version" => directory.version = number,
        "person" => {
            directory.people.push(PersonRecord { id: PersonId::new(id), body, name: shown, login, active: number != 0 })
        }
        _ => directory.departments.push(DepartmentRecord { id: name(id)?, body }),
    }
    Ok(())
}
