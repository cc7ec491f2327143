//! Passwords, sessions, one-time tokens, back-off.

use super::statements;

statements! {
    PING = "SELECT 'here'";
    CREDENTIAL = "SELECT person, hash, at FROM credentials WHERE company = $1 AND person = $2";
    ANY_CREDENTIAL = "SELECT person FROM credentials LIMIT 1";

    /// The company must be the person's: a session of somebody who has left meanwhile is not found.
    SESSION =
        "SELECT s.token, s.company, s.person, s.created_at, s.seen_at, s.expires_at, s.client \
         FROM sessions s JOIN people p ON p.company = s.company AND p.id = s.person AND p.active = 1 \
         WHERE s.token = $1 AND s.expires_at > $2";
    SESSIONS_OF_PERSON =
        "SELECT token, company, person, created_at, seen_at, expires_at, client FROM sessions \
         WHERE company = $1 AND person = $2 AND expires_at > $3 ORDER BY created_at DESC";
    SESSION_ADD =
        "INSERT INTO sessions (token, company, person, created_at, seen_at, expires_at, client) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SESSION_SEEN = "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE token = $1";
    SESSION_END = "DELETE FROM sessions WHERE token = $1";
    SWEEP_SESSIONS = "DELETE FROM sessions WHERE expires_at <= $1";

    TOKEN_ADD =
        "INSERT INTO one_time_tokens (token, purpose, company, person, expires_at) VALUES ($1, $2, $3, $4, $5)";
    TOKEN =
        "SELECT token, purpose, company, person, expires_at FROM one_time_tokens \
         WHERE token = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    TOKEN_USE =
        "UPDATE one_time_tokens SET used_at = $3 \
         WHERE token = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 \
         RETURNING token, purpose, company, person, expires_at";
    SWEEP_TOKENS = "DELETE FROM one_time_tokens WHERE expires_at <= $1";

    ATTEMPTS = "SELECT failures, last_at FROM login_attempts WHERE company = $1 AND key = $2";
    ATTEMPT_FAILED =
        "INSERT INTO login_attempts (company, key, failures, last_at) VALUES ($1, $2, 1, $3) \
         ON CONFLICT (company, key) DO UPDATE SET failures = login_attempts.failures + 1, last_at = excluded.last_at \
         RETURNING failures";
    ATTEMPTS_CLEAR = "DELETE FROM login_attempts WHERE company = $1 AND key = $2";
    SWEEP_ATTEMPTS = "DELETE FROM login_attempts WHERE last_at < $1";

    META = "SELECT value FROM meta WHERE name = $1";
    META_SET =
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    META_DELETE = "DELETE FROM meta WHERE name = $1";
}
