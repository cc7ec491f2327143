//! Following names into records and through lists.

use std::borrow::Cow;

use super::{Evaluation, Outcome, wrong_type};
use crate::Span;
use crate::expr::tree::Path;
use crate::expr::value::Value;

impl Evaluation<'_> {
    /// What a path leads to; through a list, the flat list of what its rows hold.
    pub(super) fn path<'v>(&'v self, path: &Path, span: Span, row: Option<&'v Value>) -> Outcome<Cow<'v, Value>> {
        let mut at = if path.of_row { row.ok_or_else(|| wrong_type(span))? } else { self.scope };
        for (index, (name, _)) in path.names.iter().enumerate() {
            if let Value::List(rows) = at {
                let mut found = Vec::new();
                self.gather(rows, path.names.get(index..).unwrap_or_default(), span, &mut found)?;
                return Ok(Cow::Owned(Value::List(found)));
            }
            let Some(next) = member(at, name, span)? else { return Ok(Cow::Owned(Value::Absent)) };
            at = next;
        }
        Ok(Cow::Borrowed(at))
    }

    /// Adds what the rest of a path leads to in every row. Absent ends stay, so that rows keep their number.
    fn gather(&self, rows: &[Value], names: &[(String, Span)], span: Span, into: &mut Vec<Value>) -> Outcome<()> {
        self.work(rows.len(), span)?;
        for row in rows {
            match (row, names.split_first()) {
                (Value::List(inner), _) => self.gather(inner, names, span, into)?,
                (leaf, None) => into.push(leaf.clone()),
                (record, Some(((name, _), rest))) => match member(record, name, span)? {
                    Some(Value::List(inner)) => self.gather(inner, rest, span, into)?,
                    Some(next) if rest.is_empty() => into.push(next.clone()),
                    Some(next) => self.gather(std::slice::from_ref(next), rest, span, into)?,
                    None => into.push(Value::Absent),
                },
            }
        }
        Ok(())
    }
}

/// The member of a record; none where it or the record itself is absent.
fn member<'v>(of: &'v Value, name: &str, span: Span) -> Outcome<Option<&'v Value>> {
    match of {
        Value::Record(fields) => Ok(fields.get(name)),
        Value::Absent => Ok(None),
        _ => Err(wrong_type(span)),
    }
}
