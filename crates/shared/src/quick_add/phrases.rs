//! The table of phrases: `phrases.txt`, which is also the grammar's reference.

use super::tests::context;
use super::{QuickAdd, parse};

const TABLE: &str = include_str!("phrases.txt");

fn describe(read: &QuickAdd) -> String {
    let due = read.due.as_ref().map(|due| match due.time() {
        Some(time) => format!("due {} {}", due.date(), time.format("%H:%M")),
        None => format!("due {}", due.date()),
    });
    let parts = [
        Some(read.title.clone()),
        due,
        read.recurrence.map(|recurrence| recurrence.to_string()),
        read.priority.map(|priority| format!("priority {priority}")),
        read.list.as_ref().map(|list| format!("list {list}")),
        (!read.tags.is_empty()).then(|| format!("tags {}", read.tags.join(", "))),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(" | ").trim().to_owned()
}

#[test]
fn every_phrase_of_the_table_means_what_it_says() {
    let mut phrases = 0;
    let mut wrong = Vec::new();
    for line in TABLE
        .lines()
        .filter(|line| !line.is_empty() && *line != "#" && !line.starts_with("# ") && !line.starts_with("#   "))
    {
        let (phrase, meaning) = line.split_once(" => ").expect(line);
        phrases += 1;
        let read = describe(&parse(phrase, &context(), &[]));
        if read != meaning {
            wrong.push(format!("{phrase}\n    is: {read}\n    should be: {meaning}"));
        }
    }
    assert!(phrases >= 450, "only {phrases} phrases");
    assert!(wrong.is_empty(), "{} of {phrases}:\n{}", wrong.len(), wrong.join("\n"));
}
