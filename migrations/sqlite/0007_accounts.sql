-- Money, points or days that companies keep by key: budgets, credit limits, carried debts.

CREATE TABLE balances (
    company  TEXT NOT NULL,
    account  TEXT NOT NULL,
    key      TEXT NOT NULL,
    -- Hundredths: what was posted, and what running requests hold of it.
    posted   BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    -- Grows with every entry; the number of the last one.
    version  BIGINT NOT NULL,
    PRIMARY KEY (company, account, key)
) WITHOUT ROWID;

-- Append-only: every change of a balance, and what it was afterwards.
CREATE TABLE account_entries (
    company        TEXT NOT NULL,
    account        TEXT NOT NULL,
    key            TEXT NOT NULL,
    number         BIGINT NOT NULL,
    instance       TEXT NOT NULL,
    at             BIGINT NOT NULL,
    by             TEXT NOT NULL,
    posted         BIGINT NOT NULL,
    reserved       BIGINT NOT NULL,
    posted_after   BIGINT NOT NULL,
    reserved_after BIGINT NOT NULL,
    PRIMARY KEY (company, account, key, number)
) WITHOUT ROWID;
CREATE INDEX account_entries_instance ON account_entries (company, instance);
