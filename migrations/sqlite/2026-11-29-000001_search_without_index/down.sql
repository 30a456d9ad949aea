CREATE TABLE search_rows (
    number   INTEGER PRIMARY KEY,
    owner_id BLOB NOT NULL,
    id       BLOB NOT NULL,
    UNIQUE (owner_id, id)
) STRICT;
CREATE VIRTUAL TABLE search_index USING fts5
    (text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1');
INSERT INTO search_rows (owner_id, id) SELECT owner_id, id FROM tasks WHERE search IS NOT NULL;
INSERT INTO search_index (rowid, text)
    SELECT number, search FROM search_rows JOIN tasks USING (owner_id, id);
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
