//! Importing: putting a file beside what its owner has. What is there already is left alone, the rest is added as the file
//! has it, all of it or nothing. It is idempotent: the same file a second time adds nothing.

use super::error::ChangeError;
use super::schedule::due_columns;
use crate::db::lists::{self, List, NewList};
use crate::db::tags::TagColumns;
use crate::db::task_row::{NewTask, Task};
use crate::db::types::{ListId, TaskId, UserId};
use crate::db::{Conn, Db, QueryError, bulk, search, tasks};
use crate::transfer::{Import, ImportList, ImportTask, Place};
use shared::input::InputError;
use shared::lists::MAX_LISTS;
use shared::tasks::MAX_SUBTASKS;
use shared::transfer::{ImportReport, ImportedTask};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Tasks that a report shows.
const SHOWN: usize = 20;

/// What the owner has of what is in a file.
struct Existing {
    lists: Vec<List>,
    tasks: Vec<Task>,
}

/// What is to be added.
struct Plan {
    lists: Vec<NewList>,
    /// Parents before their subtasks.
    tasks: Vec<NewTask>,
    /// Tasks that get subtasks: how many, and how many of those are done.
    parents: HashMap<TaskId, (i64, i64)>,
    /// What it comes to.
    report: ImportReport,
}

/// Adds what a file has, or with `dry_run` only says what that would be.
///
/// # Errors
/// If that would be too many lists, or the database cannot do it.
pub async fn import(db: &Db, owner: UserId, import: Import, dry_run: bool) -> Result<ImportReport, ChangeError> {
    if dry_run {
        let existing = db.read(async |conn| look_up(conn, owner, &import).await).await?;
        let mut report = plan(import, owner, existing)?.report;
        report.dry_run = true;
        return Ok(report);
    }
    let add = async move |conn: &mut Conn| {
        let existing = look_up(conn, owner, &import).await?;
        let plan = plan(import, owner, existing)?;
        carry_out(conn, owner, plan).await
    };
    db.transaction(add).await
}

/// Looks up what the owner has of what is in a file.
async fn look_up(conn: &mut Conn, owner: UserId, import: &Import) -> Result<Existing, QueryError> {
    let ids: Vec<TaskId> = import.tasks.iter().map(|task| task.id.into()).collect();
    Ok(Existing {
        lists: lists::all(conn, owner).await?,
        tasks: bulk::find(conn, owner, &ids).await?,
    })
}

/// Says what is to be added.
fn plan(import: Import, owner: UserId, existing: Existing) -> Result<Plan, ChangeError> {
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
    let mut parents: HashMap<TaskId, (i64, i64)> = HashMap::new();
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
            let count = parents.entry(parent.into()).or_default();
            let existing = old.get(&parent.into()).map_or(0, |parent| parent.subtasks_total);
            if usize::try_from(existing + count.0).is_ok_and(|count| count < MAX_SUBTASKS) {
                count.0 += 1;
                count.1 += i64::from(task.completed);
            } else {
                task.parent_id = None;
                let message =
                    format!("Its parent has {MAX_SUBTASKS} subtasks, as many as it can: it stands for itself");
                notes.add(&place_of(&task), &message);
            }
        }
        rows.push(row(owner, task, list)?);
    }
    rows.sort_by_key(|row: &NewTask| row.parent_id.is_some());
    for row in &mut rows {
        if let Some((total, completed)) = parents.remove(&row.id) {
            (row.subtasks_total, row.subtasks_completed) = (total, completed);
        }
    }
    report.not_understood = notes.first().to_vec();
    report.not_understood_total = notes.total();
    Ok(Plan {
        lists: placed.new,
        tasks: rows,
        parents,
        report,
    })
}

/// Adds what is to be added.
async fn carry_out(conn: &mut Conn, owner: UserId, plan: Plan) -> Result<ImportReport, ChangeError> {
    let Plan {
        lists,
        tasks,
        parents,
        mut report,
    } = plan;
    if !lists.is_empty() {
        lists::create(conn, &lists).await.map_err(ChangeError::of_insert)?;
    }
    // Lists and parents are added here, or were there a moment ago.
    let added = bulk::create(conn, &tasks).await.map_err(ChangeError::of_insert)?;
    let added = u64::try_from(added).unwrap_or_default();
    // Somebody else has imported the same meanwhile.
    report.already_there += report.created.saturating_sub(added);
    report.created = added;
    for (parent, (total, completed)) in parents {
        tasks::adjust_subtask_counts(conn, owner, parent, total, completed).await?;
    }
    Ok(report)
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
