-- Every column has a default, so that servers of the version before go on adding tasks while an installation is upgraded.

-- Lists. The Inbox is none: its tasks are those without a list.
CREATE TABLE lists (
    owner_id   UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id         UUID NOT NULL,
    name       TEXT NOT NULL,
    color      TEXT NOT NULL,
    -- Compared byte by byte.
    position   TEXT COLLATE "C" NOT NULL,
    archived   BOOLEAN NOT NULL DEFAULT FALSE,
    version    BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ,
    PRIMARY KEY (owner_id, id)
);
CREATE INDEX lists_in_trash ON lists (deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE tasks
    -- The day and the time that a task is due, as a number in their order: 202611300900 is 9:00 on 30 November 2026, and
    -- 202611302400 is some time of that day.
    ADD COLUMN due_order          BIGINT,
    -- The zone that the time is in, and the instant that it is. A day has neither.
    ADD COLUMN due_zone           TEXT,
    ADD COLUMN due_at             TIMESTAMPTZ,
    ADD COLUMN priority           SMALLINT NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3),
    -- A JSON array, and in lower case between line breaks, to find one of them.
    ADD COLUMN tags               TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    ADD COLUMN tag_keys           TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN list_id            UUID,
    -- Compared byte by byte. Newer tasks come first until somebody moves them.
    ADD COLUMN position           TEXT COLLATE "C" NOT NULL
        DEFAULT lpad(to_hex(9223372036854775807 - (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT), 16, '0') || '8',
    ADD COLUMN parent_id          UUID,
    -- Of its subtasks that are not in the trash, kept by whoever changes one.
    ADD COLUMN subtasks_total     BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN subtasks_completed BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN recurrence         TEXT,
    -- The day from which the recurrence is counted, and the task that came about when this one was completed.
    ADD COLUMN series_start       DATE,
    ADD COLUMN next_id            UUID,
    ADD COLUMN completed_at       TIMESTAMPTZ,
    ADD COLUMN deleted_at         TIMESTAMPTZ,
    -- Title and description, folded. NULL where a server of the version before wrote: see db/search.rs.
    ADD COLUMN search             TEXT COLLATE "C",
    ADD FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id),
    ADD FOREIGN KEY (owner_id, parent_id) REFERENCES tasks (owner_id, id) ON DELETE CASCADE;

UPDATE tasks SET
    position = lpad(to_hex(9223372036854775807 - (extract(epoch FROM created_at) * 1000000)::BIGINT), 16, '0') || '8',
    completed_at = CASE WHEN completed THEN updated_at END;

CREATE INDEX tasks_by_due ON tasks (owner_id, due_order, id) WHERE due_order IS NOT NULL;
-- As the app asks for what is to be done, a page at a time.
CREATE INDEX tasks_by_position ON tasks (owner_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_list ON tasks (owner_id, list_id, position, id) WHERE list_id IS NOT NULL;
CREATE INDEX tasks_by_parent ON tasks (owner_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_in_trash ON tasks (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_to_purge ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_to_fold ON tasks (owner_id, id) WHERE search IS NULL;

-- A trusted extension: whoever owns the database may have it. Where it is not there, a search reads all of its owner's
-- tasks, and finds the same.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX tasks_by_text ON tasks USING gin (search gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE NOTICE 'no index to search by: %', SQLERRM;
END
$$;
