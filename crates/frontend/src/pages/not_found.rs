//! Every URL that there is no page for.

use crate::return_to;
use crate::ui::page::PageHeading;
use leptos::prelude::*;

/// There is no such page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <div class="card blank" data-testid="not-found">
                <PageHeading title="Page not found"/>
                <p class="blank-text">"There is nothing at this address. It may have been mistyped."</p>
                <a href=return_to::HOME class="button">
                    "Go to your tasks"
                </a>
        </div>
    }
}
