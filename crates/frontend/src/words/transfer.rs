//! What came of an import.

use shared::transfer::{ImportReport, NotUnderstood};

/// Where it is, and what is wrong with it.
pub fn sentence(odd: &NotUnderstood) -> String {
    let place = match (odd.line, &odd.item) {
        (Some(line), Some(item)) => format!("Line {line}, “{item}”: "),
        (Some(line), None) => format!("Line {line}: "),
        (None, Some(item)) => format!("“{item}”: "),
        (None, None) => String::new(),
    };
    format!("{place}{}", odd.message)
}

/// How many tasks and lists are, or were, added.
pub fn counts(report: &ImportReport) -> String {
    let tasks = count(report.created, "task", "tasks");
    if report.lists_created == 0 {
        tasks
    } else {
        format!("{tasks} and {}", count(report.lists_created, "list", "lists"))
    }
}

/// So many of something.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What was left alone, since it is there.
pub fn there_already(report: &ImportReport) -> String {
    let there = format!("{} there already and left alone", are(report.already_there));
    match report.in_trash {
        0 => format!("{there}."),
        1 => format!("{there}; one is in the trash and can be restored there."),
        number => format!("{there}; {number} are in the trash and can be restored there."),
    }
}

fn are(number: u64) -> String {
    if number == 1 {
        "1 task is".to_owned()
    } else {
        format!("{number} tasks are")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_understood_is_said_with_its_place() {
        let odd = |line, item: Option<&str>| NotUnderstood {
            line,
            item: item.map(str::to_owned),
            message: "no such day".to_owned(),
        };
        assert_eq!(sentence(&odd(Some(3), None)), "Line 3: no such day");
        assert_eq!(sentence(&odd(None, Some("Rent"))), "“Rent”: no such day");
        assert_eq!(sentence(&odd(None, None)), "no such day");
    }

    #[test]
    fn counts_are_said_as_people_do() {
        let report = |created, lists_created| ImportReport {
            created,
            lists_created,
            ..ImportReport::default()
        };
        assert_eq!(counts(&report(1, 0)), "1 task");
        assert_eq!(counts(&report(20, 1)), "20 tasks and 1 list");
    }
}
