//! Which tasks a page shows, and in which order. Everything here is pure.

use super::replica::{Entry, Key, Replica};
use chrono::NaiveDate;
use shared::due::Due;
use std::cmp::Ordering;
use std::mem;
use uuid::Uuid;

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// What is due today, and what was due before.
    Today,
    /// What is due from tomorrow on, day by day.
    Upcoming,
    /// What belongs to no list.
    Inbox,
    /// All that is to be done.
    All,
    /// What belongs to a list.
    List(Uuid),
    /// What has a tag, in lower case.
    Tag(String),
}

/// A task's day and minute on the person's own clock, and whether they have passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalDue {
    /// The day.
    pub date: NaiveDate,
    /// The minute of the day, if it is due at a moment. No moment comes first: it is for the whole day.
    pub minute: Option<u32>,
}

/// The person's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day.
    pub today: NaiveDate,
    /// The minute of the day.
    pub minute: u32,
}

impl Clock {
    /// Whether that has passed.
    pub fn is_past(self, due: LocalDue) -> bool {
        due.date < self.today || (due.date == self.today && due.minute.is_some_and(|minute| minute < self.minute))
    }
}

/// What the person's place and language make of what a task says. The browser knows it, and the model does not know the
/// browser.
#[derive(Clone, Copy)]
pub struct Locale<'a> {
    /// The person's own clock.
    pub clock: Clock,
    /// Where something is due on that clock, whatever its zone is.
    pub local_due: &'a dyn Fn(&Due) -> LocalDue,
    /// A tag as it is compared: case folding.
    pub fold: &'a dyn Fn(&str) -> String,
}

/// A row of a page: a task, or the heading of those that follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// A task.
    Task(Key),
    /// `Overdue`
    Overdue,
    /// A day.
    Day(NaiveDate),
}

impl View {
    /// Whether both are lists, or both are tags.
    pub fn is_like(&self, other: &Self) -> bool {
        mem::discriminant(self) == mem::discriminant(other)
    }

    /// Whether tasks stand in the person's own order, so that they can be moved up and down.
    pub fn is_ordered_by_hand(&self) -> bool {
        !matches!(self, Self::Today | Self::Upcoming)
    }

    /// Whether a task is shown, if it is to be done.
    fn has(&self, entry: &Entry, replica: &Replica, locale: Locale<'_>) -> bool {
        let content = &entry.wanted;
        let is_part = || {
            content
                .parent_id
                .is_some_and(|parent| replica.find(parent).is_some_and(Entry::is_shown))
        };
        let today = locale.clock.today;
        let local_day = |due: &Due| (locale.local_due)(due).date;
        match self {
            Self::All => !is_part(),
            Self::Inbox => content.list_id.is_none() && !is_part(),
            Self::List(id) => content.list_id == Some(*id) && !is_part(),
            Self::Tag(tag) => content.tags.iter().any(|each| (locale.fold)(each) == *tag),
            Self::Today => content.due.as_ref().is_some_and(|due| local_day(due) <= today),
            Self::Upcoming => content.due.as_ref().is_some_and(|due| local_day(due) > today),
        }
    }

    /// What the page shows that is to be done, from top to bottom. `is_hidden` says which lists are out of sight.
    pub fn rows(&self, replica: &Replica, locale: Locale<'_>, is_hidden: &dyn Fn(Uuid) -> bool) -> Vec<Row> {
        let today = locale.clock.today;
        let mut entries: Vec<&Entry> = replica
            .shown()
            .filter(|entry| !entry.wanted.completed)
            .filter(|entry| matches!(self, Self::List(_)) || !entry.wanted.list_id.is_some_and(is_hidden))
            .filter(|entry| self.has(entry, replica, locale))
            .collect();
        if self.is_ordered_by_hand() {
            arrange(&mut entries, &by_position);
            return entries.into_iter().map(|entry| Row::Task(entry.key)).collect();
        }
        let when = |entry: &Entry| entry.wanted.due.as_ref().map(locale.local_due);
        arrange(&mut entries, &|a, b| {
            when(a)
                .cmp(&when(b))
                .then_with(|| b.wanted.priority.cmp(&a.wanted.priority))
                .then_with(|| by_position(a, b))
        });
        let mut rows = Vec::with_capacity(entries.len() + 8);
        let mut last = None;
        for entry in entries {
            let Some(when) = when(entry) else {
                continue;
            };
            let heading = if when.date < today {
                Row::Overdue
            } else {
                Row::Day(when.date)
            };
            if last != Some(heading) {
                rows.push(heading);
                last = Some(heading);
            }
            rows.push(Row::Task(entry.key));
        }
        // Today alone needs no heading that says so.
        if rows.first() == Some(&Row::Day(today)) {
            rows.remove(0);
        }
        rows
    }

