//! Every URL that there is no page for.

use crate::return_to;
use crate::ui::page::PageHeading;
use crate::words::empty;
use leptos::prelude::*;

/// There is no such page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <div class="card blank" data-testid="not-found">
                <PageHeading title=empty::PAGE.title/>
                <p class="blank-text">{empty::PAGE.text}</p>
                <a href=return_to::HOME class="button">
                    "Go to your tasks"
                </a>
        </div>
    }
}
