//! A question that has to be answered before anything else.

use super::boxed::effect;
use crate::history;
use leptos::html;
use leptos::prelude::*;

/// A modal dialog. The browser keeps the keyboard inside it, and gives it back afterwards.
#[component]
pub fn Dialog(
    /// Names its parts; the heading is `{id}-title`.
    id: &'static str,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is there.
    #[prop(into)]
    open: Signal<bool>,
    /// The person wants it gone, or it is gone: told more than once.
    on_close: Callback<()>,
    /// A press beside it closes it, since nothing is lost by that.
    #[prop(optional)]
    light: bool,
    /// What it says, and the answers.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let (Some(dialog), open) = (node.get(), open.get()) else {
            return;
        };
        if open && !dialog.open() {
            if light {
                // Could only fail on a name that is no attribute's; browsers that do not know it have the button.
                let _ = dialog.set_attribute("closedby", "any");
            }
            history::show_modal(&dialog);
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="dialog"
            id=id
            aria-labelledby=format!("{id}-title")
            data-testid=id
            // Escape closes it at once, but `close` is told a while later: a key pressed in between is meant for the page.
            on:cancel=move |_: leptos::ev::Event| on_close.run(())
            on:close=move |_| {
                // It may have been opened again since.
                if node.get_untracked().is_some_and(|dialog| !dialog.open()) {
                    on_close.run(());
                }
            }
            node_ref=node
        >
            <h2 class="dialog-title" id=format!("{id}-title")>
                {title}
            </h2>
            {children()}
        </dialog>
    }
}
