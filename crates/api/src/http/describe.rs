//! What the arguments of handlers say of an operation: each takes something from the request, and fails in ways of its own. The
//! description has all of that from here, so that no route says it again.

use crate::app::App;
use crate::auth::Caller;
use crate::auth::caller::{InOrder, Owner, Reading};
use crate::auth::cross_site::SameSite;
use crate::auth::sign_in::Source;
use crate::http::client::Client;
use crate::http::extract::{Body, File, IfMatch, ListPath, LocalZone, Nothing, TaskPath};
use crate::http::handlers::auth::{CookieOrBearer, SessionCookie};
use crate::http::handlers::docs::Description;
use crate::http::handlers::transfer::{ExportQuery, ImportQuery};
use crate::http::operation::{Access, Describe, Operation, Parameter};
use crate::http::query::{ListRequest, Page};
use actix_web::web::Data;
use serde_json::json;
use shared::due::Zone;
use shared::error::ErrorCode;
use shared::query::{Sort, TaskQuery};
use shared::tags::{Tag, Tags};
use utoipa::ToSchema;

/// Declares arguments that are no business of the client's.
macro_rules! not_from_the_client {
    ($($argument:ty),+) => {$(
        impl Describe for $argument {
            fn describe(_: &mut Operation) {}
        }
    )+};
}

not_from_the_client!(Data<App>, Data<Description>, Client, Source, Nothing, ());

/// Declares the arguments of a handler that has so many.
macro_rules! arguments {
    ($($argument:ident)+) => {
        impl<$($argument: Describe),+> Describe for ($($argument,)+) {
            fn describe(operation: &mut Operation) {
                $($argument::describe(operation);)+
            }
        }
    };
}

arguments!(A);
arguments!(A B);
arguments!(A B C);

impl Describe for Caller {
    fn describe(operation: &mut Operation) {
        operation.access = Access::Bearer;
        operation.imply(&[ErrorCode::Unauthorized]);
    }
}

impl Describe for Owner {
    fn describe(operation: &mut Operation) {
        operation.access = Access::Owner;
        operation.parameters.push(USER_ID);
        operation.imply(&[ErrorCode::Unauthorized, ErrorCode::Forbidden]);
    }
}

impl<A: Describe> Describe for Reading<A> {
    fn describe(operation: &mut Operation) {
        Owner::describe(operation);
        A::describe(operation);
    }
}

impl Describe for SessionCookie {
    fn describe(operation: &mut Operation) {
        operation.access = Access::Cookie;
        operation.imply(&[ErrorCode::Unauthorized]);
    }
}

impl Describe for CookieOrBearer {
    fn describe(operation: &mut Operation) {
        operation.access = Access::CookieOrBearer;
        operation.imply(&[ErrorCode::Unauthorized]);
    }
}

impl Describe for SameSite {
    fn describe(operation: &mut Operation) {
        operation.imply(&[ErrorCode::CrossSite]);
    }
}

impl<A: Describe, B: Describe> Describe for InOrder<A, B> {
    fn describe(operation: &mut Operation) {
        A::describe(operation);
        B::describe(operation);
    }
}

impl<T: ToSchema> Describe for Body<T> {
    fn describe(operation: &mut Operation) {
        operation.body = Some(operation.schema::<T>());
        operation.imply(&BODY_FAILURES);
    }
}

impl Describe for File {
    fn describe(operation: &mut Operation) {
        operation.file = &["application/json", "text/csv", "text/calendar", "text/plain"];
        operation.imply(&BODY_FAILURES);
    }
}

impl Describe for TaskPath {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(TASK_ID);
        operation.imply(&[ErrorCode::InvalidInput, ErrorCode::NotFound]);
    }
}

impl Describe for ListPath {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(LIST_ID);
        operation.imply(&[ErrorCode::InvalidInput, ErrorCode::NotFound]);
    }
}

impl Describe for IfMatch {
    fn describe(operation: &mut Operation) {
        operation.parameters.push(IF_MATCH);
        operation.imply(&[ErrorCode::PreconditionFailed]);
    }
}

/// Declares arguments that are read from the query, with their parameters.
macro_rules! queries {
    ($($argument:ty: $parameters:expr;)+) => {$(
        impl Describe for $argument {
            fn describe(operation: &mut Operation) {
                operation.parameters.extend_from_slice(&$parameters);
                operation.imply(&[ErrorCode::InvalidInput]);
            }
        }
    )+};
}

queries! {
    LocalZone: [TIME_ZONE];
    Page: [LIMIT, CURSOR];
    ExportQuery: [EXPORT_FORMAT];
    ImportQuery: [IMPORT_FORMAT, FILE_NAME, DRY_RUN, TIME_ZONE];
}

impl Describe for ListRequest {
    fn describe(operation: &mut Operation) {
        operation.parameters.extend_from_slice(&FILTERS);
        operation
            .parameters
            .extend_from_slice(&[TIME_ZONE, SORT, ORDER, LIMIT, CURSOR]);
        operation.imply(&[ErrorCode::InvalidInput]);
    }
}

const BODY_FAILURES: [ErrorCode; 3] = [
    ErrorCode::InvalidInput,
    ErrorCode::TooLarge,
    ErrorCode::UnsupportedMediaType,
];

