//! What one request does to tasks, in one transaction: what depends on what is known here, and nowhere else.
//!
//! Whoever changes a task [claims](tasks::claim) it first, which is one conditional statement: from then on nobody else
//! changes it until the transaction ends, so that what is decided by looking at it stays true. That is what makes the next
//! task of a recurring one exactly once, however often and however concurrently it is completed.

use crate::calendar::recurrence;
use crate::db::due::{self, DueColumns};
use crate::db::search;
use crate::db::tasks::{self, Expected, FullTask, NewTask, Task, TaskChanges};
use crate::db::types::{ListId, TaskId, UserId, UtcTime};
use crate::db::{Conn, lists};
use crate::http::error::ApiError;
use chrono::NaiveDate;
use chrono_tz::Tz;
use shared::due::{Due, DueError};
use shared::position::Position;
use shared::recurrence::Recurrence;
use shared::rule::RuleViolation;
use shared::tags::Tags;
use shared::tasks::{CreateTask, UpdateTask};

/// When and where a request is made.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Now.
    pub now: UtcTime,
    /// The zone that says which day is today, where a task does not.
    pub zone: Tz,
}

impl Moment {
    /// Now, in that zone.
    #[must_use]
    pub fn now(zone: Tz) -> Self {
        Self {
            now: UtcTime::now(),
            zone,
        }
    }

    /// The day that it is.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        recurrence::day_in(self.zone, self.now.into())
    }
}

/// Adds a task.
///
/// # Errors
/// If the list or the parent is not one that the task can have, or a query fails.
pub async fn create(conn: &mut Conn, owner: UserId, new: &CreateTask, moment: Moment) -> Result<Task, ApiError> {
    let due = first_due(new.due.clone(), new.recurrence, moment)?;
    let list = match (new.parent_id.map(TaskId::from), new.list_id.map(ListId::from)) {
        (Some(parent), list) => {
            let parents = adopt(conn, owner, parent, Count::one(false)).await?;
            if list.is_some() && list != parents {
                return Err(ApiError::field("list_id", RuleViolation::ParentsList));
            }
            parents
        }
        (None, Some(list)) => Some(hold(conn, owner, list).await?),
        (None, None) => None,
    };
    let row = row(owner, new, due.as_ref(), list, moment.now)?;
    tasks::create(conn, &row).await.map_err(ApiError::of_insert)
}

/// Whether adding the task takes one statement, which need not be in a transaction.
#[must_use]
pub fn is_alone(new: &CreateTask) -> bool {
    new.parent_id.is_none() && new.list_id.is_none()
}

fn row(
    owner: UserId,
    new: &CreateTask,
    due: Option<&Due>,
    list: Option<ListId>,
    now: UtcTime,
) -> Result<NewTask, ApiError> {
    let title = new.title.as_str().to_owned();
    let description = new.description.as_ref().map(|text| text.as_str().to_owned());
    let search = search::column(owner, &title, description.as_deref());
    let DueColumns { order, zone, at } = due_columns(due)?;
    let tags = new.tags.clone().unwrap_or_default();
    let position = match &new.position {
        Some(position) => position.clone(),
        None => Position::from_instant(now.into()),
    };
    Ok(NewTask {
        owner_id: owner,
        id: TaskId::generate(),
        title,
        description,
        completed: false,
        version: 1,
        created_at: now,
        updated_at: now,
        due_order: order,
        due_zone: zone,
        due_at: at,
        priority: new.priority.unwrap_or_default().get().into(),
        tag_keys: tag_keys(&tags),
        tags: tags_json(&tags)?,
        list_id: list,
        position: position.as_str().to_owned(),
        parent_id: new.parent_id.map(Into::into),
        subtasks_total: 0,
        subtasks_completed: 0,
        series_start: new.recurrence.and(due).map(Due::date),
        recurrence: new.recurrence.map(|recurrence| recurrence.to_string()),
        next_id: None,
        completed_at: None,
        deleted_at: None,
        search,
    })
}

