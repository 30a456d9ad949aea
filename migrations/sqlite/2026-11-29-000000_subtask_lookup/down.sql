DROP INDEX tasks_by_parent;
CREATE INDEX tasks_by_parent ON tasks (owner_id, parent_id) WHERE parent_id IS NOT NULL;
