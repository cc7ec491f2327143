//! Which fields a step may see and write.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

use crate::limits;
use crate::model::{Class, Field, Form};
use zhupi_domain::nearest::nearest;

/// What a step may do with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// Not even its name is shown.
    Hidden,
    Readonly,
    Editable,
    /// Editable, and must be filled at this step.
    Required,
}

impl Right {
    pub const ALL: [Self; 4] = [Self::Hidden, Self::Readonly, Self::Editable, Self::Required];

    /// The right as a flow writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Readonly => "readonly",
            Self::Editable => "editable",
            Self::Required => "required",
        }
    }

    /// Reads a right as a flow writes it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == text)
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The rights of one step: one for each field named, and one for all others.
///
/// A field inside a group or rows follows the nearest one around it that is named. Rows that are readonly keep their number
/// and order, yet columns named `editable` or `required` can be filled in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    others: Right,
    named: BTreeMap<String, Right>,
}

impl Rights {
    /// Everything may be written: the default of a fill step.
    pub fn editable() -> Self {
        Self { others: Right::Editable, named: BTreeMap::new() }
    }

    /// Everything may be read: the default of an approve step, and of whoever follows a request.
    pub fn readonly() -> Self {
        Self { others: Right::Readonly, named: BTreeMap::new() }
    }

    /// The same, and these fields cannot be written.
    pub fn with_readonly<'f>(mut self, fields: impl IntoIterator<Item = &'f str>) -> Self {
        self.named.extend(fields.into_iter().map(|field| (field.to_owned(), Right::Readonly)));
        self
    }

    /// The right on a field by its path.
    pub fn of(&self, path: &str) -> Right {
        if let Some(right) = self.named.get(path) {
            return *right;
        }
        match path.rsplit_once('.').map(|(around, _)| self.of(around)) {
            // What must be filled is the group or the rows, not each thing inside.
            Some(Right::Required) => Right::Editable,
            Some(right) => right,
            None => self.others,
        }
    }
}

/// One line of a step's `fields:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightEntry<'a> {
    /// The field's path, such as `opinion` or `items.points`.
    pub field: &'a str,
    pub right: Right,
    /// Where the line stands, for the diagnostics.
    pub span: Option<Span>,
}

impl Form {
    /// Checks a step's rights against this form; `others` is the right on every field that is not named.
    pub fn rights<'a>(
        &self,
        others: Right,
        entries: impl IntoIterator<Item = RightEntry<'a>>,
    ) -> Result<Rights, Diagnostics> {
        let mut rights = Rights { others, named: BTreeMap::new() };
        let mut found = Diagnostics::new();
        let entries: Vec<_> = entries.into_iter().collect();
        for entry in &entries {
            match self.field(entry.field) {
                None => found.push(self.unknown(entry, found.len() < limits::HINTS)),
                Some(field) => found.extend(refusal(field, entry)),
            }
            rights.named.insert(entry.field.to_owned(), entry.right);
        }
        found.extend(entries.iter().filter_map(|entry| inside_hidden(&rights, entry)));
        if found.is_empty() { Ok(rights) } else { Err(found) }
    }

    fn unknown(&self, entry: &RightEntry<'_>, guess: bool) -> Diagnostic {
        let name = entry.field;
        let unknown = Diagnostic::error(
            "form.unknown-field",
            entry.span,
            Text::new(format!("表单没有字段 `{name}`"), format!("the form has no field `{name}`")),
        );
        match nearest(name, self.all_fields().filter(|_| guess).map(Field::path)) {
            Some(near) => unknown.hint(Text::new(format!("是否指 `{near}`？"), format!("Did you mean `{near}`?"))),
            None => unknown,
        }
    }
}

/// Rights that make no sense for the kind of field.
fn refusal(field: &Field, entry: &RightEntry<'_>) -> Option<Diagnostic> {
    let (name, right) = (entry.field, entry.right);
    let writes = right >= Right::Editable;
    let refuse = |zh: String, en: String| Some(Diagnostic::error("form.right", entry.span, Text::new(zh, en)));
    if writes && field.is_computed() {
        return refuse(
            format!("`{name}` 由服务器计算，不能设为 {right}"),
            format!("`{name}` is computed by the server and cannot be {right}"),
        );
    }
    if right == Right::Required && matches!(field.kind, crate::Kind::Group(_)) {
        return refuse(
            format!("`{name}` 是一组字段，请改为指定其中哪些字段必填"),
            format!("`{name}` is a group; say which of its fields are required"),
        );
    }
    None
}

/// A field cannot be seen when what is around it is hidden.
fn inside_hidden(rights: &Rights, entry: &RightEntry<'_>) -> Option<Diagnostic> {
    let (around, _) = entry.field.rsplit_once('.')?;
    let (name, right) = (entry.field, entry.right);
    (rights.of(around) == Right::Hidden && right != Right::Hidden).then(|| {
        Diagnostic::error(
            "form.right",
            entry.span,
            Text::new(
                format!("`{around}` 是隐藏的，其中的 `{name}` 不能设为 {right}"),
                format!("`{around}` is hidden, so `{name}` inside it cannot be {right}"),
            ),
        )
    })
}

/// What somebody may do with a form's data: the rights of the step, and the classes of data they may see.
///
/// Whoever is asked to write a field sees it; a field that can only be read is masked where its class is not allowed.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub rights: &'a Rights,
    /// Of [`Class::Pay`] and [`Class::Identity`], those that the viewer may see; the others need no permission.
    pub classes: &'a BTreeSet<Class>,
}

/// What a view allows with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    Hidden,
    /// The field is shown, its value is not.
    Masked,
    Readonly,
    Editable,
    Required,
}

impl View<'_> {
    pub(crate) fn access(&self, field: &Field) -> Access {
        match self.right(&field.path, field.class) {
            Access::Editable | Access::Required if field.is_computed() => Access::Readonly,
            access => access,
        }
    }

    /// Whether the value at a path is shown.
    pub(crate) fn sees(&self, path: &str, class: Class) -> bool {
        self.right(path, class).reads()
    }

    fn right(&self, path: &str, class: Class) -> Access {
        match self.rights.of(path) {
            Right::Hidden => Access::Hidden,
            Right::Readonly if class.is_masked() && !self.classes.contains(&class) => Access::Masked,
            Right::Readonly => Access::Readonly,
            Right::Editable => Access::Editable,
            Right::Required => Access::Required,
        }
    }
}

impl Access {
    pub fn writes(self) -> bool {
        self >= Self::Editable
    }

    /// Whether the value is shown.
    pub fn reads(self) -> bool {
        self >= Self::Readonly
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Masked => "masked",
            Self::Readonly => "readonly",
            Self::Editable => "editable",
            Self::Required => "required",
        }
    }
}