/// The changed task; `None` if the owner has no such task in an expected version outside of the trash.
///
/// # Errors
/// If the task cannot be changed in this way, or a query fails.
pub async fn update(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    update: &UpdateTask,
    moment: Moment,
) -> Result<Option<Task>, ApiError> {
    let Some(old) = tasks::claim(conn, owner, id, expected, moment.now).await? else {
        return Ok(None);
    };
    let changed = apply(conn, owner, old, update, moment).await?;
    Ok(Some(changed.task))
}

/// The task, done if it was not and the reverse; `None` if the owner has no such task in an expected version outside of
/// the trash.
///
/// # Errors
/// If a query fails.
pub async fn toggle(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    moment: Moment,
) -> Result<Option<Task>, ApiError> {
    let Some(old) = tasks::claim(conn, owner, id, expected, moment.now).await? else {
        return Ok(None);
    };
    let update = UpdateTask {
        completed: Some(!old.task.completed),
        ..UpdateTask::default()
    };
    let changed = apply(conn, owner, old, &update, moment).await?;
    Ok(Some(changed.task))
}

/// What a change of a task has come to.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The task as it is now.
    pub task: Task,
    /// The next one, which came about since it was completed.
    pub next: Option<Task>,
}

/// Changes a task that was [claimed](tasks::claim).
///
/// # Errors
/// If the task cannot be changed in this way, or a query fails.
pub async fn apply(
    conn: &mut Conn,
    owner: UserId,
    old: FullTask,
    update: &UpdateTask,
    moment: Moment,
) -> Result<Changed, ApiError> {
    let id = old.task.id;
    let mut changes = words(owner, &old.task, update)?;
    let planned = plan(&old, update, moment)?;
    if update.due.is_some() || update.recurrence.is_some() {
        let DueColumns { order, zone, at } = due_columns(planned.due.as_ref())?;
        changes.due_order = Some(order);
        changes.due_zone = Some(zone);
        changes.due_at = Some(at);
        changes.recurrence = Some(planned.recurrence.map(|recurrence| recurrence.to_string()));
        changes.series_start = Some(planned.series_start);
    }
    place(conn, owner, &old, update, &mut changes, moment.now).await?;
    let mut next = None;
    match (old.task.completed, update.completed) {
        (false, Some(true)) => {
            changes.completed = Some(true);
            changes.completed_at = Some(Some(moment.now));
            if old.next_id.is_none()
                && let Some(due) = planned.next_due(moment)
            {
                next = Some((TaskId::generate(), due));
                changes.next_id = Some(next.as_ref().map(|(id, _)| *id));
            }
        }
        (true, Some(false)) => {
            changes.completed = Some(false);
            changes.completed_at = Some(None);
            if let Some(next) = old.next_id
                && take_back(conn, owner, next).await?
            {
                changes.next_id = Some(None);
            }
        }
        _ => {}
    }
    let full = tasks::set(conn, owner, id, &changes).await?;
    let next = match next {
        Some((next, due)) => Some(repeat(conn, owner, &full, next, &due, moment.now).await?),
        None => None,
    };
    Ok(Changed { task: full.task, next })
}

/// Moves a task with its subtasks to the trash. `false` if the owner has no such task in an expected version outside of it.
///
/// # Errors
/// If a query fails.
pub async fn trash(
    conn: &mut Conn,
    owner: UserId,
    id: TaskId,
    expected: Expected<'_>,
    now: UtcTime,
) -> Result<Option<Task>, ApiError> {
    let Some(task) = tasks::trash(conn, owner, id, expected, now).await? else {
        return Ok(None);
    };
    if let Some(parent) = task.parent_id {
        tasks::adopt(conn, owner, parent, -1, -i64::from(task.completed)).await?;
    }
    // Also those that somebody has added since this task was looked at: they had to wait for it.
    tasks::trash_subtasks(conn, owner, id, now).await?;
    Ok(Some(task))
}

