DO $$
BEGIN
    CREATE INDEX tasks_by_text ON tasks USING gin (search gin_trgm_ops);
EXCEPTION WHEN undefined_object THEN
    RAISE NOTICE 'no index to search by: %', SQLERRM;
END
$$;
