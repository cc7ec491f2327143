-- Requests on their way, and the work that is open on them.

CREATE TABLE instances (
    company    TEXT NOT NULL,
    -- A UUID version 7: sorts by the time it was made, so lists page by it.
    id         TEXT NOT NULL,
    flow       TEXT NOT NULL,
    release    TEXT NOT NULL,
    number     TEXT,
    title      TEXT NOT NULL,
    status     TEXT NOT NULL,
    initiator  TEXT NOT NULL,
    subject    TEXT,
    period     TEXT,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    -- Number of the last event that is folded into the state.
    version    BIGINT NOT NULL,
    -- How the state is written; another number than the engine's means: fold the events again.
    format     BIGINT NOT NULL,
    state      TEXT NOT NULL,
    PRIMARY KEY (company, id)
);

-- Who may read an instance, as opaque keys; every list of instances starts here.
CREATE TABLE instance_readers (
    company  TEXT NOT NULL,
    reader   TEXT NOT NULL,
    instance TEXT NOT NULL,
    PRIMARY KEY (company, reader, instance)
) WITHOUT ROWID;

CREATE TABLE tasks (
    company   TEXT NOT NULL,
    instance  TEXT NOT NULL,
    number    BIGINT NOT NULL,
    visit     BIGINT NOT NULL,
    step      TEXT NOT NULL,
    flow      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    assignee  TEXT NOT NULL,
    status    TEXT NOT NULL,
    version   BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    -- The largest number when nothing is due, so that one index pages through all of them.
    due_at    BIGINT NOT NULL,
    closed_at BIGINT,
    outcome   TEXT,
    PRIMARY KEY (company, instance, number)
) WITHOUT ROWID;
CREATE INDEX tasks_inbox ON tasks (company, assignee, due_at, instance, number) WHERE status = 'open';
CREATE INDEX tasks_done ON tasks (company, assignee, closed_at, instance, number) WHERE status = 'closed';

CREATE TABLE timers (
    company  TEXT NOT NULL,
    instance TEXT NOT NULL,
    number   BIGINT NOT NULL,
    -- The visit that the timer belongs to and dies with; 0 for the instance itself.
    visit    BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    due_at   BIGINT NOT NULL,
    shard    BIGINT NOT NULL,
    PRIMARY KEY (company, instance, number)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (shard, due_at);

-- What a person must look at; open until somebody or something resolved it.
CREATE TABLE incidents (
    company   TEXT NOT NULL,
    instance  TEXT NOT NULL,
    number    BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    visit     BIGINT NOT NULL,
    body      TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (company, instance, number)
);
CREATE INDEX incidents_open ON incidents (company, instance, number) WHERE closed_at IS NULL;

CREATE TABLE drafts (
    company TEXT NOT NULL,
    person  TEXT NOT NULL,
    key     TEXT NOT NULL,
    body    TEXT NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (company, person, key)
);
