//! What the list must do whatever is clicked, and whatever the server answers.

use super::*;
use chrono::DateTime;
use shared::lists::{List, ListColor};
use shared::position::Position;
use shared::priority::Priority;
use shared::tasks::SubtaskProgress;
use shared::text::Title;

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
    Content::new(Title::parse(title).unwrap())
}

fn titles(replica: &Replica) -> Vec<&str> {
    replica.shown().map(|entry| entry.wanted.title.as_str()).collect()
}

fn replica_of(tasks: &[Task]) -> Replica {
    let mut replica = Replica::<Task>::default();
    replica.merge(tasks.to_vec(), 0);
    replica
}

fn key_of(replica: &Replica, title: &str) -> Key {
    replica
        .shown()
        .find(|entry| entry.wanted.title.as_str() == title)
        .unwrap()
        .key
}

fn all(tasks: &[Task]) -> HashSet<Uuid> {
    tasks.iter().map(|task| task.id).collect()
}

fn sent(mutation: &Mutation) -> Content {
    match mutation {
        Mutation::Create(content) => (**content).clone(),
        Mutation::Update { to, .. } => (**to).clone(),
        Mutation::Delete(_) | Mutation::Restore(_) | Mutation::Purge(_) => panic!("no content: {mutation:?}"),
    }
}

#[test]
fn a_new_task_is_there_at_once_and_keeps_its_key_when_it_is_saved() {
    let mut replica = replica_of(&[task(1, "old")]);
    let key = replica.add(titled("new"));
    assert_eq!(titles(&replica), ["old", "new"]);
    let mutation = replica.begin(key).unwrap();
    assert_eq!(mutation, Mutation::Create(Box::new(titled("new"))));
    assert_eq!(replica.begin(key), None, "one request at a time");
    replica.saved(key, Some(&sent(&mutation)), task(2, "new"));
    assert_eq!(replica.get(key).unwrap().id(), Some(Uuid::from_u128(2)));
    assert_eq!(replica.begin(key), None, "nothing left to say");
}

#[test]
fn clicks_during_a_request_become_one_more_request_with_the_difference() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| content.completed = true);
    let mutation = replica.begin(key).unwrap();
    assert!(matches!(&mutation, Mutation::Update { version: 1, to, .. } if to.completed));
    for completed in [false, true, false] {
        replica.change(key, |content| content.completed = completed);
    }
    assert_eq!(replica.begin(key), None);
    let mut answer = task(1, "milk");
    answer.completed = true;
    answer.version = 2;
    replica.saved(key, Some(&sent(&mutation)), answer);
    assert!(!replica.get(key).unwrap().wanted.completed, "the last click wins");
    let mutation = replica.begin(key).unwrap();
    assert!(matches!(&mutation, Mutation::Update { version: 2, to, .. } if !to.completed));
    replica.saved(key, Some(&sent(&mutation)), task(1, "milk"));
    assert_eq!(replica.begin(key), None);
}

#[test]
fn what_is_done_to_an_unsaved_task_follows_once_it_is_saved() {
    let mut replica = Replica::<Task>::default();
    let key = replica.add(titled("milk"));
    let mutation = replica.begin(key).unwrap();
    replica.change(key, |content| {
        content.completed = true;
        content.title = titled("oat milk").title;
    });
    replica.saved(key, Some(&sent(&mutation)), task(1, "milk"));
    let Some(Mutation::Update { from, to, .. }) = replica.begin(key) else {
        panic!("nothing to send");
    };
    let changes = to.changes_since(&from);
    assert_eq!(changes.title.unwrap().as_str(), "oat milk");
    assert_eq!(changes.completed, Some(true));
    assert!(changes.description.is_none() && changes.tags.is_none() && changes.position.is_none());
}

#[test]
fn what_the_server_tidies_up_is_not_sent_again() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| content.tags = vec!["Home".to_owned(), "home".to_owned()]);
    let mutation = replica.begin(key).unwrap();
    let mut answer = task(1, "milk");
    answer.tags = vec!["Home".to_owned()];
    replica.saved(key, Some(&sent(&mutation)), answer);
    assert_eq!(replica.begin(key), None);
    assert_eq!(replica.get(key).unwrap().wanted.tags, ["Home"]);
}

