-- What an event said stands in its row: one row, where two of nearly the same key were written and found. An erased payload
-- leaves its event as it was, but for the two columns, and says in a row of its own who erased it and under which rule.
-- The table it came from goes at once: a second copy would outlive an erasure.

ALTER TABLE events ADD COLUMN salt TEXT;
-- Exactly as hashed: text, never a JSON type that would rewrite it.
ALTER TABLE events ADD COLUMN body TEXT;
UPDATE events SET salt = p.salt, body = p.body FROM payloads p
WHERE p.company = events.company AND p.stream = events.stream AND p.number = events.number;

CREATE TABLE erasures (
    company TEXT NOT NULL,
    stream  TEXT NOT NULL,
    number  BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    by      TEXT NOT NULL,
    rule    TEXT NOT NULL,
    -- Over the key and the three columns before: nothing else proves them.
    digest  TEXT NOT NULL,
    PRIMARY KEY (company, stream, number)
) WITHOUT ROWID;
INSERT INTO erasures (company, stream, number, at, by, rule, digest)
SELECT company, stream, number, erased_at, erased_by, erased_rule, erased_digest FROM payloads
WHERE erased_at IS NOT NULL AND erased_by IS NOT NULL AND erased_rule IS NOT NULL AND erased_digest IS NOT NULL;
DROP TABLE payloads;
