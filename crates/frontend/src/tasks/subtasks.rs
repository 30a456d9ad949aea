//! What a task is made of.

use crate::browser;
use crate::ui::boxed::{boxed_view, memo};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words::task;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use shared::text::Title;

/// A subtask, as its row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubtaskLine {
    /// Names it on this page, for good.
    pub key: u32,
    /// What to do.
    pub title: String,
    /// Whether it is done.
    pub completed: bool,
}

/// What the person does with a subtask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubtaskChange {
    /// One more, of this title.
    Add(String),
    /// It is done, or not any more.
    Complete(u32, bool),
    /// It is called this.
    Rename(u32, String),
    /// It is to be gone.
    Delete(u32),
}

/// The subtasks of a task, how many of them are done, and a field for one more.
#[component]
pub fn Subtasks(
    /// The id of the field; a subtask's title is `{id}-{key}`.
    id: &'static str,
    /// The subtasks, in their order.
    #[prop(into)]
    subtasks: Signal<Vec<SubtaskLine>>,
    /// The person does something with them.
    on_change: Callback<SubtaskChange>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let keys = memo(move || subtasks.with(|all| all.iter().map(|subtask| subtask.key).collect::<Vec<_>>()));
    let progress =
        memo(move || subtasks.with(|all| (all.iter().filter(|subtask| subtask.completed).count(), all.len())));
    let add = move || {
        let title = typed.get_untracked();
        if !title.trim().is_empty() {
            typed.set(String::new());
            on_change.run(SubtaskChange::Add(title.trim().to_owned()));
        }
    };
    view! {
        <section class="subtasks" aria-labelledby=format!("{id}-heading") data-testid="subtasks">
            <div class="subtasks-head">
                <h3 class="field-label" id=format!("{id}-heading")>
                    "Subtasks"
                </h3>
                {boxed_view(move || match progress.get() {
                    (_, 0) => ().into_any(),
                    (done, all) => {
                        let text = task::progress(done, all);
                        view! {
                            <progress class="subtasks-bar" max=all.to_string() value=done.to_string() aria-label="Subtasks done"></progress>
                            <span class="subtasks-count" data-testid="subtasks-count">
                                {text}
                            </span>
                        }
                        .into_any()
                    }
                })}
            </div>
            <ul class="subtask-list">
                <For
                    each=move || keys.get()
                    key=|key| *key
                    children=move |key| row(id, key, subtasks, on_change)
                />
            </ul>
            <form
                class="subtask-add"
                novalidate
                on:submit=on::submit(move |event: SubmitEvent| {
                    event.prevent_default();
                    add();
                })
            >
                <Icon glyph=Glyph::Add/>
                <input
                    class="subtask-title"
                    id=id
                    type="text"
                    aria-label="Add a subtask"
                    placeholder="Add a subtask"
                    autocomplete="off"
                    enterkeyhint="done"
                    maxlength=Title::MAX.to_string()
                    data-testid="subtask-input"
                    prop:value=typed
                    on:input=on::input(move |event| typed.set(event_target_value(&event)))
                    on:blur=on::blur(move |_| {
                        // What was typed is not lost by leaving.
                        if typed.try_with_untracked(|text| !text.trim().is_empty()) == Some(true) {
                            add();
                        }
                    })
                />
            </form>
        </section>
    }
}

fn row(id: &'static str, key: u32, subtasks: Signal<Vec<SubtaskLine>>, on_change: Callback<SubtaskChange>) -> AnyView {
    let line = memo(move || subtasks.with(|all| all.iter().find(|subtask| subtask.key == key).cloned()));
    let title = Signal::derive(move || line.get().map(|line| line.title).unwrap_or_default());
    let completed = Signal::derive(move || line.get().is_some_and(|line| line.completed));
    let input_id = format!("{id}-{key}");
    let save = move |text: String| {
        let text = text.trim().to_owned();
        if !text.is_empty() && title.try_get_untracked().is_some_and(|title| title != text) {
            on_change.run(SubtaskChange::Rename(key, text));
        }
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            save(event_target_value(&event));
            browser::focus(id);
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            let input: web_sys::HtmlInputElement = event_target(&event);
            input.set_value(&title.get_untracked());
            // Could only fail on an element that is gone.
            let _ = input.blur();
        }
        _ => {}
    };
    view! {
        <li class=Signal::derive(move || if completed.get() { "subtask subtask-done" } else { "subtask" }) data-testid="subtask">
            <label class="task-check">
                <input
                    type="checkbox"
                    aria-label=Signal::derive(move || title.with(|title| task::done(title)))
                    prop:checked=completed
                    on:change=on::change(move |event| on_change.run(SubtaskChange::Complete(key, event_target_checked(&event))))
                />
            </label>
            <input
                class="subtask-title"
                id=input_id
                type="text"
                aria-label="Subtask"
                autocomplete="off"
                enterkeyhint="done"
                maxlength=Title::MAX.to_string()
                prop:value=title
                on:keydown=keys
                on:blur=on::blur(move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    save(input.value());
                    if let (true, Some(title)) = (input.value().trim().is_empty(), title.try_get_untracked()) {
                        input.set_value(&title);
                    }
                })
            />
            <IconButton
                label=Signal::derive(move || title.with(|title| task::delete(title)))
                glyph=Glyph::Close
                testid="subtask-delete"
                on_press=Callback::new(move |()| {
                    on_change.run(SubtaskChange::Delete(key));
                    // The button is gone, and the keyboard would be with it.
                    browser::focus(id);
                })
            />
        </li>
    }
    .into_any()
}
