//! Companies, releases, directory, calendars, facts, files and document numbers.

use super::statements;

statements! {
    COMPANY = "SELECT company, name, release, created_at FROM companies WHERE company = $1";
    /// A company, with the versions of its directory and its calendars.
    STANDING =
        "SELECT c.company, c.name, c.release, c.created_at, \
                coalesce((SELECT s.head FROM streams s WHERE s.company = c.company AND s.stream = 'directory'), 0), \
                coalesce((SELECT s.head FROM streams s WHERE s.company = c.company AND s.stream = 'calendars'), 0) \
         FROM companies c WHERE c.company = $1";
    COMPANIES = "SELECT company, name, release, created_at FROM companies ORDER BY company";
    RELEASE =
        "SELECT hash, body, summary, deployed_at, deployed_by FROM releases WHERE company = $1 AND hash = $2";
    RELEASES =
        "SELECT hash, summary, deployed_at, deployed_by FROM releases \
         WHERE company = $1 AND (deployed_at, hash) < ($2, $3) ORDER BY deployed_at DESC, hash DESC LIMIT $4";
    RELEASE_HISTORY =
        "SELECT number, hash, at, by FROM release_history WHERE company = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    RELEASES_IN_USE =
        "SELECT DISTINCT release FROM instances WHERE company = $1 AND ended_at IS NULL ORDER BY release";

    /// The version and all rows in one statement, so that they are of one moment.
    DIRECTORY =
        "SELECT 'version' AS part, '' AS id, '' AS body, '' AS name, NULL AS login, head AS number FROM streams \
         WHERE company = $1 AND stream = 'directory' \
         UNION ALL SELECT 'person', id, body, name, login, active FROM people WHERE company = $1 \
         UNION ALL SELECT 'department', id, body, '', NULL, 0 FROM departments WHERE company = $1";
    PERSON = "SELECT id, body, name, login, active FROM people WHERE company = $1 AND id = $2";
    PERSON_BY_LOGIN = "SELECT id, body, name, login, active FROM people WHERE company = $1 AND login = $2";
    SEARCH_PEOPLE =
        "SELECT id, body, name, login, active FROM people \
         WHERE company = $1 AND active = 1 AND id > $3 \
           AND (lower(name) LIKE $2 ESCAPE '\\' OR lower(login) LIKE $2 ESCAPE '\\' OR lower(id) LIKE $2 ESCAPE '\\') \
         ORDER BY id LIMIT $4";
    CALENDARS = "SELECT name, body FROM calendars WHERE company = $1 ORDER BY name";

    BALANCE =
        "SELECT posted, reserved, version FROM balances WHERE company = $1 AND account = $2 AND key = $3";
    /// All of a company, by account and key.
    BALANCES =
        "SELECT account, key, posted, reserved, version FROM balances \
         WHERE company = $1 AND (account, key) > ($2, $3) AND (CAST($4 AS TEXT) IS NULL OR account = $4) \
           AND (CAST($5 AS TEXT) IS NULL OR lower(key) LIKE $5 ESCAPE '\\') ORDER BY account, key LIMIT $6";
    /// The same for readers who may not read all of them: of the accounts that are open to them, and each balance whose every
    /// entry was made by a request that one of their keys opens. One reader or one open account a row.
    BALANCES_OF_READER [company text, reader text, opened text, account text, named text, after_account text,
                        after_key text, most bigint] =
        ", readable AS (SELECT DISTINCT x.instance FROM r CROSS JOIN instance_readers x \
                        WHERE x.company = r.company AND x.reader = r.reader), \
          touched AS (SELECT DISTINCT e.company, e.account, e.key FROM readable x CROSS JOIN account_entries e \
                      WHERE e.company = (SELECT min(company) FROM r) AND e.instance = x.instance), \
          open AS (SELECT b.account, b.key FROM r CROSS JOIN balances b \
                   WHERE b.company = r.company AND b.account = r.opened \
                   UNION SELECT t.account, t.key FROM touched t WHERE NOT EXISTS (\
                      SELECT 1 FROM account_entries e WHERE e.company = t.company AND e.account = t.account \
                         AND e.key = t.key AND NOT EXISTS (SELECT 1 FROM readable x WHERE x.instance = e.instance))) \
         SELECT b.account, b.key, b.posted, b.reserved, b.version \
         FROM (SELECT min(company) AS company, min(account) AS account, min(named) AS named, \
                      min(after_account) AS after_account, min(after_key) AS after_key FROM r) w \
              CROSS JOIN open o CROSS JOIN balances b \
         WHERE b.company = w.company AND b.account = o.account AND b.key = o.key \
           AND (b.account, b.key) > (w.after_account, w.after_key) AND (w.account IS NULL OR b.account = w.account) \
           AND (w.named IS NULL OR lower(b.key) LIKE w.named ESCAPE '\\') \
         ORDER BY b.account, b.key LIMIT (SELECT min(most) FROM r)";
    /// An entry of one balance that was made by a request which none of the keys opens.
    CLOSED_ENTRY [company text, reader text, account text, key text] =
        "SELECT e.number FROM (SELECT DISTINCT company, account, key FROM r) w CROSS JOIN account_entries e \
         WHERE e.company = w.company AND e.account = w.account AND e.key = w.key \
           AND NOT EXISTS (SELECT 1 FROM r CROSS JOIN instance_readers x \
                           WHERE x.company = r.company AND x.reader = r.reader AND x.instance = e.instance) LIMIT 1";
    /// The entries of one balance before a number, the last first.
    ACCOUNT_ENTRIES =
        "SELECT number, instance, at, by, posted, reserved, posted_after, reserved_after FROM account_entries \
         WHERE company = $1 AND account = $2 AND key = $3 AND number < $4 ORDER BY number DESC LIMIT $5";
    /// What an instance moved, on every balance.
    ENTRIES_OF_INSTANCE =
        "SELECT account, key, at, by, posted, reserved FROM account_entries WHERE company = $1 AND instance = $2 \
         ORDER BY account, key, number";

    FACT =
        "SELECT kind, id, body, recorded_at, recorded_by, instance, replaces FROM facts \
         WHERE company = $1 AND kind = $2 AND id = $3";
    /// Every one of a company, also those that were replaced.
    FACTS_OF_COMPANY =
        "SELECT kind, id, body, recorded_at, recorded_by, instance, replaces FROM facts \
         WHERE company = $1 AND (kind, id) > ($2, $3) ORDER BY kind, id LIMIT $4";
    /// All that were not replaced, by id.
    FACTS =
        "SELECT f.kind, f.id, f.body, f.recorded_at, f.recorded_by, f.instance, f.replaces FROM facts f \
         WHERE f.company = $1 AND f.kind = $2 AND f.id > $3 \
           AND NOT EXISTS (SELECT 1 FROM facts n WHERE n.company = f.company AND n.kind = f.kind AND n.replaces = f.id) \
         ORDER BY f.id LIMIT $4";
    /// The same for facts whose keys have the given values: one is looked up, up to three more are compared.
    FACTS_BY_KEY =
        "SELECT f.kind, f.id, f.body, f.recorded_at, f.recorded_by, f.instance, f.replaces \
         FROM fact_keys k CROSS JOIN facts f \
         WHERE k.company = $1 AND k.kind = $2 AND k.field = $5 AND k.value = $6 AND k.id > $3 \
           AND f.company = k.company AND f.kind = k.kind AND f.id = k.id \
           AND (CAST($7 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM fact_keys a WHERE a.company = k.company AND a.kind = k.kind \
                                        AND a.field = $7 AND a.value = $8 AND a.id = k.id)) \
           AND (CAST($9 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM fact_keys b WHERE b.company = k.company AND b.kind = k.kind \
                                        AND b.field = $9 AND b.value = $10 AND b.id = k.id)) \
           AND (CAST($11 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM fact_keys c WHERE c.company = k.company AND c.kind = k.kind \
                                         AND c.field = $11 AND c.value = $12 AND c.id = k.id)) \
           AND NOT EXISTS (SELECT 1 FROM facts n WHERE n.company = f.company AND n.kind = f.kind AND n.replaces = f.id) \
         ORDER BY k.id LIMIT $4";

    FILE =
        "SELECT id, name, media_type, size, sha256, state, instance, uploaded_by, uploaded_at, erased_at, erased_by, \
                erased_rule, content \
         FROM files WHERE company = $1 AND id = $2";
    FILES_OF_INSTANCE =
        "SELECT id, name, media_type, size, sha256, state, instance, uploaded_by, uploaded_at, erased_at, erased_by, \
                erased_rule, content \
         FROM files WHERE company = $1 AND instance = $2 ORDER BY id";
    FILE_START =
        "INSERT INTO files (company, id, name, media_type, size, sha256, state, uploaded_by, uploaded_at, content, digest) \
         VALUES ($1, $2, $3, $4, 0, $5, 'uploading', $6, $7, 1, $8)";
    FILE_FINISH =
        "UPDATE files SET state = 'pending', size = $3, sha256 = $4, digest = $5 \
         WHERE company = $1 AND id = $2 AND state = 'uploading'";
    FILE_CHUNK_ADD = "INSERT INTO file_chunks (company, id, number, bytes) VALUES ($1, $2, $3, $4)";
    FILE_CHUNK = "SELECT bytes FROM file_chunks WHERE company = $1 AND id = $2 AND number = $3";
    /// Files whose content nobody needs: never attached in time, or erased.
    FILES_TO_SWEEP =
        "SELECT company, id, state FROM files \
         WHERE content = 1 AND state <> 'attached' AND (state = 'erased' OR uploaded_at < $1) LIMIT $2";
    FILE_FORGET = "DELETE FROM files WHERE company = $1 AND id = $2 AND state IN ('uploading', 'pending')";
    FILE_EMPTIED = "UPDATE files SET content = 0 WHERE company = $1 AND id = $2 AND state = 'erased'";
    FILE_CHUNKS_DELETE = "DELETE FROM file_chunks WHERE company = $1 AND id = $2";

    REGISTER_NEXT =
        "INSERT INTO registers (company, register, last) VALUES ($1, $2, 1) \
         ON CONFLICT (company, register) DO UPDATE SET last = registers.last + 1 RETURNING last";
    NUMBER_TAKE =
        "INSERT INTO register_numbers (company, register, seq, state, at, by) VALUES ($1, $2, $3, 'taken', $4, $5)";
    NUMBERS =
        "SELECT register, seq, state, instance, reason, at, by FROM register_numbers \
         WHERE company = $1 AND register = $2 AND seq > $3 ORDER BY seq LIMIT $4";
    NUMBERS_VOID_STALE =
        "UPDATE register_numbers SET state = 'void', reason = $2 WHERE state = 'taken' AND at < $1";
}
