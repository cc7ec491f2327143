-- What must still be done after a commit, who does it, and what was already answered.

CREATE TABLE outbox (
    company    TEXT NOT NULL,
    -- Ids of one instance sort in the order in which they were made.
    id         TEXT NOT NULL,
    topic      TEXT NOT NULL,
    instance   TEXT,
    body       TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    shard      BIGINT NOT NULL,
    -- pending, or parked after too many attempts: visible, and to be sent again by a person.
    state      TEXT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (company, id)
);
CREATE INDEX outbox_due ON outbox (shard, due_at, id) WHERE state = 'pending';
-- Finds what must go out earlier for the same instance.
CREATE INDEX outbox_order ON outbox (company, instance, topic, id) WHERE state = 'pending';
CREATE INDEX outbox_parked ON outbox (company, id) WHERE state = 'parked';

-- Which server works on which shard of timers, outbox and sealing. Belongs to no company.
CREATE TABLE leases (
    name   TEXT NOT NULL,
    shard  BIGINT NOT NULL,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL,
    PRIMARY KEY (name, shard)
);

CREATE TABLE idempotency (
    company TEXT NOT NULL,
    actor   TEXT NOT NULL,
    key     TEXT NOT NULL,
    -- Hash of the request: the same key with another request is refused.
    request TEXT NOT NULL,
    status  BIGINT NOT NULL,
    body    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (company, actor, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
