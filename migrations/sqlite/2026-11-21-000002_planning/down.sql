DROP TABLE search_index;
DROP TABLE search_rows;
CREATE TABLE plain_tasks (
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
INSERT INTO plain_tasks
SELECT owner_id, id, title, description, completed, version, created_at, updated_at FROM tasks WHERE deleted_at IS NULL;
DROP TABLE tasks;
ALTER TABLE plain_tasks RENAME TO tasks;
CREATE INDEX tasks_by_age ON tasks (owner_id, created_at, id);
DROP TABLE lists;
