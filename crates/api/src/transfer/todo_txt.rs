//! todo.txt: a task a line, `x 2026-11-20 (A) Pay rent +flat @home due:2026-12-01 rec:+1m`.
//!
//! The first project is the list, and what else there is of projects and contexts are tags. Who recurs by `rec:+1m` is due a
//! month after it was, by `rec:1m` a month after it was done.

use super::ids::Ids;
use super::import::{Context, Import, ImportTask, Unreadable, instant};
use super::notes::Place;
use super::{relations, text};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use shared::due::Due;
use shared::priority::Priority;
use shared::recurrence::Recurrence;

/// Reads a file.
///
/// # Errors
/// If it is no text, or has too many tasks or lists.
pub fn read(file: &[u8], context: &Context) -> Result<Import, Unreadable> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let file = std::str::from_utf8(file).map_err(|_| Unreadable("The file is not UTF-8 text".to_owned()))?;
    let mut import = Import::default();
    let mut ids = Ids::default();
    for (number, line) in (1..).zip(file.lines()) {
        if !line.trim().is_empty() {
            task(line.trim(), number, &mut ids, context, &mut import)?;
        }
    }
    relations::resolve(&mut import)?;
    Ok(import)
}

fn task(line: &str, number: u64, ids: &mut Ids, context: &Context, import: &mut Import) -> Result<(), Unreadable> {
    let place = Place {
        line: Some(number),
        item: Some(line.to_owned()),
    };
    let mut words = line.split_whitespace().peekable();
    let completed = words.next_if_eq(&"x").is_some();
    let mut priority = words.next_if(|word| letter(word).is_some()).and_then(letter);
    let mut days = Vec::new();
    while days.len() < 2
        && let Some(day) = words.peek().and_then(|word| word.parse::<NaiveDate>().ok())
    {
        days.push(day);
        words.next();
    }
    let (mut title, mut projects, mut tags) = (Vec::new(), Vec::new(), Vec::new());
    let (mut due, mut recurrence) = (None, None);
    for word in words {
        if let Some(project) = named(word, '+') {
            projects.push(project);
        } else if let Some(context) = named(word, '@') {
            tags.push(context);
        } else if let Some(day) = day_of("due", word) {
            due = Due::on(day).ok();
        } else if let Some(day) = day_of("t", word) {
            import
                .notes
                .add(&place, format!("When it starts ({day}) is not taken over"));
        } else if let Some(read) = word.strip_prefix("rec:").and_then(recurs) {
            recurrence = Some(read);
        } else if let Some(read) = word
            .strip_prefix("pri:")
            .and_then(|letter_| letter(&format!("({letter_})")))
        {
            priority = priority.or(Some(read));
        } else {
            title.push(word);
        }
    }
    let fitted = text::fit(&title.join(" "), "", &place, &mut import.notes);
    let Some(title) = fitted.title else {
        import.notes.add(&place, "The task has no title");
        return Ok(());
    };
    let mut task = ImportTask::new(ids.of_row(line), title, context, import.tasks.len());
    (task.description, task.rest) = (fitted.description, fitted.rest);
    let mut projects = projects.into_iter();
    if let Some(project) = projects.next()
        && let Some(name) = text::list_name(project, &place, &mut import.notes)
    {
        task.list_id = Some(import.add_list_by_name(name, context.now)?);
    }
    task.tags = text::tags(projects.chain(tags), &place, &mut import.notes);
    task.priority = match priority {
        None => Priority::None,
        Some('A') => Priority::High,
        Some('B') => Priority::Medium,
        Some('C') => Priority::Low,
        Some(letter) => {
            import
                .notes
                .add(&place, format!("The priority ({letter}) is taken as low"));
            Priority::Low
        }
    };
    (task.completed, task.due, task.recurrence) = (completed, due, recurrence);
    // Who is done has the day of that before the day that it was made.
    let made = days.get(usize::from(completed)).copied();
    task.created_at = made.and_then(midnight).unwrap_or(task.created_at);
    if completed {
        task.completed_at = days.first().copied().and_then(midnight);
    }
    task.normalise(context);
    import.add_task(task)
}

fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    instant(day.and_time(NaiveTime::MIN).and_utc())
}

/// The letter of `(A)`.
fn letter(word: &str) -> Option<char> {
    let letter = word.strip_prefix('(')?.strip_suffix(')')?.parse::<char>().ok()?;
    letter.is_ascii_uppercase().then_some(letter)
}

fn named(word: &str, sign: char) -> Option<&str> {
    word.strip_prefix(sign).filter(|name| !name.is_empty())
}

fn day_of(key: &str, word: &str) -> Option<NaiveDate> {
    word.strip_prefix(key)?.strip_prefix(':')?.parse().ok()
}

/// `3d` is three days after it was done, `+3d` three days after it was due.
fn recurs(text: &str) -> Option<Recurrence> {
    let (strict, text) = text.strip_prefix('+').map_or((false, text), |text| (true, text));
    let number: u16 = text.get(..text.len().checked_sub(1)?)?.parse().ok()?;
    let (frequency, unit) = match text.chars().next_back()? {
        'd' => ("DAILY", "D"),
        'w' => ("WEEKLY", "W"),
        'm' => ("MONTHLY", "M"),
        'y' => ("YEARLY", "Y"),
        _ => return None,
    };
    let said = match (strict, number) {
        (true, 1) => format!("FREQ={frequency}"),
        (true, number) => format!("FREQ={frequency};INTERVAL={number}"),
        (false, number) => format!("AFTER-COMPLETION=P{number}{unit}"),
    };
    Recurrence::parse(&said).ok()
}
