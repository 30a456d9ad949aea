//! What an import is to add: worked out before anything is written, from the file and from what there is.

use crate::db::lists::{List, NewList};
use crate::db::search;
use crate::db::tags::TagColumns;
use crate::db::task_row::{NewTask, Task};
use crate::db::types::{ListId, TaskId, UserId};
use crate::tasks::error::ChangeError;
use crate::tasks::schedule::due_columns;
use crate::transfer::{Import, ImportList, ImportTask, Place};
use shared::input::InputError;
use shared::lists::MAX_LISTS;
use shared::tasks::MAX_SUBTASKS;
use shared::transfer::{ImportReport, ImportedTask};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows that are added in one go: others can write in between.
const PIECE: usize = 200;

/// Bytes of text that are added in one go, beside those of one task.
const PIECE_BYTES: usize = 128 * 1024;

/// Tasks that a report shows.
const SHOWN: usize = 20;

/// What the owner has of what is in a file.
pub(super) struct Existing {
    pub(super) lists: Vec<List>,
    pub(super) tasks: Vec<Task>,
}

/// What is to be added, in pieces.
pub(super) struct Plan {
    pub(super) lists: Vec<Vec<NewList>>,
    /// Parents before their subtasks, and never both in one piece. They count no subtasks yet.
    pub(super) tasks: Vec<Vec<NewTask>>,
    /// What it comes to.
    pub(super) report: ImportReport,
}

/// Says what is to be added.
///
/// # Errors
/// If that would be too many lists.
pub(super) fn plan(import: Import, owner: UserId, existing: Existing) -> Result<Plan, ChangeError> {
    let Import {
        lists,
        tasks,
        mut notes,
        ..
    } = import;
    let names: HashMap<Uuid, String> = lists
        .iter()
        .map(|list| (list.id, list.name.as_str().to_owned()))
        .collect();
    let mut placed = Lists::new(existing.lists);
    for list in lists {
        placed.add(owner, list);
    }
    if placed.live > MAX_LISTS && !placed.new.is_empty() {
        let message = format!("There would be more than {MAX_LISTS} lists");
        return Err(ChangeError::Invalid(InputError::Syntax(message)));
    }
    let old: HashMap<TaskId, Task> = existing.tasks.into_iter().map(|task| (task.id, task)).collect();
    let titles = parents_titles(&tasks, &old);
    let mut report = ImportReport {
        lists_created: placed.new.len().try_into().unwrap_or_default(),
        ..ImportReport::default()
    };
    let mut subtasks: HashMap<TaskId, i64> = HashMap::new();
    let mut rows = Vec::with_capacity(tasks.len());
    for mut task in tasks {
        if let Some(existing) = old.get(&task.id.into()) {
            report.already_there += 1;
            if existing.deleted_at.is_some() && task.deleted_at.is_none() {
                report.in_trash += 1;
                let message = "It is in the trash, where it stays until it is restored";
                notes.add(&place_of(&task), message);
            }
            continue;
        }
        report.created += 1;
        if report.tasks.len() < SHOWN {
            report.tasks.push(ImportedTask {
                title: task.title.as_str().to_owned(),
                list: task.list_id.and_then(|list| names.get(&list).cloned()),
                parent: task.parent_id.and_then(|parent| titles.get(&parent).cloned()),
                due: task.due.clone(),
                recurrence: task.recurrence,
                priority: task.priority,
                completed: task.completed,
            });
        }
        let mut list = task.list_id.and_then(|list| placed.of(list, task.deleted_at.is_some()));
        if let Some(parent) = task.parent_id.and_then(|parent| old.get(&parent.into())) {
            // It is there already, perhaps otherwise than in the file.
            if parent.parent_id.is_none() && (parent.deleted_at.is_none() || task.deleted_at.is_some()) {
                list = parent.list_id;
            } else {
                task.parent_id = None;
                notes.add(
                    &place_of(&task),
                    "Its parent can have no subtasks any more: it stands for itself",
                );
            }
        }
        if let (Some(parent), None) = (task.parent_id, task.deleted_at) {
            let count = subtasks.entry(parent.into()).or_default();
            let existing = old.get(&parent.into()).map_or(0, |parent| parent.subtasks_total);
            if has_room(existing + *count) {
                *count += 1;
            } else {
                task.parent_id = None;
                let message =
                    format!("Its parent has {MAX_SUBTASKS} subtasks, as many as it can: it stands for itself");
                notes.add(&place_of(&task), &message);
            }
        }
        let bytes = task.title.as_str().len() + task.description.as_ref().map_or(0, |text| text.as_str().len());
        rows.push((bytes, row(owner, task, list)?));
    }
    rows.sort_by_key(|(_, row): &(usize, NewTask)| row.parent_id.is_some());
    report.not_understood = notes.first().to_vec();
    report.not_understood_total = notes.total();
    Ok(Plan {
        lists: placed.new.chunks(PIECE).map(<[NewList]>::to_vec).collect(),
        tasks: pieces(rows),
        report,
    })
}

