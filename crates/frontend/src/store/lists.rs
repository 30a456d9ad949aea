//! The lists, kept in step as the tasks are: optimistic updates, one request for each under way, rollback.

use super::request::{list_request, outcome};
use super::state::TaskStore;
use crate::api::{Failure, decode};
use crate::browser::{self, spawn};
use crate::model::draft::Draft;
use crate::model::list::ListContent;
use crate::model::replica::{Content, Key, Mutation, Replica, Rollback};
use crate::words::report;
use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::lists::{CreateList, List, ListColor};
use shared::position::Position;
use shared::text::Name;
use uuid::Uuid;

impl TaskStore {
    pub(super) async fn read_lists(self) {
        let client = self.client.get_value();
        let asked = self.list_replica.with_untracked(Replica::now);
        match client.lists().await {
            Ok(lists) => {
                let ids = lists.iter().map(|list| list.id).collect();
                self.list_replica.try_update(|replica| {
                    replica.merge(lists, asked);
                    replica.keep_only(&ids, asked);
                });
            }
            // The tasks say what is wrong; without its lists the page is still of use.
            Err(failure) => {
                self.reachable.try_set(!failure.is_unreachable());
            }
        }
    }

    /// Adds a list, and says what became of it.
    pub async fn create_list(self, name: Name, color: ListColor) -> Result<Uuid, Failure> {
        let client = self.client.get_value();
        let call = client.create_list(&CreateList {
            name,
            color: Some(color),
        });
        let list: List = decode(&client.deliver(&call).await?)?;
        let id = list.id;
        self.list_replica.try_update(|replica| {
            let now = replica.now();
            replica.merge(vec![list], now);
        });
        Ok(id)
    }

    /// A colour for a list that nobody has chosen one for: the next of the rainbow.
    pub fn next_color(self) -> ListColor {
        let count = self.lists.with_untracked(Vec::len);
        let mut colors = ListColor::ALL.into_iter().cycle();
        colors.nth(4 + count * 3).unwrap_or_default()
    }

    /// A list by its name, whatever its case.
    pub fn list_named(self, name: &str) -> Option<Uuid> {
        let name = browser::fold(name.trim());
        self.lists.with_untracked(|lists| {
            let same = lists
                .iter()
                .find(|list| browser::fold(&list.name) == name && !list.archived);
            same.map(|list| list.id)
        })
    }

    /// Adds a task to the list of this name, which is made if there is none.
    pub fn add_to_list_named(
        self,
        name: &str,
        content: Content,
        line: Draft,
        done: impl FnOnce(Option<Key>) + 'static,
    ) {
        if name.trim().eq_ignore_ascii_case("inbox") {
            done(self.add(
                Content {
                    list_id: None,
                    ..content
                },
                line,
            ));
            return;
        }
        if let Some(id) = self.list_named(name) {
            let content = Content {
                list_id: Some(id),
                ..content
            };
            done(self.add(content, line));
            return;
        }
        let Ok(name) = Name::parse(name) else {
            done(self.add(content, line));
            return;
        };
        spawn(async move {
            let said = name.as_str().to_owned();
            match self.create_list(name, self.next_color()).await {
                Ok(id) => {
                    done(self.add(
                        Content {
                            list_id: Some(id),
                            ..content
                        },
                        line,
                    ));
                }
                Err(failure) => {
                    self.drafts.put_back(line);
                    self.report_failure(&report::list_not_added(&said), &failure);
                }
            }
        });
    }

    /// Changes something of a list.
    pub fn change_list(self, id: Uuid, change: impl FnOnce(&mut ListContent)) {
        if let Some(key) = self.list_key(id) {
            self.list_replica.update(|replica| replica.change(key, change));
            self.send_list(key);
        }
    }

    /// Archives a list, or brings it back to sight.
    pub fn archive_list(self, id: Uuid, archived: bool) {
        let Some(name) = self.list_untracked(id).map(|list| list.name) else {
            return;
        };
        let change = move |archived| self.change_list(id, |list| list.archived = archived);
        change(archived);
        let said = if archived {
            report::list_archived(&name)
        } else {
            report::is_back(&name)
        };
        self.offer(said, move || change(!archived));
    }

    /// Whether a list is not archived.
    pub fn is_in_sight(self, id: Uuid) -> bool {
        self.list_untracked(id).is_some_and(|list| !list.archived)
    }

    /// Moves a list up or down among those that are in sight. `false` if it is at the end already.
    pub fn move_list(self, id: Uuid, down: bool) -> bool {
        let other = self.lists.with_untracked(|lists| {
            let shown: Vec<&List> = lists.iter().filter(|list| !list.archived).collect();
            let place = shown.iter().position(|list| list.id == id)?;
            let other = if down { place + 1 } else { place.checked_sub(1)? };
            shown.get(other).map(|list| list.id)
        });
        if let Some(other) = other {
            self.place_list(id, other, down);
        }
        other.is_some()
    }

