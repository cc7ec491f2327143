-- Money, points or days that companies keep by key: budgets, credit limits, carried debts.

CREATE TABLE balances (
    company  TEXT COLLATE "C" NOT NULL,
    account  TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    -- Hundredths: what was posted, and what running requests hold of it.
    posted   BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    -- Grows with every entry; the number of the last one.
    version  BIGINT NOT NULL,
    PRIMARY KEY (company, account, key)
);

-- Append-only: every change of a balance, and what it was afterwards.
CREATE TABLE account_entries (
    company        TEXT COLLATE "C" NOT NULL,
    account        TEXT COLLATE "C" NOT NULL,
    key            TEXT COLLATE "C" NOT NULL,
    number         BIGINT NOT NULL,
    instance       TEXT COLLATE "C" NOT NULL,
    at             BIGINT NOT NULL,
    by             TEXT COLLATE "C" NOT NULL,
    posted         BIGINT NOT NULL,
    reserved       BIGINT NOT NULL,
    posted_after   BIGINT NOT NULL,
    reserved_after BIGINT NOT NULL,
    PRIMARY KEY (company, account, key, number)
);
CREATE INDEX account_entries_instance ON account_entries (company, instance);
