//! What is asked of the server for a task, in the words that it takes.

use crate::api::{Client, Failure};
use crate::model::list::ListContent;
use crate::model::replica::Mutation;
use crate::words::fields;
use shared::error::ErrorCode;
use shared::lists::{CreateList, List};
use shared::tasks::Task;
use shared::text::{Description, Title};

/// Sends a request. The task as it is now, or nothing if it is in the trash or gone.
pub(super) async fn carry_out(client: &Client, mutation: &Mutation) -> Result<Option<Task>, Failure> {
    match mutation {
        Mutation::Create(content) => client.create_task(&content.creation()).await.map(Some),
        Mutation::Update { id, version, from, to } => client
            .update_task(*id, *version, &to.changes_since(from))
            .await
            .map(Some),
        Mutation::Delete(id) => gone(client.delete_task(*id).await),
        Mutation::Purge(id) => gone(client.empty_trash(Some(*id)).await),
        Mutation::Restore(id) => client.restore_task(*id).await.map(Some),
    }
}

/// Sends a request about a list. The list as it is now, or nothing if it is in the trash or gone.
pub(super) async fn carry_out_list(client: &Client, mutation: &Mutation<ListContent>) -> Result<Option<List>, Failure> {
    match mutation {
        Mutation::Create(content) => {
            let list = CreateList {
                name: content.name.clone(),
                color: Some(content.color),
            };
            client.create_list(&list).await.map(Some)
        }
        Mutation::Update { id, version, from, to } => client
            .update_list(*id, *version, &to.changes_since(from))
            .await
            .map(Some),
        Mutation::Delete(id) | Mutation::Purge(id) => gone(client.delete_list(*id).await),
        Mutation::Restore(id) => client.restore_list(*id).await.map(Some),
    }
}

/// Deletion is idempotent: that somebody else was quicker comes to the same.
fn gone<T>(answer: Result<(), Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Err(failure) if failure.code() != Some(ErrorCode::NotFound) => Err(failure),
        _ => Ok(None),
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
