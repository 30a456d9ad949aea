//! The product's name and mark.

use leptos::prelude::*;

/// The product's name and mark.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <span class="brand-mark" aria-hidden="true" inner_html=include_str!("../../favicon.svg")></span>
            "Taskward"
        </span>
    }
}
