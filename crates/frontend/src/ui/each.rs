//! Things of one kind under each other.

use leptos::prelude::*;

/// Draws a thing for each key, and leaves those alone whose keys stay.
#[component]
pub fn Each(
    /// What there is, in order.
    #[prop(into)]
    keys: Signal<Vec<u32>>,
    /// Draws one of them.
    draw: fn(u32) -> AnyView,
) -> impl IntoView {
    view! { <For each=move || keys.get() key=|key| *key children=draw/> }
}
