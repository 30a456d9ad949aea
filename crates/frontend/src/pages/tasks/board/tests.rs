//! What the list must do whatever is clicked, and whatever the server answers.

use super::*;
use chrono::DateTime;
use shared::position::Position;
use shared::priority::Priority;
use shared::tasks::SubtaskProgress;

fn task(number: u32, title: &str) -> Task {
    Task {
        id: Uuid::from_u128(u128::from(number)),
        user_id: "ada".to_owned(),
        title: title.to_owned(),
        description: None,
        completed: false,
        created_at: DateTime::from_timestamp(i64::from(number), 0).unwrap(),
        updated_at: DateTime::from_timestamp(i64::from(number), 0).unwrap(),
        due: None,
        priority: Priority::None,
        tags: Vec::new(),
        list_id: None,
        position: Position::from_instant(DateTime::from_timestamp(i64::from(number), 0).unwrap()),
        parent_id: None,
        subtasks: SubtaskProgress::default(),
        recurrence: None,
        completed_at: None,
        deleted_at: None,
        version: 1,
    }
}

fn words(title: &str) -> Words {
    Words {
        title: title.to_owned(),
        description: String::new(),
    }
}

fn titles(board: &Board) -> Vec<&str> {
    board.section(false).map(|e| e.content.title.as_str()).collect()
}

fn board_of(tasks: &[Task]) -> Board {
    let mut board = Board::default();
    board.merge(tasks.to_vec(), 0);
    board
}

fn key_of(board: &Board, title: &str) -> Key {
    board.entries.iter().find(|e| e.content.title == title).unwrap().key
}

#[test]
fn lists_are_newest_first_and_done_tasks_have_a_section_of_their_own() {
    let mut done = task(2, "done");
    done.completed = true;
    let board = board_of(&[task(3, "new"), done, task(1, "old")]);
    assert_eq!(titles(&board), ["new", "old"]);
    assert_eq!(board.section(true).count(), 1);
}

#[test]
fn a_new_task_is_on_top_at_once_and_keeps_its_key_when_it_is_saved() {
    let mut board = board_of(&[task(1, "old")]);
    let key = board.add(words("new"));
    assert_eq!(titles(&board), ["new", "old"]);
    assert_eq!(board.begin(key), Some(Write::Create(words("new"))));
    assert_eq!(board.begin(key), None, "one request at a time");
    board.saved(key, task(2, "new"));
    assert_eq!(board.get(key).unwrap().id(), Some(Uuid::from_u128(2)));
    assert_eq!(board.begin(key), None, "nothing left to say");
}

#[test]
fn clicks_during_a_request_become_one_more_request_with_the_difference() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.complete(key, true);
    assert!(matches!(
        board.begin(key),
        Some(Write::Update {
            completed: Some(true),
            title: None,
            ..
        })
    ));
    board.complete(key, false);
    board.complete(key, true);
    board.complete(key, false);
    assert_eq!(board.begin(key), None);
    let mut answer = task(1, "milk");
    answer.completed = true;
    board.saved(key, answer);
    assert!(!board.get(key).unwrap().content.completed, "the last click wins");
    assert!(matches!(
        board.begin(key),
        Some(Write::Update {
            completed: Some(false),
            ..
        })
    ));
    board.saved(key, task(1, "milk"));
    assert_eq!(board.begin(key), None);
}

#[test]
fn what_is_done_to_an_unsaved_task_follows_once_it_is_saved() {
    let mut board = Board::default();
    let key = board.add(words("milk"));
    board.begin(key).unwrap();
    board.complete(key, true);
    board.reword(key, words("oat milk"));
    board.saved(key, task(1, "milk"));
    assert_eq!(
        board.begin(key),
        Some(Write::Update {
            id: Uuid::from_u128(1),
            title: Some("oat milk".to_owned()),
            description: None,
            completed: Some(true),
        })
    );
}

#[test]
fn a_refused_task_leaves_the_list_and_its_words_come_back() {
    let mut board = Board::default();
    let key = board.add(words("milk"));
    let write = board.begin(key).unwrap();
    assert_eq!(board.refused(key, &write), Some(Rollback::Addition(words("milk"))));
    assert!(titles(&board).is_empty());
}

#[test]
fn a_refused_change_is_rolled_back_and_its_words_come_back() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.reword(key, words("oat milk"));
    let write = board.begin(key).unwrap();
    let rollback = board.refused(key, &write).unwrap();
    assert_eq!(titles(&board), ["milk"]);
    assert!(matches!(rollback, Rollback::Change { words: Some(kept), .. } if kept == words("oat milk")));
    assert_eq!(board.begin(key), None, "a refusal is not repeated");
}

