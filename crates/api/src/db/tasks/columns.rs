//! The columns of a task in one piece, for the statements that run most.
//!
//! Diesel writes each column anew for each query that goes to PostgreSQL, only to find that it has been prepared, and reads
//! each through a view of the row that is made for it. Each of these is a twentieth of what a list costs.

use crate::db::schema::tasks;
use crate::db::task_row::Task;
use crate::db::types::{DbTimestamp, DbUuid, ListId, TaskId, UtcTime};
use diesel::backend::Backend;
use diesel::debug_query;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::dsl::SqlTypeOf;
use diesel::expression::ValidGrouping;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::row::Row;
use diesel::sql_types::{BigInt, Bool, SmallInt, SqlType, Text};
use diesel::sqlite::Sqlite;
use std::sync::LazyLock;

/// The columns of a [`Task`] that is not in the trash.
#[derive(Clone, Copy, QueryId, ValidGrouping)]
pub(super) struct LiveColumns;

/// What they are, taken together. To diesel it is one value, so it does not count them. PostgreSQL's `record` stands for it; SQLite
/// asks for no type.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 2249, array_oid = 2287))]
pub(super) struct TaskColumns;

impl Expression for LiveColumns {
    type SqlType = TaskColumns;
}

impl<T> SelectableExpression<T> for LiveColumns where tasks::id: SelectableExpression<T> {}

impl<T> AppearsOnTable<T> for LiveColumns where tasks::id: AppearsOnTable<T> {}

impl<DB: Backend> QueryFragment<DB> for LiveColumns {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let columns = debug_query::<Pg, _>(&<Task as Selectable<Pg>>::construct_selection()).to_string();
            columns.split(" -- ").next().unwrap_or_default().to_owned()
        });
        pass.push_sql(&SQL);
        Ok(())
    }
}

// One for each backend: of all backends, diesel might say so itself one day.
impl FromSqlRow<TaskColumns, Sqlite> for Task {
    fn build_from_row<'a>(row: &impl Row<'a, Sqlite>) -> deserialize::Result<Self> {
        read(row)
    }
}

impl FromSqlRow<TaskColumns, Pg> for Task {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        read(row)
    }
}

fn read<'a, DB>(row: &impl Row<'a, DB>) -> deserialize::Result<Task>
where
    DB: Backend,
    TaskId: FromSql<DbUuid, DB>,
    ListId: FromSql<DbUuid, DB>,
    UtcTime: FromSql<DbTimestamp, DB>,
    String: FromSql<Text, DB>,
    bool: FromSql<Bool, DB>,
    i16: FromSql<SmallInt, DB>,
    i64: FromSql<BigInt, DB>,
{
    // In the order in which the struct has its members, and the columns stand in SQL. What depends on another column is not
    // read where that has nothing: a column costs the same whether there is something in it or not.
    macro_rules! column {
        ($number:literal, $column:ident) => {
            row.get_value::<SqlTypeOf<tasks::$column>, _, _>($number)?
        };
    }
    let completed = column!(3, completed);
    let due_order = column!(7, due_order);
    let subtasks_total = column!(14, subtasks_total);
    Ok(Task {
        id: column!(0, id),
        title: column!(1, title),
        description: column!(2, description),
        completed,
        version: column!(4, version),
        created_at: column!(5, created_at),
        updated_at: column!(6, updated_at),
        due_order,
        due_zone: match due_order {
            Some(_) => column!(8, due_zone),
            None => None,
        },
        priority: column!(9, priority),
        tags: column!(10, tags),
        list_id: column!(11, list_id),
        position: column!(12, position),
        parent_id: column!(13, parent_id),
        subtasks_total,
        subtasks_completed: match subtasks_total {
            0 => 0,
            _ => column!(15, subtasks_completed),
        },
        recurrence: column!(16, recurrence),
        completed_at: if completed { column!(17, completed_at) } else { None },
        // `LiveColumns` are not asked for where there are others.
        deleted_at: None,
    })
}
