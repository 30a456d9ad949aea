//! Every route of the API on one page, with what its description says of it.

use crate::http::error::ApiError;
use crate::http::handlers::health::Health;
use crate::http::handlers::{auth, bulk, health, lists, tasks, transfer, trash};
use crate::http::openapi;
use crate::http::operation::{Access, Operation, Parameter};
use crate::http::spa;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::web::{self, ServiceConfig};
use serde_json::json;
use shared::auth::{
    Acknowledgement, AuthResponse, ChangePasswordRequest, DeleteAccountRequest, LoginRequest, RegisterRequest, User,
};
use shared::due::Zone;
use shared::error::ErrorCode;
use shared::lists::{CreateList, List, UpdateList};
use shared::paths;
use shared::query::{Sort, TaskQuery};
use shared::tags::{Tag, Tags};
use shared::tasks::{ChangeTasks, CreateTask, Deleted, Emptied, Task, TasksChanged, UpdateTask};
use shared::transfer::{Export, ImportReport};
use std::collections::BTreeMap;

/// Every operation of the API.
#[expect(clippy::too_many_lines, reason = "that all are on one page is the point")]
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        post(paths::REGISTER, auth::register)
            .summary("Make an account and sign in to it")
            .takes::<RegisterRequest>()
            .gives::<AuthResponse>(201)
            .header("Set-Cookie", "The session cookie")
            .fails(&[ErrorCode::EmailExists, ErrorCode::RateLimited]),
        post(paths::LOGIN, auth::login)
            .summary("Sign in")
            .takes::<LoginRequest>()
            .gives::<AuthResponse>(200)
            .header("Set-Cookie", "The session cookie")
            .fails(&[ErrorCode::InvalidCredentials, ErrorCode::RateLimited]),
        post(paths::REFRESH, auth::refresh)
            .summary("Exchange the session cookie for an access token, and renew the cookie")
            .access(Access::Cookie)
            .gives::<AuthResponse>(200)
            .header("Set-Cookie", "The renewed session cookie")
            .fails(&[ErrorCode::RateLimited]),
        post(paths::LOGOUT, auth::logout)
            .summary("End this session")
            .access(Access::CookieOrBearer)
            .gives::<Acknowledgement>(200)
            .header("Set-Cookie", "Clears the session cookie"),
        post(paths::LOGOUT_EVERYWHERE, auth::logout_everywhere)
            .summary("End every session of the account")
            .access(Access::Bearer)
            .gives::<Acknowledgement>(200)
            .header("Set-Cookie", "Clears the session cookie"),
        get(paths::ME, auth::get_me)
            .summary("Who am I")
            .access(Access::Bearer)
            .gives::<User>(200),
        delete(paths::ME, auth::delete_me)
            .summary("Delete the account and everything that is its")
            .access(Access::Bearer)
            .takes::<DeleteAccountRequest>()
            .gives::<Acknowledgement>(200)
            .header("Set-Cookie", "Clears the session cookie")
            .fails(&[ErrorCode::InvalidCredentials, ErrorCode::RateLimited]),
        post(paths::PASSWORD, auth::change_password)
            .summary("Change the password and end every other session")
            .access(Access::Bearer)
            .takes::<ChangePasswordRequest>()
            .gives::<AuthResponse>(200)
            .header("Set-Cookie", "The new session cookie")
            .fails(&[ErrorCode::InvalidCredentials, ErrorCode::RateLimited]),
        get(paths::TASKS, tasks::list_tasks)
            .summary("List the tasks that are not in the trash: all of them, newest first, or those that are asked for")
            .access(Access::Owner)
            .parameters(&FILTERS)
            .parameter(TIME_ZONE)
            .parameter(SORT)
            .parameter(ORDER)
            .parameter(LIMIT)
            .parameter(CURSOR)
            .gives_list::<Task>()
            .header(
                "Link",
                "With a limit: the URL of the next page, as rel=\"next\", if there is one (RFC 8288)",
            )
            .fails(&[ErrorCode::InvalidInput]),
        post(paths::TASKS, tasks::create_task)
            .summary("Add a task")
            .access(Access::Owner)
            .parameter(TIME_ZONE)
            .takes::<CreateTask>()
            .gives::<Task>(201)
            .header("Location", "The task's URL")
            .header("ETag", "The task's version"),
        patch(paths::TASKS, bulk::change_tasks)
            .summary("Make one change to several tasks: to all, or to none")
            .access(Access::Owner)
            .parameter(TIME_ZONE)
            .takes::<ChangeTasks>()
            .gives::<TasksChanged>(200)
            .fails(&[ErrorCode::NotFound]),
        get(paths::TASK, tasks::get_task)
            .summary("Get a task")
            .access(Access::Owner)
            .gives::<Task>(200)
            .header("ETag", "The task's version"),
        put(paths::TASK, tasks::update_task)
            .summary("Change the members of a task that the body has")
            .access(Access::Owner)
            .parameter(IF_MATCH)
            .parameter(TIME_ZONE)
            .takes::<UpdateTask>()
            .gives::<Task>(200)
            .header("ETag", "The task's new version")
            .fails(&[ErrorCode::PreconditionFailed]),
        delete(paths::TASK, tasks::delete_task)
            .summary("Move a task to the trash, with its subtasks")
            .access(Access::Owner)
            .parameter(IF_MATCH)
            .gives::<Deleted>(200)
            .fails(&[ErrorCode::PreconditionFailed]),
        patch(paths::TASK_COMPLETE, tasks::toggle_task)
            .summary("Mark a task done if it is not, and the reverse")
            .access(Access::Owner)
            .parameter(IF_MATCH)
            .parameter(TIME_ZONE)
            .gives::<Task>(200)
            .header("ETag", "The task's new version")
            .fails(&[ErrorCode::PreconditionFailed]),
        get(paths::LISTS, lists::list_lists)
            .summary("List the lists by position, archived ones included")
            .access(Access::Owner)
            .gives_list::<List>(),
        post(paths::LISTS, lists::create_list)
            .summary("Add a list, after all that there are")
            .access(Access::Owner)
            .takes::<CreateList>()
            .gives::<List>(201)
            .header("Location", "The list's URL")
            .header("ETag", "The list's version"),
        get(paths::LIST, lists::get_list)
            .summary("Get a list")
            .access(Access::Owner)
            .gives::<List>(200)
            .header("ETag", "The list's version"),
        put(paths::LIST, lists::update_list)
            .summary("Change the members of a list that the body has")
            .access(Access::Owner)
            .parameter(IF_MATCH)
            .takes::<UpdateList>()
            .gives::<List>(200)
            .header("ETag", "The list's new version")
            .fails(&[ErrorCode::PreconditionFailed]),
        delete(paths::LIST, lists::delete_list)
            .summary("Move a list and its tasks to the trash")
            .access(Access::Owner)
            .parameter(IF_MATCH)
            .gives::<Deleted>(200)
            .fails(&[ErrorCode::PreconditionFailed]),
        post(paths::LIST_RESTORE, lists::restore_list)
            .summary("Take a list out of the trash, with the tasks that went there with it")
            .access(Access::Owner)
            .gives::<List>(200)
            .header("ETag", "The list's new version"),
        get(paths::TRASH, trash::list_trash)
            .summary("List the tasks in the trash, last deleted first")
            .access(Access::Owner)
            .parameter(LIMIT)
            .parameter(CURSOR)
            .gives_list::<Task>()
            .header(
                "Link",
                "With a limit: the URL of the next page, as rel=\"next\", if there is one (RFC 8288)",
            )
            .fails(&[ErrorCode::InvalidInput]),
        delete(paths::TRASH, trash::empty_trash)
            .summary("Delete everything for good that is in the trash")
            .access(Access::Owner)
            .gives::<Emptied>(200),
        delete(paths::TRASHED, trash::purge_task)
            .summary("Delete a task for good that is in the trash")
            .access(Access::Owner)
            .gives::<Deleted>(200),
        post(paths::TRASH_RESTORE, trash::restore_task)
            .summary("Take a task out of the trash, with the subtasks that went there with it")
            .access(Access::Owner)
            .gives::<Task>(200)
            .header("ETag", "The task's new version"),
        get(paths::EXPORT, transfer::export)
            .summary("Export everything, or as a table or calendar what is not in the trash")
            .access(Access::Owner)
            .parameter(EXPORT_FORMAT)
            .gives::<Export>(200)
            .or_gives(&["text/csv", "text/calendar"])
            .header("Content-Disposition", "The file's name")
            .fails(&[ErrorCode::InvalidInput]),
        post(paths::IMPORT, transfer::import)
            .summary("Import a file: all of it that is understood and not there yet, or nothing")
            .access(Access::Owner)
            .parameter(IMPORT_FORMAT)
            .parameter(FILE_NAME)
            .parameter(DRY_RUN)
            .parameter(TIME_ZONE)
            .takes_file(&["application/json", "text/csv", "text/calendar", "text/plain"])
            .gives::<ImportReport>(200),
        get(paths::HEALTH, health::health)
            .summary("The process is up")
            .gives::<Health>(200),
        get(paths::READY, health::ready)
            .summary(
                "The process can serve, and will go on to: the database answers, and the server is not about to stop",
            )
            .gives::<Health>(200),
        get(paths::OPENAPI, openapi::get_openapi).summary("This description"),
        get(paths::DOCS, openapi::get_docs)
            .summary("A page to read and try the API")
            .gives_other("text/html"),
    ]
}