#[test]
fn a_refused_task_leaves_the_list_and_comes_back_to_its_field() {
    let mut replica = Replica::<Task>::default();
    let key = replica.add(titled("milk"));
    let mutation = replica.begin(key).unwrap();
    assert_eq!(
        replica.refused(key, &mutation),
        Some(Rollback::Addition(Box::new(titled("milk"))))
    );
    assert!(titles(&replica).is_empty());
}

#[test]
fn a_refused_change_is_rolled_back_and_its_words_come_back() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| content.title = titled("oat milk").title);
    let mutation = replica.begin(key).unwrap();
    let rollback = replica.refused(key, &mutation).unwrap();
    assert_eq!(titles(&replica), ["milk"]);
    assert!(matches!(rollback, Rollback::Change { words: Some(kept), .. } if kept.title == "oat milk"));
    assert_eq!(replica.begin(key), None, "a refusal is not repeated");
}

#[test]
fn a_refusal_does_not_undo_what_was_asked_for_since() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| content.title = titled("oat milk").title);
    let mutation = replica.begin(key).unwrap();
    replica.change(key, |content| {
        content.title = titled("soy milk").title;
        content.priority = Priority::High;
    });
    replica.refused(key, &mutation);
    let mutation = replica.begin(key).unwrap();
    assert_eq!(sent(&mutation).title.as_str(), "soy milk");
    assert_eq!(sent(&mutation).priority, Priority::High);
}

#[test]
fn a_deleted_task_is_hidden_at_once_and_an_undone_deletion_brings_it_back() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.set_deleted(key, true);
    assert!(titles(&replica).is_empty());
    assert_eq!(replica.begin(key), Some(Mutation::Delete(Uuid::from_u128(1))));
    replica.set_deleted(key, false);
    assert_eq!(replica.begin(key), None, "it waits for the answer");
    replica.trashed(key);
    assert_eq!(replica.begin(key), Some(Mutation::Restore(Uuid::from_u128(1))));
    replica.saved(key, None, task(1, "milk"));
    assert_eq!(titles(&replica), ["milk"]);
    assert_eq!(replica.begin(key), None);
}

#[test]
fn a_refused_deletion_brings_the_task_back() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.set_deleted(key, true);
    let mutation = replica.begin(key).unwrap();
    assert!(matches!(
        replica.refused(key, &mutation),
        Some(Rollback::Deletion { .. })
    ));
    assert_eq!(titles(&replica), ["milk"]);
}

#[test]
fn parts_go_into_the_trash_with_their_whole() {
    let mut part = task(2, "flour");
    part.parent_id = Some(Uuid::from_u128(1));
    let mut replica = replica_of(&[task(1, "cake"), part]);
    let key = key_of(&replica, "cake");
    replica.set_deleted(key, true);
    replica.begin(key).unwrap();
    replica.trashed(key);
    assert!(titles(&replica).is_empty());
}

#[test]
fn deleting_a_task_that_is_being_added_waits_for_its_id() {
    let mut replica = Replica::<Task>::default();
    let key = replica.add(titled("milk"));
    let mutation = replica.begin(key).unwrap();
    replica.set_deleted(key, true);
    assert_eq!(replica.begin(key), None);
    replica.saved(key, Some(&sent(&mutation)), task(1, "milk"));
    assert_eq!(replica.begin(key), Some(Mutation::Delete(Uuid::from_u128(1))));
}

#[test]
fn a_list_updates_what_is_in_step_and_drops_what_is_gone() {
    let mut replica = replica_of(&[task(2, "milk"), task(1, "bread")]);
    let key = key_of(&replica, "milk");
    let list = [task(3, "eggs"), task(2, "oat milk")];
    replica.merge(list.to_vec(), replica.now());
    replica.keep_only(&all(&list), replica.now());
    assert_eq!(titles(&replica), ["oat milk", "eggs"]);
    assert_eq!(key_of(&replica, "oat milk"), key, "the same row");
}

