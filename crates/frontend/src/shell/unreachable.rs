//! Instead of any page, while nobody answers who is signed in.

use crate::session::use_session;
use crate::ui::brand::Brand;
use crate::ui::button::ActionButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page::PageHeading;
use crate::words::connection;
use leptos::prelude::*;

/// Instead of any page: says why, and tries again.
#[component]
pub fn Unreachable(
    /// Why there is no page.
    #[prop(into)]
    why: String,
) -> impl IntoView {
    let session = use_session();
    let came = window_event_listener(leptos::ev::online, move |_| session.restore());
    on_cleanup(move || came.remove());
    view! {
        <main class="narrow" id="main" data-testid="unreachable">
            <Brand/>
            <div class="card blank">
                <span class="blank-icon">
                    <Icon glyph=Glyph::Offline/>
                </span>
                <PageHeading title=connection::UNREACHABLE/>
                <p class="blank-text">{why}</p>
                <ActionButton
                    label="Try again"
                    glyph=Glyph::Retry
                    testid="retry"
                    on_press=Callback::new(move |()| session.restore())
                />
            </div>
        </main>
    }
}
