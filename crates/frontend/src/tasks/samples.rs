//! Three tasks that a new account begins with, to be played with and taken away in one click.

use crate::model::draft::Draft;
use crate::model::input_line::InputLine;
use crate::model::replica::{Content, Entry};
use crate::store::{TaskStore, samples, use_tasks};
use crate::ui::boxed::{effect, memo, show_if};
use crate::ui::button::{ActionButton, ButtonVariant};
use crate::words;
use leptos::prelude::*;
use shared::due::Due;
use shared::position::Position;
use shared::priority::Priority;
use shared::text::Title;

/// Adds the samples. The last one added is on top.
pub fn add_samples(tasks: TaskStore) {
    let today = Due::on(tasks.clock.get_untracked().today()).ok();
    let samples = [
        (words::samples::KEYS, "", None, Priority::None),
        (words::samples::OPEN, words::samples::OPEN_NOTES, None, Priority::Medium),
        (words::samples::TICK, "", today, Priority::High),
    ];
    let mut keys = Vec::new();
    // Below whatever else is added, in this order from the last one up.
    let mut position = None;
    for (title, description, due, priority) in samples {
        position = Position::between(None, position.as_ref());
        let Ok(checked) = Title::parse(title) else {
            continue;
        };
        let content = Content {
            description: description.to_owned(),
            due,
            priority,
            position: position.clone(),
            ..Content::new(checked)
        };
        let draft = Draft {
            line: InputLine::new(title),
            description: description.to_owned(),
        };
        keys.extend(tasks.add(content, draft));
    }
    effect(move || {
        let ids: Vec<String> = tasks.with(|replica| {
            let saved = keys.iter().filter_map(|key| replica.get(*key)?.id());
            saved.map(|id| id.to_string()).collect()
        });
        if ids.len() == keys.len() {
            samples::remember(&ids.join(","));
            tasks.samples.set(samples::remembered());
        }
    });
}

/// Offers to take the samples away, while there are any.
#[component]
pub fn SampleBanner() -> impl IntoView {
    let tasks = use_tasks();
    let left = memo(move || {
        let ids = tasks.samples.get();
        tasks.with(|replica| {
            let shown = ids
                .iter()
                .filter_map(|id| replica.find(*id))
                .filter(|entry| entry.is_shown());
            shown.map(|entry: &Entry| entry.key).collect::<Vec<_>>()
        })
    });
    let remove = Callback::new(move |()| {
        tasks.bulk_edit(&left.get_untracked(), &crate::store::BulkEdit::Deleted(true));
        samples::forget();
        tasks.samples.set(Vec::new());
        crate::store::focus_composer();
    });
    show_if(
        move || left.with(|left| !left.is_empty()),
        move || {
            view! {
                <div class="samples" data-testid="samples">
                    <p>{words::samples::ABOUT}</p>
                    <ActionButton label="Remove the samples" variant=ButtonVariant::Secondary on_press=remove testid="remove-samples"/>
                </div>
            }
            .into_any()
        },
    )
}
