-- Who may come in. Only hashes of passwords and tokens are kept.

CREATE TABLE credentials (
    company TEXT COLLATE "C" NOT NULL,
    person  TEXT COLLATE "C" NOT NULL,
    -- A password hash in PHC format.
    hash    TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (company, person)
);

-- Found by the token's hash alone: who asks has not said yet to which company the token belongs.
CREATE TABLE sessions (
    token      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    company    TEXT COLLATE "C" NOT NULL,
    person     TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    client     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessions_person ON sessions (company, person);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Set-up and reset links. Company and person are empty for the first set-up, when neither exists.
CREATE TABLE one_time_tokens (
    token      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    purpose    TEXT COLLATE "C" NOT NULL,
    company    TEXT COLLATE "C" NOT NULL,
    person     TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);

-- Failed logins by account and by address, for back-off.
CREATE TABLE login_attempts (
    company  TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    PRIMARY KEY (company, key)
);
