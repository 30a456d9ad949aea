//! Calendars of other programs.

use super::*;

pub(super) const FOREIGN: &str = "BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Nextcloud Tasks v0.16.0\r
X-WR-CALNAME:Privat\r
BEGIN:VTIMEZONE\r
TZID:W. Europe Standard Time\r
BEGIN:STANDARD\r
DTSTART:16010101T030000\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VTODO\r
UID:20261121T100000-1@nextcloud\r
CREATED:20260101T120000Z\r
LAST-MODIFIED:20260102T120000Z\r
DTSTAMP:20260102T120000Z\r
SUMMARY:Buy a very long thing that does not fit into a line\\, which is why it \r
 is folded here\r
DESCRIPTION:line one\\nline two\r
LOCATION:Market\r
PRIORITY:3\r
CATEGORIES:food,home\r
CATEGORIES:Food\r
DUE;TZID=W. Europe Standard Time:20261201T183000\r
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270101T225959Z;WKST=SU\r
PERCENT-COMPLETE:40\r
STATUS:IN-PROCESS\r
BEGIN:VALARM\r
ACTION:DISPLAY\r
TRIGGER:-PT15M\r
END:VALARM\r
END:VTODO\r
BEGIN:VTODO\r
UID:child\r
SUMMARY:Child\r
RELATED-TO:20261121T100000-1@nextcloud\r
DUE:20261201T230000Z\r
STATUS:COMPLETED\r
COMPLETED:20261120T080000Z\r
END:VTODO\r
BEGIN:VTODO\r
UID:floating\r
SUMMARY:Floating\r
DTSTART:20261201T080000\r
RRULE:FREQ=HOURLY\r
STATUS:CANCELLED\r
ATTENDEE:mailto:ada@example.org\r
END:VTODO\r
BEGIN:VTODO\r
UID:nameless\r
END:VTODO\r
BEGIN:VEVENT\r
UID:event\r
SUMMARY:Party\r
DTSTART:20261224T180000Z\r
END:VEVENT\r
END:VCALENDAR\r
";

#[test]
fn another_programs_tasks_are_read() {
    let import = vtodo::read(FOREIGN.as_bytes(), &context()).unwrap();
    let [buy, child, floating] = import.tasks.as_slice() else {
        panic!("{:?}", import.tasks)
    };
    assert_eq!(
        buy.title.as_str(),
        "Buy a very long thing that does not fit into a line, which is why it is folded here"
    );
    assert_eq!(
        buy.description.as_ref().unwrap().as_str(),
        "line one\nline two\n\nMarket"
    );
    assert_eq!(buy.priority, Priority::High);
    assert_eq!(buy.tags.iter().collect::<Vec<_>>(), ["food", "home"]);
    assert_eq!(buy.due.as_ref().unwrap().to_string(), "2026-12-01 18:30 Europe/Berlin");
    assert_eq!(
        buy.recurrence.unwrap().to_string(),
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU;UNTIL=20270101"
    );
    assert_eq!(buy.created_at.to_rfc3339(), "2026-01-01T12:00:00+00:00");
    assert!(!buy.completed);
    assert_eq!(
        import.lists.iter().map(|list| list.name.as_str()).collect::<Vec<_>>(),
        ["Privat"]
    );
    assert_eq!(buy.list_id, Some(import.lists[0].id));
    assert_eq!(child.parent_id, Some(buy.id));
    assert_eq!(
        child.due.as_ref().unwrap().to_string(),
        "2026-12-02 00:00 Europe/Berlin",
        "UTC on the person's clock"
    );
    assert!(child.completed && child.completed_at.is_some());
    assert_eq!(
        floating.due.as_ref().unwrap().to_string(),
        "2026-12-01 08:00 Europe/Berlin"
    );
    assert!(floating.completed && floating.recurrence.is_none());
    assert_eq!(
        notes(&import),
        [
            (Some(13), "Reminders (VALARM) are not taken over"),
            (Some(13), "Its progress (40 %) is not taken over"),
            (Some(13), "That it is in process is not taken over: it is open"),
            (Some(42), "It cannot recur by “FREQ=HOURLY”"),
            (Some(42), "It was cancelled: it is taken as done"),
            (Some(42), "ATTENDEE is not taken over"),
            (Some(50), "The task has no title (SUMMARY)"),
            (Some(53), "A VEVENT is no task"),
        ]
    );
}

#[test]
fn rules_of_others_are_taken_if_ours_can_say_them() {
    for (theirs, ours) in [
        ("FREQ=DAILY;INTERVAL=1", Some("FREQ=DAILY")),
        (
            "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
            Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", Some("FREQ=MONTHLY;BYDAY=2TU")),
        (
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            Some("FREQ=MONTHLY;BYMONTHDAY=31"),
        ),
        ("FREQ=YEARLY;BYMONTH=12", Some("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24")),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
            Some("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ),
        ("FREQ=YEARLY;COUNT=3", Some("FREQ=YEARLY;COUNT=3")),
        ("FREQ=DAILY;UNTIL=20261231T230000Z", Some("FREQ=DAILY;UNTIL=20270101")),
        ("FREQ=YEARLY;BYMONTHDAY=1", None),
        (
            "FREQ=YEARLY;BYDAY=1MO;BYMONTH=5",
            Some("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO"),
        ),
        (
            "FREQ=YEARLY;BYMONTH=1,4,7,10",
            Some("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=24"),
        ),
        (
            "FREQ=MONTHLY;BYMONTH=1,7;BYMONTHDAY=1",
            Some("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1"),
        ),
        ("FREQ=MONTHLY;BYDAY=2MO,4MO", Some("FREQ=MONTHLY;BYDAY=2MO,4MO")),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            Some("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ),
        (
            "FREQ=MONTHLY;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=-1",
            Some("FREQ=MONTHLY;BYMONTHDAY=-1"),
        ),
        ("FREQ=YEARLY;BYMONTH=1,7;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", None),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTH=1,3;BYMONTHDAY=1", None),
        ("FREQ=MONTHLY;BYDAY=MO,TU", None),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2", None),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
            Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU"),
        ),
        ("FREQ=YEARLY;COUNT=-1", Some("FREQ=YEARLY")),
        ("FREQ=DAILY;COUNT=100000", None),
        ("FREQ=DAILY;INTERVAL=1000", None),
        ("FREQ=DAILY;BYHOUR=9,17", None),
        ("FREQ=MINUTELY", None),
    ] {
        let file = format!(
            "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:x\nDUE;VALUE=DATE:20261224\nRRULE:{theirs}\nEND:VTODO\nEND:VCALENDAR\n"
        );
        let import = vtodo::read(file.as_bytes(), &context()).unwrap();
        assert_eq!(
            import.tasks[0].recurrence.map(|rule| rule.to_string()).as_deref(),
            ours,
            "{theirs}"
        );
        assert_eq!(import.notes.total(), u64::from(ours.is_none()), "{theirs}");
    }
}
