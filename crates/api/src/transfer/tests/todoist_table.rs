//! What Todoist exports: a table for each project.

use super::*;

pub(super) const TODOIST: &str = "\u{feff}TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG
meta,view_style=list,,,,,,,,,,,,
task,Pay rent @home @Money,to the landlord,1,1,Ada (123),,every month on the 1st at 9am,en,Europe/London,,None,,
note,\"Account: 12,
second line\",,,,Ada (123),,,,,,,,
note,See [[file {\"file_name\":\"a.pdf\"}]],,,,Ada (123),,,,,,,,

section,Garden,,,,,,,,,,,,
task,* Water plants,,4,1,Ada (123),,every! 3 days,en,,,None,,
task,Tomatoes,,3,2,Ada (123),,2026-12-01,en,,,None,,
task,The small ones,,4,3,Ada (123),,,en,,,None,,
task,Write ada@example.org @ 9,,4,1,Ada (123),Bob (9),jeden Tag,de,Europe/Berlin,,None,2026-12-24,en
task,Same,,4,1,Ada (123),,,en,,,None,,
task,Same,,4,1,Ada (123),,,en,,,None,,
task,,,4,1,Ada (123),,,en,,,None,,
party,?,,,,,,,,,,,,
";

#[test]
fn todoists_table_is_read_with_what_belongs_together() {
    let import = todoist::read(TODOIST.replace('\n', "\r\n").as_bytes(), &context()).unwrap();
    let titles: Vec<_> = import.tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Pay rent",
            "Water plants",
            "Tomatoes",
            "The small ones",
            "Write ada@example.org @ 9",
            "Same",
            "Same"
        ]
    );
    let [rent, water, tomatoes, small, write, same, again] = import.tasks.as_slice() else {
        panic!("{titles:?}")
    };
    assert_eq!(
        rent.description.as_ref().unwrap().as_str(),
        "to the landlord\n\nAccount: 12,\r\nsecond line\n\nSee"
    );
    let mut tags: Vec<_> = rent.tags.iter().collect();
    tags.sort_unstable();
    assert_eq!(tags, ["Money", "home"]);
    assert_eq!(rent.priority, Priority::High);
    assert_eq!(rent.recurrence.unwrap().to_string(), "FREQ=MONTHLY;BYMONTHDAY=1");
    assert_eq!(rent.due.as_ref().unwrap().to_string(), "2026-12-01 09:00 Europe/London");
    assert_eq!(rent.series_start, Some("2026-12-01".parse().unwrap()));
    assert_eq!(rent.list_id, None);
    let garden = import.lists[0].id;
    assert_eq!((import.lists.len(), import.lists[0].name.as_str()), (1, "Garden"));
    assert_eq!(water.list_id, Some(garden));
    assert_eq!(water.recurrence.unwrap().to_string(), "AFTER-COMPLETION=P3D");
    assert_eq!((tomatoes.parent_id, tomatoes.priority), (Some(water.id), Priority::Low));
    assert_eq!(tomatoes.due.as_ref().unwrap().to_string(), "2026-12-01");
    assert_eq!(
        (small.parent_id, small.list_id),
        (Some(water.id), Some(garden)),
        "one level"
    );
    assert_eq!(write.due.as_ref().unwrap().to_string(), "2026-12-24", "the deadline");
    assert_eq!(write.description.as_ref().unwrap().as_str(), "Date: jeden Tag");
    assert_ne!(same.id, again.id);
    assert!(
        import.tasks.windows(2).all(|pair| pair[0].position < pair[1].position),
        "in the file's order"
    );
    assert_eq!(
        notes(&import),
        [
            (Some(6), "Attached files are not taken over"),
            (Some(12), "Who is to do it is not taken over"),
            (Some(12), "The date “jeden Tag” (de) is not understood"),
            (Some(16), "Rows of the type “party” are not known"),
            (Some(15), "The task has no title"),
            (None, "A subtask of a subtask: it is now one of the topmost task"),
        ]
    );
}
