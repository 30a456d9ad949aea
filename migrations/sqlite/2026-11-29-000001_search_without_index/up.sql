-- A search reads the texts of its owner's tasks, which takes 2 ms for 10,000 of them. The full-text index saved most of that, but it
-- was everybody's: it told by the time that a search took whether somebody else had a word, it kept pieces of words that had been
-- deleted, and whatever added, changed or deleted a task paid for it.
DROP TRIGGER tasks_searched_after_insert;
DROP TRIGGER tasks_searched_after_update;
DROP TRIGGER tasks_searched_after_delete;
DROP TABLE search_index;
DROP TABLE search_rows;
