-- Ids are the 16 bytes of a UUID, instants are microseconds since 1970 (UTC).

-- Accounts. Only an account with a password signs in by its email, so only there must the email be unique.
CREATE TABLE users (
    id            BLOB PRIMARY KEY NOT NULL,
    email         TEXT NOT NULL,
    name          TEXT,
    password_hash TEXT,
    epoch         INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE password_hash IS NOT NULL;

-- Sessions that were signed out, until the last of their tokens would have expired anyway.
CREATE TABLE signed_out_sessions (
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id         BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX signed_out_sessions_by_expiry ON signed_out_sessions (expires_at);

-- Every key begins with the owner, as on PostgreSQL, so that a person's tasks lie together.
CREATE TABLE tasks (
    owner_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id          BLOB NOT NULL,
    title       TEXT NOT NULL,
    description TEXT,
    completed   INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (owner_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_age ON tasks (owner_id, created_at, id);

-- Who an account is to other issuers of tokens.
CREATE TABLE identities (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Tokens issued up to here are dead.
    not_before INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_user ON identities (user_id);

-- Wrong passwords: how many there were of late, and until when there may be no further try. The key is a digest.
CREATE TABLE sign_in_failures (
    key      BLOB PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    retry_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);

-- Networks from which an account has been signed in to. The network is a digest.
CREATE TABLE known_networks (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_networks_by_age ON known_networks (seen_at);
