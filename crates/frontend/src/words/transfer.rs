//! Export, and import: what it takes, what is under way, and what came of it.

use super::number::count;
use shared::transfer::{ImportReport, NotUnderstood};

/// A file of everything.
pub const EXPORT_JSON: &str = "All tasks and lists, with the trash. Can be imported again.";

/// A file for spreadsheets.
pub const EXPORT_CSV: &str = "A row for each task.";

/// A file for calendars.
pub const EXPORT_CALENDAR: &str = "For programs that know tasks.";

/// The browser keeps the file to itself.
pub const NOT_SAVED: &str = "This browser can’t save the file.";

/// What can be imported, and what becomes of it.
pub const ABOUT_IMPORT: &str = "A Taskward export, an iCalendar file, a todo.txt, or what Todoist, TickTick (CSV) or \
                                Google Tasks have exported. You see what is in it before anything is added, and \
                                importing it twice adds nothing twice.";

/// Where a file is chosen.
pub const CHOOSE_FILE: &str = "Choose a file, or drop it here";

/// The file cannot be opened.
pub const UNREADABLE: &str = "This file can’t be read.";

/// The file is on its way.
pub const SENDING: &str = "Sending the file…";

/// The server looks into the file.
pub const READING: &str = "Reading the file…";

/// The server adds what is in the file.
pub const ADDING: &str = "Adding its tasks…";

/// The file is of no kind that can be imported.
pub fn unknown_kind(name: &str) -> String {
    format!("“{name}” is none of the files that can be imported: they end in .json, .csv, .ics or .txt.")
}

/// What an import would add.
pub fn would_add(report: &ImportReport) -> String {
    if adds_something(report) {
        format!("{} will be added.", counts(report))
    } else if report.already_there > 0 {
        "Everything in this file is there already.".to_owned()
    } else {
        "There are no tasks in this file.".to_owned()
    }
}

/// What an import has added.
pub fn added(report: &ImportReport) -> String {
    format!("Done: {} added.", counts(report))
}

/// Whether there is anything to be added.
pub fn adds_something(report: &ImportReport) -> bool {
    report.created > 0 || report.lists_created > 0
}

/// The task that a subtask belongs to.
pub fn below(parent: &str) -> String {
    format!("below “{parent}”")
}

/// How much was not understood.
pub fn not_understood(total: u64) -> String {
    format!("{} not understood", count(total, "thing was", "things were"))
}

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

fn counts(report: &ImportReport) -> String {
    let tasks = count(report.created, "task", "tasks");
    if report.lists_created == 0 {
        tasks
    } else {
        format!("{tasks} and {}", count(report.lists_created, "list", "lists"))
    }
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
        assert_eq!(would_add(&report(1, 0)), "1 task will be added.");
        assert_eq!(added(&report(20, 1)), "Done: 20 tasks and 1 list added.");
        assert_eq!(would_add(&report(0, 0)), "There are no tasks in this file.");
        assert_eq!(not_understood(1), "1 thing was not understood");
        assert_eq!(not_understood(2), "2 things were not understood");
    }
}
