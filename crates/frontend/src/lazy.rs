//! Code splitting: what is loaded lazily, since it is not needed to see one's tasks, and what stands in its place until
//! then.
//!
//! With the feature `split`, as `cargo xtask` builds the app for release, these functions and all that only they use become
//! a WebAssembly module of their own, which is fetched when one of them is first called. Without it, as under
//! `trunk serve`, they are part of the one module, and nothing is waited for.

use crate::browser::{self, spawn_while_shown};
use crate::pages::account::AccountPage;
use crate::pages::done::DonePage;
use crate::pages::search::SearchPage;
use crate::pages::trash::TrashPage;
use crate::session::SignedIn;
use crate::shell::overlays::Overlays;
use crate::store::use_tasks;
use crate::tasks::bulk::Bulk;
use crate::tasks::open_task::OpenTask;
use crate::tasks::samples::{SampleBanner, add_samples};
use crate::tasks::tray::Tray;
use crate::ui::boxed::boxed_view;
use crate::ui::button::ActionButton;
use crate::ui::empty_state::{EmptyState, Skeleton};
use crate::ui::icon::Glyph;
use crate::words::connection;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use std::time::Duration;

/// Declares what is in the second part: async functions, each of which fetches it unless it is there.
macro_rules! second_part {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) { $view:expr })*) => {$(
        $(#[$doc])*
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split(second, fallible)]
        pub fn $name($($argument: $type),*) -> Result<AnyView, NotLoaded> {
            Ok($view.into_any())
        }

        $(#[$doc])*
        #[cfg(not(feature = "split"))]
        pub async fn $name($($argument: $type),*) -> Result<AnyView, NotLoaded> {
            Ok($view.into_any())
        }
    )*};
}

second_part! {
    /// `/account`.
    fn account(signed_in: SignedIn) { view! { <AccountPage signed_in/> } }

    /// `/done`.
    fn done() { view! { <DonePage/> } }

    /// `/search`.
    fn search() { view! { <SearchPage/> } }

    /// `/trash`.
    fn trash() { view! { <TrashPage/> } }

    /// The bar for chosen tasks.
    fn bulk() { view! { <Bulk/> } }

    /// All of the task that is open.
    fn open_task() { view! { <OpenTask/> } }

    /// New tasks that could not be added.
    fn tray() { view! { <Tray tasks=use_tasks()/> } }

    /// Takes the samples away.
    fn samples() { view! { <SampleBanner/> } }

    /// The samples of a new account.
    fn new_account() { add_samples(use_tasks()) }

    /// What lies over the page.
    fn overlays() { view! { <Overlays/> } }
}

/// A part of the app could not be fetched: the server cannot be reached, or has another release of the app by now.
#[derive(Clone, Copy, Debug)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// How long until a fragment that could not be fetched is asked for again.
const AGAIN: Duration = Duration::from_secs(5);

/// A page that may have to be loaded.
pub fn page(view: impl Future<Output = Result<AnyView, NotLoaded>> + 'static) -> AnyView {
    let view = async move {
        view.await
            .unwrap_or_else(|NotLoaded| view! { <PageNotLoaded/> }.into_any())
    };
    later(view, || view! { <Skeleton label="Loading…"/> }.into_any())
}

/// A fragment of a page: not there until it is loaded, and tried again for as long as it can't be.
pub fn fragment<F>(load: impl Fn() -> F + 'static) -> AnyView
where
    F: Future<Output = Result<AnyView, NotLoaded>> + 'static,
{
    let view = async move {
        loop {
            match load().await {
                Ok(view) => return view,
                Err(NotLoaded) => browser::pause(AGAIN).await,
            }
        }
    };
    later(view, || ().into_any())
}

/// A view that is there later, and `waiting` until then.
fn later(view: impl Future<Output = AnyView> + 'static, waiting: fn() -> AnyView) -> AnyView {
    // Boxed, or all of this would be compiled anew for each.
    let view: LocalBoxFuture<'static, AnyView> = Box::pin(ScopedFuture::new_untracked(view));
    let drawn = StoredValue::new_local(None);
    let is_here = RwSignal::new(false);
    // Once what it was for has gone from the page, so has all that it would look for.
    spawn_while_shown(async move {
        let view = view.await;
        drawn.set_value(Some(view));
        is_here.set(true);
    });
    boxed_view(move || {
        let view = is_here.get().then(|| drawn.try_update_value(Option::take));
        view.flatten().flatten().unwrap_or_else(waiting)
    })
    .into_any()
}

#[component]
fn PageNotLoaded() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::Alert
            title=connection::PAGE_NOT_LOADED
            text=connection::LOAD_AGAIN
            testid="not-loaded"
            urgent=true
        >
            <ActionButton
                label="Load again"
                glyph=Glyph::Retry
                on_press=Callback::new(|()| browser::reload())
                testid="load-again"
            />
        </EmptyState>
    }
}
