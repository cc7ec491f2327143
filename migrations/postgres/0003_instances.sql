-- Requests on their way, and the work that is open on them.

CREATE TABLE instances (
    company    TEXT COLLATE "C" NOT NULL,
    -- A UUID version 7: sorts by the time it was made, so lists page by it.
    id         TEXT COLLATE "C" NOT NULL,
    flow       TEXT COLLATE "C" NOT NULL,
    release    TEXT COLLATE "C" NOT NULL,
    number     TEXT COLLATE "C",
    title      TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL,
    initiator  TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C",
    period     TEXT COLLATE "C",
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    -- Number of the last event that is folded into the state.
    version    BIGINT NOT NULL,
    -- How the state is written; another number than the engine's means: fold the events again.
    format     BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, id)
);

-- Who may read an instance, as opaque keys; every list of instances starts here.
CREATE TABLE instance_readers (
    company  TEXT COLLATE "C" NOT NULL,
    reader   TEXT COLLATE "C" NOT NULL,
    instance TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, reader, instance)
);

CREATE TABLE tasks (
    company   TEXT COLLATE "C" NOT NULL,
    instance  TEXT COLLATE "C" NOT NULL,
    number    BIGINT NOT NULL,
    visit     BIGINT NOT NULL,
    step      TEXT COLLATE "C" NOT NULL,
    flow      TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    assignee  TEXT COLLATE "C" NOT NULL,
    status    TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    -- The largest number when nothing is due, so that one index pages through all of them.
    due_at    BIGINT NOT NULL,
    closed_at BIGINT,
    outcome   TEXT COLLATE "C",
    PRIMARY KEY (company, instance, number)
);
CREATE INDEX tasks_inbox ON tasks (company, assignee, due_at, instance, number) WHERE status = 'open';
CREATE INDEX tasks_done ON tasks (company, assignee, closed_at, instance, number) WHERE status = 'closed';

CREATE TABLE timers (
    company  TEXT COLLATE "C" NOT NULL,
    instance TEXT COLLATE "C" NOT NULL,
    number   BIGINT NOT NULL,
    -- The visit that the timer belongs to and dies with; 0 for the instance itself.
    visit    BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    due_at   BIGINT NOT NULL,
    shard    BIGINT NOT NULL,
    PRIMARY KEY (company, instance, number)
);
CREATE INDEX timers_due ON timers (shard, due_at);

-- What a person must look at; open until somebody or something resolved it.
CREATE TABLE incidents (
    company   TEXT COLLATE "C" NOT NULL,
    instance  TEXT COLLATE "C" NOT NULL,
    number    BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    visit     BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (company, instance, number)
);
CREATE INDEX incidents_open ON incidents (company, instance, number) WHERE closed_at IS NULL;

CREATE TABLE drafts (
    company TEXT COLLATE "C" NOT NULL,
    person  TEXT COLLATE "C" NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (company, person, key)
);
