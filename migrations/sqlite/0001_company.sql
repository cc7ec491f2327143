-- What a company is made of: its releases, and its live directory and calendars.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE companies (
    company    TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    -- Hash of the release that new instances pin; null before the first deploy.
    release    TEXT,
    created_at BIGINT NOT NULL
);

-- Immutable: a row is added once and never changed.
CREATE TABLE releases (
    company     TEXT NOT NULL,
    hash        TEXT NOT NULL,
    -- Canonical JSON text of path to text, exactly as hashed.
    body        TEXT NOT NULL,
    summary     TEXT NOT NULL,
    deployed_at BIGINT NOT NULL,
    deployed_by TEXT NOT NULL,
    -- Over all other columns, so that a change to any of them is found.
    digest      TEXT NOT NULL,
    PRIMARY KEY (company, hash)
);

-- Which release was current from when on; the last row is the one that holds.
CREATE TABLE release_history (
    company TEXT NOT NULL,
    number  BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    by      TEXT NOT NULL,
    PRIMARY KEY (company, number)
);

CREATE TABLE people (
    company TEXT NOT NULL,
    id      TEXT NOT NULL,
    -- The person as JSON; the columns beside it are what SQL must find people by.
    body    TEXT NOT NULL,
    name    TEXT NOT NULL,
    login   TEXT,
    active  BIGINT NOT NULL,
    PRIMARY KEY (company, id)
);
CREATE UNIQUE INDEX people_login ON people (company, login) WHERE login IS NOT NULL;

CREATE TABLE departments (
    company TEXT NOT NULL,
    id      TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (company, id)
);

CREATE TABLE calendars (
    company TEXT NOT NULL,
    name    TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (company, name)
);
