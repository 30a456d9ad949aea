//! What is around every page of somebody who is signed in, and the list that those pages share.

use super::tasks::store::{TaskStore, provide_tasks, use_tasks};
use crate::api::Client;
use crate::browser::{self, spawn};
use crate::components::account_menu::AccountMenu;
use crate::components::brand::Brand;
use crate::components::notice::OfflineBanner;
use crate::components::toast::use_toaster;
use crate::drafts::Drafts;
use crate::session::{Notice, Sessions, SignedIn, use_session};
use leptos::prelude::*;

/// The frame around a page for somebody who is signed in.
#[component]
pub fn Frame(
    /// Who it is.
    signed_in: SignedIn,
    /// The page.
    page: fn() -> AnyView,
) -> impl IntoView {
    let SignedIn { user, client } = signed_in;
    let session = use_session();
    let toaster = use_toaster();
    provide_tasks(client.clone(), expect_context::<Drafts>(), toaster);
    let tasks = use_tasks();
    let blocked = Signal::derive(move || tasks.blocked());
    let undo = window_event_listener(leptos::ev::keydown, move |event| {
        let is_undo =
            event.key().eq_ignore_ascii_case("z") && (event.ctrl_key() || event.meta_key()) && !event.shift_key();
        if is_undo && !browser::is_writing() && toaster.undo_last() {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        undo.remove();
        // They speak of what is no longer there. The list has seen to its deletions.
        toaster.clear();
    });
    let busy = RwSignal::new(false);
    let leave = Callback::new(move |()| sign_out(client.clone(), tasks, session, busy));
    view! {
        // External to the router, which would scroll there but leave the keyboard where it was.
        <a class="skip-link" href="#main" rel="external">
            "Skip to content"
        </a>
        <header class="header">
            <div class="header-inner">
                <a href="/tasks" class="home-link" data-testid="home-link">
                    <Brand/>
                </a>
                <AccountMenu name=user.name email=user.email on_sign_out=leave busy/>
            </div>
        </header>
        <OfflineBanner message=blocked/>
        <main class="main" id="main" tabindex="-1">
            {page()}
        </main>
    }
}

/// Signs out once all that was asked for is done. Who cannot reach the server stays signed in: the cookie would outlive
/// the promise.
pub fn sign_out(client: Client, tasks: TaskStore, session: Sessions, busy: RwSignal<bool>) {
    busy.set(true);
    spawn(async move {
        tasks.finish().await;
        match client.logout().await {
            Ok(()) => session.sign_out(Notice::SignedOut),
            Err(failure) => tasks.tell("You are still signed in.", &failure),
        }
        busy.try_set(false);
    });
}
