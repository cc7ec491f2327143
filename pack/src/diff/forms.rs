//! Forms and kinds of facts, field by field.

use serde_json::Value as Json;
use zhupi_domain::{Name, Text};

use super::{Area, Outline, word};
use crate::Release;

pub fn outline(release: &Release, outline: &mut Outline) {
    for (area, folder, names) in [
        (Area::Form, "forms", release.forms().keys().collect::<Vec<&Name>>()),
        (Area::Fact, "facts", release.facts().keys().collect()),
    ] {
        for name in names {
            let source = release.text(&format!("{folder}/{name}.json"));
            let json = source.and_then(|source| serde_json::from_str::<Json>(source).ok()).unwrap_or_default();
            let traits = outline.add(area, name.as_str());
            for (keyword, value) in json.as_object().into_iter().flatten() {
                match (keyword.as_str(), value) {
                    ("properties", Json::Object(fields)) => traits.extend(fields.iter().map(|(field, schema)| {
                        (Text::new(format!("字段 {field}"), format!("field {field}")), schema.to_string())
                    })),
                    _ => drop(traits.insert(word(keyword), value.to_string())),
                }
            }
        }
    }
}
