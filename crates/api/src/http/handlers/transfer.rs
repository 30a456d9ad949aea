//! `/api/{user_id}/export` and `/api/{user_id}/import`: taking everything along.

use super::{lists, tasks};
use crate::app::App;
use crate::auth::caller::{InOrder, Owner, Reading};
use crate::db::lists::List;
use crate::db::task_row::FullTask;
use crate::http::error::ApiError;
use crate::http::extract::{File, time_zone};
use crate::http::pieces::streamed;
use crate::tasks::{import, read};
use crate::transfer::export::{Format, Writer};
use crate::transfer::{Context, FileName, Import, Unreadable, detect, google, json, own_csv};
use crate::transfer::{ticktick, todo_txt, todoist, vtodo};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::Utc;
use chrono_tz::Tz;
use shared::rule::RuleViolation;
use shared::transfer::{ExportedList, ExportedTask};
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io;

const IMPORT_FORMATS: &str = "json, auto, csv, google, ics, ticktick, todo.txt or todoist";

type Answer = Result<HttpResponse, ApiError>;

/// What to export.
pub struct ExportQuery {
    format: Format,
}

/// What is imported, and how.
pub struct ImportQuery {
    read: fn(&[u8], &Context) -> Result<Import, Unreadable>,
    dry_run: bool,
    zone: Tz,
    file: Option<FileName>,
}

/// Everything that the owner has, as a file.
pub async fn export(app: Data<App>, Reading(reader, query): Reading<ExportQuery>) -> Answer {
    let charge = app.budget().charge(reader.scope.owner().into(), tasks::LARGEST_PIECE)?;
    let (lists, mut unread) = read::everything(app.db(), reader.scope).await?;
    let lists: Vec<_> = lists.into_iter().map(exported_list).collect();
    let now = Utc::now();
    let failed = |error: io::Error| ApiError::Internal(error.into());
    let (writer, beginning) = Writer::begin(query.format, now, lists).map_err(failed)?;
    let mut writer = Some(writer);
    let next = async move || {
        let tasks = unread.next().await?;
        let tasks: Vec<_> = tasks
            .into_iter()
            .map(|task| exported_task(task, &reader.subject))
            .collect();
        match &mut writer {
            Some(writer) if !tasks.is_empty() => writer.tasks(&tasks).map(Some).map_err(failed),
            _ => Ok(writer.take().map(Writer::end)),
        }
    };
    let (media_type, ending) = match query.format {
        Format::Json => ("application/json", "json"),
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Ics => ("text/calendar; charset=utf-8", "ics"),
    };
    let name = format!("attachment; filename=\"taskward-{}.{ending}\"", now.date_naive());
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, name))
        .streaming(streamed(charge, beginning, next)))
}

/// Adds what a file has, or says what that would be.
pub async fn import(
    app: Data<App>,
    InOrder(Owner(caller), InOrder(query, file)): InOrder<Owner, InOrder<ImportQuery, File>>,
) -> Answer {
    let context = Context {
        now: Utc::now(),
        zone: query.zone,
        file: query.file,
    };
    let (file, charge) = file.read(&app, caller.user_id).await?;
    let admission = app.bulkhead().enter(caller.user_id.into()).await?;
    let read = admission.run(move || {
        let _charge = charge;
        (query.read)(&file, &context)
    });
    let read = read.await.map_err(|error| ApiError::Internal(error.into()))?;
    let import = read.map_err(|Unreadable(reason)| ApiError::malformed(&reason))?;
    let report = import::import(app.db(), caller.user_id, import, query.dry_run).await;
    let report = report.map_err(|cut| {
        let cause = tasks::refused(cut.cause, &caller.subject);
        ApiError::cut_off(cause, cut.created, cut.lists_created)
    })?;
    Ok(HttpResponse::Ok().json(report))
}

fn exported_list(row: List) -> ExportedList {
    ExportedList {
        deleted_at: row.deleted_at.map(Into::into),
        list: lists::wire(row),
    }
}

fn exported_task(row: FullTask, user_id: &str) -> ExportedTask {
    ExportedTask {
        series_start: row.series_start,
        task: tasks::wire(row.task, user_id),
    }
}

impl FromRequest for ExportQuery {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Parameters::of(request).and_then(|parameters| {
            let format = match parameters.get("format") {
                None | Some("json") => Format::Json,
                Some("csv") => Format::Csv,
                Some("ics") => Format::Ics,
                Some(_) => return Err(ApiError::field("format", RuleViolation::NotOneOf("json, csv or ics"))),
            };
            Ok(Self { format })
        }))
    }
}

impl FromRequest for ImportQuery {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Parameters::of(request).and_then(|parameters| {
            let read = match parameters.get("format") {
                None | Some("json") => json::read,
                Some("auto") => detect::read,
                Some("csv") => own_csv::read,
                Some("google") => google::read,
                Some("ics") => vtodo::read,
                Some("ticktick") => ticktick::read,
                Some("todo.txt") => todo_txt::read,
                Some("todoist") => todoist::read,
                Some(_) => return Err(ApiError::field("format", RuleViolation::NotOneOf(IMPORT_FORMATS))),
            };
            let dry_run = match parameters.get("dry_run") {
                None | Some("false") => false,
                Some("true") => true,
                Some(_) => return Err(ApiError::field("dry_run", RuleViolation::NotBool)),
            };
            let zone = parameters.get("time_zone").map_or(Ok(Tz::UTC), time_zone)?;
            let file = parameters.get("name").and_then(FileName::parse);
            Ok(Self {
                read,
                dry_run,
                zone,
                file,
            })
        }))
    }
}

/// The parameters of a query that are known here, each given at most once.
struct Parameters(HashMap<String, String>);

impl Parameters {
    fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let mut all = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
            let known = matches!(name.as_ref(), "format" | "dry_run" | "time_zone" | "name");
            if known && all.insert(name.to_string(), value.into_owned()).is_some() {
                return Err(ApiError::field(&name, RuleViolation::Repeated));
            }
        }
        Ok(Self(all))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}
