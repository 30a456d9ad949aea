//! What is asked of the server for a task, in the words that it takes.

use crate::api::{Call, Client, Failure, decode};
use crate::model::list::ListContent;
use crate::model::record::Record;
use crate::model::replica::Mutation;
use crate::words::fields;
use serde::de::DeserializeOwned;
use shared::error::ErrorCode;
use shared::lists::CreateList;
use shared::text::{Description, Title};

/// The request for a task.
pub(super) fn request(client: &Client, mutation: &Mutation) -> Call {
    match mutation {
        Mutation::Create(content) => client.create_task(&content.creation()),
        Mutation::Update { id, version, from, to } => client.update_task(*id, *version, &to.changes_since(from)),
        Mutation::Delete(id) => client.delete_task(*id),
        Mutation::Restore(id) => client.restore_task(*id),
        Mutation::Purge(id) => client.purge_task(*id),
    }
}

/// The request for a list.
pub(super) fn list_request(client: &Client, mutation: &Mutation<ListContent>) -> Call {
    match mutation {
        Mutation::Create(content) => client.create_list(&CreateList {
            name: content.name.clone(),
            color: Some(content.color),
        }),
        Mutation::Update { id, version, from, to } => client.update_list(*id, *version, &to.changes_since(from)),
        Mutation::Delete(id) | Mutation::Purge(id) => client.delete_list(*id),
        Mutation::Restore(id) => client.restore_list(*id),
    }
}

/// What became of a request: how it is now, or nothing if it is in the trash or gone. Deletion is idempotent: that somebody
/// else was quicker comes to the same.
pub(super) fn outcome<R: Record + DeserializeOwned>(
    mutation: &Mutation<R::Content>,
    answer: Result<String, Failure>,
) -> Result<Option<R>, Failure> {
    match (mutation, answer) {
        (Mutation::Delete(_) | Mutation::Purge(_), Err(failure)) if failure.code() != Some(ErrorCode::NotFound) => {
            Err(failure)
        }
        (Mutation::Delete(_) | Mutation::Purge(_), _) => Ok(None),
        (_, answer) => decode(&answer?).map(Some),
    }
}

/// The words of a task by the rules that the server keeps, or what is wrong with them.
pub fn check(title: &str, description: &str) -> Result<(Title, Description), String> {
    let title = Title::parse(title).map_err(|broken| fields::advice("title", broken))?;
    let description = if description.trim().is_empty() { "" } else { description };
    let description = Description::parse(description).map_err(|broken| fields::advice("description", broken))?;
    Ok((title, description))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_checked_by_the_shared_rules() {
        let (title, description) = check("  milk ", " \n").unwrap();
        assert_eq!((title.as_str(), description.as_str()), ("milk", ""));
        assert_eq!(check(" ", ""), Err("Write down what there is to do.".to_owned()));
        assert_eq!(
            check("milk", &"x".repeat(10_001)),
            Err("Keep the notes to 10000 characters.".to_owned())
        );
    }
}
