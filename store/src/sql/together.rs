//! Several statements as one, for PostgreSQL: what most commits write goes there and back once, not once a table.
//!
//! The text is put together while the program is compiled, out of the same statements that are sent one by one otherwise.
//! It is sound because no two of them touch the same row, so that it does not matter that none sees what another did.

use super::{Sql, commit, guards};

/// Statements that run as one, each with rows of its own.
pub(crate) struct Together {
    pub(crate) parts: &'static [&'static Sql],
    /// Answers how many rows each part touched, or, where they only look, what each found.
    pub(crate) postgres: &'static str,
}

/// What an action writes. What only some actions write besides is sent by itself.
pub(crate) const ACTIONS: Together = Together { parts: ACTION_PARTS, postgres: ACTION_TEXT };

const ACTION_PARTS: &[&Sql] = &[
    &commit::UPDATE_STREAMS,
    &commit::INSERT_EVENTS,
    &commit::INSERT_PAYLOADS,
    &commit::INSERT_UNSEALED,
    &commit::UPSERT_INSTANCES,
    &commit::INSERT_READERS,
    &commit::CLOSE_TASKS,
    &commit::INSERT_TASKS,
    &commit::DELETE_DRAFTS,
    &commit::INSERT_MESSAGES,
    &commit::INSERT_RESPONSES,
];
const ACTION_BYTES: Text<{ writing::<0>(ACTION_PARTS).length }> = writing(ACTION_PARTS);
const ACTION_TEXT: &str = as_text(&ACTION_BYTES.bytes);

/// What most commits rely on. Directories are locked before streams: the rows are asked for in this order.
pub(crate) const LOOKS: Together = Together { parts: LOOK_PARTS, postgres: LOOK_TEXT };

const LOOK_PARTS: &[&Sql] = &[&guards::DIRECTORIES, &guards::HEADS, &guards::RESPONSES];
const LOOK_END: &str = "SELECT CAST(0 AS BIGINT), company, NULL, NULL, head, NULL, NULL FROM p0 \
    UNION ALL SELECT CAST(1 AS BIGINT), company, stream, NULL, head, hash, NULL FROM p1 \
    UNION ALL SELECT CAST(2 AS BIGINT), company, actor, key, status, request, body FROM p2";
const LOOK_BYTES: Text<{ looking::<0>(LOOK_PARTS, LOOK_END).length }> = looking(LOOK_PARTS, LOOK_END);
const LOOK_TEXT: &str = as_text(&LOOK_BYTES.bytes);

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
const fn writing<const N: usize>(parts: &[&Sql]) -> Text<N> {
    let mut text = named(parts, " RETURNING 1)");
    let mut part = 0;
    while part < parts.len() {
        text.push(if part == 0 { b" SELECT (SELECT count(*) FROM p" } else { b", (SELECT count(*) FROM p" });
        text.number(part);
        text.push(b")");
        part += 1;
    }
    text
}

/// `WITH p0 AS (…), p1 AS (…)` and what is asked of them.
const fn looking<const N: usize>(parts: &[&Sql], end: &str) -> Text<N> {
    let mut text = named(parts, ")");
    text.push(b" ");
    text.push(end.as_bytes());
    text
}

const fn named<const N: usize>(parts: &[&Sql], close: &str) -> Text<N> {
    let mut text = Text { bytes: [b' '; N], length: 0 };
    let (mut part, mut behind) = (0, 0);
    while part < parts.len() {
        text.push(if part == 0 { b"WITH p" } else { b", p" });
        text.number(part);
        text.push(b" AS (");
        text.statement(parts[part].postgres.as_bytes(), behind);
        text.push(close.as_bytes());
        behind += parts[part].columns.len();
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
        assert!(text.contains("), p1 AS (WITH r (company, stream, number, kind, version, actor, at, previous, commitment, hash) AS (SELECT * FROM unnest($6::text[]"));
        assert!(text.ends_with(", (SELECT count(*) FROM p10)"));
        let parameters: usize = ACTIONS.parts.iter().map(|part| part.columns.len()).sum();
        assert!(text.contains(&format!("${parameters}::")) && !text.contains(&format!("${}::", parameters + 1)));
    }
}
