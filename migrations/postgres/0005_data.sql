-- Business records, files and document numbers.

-- Immutable: corrected only by a fact that replaces it.
CREATE TABLE facts (
    company     TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    instance    TEXT COLLATE "C",
    replaces    TEXT COLLATE "C",
    PRIMARY KEY (company, kind, id)
);
-- A fact is replaced once; a further correction replaces the correction.
CREATE UNIQUE INDEX facts_replaces ON facts (company, kind, replaces) WHERE replaces IS NOT NULL;

-- The fields that a fact type is looked up by.
CREATE TABLE fact_keys (
    company TEXT COLLATE "C" NOT NULL,
    kind    TEXT COLLATE "C" NOT NULL,
    field   TEXT COLLATE "C" NOT NULL,
    value   TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, kind, field, value, id)
);

CREATE TABLE files (
    company     TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    media_type  TEXT COLLATE "C" NOT NULL,
    size        BIGINT NOT NULL,
    sha256      TEXT COLLATE "C" NOT NULL,
    -- uploading, pending (nothing names it yet), attached, erased
    state       TEXT COLLATE "C" NOT NULL,
    instance    TEXT COLLATE "C",
    uploaded_by TEXT COLLATE "C" NOT NULL,
    uploaded_at BIGINT NOT NULL,
    erased_at   BIGINT,
    erased_by   TEXT COLLATE "C",
    erased_rule TEXT COLLATE "C",
    -- Whether the content is still kept: an erased file loses it with the next sweep.
    content     BIGINT NOT NULL,
    -- Over all columns before, so that a change to any of them is found.
    digest      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, id)
);
CREATE INDEX files_swept ON files (uploaded_at) WHERE content = 1 AND state <> 'attached';
CREATE INDEX files_instance ON files (company, instance) WHERE instance IS NOT NULL;

-- Content of files where the database keeps it; with SQLite it is on disk and this table stays empty.
CREATE TABLE file_chunks (
    company TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    number  BIGINT NOT NULL,
    bytes   BYTEA NOT NULL,
    PRIMARY KEY (company, id, number)
);

CREATE TABLE registers (
    company  TEXT COLLATE "C" NOT NULL,
    register TEXT COLLATE "C" NOT NULL,
    last     BIGINT NOT NULL,
    PRIMARY KEY (company, register)
);

-- Every number ever taken from a register; none is used twice, and what was not used says why.
CREATE TABLE register_numbers (
    company  TEXT COLLATE "C" NOT NULL,
    register TEXT COLLATE "C" NOT NULL,
    seq      BIGINT NOT NULL,
    -- taken, used, void
    state    TEXT COLLATE "C" NOT NULL,
    instance TEXT COLLATE "C",
    reason   TEXT COLLATE "C",
    at       BIGINT NOT NULL,
    by       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, register, seq)
);
CREATE INDEX register_numbers_taken ON register_numbers (at) WHERE state = 'taken';
