//! The rows that a set-based statement takes.

use std::borrow::Cow;

use rusqlite::types::ValueRef;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;

use super::Value;
use crate::sql::{Kind, Sql};

/// Rows kept by column, as PostgreSQL takes them; SQLite takes them one by one or as JSON.
#[derive(Debug)]
pub(crate) struct Rows {
    columns: Vec<Cells>,
    length: usize,
    /// Whether a text holds a NUL character, which PostgreSQL cannot keep.
    holds_nul: bool,
}

#[derive(Debug)]
enum Cells {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
}

impl Rows {
    /// No rows yet, for a statement.
    pub(crate) fn of(sql: &Sql) -> Self {
        let empty = |kind: &Kind| match kind {
            Kind::text => Cells::Text(Vec::new()),
            Kind::bigint => Cells::Integer(Vec::new()),
        };
        Self { columns: sql.columns.iter().map(empty).collect(), length: 0, holds_nul: false }
    }

    /// Adds one row; the values stand in the order of the statement's columns.
    pub(crate) fn push(&mut self, values: Vec<Value>) {
        debug_assert_eq!(values.len(), self.columns.len(), "a row has as many values as its statement has columns");
        self.holds_nul |= values.iter().any(Value::holds_nul);
        for (cells, value) in self.columns.iter_mut().zip(values) {
            match (cells, value) {
                (Cells::Text(cells), Value::Text(text)) => cells.push(text),
                (Cells::Integer(cells), Value::Integer(number)) => cells.push(number),
                (Cells::Text(cells), _) => cells.push(None),
                (Cells::Integer(cells), _) => cells.push(None),
            }
        }
        self.length += 1;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn holds_nul(&self) -> bool {
        self.holds_nul
    }

    /// The values of each row in turn.
    pub(crate) fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = ValueRef<'_>>> {
        (0..self.length).map(|row| self.columns.iter().map(move |cells| cells.at(row)))
    }

    /// A JSON array of one array a row.
    pub(crate) fn json(&self) -> String {
        let mut json = String::from("[");
        for row in 0..self.length {
            json.push_str(if row == 0 { "[" } else { ",[" });
            for (place, cells) in self.columns.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                cells.write_json(row, &mut json);
            }
            json.push(']');
        }
        json.push(']');
        json
    }

    /// Gives a query one array a column.
    pub(crate) fn bind<'q>(
        &'q self,
        query: sqlx::query::Query<'q, Postgres, PgArguments>,
    ) -> sqlx::query::Query<'q, Postgres, PgArguments> {
        self.columns.iter().fold(query, |query, cells| match cells {
            Cells::Text(cells) => query.bind(cells.as_slice()),
            Cells::Integer(cells) => query.bind(cells.as_slice()),
        })
    }
}

impl Cells {
    fn at(&self, row: usize) -> ValueRef<'_> {
        match self {
            Self::Text(cells) => {
                cells.get(row).and_then(Option::as_ref).map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
            }
            Self::Integer(cells) => cells.get(row).copied().flatten().map_or(ValueRef::Null, ValueRef::Integer),
        }
    }

    fn write_json(&self, row: usize, json: &mut String) {
        let null = || Cow::Borrowed("null");
        let cell: Cow<'_, str> = match self {
            Self::Text(cells) => match cells.get(row) {
                Some(Some(text)) => serde_json::to_string(text).map_or_else(|_| null(), Cow::Owned),
                _ => null(),
            },
            Self::Integer(cells) => match cells.get(row) {
                Some(Some(number)) => Cow::Owned(number.to_string()),
                _ => null(),
            },
        };
        json.push_str(&cell);
    }
}
