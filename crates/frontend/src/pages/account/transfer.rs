//! Import and export.

mod export_card;
mod import_card;

use self::export_card::{ExportCard, ExportFormat};
use self::import_card::{ChosenFile, Import, ImportCard, ImportFormat};
use crate::api::{Client, OnSent};
use crate::browser;
use crate::dates;
use crate::store::use_tasks;
use crate::words::transfer;
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::Blob;

/// Everything of somebody's, into a file and out of one.
#[component]
pub fn Transfer(
    /// Speaks for whose tasks they are.
    client: Client,
) -> impl IntoView {
    let tasks = use_tasks();
    let import = RwSignal::new(Import::Waiting);
    let sent = RwSignal::new(None::<f64>);
    let alert = RwSignal::new(None::<String>);
    let chosen = StoredValue::new_local(None::<(String, Blob, &'static str)>);
    let importing = client.clone();
    let ask = Callback::new(move |dry_run: bool| {
        let Some((name, file, content_type)) = chosen.get_value() else {
            return;
        };
        let client = importing.clone();
        alert.set(None);
        sent.set(Some(0.0));
        import.set(Import::Working { adding: !dry_run });
        browser::spawn(async move {
            let zone = dates::own_zone();
            let on_sent: OnSent = Rc::new(move |part| {
                sent.try_set(part);
            });
            match client
                .import(content_type, (&name, file), dry_run, zone.as_str(), on_sent)
                .await
            {
                Ok(report) if dry_run => {
                    import.try_set(Import::Preview(report));
                }
                Ok(report) => {
                    import.try_set(Import::Done(report));
                    tasks.refresh();
                }
                Err(failure) => {
                    import.try_set(Import::Waiting);
                    alert.try_set(Some(failure.sentence()));
                }
            }
        });
    });
    let choose = Callback::new(move |file: ChosenFile| {
        let content_type = match file.format {
            ImportFormat::Json => "application/json",
            ImportFormat::Table => "text/csv",
            ImportFormat::Calendar => "text/calendar",
            ImportFormat::Text => "text/plain",
        };
        sent.set(None);
        import.set(Import::Working { adding: false });
        browser::spawn(async move {
            if let Some(bytes) = browser::read_file(&file.file).await {
                chosen.try_set_value(Some((file.file.name(), bytes, content_type)));
                ask.try_run(true);
            } else {
                import.try_set(Import::Waiting);
                alert.try_set(Some(transfer::UNREADABLE.to_owned()));
            }
        });
    });
    let busy = RwSignal::new(None::<ExportFormat>);
    let export_alert = RwSignal::new(None::<String>);
    let export = Callback::new(move |format: ExportFormat| {
        let client = client.clone();
        let (name, file, kind) = match format {
            ExportFormat::Json => ("json", "taskward.json", "application/json"),
            ExportFormat::Csv => ("csv", "taskward.csv", "text/csv"),
            ExportFormat::Calendar => ("ics", "taskward.ics", "text/calendar"),
        };
        busy.set(Some(format));
        export_alert.set(None);
        browser::spawn(async move {
            tasks.flush().await;
            match client.export(name).await {
                Ok(text) => {
                    if browser::save_file(file, kind, &text).is_none() {
                        export_alert.try_set(Some(transfer::NOT_SAVED.to_owned()));
                    }
                }
                Err(failure) => {
                    export_alert.try_set(Some(failure.sentence()));
                }
            }
            busy.try_set(None);
        });
    });
    view! {
        <ExportCard busy alert=export_alert on_export=export/>
        <ImportCard
            import
            sent
            alert
            clock=tasks.clock
            on_choose=choose
            on_import=Callback::new(move |()| ask.run(false))
            on_reset=Callback::new(move |()| {
                chosen.set_value(None);
                import.set(Import::Waiting);
            })
        />
    }
}