/// The columns of what is due then.
///
/// # Errors
/// A 400 if there is no such time zone.
pub fn due_columns(due: Option<&Due>) -> Result<DueColumns, ApiError> {
    let at = match due {
        Some(due) if due.zone().is_some() => {
            let at = recurrence::instant(due)
                .ok_or_else(|| ApiError::field("due", RuleViolation::Due(DueError::NoSuchZone)))?;
            Some(at.into())
        }
        _ => None,
    };
    Ok(due::columns(due, at))
}

/// The `tags` column.
///
/// # Errors
/// Never: tags can be written as JSON.
pub fn tags_json(tags: &Tags) -> Result<String, ApiError> {
    serde_json::to_string(tags).map_err(|error| ApiError::Internal(error.into()))
}

/// The `tag_keys` column: each tag folded, between line breaks, which none can have.
#[must_use]
pub fn tag_keys(tags: &Tags) -> String {
    if tags.is_empty() {
        return String::new();
    }
    let mut keys = "\n".to_owned();
    for tag in tags.iter() {
        keys.push_str(&search::fold(tag));
        keys.push('\n');
    }
    keys
}

/// The changes on which nothing else depends, and the text to search by.
fn words(owner: UserId, old: &Task, update: &UpdateTask) -> Result<TaskChanges, ApiError> {
    let mut changes = plain(update)?;
    if update.title.is_some() || update.description.is_some() {
        let title = changes.title.as_deref().unwrap_or(&old.title);
        let description = match &changes.description {
            Some(description) => description.as_deref(),
            None => old.description.as_deref(),
        };
        changes.search = Some(search::column(owner, title, description));
    }
    Ok(changes)
}

fn plain(update: &UpdateTask) -> Result<TaskChanges, ApiError> {
    Ok(TaskChanges {
        title: update.title.as_ref().map(|title| title.as_str().to_owned()),
        description: update
            .description
            .as_ref()
            .map(|text| text.as_ref().map(|text| text.as_str().to_owned())),
        priority: update.priority.map(|priority| priority.get().into()),
        tags: update.tags.as_ref().map(tags_json).transpose()?,
        tag_keys: update.tags.as_ref().map(tag_keys),
        position: update.position.as_ref().map(|position| position.as_str().to_owned()),
        ..TaskChanges::default()
    })
}

/// The whole change, if it takes one statement, which need not be in a transaction: nothing depends on what the task was.
///
/// # Errors
/// Never: see [`tags_json`].
pub fn alone(owner: UserId, update: &UpdateTask) -> Result<Option<TaskChanges>, ApiError> {
    let depends = update.due.is_some()
        || update.recurrence.is_some()
        || update.list_id.is_some()
        || update.parent_id.is_some()
        || update.title.is_some() != update.description.is_some();
    if depends {
        return Ok(None);
    }
    let mut changes = plain(update)?;
    if let (Some(title), Some(description)) = (&changes.title, &changes.description) {
        changes.search = Some(search::column(owner, title, description.as_deref()));
    }
    changes.completed = update.completed;
    changes.completed_at = update.completed.filter(|completed| !completed).map(|_| None);
    Ok(Some(changes))
}

/// When a task is due and how it comes back.
struct Plan {
    due: Option<Due>,
    recurrence: Option<Recurrence>,
    series_start: Option<NaiveDate>,
}

impl Plan {
    /// When the next one is due once this one is completed, if there is one.
    fn next_due(&self, moment: Moment) -> Option<Due> {
        let today = || Due::on(moment.today()).ok();
        let due = self.due.clone().or_else(today)?;
        let first = self.series_start.unwrap_or_else(|| due.date());
        recurrence::next_due(self.recurrence?, first, &due, moment.now.into(), moment.zone)
    }
}

