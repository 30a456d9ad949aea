//! What all pages share, and which page a URL means.

use crate::address::view_at;
use crate::history;
use crate::lazy;
use crate::model::views::View;
use crate::pages::not_found::NotFoundPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use crate::pages::tasks::TasksPage;
use crate::return_to;
use crate::session::provide_session;
use crate::shell::area::{Area, anywhere, protected, public};
use crate::store::drafts::Drafts;
use crate::theme::provide_theme;
use crate::ui::boxed::{boxed_view, memo};
use crate::ui::page::provide_visited;
use crate::ui::toast::{ToastStack, provide_toaster};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::path;

/// The app.
#[component]
pub fn App() -> impl IntoView {
    provide_theme();
    provide_visited();
    provide_toaster();
    let drafts = Drafts::load();
    provide_context(drafts);
    provide_session(drafts);
    history::listen();
    view! {
        <Router>
            <Area pages/>
        </Router>
        <ToastStack/>
    }
}

/// Which page a URL means. All pages are of one type, or the router would be compiled anew for each.
fn pages() -> AnyView {
    const SIGN_IN: Page = || public(|notice| view! { <SignInPage notice/> }.into_any());
    const SIGN_UP: Page = || public(|_| view! { <SignUpPage/> }.into_any());
    const SEARCH: Page = || protected(|_| lazy::page(lazy::search()));
    const DONE: Page = || protected(|_| lazy::page(lazy::done()));
    const TRASH: Page = || protected(|_| lazy::page(lazy::trash()));
    const ACCOUNT: Page = || protected(|signed_in| lazy::page(lazy::account(signed_in)));
    const HOME: Page = || view! { <Home/> }.into_any();
    const TASKS: Page = tasks;
    view! {
        <FlatRoutes fallback=|| anywhere(|| view! { <NotFoundPage/> }.into_any())>
            <Route path=path!("/") view=HOME/>
            <Route path=path!("/sign-in") view=SIGN_IN/>
            <Route path=path!("/sign-up") view=SIGN_UP/>
            <Route path=path!("/today") view=TASKS/>
            <Route path=path!("/upcoming") view=TASKS/>
            <Route path=path!("/inbox") view=TASKS/>
            <Route path=path!("/tasks") view=TASKS/>
            <Route path=path!("/lists/:id") view=TASKS/>
            <Route path=path!("/tags/:tag") view=TASKS/>
            <Route path=path!("/search") view=SEARCH/>
            <Route path=path!("/done") view=DONE/>
            <Route path=path!("/trash") view=TRASH/>
            <Route path=path!("/account") view=ACCOUNT/>
        </FlatRoutes>
    }
    .into_any()
}

/// Draws a page.
type Page = fn() -> AnyView;

/// The tasks that the URL means, as it changes.
fn tasks() -> AnyView {
    protected(|_| {
        let path = use_location().pathname;
        // From one list to the next the page stays; to pages of another kind the router leads.
        let first = path.with_untracked(|path| view_at(path));
        let view = memo(move || {
            let now = path.with(|path| view_at(path));
            let same_kind = |first: &View| now.as_ref().is_some_and(|now| first.is_like(now));
            if first.as_ref().is_some_and(same_kind) {
                now
            } else {
                first.clone()
            }
        });
        boxed_view(move || match view.get() {
            Some(view) => view! { <TasksPage view/> }.into_any(),
            None => anywhere(|| view! { <NotFoundPage/> }.into_any()),
        })
        .into_any()
    })
}

#[component]
fn Home() -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        ..NavigateOptions::default()
    };
    view! { <Redirect path=return_to::HOME options/> }
}
