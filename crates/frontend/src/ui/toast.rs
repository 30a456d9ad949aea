//! Short messages about what has just happened, some of which can be undone for a while.

use super::each::Each;
use super::icon::{Glyph, Icon};
use super::on;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// As many as fit on a small screen; more than that push the oldest one out.
const MOST: usize = 3;

/// Something that has just happened.
#[derive(Clone)]
pub struct Toast {
    id: u32,
    text: String,
    is_error: bool,
    undo: Option<Action>,
}

/// Not `Callback`s, which are gone with what has made them: a toast outlives the row that it speaks of.
type Action = Arc<dyn Fn() + Send + Sync>;

impl Toast {
    /// Something went as it should.
    pub fn info(text: impl Into<String>) -> Self {
        Self {
            id: 0,
            text: text.into(),
            is_error: false,
            undo: None,
        }
    }

    /// Something did not.
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            is_error: true,
            ..Self::info(text)
        }
    }

    /// It can be undone as long as the toast is there.
    #[must_use]
    pub fn undo(mut self, on_undo: impl Fn() + Send + Sync + 'static) -> Self {
        self.undo = Some(Arc::new(on_undo));
        self
    }

    fn lasts(&self) -> Duration {
        Duration::from_secs(if self.is_error || self.undo.is_some() { 10 } else { 6 })
    }
}

/// Shows toasts.
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    next_id: StoredValue<u32>,
}

/// To be called once, above all that show toasts.
pub fn provide_toaster() -> Toaster {
    let toaster = Toaster {
        toasts: RwSignal::new(Vec::new()),
        next_id: StoredValue::new(1),
    };
    provide_context(toaster);
    toaster
}

/// What shows toasts.
pub fn use_toaster() -> Toaster {
    expect_context()
}

impl Toaster {
    /// Shows a toast.
    pub fn show(self, mut toast: Toast) {
        toast.id = self.next_id.get_value();
        self.next_id.set_value(toast.id.wrapping_add(1));
        let crowded = self.toasts.with_untracked(|toasts| {
            let oldest = toasts.first().map(|toast| toast.id);
            oldest.filter(|_| toasts.len() >= MOST)
        });
        if let Some(oldest) = crowded {
            self.expire(oldest);
        }
        self.toasts.update(|toasts| {
            // The same trouble again is not more trouble.
            toasts.retain(|other| other.undo.is_some() || other.text != toast.text);
            toasts.push(toast);
        });
    }

    /// Takes a toast away that turned out not to be true.
    pub fn withdraw(self, text: &str) {
        self.toasts
            .try_update(|toasts| toasts.retain(|toast| toast.text != text));
    }

    /// Takes away all toasts.
    pub fn clear(self) {
        self.toasts.update(Vec::clear);
    }

    /// Undoes what can be undone and happened last. `false` if there is nothing.
    pub fn undo_last(self) -> bool {
        let last = self.toasts.with_untracked(|toasts| {
            let undoable = toasts.iter().rev().find(|toast| toast.undo.is_some());
            undoable.map(|toast| toast.id)
        });
        last.is_some_and(|id| {
            self.undo(id);
            true
        })
    }

    /// A toast of which one knows that it is there; else one that says nothing.
    fn get(self, id: u32) -> Toast {
        let find = |toasts: &Vec<Toast>| toasts.iter().find(|toast| toast.id == id).cloned();
        self.toasts.with_untracked(find).unwrap_or_else(|| Toast::info(""))
    }

    fn undo(self, id: u32) {
        if let Some(undo) = self.take(id) {
            undo();
        }
    }

    fn expire(self, id: u32) {
        self.take(id);
    }

    fn take(self, id: u32) -> Option<Action> {
        let place = self
            .toasts
            .with_untracked(|toasts| toasts.iter().position(|toast| toast.id == id))?;
        self.toasts
            .try_update(|toasts| toasts.remove(place))
            .and_then(|toast| toast.undo)
    }
}

/// Where toasts appear.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toaster = use_toaster();
    let keys = Signal::derive(move || {
        toaster
            .toasts
            // The last one first: it is the one that somebody wants to undo.
            .with(|toasts| toasts.iter().rev().map(|toast| toast.id).collect())
    });
    view! {
        <section class="toasts" aria-label="Notifications" aria-live="polite">
            <Each keys draw=|id| view! { <ToastCard id/> }.into_any()/>
        </section>
    }
}

/// One toast. It waits while somebody points at it or has the keyboard on it.
#[component]
fn ToastCard(id: u32) -> impl IntoView {
    let toaster = use_toaster();
    let toast = toaster.get(id);
    let lasts = toast.lasts();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let pause = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let resume = move || {
        pause();
        let started = set_timeout_with_handle(move || toaster.expire(id), lasts);
        // The toast may be gone: its button loses the focus when it is taken off the page.
        if let Some(unkept) = timer.try_set_value(started.ok()).flatten() {
            unkept.clear();
        }
    };
    resume();
    on_cleanup(pause);
    let is_undoable = toast.undo.is_some();
    view! {
        <div
            class=if toast.is_error { "toast toast-error" } else { "toast" }
            role=toast.is_error.then_some("alert")
            data-testid="toast"
            on:pointerenter=on::pointerenter(move |_| pause())
            on:pointerleave=on::pointerleave(move |_| resume())
            on:focusin=on::focusin(move |_| pause())
            on:focusout=on::focusout(move |_| resume())
        >
            <p class="toast-text">{toast.text}</p>
            {is_undoable
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="toast-undo"
                            data-testid="toast-undo"
                            on:click=on::click(move |_| toaster.undo(id))
                        >
                            "Undo"
                        </button>
                    }
                })}
            <button
                type="button"
                class="icon-button toast-close"
                aria-label="Dismiss"
                data-testid="toast-close"
                on:click=on::click(move |_| toaster.expire(id))
            >
                <Icon glyph=Glyph::Close/>
            </button>
        </div>
    }
}
