//! What is there before anything is: the same as `index.html` shows while the app itself is on its way, so that one
//! passes into the other unseen.

use crate::words::connection;
use leptos::prelude::*;

/// What is there before anything is.
#[component]
pub fn Boot() -> impl IntoView {
    view! {
        <div class="boot" role="status" data-testid="restoring">
            <span class="visually-hidden">{connection::LOADING_APP}</span>
        </div>
    }
}
