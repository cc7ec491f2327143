//! Pilots: what was compared, over which rows, and what it came to.

use super::statements;

statements! {
    /// Once for each key of a person.
    PILOT_ADD =
        "INSERT INTO pilots (company, id, policy, base, candidate, summary, created_at, created_by, key, request, digest) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id";
    RELEASE_ADD = "INSERT INTO pilot_releases (company, hash, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    ROWS_ADD [company text, pilot text, number bigint, body text] =
        "INSERT INTO pilot_rows (company, pilot, number, body) SELECT company, pilot, number, body FROM r";
    PAYEES_ADD [company text, pilot text, place bigint, payee text, body text] =
        "INSERT INTO pilot_payees (company, pilot, place, payee, body) SELECT company, pilot, place, payee, body FROM r";

    PILOT =
        "SELECT id, policy, base, candidate, summary, created_at, created_by FROM pilots \
         WHERE company = $1 AND id = $2";
    PILOT_OF_KEY = "SELECT id, request FROM pilots WHERE company = $1 AND created_by = $2 AND key = $3";
    /// Newest first, by ids that sort as they were made.
    PILOTS =
        "SELECT id, policy, base, candidate, summary, created_at, created_by FROM pilots \
         WHERE company = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    RELEASE = "SELECT body FROM pilot_releases WHERE company = $1 AND hash = $2";
    ROWS [company text, pilot text, number bigint] =
        "SELECT p.number, p.body FROM r CROSS JOIN pilot_rows p \
         WHERE p.company = r.company AND p.pilot = r.pilot AND p.number = r.number ORDER BY p.number";
    PAYEE = "SELECT place, payee, body FROM pilot_payees WHERE company = $1 AND pilot = $2 AND payee = $3";
    PAYEES_BY_PLACE =
        "SELECT place, payee, body FROM pilot_payees \
         WHERE company = $1 AND pilot = $2 AND place > $3 \
           AND (CAST($4 AS TEXT) IS NULL OR lower(payee) LIKE $4 ESCAPE '\\') \
         ORDER BY place LIMIT $5";
    PAYEES_BY_NAME =
        "SELECT place, payee, body FROM pilot_payees \
         WHERE company = $1 AND pilot = $2 AND payee > $3 \
           AND (CAST($4 AS TEXT) IS NULL OR lower(payee) LIKE $4 ESCAPE '\\') \
         ORDER BY payee LIMIT $5";

    /// For `verify`: everything, page by page.
    VERIFY_PILOTS =
        "SELECT id, policy, base, candidate, summary, created_at, created_by, key, request, digest, \
                (SELECT count(*) FROM releases x WHERE x.company = p.company AND x.hash = p.base) \
                + (SELECT count(*) FROM pilot_releases x WHERE x.company = p.company AND x.hash = p.base), \
                (SELECT count(*) FROM releases x WHERE x.company = p.company AND x.hash = p.candidate) \
                + (SELECT count(*) FROM pilot_releases x WHERE x.company = p.company AND x.hash = p.candidate) \
         FROM pilots p WHERE company = $1 AND id > $2 ORDER BY id LIMIT $3";
    VERIFY_ROWS =
        "SELECT number, body FROM pilot_rows WHERE company = $1 AND pilot = $2 AND number > $3 ORDER BY number LIMIT $4";
    VERIFY_PAYEES =
        "SELECT place, payee, body FROM pilot_payees \
         WHERE company = $1 AND pilot = $2 AND place > $3 ORDER BY place LIMIT $4";
    VERIFY_RELEASES =
        "SELECT hash, body FROM pilot_releases WHERE company = $1 AND hash > $2 ORDER BY hash LIMIT $3";
}
