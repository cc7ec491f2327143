//! What `zhupi verify` reads: everything, page by page, from one snapshot.

use super::statements;

statements! {
    /// Also companies that only a damaged row names.
    COMPANIES_NAMED =
        "SELECT company FROM companies UNION SELECT company FROM streams UNION SELECT company FROM events \
         UNION SELECT company FROM erasures UNION SELECT company FROM unsealed UNION SELECT company FROM seals \
         UNION SELECT company FROM checkpoints UNION SELECT company FROM releases UNION SELECT company FROM files \
         UNION SELECT company FROM balances UNION SELECT company FROM account_entries \
         UNION SELECT company FROM pilots UNION SELECT company FROM pilot_releases \
         ORDER BY company";
    EVENTS =
        "SELECT e.stream, e.number, e.kind, e.version, e.actor, e.at, e.previous, e.commitment, e.hash, \
                e.salt, e.body, x.at, x.by, x.rule, x.digest \
         FROM events e LEFT JOIN erasures x \
           ON x.company = e.company AND x.stream = e.stream AND x.number = e.number \
         WHERE e.company = $1 AND (e.stream, e.number) > ($2, $3) ORDER BY e.stream, e.number LIMIT $4";
    /// The stored head of a stream, and how far seals and unsealed rows reach.
    STREAM_ENDS =
        "SELECT (SELECT s.head FROM streams s WHERE s.company = $1 AND s.stream = $2), \
                (SELECT s.hash FROM streams s WHERE s.company = $1 AND s.stream = $2), \
                (SELECT max(x.number) FROM seals x WHERE x.company = $1 AND x.stream = $2)";
    UNSEALED_OF_STREAM =
        "SELECT u.number, u.first, u.hash, \
                (SELECT e.hash FROM events e WHERE e.company = u.company AND e.stream = u.stream AND e.number = u.number) \
         FROM unsealed u WHERE u.company = $1 AND u.stream = $2 ORDER BY u.number";
    STREAMS_WITHOUT_EVENTS =
        "SELECT s.stream, s.head FROM streams s WHERE s.company = $1 AND NOT EXISTS \
           (SELECT 1 FROM events e WHERE e.company = s.company AND e.stream = s.stream) ORDER BY s.stream";
    ERASURES_WITHOUT_EVENTS =
        "SELECT x.stream, x.number FROM erasures x WHERE x.company = $1 AND NOT EXISTS \
           (SELECT 1 FROM events e WHERE e.company = x.company AND e.stream = x.stream AND e.number = x.number) \
         ORDER BY x.stream, x.number";
    UNSEALED_WITHOUT_EVENTS =
        "SELECT u.stream, u.number FROM unsealed u WHERE u.company = $1 AND NOT EXISTS \
           (SELECT 1 FROM events e WHERE e.company = u.company AND e.stream = u.stream AND e.number = u.number) \
         ORDER BY u.stream, u.number";
    /// The seals of a checkpoint, each with its event's hash and the seal before it in its stream.
    SEALS =
        "SELECT s.stream, s.number, s.first, s.hash, \
                (SELECT e.hash FROM events e WHERE e.company = s.company AND e.stream = s.stream AND e.number = s.number), \
                (SELECT max(b.number) FROM seals b \
                 WHERE b.company = s.company AND b.stream = s.stream AND b.number < s.number) \
         FROM seals s WHERE s.company = $1 AND s.checkpoint = $2 ORDER BY s.stream, s.number";
    SEALS_WITHOUT_CHECKPOINT =
        "SELECT s.stream, s.number FROM seals s WHERE s.company = $1 AND NOT EXISTS \
           (SELECT 1 FROM checkpoints c WHERE c.company = s.company AND c.number = s.checkpoint) \
         ORDER BY s.stream, s.number";
    UNSEALED_WINDOW =
        "SELECT CAST(coalesce(sum(u.number - u.first + 1), 0) AS BIGINT), \
                (SELECT min(e.at) FROM unsealed o JOIN events e \
                   ON e.company = o.company AND e.stream = o.stream AND e.number = o.first WHERE o.company = $1) \
         FROM unsealed u WHERE u.company = $1";
    CHECKPOINTS =
        "SELECT number, at, root, seals, previous, hash FROM checkpoints \
         WHERE company = $1 AND number > $2 ORDER BY number LIMIT $3";

    RELEASES =
        "SELECT hash, body, summary, deployed_at, deployed_by, digest FROM releases \
         WHERE company = $1 AND hash > $2 ORDER BY hash LIMIT $3";
    /// Releases that the company or its history names and that are not there.
    RELEASES_MISSING =
        "SELECT n.hash FROM (SELECT release AS hash FROM companies WHERE company = $1 AND release IS NOT NULL \
                             UNION SELECT hash FROM release_history WHERE company = $1) n \
         WHERE NOT EXISTS (SELECT 1 FROM releases x WHERE x.company = $1 AND x.hash = n.hash) ORDER BY n.hash";
    /// What was moved on all balances, each in its order.
    ENTRIES =
        "SELECT account, key, number, posted, reserved, posted_after, reserved_after FROM account_entries \
         WHERE company = $1 AND (account, key, number) > ($2, $3, $4) ORDER BY account, key, number LIMIT $5";
    BALANCES_WITHOUT_ENTRIES =
        "SELECT b.account, b.key FROM balances b WHERE b.company = $1 AND NOT EXISTS \
           (SELECT 1 FROM account_entries e WHERE e.company = b.company AND e.account = b.account AND e.key = b.key) \
         ORDER BY b.account, b.key";
    FILES =
        "SELECT id, name, media_type, size, sha256, state, instance, uploaded_by, uploaded_at, erased_at, erased_by, \
                erased_rule, content, digest \
         FROM files WHERE company = $1 AND id > $2 ORDER BY id LIMIT $3";
}