#[test]
fn a_refusal_does_not_undo_what_was_asked_for_since() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.reword(key, words("oat milk"));
    let write = board.begin(key).unwrap();
    board.reword(key, words("soy milk"));
    board.complete(key, true);
    board.refused(key, &write);
    assert!(matches!(
        board.begin(key),
        Some(Write::Update { title: Some(title), completed: Some(true), .. }) if title == "soy milk"
    ));
}

#[test]
fn a_deleted_task_is_hidden_at_once_and_sent_only_when_buried() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.delete(key);
    assert!(titles(&board).is_empty());
    assert_eq!(board.begin(key), None);
    assert_eq!(board.undoable(), [key]);
    board.bury(key);
    let write = board.begin(key).unwrap();
    assert_eq!(write, Write::Delete(Uuid::from_u128(1)));
    board.refused(key, &write);
    assert_eq!(titles(&board), ["milk"], "a refused deletion brings the task back");
}

#[test]
fn an_undone_deletion_sends_nothing() {
    let mut board = board_of(&[task(1, "milk")]);
    let key = key_of(&board, "milk");
    board.delete(key);
    board.undo_delete(key);
    board.bury(key);
    assert_eq!(titles(&board), ["milk"]);
    assert_eq!(board.begin(key), None);
}

#[test]
fn deleting_a_task_that_is_being_added_waits_for_its_id() {
    let mut board = Board::default();
    let key = board.add(words("milk"));
    board.begin(key).unwrap();
    board.delete(key);
    board.bury(key);
    assert_eq!(board.begin(key), None);
    board.saved(key, task(1, "milk"));
    assert_eq!(board.begin(key), Some(Write::Delete(Uuid::from_u128(1))));
}

#[test]
fn a_list_updates_what_is_in_step_and_drops_what_is_gone() {
    let mut board = board_of(&[task(2, "milk"), task(1, "bread")]);
    let key = key_of(&board, "milk");
    board.merge(vec![task(3, "eggs"), task(2, "oat milk")], board.now());
    assert_eq!(titles(&board), ["eggs", "oat milk"]);
    assert_eq!(key_of(&board, "oat milk"), key, "the same row");
}

#[test]
fn a_list_does_not_undo_what_is_under_way_or_newer() {
    let mut board = board_of(&[task(3, "milk"), task(2, "bread"), task(1, "eggs")]);
    let asked = board.now();
    let (milk, bread, eggs) = (key_of(&board, "milk"), key_of(&board, "bread"), key_of(&board, "eggs"));
    board.reword(milk, words("oat milk"));
    board.begin(milk).unwrap();
    board.reword(bread, words("rye bread"));
    board.begin(bread).unwrap();
    board.saved(bread, task(2, "rye bread"));
    board.delete(eggs);
    board.bury(eggs);
    board.begin(eggs).unwrap();
    board.gone(eggs);
    let added = board.add(words("tea"));
    board.begin(added).unwrap();
    board.saved(added, task(4, "tea"));
    board.merge(vec![task(3, "milk"), task(2, "bread"), task(1, "eggs")], asked);
    assert_eq!(titles(&board), ["tea", "oat milk", "rye bread"]);
    board.merge(vec![task(5, "jam")], board.now());
    assert_eq!(titles(&board), ["jam", "oat milk"], "only what is under way stays");
}

#[test]
fn a_new_task_that_a_list_brings_before_its_own_answer_is_there_once() {
    let mut board = Board::default();
    let key = board.add(words("milk"));
    board.begin(key).unwrap();
    board.merge(vec![task(1, "milk")], board.now());
    board.saved(key, task(1, "milk"));
    assert_eq!(titles(&board), ["milk"]);
    assert_eq!(key_of(&board, "milk"), key);
}

#[test]
fn the_keyboard_goes_to_the_next_task_then_to_the_one_above() {
    let board = board_of(&[task(3, "a"), task(2, "b"), task(1, "c")]);
    let (a, b, c) = (key_of(&board, "a"), key_of(&board, "b"), key_of(&board, "c"));
    assert_eq!(board.neighbour(a), Some(b));
    assert_eq!(board.neighbour(c), Some(b));
    let lonely = board_of(&[task(1, "a")]);
    assert_eq!(lonely.neighbour(key_of(&lonely, "a")), None);
}
