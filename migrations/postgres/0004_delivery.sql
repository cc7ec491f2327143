-- What must still be done after a commit, who does it, and what was already answered.

CREATE TABLE outbox (
    company    TEXT COLLATE "C" NOT NULL,
    -- Ids of one instance sort in the order in which they were made.
    id         TEXT COLLATE "C" NOT NULL,
    topic      TEXT COLLATE "C" NOT NULL,
    instance   TEXT COLLATE "C",
    body       TEXT COLLATE "C" NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    shard      BIGINT NOT NULL,
    -- pending, or parked after too many attempts: visible, and to be sent again by a person.
    state      TEXT COLLATE "C" NOT NULL,
    last_error TEXT COLLATE "C",
    PRIMARY KEY (company, id)
);
CREATE INDEX outbox_due ON outbox (shard, due_at, id) WHERE state = 'pending';
-- Finds what must go out earlier for the same instance.
CREATE INDEX outbox_order ON outbox (company, instance, topic, id) WHERE state = 'pending';
CREATE INDEX outbox_parked ON outbox (company, id) WHERE state = 'parked';

-- Which server works on which shard of timers, outbox and sealing. Belongs to no company.
CREATE TABLE leases (
    name   TEXT COLLATE "C" NOT NULL,
    shard  BIGINT NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    until  BIGINT NOT NULL,
    PRIMARY KEY (name, shard)
);

CREATE TABLE idempotency (
    company TEXT COLLATE "C" NOT NULL,
    actor   TEXT COLLATE "C" NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    -- Hash of the request: the same key with another request is refused.
    request TEXT COLLATE "C" NOT NULL,
    status  BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (company, actor, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