#[test]
fn a_list_does_not_undo_what_is_under_way_or_newer() {
    let old = [task(3, "milk"), task(2, "bread"), task(1, "eggs")];
    let mut replica = replica_of(&old);
    let asked = replica.now();
    let (milk, bread, eggs) = (
        key_of(&replica, "milk"),
        key_of(&replica, "bread"),
        key_of(&replica, "eggs"),
    );
    replica.change(milk, |content| content.title = titled("oat milk").title);
    replica.begin(milk).unwrap();
    replica.change(bread, |content| content.title = titled("rye bread").title);
    let mutation = replica.begin(bread).unwrap();
    replica.saved(bread, Some(&sent(&mutation)), task(2, "rye bread"));
    replica.set_deleted(eggs, true);
    replica.begin(eggs).unwrap();
    replica.trashed(eggs);
    let added = replica.add(titled("tea"));
    let mutation = replica.begin(added).unwrap();
    replica.saved(added, Some(&sent(&mutation)), task(4, "tea"));
    replica.merge(old.to_vec(), asked);
    replica.keep_only(&all(&old), asked);
    assert_eq!(titles(&replica), ["oat milk", "rye bread", "tea"]);
    replica.keep_only(&HashSet::new(), replica.now());
    assert_eq!(titles(&replica), ["oat milk"], "only what is under way stays");
}

#[test]
fn a_new_task_that_a_list_brings_before_its_own_answer_is_there_once() {
    let mut replica = Replica::<Task>::default();
    let key = replica.add(titled("milk"));
    let mutation = replica.begin(key).unwrap();
    replica.merge(vec![task(1, "milk")], replica.now());
    replica.saved(key, Some(&sent(&mutation)), task(1, "milk"));
    assert_eq!(titles(&replica), ["milk"]);
    assert_eq!(key_of(&replica, "milk"), key);
}

#[test]
fn two_changes_of_different_members_are_both_kept() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| content.priority = Priority::High);
    let mutation = replica.begin(key).unwrap();
    let mut theirs = task(1, "oat milk");
    theirs.version = 2;
    replica.merge_remote(key, &mutation, theirs);
    let again = replica.begin(key).unwrap();
    assert!(matches!(&again, Mutation::Update { version: 2, .. }));
    assert_eq!(sent(&again).title.as_str(), "oat milk");
    assert_eq!(sent(&again).priority, Priority::High);
    assert_eq!(replica.get(key).unwrap().conflict, None);
}

#[test]
fn words_that_two_have_changed_are_left_to_the_person_and_none_are_lost() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| {
        content.title = titled("soy milk").title;
        content.completed = true;
    });
    let mutation = replica.begin(key).unwrap();
    replica.merge_remote(key, &mutation, task(1, "oat milk"));
    let entry = replica.get(key).unwrap();
    assert_eq!(entry.wanted.title.as_str(), "oat milk", "theirs is shown");
    assert_eq!(entry.conflict.as_ref().unwrap().title, "soy milk", "mine is kept");
    let again = replica.begin(key).unwrap();
    assert!(sent(&again).completed, "the rest goes on");
    assert_eq!(sent(&again).title.as_str(), "oat milk");
}

#[test]
fn the_same_words_from_two_sides_are_no_conflict() {
    let mut replica = replica_of(&[task(1, "milk")]);
    let key = key_of(&replica, "milk");
    replica.change(key, |content| content.title = titled("oat milk").title);
    let mutation = replica.begin(key).unwrap();
    replica.merge_remote(key, &mutation, task(1, "oat milk"));
    assert_eq!(replica.get(key).unwrap().conflict, None);
    assert_eq!(replica.begin(key), None);
}

