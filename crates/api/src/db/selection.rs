//! The tasks that somebody asks for: by what they are, in some order, page by page (keyset pagination).
//!
//! The whole list, newest first, is asked for all the time and has prepared statements of its own in `tasks/list.rs`. These
//! here are put together for the question.

use super::conn::Conn;
use super::cursor::{Cursor, Key};
use super::schema::tasks;
use super::sqlite::in_time;
use super::task_row::Task;
use super::types::{ListId, TaskId, UserId, UtcTime};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use shared::query::{Order, Sort};

/// Which tasks, in which order, from which place on.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Which of them; `None` is all.
    pub filter: Option<Box<Filter>>,
    /// By what they are ordered.
    pub sort: Sort,
    /// In which direction.
    pub order: Order,
    /// What comes after this.
    pub after: Option<Cursor>,
    /// So many at most.
    pub limit: Option<i64>,
}

/// Columns of one part of a selection. `query!` is for what is one expression for both databases.
macro_rules! select_part {
    ($conn:expr, $owner:expr, $selection:expr, $part:expr, $columns:expr) => {
        match $conn {
            Conn::Sqlite(conn) => RunQueryDsl::load(for_sqlite($owner, $selection, $part).select($columns), conn),
            Conn::Pooled(conn) => {
                let query = for_postgres($owner, $selection, $part).select($columns);
                diesel_async::RunQueryDsl::load(query, conn).await
            }
            Conn::Shared(conn) => {
                let query = for_postgres($owner, $selection, $part).select($columns);
                diesel_async::RunQueryDsl::load(query, &mut &**conn).await
            }
        }
    };
}

/// What tasks have to be.
#[expect(clippy::option_option, reason = "any, none, or this one")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Folded; each is somewhere in the title or the description.
    pub words: Vec<String>,
    /// Whether they are done.
    pub completed: Option<bool>,
    /// One of these, if there are any.
    pub priorities: Vec<i16>,
    /// Folded; all of them.
    pub tags: Vec<String>,
    /// In this list, or in none.
    pub list: Option<Option<ListId>>,
    /// Subtasks of this task, or of none.
    pub parent: Option<Option<TaskId>>,
    /// `due_order` at least.
    pub due_from: Option<i64>,
    /// `due_order` at most.
    pub due_to: Option<i64>,
    /// Not done, and late.
    pub late: Option<Late>,
}

/// What is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// A day whose `due_order` is before this.
    pub today: i64,
    /// A moment before this.
    pub now: UtcTime,
    /// Wherever on earth a moment is past, its `due_order` is before this. It lets the index end there.
    pub until: i64,
}

/// Those tasks of a selection that have what the order goes by, or those that have not. The latter come last in either
/// direction, which no index has: each part is asked for by itself, and the second one only by whoever gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    With,
    Without,
}

impl Selection {
    /// Whether it is the list as it is, newest first, so that reading it takes as long as what comes of it: anything else goes
    /// through all that the owner has.
    #[must_use]
    pub fn follows_an_index(&self) -> bool {
        self.filter.is_none() && self.sort == Sort::Created && self.order == Order::Descending
    }

    /// Whether some of the tasks may not have what the order goes by.
    fn has_both_parts(&self) -> bool {
        let filter = self.filter.as_ref();
        let always_due =
            filter.is_some_and(|filter| filter.due_from.is_some() || filter.due_to.is_some() || filter.late.is_some());
        match self.sort {
            Sort::Due => !always_due,
            Sort::Completed => true,
            Sort::Priority | Sort::Title | Sort::Created | Sort::Updated | Sort::Position => false,
        }
    }
}

/// The selected tasks of the owner.
///
/// # Errors
/// If the query fails.
pub async fn select(conn: &mut Conn, owner: UserId, selection: &Selection) -> QueryResult<Vec<Task>> {
    in_parts(selection, async |selection, part| {
        select_part!(conn, owner, selection, part, Task::as_select())
    })
    .await
}

/// The ids of the selected tasks of the owner.
///
/// # Errors
/// If the query fails.
pub async fn select_ids(conn: &mut Conn, owner: UserId, selection: &Selection) -> QueryResult<Vec<TaskId>> {
    in_parts(selection, async |selection, part| {
        select_part!(conn, owner, selection, part, tasks::id)
    })
    .await
}

async fn in_parts<T>(
    selection: &Selection,
    mut select: impl AsyncFnMut(&Selection, Part) -> QueryResult<Vec<T>>,
) -> QueryResult<Vec<T>> {
    let is_among_last = matches!(&selection.after, Some(Cursor { key: Key::Nothing, .. }));
    if is_among_last {
        return select(selection, Part::Without).await;
    }
    let mut rows = select(selection, Part::With).await?;
    let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let left = selection.limit.map(|limit| limit - found);
    if selection.has_both_parts() && left != Some(0) {
        let rest = Selection {
            after: None,
            limit: left,
            ..selection.clone()
        };
        rows.extend(select(&rest, Part::Without).await?);
    }
    Ok(rows)
}

/// What servers of the version before wrote in front of each text: control characters (C1) that no title has.
macro_rules! marks {
    () => {
        "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{8d}\u{8e}\u{8f}\
         \u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f}"
    };
}

/// The folded title: the first line of the text to search by.
const SQLITE_TITLE: &str = concat!(
    "ltrim(coalesce(substr(search, 1, instr(search || char(10), char(10)) - 1), ''), '",
    marks!(),
    "')"
);
const POSTGRES_TITLE: &str = concat!("ltrim(coalesce(split_part(search, E'\\n', 1), ''), '", marks!(), "')");

