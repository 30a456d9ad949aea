//! Signing out, from wherever that is asked for.

use crate::api::Client;
use crate::browser::spawn;
use crate::session::{Notice, Sessions};
use crate::store::TaskStore;
use crate::words::report;
use leptos::prelude::*;

/// Signs out once the server has heard of all that was asked for. Who cannot reach it stays signed in: the cookie would
/// outlive the promise.
pub fn sign_out(client: Client, tasks: TaskStore, session: Sessions, busy: RwSignal<bool>) {
    busy.set(true);
    spawn(async move {
        tasks.flush().await;
        match client.logout().await {
            Ok(()) => session.sign_out(Notice::SignedOut),
            Err(failure) => tasks.report_failure(report::STILL_SIGNED_IN, &failure),
        }
        busy.try_set(false);
    });
}
