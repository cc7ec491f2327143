//! People, departments and files that a form's data names.

use serde_json::Value as Json;
use zhupi_domain::{FileId, Name, PersonId};

use crate::Pointer;
use crate::model::{Form, Kind, Level};

/// Something outside the form that a value names; the caller knows whether it exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    Person(PersonId),
    Department(Name),
    File(FileId),
}

impl Reference {
    /// The word that catalogues know it by.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Department(_) => "department",
            Self::File(_) => "file",
        }
    }
}

impl Form {
    /// Every person, department and file that accepted data names, in the order of the form.
    pub fn references(&self, data: &Json) -> Vec<(Pointer, Reference)> {
        let mut found = Vec::new();
        level(&self.root, data, &Pointer::root(), &mut found);
        found
    }
}

fn level(level: &Level, data: &Json, at: &Pointer, found: &mut Vec<(Pointer, Reference)>) {
    for field in &level.fields {
        if let Some(json) = data.get(&field.name) {
            value(&field.kind, json, &at.field(&field.name), found);
        }
    }
}

fn value(kind: &Kind, json: &Json, at: &Pointer, found: &mut Vec<(Pointer, Reference)>) {
    let items = || json.as_array().into_iter().flatten().enumerate();
    match kind {
        Kind::Group(columns) => level(&columns.level, json, at, found),
        Kind::Rows(columns) => items().for_each(|(index, row)| level(&columns.level, row, &at.item(index), found)),
        Kind::List(item) => items().for_each(|(index, json)| value(&item.kind, json, &at.item(index), found)),
        single => found.extend(json.as_str().and_then(|id| reference(single, id)).map(|it| (at.clone(), it))),
    }
}

fn reference(kind: &Kind, id: &str) -> Option<Reference> {
    match kind {
        Kind::Person => Some(Reference::Person(PersonId::new(id))),
        Kind::Department => Name::new(id).ok().map(Reference::Department),
        Kind::File => Some(Reference::File(FileId::new(id))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_is_named_is_found_and_can_be_said_not_to_exist() {
        let form = Form::read(
            r#"{"type": "object", "properties": {
                "who": {"title": "经办人", "type": "string", "format": "person"},
                "rows": {"title": "明细", "x-en": {"title": "Rows"}, "type": "array", "items": {"type": "object", "properties": {
                    "at": {"title": "部门", "x-en": {"title": "Department"}, "type": "string", "format": "department"},
                    "files": {"title": "附件", "type": "array", "items": {"type": "string", "format": "file"}}}}}}}"#,
        )
        .unwrap();
        let data = json!({"who": "li", "rows": [{}, {"at": "sales", "files": ["a", "b"]}]});
        let found = form.references(&data);
        let file = |id: &str| Reference::File(FileId::new(id));
        let expected = [
            ("/who", Reference::Person(PersonId::new("li"))),
            ("/rows/1/at", Reference::Department(Name::new("sales").unwrap())),
            ("/rows/1/files/0", file("a")),
            ("/rows/1/files/1", file("b")),
        ];
        assert_eq!(found, expected.map(|(at, it)| (Pointer::from(at), it)));
        let message = |index: usize| form.no_such(&found[index].0, &found[index].1).message;
        assert_eq!(message(0).zh, "经办人所选的人员不存在或已离职");
        assert_eq!(
            message(1).en.as_deref(),
            Some("Department in row 2 of the rows names a department that does not exist")
        );
        assert_eq!(message(3).zh, "明细第 2 行的附件第 2 项的文件不存在，请重新上传");
    }
}
