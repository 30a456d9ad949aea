//! A file's way in.

use crate::browser;
use crate::dates::{self, Clock};
use crate::tasks::priority;
use crate::ui::boxed::{boxed_view, memo};
use crate::ui::button::{ActionButton, ButtonVariant};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::notice::Alert;
use crate::ui::on;
use crate::words::{number, transfer};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use shared::transfer::{ImportReport, ImportedTask, NotUnderstood};
use web_sys::{DragEvent, File, HtmlInputElement};

/// A kind of file that tasks can be read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportFormat {
    /// What this program or Google Tasks has exported.
    Json,
    /// A table: ours, Todoist's or `TickTick`'s.
    Table,
    /// `VTODO`s.
    Calendar,
    /// todo.txt.
    Text,
}

impl ImportFormat {
    /// By the end of a file's name.
    pub fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Table),
            "txt" => Some(Self::Text),
            "ics" | "ical" | "ifb" => Some(Self::Calendar),
            _ => None,
        }
    }
}

/// A file that the person has chosen. It never leaves the page's thread.
#[derive(Clone)]
pub struct ChosenFile {
    /// The file itself.
    pub file: SendWrapper<File>,
    /// What it is.
    pub format: ImportFormat,
}

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Import {
    /// No file is chosen.
    #[default]
    Waiting,
    /// The file is on its way, or the server at work.
    Working {
        /// Its tasks are being added; else it is only looked at.
        adding: bool,
    },
    /// What would be imported.
    Preview(ImportReport),
    /// What was imported.
    Done(ImportReport),
}

/// The file's way in: choose or drop it, see what it has, import it, and read what became of it.
#[component]
pub fn ImportCard(
    /// How far it is.
    #[prop(into)]
    import: Signal<Import>,
    /// How much of the file has been sent, 0 to 1; `None` while it is not being sent.
    #[prop(into)]
    sent: Signal<Option<f64>>,
    /// What went wrong, if something did.
    #[prop(into)]
    alert: Signal<Option<String>>,
    /// The time, as it passes.
    #[prop(into)]
    clock: Signal<Clock>,
    /// The person chooses a file: it is to be looked at.
    on_choose: Callback<ChosenFile>,
    /// The person has seen what it has, and wants it.
    on_import: Callback<()>,
    /// The person wants to begin anew.
    on_reset: Callback<()>,
) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    // What is pressed goes away with its step: the keyboard stays with the card.
    let stay = || browser::focus_soon("import-title");
    let take = move |file: Option<File>| {
        let Some(file) = file else {
            return;
        };
        match ImportFormat::of(&file.name()) {
            Some(format) => {
                refused.set(None);
                stay();
                on_choose.run(ChosenFile {
                    file: SendWrapper::new(file),
                    format,
                });
            }
            None => refused.set(Some(transfer::unknown_kind(&file.name()))),
        }
    };
    let import_it = Callback::new(move |()| {
        stay();
        on_import.run(());
    });
    let begin_anew = Callback::new(move |()| {
        stay();
        on_reset.run(());
    });
    let message = Signal::derive(move || refused.get().or_else(|| alert.get()));
    view! {
        <section class="card transfer" aria-labelledby="import-title" data-testid="import">
            <h2 class="card-title" id="import-title" tabindex="-1">
                "Import"
            </h2>
            <Alert message/>
            {boxed_view(move || match import.get() {
                Import::Waiting => view! { <FileField on_take=Callback::new(take)/> }.into_any(),
                Import::Working { adding } => working(adding, sent),
                Import::Preview(report) => preview(&report, clock, import_it, begin_anew),
                Import::Done(report) => done(&report, begin_anew),
            })}
        </section>
    }
}

#[component]
fn FileField(on_take: Callback<Option<File>>) -> impl IntoView {
    let is_over = RwSignal::new(false);
    view! {
        <p class="card-text">
            {transfer::ABOUT_IMPORT}
        </p>
        <label
            class=Signal::derive(move || if is_over.get() { "transfer-drop transfer-drop-over" } else { "transfer-drop" })
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=move |event: DragEvent| {
                event.prevent_default();
                is_over.set(false);
                let files = event.data_transfer().and_then(|data| data.files());
                on_take.run(files.and_then(|files| files.get(0)));
            }
        >
            <Icon glyph=Glyph::Upload/>
            <span>{transfer::CHOOSE_FILE}</span>
            <input
                class="visually-hidden"
                type="file"
                accept=".json,.csv,.ics,.ical,.txt"
                data-testid="import-file"
                on:change=on::change(move |event| {
                    let input: HtmlInputElement = event_target(&event);
                    let file = input.files().and_then(|files| files.get(0));
                    // The same file can be chosen again.
                    input.set_value("");
                    on_take.run(file);
                })
            />
        </label>
    }
}

