//! Several statements as one, for PostgreSQL: what most commits write goes there and back once, not once a table.
//!
//! The text is put together while the program is compiled, out of the same statements that are sent one by one otherwise.
//! It is sound because no two of them touch the same row, so that it does not matter that none sees what another did.

use super::{Sql, commit, guards};

/// Statements that run as one, each with rows of its own.
pub(crate) struct Together {
    pub(crate) parts: &'static [Part],
    /// Answers how many rows each counted part touched, or, where they only look, what each found.
    pub(crate) postgres: &'static str,
}

/// One of them.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) sql: &'static Sql,
    pub(crate) kind: PartKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// Answers rows.
    Look,
    /// Writes rows that must be there, and so are counted.
    Counted,
    /// Adds rows, which fails where one cannot be added; or changes what may be there or not.
    Plain,
}

const fn look(sql: &'static Sql) -> Part {
    Part { sql, kind: PartKind::Look }
}

const fn counted(sql: &'static Sql) -> Part {
    Part { sql, kind: PartKind::Counted }
}

const fn plain(sql: &'static Sql) -> Part {
    Part { sql, kind: PartKind::Plain }
}

/// What an action writes. What only some actions write besides is sent by itself.
pub(crate) const ACTIONS: Together = Together { parts: ACTION_PARTS, postgres: ACTION_TEXT };

const ACTION_PARTS: &[Part] = &[
    counted(&commit::UPDATE_STREAMS),
    plain(&commit::INSERT_EVENTS),
    plain(&commit::INSERT_UNSEALED),
    counted(&commit::UPDATE_INSTANCES),
    plain(&commit::INSERT_READERS),
    counted(&commit::CLOSE_TASKS),
    plain(&commit::INSERT_TASKS),
    plain(&commit::DELETE_DRAFTS),
    plain(&commit::INSERT_MESSAGES),
    plain(&commit::INSERT_RESPONSES),
];
const ACTION_BYTES: Text<{ writing::<0>(ACTION_PARTS).length }> = writing(ACTION_PARTS);
const ACTION_TEXT: &str = as_text(&ACTION_BYTES.bytes);

/// What most commits rely on. Directories are locked before streams: the rows are asked for in this order.
pub(crate) const LOOKS: Together = Together { parts: LOOK_PARTS, postgres: LOOK_TEXT };

const LOOK_PARTS: &[Part] = &[look(&guards::DIRECTORIES), look(&guards::HEADS), look(&guards::RESPONSES)];
const LOOK_END: &str = "SELECT CAST(0 AS BIGINT), company, NULL, NULL, head, NULL, NULL FROM p0 \
    UNION ALL SELECT CAST(1 AS BIGINT), company, stream, NULL, head, hash, NULL FROM p1 \
    UNION ALL SELECT CAST(2 AS BIGINT), company, actor, key, status, request, body FROM p2";
const LOOK_BYTES: Text<{ ending::<0>(LOOK_PARTS, LOOK_END).length }> = ending(LOOK_PARTS, LOOK_END);
const LOOK_TEXT: &str = as_text(&LOOK_BYTES.bytes);

/// What an action relies on and writes, as a transaction of its own: where a row was not there, it fails as a whole.
///
/// Directories come first, in the order of their companies, then the streams: as everywhere.
pub(crate) const AT_ONCE: Together = Together { parts: AT_ONCE_PARTS, postgres: AT_ONCE_TEXT };

const AT_ONCE_PARTS: &[Part] = &{
    const LAST: usize = ACTION_PARTS.len() + 1;
    let mut parts = [look(&guards::DIRECTORIES_AT); LAST + 1];
    let mut part = 0;
    while part < ACTION_PARTS.len() {
        parts[part + 1] = ACTION_PARTS[part];
        part += 1;
    }
    parts[LAST] = look(&guards::COUNTS);
    parts
};
/// The division by zero is what makes the statement fail.
const AT_ONCE_END: &str = "SELECT CAST(1 / (CASE WHEN (SELECT count(*) FROM p0) = p11.directories \
    AND (SELECT count(*) FROM p1) = p11.streams AND (SELECT count(*) FROM p4) = p11.instances \
    AND (SELECT count(*) FROM p6) = p11.tasks THEN 1 ELSE 0 END) AS BIGINT) FROM p11";