/// Registers every route; what is none of them is the app's page, one of its files, or not there.
pub fn configure(config: &mut ServiceConfig) {
    let mut by_path = BTreeMap::<_, Vec<Operation>>::new();
    for operation in operations() {
        // They are tried in this order: what is asked for most comes first.
        let rank = !operation.path.starts_with(paths::TASKS);
        by_path.entry((rank, operation.path)).or_default().push(operation);
    }
    for ((_, path), operations) in by_path {
        let allow = allow(&operations);
        let mut resource = web::resource(path).default_service(web::to(move || {
            let failure = ApiError::MethodNotAllowed(allow.clone());
            async { Err::<HttpResponse, _>(failure) }
        }));
        for operation in operations {
            resource = resource.route(operation.route);
        }
        config.service(resource);
    }
    config
        .service(web::resource(format!("{}/{{file}}", paths::DOCS)).route(web::get().to(openapi::get_docs_file)))
        .default_service(web::to(spa::serve));
}

/// The methods of a path, for `Allow` (RFC 9110 §10.2.1).
fn allow(operations: &[Operation]) -> HeaderValue {
    let mut methods: Vec<&str> = operations.iter().map(|operation| operation.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    HeaderValue::from_str(&methods.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Which tasks are listed.
const FILTERS: [Parameter; 9] = [
    Parameter {
        name: "q",
        place: "query",
        description: "Words, each of which is somewhere in the title or the description, whatever its case",
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

/// Declares `get`, `post` and so on: an operation with that method.
macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        fn $name<F, Args>(path: &'static str, handler: F) -> Operation
        where
            F: actix_web::Handler<Args>,
            Args: actix_web::FromRequest + 'static,
            F::Output: actix_web::Responder + 'static,
        {
            Operation::new(Method::$method, path, handler)
        }
    )*};
}

methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);
