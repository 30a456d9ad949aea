//! Which tasks a page shows, and in which order.

use super::*;
use crate::model::replica::Content;
use shared::due::Zone;
use shared::priority::Priority;

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
fn local(due: &Due) -> When {
    use chrono::Timelike as _;
    When {
        date: due.date(),
        minute: due.time().map(|time| time.hour() * 60 + time.minute()),
    }
}

fn due(text: &str) -> Option<Due> {
    let (date, time) = text.split_once(' ').unwrap_or((text, ""));
    if time.is_empty() {
        return Due::on(day(date)).ok();
    }
    Due::at(day(date), time.parse().unwrap(), Zone::parse("Europe/London").unwrap()).ok()
}

fn board(tasks: &[(&str, Option<Due>, Priority)]) -> Board {
    let mut board = Board::default();
    for (title, due, priority) in tasks {
        board.add(Content {
            title: (*title).to_owned(),
            due: due.clone(),
            priority: *priority,
            ..Content::default()
        });
    }
    board
}

fn told(view: &View, board: &Board) -> Vec<String> {
    let lines = view.lines(board, clock(), &local, &|_| false);
    let tell = |line| match line {
        Line::Task(key) => board.get(key).unwrap().content.title.clone(),
        Line::Overdue => "— overdue".to_owned(),
        Line::Day(day) => format!("— {day}"),
    };
    lines.into_iter().map(tell).collect()
}

#[test]
fn today_shows_what_is_overdue_first_and_then_the_day_by_time_and_priority() {
    let board = board(&[
        ("at four", due("2026-11-21 16:00"), Priority::None),
        ("some time", due("2026-11-21"), Priority::None),
        ("important", due("2026-11-21"), Priority::High),
        ("late", due("2026-11-20"), Priority::None),
        ("tomorrow", due("2026-11-22"), Priority::High),
        ("never", None, Priority::High),
    ]);
    assert_eq!(
        told(&View::Today, &board),
        ["— overdue", "late", "— 2026-11-21", "important", "some time", "at four"]
    );
}

#[test]
fn today_alone_has_no_heading() {
    let board = board(&[("some time", due("2026-11-21"), Priority::None)]);
    assert_eq!(told(&View::Today, &board), ["some time"]);
}

#[test]
fn upcoming_is_grouped_by_day() {
    let board = board(&[
        ("later", due("2026-12-24"), Priority::None),
        ("tomorrow at nine", due("2026-11-22 09:00"), Priority::None),
        ("tomorrow", due("2026-11-22"), Priority::None),
        ("today", due("2026-11-21"), Priority::None),
    ]);
    assert_eq!(
        told(&View::Upcoming, &board),
        ["— 2026-11-22", "tomorrow", "tomorrow at nine", "— 2026-12-24", "later"]
    );
}

#[test]
fn what_is_in_an_archived_list_is_out_of_sight_but_in_its_list() {
    let list = Uuid::from_u128(5);
    let mut board = Board::default();
    board.add(Content {
        title: "old".to_owned(),
        list_id: Some(list),
        ..Content::default()
    });
    let hidden = |id| id == list;
    assert!(View::All.lines(&board, clock(), &local, &hidden).is_empty());
    assert_eq!(View::List(list).lines(&board, clock(), &local, &hidden).len(), 1);
}

#[test]
fn counts_say_what_waits_where() {
    let list = Uuid::from_u128(5);
    let mut board = board(&[
        ("late", due("2026-11-20"), Priority::None),
        ("this morning", due("2026-11-21 09:00"), Priority::None),
        ("tonight", due("2026-11-21 20:00"), Priority::None),
        ("tomorrow", due("2026-11-22"), Priority::None),
    ]);
    board.add(Content {
        list_id: Some(list),
        tags: vec!["flat".to_owned()],
        ..Content::default()
    });
    let counts = Counts::of(&board, clock(), &local, &|_| false);
    assert_eq!((counts.today, counts.overdue, counts.inbox), (3, 2, 4));
    assert_eq!(counts.list(list), 1);
    assert_eq!(counts.tags, [("flat".to_owned(), "flat".to_owned(), 1)]);
}

#[test]
fn an_address_is_a_page_and_a_page_has_an_address() {
    for (path, view) in [
        ("/today", View::Today),
        ("/tasks", View::All),
        (
            "/lists/00000000-0000-0000-0000-000000000005",
            View::List(Uuid::from_u128(5)),
        ),
    ] {
        assert_eq!(View::at(path), Some(view.clone()));
        assert_eq!(view.path(), path);
    }
    for path in ["/", "/lists/", "/lists/x", "/tags/", "/account", "/today/more"] {
        assert_eq!(View::at(path), None, "{path}");
    }
}
