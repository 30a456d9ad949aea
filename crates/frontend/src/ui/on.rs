//! Handlers of events. Every closure is a type of its own, and for each the compiler would make the machinery anew that
//! ties it to its element; in a box they are all of one type.

use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent, PointerEvent, SubmitEvent};

/// Handles `click`.
pub fn click(act: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(act)
}

/// Handles `input`.
pub fn input(act: impl FnMut(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(act)
}

/// Handles `change`.
pub fn change(act: impl FnMut(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(act)
}

/// Handles `keydown`.
pub fn keydown(act: impl FnMut(KeyboardEvent) + 'static) -> Box<dyn FnMut(KeyboardEvent)> {
    Box::new(act)
}

/// Handles `blur`.
pub fn blur(act: impl FnMut(FocusEvent) + 'static) -> Box<dyn FnMut(FocusEvent)> {
    Box::new(act)
}

/// Handles `submit`.
pub fn submit(act: impl FnMut(SubmitEvent) + 'static) -> Box<dyn FnMut(SubmitEvent)> {
    Box::new(act)
}

/// Handles `focusin`.
pub fn focusin(act: impl FnMut(FocusEvent) + 'static) -> Box<dyn FnMut(FocusEvent)> {
    Box::new(act)
}

/// Handles `focusout`.
pub fn focusout(act: impl FnMut(FocusEvent) + 'static) -> Box<dyn FnMut(FocusEvent)> {
    Box::new(act)
}

/// Handles `pointerenter`.
pub fn pointerenter(act: impl FnMut(PointerEvent) + 'static) -> Box<dyn FnMut(PointerEvent)> {
    Box::new(act)
}

/// Handles `pointerleave`.
pub fn pointerleave(act: impl FnMut(PointerEvent) + 'static) -> Box<dyn FnMut(PointerEvent)> {
    Box::new(act)
}
