//! The two areas that pages lie in: for those who are signed in, and for those who are not. Whoever comes to the wrong
//! one is sent to the other, and back when that is due.

use super::frame::Frame;
use super::unreachable::Unreachable;
use crate::session::{Notice, Session, SignedIn, use_session};
use crate::ui::boot::Boot;
use crate::ui::boxed::boxed_view;
use crate::ui::brand::Brand;
use crate::ui::theme_picker::ThemePicker;
use crate::words::connection;
use crate::{history, return_to};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_location;
use web_sys::UrlSearchParams;

/// Shows the pages once it is known who is signed in.
#[component]
pub fn Area(
    /// The page that the URL means.
    pages: fn() -> AnyView,
) -> impl IntoView {
    history::follow_router();
    let session = use_session();
    boxed_view(move || {
        let now = session.get();
        // The pages below go by this one value, which each turn of events replaces.
        provide_context(now.clone());
        match now {
            Session::Restoring => view! { <Boot/> }.into_any(),
            Session::Unreachable(failure) => {
                let why = if failure.is_unreachable() {
                    // The heading says the rest.
                    connection::CHECK_CONNECTION.to_owned()
                } else {
                    failure.sentence()
                };
                view! { <Unreachable why/> }.into_any()
            }
            Session::SignedOut(_) => pages(),
            Session::SignedIn(signed_in) => view! { <Frame signed_in page=pages/> }.into_any(),
        }
    })
}

/// A page for somebody who is signed in. Everybody else signs in first, and comes back.
pub fn protected(page: fn(SignedIn) -> AnyView) -> AnyView {
    match use_context::<Session>() {
        Some(Session::SignedIn(signed_in)) => page(signed_in),
        Some(Session::SignedOut(Some(notice))) if notice.is_farewell() => redirect(return_to::SIGN_IN.to_owned()),
        _ => {
            let location = use_location();
            let place = return_to::with_query(&location.pathname.get_untracked(), &location.search.get_untracked());
            let encode = |place: &str| String::from(js_sys::encode_uri_component(place));
            redirect(return_to::sign_in_for(&place, encode))
        }
    }
}

/// A page for somebody who is not signed in, and who may be told why. Everybody else goes on to where they wanted to be.
pub fn public(page: fn(Option<Notice>) -> AnyView) -> AnyView {
    let notice = match use_context::<Session>() {
        Some(Session::SignedIn(_)) => {
            let query = use_location().search.get_untracked();
            let asked = UrlSearchParams::new_with_str(&query)
                .ok()
                .and_then(|query| query.get("next"));
            return redirect(return_to::after_sign_in(asked.as_deref()).to_owned());
        }
        Some(Session::SignedOut(notice)) => notice,
        _ => None,
    };
    narrow(page(notice))
}

/// A page for everybody.
pub fn anywhere(page: fn() -> AnyView) -> AnyView {
    match use_context::<Session>() {
        Some(Session::SignedIn(_)) => page(),
        _ => narrow(page()),
    }
}

/// What is around a page for those who are not signed in.
fn narrow(page: AnyView) -> AnyView {
    view! {
        <main class="narrow" id="main">
            <Brand/>
            {page}
            <footer class="narrow-foot">
                <ThemePicker name="page-theme"/>
            </footer>
        </main>
    }
    .into_any()
}

fn redirect(path: String) -> AnyView {
    let options = NavigateOptions {
        replace: true,
        ..NavigateOptions::default()
    };
    view! { <Redirect path options/> }.into_any()
}