    /// Moves a list right above or below another one that is in sight.
    pub fn place_list(self, id: Uuid, other: Uuid, below: bool) {
        let position = self.lists.with_untracked(|lists| {
            let others: Vec<&List> = lists.iter().filter(|list| !list.archived && list.id != id).collect();
            let place = others.iter().position(|list| list.id == other)? + usize::from(below);
            let at = |place: Option<usize>| place.and_then(|place| others.get(place)).map(|list| &list.position);
            Position::between(at(place.checked_sub(1)), at(Some(place)))
        });
        if let Some(position) = position {
            self.change_list(id, |list| list.position = position);
        }
    }

    /// Puts a list and its tasks into the trash, or takes them out again.
    pub fn set_list_deleted(self, id: Uuid, deleted: bool) {
        if let Some(key) = self.list_key(id) {
            self.list_replica.update(|replica| replica.set_deleted(key, deleted));
            self.send_list(key);
        }
    }

    /// Sends what a list needs sent, when its turn comes.
    fn send_list(self, key: Key) {
        let Some(client) = self.client.try_get_value() else {
            return;
        };
        let begun = self.list_replica.try_update_untracked(|replica| replica.begin(key));
        let Some(mutation) = begun.flatten() else {
            return;
        };
        let call = list_request(&client, &mutation);
        self.dispatch(
            client,
            call,
            Box::new(move |answer| {
                self.resolve_list(key, &mutation, outcome(&mutation, answer));
            }),
        );
    }

    fn resolve_list(self, key: Key, mutation: &Mutation<ListContent>, outcome: Result<Option<List>, Failure>) {
        match outcome {
            Ok(list) => self.acknowledge_list(key, mutation, list),
            Err(failure) => {
                self.reachable.try_set(!failure.is_unreachable());
                let stale = failure.current::<List>();
                let refused = self.list_replica.try_update(|replica| match stale {
                    Some(current) => {
                        replica.merge_remote(key, mutation, current);
                        None
                    }
                    None => replica.refused(key, mutation),
                });
                if let Some(rollback) = refused.flatten() {
                    self.explain_list(key, &rollback, &failure);
                }
            }
        }
        self.send_list(key);
    }

    fn acknowledge_list(self, key: Key, mutation: &Mutation<ListContent>, list: Option<List>) {
        let sent = match mutation {
            Mutation::Create(content) => Some(&**content),
            Mutation::Update { to, .. } => Some(&**to),
            Mutation::Delete(_) | Mutation::Restore(_) | Mutation::Purge(_) => None,
        };
        self.list_replica.try_update(|replica| match list {
            Some(list) => replica.saved(key, sent, list),
            None => replica.trashed(key),
        });
        // Its tasks come and go with it.
        match mutation {
            Mutation::Delete(id) => {
                let id = *id;
                let name = self.list_name(key);
                self.refresh();
                self.offer(report::list_deleted(&name), move || {
                    self.set_list_deleted(id, false);
                });
            }
            Mutation::Restore(_) => self.refresh(),
            _ => {}
        }
    }

    fn explain_list(self, key: Key, rollback: &Rollback<ListContent>, failure: &Failure) {
        let name = self.list_name(key);
        let what = match rollback {
            Rollback::Addition(_) => report::list_not_added(&name),
            Rollback::Change { .. } => report::list_not_changed(&name),
            Rollback::Deletion { .. } => report::list_not_deleted(&name),
            Rollback::Restoration { .. } | Rollback::Purge => report::LIST_NOT_RESTORED.to_owned(),
        };
        self.report_failure(&what, failure);
        if failure.code() == Some(ErrorCode::NotFound) {
            self.list_replica.try_update(|replica| replica.gone(key));
        }
    }

    fn list_name(self, key: Key) -> String {
        let name = self
            .list_replica
            .try_with_untracked(|replica| replica.get(key).map(|entry| entry.wanted.name.as_str().to_owned()));
        name.flatten().unwrap_or_default()
    }

    fn list_key(self, id: Uuid) -> Option<Key> {
        self.list_replica
            .with_untracked(|replica| replica.find(id).map(|entry| entry.key))
    }

    fn list_untracked(self, id: Uuid) -> Option<List> {
        self.lists
            .with_untracked(|lists| lists.iter().find(|list| list.id == id).cloned())
    }
}

/// The lists as the person sees them, in order.
pub(super) fn in_order(replica: &Replica<List>) -> Vec<List> {
    let mut lists: Vec<List> = replica
        .shown()
        .filter_map(|entry| Some(entry.wanted.over(entry.base.as_ref()?)))
        .collect();
    lists.sort_unstable_by(|a, b| (&a.position, a.id).cmp(&(&b.position, b.id)));
    lists
}