#[test]
fn many_tasks_change_together_but_for_those_that_are_under_way() {
    let mut replica = replica_of(&[task(1, "milk"), task(2, "bread")]);
    let (milk, bread) = (key_of(&replica, "milk"), key_of(&replica, "bread"));
    replica.change(milk, |content| content.title = titled("oat milk").title);
    replica.begin(milk).unwrap();
    let free = replica.begin_bulk(&[milk, bread]);
    assert_eq!(free, [(bread, Uuid::from_u128(2))]);
    assert_eq!(replica.begin(bread), None, "it is under way now");
    replica.end_bulk([bread]);
    replica.change(bread, |content| content.priority = Priority::Low);
    assert!(replica.begin(bread).is_some());
}

#[test]
fn what_is_read_from_the_trash_is_not_among_the_tasks_and_comes_back_in_step() {
    let mut deleted = task(1, "milk");
    deleted.deleted_at = Some(deleted.created_at);
    let mut replica = replica_of(&[deleted]);
    assert!(titles(&replica).is_empty());
    let key = replica.find(Uuid::from_u128(1)).unwrap().key;
    assert!(replica.get(key).unwrap().is_in_trash());
    assert_eq!(replica.begin(key), None, "it is where it is wanted");
    replica.keep_only(&HashSet::new(), replica.now());
    replica.set_deleted(key, false);
    assert_eq!(replica.begin(key), Some(Mutation::Restore(Uuid::from_u128(1))));
    replica.saved(key, None, task(1, "milk"));
    assert_eq!(titles(&replica), ["milk"]);
    assert_eq!(replica.begin(key), None);
}

#[test]
fn what_was_not_deleted_for_good_is_in_the_trash_again() {
    let mut deleted = task(1, "milk");
    deleted.deleted_at = Some(deleted.created_at);
    let mut replica = replica_of(&[deleted]);
    let key = replica.find(Uuid::from_u128(1)).unwrap().key;
    replica.set_place(key, Place::Gone);
    assert!(!replica.get(key).unwrap().is_in_trash(), "it is gone at once");
    let mutation = replica.begin(key).unwrap();
    assert_eq!(mutation, Mutation::Purge(Uuid::from_u128(1)));
    assert_eq!(replica.refused(key, &mutation), Some(Rollback::Purge));
    assert!(replica.get(key).unwrap().is_in_trash());
    replica.purged();
    assert!(replica.get(key).is_none());
}

fn list(name: &str, version: i64) -> List {
    let instant = DateTime::from_timestamp(0, 0).unwrap();
    List {
        id: Uuid::from_u128(7),
        name: name.to_owned(),
        color: ListColor::Gray,
        position: Position::from_instant(instant),
        archived: false,
        created_at: instant,
        updated_at: instant,
        version,
    }
}

#[test]
fn lists_are_kept_in_step_as_tasks_are() {
    let mut replica = Replica::<List>::default();
    replica.merge(vec![list("Home", 1)], 0);
    let key = replica.find(Uuid::from_u128(7)).unwrap().key;
    replica.change(key, |list| list.color = ListColor::Red);
    let mutation = replica.begin(key).unwrap();
    replica.change(key, |list| list.archived = true);
    assert_eq!(replica.begin(key), None, "one request at a time");
    replica.merge_remote(key, &mutation, list("House", 2));
    let Some(Mutation::Update {
        version: 2, from, to, ..
    }) = replica.begin(key)
    else {
        panic!("nothing to send");
    };
    let changes = to.changes_since(&from);
    assert_eq!((changes.color, changes.archived), (Some(ListColor::Red), Some(true)));
    assert!(changes.name.is_none() && changes.position.is_none(), "their name stays");
    assert_eq!(replica.get(key).unwrap().wanted.name.as_str(), "House");
}

#[test]
fn a_refused_change_of_a_list_is_rolled_back() {
    let mut replica = Replica::<List>::default();
    replica.merge(vec![list("Home", 1)], 0);
    let key = replica.find(Uuid::from_u128(7)).unwrap().key;
    replica.set_deleted(key, true);
    let mutation = replica.begin(key).unwrap();
    assert!(matches!(replica.refused(key, &mutation), Some(Rollback::Deletion { title }) if title == "Home"));
    assert_eq!(replica.shown().count(), 1);
}
