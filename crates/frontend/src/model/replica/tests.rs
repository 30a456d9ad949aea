//! What the list must do whatever is clicked, and whatever the server answers.

use super::*;
use chrono::DateTime;
use shared::position::Position;
use shared::priority::Priority;
use shared::tasks::SubtaskProgress;

fn task(number: u32, title: &str) -> Task {
    let instant = DateTime::from_timestamp(i64::from(number), 0).unwrap();
    Task {
        id: Uuid::from_u128(u128::from(number)),
        user_id: "ada".to_owned(),
        title: title.to_owned(),
        description: None,
        completed: false,
        created_at: instant,
        updated_at: instant,
        due: None,
        priority: Priority::None,
        tags: Vec::new(),
        list_id: None,
        position: Position::from_instant(instant),
        parent_id: None,
        subtasks: SubtaskProgress::default(),
        recurrence: None,
        completed_at: None,
        deleted_at: None,
        version: 1,
    }
}

fn titled(title: &str) -> Content {
    Content {
        title: title.to_owned(),
        ..Content::default()
    }
}

fn titles(board: &Board) -> Vec<&str> {
    board.shown().map(|entry| entry.content.title.as_str()).collect()
}

fn board_of(tasks: &[Task]) -> Board {
    let mut board = Board::default();
    board.merge(tasks.to_vec(), 0);
    board
}

fn key_of(board: &Board, title: &str) -> Key {
    board.shown().find(|entry| entry.content.title == title).unwrap().key
}

fn all(tasks: &[Task]) -> HashSet<Uuid> {
    tasks.iter().map(|task| task.id).collect()
}

fn sent(write: &Write) -> Content {
    match write {
        Write::Create(content) => (**content).clone(),
        Write::Update { to, .. } => (**to).clone(),
        Write::Delete(_) | Write::Restore(_) => panic!("no content: {write:?}"),
    }
}

#[test]
fn a_new_task_is_there_at_once_and_keeps_its_key_when_it_is_saved() {
    let mut board = board_of(&[task(1, "old")]);
    let key = board.add(titled("new"));
    assert_eq!(titles(&board), ["old", "new"]);
    let write = board.begin(key).unwrap();
    assert_eq!(write, Write::Create(Box::new(titled("new"))));
    assert_eq!(board.begin(key), None, "one request at a time");
    board.saved(key, Some(&sent(&write)), task(2, "new"));
    assert_eq!(board.get(key).unwrap().id(), Some(Uuid::from_u128(2)));
    assert_eq!(board.begin(key), None, "nothing left to say");
}

#[test]
fn clicks_during_a_request_become_one_more_request_with_the_difference() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| content.completed = true);
    let write = board.begin(key).unwrap();
    assert!(matches!(&write, Write::Update { version: 1, to, .. } if to.completed));
    for completed in [false, true, false] {
        board.change(key, |content| content.completed = completed);
    }
    assert_eq!(board.begin(key), None);
    let mut answer = task(1, "milk");
    answer.completed = true;
    answer.version = 2;
    board.saved(key, Some(&sent(&write)), answer);
    assert!(!board.get(key).unwrap().content.completed, "the last click wins");
    let write = board.begin(key).unwrap();
    assert!(matches!(&write, Write::Update { version: 2, to, .. } if !to.completed));
    board.saved(key, Some(&sent(&write)), task(1, "milk"));
    assert_eq!(board.begin(key), None);
}

#[test]
fn what_is_done_to_an_unsaved_task_follows_once_it_is_saved() {
    let mut board = Board::default();
    let key = board.add(titled("milk"));
    let write = board.begin(key).unwrap();
    board.change(key, |content| {
        content.completed = true;
        content.title = "oat milk".to_owned();
    });
    board.saved(key, Some(&sent(&write)), task(1, "milk"));
    let Some(Write::Update { from, to, .. }) = board.begin(key) else {
        panic!("nothing to send");
    };
    let changes = to.changes_since(&from);
    assert_eq!(changes.title.unwrap().as_str(), "oat milk");
    assert_eq!(changes.completed, Some(true));
    assert!(changes.description.is_none() && changes.tags.is_none() && changes.position.is_none());
}

