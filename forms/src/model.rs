//! A form as it was read: levels of fields, and the conditions between them.

use std::collections::BTreeMap;
use std::fmt;

use jsonschema::Validator;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Diagnostics, Text};

use crate::expression::Computed;
use crate::lookup::Lookup;

/// One form, checked against the profile and ready to take data.
#[derive(Debug)]
pub struct Form {
    pub(crate) title: Option<Text>,
    pub(crate) root: Level,
    /// Title, description and the like of the form itself, as its schema says them.
    pub(crate) keywords: Map<String, Json>,
    /// The whole schema without `$ref`, compiled.
    pub(crate) validator: Validator,
    pub(crate) key: Vec<String>,
    pub(crate) warnings: Diagnostics,
}

/// The fields of one object: of the form, of a group, of a row.
#[derive(Debug, Default)]
pub(crate) struct Level {
    /// In the order in which they are shown.
    pub fields: Vec<Field>,
    pub conditions: Vec<Condition>,
    /// Once the key is filled, the fields listed must be filled too.
    pub dependents: BTreeMap<String, Vec<String>>,
    /// Conditional and computed fields, each after what it depends on: positions in `fields`.
    pub settling: Vec<usize>,
}

/// One field of a form.
#[derive(Debug)]
pub struct Field {
    pub(crate) name: String,
    /// Its name with those of the group or rows around it, such as `items.points`.
    pub(crate) path: String,
    pub(crate) title: Text,
    pub(crate) kind: Kind,
    pub(crate) class: Class,
    /// Named by the `required` of its level, so wanted whatever the conditions say.
    pub(crate) required: bool,
    /// The condition that it exists under; none where it always does.
    pub(crate) shown: Option<Shown>,
    pub(crate) computed: Option<Computed>,
    pub(crate) lookup: Option<Lookup>,
    pub(crate) default: Option<Json>,
    pub(crate) messages: BTreeMap<String, Text>,
    /// Its schema without the parts that are read into the model: what is inside it, and when it exists.
    pub(crate) keywords: Map<String, Json>,
}

/// What a field holds.
#[derive(Debug)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Paragraphs,
    Email,
    /// One of these values.
    Choice(Vec<String>),
    Integer,
    Boolean,
    Money,
    /// An exact number; `digits` after the point at most.
    Decimal {
        digits: u32,
    },
    Date,
    /// A moment, UTC.
    DateTime,
    /// A week, month, quarter or year; of this length where the form says so.
    Period(Option<PeriodKind>),
    Person,
    Department,
    File,
    /// Several single values of one kind.
    List(Box<Item>),
    /// Rows, all with the same columns.
    Rows(Columns),
    /// Fields that belong together.
    Group(Columns),
}

/// What one value of a list is.
#[derive(Debug)]
pub struct Item {
    pub(crate) kind: Kind,
    pub(crate) keywords: Map<String, Json>,
}

/// The fields inside a group or a row.
#[derive(Debug)]
pub struct Columns {
    pub(crate) level: Level,
}

/// Who may see a value, beyond what a step's rights say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Fit for notices and exports.
    Public,
    /// Whoever may read the request.
    #[default]
    Internal,
    /// What somebody is paid; masked unless the viewer may see pay.
    Pay,
    /// What identifies a person, or is private to one; masked unless the viewer may see it.
    Identity,
}

impl Class {
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Pay, Self::Identity];

    /// The class as a form writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Pay => "pay",
            Self::Identity => "identity",
        }
    }

    /// Whether values of this class are masked for whoever was not given the class.
    pub fn is_masked(self) -> bool {
        matches!(self, Self::Pay | Self::Identity)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Under which condition of its level a field exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub condition: usize,
    /// While it holds (`then`), or while it does not (`else`).
    pub holds: bool,
}

/// One if / then / else.
#[derive(Debug)]
pub(crate) struct Condition {
    /// The schema after `if`.
    pub test: Map<String, Json>,
    pub validator: Validator,
    /// The fields that the test looks at.
    pub reads: Vec<String>,
    pub then: Branch,
    pub otherwise: Branch,
}

