-- What a program of the version before leaves out when it adds a task has a default.

-- Lists. The Inbox is none: its tasks are those without a list.
CREATE TABLE lists (
    owner_id   BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id         BLOB NOT NULL,
    name       TEXT NOT NULL,
    color      TEXT NOT NULL,
    position   TEXT NOT NULL,
    archived   INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    version    INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (owner_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lists_in_trash ON lists (deleted_at) WHERE deleted_at IS NOT NULL;

-- SQLite cannot add a foreign key to a table that there is, so the tasks move to a new one.
CREATE TABLE planned_tasks (
    owner_id           BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id                 BLOB NOT NULL,
    title              TEXT NOT NULL,
    description        TEXT,
    completed          INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
    version            INTEGER NOT NULL DEFAULT 1,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    -- The day and the time that a task is due, as a number in their order: 202611300900 is 9:00 on 30 November 2026, and
    -- 202611302400 is some time of that day.
    due_order          INTEGER,
    -- The zone that the time is in, and the instant that it is. A day has neither.
    due_zone           TEXT,
    due_at             INTEGER,
    priority           INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3),
    -- A JSON array, and in lower case between line breaks, to find one of them.
    tags               TEXT NOT NULL DEFAULT '[]',
    tag_keys           TEXT NOT NULL DEFAULT '',
    list_id            BLOB,
    -- Newer tasks come first until somebody moves them.
    position           TEXT NOT NULL DEFAULT (printf('%016x8', 9223372036854775807 - unixepoch() * 1000000)),
    parent_id          BLOB,
    -- Of its subtasks that are not in the trash, kept by whoever changes one.
    subtasks_total     INTEGER NOT NULL DEFAULT 0,
    subtasks_completed INTEGER NOT NULL DEFAULT 0,
    recurrence         TEXT,
    -- The day from which the recurrence is counted, and the task that came about when this one was completed.
    series_start       TEXT,
    next_id            BLOB,
    completed_at       INTEGER,
    deleted_at         INTEGER,
    -- Title and description, folded. NULL where a server of the version before wrote: see db/search.rs.
    search             TEXT,
    PRIMARY KEY (owner_id, id),
    FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id),
    FOREIGN KEY (owner_id, parent_id) REFERENCES planned_tasks (owner_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO planned_tasks
    (owner_id, id, title, description, completed, version, created_at, updated_at, position, completed_at)
SELECT owner_id, id, title, description, completed, version, created_at, updated_at,
    printf('%016x8', 9223372036854775807 - created_at), iif(completed, updated_at, NULL)
FROM tasks;
DROP TABLE tasks;
ALTER TABLE planned_tasks RENAME TO tasks;

CREATE INDEX tasks_by_age ON tasks (owner_id, created_at, id);
CREATE INDEX tasks_by_due ON tasks (owner_id, due_order, id) WHERE due_order IS NOT NULL;
-- As the app asks for what is to be done, a page at a time.
CREATE INDEX tasks_by_position ON tasks (owner_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_list ON tasks (owner_id, list_id, position, id) WHERE list_id IS NOT NULL;
CREATE INDEX tasks_by_parent ON tasks (owner_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_in_trash ON tasks (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_to_purge ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_to_fold ON tasks (owner_id, id) WHERE search IS NULL;

-- The index to search by. Its rows have a number of their own, since tasks have none.
CREATE TABLE search_rows (
    number   INTEGER PRIMARY KEY,
    owner_id BLOB NOT NULL,
    id       BLOB NOT NULL,
    UNIQUE (owner_id, id)
) STRICT;
CREATE VIRTUAL TABLE search_index USING fts5
    (text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1');

CREATE TRIGGER tasks_searched_after_insert AFTER INSERT ON tasks WHEN new.search IS NOT NULL
BEGIN
    INSERT INTO search_rows (owner_id, id) VALUES (new.owner_id, new.id);
    INSERT INTO search_index (rowid, text)
        SELECT number, new.search FROM search_rows WHERE owner_id = new.owner_id AND id = new.id;
END;
CREATE TRIGGER tasks_searched_after_update AFTER UPDATE OF search ON tasks WHEN new.search IS NOT old.search
BEGIN
    DELETE FROM search_index
        WHERE rowid = (SELECT number FROM search_rows WHERE owner_id = old.owner_id AND id = old.id);
    INSERT OR IGNORE INTO search_rows (owner_id, id) SELECT new.owner_id, new.id WHERE new.search IS NOT NULL;
    INSERT INTO search_index (rowid, text)
        SELECT number, new.search FROM search_rows
        WHERE owner_id = new.owner_id AND id = new.id AND new.search IS NOT NULL;
END;
CREATE TRIGGER tasks_searched_after_delete AFTER DELETE ON tasks WHEN old.search IS NOT NULL
BEGIN
    DELETE FROM search_index
        WHERE rowid = (SELECT number FROM search_rows WHERE owner_id = old.owner_id AND id = old.id);
    DELETE FROM search_rows WHERE owner_id = old.owner_id AND id = old.id;
END;