#[test]
fn what_the_server_tidies_up_is_not_sent_again() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| content.tags = vec!["Home".to_owned(), "home".to_owned()]);
    let write = board.begin(key).unwrap();
    let mut answer = task(1, "milk");
    answer.tags = vec!["Home".to_owned()];
    board.saved(key, Some(&sent(&write)), answer);
    assert_eq!(board.begin(key), None);
    assert_eq!(board.get(key).unwrap().content.tags, ["Home"]);
}

#[test]
fn a_refused_task_leaves_the_list_and_comes_back_to_its_field() {
    let mut board = Board::default();
    let key = board.add(titled("milk"));
    let write = board.begin(key).unwrap();
    assert_eq!(
        board.refused(key, &write),
        Some(Rollback::Addition(Box::new(titled("milk"))))
    );
    assert!(titles(&board).is_empty());
}

#[test]
fn a_refused_change_is_rolled_back_and_its_words_come_back() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| content.title = "oat milk".to_owned());
    let write = board.begin(key).unwrap();
    let rollback = board.refused(key, &write).unwrap();
    assert_eq!(titles(&board), ["milk"]);
    assert!(matches!(rollback, Rollback::Change { words: Some(kept), .. } if kept.title == "oat milk"));
    assert_eq!(board.begin(key), None, "a refusal is not repeated");
}

#[test]
fn a_refusal_does_not_undo_what_was_asked_for_since() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| content.title = "oat milk".to_owned());
    let write = board.begin(key).unwrap();
    board.change(key, |content| {
        content.title = "soy milk".to_owned();
        content.priority = Priority::High;
    });
    board.refused(key, &write);
    let write = board.begin(key).unwrap();
    assert_eq!(sent(&write).title, "soy milk");
    assert_eq!(sent(&write).priority, Priority::High);
}

#[test]
fn a_deleted_task_is_hidden_at_once_and_an_undone_deletion_brings_it_back() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.set_deleted(key, true);
    assert!(titles(&board).is_empty());
    assert_eq!(board.begin(key), Some(Write::Delete(Uuid::from_u128(1))));
    board.set_deleted(key, false);
    assert_eq!(board.begin(key), None, "it waits for the answer");
    board.trashed(key);
    assert_eq!(board.begin(key), Some(Write::Restore(Uuid::from_u128(1))));
    board.saved(key, None, task(1, "milk"));
    assert_eq!(titles(&board), ["milk"]);
    assert_eq!(board.begin(key), None);
}

#[test]
fn a_refused_deletion_brings_the_task_back() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.set_deleted(key, true);
    let write = board.begin(key).unwrap();
    assert!(matches!(board.refused(key, &write), Some(Rollback::Deletion { .. })));
    assert_eq!(titles(&board), ["milk"]);
}

#[test]
fn parts_go_into_the_trash_with_their_whole() {
    let mut part = task(2, "flour");
    part.parent_id = Some(Uuid::from_u128(1));
    let mut board = board_of(&[task(1, "cake"), part]);
    let key = key_of(&board, "cake");
    board.set_deleted(key, true);
    board.begin(key).unwrap();
    board.trashed(key);
    assert!(titles(&board).is_empty());
}

#[test]
fn deleting_a_task_that_is_being_added_waits_for_its_id() {
    let mut board = Board::default();
    let key = board.add(titled("milk"));
    let write = board.begin(key).unwrap();
    board.set_deleted(key, true);
    assert_eq!(board.begin(key), None);
    board.saved(key, Some(&sent(&write)), task(1, "milk"));
    assert_eq!(board.begin(key), Some(Write::Delete(Uuid::from_u128(1))));
}

#[test]
fn a_list_updates_what_is_in_step_and_drops_what_is_gone() {
    let mut board = board_of(&[task(2, "milk"), task(1, "bread")]);
    let key = key_of(&board, "milk");
    let list = [task(3, "eggs"), task(2, "oat milk")];
    board.merge(list.to_vec(), board.now());
    board.keep_only(&all(&list), board.now());
    assert_eq!(titles(&board), ["oat milk", "eggs"]);
    assert_eq!(key_of(&board, "oat milk"), key, "the same row");
}