/// Whether a task that has so many subtasks can have one more.
pub(super) fn has_room(subtasks: i64) -> bool {
    usize::try_from(subtasks).is_ok_and(|subtasks| subtasks < MAX_SUBTASKS)
}

/// Cuts rows, each with the bytes of its text, into what is added in one go.
fn pieces(rows: Vec<(usize, NewTask)>) -> Vec<Vec<NewTask>> {
    let mut pieces: Vec<Vec<NewTask>> = Vec::new();
    let (mut room, mut subtasks) = (0, false);
    for (bytes, row) in rows {
        match pieces.last_mut() {
            Some(piece) if piece.len() < PIECE && bytes <= room && row.parent_id.is_some() == subtasks => {
                room -= bytes;
                piece.push(row);
            }
            _ => {
                room = PIECE_BYTES.saturating_sub(bytes);
                subtasks = row.parent_id.is_some();
                pieces.push(vec![row]);
            }
        }
    }
    pieces
}

fn place_of(task: &ImportTask) -> Place {
    Place {
        line: None,
        item: Some(task.title.as_str().to_owned()),
    }
}

/// The titles of the tasks that the first ones are below.
fn parents_titles(tasks: &[ImportTask], old: &HashMap<TaskId, Task>) -> HashMap<Uuid, String> {
    let new = tasks.iter().filter(|task| !old.contains_key(&task.id.into()));
    let parents: HashSet<Uuid> = new.take(SHOWN).filter_map(|task| task.parent_id).collect();
    let existing = parents.iter().filter_map(|id| old.get(&(*id).into()));
    let existing = existing.map(|task| (task.id.into(), task.title.clone()));
    let added = tasks.iter().filter(|task| parents.contains(&task.id));
    let added = added.map(|task| (task.id, task.title.as_str().to_owned()));
    added.chain(existing).collect()
}

/// The lists of a file, and which of the owner's each is mapped to.
struct Lists {
    /// The existing ones: the list's id, and whether it is in the trash.
    by_id: HashMap<Uuid, bool>,
    /// The first of those that are not in the trash, by their folded names.
    by_name: HashMap<String, ListId>,
    /// By their ids in the file; and whether they are in the trash.
    mapped: HashMap<Uuid, (ListId, bool)>,
    new: Vec<NewList>,
    live: usize,
}

impl Lists {
    fn new(existing: Vec<List>) -> Self {
        let mut by_name = HashMap::new();
        for list in existing.iter().filter(|list| list.deleted_at.is_none()) {
            by_name.entry(search::fold(&list.name)).or_insert(list.id);
        }
        Self {
            live: existing.iter().filter(|list| list.deleted_at.is_none()).count(),
            by_id: existing
                .into_iter()
                .map(|list| (list.id.into(), list.deleted_at.is_some()))
                .collect(),
            by_name,
            mapped: HashMap::new(),
            new: Vec::new(),
        }
    }

    fn add(&mut self, owner: UserId, list: ImportList) {
        let same_id = self.by_id.get(&list.id).copied();
        let found = match same_id {
            Some(deleted) if !deleted || !list.by_name => Some((list.id.into(), deleted)),
            _ if list.by_name => {
                let existing = self.by_name.get(&search::fold(list.name.as_str()));
                existing.map(|id| (*id, false))
            }
            _ => None,
        };
        if let Some(existing) = found {
            self.mapped.insert(list.id, existing);
            return;
        }
        // A list of that name that is in the trash stays there.
        let id = if same_id.is_some() {
            ListId::generate()
        } else {
            list.id.into()
        };
        self.mapped.insert(list.id, (id, list.deleted_at.is_some()));
        self.live += usize::from(list.deleted_at.is_none());
        self.new.push(NewList {
            owner_id: owner,
            id,
            name: list.name.into_string(),
            color: list.color.as_str().to_owned(),
            position: list.position.as_str().to_owned(),
            archived: list.archived,
            created_at: list.created_at.into(),
            updated_at: list.updated_at.into(),
            deleted_at: list.deleted_at.map(Into::into),
        });
    }

    /// The list that a task goes to. What is not in the trash cannot be in a list that is.
    fn of(&self, list: Uuid, in_trash: bool) -> Option<ListId> {
        let (id, deleted) = self.mapped.get(&list)?;
        (in_trash || !deleted).then_some(*id)
    }
}

fn row(owner: UserId, task: ImportTask, list: Option<ListId>) -> Result<NewTask, ChangeError> {
    let title = task.title.into_string();
    let description = task.description.map(shared::text::Description::into_string);
    Ok(NewTask {
        completed: task.completed,
        updated_at: task.updated_at.into(),
        due: due_columns(task.due.as_ref())?,
        priority: task.priority.get().into(),
        tags: TagColumns::new(&task.tags),
        list_id: list,
        position: task.position.as_str().to_owned(),
        parent_id: task.parent_id.map(Into::into),
        recurrence: task.recurrence.map(|recurrence| recurrence.to_string()),
        series_start: task.series_start,
        completed_at: task.completed_at.map(Into::into),
        deleted_at: task.deleted_at.map(Into::into),
        ..NewTask::new(owner, task.id.into(), title, description, task.created_at.into())
    })
}
