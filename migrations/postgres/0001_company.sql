-- What a company is made of: its releases, and its live directory and calendars.

CREATE TABLE meta (
    name  TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE companies (
    company    TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    -- Hash of the release that new instances pin; null before the first deploy.
    release    TEXT COLLATE "C",
    created_at BIGINT NOT NULL
);

-- Immutable: a row is added once and never changed.
CREATE TABLE releases (
    company     TEXT COLLATE "C" NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL,
    -- Canonical JSON text of path to text, exactly as hashed.
    body        TEXT COLLATE "C" NOT NULL,
    summary     TEXT COLLATE "C" NOT NULL,
    deployed_at BIGINT NOT NULL,
    deployed_by TEXT COLLATE "C" NOT NULL,
    -- Over all other columns, so that a change to any of them is found.
    digest      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, hash)
);

-- Which release was current from when on; the last row is the one that holds.
CREATE TABLE release_history (
    company TEXT COLLATE "C" NOT NULL,
    number  BIGINT NOT NULL,
    hash    TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    by      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, number)
);

CREATE TABLE people (
    company TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    -- The person as JSON; the columns beside it are what SQL must find people by.
    body    TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    login   TEXT COLLATE "C",
    active  BIGINT NOT NULL,
    PRIMARY KEY (company, id)
);
CREATE UNIQUE INDEX people_login ON people (company, login) WHERE login IS NOT NULL;

CREATE TABLE departments (
    company TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, id)
);

CREATE TABLE calendars (
    company TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, name)
);
