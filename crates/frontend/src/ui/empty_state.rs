//! What stands where a list would be.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// There is nothing to show: why, and what can be done about it.
#[component]
pub fn EmptyState(
    /// A picture of it.
    glyph: Glyph,
    /// What is the case.
    title: &'static str,
    /// Why, or what to do.
    #[prop(into)]
    text: String,
    /// Its name for tests.
    testid: &'static str,
    /// Something is wrong, so that it is read out at once.
    #[prop(optional)]
    urgent: bool,
    /// What can be done about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="blank" role=urgent.then_some("alert") data-testid=testid>
            <span class="blank-icon">
                <Icon glyph/>
            </span>
            <h2 class="blank-title">{title}</h2>
            <p class="blank-text">{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Something will be here in a moment.
#[component]
pub fn Skeleton(
    /// What is awaited.
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" data-testid="loading">
            <span class="visually-hidden">{label}</span>
            <div class="skeleton-row" aria-hidden="true"></div>
            <div class="skeleton-row" aria-hidden="true"></div>
            <div class="skeleton-row" aria-hidden="true"></div>
            <div class="skeleton-row" aria-hidden="true"></div>
        </div>
    }
}
