//! What was sent, laid over what was there, by the rights of the view.

use serde_json::{Map, Value as Json};
use zhupi_domain::nearest::nearest;

use super::{Findings, ROW, Submission, normal};
use crate::error::{Fault, Keyword};
use crate::model::{Columns, Field, Form, Item, Kind, Level};
use crate::rights::{Access, View};
use crate::{Pointer, limits};

/// What becomes of a field that may be written and was not sent.
#[derive(Clone, Copy, PartialEq)]
enum Unsent {
    /// It stays.
    Keep,
    /// It is empty: rows are sent whole.
    Clear,
    /// It takes its default: the form or the row is new.
    Default,
}

/// Lays the submission over the data before; what cannot be read or written is reported and left out.
pub(super) fn merge(form: &Form, submission: &Submission<'_>, findings: &mut Findings<'_>) -> Json {
    let empty = Map::new();
    let sent = match submission.data {
        Json::Object(sent) => sent,
        Json::Null => &empty,
        _ => {
            findings.add(Pointer::root(), Fault::new(Keyword::Type));
            &empty
        }
    };
    let unsent = if submission.before.is_some() { Unsent::Keep } else { Unsent::Default };
    let before = submission.before.and_then(Json::as_object).unwrap_or(&empty);
    let mut merge = Merge { view: submission.view, findings };
    Json::Object(merge.level(&form.root, before, sent, unsent, &Pointer::root()))
}

struct Merge<'a, 'f> {
    view: View<'a>,
    findings: &'a mut Findings<'f>,
}

impl Merge<'_, '_> {
    fn level(
        &mut self,
        level: &Level,
        before: &Map<String, Json>,
        sent: &Map<String, Json>,
        unsent: Unsent,
        at: &Pointer,
    ) -> Map<String, Json> {
        let mut merged = Map::new();
        for field in &level.fields {
            let (before, sent) = (before.get(&field.name), sent.get(&field.name));
            if let Some(value) = self.field(field, before, sent, unsent, &at.field(&field.name)) {
                merged.insert(field.name.clone(), value);
            }
        }
        self.refuse_unknown(level, sent, at);
        merged
    }

    fn field(
        &mut self,
        field: &Field,
        before: Option<&Json>,
        sent: Option<&Json>,
        unsent: Unsent,
        at: &Pointer,
    ) -> Option<Json> {
        let access = self.view.access(field);
        let asked = sent.is_some_and(|sent| !sent.is_null());
        match (&field.kind, access) {
            (_, Access::Masked) if asked => self.findings.add(at.clone(), Fault::new(Keyword::Readonly)),
            (_, Access::Hidden | Access::Masked) => {}
            _ if field.is_computed() => {}
            (Kind::Group(columns), _) => return Some(self.group(columns, before, sent, unsent, at)),
            (Kind::Rows(columns), _) => return self.rows(columns, access.writes(), before, sent, unsent, at),
            _ if access.writes() => return self.written(field, before, sent, unsent, at),
            _ => self.refuse_change(field, before, sent, at),
        }
        kept(field, before, unsent)
    }

    /// A value that may be written.
    fn written(
        &mut self,
        field: &Field,
        before: Option<&Json>,
        sent: Option<&Json>,
        unsent: Unsent,
        at: &Pointer,
    ) -> Option<Json> {
        match sent {
            Some(sent) => self.normal(&field.kind, sent, at),
            None if unsent == Unsent::Clear => None,
            None => kept(field, before, unsent),
        }
    }

    fn normal(&mut self, kind: &Kind, sent: &Json, at: &Pointer) -> Option<Json> {
        match (kind, sent) {
            (Kind::List(_), Json::Null) => None,
            (Kind::List(item), Json::Array(items)) => Some(self.list(item, items, at)),
            (Kind::List(_), _) => {
                self.findings.unread(at.clone(), Fault::new(Keyword::Type));
                None
            }
            _ => normal::single(kind, sent).unwrap_or_else(|fault| {
                self.findings.unread(at.clone(), fault);
                None
            }),
        }
    }

    /// A list without its empty items; an item that cannot be read is reported where it was sent.
    fn list(&mut self, item: &Item, items: &[Json], at: &Pointer) -> Json {
        let items = items.iter().enumerate();
        items.filter_map(|(index, value)| self.normal(&item.kind, value, &at.item(index))).collect()
    }

    /// Sending back what is there is no change; anything else is refused.
    fn refuse_change(&mut self, field: &Field, before: Option<&Json>, sent: Option<&Json>, at: &Pointer) {
        let Some(sent) = sent else { return };
        let same = match normal::value(&field.kind, sent) {
            Ok(normal) => normal.as_ref() == before,
            Err(_) => false,
        };
        if !same {
            self.findings.add(at.clone(), Fault::new(Keyword::Readonly));
        }
    }

    fn group(
        &mut self,
        columns: &Columns,
        before: Option<&Json>,
        sent: Option<&Json>,
        unsent: Unsent,
        at: &Pointer,
    ) -> Json {
        let empty = Map::new();
        let before = before.and_then(Json::as_object).unwrap_or(&empty);
        let (sent, unsent) = match sent {
            Some(Json::Object(sent)) => (sent, unsent),
            Some(Json::Null) => (&empty, Unsent::Clear),
            None => (&empty, unsent),
            Some(_) => {
                self.findings.unread(at.clone(), Fault::new(Keyword::Type));
                (&empty, unsent)
            }
        };
        Json::Object(self.level(&columns.level, before, sent, unsent, at))
    }

