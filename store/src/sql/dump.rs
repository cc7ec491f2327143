//! The tables that a backup holds, and how their rows are read and put back.

use super::{Sql, statements};

/// One table of a backup.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// All rows in the order of the key.
    pub(crate) read: Sql,
    /// Adds rows.
    pub(crate) add: Sql,
}

macro_rules! tables {
    ($($table:ident [$first:ident $first_kind:ident $(, $column:ident $kind:ident)*] by $key:literal;)+) => {
        /// Everything but what is only true of the running server: sessions, links, leases, failed logins.
        pub(crate) const TABLES: &[Table] = &[$(Table {
            name: stringify!($table),
            columns: &[stringify!($first) $(, stringify!($column))*],
            read: super::text!([] [] concat!("SELECT ", stringify!($first), $(", ", stringify!($column),)*
                " FROM ", stringify!($table), " ORDER BY ", $key)),
            add: super::text!([$first $first_kind $(, $column $kind)*] [] concat!(
                "INSERT INTO ", stringify!($table), " (", stringify!($first), $(", ", stringify!($column),)*
                ") SELECT ", stringify!($first), $(", ", stringify!($column),)* " FROM r")),
        }),+];
    };
}

tables! {
    companies [company text, name text, release text, created_at bigint] by "company";
    releases [company text, hash text, body text, summary text, deployed_at bigint, deployed_by text, digest text]
        by "company, hash";
    release_history [company text, number bigint, hash text, at bigint, by text] by "company, number";
    people [company text, id text, body text, name text, login text, active bigint] by "company, id";
    departments [company text, id text, body text] by "company, id";
    calendars [company text, name text, body text] by "company, name";
    streams [company text, stream text, head bigint, hash text] by "company, stream";
    events [company text, stream text, number bigint, kind text, version bigint, actor text, at bigint, previous text,
            commitment text, hash text, salt text, body text] by "company, stream, number";
    erasures [company text, stream text, number bigint, at bigint, by text, rule text, digest text]
        by "company, stream, number";
    unsealed [company text, stream text, number bigint, first bigint, hash text] by "company, stream, number";
    checkpoints [company text, number bigint, at bigint, root text, seals bigint, previous text, hash text,
                 signature text] by "company, number";
    seals [company text, stream text, number bigint, first bigint, hash text, checkpoint bigint]
        by "company, stream, number";
    instances [company text, id text, flow text, release text, number text, title text, status text, initiator text,
               subject text, period text, started_at bigint, ended_at bigint, version bigint, format bigint, state text]
        by "company, id";
    instance_readers [company text, reader text, instance text] by "company, reader, instance";
    tasks [company text, instance text, number bigint, visit bigint, step text, flow text, kind text, assignee text,
           status text, version bigint, opened_at bigint, due_at bigint, closed_at bigint, outcome text,
           acted_by text, queued text] by "company, instance, number";
    timers [company text, instance text, number bigint, visit bigint, kind text, due_at bigint, shard bigint]
        by "company, instance, number";
    incidents [company text, instance text, number bigint, kind text, visit bigint, body text, opened_at bigint,
               closed_at bigint] by "company, instance, number";
    drafts [company text, person text, key text, body text, version bigint, at bigint] by "company, person, key";
    outbox [company text, id text, topic text, instance text, body text, attempts bigint, due_at bigint, shard bigint,
            state text, last_error text] by "company, id";
    idempotency [company text, actor text, key text, request text, status bigint, body text, at bigint]
        by "company, actor, key";
    facts [company text, kind text, id text, body text, recorded_at bigint, recorded_by text, instance text,
           replaces text] by "company, kind, id";
    balances [company text, account text, key text, posted bigint, reserved bigint, version bigint]
        by "company, account, key";
    account_entries [company text, account text, key text, number bigint, instance text, at bigint, by text,
                     posted bigint, reserved bigint, posted_after bigint, reserved_after bigint]
        by "company, account, key, number";
    fact_keys [company text, kind text, field text, value text, id text] by "company, kind, field, value, id";
    files [company text, id text, name text, media_type text, size bigint, sha256 text, state text, instance text,
           uploaded_by text, uploaded_at bigint, erased_at bigint, erased_by text, erased_rule text, content bigint,
           digest text] by "company, id";
    registers [company text, register text, last bigint] by "company, register";
    register_numbers [company text, register text, seq bigint, state text, instance text, reason text, at bigint,
                      by text] by "company, register, seq";
    pilots [company text, id text, policy text, base text, candidate text, summary text, created_at bigint,
            created_by text, key text, request text, digest text] by "company, id";
    pilot_releases [company text, hash text, body text] by "company, hash";
    pilot_rows [company text, pilot text, number bigint, body text] by "company, pilot, number";
    pilot_payees [company text, pilot text, place bigint, payee text, body text] by "company, pilot, place";
    credentials [company text, person text, hash text, at bigint] by "company, person";
}

statements! {
    /// Files whose content belongs into a backup.
    FILES_WITH_CONTENT =
        "SELECT company, id FROM files \
         WHERE content = 1 AND state IN ('pending', 'attached') AND (company, id) > ($1, $2) ORDER BY company, id LIMIT $3";
}