    /// The done tasks of the page that are at hand, the last one first.
    pub fn done(&self, replica: &Replica) -> Vec<Key> {
        let mut entries: Vec<&Entry> = replica
            .shown()
            .filter(|entry| entry.wanted.completed && entry.wanted.parent_id.is_none())
            .filter(|entry| match self {
                Self::All => true,
                Self::Inbox => entry.wanted.list_id.is_none(),
                Self::List(id) => entry.wanted.list_id == Some(*id),
                Self::Today | Self::Upcoming | Self::Tag(_) => false,
            })
            .collect();
        arrange(&mut entries, &by_completion);
        entries.into_iter().map(|entry| entry.key).collect()
    }
}

/// All done tasks that are at hand, the last one first.
pub fn all_done(replica: &Replica) -> Vec<Key> {
    let mut entries: Vec<&Entry> = replica.shown().filter(|entry| entry.wanted.completed).collect();
    arrange(&mut entries, &by_completion);
    entries.into_iter().map(|entry| entry.key).collect()
}

/// Puts tasks in an order. One function for every order: the compiler would make a whole sort of each.
pub fn arrange(entries: &mut [&Entry], order: &dyn Fn(&Entry, &Entry) -> Ordering) {
    entries.sort_unstable_by(|a, b| order(a, b));
}

/// What is not saved yet is on top, the newest first.
pub fn by_position(a: &Entry, b: &Entry) -> Ordering {
    match (&a.wanted.position, &b.wanted.position) {
        (None, None) => b.key.cmp(&a.key),
        (a_position, b_position) => a_position.cmp(b_position).then_with(|| a.id().cmp(&b.id())),
    }
}

/// The last one first; what the server has not confirmed yet is the last.
fn by_completion(a: &Entry, b: &Entry) -> Ordering {
    let rank = |entry: &Entry| (entry.completed_at().is_none(), entry.completed_at());
    rank(b).cmp(&rank(a)).then_with(|| b.key.cmp(&a.key))
}

/// How many tasks are to be done, for the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Due today or before.
    pub today: usize,
    /// Due before today, or before now.
    pub overdue: usize,
    /// In no list.
    pub inbox: usize,
    /// In each list that has any.
    pub lists: Vec<(Uuid, usize)>,
    /// With each tag: in lower case, as it was typed first, and how often. In alphabetical order.
    pub tags: Vec<(String, String, usize)>,
}

impl Counts {
    /// Counts.
    pub fn of(replica: &Replica, locale: Locale<'_>, is_hidden: &dyn Fn(Uuid) -> bool) -> Self {
        let mut counts = Self::default();
        for entry in replica.shown().filter(|entry| !entry.wanted.completed) {
            let content = &entry.wanted;
            let whole = usize::from(content.parent_id.is_none());
            if let Some(list) = content.list_id {
                match counts.lists.iter_mut().find(|(id, _)| *id == list) {
                    Some((_, count)) => *count += whole,
                    None => counts.lists.push((list, whole)),
                }
                if is_hidden(list) {
                    continue;
                }
            } else {
                counts.inbox += whole;
            }
            if let Some(due) = &content.due {
                let due = (locale.local_due)(due);
                counts.today += usize::from(due.date <= locale.clock.today);
                counts.overdue += usize::from(locale.clock.is_past(due));
            }
            for tag in &content.tags {
                counts.tag((locale.fold)(tag), tag);
            }
        }
        counts
    }

    fn tag(&mut self, folded: String, tag: &str) {
        match self.tags.binary_search_by(|(other, ..)| other.as_str().cmp(&folded)) {
            Ok(place) => {
                if let Some((_, _, count)) = self.tags.get_mut(place) {
                    *count += 1;
                }
            }
            Err(place) => self.tags.insert(place, (folded, tag.to_owned(), 1)),
        }
    }

    /// How many there are in a list.
    pub fn list(&self, id: Uuid) -> usize {
        let found = self.lists.iter().find(|(list, _)| *list == id);
        found.map_or(0, |(_, count)| *count)
    }
}

#[cfg(test)]
mod tests;
