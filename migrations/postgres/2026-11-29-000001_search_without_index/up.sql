-- A search reads the texts of its owner's tasks. The index of trigrams was everybody's: it told by the time that a search took
-- whether somebody else had a word, and whatever added or changed a task paid for it.
DROP INDEX IF EXISTS tasks_by_text;
