//! When a task is due and how it comes back, which depend on each other.

use super::error::ChangeError;
use super::time::RequestTime;
use crate::calendar::recurrence;
use crate::db::due::DueColumns;
use crate::db::task_row::FullTask;
use chrono::NaiveDate;
use shared::due::{Due, DueError};
use shared::recurrence::Recurrence;
use shared::rule::RuleViolation;
use shared::tasks::UpdateTask;

/// When a task is due and how it comes back.
pub(super) struct Schedule {
    pub(super) due: Option<Due>,
    pub(super) recurrence: Option<Recurrence>,
    pub(super) series_start: Option<NaiveDate>,
}

impl Schedule {
    /// What the task's is after the change.
    pub(super) fn after(old: &FullTask, update: &UpdateTask, time: RequestTime) -> Result<Self, ChangeError> {
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
            (Some(due), _) => first_due(due.clone(), recurrence, time)?,
            (None, Some(_)) => first_due(old_due.clone(), recurrence, time)?,
            (None, None) => old_due.clone(),
        };
        let same = recurrence == old_recurrence && due.as_ref().map(Due::date) == old_due.as_ref().map(Due::date);
        let series_start = match (recurrence, &due) {
            (Some(_), _) if same && old.series_start.is_some() => old.series_start,
            (Some(_), Some(due)) => Some(due.date()),
            _ => None,
        };
        Ok(Self {
            due,
            recurrence,
            series_start,
        })
    }

    /// When the next one is due once this one is completed, if there is one.
    pub(super) fn next_due(&self, time: RequestTime) -> Option<Due> {
        let today = || Due::on(time.today()).ok();
        let due = self.due.clone().or_else(today)?;
        let first = self.series_start.unwrap_or_else(|| due.date());
        recurrence::next_due(self.recurrence?, first, &due, time.now.into(), time.zone)
    }
}

/// When a task is due: as said, or on the first day of its recurrence.
pub(super) fn first_due(
    due: Option<Due>,
    recurrence: Option<Recurrence>,
    time: RequestTime,
) -> Result<Option<Due>, ChangeError> {
    let first = match (&due, recurrence) {
        (Some(_), _) | (None, None) => return Ok(due),
        (None, Some(Recurrence::AfterCompletion(..))) => Some(time.today()),
        (None, Some(Recurrence::Rule(rule))) => rule.first_from(time.today()),
    };
    match first.map(Due::on) {
        Some(Ok(due)) => Ok(Some(due)),
        _ => Err(broken(DueError::NeverDue)),
    }
}

/// The columns of what is due then.
pub(super) fn due_columns(due: Option<&Due>) -> Result<DueColumns, ChangeError> {
    DueColumns::new(due).map_err(broken)
}

fn broken(error: DueError) -> ChangeError {
    ChangeError::rule("due", RuleViolation::Due(error))
}
