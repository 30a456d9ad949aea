-- Since when an account is deleted: its row is a tombstone, without email, name and password, until its other rows are gone.
-- A server of the version before, which does not know the column, sees a disabled account whose tokens are of an earlier epoch.
ALTER TABLE users ADD COLUMN deleted_at INTEGER;
CREATE INDEX users_deleted ON users (id) WHERE deleted_at IS NOT NULL;
