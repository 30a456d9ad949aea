-- Of two indexes that begin with the owner, SQLite looks up the subtasks of a task that is deleted in the primary key: through
-- all of the owner's tasks, for each one that goes. With 10,000 tasks that was 10 s for an account; with this it is 0.2 s.
DROP INDEX tasks_by_parent;
CREATE INDEX tasks_by_parent ON tasks (parent_id) WHERE parent_id IS NOT NULL;