fn working(adding: bool, sent: Signal<Option<f64>>) -> AnyView {
    let phase = memo(move || match sent.get() {
        Some(_) => transfer::SENDING,
        None if adding => transfer::ADDING,
        None => transfer::READING,
    });
    let percent = Signal::derive(move || sent.get().map(|sent| format!("{:.0} %", (sent * 100.0).floor())));
    view! {
        <div class="transfer-working" data-testid="import-working">
            <p class="transfer-phase field-hint">
                <span id="import-phase" role="status" data-testid="import-phase">
                    {phase}
                </span>
                // The bar says it to those who cannot see it, when they ask.
                <span aria-hidden="true" data-testid="import-percent">
                    {percent}
                </span>
            </p>
            <progress
                class="subtasks-bar"
                max="1"
                value=Signal::derive(move || sent.get().map(|sent| sent.to_string()))
                aria-labelledby="import-phase"
                data-testid="import-progress"
            ></progress>
        </div>
    }
    .into_any()
}

fn preview(report: &ImportReport, clock: Signal<Clock>, on_import: Callback<()>, on_reset: Callback<()>) -> AnyView {
    let nothing = !transfer::adds_something(report);
    let sentence = transfer::would_add(report);
    let there = (report.already_there > 0 && (!nothing || report.in_trash > 0))
        .then(|| view! { <p class="field-hint">{transfer::there_already(report)}</p> });
    let tasks = report
        .tasks
        .iter()
        .map(|task| task_line(task, clock.get_untracked()))
        .collect_view();
    let more = report
        .created
        .saturating_sub(u64::try_from(report.tasks.len()).unwrap_or(u64::MAX));
    let more = (more > 0).then(|| view! { <li class="field-hint">{number::and_more(more)}</li> });
    let label = if nothing { "Choose another file" } else { "Cancel" };
    view! {
        <div data-testid="import-preview">
            <p class="transfer-sum" role="status">
                {sentence}
            </p>
            {there}
            <ul class="transfer-tasks" aria-label="The first tasks" tabindex="0">
                {tasks}
                {more}
            </ul>
            {not_understood(&report.not_understood, report.not_understood_total)}
            <div class="actions">
                {(!nothing)
                    .then(|| view! { <ActionButton label="Import" testid="import-confirm" on_press=on_import/> })}
                <ActionButton label variant=ButtonVariant::Secondary testid="import-cancel" on_press=on_reset/>
            </div>
        </div>
    }
    .into_any()
}

fn done(report: &ImportReport, on_reset: Callback<()>) -> AnyView {
    let sentence = transfer::added(report);
    let there =
        (report.already_there > 0).then(|| view! { <p class="field-hint">{transfer::there_already(report)}</p> });
    view! {
        <div data-testid="import-report">
            <p class="transfer-sum" role="status">
                <Icon glyph=Glyph::Check/>
                {sentence}
            </p>
            {there}
            {not_understood(&report.not_understood, report.not_understood_total)}
            <div class="actions">
                <ActionButton
                    label="Import another file"
                    variant=ButtonVariant::Secondary
                    testid="import-another"
                    on_press=on_reset
                />
            </div>
        </div>
    }
    .into_any()
}

fn task_line(task: &ImportedTask, clock: Clock) -> AnyView {
    let due = task.due.as_ref().map(|due| dates::words(due, clock).text);
    let parent = task.parent.as_ref().map(|parent| transfer::below(parent));
    let repeats = task.recurrence.map(|recurrence| recurrence.sentence());
    let matters = Some(task.priority.get())
        .filter(|priority| *priority > 0)
        .map(|priority| priority::name(priority).to_owned());
    let facts = [task.list.clone(), parent, due, repeats, matters];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let glyph = if task.completed { Glyph::Check } else { Glyph::Go };
    view! {
        <li class="transfer-task">
            <Icon glyph/>
            <span class="transfer-title">{task.title.clone()}</span>
            <span class="transfer-facts">{facts.join(" · ")}</span>
        </li>
    }
    .into_any()
}

fn not_understood(all: &[NotUnderstood], total: u64) -> AnyView {
    if total == 0 {
        return ().into_any();
    }
    let items = all
        .iter()
        .map(|each| view! { <li>{transfer::sentence(each)}</li> })
        .collect_view();
    let summary = transfer::not_understood(total);
    let more = total.saturating_sub(u64::try_from(all.len()).unwrap_or(u64::MAX));
    let more = (more > 0).then(|| view! { <li>{number::and_more(more)}</li> });
    view! {
        <details class="transfer-odd" data-testid="import-not-understood">
            <summary>{summary}</summary>
            <ul aria-label="What was not understood" tabindex="0">
                {items}
                {more}
            </ul>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_the_end_of_its_name() {
        for (name, format) in [
            ("taskward-2026-11-21.json", Some(ImportFormat::Json)),
            ("Work.CSV", Some(ImportFormat::Table)),
            ("tasks.ics", Some(ImportFormat::Calendar)),
            ("photo.png", None),
            ("json", None),
        ] {
            assert_eq!(ImportFormat::of(name), format, "{name}");
        }
    }
}
