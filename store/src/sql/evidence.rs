//! Events, and what proves them.

use super::statements;

statements! {
    TIMELINE =
        "SELECT e.stream, e.number, e.kind, e.version, e.actor, e.at, e.previous, e.commitment, e.hash, \
                e.salt, e.body, x.at, x.by, x.rule \
         FROM events e LEFT JOIN erasures x \
           ON x.company = e.company AND x.stream = e.stream AND x.number = e.number \
         WHERE e.company = $1 AND e.stream = $2 AND e.number > $3 ORDER BY e.number LIMIT $4";
    /// Instances that have events, a row, or entries on accounts. Each part is cut before they are put together.
    INSTANCES_NAMED =
        "SELECT id FROM (SELECT substr(stream, 10) AS id FROM streams \
                         WHERE company = $1 AND stream > 'instance/' || $2 AND stream < 'instance0' \
                         ORDER BY stream LIMIT $3) s \
         UNION SELECT id FROM (SELECT id FROM instances WHERE company = $1 AND id > $2 ORDER BY id LIMIT $3) i \
         UNION SELECT id FROM (SELECT DISTINCT instance AS id FROM account_entries \
                               WHERE company = $1 AND instance > $2 ORDER BY instance LIMIT $3) e \
         ORDER BY id LIMIT $3";
    HEAD = "SELECT head, hash FROM streams WHERE company = $1 AND stream = $2";

    UNSEALED_COMPANIES = "SELECT DISTINCT company FROM unsealed ORDER BY company";
    UNSEALED =
        "SELECT stream, number, first, hash FROM unsealed WHERE company = $1 ORDER BY stream, number LIMIT $2";
    DELETE_UNSEALED [company text, stream text, number bigint] =
        "DELETE FROM unsealed WHERE (company, stream, number) IN (SELECT company, stream, number FROM r)";
    LAST_CHECKPOINT =
        "SELECT number, at, root, seals, previous, hash FROM checkpoints WHERE company = $1 ORDER BY number DESC LIMIT 1";
    INSERT_CHECKPOINT =
        "INSERT INTO checkpoints (company, number, at, root, seals, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_SEALS [company text, stream text, number bigint, first bigint, hash text, checkpoint bigint] =
        "INSERT INTO seals (company, stream, number, first, hash, checkpoint) \
         SELECT company, stream, number, first, hash, checkpoint FROM r";
    CHECKPOINTS =
        "SELECT number, at, root, seals, previous, hash FROM checkpoints \
         WHERE company = $1 AND number > $2 ORDER BY number LIMIT $3";
}
