-- Since when the operator has kept the account out. A server of the version before, which does not know the column, still
-- refuses its old tokens, since disabling raises the epoch.
ALTER TABLE users ADD COLUMN disabled_at INTEGER;
