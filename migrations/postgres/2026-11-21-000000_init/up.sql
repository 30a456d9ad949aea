-- Accounts. Only an account with a password signs in by its email, so only there must the email be unique.
CREATE TABLE users (
    id            UUID PRIMARY KEY,
    email         TEXT NOT NULL,
    name          TEXT,
    password_hash TEXT,
    epoch         BIGINT NOT NULL DEFAULT 0,
    created_at    TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE password_hash IS NOT NULL;

-- Sessions that were signed out, until the last of their tokens would have expired anyway.
CREATE TABLE signed_out_sessions (
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id         UUID NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX signed_out_sessions_by_expiry ON signed_out_sessions (expires_at);

-- Every key begins with the owner, so that the table can be sharded by user.
CREATE TABLE tasks (
    owner_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id          UUID NOT NULL,
    title       TEXT NOT NULL,
    description TEXT,
    completed   BOOLEAN NOT NULL DEFAULT FALSE,
    version     BIGINT NOT NULL DEFAULT 1,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (owner_id, id)
);
CREATE INDEX tasks_by_age ON tasks (owner_id, created_at, id);

-- Who an account is to other issuers of tokens.
CREATE TABLE identities (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Tokens issued up to here are dead.
    not_before TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Wrong passwords: how many there were of late, and until when there may be no further try. The key is a digest.
CREATE TABLE sign_in_failures (
    key      UUID PRIMARY KEY,
    failures BIGINT NOT NULL,
    retry_at TIMESTAMPTZ NOT NULL,
    last_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);

-- Networks from which an account has been signed in to. The network is a digest.
CREATE TABLE known_networks (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network UUID NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, network)
);
CREATE INDEX known_networks_by_age ON known_networks (seen_at);
