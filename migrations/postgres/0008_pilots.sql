-- Pilots: two releases beside each other on the same rows. Whoever runs one writes these tables and no others.

CREATE TABLE pilots (
    company    TEXT COLLATE "C" NOT NULL,
    -- Sorts by the time it was made.
    id         TEXT COLLATE "C" NOT NULL,
    policy     TEXT COLLATE "C" NOT NULL,
    -- The releases that were compared, by their hashes.
    base       TEXT COLLATE "C" NOT NULL,
    candidate  TEXT COLLATE "C" NOT NULL,
    -- JSON: counts and totals.
    summary    TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    -- The key under which it was asked for, and the hash of that request: asked for again, it is found and not made twice.
    key        TEXT COLLATE "C" NOT NULL,
    request    TEXT COLLATE "C" NOT NULL,
    -- Over all columns before, and over its rows and payees, so that a change to any of them is found.
    digest     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, id)
);
CREATE UNIQUE INDEX pilots_key ON pilots (company, created_by, key);

-- Candidates that were never deployed: a pilot can be explained as long as it is kept.
CREATE TABLE pilot_releases (
    company TEXT COLLATE "C" NOT NULL,
    hash    TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, hash)
);

-- What every row gave to both releases, with all that was looked up for it.
CREATE TABLE pilot_rows (
    company TEXT COLLATE "C" NOT NULL,
    pilot   TEXT COLLATE "C" NOT NULL,
    number  BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, pilot, number)
);

CREATE TABLE pilot_payees (
    company TEXT COLLATE "C" NOT NULL,
    pilot   TEXT COLLATE "C" NOT NULL,
    -- From 1: the largest difference first.
    place   BIGINT NOT NULL,
    payee   TEXT COLLATE "C" NOT NULL,
    -- JSON: the amounts, and the numbers of the rows.
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, pilot, place)
);
CREATE UNIQUE INDEX pilot_payees_payee ON pilot_payees (company, pilot, payee);
