//! Parts of a view that change.
//!
//! Every closure is a type of its own, and for each that stands in a view the compiler makes the machinery that draws it
//! anew. Here they all become one type. It makes the app, which everybody downloads, a good deal smaller.

use leptos::prelude::*;

/// A part of a view that is drawn again when what it reads changes.
pub type BoxedView = Box<dyn FnMut() -> AnyView + Send>;

/// Draws a part of a view again when what it reads changes.
pub fn boxed_view(view: impl FnMut() -> AnyView + Send + 'static) -> BoxedView {
    Box::new(view)
}

/// Draws a part of a view while `condition` holds.
pub fn show_if(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + 'static,
) -> BoxedView {
    let holds = memo(condition);
    boxed_view(move || if holds.get() { view() } else { ().into_any() })
}

/// The value of an ARIA state, which unlike other attributes is there when it is false.
pub fn aria(state: impl Fn() -> bool + Send + Sync + 'static) -> Signal<&'static str> {
    Signal::derive(move || if state() { "true" } else { "false" })
}

/// A value that is worked out again when what it reads changes, and heard of only when it is another one.
pub fn memo<T: PartialEq + Send + Sync + 'static>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let read: Box<dyn Fn() -> T + Send + Sync> = Box::new(read);
    Memo::new(move |_| read())
}

/// Does something, and again when what it reads changes.
pub fn effect(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(move |_| act());
}
