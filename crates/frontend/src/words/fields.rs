//! What a person reads beside a field that breaks a rule. The API's own words (`must not be empty`) follow a member's
//! name and are for whoever writes a client; here they become what somebody at the desk beside would say.

use shared::field_error::FieldError;
use shared::rule::RuleViolation;
use shared::tags::Tag;

/// What to do about a field that breaks a rule. `field` is the member's name in requests. Short, since most forms keep
/// one line free for it.
pub fn advice(field: &str, rule: RuleViolation) -> String {
    match (field, rule) {
        ("email", RuleViolation::NotAnEmail | RuleViolation::Control) => {
            "Enter an address such as ada@example.org.".to_owned()
        }
        ("email", RuleViolation::Empty | RuleViolation::Missing) => "Enter your email address.".to_owned(),
        ("password", RuleViolation::Empty | RuleViolation::Missing) => "Enter your password.".to_owned(),
        ("current_password", RuleViolation::Empty | RuleViolation::Missing) => {
            "Enter your current password.".to_owned()
        }
        ("title", RuleViolation::Empty | RuleViolation::Missing) => "Write down what there is to do.".to_owned(),
        ("title", RuleViolation::TooLong(max)) => format!("Keep the title to {max} characters."),
        ("description", RuleViolation::TooLong(max)) => format!("Keep the notes to {max} characters."),
        (_, RuleViolation::Empty | RuleViolation::Missing | RuleViolation::Null) => "Fill this in.".to_owned(),
        (_, RuleViolation::TooShort(min)) => format!("Use at least {min} characters."),
        (_, RuleViolation::TooLong(max)) => format!("Use at most {max} characters."),
        (_, RuleViolation::Control) => "Leave out characters that can’t be seen.".to_owned(),
        (_, RuleViolation::Guessable) => "That one is easy to guess. Choose another.".to_owned(),
        (_, RuleViolation::TooMany(max)) => format!("Keep it to {max}."),
        (_, RuleViolation::TooManyLists(max)) => format!("You have {max} lists. Delete one to make room."),
        (_, RuleViolation::TooManyWords(max)) => format!("Search by at most {max} words."),
        (_, RuleViolation::TooManySubtasks(max)) => format!("This task has {max} subtasks: it has no room for more."),
        ("tags", RuleViolation::Tag) => format!("Keep each tag to {} characters, without commas.", Tag::MAX),
        ("list_id", RuleViolation::NoSuchList) => "This list is gone. Choose another.".to_owned(),
        ("parent_id", RuleViolation::NoSuchParent) => "A subtask needs a task that is not a subtask itself.".to_owned(),
        ("parent_id", RuleViolation::HasSubtasks) => "A task that has subtasks cannot be one.".to_owned(),
        _ => "Write this differently.".to_owned(),
    }
}

/// What to do about a field that the server has refused. Of a rule that this app does not know, what the server says.
pub fn refused(error: &FieldError) -> String {
    error
        .rule()
        .map_or_else(|| format!("{}.", error.sentence()), |rule| advice(&error.field, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_and_the_form_say_the_same_of_the_same_rule() {
        for (field, rule) in [
            ("email", RuleViolation::NotAnEmail),
            ("password", RuleViolation::TooShort(8)),
            ("new_password", RuleViolation::Guessable),
            ("title", RuleViolation::Empty),
            ("description", RuleViolation::TooLong(10_000)),
        ] {
            assert_eq!(refused(&FieldError::new(field, rule)), advice(field, rule));
        }
    }

    #[test]
    fn a_rule_that_only_the_server_knows_is_told_in_its_words() {
        let error = FieldError {
            message: "must rhyme".to_owned(),
            code: "no_rhyme".into(),
            ..FieldError::new("title", RuleViolation::Empty)
        };
        assert_eq!(refused(&error), "Title must rhyme.");
    }
}
