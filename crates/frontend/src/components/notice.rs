//! Messages that belong to a place on the page.

use super::dynamic::dynamic;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Something went wrong with what the person just did. Read out at once.
#[component]
pub fn Alert(
    /// What went wrong, if something did.
    #[prop(into)]
    message: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div role="alert" data-testid="form-alert">
            {dynamic(move || match message.get() {
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
pub fn Info(
    /// What it is, if there is something.
    #[prop(into)]
    message: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div role="status" data-testid="form-notice">
            {dynamic(move || match message.get() {
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
            {dynamic(move || match message.get() {
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
