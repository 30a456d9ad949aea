//! The few things that the app asks of the browser itself, in one place and with quiet failures: a page whose storage
//! is forbidden still works.

use crate::words::connection;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Storage, Url};

/// Milliseconds since 1970.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// How far the clock on the wall is ahead of UTC at that instant, in milliseconds.
pub fn local_offset(instant: f64) -> f64 {
    js_sys::Date::new(&instant.into()).get_timezone_offset() * -60_000.0
}

/// The language to write dates in: the person's own English, since the rest of the page is English.
pub fn english_locale() -> String {
    window()
        .navigator()
        .language()
        .filter(|tag| tag.starts_with("en"))
        .unwrap_or_else(|| "en-GB".to_owned())
}

/// The same text for upper and lower case, of any alphabet: by the browser, since the tables would be a twentieth of the
/// download.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    js_sys::JsString::from(text).to_lower_case().into()
}

/// What outlives the tab: the theme.
pub fn local_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What lives as long as the tab: words that are not sent yet.
pub fn session_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Carries something out, whatever becomes of the page that asked for it.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    // Boxed, or all that it takes to run a task would be compiled anew for each.
    let task: LocalBoxFuture<'static, ()> = Box::pin(task);
    spawn_local(task);
}

/// Carries something out as long as what asked for it is on the page.
pub fn spawn_while_shown(task: impl Future<Output = ()> + 'static) {
    let task: LocalBoxFuture<'static, ()> = Box::pin(task);
    spawn_local_scoped_with_cancellation(task);
}

/// Waits.
pub async fn pause(duration: Duration) {
    let milliseconds = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
    let mut start = |resolve: js_sys::Function, _| {
        // It fails only in documents that are not shown.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    };
    let _ = JsFuture::from(js_sys::Promise::new(&mut start)).await;
}

/// Loads the app again, in the release that the server has now.
pub fn reload() {
    // It fails only in documents that are not shown.
    let _ = window().location().reload();
}

/// Hides all there is on the page, or shows it again.
pub fn hide_page(hidden: bool) {
    if let Some(body) = document().body() {
        body.set_hidden(hidden);
    }
}

/// Takes away what `index.html` shows until the app is there.
pub fn remove_boot_screen() {
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}

/// Says that the app has stopped working. Uses nothing of the app itself.
pub fn show_crash() {
    let body = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| Some((document.body()?, document)));
    let Some((body, document)) = body else {
        return;
    };
    let (Ok(alert), Ok(reload)) = (document.create_element("p"), document.create_element("a")) else {
        return;
    };
    alert.set_text_content(Some(connection::CRASHED));
    alert.set_class_name("crash");
    reload.set_text_content(Some("Reload the page"));
    // Each of these can only fail on elements that are not the document's own.
    let _ = alert.set_attribute("role", "alert");
    let _ = reload.set_attribute("href", "");
    let _ = alert.append_child(&reload);
    let _ = body.append_child(&alert);
}

/// Puts the keyboard where `id` is, once what was just asked for has been drawn.
pub fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    next_frame(move || {
        focus(&id);
    });
}

/// Does something once what was just asked for has been drawn.
pub fn next_frame(act: impl FnOnce() + 'static) {
    // Boxed, or all that it takes to be called by the browser would be compiled anew for each.
    let act: Box<dyn FnOnce()> = Box::new(act);
    request_animation_frame(act);
}

/// Whether there is such an element on the page.
pub fn is_there(id: &str) -> bool {
    document().get_element_by_id(id).is_some()
}

/// Puts the keyboard where `id` is. `false` if there is no such element.
pub fn focus(id: &str) -> bool {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}

/// What is in a file now, byte for byte; `None` if it cannot be read.
pub async fn read_file(file: &web_sys::File) -> Option<Blob> {
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    Blob::new_with_buffer_source_sequence(&js_sys::Array::of1(&bytes)).ok()
}

/// Presses a button.
pub fn click(id: &str) {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        element.click();
    }
}

/// Whether something lies over the page that has to be dealt with first.
pub fn is_modal() -> bool {
    document().query_selector("dialog:modal").ok().flatten().is_some()
}

/// Takes the keyboard off whatever has it, which saves what a field saves when it is left.
pub fn leave_field() {
    let element = document()
        .active_element()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // Could only fail on an element that is gone.
        let _ = element.blur();
    }
}

/// Whether the screen is too narrow for two things beside each other. The stylesheets say the same.
pub fn is_narrow() -> bool {
    let query = window().match_media("(max-width: 60rem)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Gives the person a file. `None` if the browser refuses.
pub fn save_file(name: &str, kind: &str, text: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link = document()
        .create_element("a")
        .ok()?
        .dyn_into::<HtmlAnchorElement>()
        .ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken it by then.
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        Duration::from_mins(1),
    );
    Some(())
}

/// Whether the keyboard has a ⌘ where others have Ctrl.
pub fn is_mac() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    agent.contains("Mac OS") || agent.contains("iPhone") || agent.contains("iPad")
}

/// Whether text is marked: a click that ends the marking is not a click.
pub fn selects_text() -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Unmarks whatever text is marked.
pub fn clear_selection() {
    if let Ok(Some(selection)) = window().get_selection() {
        // Fails only if nothing is marked.
        let _ = selection.remove_all_ranges();
    }
}

/// Hides a popover, if it is there.
pub fn hide_popover(id: &str) {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // Fails only if it is hidden already.
        let _ = element.hide_popover();
    }
}

/// Whether the keyboard is on this, or on something in it.
pub fn has_focus_within(id: &str) -> bool {
    let (Some(element), Some(active)) = (document().get_element_by_id(id), document().active_element()) else {
        return false;
    };
    element.contains(Some(&active))
}

/// Whether the person is writing in a field right now, where keys mean letters.
pub fn is_writing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
            || (element.tag_name() == "INPUT" && element.get_attribute("type").as_deref() != Some("checkbox"))
    })
}

/// Whether the tab can be seen.
pub fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Whether the machine has a network at all, as it comes and goes.
pub fn online() -> Signal<bool> {
    let online = RwSignal::new(window().navigator().on_line());
    let came = window_event_listener(leptos::ev::online, move |_| online.set(true));
    let went = window_event_listener(leptos::ev::offline, move |_| online.set(false));
    on_cleanup(move || {
        came.remove();
        went.remove();
    });
    online.into()
}
