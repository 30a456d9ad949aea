//! The text that a task is found by.
//!
//! Both databases search the same column in the same way, whatever they know of alphabets: what is compared was folded
//! here. Its first characters stand for the owner, so that the index leads to one owner's tasks at once, as every key does.

use super::conn::{Conn, query};
use super::schema::tasks;
use super::types::{TaskId, UserId};
use diesel::prelude::*;
use uuid::Uuid;

/// Texts that differ only in the case of their letters have the same folded text, in every alphabet.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

/// What stands for the owner in front of each text: a few bits of the id's random end, as control characters (C1) that no
/// title has and no word that is searched for. Others may have the same, which makes a search slower, but finds nothing of
/// theirs.
#[must_use]
pub fn mark(owner: UserId) -> String {
    let bytes = Uuid::from(owner).into_bytes();
    let last = bytes.iter().rev().take(3);
    last.map(|byte| char::from(0x80 | byte & 0x1f)).collect()
}

/// The columns of a task's text, and of what it is searched by.
#[derive(AsChangeset, Insertable, Clone, Debug)]
#[diesel(table_name = tasks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct TextColumns {
    title: String,
    description: Option<String>,
    search: String,
}

impl TextColumns {
    /// The columns of this title and description.
    #[must_use]
    pub fn new(owner: UserId, title: String, description: Option<String>) -> Self {
        Self {
            search: search_text(owner, &title, description.as_deref()),
            title,
            description,
        }
    }
}

/// The `search` column of a task.
fn search_text(owner: UserId, title: &str, description: Option<&str>) -> String {
    let mut text = mark(owner);
    text.push_str(&fold(title));
    if let Some(description) = description {
        text.push('\n');
        text.push_str(&fold(description));
    }
    text
}

/// What a task is found by, before it is folded.
#[derive(Queryable, Selectable)]
#[diesel(table_name = tasks, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct Words {
    owner_id: UserId,
    id: TaskId,
    title: String,
    description: Option<String>,
    version: i64,
}

/// Backfills the `search` column of what servers of the version before have written, at most `limit` tasks of it. Gives how
/// many there were: fewer than `limit` are the last ones. Several nodes may do so at the same time.
///
/// # Errors
/// If a query fails.
pub async fn backfill(conn: &mut Conn, limit: i64) -> QueryResult<usize> {
    let unfolded: Vec<Words> = query!(
        conn,
        load,
        tasks::table
            .filter(tasks::search.is_null())
            .select(Words::as_select())
            .limit(limit)
    )?;
    for words in &unfolded {
        // Whoever has changed the words since has folded them, or they are folded next time.
        let task = tasks::table
            .find((words.owner_id, words.id))
            .filter(tasks::version.eq(words.version).and(tasks::search.is_null()));
        let text = search_text(words.owner_id, &words.title, words.description.as_deref());
        query!(conn, execute, diesel::update(task).set(tasks::search.eq(text)))?;
    }
    Ok(unfolded.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_in_any_alphabet() {
        for (one, other) in [
            ("MILK", "milk"),
            ("ÉTÉ", "été"),
            ("МОЛОКО", "молоко"),
            ("ΟΔΟΣ", "οδος"),
            ("STRASSE", "straße"),
            ("ԿԱԹ", "կաթ"),
            ("ŞEKER", "şeker"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_eq!(fold("50% _"), "50% _");
    }

    #[test]
    fn marks_are_characters_that_no_text_has() {
        let owner = UserId::generate();
        let mark = mark(owner);
        assert_eq!(mark.chars().count(), 3);
        assert!(mark.chars().all(char::is_control), "{mark:?}");
        assert_eq!(search_text(owner, "A", Some("B\nC")), format!("{mark}a\nb\nc"));
    }
}
