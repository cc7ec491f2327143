-- What happened: chained envelopes, their payloads, and the checkpoints over all streams of a company.

CREATE TABLE streams (
    company TEXT COLLATE "C" NOT NULL,
    stream  TEXT COLLATE "C" NOT NULL,
    -- Number and hash of the last event.
    head    BIGINT NOT NULL,
    hash    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, stream)
);

-- Append-only.
CREATE TABLE events (
    company    TEXT COLLATE "C" NOT NULL,
    stream     TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    version    BIGINT NOT NULL,
    actor      TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    previous   TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of salt and payload: proves the payload, and says nothing about it once it is erased.
    commitment TEXT COLLATE "C" NOT NULL,
    hash       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, stream, number)
);

-- Apart from the envelopes, so that a payload can be erased and the chain still verifies.
CREATE TABLE payloads (
    company     TEXT COLLATE "C" NOT NULL,
    stream      TEXT COLLATE "C" NOT NULL,
    number      BIGINT NOT NULL,
    salt        TEXT COLLATE "C",
    -- Exactly as hashed: text, never a JSON type that would rewrite it.
    body        TEXT COLLATE "C",
    erased_at   BIGINT,
    erased_by   TEXT COLLATE "C",
    erased_rule TEXT COLLATE "C",
    -- Over the key and the three columns before: nothing else proves them.
    erased_digest TEXT COLLATE "C",
    PRIMARY KEY (company, stream, number)
);

-- Events that no checkpoint covers yet: one row a commit and stream, deleted by the sealer.
CREATE TABLE unsealed (
    company TEXT COLLATE "C" NOT NULL,
    stream  TEXT COLLATE "C" NOT NULL,
    -- Last and first event of the commit, and the hash of the last.
    number  BIGINT NOT NULL,
    first   BIGINT NOT NULL,
    hash    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, stream, number)
);

CREATE TABLE checkpoints (
    company   TEXT COLLATE "C" NOT NULL,
    number    BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    -- Merkle root over this checkpoint's seals in the order of their streams.
    root      TEXT COLLATE "C" NOT NULL,
    seals     BIGINT NOT NULL,
    previous  TEXT COLLATE "C" NOT NULL,
    hash      TEXT COLLATE "C" NOT NULL,
    -- Kept for signed heads.
    signature TEXT COLLATE "C",
    PRIMARY KEY (company, number)
);

-- The leaves of a checkpoint: how far each stream had come.
CREATE TABLE seals (
    company    TEXT COLLATE "C" NOT NULL,
    stream     TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL,
    first      BIGINT NOT NULL,
    hash       TEXT COLLATE "C" NOT NULL,
    checkpoint BIGINT NOT NULL,
    PRIMARY KEY (company, stream, number)
);
CREATE INDEX seals_checkpoint ON seals (company, checkpoint, stream);
