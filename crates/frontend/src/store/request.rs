//! What is asked of the server for a task, in the words that it takes.

use crate::api::{Client, Failure};
use crate::model::draft::Words;
use crate::model::replica::Mutation;
use crate::words::fields;
use shared::error::ErrorCode;
use shared::tasks::Task;
use shared::text::{Description, Title};

/// Sends a request. The task as it is now, or nothing if it is in the trash or gone.
pub(super) async fn carry_out(client: &Client, mutation: &Mutation) -> Result<Option<Task>, Failure> {
    match mutation {
        Mutation::Create(content) => {
            let task = content.creation().ok_or(Failure::Unreadable)?;
            client.create_task(&task).await.map(Some)
        }
        Mutation::Update { id, version, from, to } => client
            .update_task(*id, *version, &to.changes_since(from))
            .await
            .map(Some),
        Mutation::Delete(id) => match client.delete_task(*id).await {
            // Somebody else was quicker, which comes to the same.
            Err(failure) if failure.code() != Some(ErrorCode::NotFound) => Err(failure),
            _ => Ok(None),
        },
        Mutation::Restore(id) => client.restore_task(*id).await.map(Some),
    }
}

/// The words of a task by the rules that the server keeps, or what is wrong with them.
pub(super) fn check(words: &Words) -> Result<(Title, Description), String> {
    let title = Title::parse(&words.title).map_err(|broken| fields::advice("title", broken))?;
    let description = if words.description.trim().is_empty() {
        Description::parse("")
    } else {
        Description::parse(&words.description)
    };
    Ok((
        title,
        description.map_err(|broken| fields::advice("description", broken))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(title: &str, description: &str) -> Words {
        Words {
            title: title.to_owned(),
            description: description.to_owned(),
        }
    }

    #[test]
    fn words_are_checked_by_the_shared_rules() {
        let (title, description) = check(&words("  milk ", " \n")).unwrap();
        assert_eq!((title.as_str(), description.as_str()), ("milk", ""));
        assert_eq!(
            check(&words(" ", "")),
            Err("Write down what there is to do.".to_owned())
        );
        assert_eq!(
            check(&words("milk", &"x".repeat(10_001))),
            Err("Keep the notes to 10000 characters.".to_owned())
        );
    }
}