const USER_ID: Parameter = Parameter {
    name: "user_id",
    place: "path",
    description: "The caller's id",
    schema: || json!({ "type": "string" }),
};

const TASK_ID: Parameter = Parameter {
    name: "id",
    place: "path",
    description: "The task's id",
    schema: || json!({ "type": "string", "format": "uuid" }),
};

const LIST_ID: Parameter = Parameter {
    description: "The list's id",
    ..TASK_ID
};

/// Which tasks are listed.
const FILTERS: [Parameter; 9] = [
    Parameter {
        name: "q",
        place: "query",
        description: "Words, each of which is somewhere in the title or the description, whatever its case: 20 different ones at most",
        schema: || json!({ "type": "string", "minLength": 1, "maxLength": TaskQuery::MAX_Q }),
    },
    Parameter {
        name: "completed",
        place: "query",
        description: "Only those that are done, or only those that are not",
        schema: || json!({ "type": "boolean" }),
    },
    Parameter {
        name: "priority",
        place: "query",
        description: "Only those of this priority; of one of these if it is repeated",
        schema: || json!({ "type": "array", "items": { "type": "integer", "minimum": 0, "maximum": 3 } }),
    },
    Parameter {
        name: "tag",
        place: "query",
        description: "Only those with this tag, whatever its case; with all of these if it is repeated",
        schema: || {
            let tag = json!({ "type": "string", "minLength": 1, "maxLength": Tag::MAX });
            json!({ "type": "array", "maxItems": Tags::MAX, "items": tag })
        },
    },
    Parameter {
        name: "list_id",
        place: "query",
        description: "Only those of this list; `inbox` is those of none",
        schema: || json!({ "anyOf": [{ "type": "string", "format": "uuid" }, { "const": "inbox" }] }),
    },
    Parameter {
        name: "parent_id",
        place: "query",
        description: "Only subtasks of this task; `none` is those that are no subtasks",
        schema: || json!({ "anyOf": [{ "type": "string", "format": "uuid" }, { "const": "none" }] }),
    },
    Parameter {
        name: "due_from",
        place: "query",
        description: "Only those due on this day or later, each by its own zone's calendar",
        schema: || json!({ "type": "string", "format": "date" }),
    },
    Parameter {
        name: "due_to",
        place: "query",
        description: "Only those due on this day or earlier, each by its own zone's calendar",
        schema: || json!({ "type": "string", "format": "date" }),
    },
    Parameter {
        name: "overdue",
        place: "query",
        description: "`true`: only those that are not done and were due before today, or before now if at a time",
        schema: || json!({ "type": "boolean" }),
    },
];

const TIME_ZONE: Parameter = Parameter {
    name: "time_zone",
    place: "query",
    description: "The IANA time zone that says which day is today, such as Europe/London; UTC if none is said",
    schema: || json!({ "type": "string", "maxLength": Zone::MAX }),
};

const SORT: Parameter = Parameter {
    name: "sort",
    place: "query",
    description: "What the order goes by; what is never due, or not done, comes last in either direction",
    schema: || json!({ "enum": Sort::ALL.map(Sort::as_str), "default": Sort::default().as_str() }),
};

const ORDER: Parameter = Parameter {
    name: "order",
    place: "query",
    description: "Its direction. Without it: the highest priority, the newest, and the latest change and completion \
        first, and all else ascending",
    schema: || json!({ "enum": ["asc", "desc"] }),
};

const LIMIT: Parameter = Parameter {
    name: "limit",
    place: "query",
    description: "Tasks on a page at most; without it the whole list comes",
    schema: || json!({ "type": "integer", "minimum": 1, "maximum": TaskQuery::MAX_LIMIT }),
};

const CURSOR: Parameter = Parameter {
    name: "cursor",
    place: "query",
    description: "Where to go on, as the next link has it",
    schema: || json!({ "type": "string" }),
};

const EXPORT_FORMAT: Parameter = Parameter {
    name: "format",
    place: "query",
    description: "What to write; json is complete, and can be imported again",
    schema: || json!({ "type": "string", "enum": ["json", "csv", "ics"], "default": "json" }),
};

const IMPORT_FORMAT: Parameter = Parameter {
    name: "format",
    place: "query",
    description: "What the file is: an export of ours (json, or csv, which has less), of Google Tasks, TickTick or Todoist, \
        todo.txt or iCalendar; or any of these, told by what it begins with (auto)",
    schema: || {
        let formats = [
            "json", "auto", "csv", "google", "ics", "ticktick", "todo.txt", "todoist",
        ];
        json!({ "type": "string", "enum": formats, "default": "json" })
    },
};

const FILE_NAME: Parameter = Parameter {
    name: "name",
    place: "query",
    description: "What the file is called; of Todoist's, it is the project, and becomes a list",
    schema: || json!({ "type": "string" }),
};

const DRY_RUN: Parameter = Parameter {
    name: "dry_run",
    place: "query",
    description: "Only say what would be imported",
    schema: || json!({ "type": "boolean", "default": false }),
};

const IF_MATCH: Parameter = Parameter {
    name: "If-Match",
    place: "header",
    description: "Change the task only in this version (its ETag)",
    schema: || json!({ "type": "string" }),
};
