//! Which tasks a page shows, and in which order.

use super::*;
use crate::model::replica::Content;
use shared::due::Zone;
use shared::priority::Priority;
use shared::tasks::Task;
use shared::text::Title;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clock() -> Clock {
    Clock {
        today: day("2026-11-21"),
        minute: 12 * 60,
    }
}

/// As if every zone were the person's own.
fn local(due: &Due) -> LocalDue {
    use chrono::Timelike as _;
    LocalDue {
        date: due.date(),
        minute: due.time().map(|time| time.hour() * 60 + time.minute()),
    }
}

fn locale() -> Locale<'static> {
    Locale {
        clock: clock(),
        local_due: &local,
        fold: &|tag| tag.to_lowercase(),
    }
}

fn due(text: &str) -> Option<Due> {
    let (date, time) = text.split_once(' ').unwrap_or((text, ""));
    if time.is_empty() {
        return Due::on(day(date)).ok();
    }
    Due::at(day(date), time.parse().unwrap(), Zone::parse("Europe/London").unwrap()).ok()
}

fn titled(title: &str) -> Content {
    Content::new(Title::parse(title).unwrap())
}

fn replica(tasks: &[(&str, Option<Due>, Priority)]) -> Replica {
    let mut replica = Replica::<Task>::default();
    for (title, due, priority) in tasks {
        replica.add(Content {
            due: due.clone(),
            priority: *priority,
            ..titled(title)
        });
    }
    replica
}

fn told(view: &View, replica: &Replica) -> Vec<String> {
    let lines = view.rows(replica, locale(), &|_| false);
    let tell = |line| match line {
        Row::Task(key) => replica.get(key).unwrap().wanted.title.as_str().to_owned(),
        Row::Overdue => "— overdue".to_owned(),
        Row::Day(day) => format!("— {day}"),
    };
    lines.into_iter().map(tell).collect()
}

#[test]
fn today_shows_what_is_overdue_first_and_then_the_day_by_time_and_priority() {
    let replica = replica(&[
        ("at four", due("2026-11-21 16:00"), Priority::None),
        ("some time", due("2026-11-21"), Priority::None),
        ("important", due("2026-11-21"), Priority::High),
        ("late", due("2026-11-20"), Priority::None),
        ("tomorrow", due("2026-11-22"), Priority::High),
        ("never", None, Priority::High),
    ]);
    assert_eq!(
        told(&View::Today, &replica),
        ["— overdue", "late", "— 2026-11-21", "important", "some time", "at four"]
    );
}

#[test]
fn today_alone_has_no_heading() {
    let replica = replica(&[("some time", due("2026-11-21"), Priority::None)]);
    assert_eq!(told(&View::Today, &replica), ["some time"]);
}

#[test]
fn upcoming_is_grouped_by_day() {
    let replica = replica(&[
        ("later", due("2026-12-24"), Priority::None),
        ("tomorrow at nine", due("2026-11-22 09:00"), Priority::None),
        ("tomorrow", due("2026-11-22"), Priority::None),
        ("today", due("2026-11-21"), Priority::None),
    ]);
    assert_eq!(
        told(&View::Upcoming, &replica),
        ["— 2026-11-22", "tomorrow", "tomorrow at nine", "— 2026-12-24", "later"]
    );
}

#[test]
fn what_is_in_an_archived_list_is_out_of_sight_but_in_its_list() {
    let list = Uuid::from_u128(5);
    let mut replica = Replica::<Task>::default();
    replica.add(Content {
        list_id: Some(list),
        ..titled("old")
    });
    let hidden = |id| id == list;
    assert!(View::All.rows(&replica, locale(), &hidden).is_empty());
    assert_eq!(View::List(list).rows(&replica, locale(), &hidden).len(), 1);
}

#[test]
fn counts_say_what_waits_where() {
    let list = Uuid::from_u128(5);
    let mut replica = replica(&[
        ("late", due("2026-11-20"), Priority::None),
        ("this morning", due("2026-11-21 09:00"), Priority::None),
        ("tonight", due("2026-11-21 20:00"), Priority::None),
        ("tomorrow", due("2026-11-22"), Priority::None),
    ]);
    replica.add(Content {
        list_id: Some(list),
        tags: vec!["flat".to_owned()],
        ..titled("paint")
    });
    let counts = Counts::of(&replica, locale(), &|_| false);
    assert_eq!((counts.today, counts.overdue, counts.inbox), (3, 2, 4));
    assert_eq!(counts.list(list), 1);
    assert_eq!(counts.tags, [("flat".to_owned(), "flat".to_owned(), 1)]);
}
