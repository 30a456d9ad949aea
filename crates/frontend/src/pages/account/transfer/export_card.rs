//! The ways out: a file for each purpose.

use crate::ui::boxed::{aria, boxed_view};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::notice::Alert;
use crate::ui::on;
use crate::words::transfer;
use leptos::prelude::*;

/// A kind of file that can be made of the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Everything, to be imported again.
    Json,
    /// For spreadsheets.
    Csv,
    /// For calendars.
    Calendar,
}

/// The ways out: a button for each kind of file.
#[component]
pub fn ExportCard(
    /// The file that is being made.
    #[prop(into)]
    busy: Signal<Option<ExportFormat>>,
    /// What went wrong, if something did.
    #[prop(into)]
    alert: Signal<Option<String>>,
    /// The person wants a file.
    on_export: Callback<ExportFormat>,
) -> impl IntoView {
    let kinds = [
        (
            ExportFormat::Json,
            "Everything (JSON)",
            transfer::EXPORT_JSON,
            "export-json",
        ),
        (
            ExportFormat::Csv,
            "Spreadsheet (CSV)",
            transfer::EXPORT_CSV,
            "export-csv",
        ),
        (
            ExportFormat::Calendar,
            "Calendar (iCalendar)",
            transfer::EXPORT_CALENDAR,
            "export-ics",
        ),
    ];
    let kinds = kinds.map(|(format, label, hint, testid)| {
        let is_busy = Signal::derive(move || busy.get() == Some(format));
        view! {
            <li>
                <button
                    type="button"
                    class="transfer-export"
                    aria-disabled=aria(move || busy.get().is_some())
                    data-testid=testid
                    on:click=on::click(move |_| {
                        if busy.get_untracked().is_none() {
                            on_export.run(format);
                        }
                    })
                >
                    {boxed_view(move || {
                        if is_busy.get() {
                            view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
                        } else {
                            view! { <Icon glyph=Glyph::Download/> }.into_any()
                        }
                    })}
                    <span class="transfer-export-words">
                        <span class="transfer-export-label">{label}</span>
                        <span class="field-hint">{hint}</span>
                    </span>
                </button>
            </li>
        }
    });
    view! {
        <section class="card transfer" aria-labelledby="export-title" data-testid="export">
            <h2 class="card-title" id="export-title">
                "Export"
            </h2>
            <Alert message=alert/>
            <ul class="transfer-exports">{kinds.into_iter().collect_view()}</ul>
        </section>
    }
}