/// A pattern for texts with this part. What the pattern language has for itself is literal.
fn contains(part: &str) -> String {
    let mut pattern = "%".to_owned();
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Orders by a column that always has a value, beginning after a place. That it begins there is said first and by itself,
/// since an index can be entered by it.
macro_rules! order_by {
    ($query:expr, $selection:expr, $key:expr, $after:expr) => {
        match $selection.order {
            Order::Ascending => {
                let query = match $after {
                    Some((key, id)) => $query
                        .filter($key.ge(key.clone()))
                        .filter($key.gt(key).or(tasks::id.gt(id))),
                    None => $query,
                };
                query.order(($key.asc(), tasks::id.asc()))
            }
            Order::Descending => {
                let query = match $after {
                    Some((key, id)) => $query
                        .filter($key.le(key.clone()))
                        .filter($key.lt(key).or(tasks::id.lt(id))),
                    None => $query,
                };
                query.order(($key.desc(), tasks::id.desc()))
            }
        }
    };
}

/// Orders by a column that may be empty: the tasks where it is not, or those where it is, which have an order of their own.
macro_rules! order_part_by {
    ($query:expr, $selection:expr, $part:expr, $column:expr, $after:expr) => {
        match $part {
            Part::With => {
                let query = $query.filter($column.is_not_null());
                order_by!(query, $selection, $column.assume_not_null(), $after)
            }
            Part::Without => {
                let query = $query.filter($column.is_null());
                match ($selection.order, &$selection.after) {
                    (Order::Ascending, None) => query.order(tasks::id.asc()),
                    (Order::Ascending, Some(place)) => query.filter(tasks::id.gt(place.id)).order(tasks::id.asc()),
                    (Order::Descending, None) => query.order(tasks::id.desc()),
                    (Order::Descending, Some(place)) => query.filter(tasks::id.lt(place.id)).order(tasks::id.desc()),
                }
            }
        }
    };
}

/// Declares the function that puts the query together for a backend.
macro_rules! filtered {
    ($name:ident, $backend:ty, $title:expr) => {
        fn $name(owner: UserId, selection: &Selection, part: Part) -> tasks::BoxedQuery<'_, $backend> {
            let mut query = tasks::table
                .filter(tasks::owner_id.eq(owner).and(tasks::deleted_at.is_null()))
                .into_boxed::<$backend>();
            if let Some(filter) = &selection.filter {
                for word in &filter.words {
                    query = query.filter(tasks::search.like(contains(word)).escape('\\'));
                }
                if let Some(completed) = filter.completed {
                    query = query.filter(tasks::completed.eq(completed));
                }
                if !filter.priorities.is_empty() {
                    query = query.filter(tasks::priority.eq_any(&filter.priorities));
                }
                for tag in &filter.tags {
                    query = query.filter(tasks::tag_keys.like(contains(&format!("\n{tag}\n"))).escape('\\'));
                }
                match filter.list {
                    Some(Some(list)) => query = query.filter(tasks::list_id.eq(list)),
                    Some(None) => query = query.filter(tasks::list_id.is_null()),
                    None => {}
                }
                match filter.parent {
                    Some(Some(parent)) => query = query.filter(tasks::parent_id.eq(parent)),
                    Some(None) => query = query.filter(tasks::parent_id.is_null()),
                    None => {}
                }
                if let Some(from) = filter.due_from {
                    query = query.filter(tasks::due_order.ge(from));
                }
                if let Some(to) = filter.due_to {
                    query = query.filter(tasks::due_order.le(to));
                }
                if let Some(late) = filter.late {
                    let day = tasks::due_at
                        .is_null()
                        .and(tasks::due_order.assume_not_null().lt(late.today));
                    let moment = tasks::due_at.assume_not_null().lt(late.now);
                    query = query.filter(tasks::completed.eq(false));
                    query = query
                        .filter(tasks::due_order.lt(late.until))
                        .filter(day.or(moment));
                }
            }
            let after = selection.after.as_ref();
            let time = after.and_then(|place| match place.key {
                Key::Time(time) => Some((time, place.id)),
                _ => None,
            });
            let text = after.and_then(|place| match &place.key {
                Key::Text(text) => Some((text.as_str(), place.id)),
                _ => None,
            });
            let number = after.and_then(|place| match place.key {
                Key::Number(number) => Some((number, place.id)),
                _ => None,
            });
            query = match selection.sort {
                Sort::Due => order_part_by!(query, selection, part, tasks::due_order, number),
                Sort::Completed => order_part_by!(query, selection, part, tasks::completed_at, time),
                Sort::Priority => {
                    let number = number.and_then(|(number, id)| Some((i16::try_from(number).ok()?, id)));
                    order_by!(query, selection, tasks::priority, number)
                }
                Sort::Title => order_by!(query, selection, sql::<Text>($title), text),
                Sort::Position => order_by!(query, selection, tasks::position, text),
                Sort::Created => order_by!(query, selection, tasks::created_at, time),
                Sort::Updated => order_by!(query, selection, tasks::updated_at, time),
            };
            match selection.limit {
                Some(limit) => query.limit(limit),
                None => query,
            }
        }
    };
}

filtered!(filtered_in_sqlite, Sqlite, SQLITE_TITLE);
filtered!(for_postgres, Pg, POSTGRES_TITLE);

/// At each row it is asked whether there is time for more; PostgreSQL looks at the time by itself.
fn for_sqlite(owner: UserId, selection: &Selection, part: Part) -> tasks::BoxedQuery<'_, Sqlite> {
    filtered_in_sqlite(owner, selection, part).filter(in_time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_have_for_themselves_is_literal() {
        assert_eq!(contains(r"50%_\"), r"%50\%\_\\%");
    }
}
