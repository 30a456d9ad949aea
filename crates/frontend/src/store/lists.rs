//! The lists: a few dozen at most, so that each change is a request of its own, and on the page before it is answered.

use super::report::shorten;
use super::state::TaskStore;
use crate::api::Failure;
use crate::browser::{self, spawn};
use crate::model::draft::Draft;
use crate::model::replica::{Content, Key};
use leptos::prelude::*;
use shared::lists::{CreateList, List, ListColor, UpdateList};
use shared::position::Position;
use shared::text::Name;
use uuid::Uuid;

impl TaskStore {
    pub(super) async fn read_lists(self) {
        let client = self.client.get_value();
        match client.lists().await {
            Ok(lists) => self.show_lists(lists),
            // The tasks say what is wrong; without its lists the page is still of use.
            Err(failure) => {
                self.reachable.try_set(!failure.is_unreachable());
            }
        }
    }

    fn show_lists(self, read: Vec<List>) {
        let mut lists = Vec::with_capacity(read.len());
        for list in read {
            insert(&mut lists, list);
        }
        if self.lists.with_untracked(|old| *old != lists) {
            self.lists.set(lists);
        }
    }

    fn replace(self, list: List) {
        self.lists.try_update(|lists| {
            lists.retain(|other| other.id != list.id);
            insert(lists, list);
        });
    }

    /// Adds a list, and says what became of it.
    pub async fn create_list(self, name: Name, color: ListColor) -> Result<Uuid, Failure> {
        let client = self.client.get_value();
        let list = client
            .create_list(&CreateList {
                name,
                color: Some(color),
            })
            .await?;
        let id = list.id;
        self.replace(list);
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
                    self.report_failure(&format!("Couldn’t add the list “{}”.", shorten(&said)), &failure);
                }
            }
        });
    }

    /// Changes something of a list.
    pub fn change_list(self, id: Uuid, changes: UpdateList) {
        let Some(before) = self.peek_list(id) else {
            return;
        };
        let mut list = before.clone();
        if let Some(name) = &changes.name {
            name.as_str().clone_into(&mut list.name);
        }
        if let Some(color) = changes.color {
            list.color = color;
        }
        if let Some(position) = &changes.position {
            list.position.clone_from(position);
        }
        if let Some(archived) = changes.archived {
            list.archived = archived;
        }
        self.replace(list);
        let Some(client) = self.client.try_get_value() else {
            return;
        };
        self.started();
        spawn(async move {
            match client.update_list(id, &changes).await {
                Ok(list) => self.replace(list),
                Err(failure) => {
                    let name = shorten(&before.name);
                    self.replace(before);
                    self.report_failure(&format!("Couldn’t change the list “{name}”."), &failure);
                }
            }
            self.ended();
        });
    }

    /// Archives a list, or brings it back to sight.
    pub fn archive_list(self, id: Uuid, archived: bool) {
        let Some(name) = self.peek_list(id).map(|list| list.name) else {
            return;
        };
        let change = move |archived| {
            let archived = Some(archived);
            self.change_list(
                id,
                UpdateList {
                    archived,
                    ..UpdateList::default()
                },
            );
        };
        change(archived);
        let name = shorten(&name);
        let said = if archived {
            format!("Archived “{name}”")
        } else {
            format!("“{name}” is back")
        };
        self.offer(said, move || change(!archived));
    }

    /// Whether a list is not archived.
    pub fn is_in_sight(self, id: Uuid) -> bool {
        self.peek_list(id).is_some_and(|list| !list.archived)
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
        if position.is_some() {
            self.change_list(
                id,
                UpdateList {
                    position,
                    ..UpdateList::default()
                },
            );
        }
    }

    /// Puts a list and its tasks into the trash.
    pub fn delete_list(self, id: Uuid) {
        let (Some(list), Some(client)) = (self.peek_list(id), self.client.try_get_value()) else {
            return;
        };
        self.lists.update(|lists| lists.retain(|other| other.id != id));
        let name = shorten(&list.name);
        self.started();
        spawn(async move {
            match client.delete_list(id).await {
                Ok(()) => {
                    self.refresh();
                    self.offer(format!("Deleted the list “{name}” and its tasks"), move || {
                        self.restore_list(id);
                    });
                }
                Err(failure) => {
                    self.replace(list);
                    self.report_failure(&format!("Couldn’t delete the list “{name}”."), &failure);
                }
            }
            self.ended();
        });
    }

    fn restore_list(self, id: Uuid) {
        let Some(client) = self.client.try_get_value() else {
            return;
        };
        self.started();
        spawn(async move {
            match client.restore_list(id).await {
                Ok(list) => {
                    self.replace(list);
                    self.refresh();
                }
                Err(failure) => self.report_failure("Couldn’t bring the list back.", &failure),
            }
            self.ended();
        });
    }

    fn peek_list(self, id: Uuid) -> Option<List> {
        self.lists
            .with_untracked(|lists| lists.iter().find(|list| list.id == id).cloned())
    }
}

/// Puts a list where its position says.
fn insert(lists: &mut Vec<List>, list: List) {
    let place = lists.partition_point(|other| (&other.position, other.id) < (&list.position, list.id));
    lists.insert(place, list);
}
