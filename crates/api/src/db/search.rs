//! The text that a task is found by.
//!
//! Both databases search the same column in the same way, whatever they know of alphabets: what is compared was folded
//! here. A search reads the texts of its owner's tasks and nobody else's: an index of words would be everybody's, and tell by the
//! time that a search takes whether somebody else has a word.

use super::conn::{Conn, query};
use super::schema::tasks;
use super::types::{TaskId, UserId};
use diesel::prelude::*;

/// Texts that differ only in the case of their letters have the same folded text, in every alphabet.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
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
    pub fn new(title: String, description: Option<String>) -> Self {
        Self {
            search: search_text(&title, description.as_deref()),
            title,
            description,
        }
    }
}

/// The `search` column of a task.
fn search_text(title: &str, description: Option<&str>) -> String {
    let mut text = fold(title);
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
        let text = search_text(&words.title, words.description.as_deref());
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
    fn a_text_is_the_title_and_below_it_the_description() {
        assert_eq!(search_text("A", Some("B\nC")), "a\nb\nc");
        assert_eq!(search_text("A", None), "a");
    }
}