#[test]
fn a_list_does_not_undo_what_is_under_way_or_newer() {
    let old = [task(3, "milk"), task(2, "bread"), task(1, "eggs")];
    let mut board = board_of(&old);
    let asked = board.now();
    let (milk, bread, eggs) = (key_of(&board, "milk"), key_of(&board, "bread"), key_of(&board, "eggs"));
    board.change(milk, |content| content.title = "oat milk".to_owned());
    board.begin(milk).unwrap();
    board.change(bread, |content| content.title = "rye bread".to_owned());
    let write = board.begin(bread).unwrap();
    board.saved(bread, Some(&sent(&write)), task(2, "rye bread"));
    board.set_deleted(eggs, true);
    board.begin(eggs).unwrap();
    board.trashed(eggs);
    let added = board.add(titled("tea"));
    let write = board.begin(added).unwrap();
    board.saved(added, Some(&sent(&write)), task(4, "tea"));
    board.merge(old.to_vec(), asked);
    board.keep_only(&all(&old), asked);
    assert_eq!(titles(&board), ["oat milk", "rye bread", "tea"]);
    board.keep_only(&HashSet::new(), board.now());
    assert_eq!(titles(&board), ["oat milk"], "only what is under way stays");
}

#[test]
fn a_new_task_that_a_list_brings_before_its_own_answer_is_there_once() {
    let mut board = Board::default();
    let key = board.add(titled("milk"));
    let write = board.begin(key).unwrap();
    board.merge(vec![task(1, "milk")], board.now());
    board.saved(key, Some(&sent(&write)), task(1, "milk"));
    assert_eq!(titles(&board), ["milk"]);
    assert_eq!(key_of(&board, "milk"), key);
}

#[test]
fn two_changes_of_different_members_are_both_kept() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| content.priority = Priority::High);
    let write = board.begin(key).unwrap();
    let mut theirs = task(1, "oat milk");
    theirs.version = 2;
    board.met(key, &write, theirs);
    let again = board.begin(key).unwrap();
    assert!(matches!(&again, Write::Update { version: 2, .. }));
    assert_eq!(sent(&again).title, "oat milk");
    assert_eq!(sent(&again).priority, Priority::High);
    assert_eq!(board.get(key).unwrap().conflict, None);
}

#[test]
fn words_that_two_have_changed_are_left_to_the_person_and_none_are_lost() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| {
        content.title = "soy milk".to_owned();
        content.completed = true;
    });
    let write = board.begin(key).unwrap();
    board.met(key, &write, task(1, "oat milk"));
    let entry = board.get(key).unwrap();
    assert_eq!(entry.content.title, "oat milk", "theirs is shown");
    assert_eq!(entry.conflict.as_ref().unwrap().title, "soy milk", "mine is kept");
    let again = board.begin(key).unwrap();
    assert!(sent(&again).completed, "the rest goes on");
    assert_eq!(sent(&again).title, "oat milk");
}

#[test]
fn the_same_words_from_two_sides_are_no_conflict() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.change(key, |content| content.title = "oat milk".to_owned());
    let write = board.begin(key).unwrap();
    board.met(key, &write, task(1, "oat milk"));
    assert_eq!(board.get(key).unwrap().conflict, None);
    assert_eq!(board.begin(key), None);
}

#[test]
fn many_tasks_change_together_but_for_those_that_are_under_way() {
    let mut board = board_of(&[task(1, "milk"), task(2, "bread")]);
    let (milk, bread) = (key_of(&board, "milk"), key_of(&board, "bread"));
    board.change(milk, |content| content.title = "oat milk".to_owned());
    board.begin(milk).unwrap();
    let free = board.begin_together(&[milk, bread]);
    assert_eq!(free, [(bread, Uuid::from_u128(2))]);
    assert_eq!(board.begin(bread), None, "it is under way now");
    board.end_together([bread]);
    board.change(bread, |content| content.priority = Priority::Low);
    assert!(board.begin(bread).is_some());
}
