-- Pilots: two releases beside each other on the same rows. Whoever runs one writes these tables and no others.

CREATE TABLE pilots (
    company    TEXT NOT NULL,
    -- Sorts by the time it was made.
    id         TEXT NOT NULL,
    policy     TEXT NOT NULL,
    -- The releases that were compared, by their hashes.
    base       TEXT NOT NULL,
    candidate  TEXT NOT NULL,
    -- JSON: counts and totals.
    summary    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    -- The key under which it was asked for, and the hash of that request: asked for again, it is found and not made twice.
    key        TEXT NOT NULL,
    request    TEXT NOT NULL,
    -- Over all columns before, and over its rows and payees, so that a change to any of them is found.
    digest     TEXT NOT NULL,
    PRIMARY KEY (company, id)
);
CREATE UNIQUE INDEX pilots_key ON pilots (company, created_by, key);

-- Candidates that were never deployed: a pilot can be explained as long as it is kept.
CREATE TABLE pilot_releases (
    company TEXT NOT NULL,
    hash    TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (company, hash)
);

-- What every row gave to both releases, with all that was looked up for it.
CREATE TABLE pilot_rows (
    company TEXT NOT NULL,
    pilot   TEXT NOT NULL,
    number  BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (company, pilot, number)
);

CREATE TABLE pilot_payees (
    company TEXT NOT NULL,
    pilot   TEXT NOT NULL,
    -- From 1: the largest difference first.
    place   BIGINT NOT NULL,
    payee   TEXT NOT NULL,
    -- JSON: the amounts, and the numbers of the rows.
    body    TEXT NOT NULL,
    PRIMARY KEY (company, pilot, place)
);
CREATE UNIQUE INDEX pilot_payees_payee ON pilot_payees (company, pilot, payee);
