COMMENT ON INDEX tasks_by_parent IS NULL;