impl Condition {
    pub fn branch(&self, holds: bool) -> &Branch {
        if holds { &self.then } else { &self.otherwise }
    }
}

/// What one side of a condition demands, besides the fields that exist only there.
#[derive(Debug, Default)]
pub(crate) struct Branch {
    pub required: Vec<String>,
    /// Further keywords for fields that exist anyway.
    pub demands: Map<String, Json>,
}

impl Form {
    /// The form's title; none where its author gave none.
    pub fn title(&self) -> Option<&Text> {
        self.title.as_ref()
    }

    /// What an author should look at; a form with errors is never read.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The fields of the form, in the order in which they are shown.
    pub fn fields(&self) -> &[Field] {
        &self.root.fields
    }

    /// The field at a dotted path such as `items.points`.
    pub fn field(&self, path: &str) -> Option<&Field> {
        let mut fields = self.fields();
        let mut found = None;
        for name in path.split('.') {
            let field = fields.iter().find(|field| field.name == name)?;
            fields = field.children();
            found = Some(field);
        }
        found
    }

    /// Every field, a group or rows before what is inside it.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields().iter().flat_map(|field| std::iter::once(field).chain(field.children()))
    }

    /// The fields that reading a path reads: the field itself, what is inside it, and what is all around it; every field for
    /// the empty path.
    pub fn touched(&self, path: &str) -> impl Iterator<Item = &Field> {
        self.all_fields().filter(move |field| touches(field.path(), path))
    }

    /// The fields by which a business record is looked up (`x-key`); empty for what is no record.
    pub fn key(&self) -> &[String] {
        &self.key
    }
}

impl Field {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The field's name with those around it, such as `items.points`: what rights and tables name it by.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn title(&self) -> &Text {
        &self.title
    }

    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    pub fn class(&self) -> Class {
        self.class
    }

    /// What people read for a value of a choice; none for other fields and values without a label.
    pub fn label(&self, value: &Json) -> Option<Text> {
        let key = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let labels = match &self.kind {
            Kind::List(item) => &item.keywords,
            _ => &self.keywords,
        };
        Text::deserialize(labels.get("x-labels")?.get(&key)?).ok()
    }

    /// Whether the server computes it.
    pub fn is_computed(&self) -> bool {
        self.computed.is_some() || self.lookup.is_some()
    }

    /// The fields inside a group or a row; none for other fields.
    pub fn children(&self) -> &[Field] {
        self.kind.level().map_or(&[], |level| &level.fields)
    }
}

impl Item {
    pub fn kind(&self) -> &Kind {
        &self.kind
    }
}

impl Kind {
    /// The level inside a group or a row.
    pub(crate) fn level(&self) -> Option<&Level> {
        match self {
            Self::Rows(columns) | Self::Group(columns) => Some(&columns.level),
            _ => None,
        }
    }

    /// Whether it holds several values: rows or a list.
    pub(crate) fn is_many(&self) -> bool {
        matches!(self, Self::Rows(_) | Self::List(_))
    }
}

impl Level {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a field exists while its level holds this data.
    pub fn shows(&self, field: &Field, data: &Json) -> bool {
        field.shown.is_none_or(|shown| {
            self.conditions.get(shown.condition).is_none_or(|it| it.validator.is_valid(data) == shown.holds)
        })
    }
}

/// Whether reading a path reads a field: the field itself, something inside it, or all around it.
fn touches(field: &str, path: &str) -> bool {
    let inside = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    path.is_empty() || inside(field, path) || inside(path, field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_touches_what_is_inside_and_around_it() {
        for (field, path, expected) in [
            ("pay", "pay", true),
            ("rows.pay", "rows", true),
            ("rows", "rows.pay", true),
            ("rows.pay", "rows.what", false),
            ("pay", "payee", false),
            ("pay", "", true),
        ] {
            assert_eq!(touches(field, path), expected, "{field} {path}");
        }
    }
}