    fn rows(
        &mut self,
        columns: &Columns,
        writes: bool,
        before: Option<&Json>,
        sent: Option<&Json>,
        unsent: Unsent,
        at: &Pointer,
    ) -> Option<Json> {
        let rows = before.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let sent = match sent {
            Some(Json::Array(sent)) => sent,
            Some(Json::Null) if writes => return None,
            None if unsent == Unsent::Clear && writes => return None,
            None => return before.map(|_| self.stay(columns, rows, at)),
            Some(_) => {
                self.findings.unread(at.clone(), Fault::new(Keyword::Type));
                return before.cloned();
            }
        };
        let origins = if writes { self.origins(columns, rows, sent) } else { in_place(rows, sent) };
        let Some(origins) = origins else {
            let fault = if writes { Fault::new(Keyword::Rows) } else { Fault::special(Keyword::Readonly, "rows") };
            self.findings.unread(at.clone(), fault);
            return before.cloned();
        };
        let merged = origins.into_iter().zip(sent).enumerate();
        Some(merged.map(|(index, (origin, row))| self.row(columns, writes, origin, row, &at.item(index))).collect())
    }

    /// Rows of which nothing was sent.
    fn stay(&mut self, columns: &Columns, rows: &[Json], at: &Pointer) -> Json {
        let nothing = Json::Object(Map::new());
        let rows = rows.iter().enumerate();
        rows.map(|(index, row)| self.row(columns, false, Some(row), &nothing, &at.item(index))).collect()
    }

    fn row(&mut self, columns: &Columns, writes: bool, origin: Option<&Json>, sent: &Json, at: &Pointer) -> Json {
        let empty = Map::new();
        let unsent = match origin {
            None => Unsent::Default,
            Some(_) if writes => Unsent::Clear,
            Some(_) => Unsent::Keep,
        };
        let sent = sent.as_object().unwrap_or_else(|| {
            self.findings.unread(at.clone(), Fault::new(Keyword::Type));
            &empty
        });
        let before = origin.and_then(Json::as_object).unwrap_or(&empty);
        Json::Object(self.level(&columns.level, before, sent, unsent, at))
    }

    /// For rows that may come, go and change places: which earlier row each is. None when they do not fit.
    ///
    /// Where all columns may be written there is nothing to keep, and it does not matter.
    fn origins<'b>(&self, columns: &Columns, before: &'b [Json], sent: &[Json]) -> Option<Vec<Option<&'b Json>>> {
        if !keeps_columns(&self.view, &columns.level) {
            return Some(vec![None; sent.len()]);
        }
        let mut taken = vec![false; before.len()];
        let mut origins = Vec::with_capacity(sent.len());
        for row in sent {
            origins.push(match row.get(ROW).filter(|mark| !mark.is_null()) {
                None => None,
                Some(mark) => {
                    let index = mark.as_u64().and_then(|index| usize::try_from(index).ok())?;
                    let taken = taken.get_mut(index)?;
                    if std::mem::replace(taken, true) {
                        return None;
                    }
                    before.get(index)
                }
            });
        }
        // Somebody who knows nothing of the marks must not lose what they cannot see.
        let unmarked = !sent.is_empty() && origins.iter().all(Option::is_none);
        (!unmarked || !self.holds_kept(columns, before)).then_some(origins)
    }

    /// Whether some row holds a value that this view may not write.
    fn holds_kept(&self, columns: &Columns, rows: &[Json]) -> bool {
        let kept = || columns.level.fields.iter().filter(|field| is_kept(&self.view, field));
        rows.iter().any(|row| kept().any(|field| row.get(&field.name).is_some()))
    }

    /// Names that the form does not have, or hides: the answer is the same, so that nothing can be learnt from it.
    fn refuse_unknown(&mut self, level: &Level, sent: &Map<String, Json>, at: &Pointer) {
        let visible = |field: &&Field| self.view.access(field) != Access::Hidden;
        let names: Vec<&str> = level.fields.iter().filter(visible).map(Field::name).collect();
        for name in sent.keys().filter(|name| !names.contains(&name.as_str()) && *name != ROW) {
            let fault = Fault::new(Keyword::Unknown).with("name", name.as_str());
            let guess = self.findings.errors.len() < limits::HINTS;
            let fault = match nearest(name, names.iter().copied().filter(|_| guess)) {
                Some(near) => fault.with("near", near),
                None => fault,
            };
            self.findings.add(at.field(name), fault);
        }
    }
}

/// What a field holds that nobody may or did write.
fn kept(field: &Field, before: Option<&Json>, unsent: Unsent) -> Option<Json> {
    match before {
        Some(value) => Some(value.clone()),
        None => match &field.kind {
            Kind::Group(columns) if unsent == Unsent::Default => Some(Json::Object(super::defaults(&columns.level))),
            Kind::Group(_) => Some(Json::Object(Map::new())),
            _ => field.default.clone().filter(|_| unsent == Unsent::Default),
        },
    }
}

/// Rows that stay in their place.
fn in_place<'b>(before: &'b [Json], sent: &[Json]) -> Option<Vec<Option<&'b Json>>> {
    (before.len() == sent.len()).then(|| before.iter().map(Some).collect())
}

/// Whether rows that may be changed have columns that may not.
pub(crate) fn keeps_columns(view: &View<'_>, level: &Level) -> bool {
    level.fields.iter().any(|field| is_kept(view, field))
}

fn is_kept(view: &View<'_>, field: &Field) -> bool {
    !view.access(field).writes() && !field.is_computed()
}