const AT_ONCE_BYTES: Text<{ ending::<0>(AT_ONCE_PARTS, AT_ONCE_END).length }> = ending(AT_ONCE_PARTS, AT_ONCE_END);
const AT_ONCE_TEXT: &str = as_text(&AT_ONCE_BYTES.bytes);

const fn as_text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("statements are UTF-8"),
    }
}

/// A text of known length in the making.
struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    /// Adds a text. Past the end it only counts, which is how the length is found.
    const fn push(&mut self, text: &[u8]) {
        let mut at = 0;
        while at < text.len() {
            self.letter(text[at]);
            at += 1;
        }
    }

    const fn letter(&mut self, letter: u8) {
        if self.length < N {
            self.bytes[self.length] = letter;
        }
        self.length += 1;
    }

    const fn number(&mut self, number: usize) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.letter(b'0' + (number % 10) as u8);
    }

    /// Adds a named part, the number of which is told.
    const fn part(&mut self, part: &Part, number: usize, behind: usize) {
        self.push(if number == 0 { b"WITH p" } else { b", p" });
        self.number(number);
        self.push(b" AS (");
        self.statement(part.sql.postgres.as_bytes(), behind);
        self.push(if matches!(part.kind, PartKind::Counted) { b" RETURNING 1)" } else { b")" });
    }

    /// Adds a statement whose parameters begin behind those of the statements before it.
    const fn statement(&mut self, text: &[u8], behind: usize) {
        let mut at = 0;
        while at < text.len() {
            self.letter(text[at]);
            at += 1;
            if text[at - 1] == b'$' {
                let mut number = 0;
                while at < text.len() && text[at].is_ascii_digit() {
                    number = number * 10 + (text[at] - b'0') as usize;
                    at += 1;
                }
                self.number(number + behind);
            }
        }
    }
}

/// `WITH p0 AS (… RETURNING 1), p1 AS (…) SELECT (SELECT count(*) FROM p0), …`
const fn writing<const N: usize>(parts: &[Part]) -> Text<N> {
    let mut text = named(parts);
    let (mut part, mut counts) = (0, 0);
    while part < parts.len() {
        if matches!(parts[part].kind, PartKind::Counted) {
            text.push(if counts == 0 { b" SELECT (SELECT count(*) FROM p" } else { b", (SELECT count(*) FROM p" });
            text.number(part);
            text.push(b")");
            counts += 1;
        }
        part += 1;
    }
    text
}

/// `WITH p0 AS (…), p1 AS (…)` and what is asked of them.
const fn ending<const N: usize>(parts: &[Part], end: &str) -> Text<N> {
    let mut text = named(parts);
    text.push(b" ");
    text.push(end.as_bytes());
    text
}

const fn named<const N: usize>(parts: &[Part]) -> Text<N> {
    let mut text = Text { bytes: [b' '; N], length: 0 };
    let (mut part, mut behind) = (0, 0);
    while part < parts.len() {
        text.part(&parts[part], part, behind);
        behind += parts[part].sql.columns.len();
        part += 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_on_from_part_to_part() {
        let text = ACTIONS.postgres;
        assert!(text.starts_with(
            "WITH p0 AS (WITH r (company, stream, before, head, hash) AS (SELECT * FROM unnest($1::text[]"
        ));
        assert!(text.contains(
            " RETURNING 1), p1 AS (WITH r (company, stream, number, kind, version, actor, at, previous, commitment, hash, salt, body) \
             AS (SELECT * FROM unnest($6::text[]"
        ));
        assert!(
            text.ends_with(" SELECT (SELECT count(*) FROM p0), (SELECT count(*) FROM p3), (SELECT count(*) FROM p5)")
        );
        let parameters: usize = ACTIONS.parts.iter().map(|part| part.sql.columns.len()).sum();
        assert!(text.contains(&format!("${parameters}::")) && !text.contains(&format!("${}::", parameters + 1)));
    }
}
