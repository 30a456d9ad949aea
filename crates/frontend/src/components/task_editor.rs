//! Changes a task's words where they stand.

use super::button::{ActionButton, Weight};
use crate::browser;
use crate::drafts::Words;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use shared::text::Description;

/// Fields for a task's words. Enter saves, Escape gives up.
#[component]
pub fn TaskEditor(
    /// Names its fields: `edit-{task}-title`, `edit-{task}-notes`, `edit-{task}-error`.
    task: u32,
    /// What stands in it at first.
    words: Words,
    /// What is wrong with it.
    error: Option<String>,
    /// The person types.
    on_type: Callback<Words>,
    /// The person is done.
    on_save: Callback<Words>,
    /// The person leaves all as it was.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let title = RwSignal::new(words.title);
    let notes = RwSignal::new(words.description);
    let typed = move || Words {
        title: title.get_untracked(),
        description: notes.get_untracked(),
    };
    let (title_id, notes_id, error_id) = (
        format!("edit-{task}-title"),
        format!("edit-{task}-notes"),
        format!("edit-{task}-error"),
    );
    browser::focus_soon(title_id.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_save.run(typed());
    };
    let keys = move |event: KeyboardEvent| {
        // An input method uses these keys itself.
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                on_cancel.run(());
            }
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                on_save.run(typed());
            }
            _ => {}
        }
    };
    view! {
        <form class="task-editor" novalidate on:submit=submit on:keydown=keys data-testid="task-editor">
            <textarea
                class="input task-editor-title"
                id=title_id
                name="title"
                rows="1"
                autocomplete="off"
                enterkeyhint="done"
                aria-label="Title"
                aria-invalid=error.is_some().to_string()
                aria-describedby=error_id.clone()
                data-testid="edit-title"
                prop:value=Signal::derive(move || title.get())
                on:input=move |event| {
                    title.set(on_one_line(&event_target_value(&event)));
                    on_type.run(typed());
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() {
                        event.prevent_default();
                        event.stop_propagation();
                        on_save.run(typed());
                    }
                }
            ></textarea>
            <textarea
                class="input notes"
                id=notes_id
                name="description"
                rows="2"
                aria-label="Notes"
                placeholder="Notes"
                maxlength=Description::MAX.to_string()
                data-testid="edit-description"
                prop:value=Signal::derive(move || notes.get())
                on:input=move |event| {
                    notes.set(event_target_value(&event));
                    on_type.run(typed());
                }
            ></textarea>
            <p class="field-error" id=error_id data-testid="edit-error" role="alert">
                {error}
            </p>
            <div class="task-editor-actions">
                <button type="submit" class="button" data-testid="edit-save">
                    "Save"
                </button>
                <ActionButton label="Cancel" weight=Weight::Secondary on_press=on_cancel testid="edit-cancel"/>
            </div>
        </form>
    }
}

/// The title's field grows with its text, but what is pasted into it stays on one line.
fn on_one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_title_is_put_on_one_line() {
        assert_eq!(on_one_line("milk\r\neggs\nbread"), "milk eggs bread");
    }
}
