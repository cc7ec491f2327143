//! What a batch of commits writes, one statement a table. Rows are named by their keys alone; see `guards`.

use super::statements;

statements! {
    INSERT_COMPANIES [company text, name text, created_at bigint] =
        "INSERT INTO companies (company, name, created_at) SELECT company, name, created_at FROM r";
    INSERT_STREAMS [company text, stream text, head bigint, hash text] =
        "INSERT INTO streams (company, stream, head, hash) SELECT company, stream, head, hash FROM r";
    UPDATE_STREAMS [company text, stream text, before bigint, head bigint, hash text] =
        "UPDATE streams SET head = r.head, hash = r.hash FROM r \
         WHERE streams.company = r.company AND streams.stream = r.stream AND streams.head = r.before";
    INSERT_EVENTS [company text, stream text, number bigint, kind text, version bigint, actor text, at bigint,
                   previous text, commitment text, hash text, salt text, body text] =
        "INSERT INTO events (company, stream, number, kind, version, actor, at, previous, commitment, hash, salt, body) \
         SELECT company, stream, number, kind, version, actor, at, previous, commitment, hash, salt, body FROM r";
    INSERT_UNSEALED [company text, stream text, number bigint, first bigint, hash text] =
        "INSERT INTO unsealed (company, stream, number, first, hash) \
         SELECT company, stream, number, first, hash FROM r";
    ERASE_PAYLOADS [company text, stream text, number bigint] =
        "UPDATE events SET salt = NULL, body = NULL \
         FROM r WHERE events.company = r.company AND events.stream = r.stream AND events.number = r.number";
    UPSERT_ERASURES [company text, stream text, number bigint, at bigint, by text, rule text, digest text] =
        "INSERT INTO erasures (company, stream, number, at, by, rule, digest) \
         SELECT company, stream, number, at, by, rule, digest FROM r WHERE true \
         ON CONFLICT (company, stream, number) DO UPDATE \
         SET at = excluded.at, by = excluded.by, rule = excluded.rule, digest = excluded.digest";

    INSERT_RELEASES [company text, hash text, body text, summary text, deployed_at bigint, deployed_by text,
                     digest text] =
        "INSERT INTO releases (company, hash, body, summary, deployed_at, deployed_by, digest) \
         SELECT company, hash, body, summary, deployed_at, deployed_by, digest FROM r";
    INSERT_RELEASE_HISTORY [company text, hash text, at bigint, by text] =
        "INSERT INTO release_history (company, number, hash, at, by) \
         SELECT company, (SELECT coalesce(max(h.number), 0) + 1 FROM release_history h WHERE h.company = r.company), hash, at, by FROM r";
    UPDATE_CURRENT_RELEASES [company text, hash text] =
        "UPDATE companies SET release = r.hash FROM r WHERE companies.company = r.company";
    UPSERT_PEOPLE [company text, id text, body text, name text, login text, active bigint] =
        "INSERT INTO people (company, id, body, name, login, active) \
         SELECT company, id, body, name, login, active FROM r WHERE true \
         ON CONFLICT (company, id) DO UPDATE \
         SET body = excluded.body, name = excluded.name, login = excluded.login, active = excluded.active";
    UPSERT_DEPARTMENTS [company text, id text, body text] =
        "INSERT INTO departments (company, id, body) SELECT company, id, body FROM r WHERE true \
         ON CONFLICT (company, id) DO UPDATE SET body = excluded.body";
    DELETE_DEPARTMENTS [company text, id text] =
        "DELETE FROM departments WHERE (company, id) IN (SELECT company, id FROM r)";
    UPSERT_CALENDARS [company text, name text, body text] =
        "INSERT INTO calendars (company, name, body) SELECT company, name, body FROM r WHERE true \
         ON CONFLICT (company, name) DO UPDATE SET body = excluded.body";
    DELETE_CALENDARS [company text, name text] =
        "DELETE FROM calendars WHERE (company, name) IN (SELECT company, name FROM r)";
    UPSERT_CREDENTIALS [company text, person text, hash text, at bigint] =
        "INSERT INTO credentials (company, person, hash, at) SELECT company, person, hash, at FROM r WHERE true \
         ON CONFLICT (company, person) DO UPDATE SET hash = excluded.hash, at = excluded.at";
    DELETE_SESSIONS [company text, person text] =
        "DELETE FROM sessions WHERE (company, person) IN (SELECT company, person FROM r)";

    UPSERT_INSTANCES [company text, id text, flow text, release text, number text, title text, status text,
                      initiator text, subject text, period text, started_at bigint, ended_at bigint, version bigint,
                      format bigint, state text] =
        "INSERT INTO instances (company, id, flow, release, number, title, status, initiator, subject, period, \
                                started_at, ended_at, version, format, state) \
         SELECT company, id, flow, release, number, title, status, initiator, subject, period, \
                started_at, ended_at, version, format, state FROM r WHERE true \
         ON CONFLICT (company, id) DO UPDATE \
         SET release = excluded.release, number = excluded.number, title = excluded.title, status = excluded.status, \
             subject = excluded.subject, period = excluded.period, ended_at = excluded.ended_at, \
             version = excluded.version, format = excluded.format, state = excluded.state";
    /// An instance that has events already.
    UPDATE_INSTANCES [company text, id text, release text, number text, title text, status text, subject text,
                      period text, ended_at bigint, version bigint, format bigint, state text] =
        "UPDATE instances SET release = r.release, number = r.number, title = r.title, status = r.status, \
                subject = r.subject, period = r.period, ended_at = r.ended_at, version = r.version, format = r.format, \
                state = r.state \
         FROM r WHERE instances.company = r.company AND instances.id = r.id";
    INSERT_READERS [company text, reader text, instance text] =
        "INSERT INTO instance_readers (company, reader, instance) SELECT company, reader, instance FROM r WHERE true \
         ON CONFLICT DO NOTHING";
    UPDATE_TASKS [company text, instance text, number bigint, version bigint, assignee text, due_at bigint, queued text] =
        "UPDATE tasks SET version = r.version, assignee = r.assignee, due_at = r.due_at, queued = r.queued FROM r \
         WHERE tasks.company = r.company AND tasks.instance = r.instance AND tasks.number = r.number \
           AND tasks.closed_at IS NULL";
    CLOSE_TASKS [company text, instance text, number bigint, version bigint, outcome text, closed_at bigint, acted_by text] =
        "UPDATE tasks SET status = 'closed', version = r.version, outcome = r.outcome, closed_at = r.closed_at, \
                          acted_by = r.acted_by FROM r \
         WHERE tasks.company = r.company AND tasks.instance = r.instance AND tasks.number = r.number \
           AND tasks.closed_at IS NULL";
    INSERT_TASKS [company text, instance text, number bigint, visit bigint, step text, flow text, kind text,
                  assignee text, status text, version bigint, opened_at bigint, due_at bigint, closed_at bigint,
                  outcome text, queued text] =
        "INSERT INTO tasks (company, instance, number, visit, step, flow, kind, assignee, status, version, opened_at, \
                            due_at, closed_at, outcome, queued) \
         SELECT company, instance, number, visit, step, flow, kind, assignee, status, version, opened_at, \
                due_at, closed_at, outcome, queued FROM r";
    DELETE_TIMERS [company text, instance text, number bigint] =
        "DELETE FROM timers WHERE (company, instance, number) IN (SELECT company, instance, number FROM r)";
    DELETE_TIMERS_OF_VISITS [company text, instance text, visit bigint] =
        "DELETE FROM timers WHERE (company, instance, number) IN \
         (SELECT t.company, t.instance, t.number FROM r CROSS JOIN timers t \
          WHERE t.company = r.company AND t.instance = r.instance AND t.visit = r.visit)";
    DELETE_TIMERS_OF_INSTANCES [company text, instance text] =
        "DELETE FROM timers WHERE (company, instance) IN (SELECT company, instance FROM r)";
    INSERT_TIMERS [company text, instance text, number bigint, visit bigint, kind text, due_at bigint, shard bigint] =
        "INSERT INTO timers (company, instance, number, visit, kind, due_at, shard) \
         SELECT company, instance, number, visit, kind, due_at, shard FROM r";
    INSERT_INCIDENTS [company text, instance text, number bigint, kind text, visit bigint, body text,
                      opened_at bigint, closed_at bigint] =
        "INSERT INTO incidents (company, instance, number, kind, visit, body, opened_at, closed_at) \
         SELECT company, instance, number, kind, visit, body, opened_at, closed_at FROM r";
    CLOSE_INCIDENTS [company text, instance text, number bigint, closed_at bigint] =
        "UPDATE incidents SET closed_at = r.closed_at FROM r \
         WHERE incidents.company = r.company AND incidents.instance = r.instance AND incidents.number = r.number \
           AND coalesce(incidents.closed_at, 0) = 0";
    DELETE_DRAFTS [company text, person text, key text] =
        "DELETE FROM drafts WHERE (company, person, key) IN (SELECT company, person, key FROM r)";

    DELETE_MESSAGES [company text, id text] =
        "DELETE FROM outbox WHERE (company, id) IN (SELECT company, id FROM r)";
    INSERT_MESSAGES [company text, id text, topic text, instance text, body text, attempts bigint, due_at bigint,
                     shard bigint, state text, last_error text] =
        "INSERT INTO outbox (company, id, topic, instance, body, attempts, due_at, shard, state, last_error) \
         SELECT company, id, topic, instance, body, attempts, due_at, shard, state, last_error FROM r";
    INSERT_RESPONSES [company text, actor text, key text, request text, status bigint, body text, at bigint] =
        "INSERT INTO idempotency (company, actor, key, request, status, body, at) \
         SELECT company, actor, key, request, status, body, at FROM r";

    INSERT_FACTS [company text, kind text, id text, body text, recorded_at bigint, recorded_by text, instance text,
                  replaces text] =
        "INSERT INTO facts (company, kind, id, body, recorded_at, recorded_by, instance, replaces) \
         SELECT company, kind, id, body, recorded_at, recorded_by, instance, replaces FROM r";
    INSERT_FACT_KEYS [company text, kind text, field text, value text, id text] =
        "INSERT INTO fact_keys (company, kind, field, value, id) SELECT company, kind, field, value, id FROM r";
    INSERT_BALANCES [company text, account text, key text, posted bigint, reserved bigint, version bigint] =
        "INSERT INTO balances (company, account, key, posted, reserved, version) \
         SELECT company, account, key, posted, reserved, version FROM r";
    UPDATE_BALANCES [company text, account text, key text, before bigint, posted bigint, reserved bigint,
                     version bigint] =
        "UPDATE balances SET posted = r.posted, reserved = r.reserved, version = r.version FROM r \
         WHERE balances.company = r.company AND balances.account = r.account AND balances.key = r.key \
           AND balances.version = r.before";
    INSERT_ACCOUNT_ENTRIES [company text, account text, key text, number bigint, instance text, at bigint, by text,
                            posted bigint, reserved bigint, posted_after bigint, reserved_after bigint] =
        "INSERT INTO account_entries (company, account, key, number, instance, at, by, posted, reserved, posted_after, \
                                      reserved_after) \
         SELECT company, account, key, number, instance, at, by, posted, reserved, posted_after, reserved_after FROM r";
    UPDATE_FILES [company text, id text, state text, instance text, erased_at bigint, erased_by text,
                  erased_rule text, digest text] =
        "UPDATE files SET state = r.state, instance = r.instance, erased_at = r.erased_at, erased_by = r.erased_by, \
                          erased_rule = r.erased_rule, digest = r.digest FROM r \
         WHERE files.company = r.company AND files.id = r.id";
    UPDATE_NUMBERS [company text, register text, seq bigint, state text, instance text, reason text] =
        "UPDATE register_numbers SET state = r.state, instance = r.instance, reason = r.reason FROM r \
         WHERE register_numbers.company = r.company AND register_numbers.register = r.register \
           AND register_numbers.seq = r.seq";
}
