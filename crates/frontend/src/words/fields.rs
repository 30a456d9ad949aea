//! What a person reads beside a field that breaks a rule. The API's own words (`must not be empty`) follow a member's
//! name and are for whoever writes a client; here they become what somebody at the desk beside would say.

use shared::error::FieldError;
use shared::input::Broken;
use shared::tags::Tag;

/// What to do about a field that breaks a rule. `field` is the member's name in requests. Short, since most forms keep
/// one line free for it.
pub fn advice(field: &str, rule: Broken) -> String {
    match (field, rule) {
        ("email", Broken::NotAnEmail | Broken::Control) => "Enter an address such as ada@example.org.".to_owned(),
        ("email", Broken::Empty | Broken::Missing) => "Enter your email address.".to_owned(),
        ("password", Broken::Empty | Broken::Missing) => "Enter your password.".to_owned(),
        ("current_password", Broken::Empty | Broken::Missing) => "Enter your current password.".to_owned(),
        ("title", Broken::Empty | Broken::Missing) => "Write down what there is to do.".to_owned(),
        ("title", Broken::TooLong(max)) => format!("Keep the title to {max} characters."),
        ("description", Broken::TooLong(max)) => format!("Keep the notes to {max} characters."),
        (_, Broken::Empty | Broken::Missing | Broken::Null) => "Fill this in.".to_owned(),
        (_, Broken::TooShort(min)) => format!("Use at least {min} characters."),
        (_, Broken::TooLong(max)) => format!("Use at most {max} characters."),
        (_, Broken::Control) => "Leave out characters that can’t be seen.".to_owned(),
        (_, Broken::Guessable) => "That one is easy to guess. Choose another.".to_owned(),
        (_, Broken::TooMany(max)) => format!("Keep it to {max}."),
        ("tags", Broken::Tag) => format!("Keep each tag to {} characters, without commas.", Tag::MAX),
        ("list_id", Broken::NoSuchList) => "This list is gone. Choose another.".to_owned(),
        ("parent_id", Broken::NoSuchParent) => "A subtask needs a task that is not a subtask itself.".to_owned(),
        ("parent_id", Broken::HasSubtasks) => "A task that has subtasks cannot be one.".to_owned(),
        (
            _,
            Broken::NotAnEmail
            | Broken::NotText
            | Broken::NotBool
            | Broken::NotTexts
            | Broken::NotUuid
            | Broken::NotObject
            | Broken::Due(_)
            | Broken::Recurrence(_)
            | Broken::Priority
            | Broken::Tag
            | Broken::Position
            | Broken::Color
            | Broken::NoSuchList
            | Broken::NoSuchParent
            | Broken::HasSubtasks
            | Broken::ParentsList
            | Broken::NoChange,
        ) => "Write this differently.".to_owned(),
    }
}

/// What to do about a field that the server has refused. Of a rule that this app does not know, what the server says.
pub fn refused(error: &FieldError) -> String {
    Broken::from_text(&error.message)
        .map_or_else(|| format!("{}.", error.sentence()), |rule| advice(&error.field, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(field: &str, message: impl Into<String>) -> FieldError {
        FieldError {
            field: field.to_owned(),
            message: message.into(),
        }
    }

    #[test]
    fn the_server_and_the_form_say_the_same_of_the_same_rule() {
        for (field, rule) in [
            ("email", Broken::NotAnEmail),
            ("password", Broken::TooShort(8)),
            ("new_password", Broken::Guessable),
            ("title", Broken::Empty),
            ("description", Broken::TooLong(10_000)),
        ] {
            assert_eq!(refused(&error(field, rule.to_string())), advice(field, rule));
        }
    }

    #[test]
    fn a_rule_that_only_the_server_knows_is_told_in_its_words() {
        assert_eq!(refused(&error("title", "must rhyme")), "Title must rhyme.");
    }
}
