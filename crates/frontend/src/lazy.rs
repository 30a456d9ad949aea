//! The second part of the app: what is not needed to see one's tasks and to add one.
//!
//! With the feature `split`, as `cargo xtask` builds the app for release, these functions and all that only they use become
//! a WebAssembly module of their own, which is fetched when one of them is first called. Without it, as under
//! `trunk serve`, they are part of the one module, and nothing is waited for.

use crate::pages::account::AccountPage;
use crate::pages::done::DonePage;
use crate::pages::search::SearchPage;
use crate::pages::trash::TrashPage;
use crate::session::SignedIn;
use crate::shell::overlays::Overlays;
use crate::store::use_tasks;
use crate::tasks::bulk::Bulk;
use crate::tasks::open_task::OpenTask;
use crate::tasks::samples::SampleBanner;
use crate::tasks::tray::Tray;
use crate::ui::later::NotLoaded;
use leptos::prelude::*;

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

    /// What lies over the page.
    fn overlays() { view! { <Overlays/> } }
}
