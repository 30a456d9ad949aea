//! Who is signed in, as far as this tab knows, and what the other tabs must hear about it.

use crate::api::{self, Client, Ended, Failure};
use crate::browser::{self, spawn};
use crate::store::drafts::Drafts;
use crate::words::auth;
use leptos::prelude::*;
use shared::auth::{AuthResponse, User};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, Event, MessageEvent, PageTransitionEvent};

/// The tabs of one browser share one session cookie; over this channel they tell each other what became of it. Nothing
/// secret is said: a word, or the id of the account.
const CHANNEL: &str = "taskward.session";
const SIGNED_OUT: &str = "signed-out";

/// Who is signed in.
#[derive(Clone)]
pub enum Session {
    /// Not known yet: the session cookie, which no page can read, is being asked about.
    Restoring,
    /// Not known, since nobody answers. Whoever was signed in still is.
    Unreachable(Failure),
    /// Nobody, with what is to be said about it.
    SignedOut(Option<Notice>),
    /// Somebody, and the client that speaks for them.
    SignedIn(SignedIn),
}

/// Somebody who is signed in. Protected endpoints can only be reached through this.
#[derive(Clone)]
pub struct SignedIn {
    /// Who it is.
    pub user: User,
    /// Speaks for them.
    pub client: Client,
    /// They have just made their account.
    pub is_new: bool,
}

/// Why nobody is signed in any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The person signed out.
    SignedOut,
    /// The person signed out in another tab.
    SignedOutElsewhere,
    /// The person ended every session of the account.
    SignedOutEverywhere,
    /// The session came to its end while it was in use.
    Expired,
    /// The account is no more.
    AccountDeleted,
}

impl Notice {
    /// What the sign-in page says.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::SignedOut => auth::SIGNED_OUT,
            Self::SignedOutElsewhere => auth::SIGNED_OUT_ELSEWHERE,
            Self::SignedOutEverywhere => auth::SIGNED_OUT_EVERYWHERE,
            Self::Expired => auth::EXPIRED,
            Self::AccountDeleted => auth::ACCOUNT_DELETED,
        }
    }

    /// Whether the person left on purpose, so that there is no place to come back to.
    pub fn is_farewell(self) -> bool {
        !matches!(self, Self::Expired | Self::SignedOutElsewhere)
    }
}

/// The session of this tab.
#[derive(Clone, Copy)]
pub struct Sessions {
    state: RwSignal<Session>,
    channel: StoredValue<Option<BroadcastChannel>, LocalStorage>,
    drafts: Drafts,
}

/// Finds out who is signed in, and offers the session as a context.
pub fn provide_session(drafts: Drafts) {
    let sessions = Sessions {
        state: RwSignal::new(Session::Restoring),
        channel: StoredValue::new_local(BroadcastChannel::new(CHANNEL).ok()),
        drafts,
    };
    sessions.listen_to_other_tabs();
    // A page that comes back from the browser's back/forward cache shows what was true when it went there. It goes there
    // without its contents, since the browser paints it before anything here can be asked.
    let hidden = window_event_listener_untyped("pagehide", |event| {
        if is_cached(&event) {
            browser::hide_page(true);
        }
    });
    let shown = window_event_listener_untyped("pageshow", move |event| {
        if is_cached(&event) {
            sessions.restore();
            browser::hide_page(false);
        }
    });
    on_cleanup(move || {
        hidden.remove();
        shown.remove();
    });
    sessions.restore();
    provide_context(sessions);
}

/// Whether the page goes into the back/forward cache, or comes from there.
fn is_cached(event: &Event) -> bool {
    event
        .dyn_ref::<PageTransitionEvent>()
        .is_some_and(PageTransitionEvent::persisted)
}

/// The session of this tab.
pub fn use_session() -> Sessions {
    expect_context()
}

impl Sessions {
    /// Who is signed in, as it changes.
    pub fn get(self) -> Session {
        self.state.get()
    }

    /// Asks the server whose the session cookie is.
    pub fn restore(self) {
        self.state.set(Session::Restoring);
        spawn(async move {
            let answer = api::auth::refresh().await;
            // Another tab may have signed out while the question was on its way.
            if !matches!(self.state.get_untracked(), Session::Restoring) {
                return;
            }
            match answer {
                Ok(auth) => self.adopt(auth, false),
                Err(failure) if failure.is_signed_out() => {
                    self.state.set(Session::SignedOut(None));
                }
                Err(failure) => self.state.set(Session::Unreachable(failure)),
            }
        });
    }

    /// Somebody has just signed in.
    pub fn sign_in(self, auth: AuthResponse) {
        self.tell_other_tabs(&auth.user.id);
        self.adopt(auth, false);
    }

    /// Somebody has just made their account.
    pub fn sign_up(self, auth: AuthResponse) {
        self.tell_other_tabs(&auth.user.id);
        self.adopt(auth, true);
    }

    /// Nobody is signed in any more, by their own will.
    pub fn sign_out(self, notice: Notice) {
        self.tell_other_tabs(SIGNED_OUT);
        self.drafts.forget();
        self.state.set(Session::SignedOut(Some(notice)));
    }

    fn adopt(self, auth: AuthResponse, is_new: bool) {
        let user = auth.user.clone();
        self.drafts.belong_to(&user.id);
        let client = Client::new(auth, move |ended| match ended {
            Ended::Expired => self.state.set(Session::SignedOut(Some(Notice::Expired))),
            Ended::OtherAccount => self.restore(),
        });
        self.state.set(Session::SignedIn(SignedIn { user, client, is_new }));
    }

    fn tell_other_tabs(self, message: &str) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                // A browser without a word to its other tabs: they find out at their next request.
                let _ = channel.post_message(&message.into());
            }
        });
    }

    fn listen_to_other_tabs(self) {
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = event.data().as_string() {
                self.hear(&message);
            }
        });
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
            }
        });
        // The app lives as long as its page.
        hear.forget();
    }

    fn hear(self, message: &str) {
        match (message, self.state.get_untracked()) {
            (SIGNED_OUT, Session::SignedOut(_)) => {}
            (SIGNED_OUT, _) => {
                self.drafts.forget();
                self.state.set(Session::SignedOut(Some(Notice::SignedOutElsewhere)));
            }
            (user_id, Session::SignedIn(signed_in)) if signed_in.user.id == user_id => {}
            _ => self.restore(),
        }
    }
}
