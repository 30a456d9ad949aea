//! What is drawn as soon as it is loaded, in the place where it was asked for.

use super::blank::{Blank, Skeleton};
use super::button::ActionButton;
use super::dynamic::dynamic;
use super::icon::Glyph;
use crate::browser::{self, spawn_while_shown};
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use std::time::Duration;

/// A part of the app could not be fetched: the server cannot be reached, or has another release of the app by now.
#[derive(Clone, Copy, Debug)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// How long until a piece that could not be fetched is asked for again.
const AGAIN: Duration = Duration::from_secs(5);

/// A page that may have to be loaded.
pub fn page(view: impl Future<Output = Result<AnyView, NotLoaded>> + 'static) -> AnyView {
    let view = async move {
        view.await
            .unwrap_or_else(|NotLoaded| view! { <PageNotLoaded/> }.into_any())
    };
    later(view, || view! { <Skeleton label="Loading…"/> }.into_any())
}

/// A piece of a page: not there until it is loaded, and tried again for as long as it can't be.
pub fn piece<F>(load: impl Fn() -> F + 'static) -> AnyView
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
    dynamic(move || {
        let view = is_here.get().then(|| drawn.try_update_value(Option::take));
        view.flatten().flatten().unwrap_or_else(waiting)
    })
    .into_any()
}

#[component]
fn PageNotLoaded() -> impl IntoView {
    view! {
        <Blank
            glyph=Glyph::Alert
            title="This page couldn’t be loaded"
            text="Check your connection, then load Taskward again."
            testid="not-loaded"
            urgent=true
        >
            <ActionButton
                label="Load again"
                glyph=Glyph::Retry
                on_press=Callback::new(|()| browser::reload())
                testid="load-again"
            />
        </Blank>
    }
}
