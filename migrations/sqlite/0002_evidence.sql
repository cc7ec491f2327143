-- What happened: chained envelopes, their payloads, and the checkpoints over all streams of a company.

CREATE TABLE streams (
    company TEXT NOT NULL,
    stream  TEXT NOT NULL,
    -- Number and hash of the last event.
    head    BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (company, stream)
) WITHOUT ROWID;

-- Append-only.
CREATE TABLE events (
    company    TEXT NOT NULL,
    stream     TEXT NOT NULL,
    number     BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    previous   TEXT NOT NULL,
    -- SHA-256 of salt and payload: proves the payload, and says nothing about it once it is erased.
    commitment TEXT NOT NULL,
    hash       TEXT NOT NULL,
    PRIMARY KEY (company, stream, number)
) WITHOUT ROWID;

-- Apart from the envelopes, so that a payload can be erased and the chain still verifies.
CREATE TABLE payloads (
    company     TEXT NOT NULL,
    stream      TEXT NOT NULL,
    number      BIGINT NOT NULL,
    salt        TEXT,
    -- Exactly as hashed: text, never a JSON type that would rewrite it.
    body        TEXT,
    erased_at   BIGINT,
    erased_by   TEXT,
    erased_rule TEXT,
    -- Over the key and the three columns before: nothing else proves them.
    erased_digest TEXT,
    PRIMARY KEY (company, stream, number)
);

-- Events that no checkpoint covers yet: one row a commit and stream, deleted by the sealer.
CREATE TABLE unsealed (
    company TEXT NOT NULL,
    stream  TEXT NOT NULL,
    -- Last and first event of the commit, and the hash of the last.
    number  BIGINT NOT NULL,
    first   BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (company, stream, number)
) WITHOUT ROWID;

CREATE TABLE checkpoints (
    company   TEXT NOT NULL,
    number    BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    -- Merkle root over this checkpoint's seals in the order of their streams.
    root      TEXT NOT NULL,
    seals     BIGINT NOT NULL,
    previous  TEXT NOT NULL,
    hash      TEXT NOT NULL,
    -- Kept for signed heads.
    signature TEXT,
    PRIMARY KEY (company, number)
);

-- The leaves of a checkpoint: how far each stream had come.
CREATE TABLE seals (
    company    TEXT NOT NULL,
    stream     TEXT NOT NULL,
    number     BIGINT NOT NULL,
    first      BIGINT NOT NULL,
    hash       TEXT NOT NULL,
    checkpoint BIGINT NOT NULL,
    PRIMARY KEY (company, stream, number)
) WITHOUT ROWID;
CREATE INDEX seals_checkpoint ON seals (company, checkpoint, stream);