/// What the task's due and recurrence are after the change.
fn plan(old: &FullTask, update: &UpdateTask, moment: Moment) -> Result<Plan, ApiError> {
    let task = &old.task;
    let old_due = task.due();
    let old_recurrence = task.recurrence.as_deref().and_then(|text| Recurrence::parse(text).ok());
    let recurrence = match (update.recurrence, &update.due) {
        (Some(recurrence), _) => recurrence,
        // What is never due does not come back.
        (None, Some(None)) => None,
        (None, _) => old_recurrence,
    };
    let due = match (&update.due, update.recurrence) {
        (Some(due), _) => first_due(due.clone(), recurrence, moment)?,
        (None, Some(_)) => first_due(old_due.clone(), recurrence, moment)?,
        (None, None) => old_due.clone(),
    };
    let same = recurrence == old_recurrence && due.as_ref().map(Due::date) == old_due.as_ref().map(Due::date);
    let series_start = match (recurrence, &due) {
        (Some(_), _) if same && old.series_start.is_some() => old.series_start,
        (Some(_), Some(due)) => Some(due.date()),
        _ => None,
    };
    Ok(Plan {
        due,
        recurrence,
        series_start,
    })
}

/// When a task is due: as said, or on the first day of its recurrence.
fn first_due(due: Option<Due>, recurrence: Option<Recurrence>, moment: Moment) -> Result<Option<Due>, ApiError> {
    let first = match (&due, recurrence) {
        (Some(_), _) | (None, None) => return Ok(due),
        (None, Some(Recurrence::AfterCompletion(..))) => Some(moment.today()),
        (None, Some(Recurrence::Rule(rule))) => rule.first_from(moment.today()),
    };
    match first.map(Due::on) {
        Some(Ok(due)) => Ok(Some(due)),
        _ => Err(ApiError::field("due", RuleViolation::Due(DueError::NeverDue))),
    }
}

/// How many subtasks more.
struct Count {
    total: i64,
    completed: i64,
}

impl Count {
    fn one(completed: bool) -> Self {
        Self {
            total: 1,
            completed: completed.into(),
        }
    }
}

/// Makes the task a subtask, or none, moves it to a list with its subtasks, and keeps the parents' counts.
async fn place(
    conn: &mut Conn,
    owner: UserId,
    old: &FullTask,
    update: &UpdateTask,
    changes: &mut TaskChanges,
    now: UtcTime,
) -> Result<(), ApiError> {
    let task = &old.task;
    let completed = update.completed.unwrap_or(task.completed);
    let parent = match update.parent_id {
        Some(parent) => parent.map(TaskId::from),
        None => task.parent_id,
    };
    if parent == Some(task.id) {
        return Err(ApiError::field("parent_id", RuleViolation::NoSuchParent));
    }
    let mut list = match update.list_id {
        Some(None) => None,
        Some(Some(list)) => Some(list.into()),
        None => task.list_id,
    };
    if parent != task.parent_id {
        if parent.is_some() && task.subtasks_total > 0 {
            return Err(ApiError::field("parent_id", RuleViolation::HasSubtasks));
        }
        if let Some(former) = task.parent_id {
            tasks::adopt(conn, owner, former, -1, -i64::from(task.completed)).await?;
        }
        if let Some(parent) = parent {
            let parents = adopt(conn, owner, parent, Count::one(completed)).await?;
            if update.list_id.is_some() && list != parents {
                return Err(ApiError::field("list_id", RuleViolation::ParentsList));
            }
            list = parents;
        }
        changes.parent_id = Some(parent);
    } else if let Some(parent) = parent {
        if list != task.list_id {
            return Err(ApiError::field("list_id", RuleViolation::ParentsList));
        }
        if completed != task.completed {
            let more = if completed { 1 } else { -1 };
            tasks::adopt(conn, owner, parent, 0, more).await?;
        }
    }
    if list != task.list_id {
        if let (Some(list), None) = (list, parent) {
            hold(conn, owner, list).await?;
        }
        tasks::move_subtasks(conn, owner, task.id, list, now).await?;
        changes.list_id = Some(list);
    }
    Ok(())
}

