//! What all pages share, and which page a URL means.

use crate::components::page::provide_visited;
use crate::components::toast::{ToastStack, provide_toaster};
use crate::drafts::Drafts;
use crate::next;
use crate::pages::account::AccountPage;
use crate::pages::area::{Area, anywhere, protected, public};
use crate::pages::not_found::NotFoundPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use crate::pages::tasks::TasksPage;
use crate::session::provide_session;
use crate::theme::provide_theme;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
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
    view! {
        <Router>
            <Area pages/>
        </Router>
        <ToastStack/>
    }
}

/// Which page a URL means.
fn pages() -> AnyView {
    view! {
        <FlatRoutes fallback=|| anywhere(|| view! { <NotFoundPage/> }.into_any())>
            <Route path=path!("/") view=Home/>
            <Route path=path!("/sign-in") view=|| public(|notice| view! { <SignInPage notice/> }.into_any())/>
            <Route path=path!("/sign-up") view=|| public(|_| view! { <SignUpPage/> }.into_any())/>
            <Route path=path!("/tasks") view=|| protected(|_| view! { <TasksPage/> }.into_any())/>
            <Route
                path=path!("/account")
                view=|| protected(|signed_in| view! { <AccountPage signed_in/> }.into_any())
            />
        </FlatRoutes>
    }
    .into_any()
}

#[component]
fn Home() -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        ..NavigateOptions::default()
    };
    view! { <Redirect path=next::HOME options/> }
}
