//! Every route of the API on one page, with what its description says of it.

use crate::http::error::ApiError;
use crate::http::handlers::docs::Description;
use crate::http::handlers::health::Health;
use crate::http::handlers::{auth, bulk, docs, health, lists, tasks, transfer, trash};
use crate::http::openapi;
use crate::http::operation::{Describe, Operation};
use crate::http::spa;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::web::{self, Data, ServiceConfig};
use serde_json::Value;
use shared::auth::{Acknowledgement, AuthResponse, User};
use shared::error::ErrorCode;
use shared::lists::List;
use shared::paths;
use shared::tasks::{Deleted, Emptied, Task, TasksChanged};
use shared::transfer::{Export, ImportReport};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every operation of the API.
#[expect(clippy::too_many_lines, reason = "that all are on one page is the point")]
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        post(paths::REGISTER, auth::register)
            .summary("Make an account and sign in to it")
            .gives::<AuthResponse>(201)
            .header("Set-Cookie", "The session cookie, and one that knows the device again")
            .fails(&[ErrorCode::EmailExists, ErrorCode::RateLimited]),
        post(paths::LOGIN, auth::login)
            .summary("Sign in")
            .gives::<AuthResponse>(200)
            .header("Set-Cookie", "The session cookie, and one that knows the device again")
            .fails(&[ErrorCode::InvalidCredentials, ErrorCode::RateLimited]),
        post(paths::REFRESH, auth::refresh)
            .summary("Exchange the session cookie for an access token, and renew the cookie")
            .gives::<AuthResponse>(200)
            .header("Set-Cookie", "The renewed session cookie")
            .fails(&[ErrorCode::RateLimited]),
        post(paths::LOGOUT, auth::logout)
            .summary("End this session")
            .gives::<Acknowledgement>(200)
            .header("Set-Cookie", "Clears the session cookie"),
        post(paths::LOGOUT_EVERYWHERE, auth::logout_everywhere)
            .summary("End every session of the account")
            .gives::<Acknowledgement>(200)
            .header("Set-Cookie", "Clears the session cookie"),
        get(paths::ME, auth::get_me).summary("Who am I").gives::<User>(200),
        delete(paths::ME, auth::delete_me)
            .summary("Delete the account and everything that is its")
            .gives::<Acknowledgement>(200)
            .header("Set-Cookie", "Clears the session cookie")
            .fails(&[ErrorCode::InvalidCredentials, ErrorCode::RateLimited]),
        post(paths::PASSWORD, auth::change_password)
            .summary("Change the password and end every other session")
            .gives::<AuthResponse>(200)
            .header(
                "Set-Cookie",
                "The new session cookie, and one that knows the device again",
            )
            .fails(&[ErrorCode::InvalidCredentials, ErrorCode::RateLimited]),
        get(paths::TASKS, tasks::list_tasks)
            .summary("List the tasks that are not in the trash: all of them, newest first, or those that are asked for")
            .gives_list::<Task>()
            .header(
                "Link",
                "With a limit: the URL of the next page, as rel=\"next\", if there is one (RFC 8288)",
            ),
        post(paths::TASKS, tasks::create_task)
            .summary("Add a task")
            .gives::<Task>(201)
            .header("Location", "The task's URL")
            .header("ETag", "The task's version")
            .fails(&[ErrorCode::LimitReached]),
        patch(paths::TASKS, bulk::change_tasks)
            .summary("Make one change to several tasks: to all, or to none")
            .gives::<TasksChanged>(200)
            .fails(&[ErrorCode::NotFound]),
        get(paths::TASK, tasks::get_task)
            .summary("Get a task")
            .gives::<Task>(200)
            .header("ETag", "The task's version"),
        put(paths::TASK, tasks::update_task)
            .summary("Change the members of a task that the body has")
            .gives::<Task>(200)
            .header("ETag", "The task's new version")
            .fails(&[ErrorCode::LimitReached]),
        delete(paths::TASK, tasks::delete_task)
            .summary("Move a task to the trash, with its subtasks")
            .gives::<Deleted>(200),
        patch(paths::TASK_COMPLETE, tasks::toggle_task)
            .summary("Mark a task done if it is not, and the reverse")
            .gives::<Task>(200)
            .header("ETag", "The task's new version"),
        get(paths::LISTS, lists::list_lists)
            .summary("List the lists by position, archived ones included")
            .gives_list::<List>(),
        post(paths::LISTS, lists::create_list)
            .summary("Add a list, after all that there are")
            .gives::<List>(201)
            .header("Location", "The list's URL")
            .header("ETag", "The list's version")
            .fails(&[ErrorCode::LimitReached]),
        get(paths::LIST, lists::get_list)
            .summary("Get a list")
            .gives::<List>(200)
            .header("ETag", "The list's version"),
        put(paths::LIST, lists::update_list)
            .summary("Change the members of a list that the body has")
            .gives::<List>(200)
            .header("ETag", "The list's new version"),
        delete(paths::LIST, lists::delete_list)
            .summary("Move a list and its tasks to the trash")
            .gives::<Deleted>(200),
        post(paths::LIST_RESTORE, lists::restore_list)
            .summary("Take a list out of the trash, with the tasks that went there with it")
            .gives::<List>(200)
            .header("ETag", "The list's new version"),
        get(paths::TRASH, trash::list_trash)
            .summary("List the tasks in the trash, last deleted first")
            .gives_list::<Task>()
            .header(
                "Link",
                "With a limit: the URL of the next page, as rel=\"next\", if there is one (RFC 8288)",
            ),
        delete(paths::TRASH, trash::empty_trash)
            .summary("Delete everything for good that is in the trash")
            .gives::<Emptied>(200),
        delete(paths::TRASHED, trash::purge_task)
            .summary("Delete a task for good that is in the trash")
            .gives::<Deleted>(200),
        post(paths::TRASH_RESTORE, trash::restore_task)
            .summary("Take a task out of the trash, with the subtasks that went there with it")
            .gives::<Task>(200)
            .header("ETag", "The task's new version"),
        get(paths::EXPORT, transfer::export)
            .summary("Export everything, or as a table or calendar what is not in the trash")
            .gives::<Export>(200)
            .or_gives(&["text/csv", "text/calendar"])
            .header("Content-Disposition", "The file's name"),
        post(paths::IMPORT, transfer::import)
            .summary("Import a file: all of it that is understood and not there yet. Cut off, it is completed by sending it again")
            .gives::<ImportReport>(200),
        get(paths::HEALTH, health::health)
            .summary("The process is up")
            .gives::<Health>(200),
        get(paths::READY, health::ready)
            .summary(
                "The process can serve, and will go on to: the database answers, and the server is not about to stop",
            )
            .gives::<Health>(200),
        get(paths::OPENAPI, docs::get_openapi).summary("This description"),
        get(paths::DOCS, docs::get_docs)
            .summary("A page to read and try the API")
            .gives_other("text/html"),
    ]
}

/// The OpenAPI description of all of them.
#[must_use]
pub fn description() -> Value {
    openapi::document(&operations())
}

static DESCRIPTION: LazyLock<String> = LazyLock::new(|| description().to_string());

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
        .app_data(Data::new(Description(|| DESCRIPTION.as_str())))
        .service(web::resource(format!("{}/{{file}}", paths::DOCS)).route(web::get().to(docs::get_docs_file)))
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

/// Declares `get`, `post` and so on: an operation with that method.
macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        fn $name<F, Args>(path: &'static str, handler: F) -> Operation
        where
            F: actix_web::Handler<Args>,
            Args: actix_web::FromRequest + Describe + 'static,
            F::Output: actix_web::Responder + 'static,
        {
            Operation::new(Method::$method, path, handler)
        }
    )*};
}

methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);
