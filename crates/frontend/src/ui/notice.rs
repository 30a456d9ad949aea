//! Messages that belong to a place on the page.

use super::boxed::boxed_view;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// What a form says first: what it is for or, in the same place, what has just become of it. The place is kept, so that
/// nothing moves below somebody's finger.
#[component]
pub fn FormHead(
    /// What the form is for.
    text: &'static str,
    /// Something that is good to know.
    #[prop(optional, into)]
    notice: Signal<Option<String>>,
    /// What went wrong, if something did.
    #[prop(into)]
    alert: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="form-head">
            <p class="form-lead">{text}</p>
            <Info message=notice/>
            <Alert message=alert/>
        </div>
    }
}

/// Something went wrong with what the person just did. Read out at once.
#[component]
pub fn Alert(
    /// What went wrong, if something did.
    #[prop(into)]
    message: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div role="alert" data-testid="form-alert">
            {boxed_view(move || match message.get() {
                None => ().into_any(),
                Some(message) => view! {
                            <p class="notice notice-error">
                                <Icon glyph=Glyph::Alert/>
                                <span>{message}</span>
                            </p>
                }
                .into_any(),
            })}
        </div>
    }
}

/// Something that is good to know.
#[component]
fn Info(
    /// What it is, if there is something.
    #[prop(into)]
    message: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div role="status" data-testid="form-notice">
            {boxed_view(move || match message.get() {
                None => ().into_any(),
                Some(message) => view! {
                            <p class="notice">
                                <Icon glyph=Glyph::Check/>
                                <span>{message}</span>
                            </p>
                }
                .into_any(),
            })}
        </div>
    }
}

/// The way to the server is blocked.
#[component]
pub fn OfflineBanner(
    /// What is blocked: the machine has no network, or the server does not answer.
    #[prop(into)]
    message: Signal<Option<&'static str>>,
) -> impl IntoView {
    view! {
        <div role="status" class="banner-place">
            {boxed_view(move || match message.get() {
                None => ().into_any(),
                Some(message) => view! {
                            <p class="banner" data-testid="offline-banner">
                                <Icon glyph=Glyph::Offline/>
                                <span>{message}</span>
                            </p>
                }
                .into_any(),
            })}
        </div>
    }
}
