//! Instances, tasks, timers, outbox, incidents, drafts: reads, and the small writes beside commits.

use super::statements;

statements! {
    INSTANCE =
        "SELECT id, flow, release, number, title, status, initiator, subject, period, started_at, ended_at, version, \
                format, state \
         FROM instances WHERE company = $1 AND id = $2";
    /// Newest first, by ids that sort as they were made.
    INSTANCES_OF_READER =
        "SELECT i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version \
         FROM instance_readers x CROSS JOIN instances i \
         WHERE x.company = $1 AND x.reader = $2 AND x.instance < $3 AND i.company = x.company AND i.id = x.instance \
           AND (CAST($4 AS TEXT) IS NULL OR i.flow = $4) AND (CAST($5 AS TEXT) IS NULL OR i.status = $5) \
           AND (CAST($6 AS TEXT) IS NULL OR i.initiator = $6) AND (CAST($7 AS TEXT) IS NULL OR i.subject = $7) \
           AND (CAST($8 AS TEXT) IS NULL OR i.period = $8) \
           AND (CAST($9 AS TEXT) IS NULL OR lower(i.title) LIKE $9 ESCAPE '\\' OR lower(i.number) LIKE $9 ESCAPE '\\') \
         ORDER BY x.instance DESC LIMIT $10";
    /// The instance, if any of the given keys opens it.
    READABLE_INSTANCE [company text, instance text, reader text] =
        "SELECT i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version, i.format, i.state \
         FROM (SELECT DISTINCT x.company, x.instance FROM r CROSS JOIN instance_readers x \
               WHERE x.company = r.company AND x.reader = r.reader AND x.instance = r.instance) k \
         CROSS JOIN instances i WHERE i.company = k.company AND i.id = k.instance";
    /// Which of the given keys opens the instance.
    READS [company text, instance text, reader text] =
        "SELECT x.reader FROM r CROSS JOIN instance_readers x \
         WHERE x.company = r.company AND x.reader = r.reader AND x.instance = r.instance";
    /// Those of the given instances that one of the keys opens.
    OPENED [company text, instance text, reader text] =
        "SELECT DISTINCT i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version \
         FROM r CROSS JOIN instance_readers x CROSS JOIN instances i \
         WHERE x.company = r.company AND x.reader = r.reader AND x.instance = r.instance \
           AND i.company = x.company AND i.id = x.instance";

    TASK =
        "SELECT instance, number, visit, step, flow, kind, assignee, status, version, opened_at, due_at, closed_at, \
                outcome, acted_by, queued \
         FROM tasks WHERE company = $1 AND instance = $2 AND number = $3";
    TASKS_OF_INSTANCE =
        "SELECT instance, number, visit, step, flow, kind, assignee, status, version, opened_at, due_at, closed_at, \
                outcome, acted_by, queued \
         FROM tasks WHERE company = $1 AND instance = $2 ORDER BY number";
    INBOX =
        "SELECT t.instance, t.number, t.visit, t.step, t.flow, t.kind, t.assignee, t.status, t.version, t.opened_at, \
                t.due_at, t.closed_at, t.outcome, t.acted_by, t.queued, \
                i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version \
         FROM tasks t CROSS JOIN instances i \
         WHERE t.company = $1 AND t.assignee = $2 AND t.status = 'open' AND (t.due_at, t.instance, t.number) > ($3, $4, $5) \
           AND i.company = t.company AND i.id = t.instance AND (CAST($6 AS TEXT) IS NULL OR t.flow = $6) \
         ORDER BY t.due_at, t.instance, t.number LIMIT $7";
    /// Those of another assignee, but not of one kind, not of an instance that is somebody's own, and not where they have a
    /// voice themselves or wait for it.
    INBOX_OF_OTHERS =
        "SELECT t.instance, t.number, t.visit, t.step, t.flow, t.kind, t.assignee, t.status, t.version, t.opened_at, \
                t.due_at, t.closed_at, t.outcome, t.acted_by, t.queued, \
                i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version \
         FROM tasks t CROSS JOIN instances i \
         WHERE t.company = $1 AND t.assignee = $2 AND t.status = 'open' AND (t.due_at, t.instance, t.number) > ($3, $4, $5) \
           AND t.kind <> $8 AND i.company = t.company AND i.id = t.instance \
           AND i.initiator <> $9 AND (i.subject IS NULL OR i.subject <> $9) \
           AND NOT EXISTS (SELECT 1 FROM tasks m WHERE m.company = t.company AND m.instance = t.instance \
                             AND m.visit = t.visit AND (m.assignee = $10 OR m.acted_by = $10) \
                             AND coalesce(m.outcome, '') NOT IN ('transferred', 'role-revoked', 'left')) \
           AND replace(coalesce(t.queued, ''), ' ' || $10 || ' ', '') = coalesce(t.queued, '') \
           AND (CAST($6 AS TEXT) IS NULL OR t.flow = $6) \
         ORDER BY t.due_at, t.instance, t.number LIMIT $7";
    DONE =
        "SELECT t.instance, t.number, t.visit, t.step, t.flow, t.kind, t.assignee, t.status, t.version, t.opened_at, \
                t.due_at, t.closed_at, t.outcome, t.acted_by, t.queued, \
                i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version \
         FROM tasks t CROSS JOIN instances i \
         WHERE t.company = $1 AND t.assignee = $2 AND t.status = 'closed' \
           AND (t.closed_at, t.instance, t.number) < ($3, $4, $5) \
           AND i.company = t.company AND i.id = t.instance AND (CAST($6 AS TEXT) IS NULL OR t.flow = $6) \
         ORDER BY t.closed_at DESC, t.instance DESC, t.number DESC LIMIT $7";
    /// What somebody did for an assignee.
    DONE_FOR_OTHERS =
        "SELECT t.instance, t.number, t.visit, t.step, t.flow, t.kind, t.assignee, t.status, t.version, t.opened_at, \
                t.due_at, t.closed_at, t.outcome, t.acted_by, t.queued, \
                i.id, i.flow, i.release, i.number, i.title, i.status, i.initiator, i.subject, i.period, \
                i.started_at, i.ended_at, i.version \
         FROM tasks t CROSS JOIN instances i \
         WHERE t.company = $1 AND t.acted_by = $8 AND t.assignee = $2 \
           AND (t.closed_at, t.instance, t.number) < ($3, $4, $5) \
           AND i.company = t.company AND i.id = t.instance AND (CAST($6 AS TEXT) IS NULL OR t.flow = $6) \
         ORDER BY t.closed_at DESC, t.instance DESC, t.number DESC LIMIT $7";
    INBOX_COUNTS [company text, assignee text, now bigint] =
        "SELECT count(*), CAST(coalesce(sum(CASE WHEN t.due_at < r.now THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM r CROSS JOIN tasks t \
         WHERE t.company = r.company AND t.assignee = r.assignee AND t.status = 'open'";

    INBOX_COUNTS_OF_OTHERS [company text, assignee text, flow text, not_kind text, not_of text, acted_by text, now bigint] =
        "SELECT count(*), CAST(coalesce(sum(CASE WHEN t.due_at < r.now THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM r CROSS JOIN tasks t CROSS JOIN instances i \
         WHERE t.company = r.company AND t.assignee = r.assignee AND t.status = 'open' AND t.kind <> r.not_kind \
           AND (r.flow = '' OR t.flow = r.flow) AND i.company = t.company AND i.id = t.instance \
           AND i.initiator <> r.not_of AND (i.subject IS NULL OR i.subject <> r.not_of) \
           AND NOT EXISTS (SELECT 1 FROM tasks m WHERE m.company = t.company AND m.instance = t.instance \
                             AND m.visit = t.visit AND (m.assignee = r.acted_by OR m.acted_by = r.acted_by) \
                             AND coalesce(m.outcome, '') NOT IN ('transferred', 'role-revoked', 'left')) \
           AND replace(coalesce(t.queued, ''), ' ' || r.acted_by || ' ', '') = coalesce(t.queued, '')";
    /// Whether an instance has a task of another assignee that is open, or that the viewer did.
    READS_FOR_OTHERS [company text, instance text, assignee text, flow text, not_kind text, not_of text, acted_by text] =
        "SELECT t.number FROM r CROSS JOIN tasks t CROSS JOIN instances i \
         WHERE t.company = r.company AND t.instance = r.instance AND t.assignee = r.assignee AND t.kind <> r.not_kind \
           AND (r.flow = '' OR t.flow = r.flow) AND (t.closed_at IS NULL OR t.acted_by = r.acted_by) \
           AND i.company = t.company AND i.id = t.instance \
           AND i.initiator <> r.not_of AND (i.subject IS NULL OR i.subject <> r.not_of)";

    /// Those of one instance that are due at the same moment come in the order of their numbers.
    TIMERS_DUE =
        "SELECT company, instance, number, visit, kind, due_at FROM timers \
         WHERE shard = $1 AND due_at <= $2 ORDER BY due_at, company, instance, number LIMIT $3";
    TIMER_NEXT = "SELECT due_at FROM timers WHERE shard = $1 ORDER BY due_at LIMIT 1";
    TIMERS_OF_INSTANCE =
        "SELECT company, instance, number, visit, kind, due_at FROM timers \
         WHERE company = $1 AND instance = $2 ORDER BY number";

    /// A message waits for earlier ones of its instance and topic, also while those back off; parked ones hold nobody up.
    MESSAGES_DUE =
        "SELECT o.company, o.id, o.topic, o.instance, o.body, o.attempts, o.due_at, o.state, o.last_error FROM outbox o \
         WHERE o.shard = $1 AND o.due_at <= $2 AND o.state = 'pending' \
           AND NOT EXISTS (SELECT 1 FROM outbox e \
                           WHERE e.company = o.company AND e.id > o.instance || '/' AND e.id < o.id \
                             AND e.instance = o.instance AND e.topic = o.topic AND e.state = 'pending') \
         ORDER BY o.due_at, o.id LIMIT $3";
    MESSAGES_DUE_OF =
        "SELECT o.company, o.id, o.topic, o.instance, o.body, o.attempts, o.due_at, o.state, o.last_error FROM outbox o \
         WHERE o.shard = $1 AND o.due_at <= $2 AND o.state = 'pending' AND o.topic = $4 \
           AND NOT EXISTS (SELECT 1 FROM outbox e \
                           WHERE e.company = o.company AND e.id > o.instance || '/' AND e.id < o.id \
                             AND e.instance = o.instance AND e.topic = o.topic AND e.state = 'pending') \
         ORDER BY o.due_at, o.id LIMIT $3";
    MESSAGES_DUE_BESIDE =
        "SELECT o.company, o.id, o.topic, o.instance, o.body, o.attempts, o.due_at, o.state, o.last_error FROM outbox o \
         WHERE o.shard = $1 AND o.due_at <= $2 AND o.state = 'pending' AND o.topic <> $4 \
           AND NOT EXISTS (SELECT 1 FROM outbox e \
                           WHERE e.company = o.company AND e.id > o.instance || '/' AND e.id < o.id \
                             AND e.instance = o.instance AND e.topic = o.topic AND e.state = 'pending') \
         ORDER BY o.due_at, o.id LIMIT $3";
    MESSAGE_NEXT = "SELECT due_at FROM outbox WHERE shard = $1 AND state = 'pending' ORDER BY due_at LIMIT 1";
    MESSAGE_DONE = "DELETE FROM outbox WHERE company = $1 AND id = $2";
    MESSAGE_RETRY =
        "UPDATE outbox SET attempts = attempts + 1, due_at = $3, last_error = $4 \
         WHERE company = $1 AND id = $2 AND state <> 'parked'";
    MESSAGE_PARK =
        "UPDATE outbox SET attempts = attempts + 1, state = 'parked', last_error = $3 \
         WHERE company = $1 AND id = $2 AND state <> 'parked'";
    MESSAGE_REPLAY =
        "UPDATE outbox SET state = 'pending', attempts = 0, due_at = $3 WHERE company = $1 AND id = $2 AND state = 'parked'";
    MESSAGES_PARKED =
        "SELECT company, id, topic, instance, body, attempts, due_at, state, last_error FROM outbox \
         WHERE company = $1 AND state = 'parked' AND id > $2 ORDER BY id LIMIT $3";

    INCIDENTS_OF_COMPANY =
        "SELECT instance, number, kind, visit, body, opened_at, closed_at FROM incidents \
         WHERE company = $1 AND closed_at IS NULL AND (instance, number) > ($2, $3) ORDER BY instance, number LIMIT $4";
    INCIDENTS_OF_READER =
        "SELECT n.instance, n.number, n.kind, n.visit, n.body, n.opened_at, n.closed_at \
         FROM instance_readers x CROSS JOIN incidents n \
         WHERE x.company = $1 AND x.reader = $2 AND x.instance >= $3 AND n.company = x.company \
           AND n.instance = x.instance AND n.closed_at IS NULL AND (n.instance, n.number) > ($3, $4) \
         ORDER BY x.instance, n.number LIMIT $5";
    INCIDENTS_OF_INSTANCE =
        "SELECT instance, number, kind, visit, body, opened_at, closed_at FROM incidents \
         WHERE company = $1 AND instance = $2 ORDER BY number";

    DRAFT = "SELECT person, key, body, version, at FROM drafts WHERE company = $1 AND person = $2 AND key = $3";
    DRAFTS = "SELECT person, key, body, version, at FROM drafts WHERE company = $1 AND person = $2 ORDER BY key";
    DRAFT_NEW =
        "INSERT INTO drafts (company, person, key, body, version, at) VALUES ($1, $2, $3, $4, 1, $5) \
         ON CONFLICT DO NOTHING RETURNING version";
    DRAFT_SAVE =
        "UPDATE drafts SET body = $4, version = version + 1, at = $5 \
         WHERE company = $1 AND person = $2 AND key = $3 AND version = $6 RETURNING version";
    DRAFT_DELETE = "DELETE FROM drafts WHERE company = $1 AND person = $2 AND key = $3";

    RESPONSE = "SELECT request, status, body FROM idempotency WHERE company = $1 AND actor = $2 AND key = $3";
    SWEEP_RESPONSES = "DELETE FROM idempotency WHERE at < $1";

    /// Taken when nobody holds it, when its time is over, and again by who holds it.
    LEASE_TAKE =
        "INSERT INTO leases (name, shard, holder, until) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name, shard) DO UPDATE SET holder = excluded.holder, until = excluded.until \
         WHERE leases.holder = excluded.holder OR leases.until <= $5 \
         RETURNING holder";
    LEASE_RELEASE = "DELETE FROM leases WHERE name = $1 AND shard = $2 AND holder = $3";
}
