-- Only SQLite looked up subtasks in the wrong index; PostgreSQL takes this one.
COMMENT ON INDEX tasks_by_parent IS 'The subtasks of a task, also for the foreign key when a task is deleted';