/// Makes the next one of a recurring task that was completed, with open copies of its subtasks.
async fn repeat(
    conn: &mut Conn,
    owner: UserId,
    full: &FullTask,
    id: TaskId,
    due: &Due,
    now: UtcTime,
) -> Result<Task, ApiError> {
    let done = &full.task;
    let subtasks = tasks::subtasks(conn, owner, done.id).await?;
    if let Some(parent) = done.parent_id {
        tasks::adopt(conn, owner, parent, 1, 0).await?;
    }
    let mut next = copy(owner, full, id, Some(due), now)?;
    next.subtasks_total = i64::try_from(subtasks.len()).unwrap_or_default();
    let next = tasks::create(conn, &next).await?;
    let later = done.due().map(|before| due.date() - before.date());
    for subtask in subtasks {
        // As long before or after its parent as it was.
        let due = subtask
            .task
            .due()
            .and_then(|was| match (later, was.time(), was.zone()) {
                (None, ..) => Some(was),
                (Some(later), Some(time), Some(zone)) => {
                    Due::at(was.date().checked_add_signed(later)?, time, zone.clone()).ok()
                }
                (Some(later), ..) => Due::on(was.date().checked_add_signed(later)?).ok(),
            });
        let mut subtask = copy(owner, &subtask, TaskId::generate(), due.as_ref(), now)?;
        subtask.parent_id = Some(id);
        tasks::create(conn, &subtask).await?;
    }
    Ok(next)
}

/// An open copy of a task, without subtasks.
fn copy(owner: UserId, full: &FullTask, id: TaskId, due: Option<&Due>, now: UtcTime) -> Result<NewTask, ApiError> {
    let task = &full.task;
    let DueColumns { order, zone, at } = due_columns(due)?;
    Ok(NewTask {
        owner_id: owner,
        id,
        title: task.title.clone(),
        description: task.description.clone(),
        completed: false,
        version: 1,
        created_at: now,
        updated_at: now,
        due_order: order,
        due_zone: zone,
        due_at: at,
        priority: task.priority,
        tags: task.tags.clone(),
        tag_keys: full.tag_keys.clone(),
        list_id: task.list_id,
        position: task.position.clone(),
        parent_id: task.parent_id,
        subtasks_total: 0,
        subtasks_completed: 0,
        recurrence: task.recurrence.clone(),
        series_start: full.series_start,
        next_id: None,
        completed_at: None,
        deleted_at: None,
        search: search::column(owner, &task.title, task.description.as_deref()),
    })
}

/// Deletes the next task if nothing has come of it. Whether there is none now.
async fn take_back(conn: &mut Conn, owner: UserId, next: TaskId) -> Result<bool, ApiError> {
    match tasks::take_back(conn, owner, next).await? {
        Some(parent) => {
            if let Some(parent) = parent {
                tasks::adopt(conn, owner, parent, -1, 0).await?;
            }
            Ok(true)
        }
        None => Ok(!tasks::exists(conn, owner, next).await?),
    }
}

async fn adopt(conn: &mut Conn, owner: UserId, parent: TaskId, count: Count) -> Result<Option<ListId>, ApiError> {
    tasks::adopt(conn, owner, parent, count.total, count.completed)
        .await?
        .ok_or_else(|| ApiError::field("parent_id", RuleViolation::NoSuchParent))
}

async fn hold(conn: &mut Conn, owner: UserId, list: ListId) -> Result<ListId, ApiError> {
    if lists::hold(conn, owner, list).await? {
        Ok(list)
    } else {
        Err(ApiError::field("list_id", RuleViolation::NoSuchList))
    }
}
