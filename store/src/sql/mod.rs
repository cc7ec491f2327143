//! All SQL of the store, as constants: one text for both databases.
//!
//! Two kinds of statement. An *ordinary* one takes its values as `$1`, `$2`, … A *set-based* one takes any number of rows at
//! once and calls them `r`: its text begins where the rows are given, and the first words differ, because PostgreSQL takes the
//! rows as an array a column, SQLite's readers as one JSON array, and SQLite's writer one by one. What follows them is the same.

pub(crate) mod access;
pub(crate) mod commit;
pub(crate) mod data;
pub(crate) mod dump;
pub(crate) mod evidence;
pub(crate) mod guards;
pub(crate) mod pilots;
pub(crate) mod together;
pub(crate) mod verify;
pub(crate) mod work;

#[cfg(test)]
mod tests;

/// The type of one column of the rows of a set-based statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the SQL names of the types, so that the macro can write them")]
pub(crate) enum Kind {
    text,
    bigint,
}

/// One statement in the words of both databases.
#[derive(Debug)]
pub(crate) struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    /// A set-based statement for SQLite that takes one row; of an ordinary one the same as `sqlite`.
    pub(crate) by_row: &'static str,
    /// The columns of `r`; empty for an ordinary statement.
    pub(crate) columns: &'static [Kind],
}

impl Sql {
    /// An ordinary statement.
    pub(crate) const fn plain(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres, by_row: sqlite, columns: &[] }
    }
}

/// Declares statements; `postgres "…"` after one adds words that only PostgreSQL needs, such as a row lock.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident $([$($column:ident $kind:ident),+ $(,)?])? = $body:literal $(postgres $tail:literal)?;)+) => {
        $($(#[$doc])* pub(crate) const $name: $crate::sql::Sql = $crate::sql::text!([$($($column $kind),+)?] [$($tail)?] $body);)+
        /// Every statement above by name, for the tests that prepare them all.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &$crate::sql::Sql)] = &[$((stringify!($name), &$name)),+];
    };
}
pub(crate) use statements;

macro_rules! text {
    ([] [$($tail:literal)?] $body:expr) => {
        $crate::sql::Sql::plain($body, concat!($body $(, " ", $tail)?))
    };
    ([$($column:ident $kind:ident),+] $tail:tt $body:expr) => {
        $crate::sql::text!(@number [$($column $kind),+] $tail $body; [$($column $kind)+]
            [["0" "$1"] ["1" "$2"] ["2" "$3"] ["3" "$4"] ["4" "$5"] ["5" "$6"] ["6" "$7"] ["7" "$8"] ["8" "$9"] ["9" "$10"]
             ["10" "$11"] ["11" "$12"] ["12" "$13"] ["13" "$14"] ["14" "$15"] ["15" "$16"] ["16" "$17"]];)
    };
    // Gives each column its place, as SQLite counts it and as PostgreSQL does.
    (@number $columns:tt $tail:tt $body:expr; [$column:ident $kind:ident $($rest:tt)*]
     [[$index:literal $parameter:literal] $($more:tt)*]; $($done:tt)*) => {
        $crate::sql::text!(@number $columns $tail $body; [$($rest)*] [$($more)*]; $($done)* [$index $parameter $kind])
    };
    (@number [$first:ident $first_kind:ident $(, $column:ident $column_kind:ident)*] [$($tail:literal)?] $body:expr; [] $unused:tt;
     [$first_index:literal $first_parameter:literal $k:ident] $([$index:literal $parameter:literal $kind:ident])*) => {
        $crate::sql::Sql {
            sqlite: concat!(
                "WITH r (", stringify!($first), $(", ", stringify!($column),)*
                ") AS (SELECT value->>", $first_index, $(", value->>", $index,)* " FROM json_each($1)) ", $body
            ),
            by_row: concat!(
                "WITH r (", stringify!($first), $(", ", stringify!($column),)*
                ") AS (VALUES (", $first_parameter, $(", ", $parameter,)* ")) ", $body
            ),
            postgres: concat!(
                "WITH r (", stringify!($first), $(", ", stringify!($column),)*
                ") AS (SELECT * FROM unnest(", $first_parameter, "::", stringify!($first_kind), "[]",
                $(", ", $parameter, "::", stringify!($kind), "[]",)* ")) ", $body $(, " ", $tail)?
            ),
            columns: &[$crate::sql::Kind::$first_kind, $($crate::sql::Kind::$column_kind),*],
        }
    };
}
pub(crate) use text;
