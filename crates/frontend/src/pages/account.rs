//! `/account`

mod delete_account;
mod password;
mod transfer;

use self::delete_account::DeleteAccount;
use self::password::ChangePassword;
use self::transfer::Transfer;
use crate::api::Client;
use crate::browser::spawn;
use crate::dates;
use crate::return_to;
use crate::session::{Notice, SignedIn, use_session};
use crate::shell::sign_out::sign_out;
use crate::store::use_tasks;
use crate::ui::button::{ActionButton, ButtonVariant};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page::PageHeading;
use crate::words::{account, report};
use leptos::prelude::*;

/// The account: who am I, signing out, the password, and the end.
#[component]
pub fn AccountPage(
    /// Whose account it is.
    signed_in: SignedIn,
) -> impl IntoView {
    let user = signed_in.user.clone();
    view! {
        <p class="page-back">
            <a href=return_to::HOME>
                <Icon glyph=Glyph::Chevron/>
                "Back to tasks"
            </a>
        </p>
        <PageHeading title="Account"/>
        <section class="card" aria-labelledby="profile-heading">
            <h2 class="card-title" id="profile-heading">
                "Profile"
            </h2>
            <dl class="facts">
                {user
                    .name
                    .map(|name| {
                        view! {
                            <dt>"Name"</dt>
                            <dd data-testid="profile-name">{name}</dd>
                        }
                    })}
                <dt>"Email"</dt>
                <dd data-testid="profile-email">{user.email}</dd>
                <dt>"Member since"</dt>
                <dd data-testid="profile-since">{dates::long_date(user.created_at)}</dd>
            </dl>
        </section>
        <Sessions client=signed_in.client.clone()/>
        <Transfer client=signed_in.client.clone()/>
        <ChangePassword signed_in=signed_in.clone()/>
        <DeleteAccount client=signed_in.client/>
    }
}

#[component]
fn Sessions(client: Client) -> impl IntoView {
    let session = use_session();
    let tasks = use_tasks();
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let here = {
        let client = client.clone();
        Callback::new(move |()| sign_out(client.clone(), tasks, session, busy))
    };
    let everywhere = Callback::new(move |()| {
        let client = client.clone();
        busy.set(true);
        spawn(async move {
            tasks.flush().await;
            match client.logout_everywhere().await {
                Ok(()) => session.sign_out(Notice::SignedOutEverywhere),
                Err(failure) => {
                    asking.try_set(false);
                    tasks.report_failure(report::NOBODY_SIGNED_OUT, &failure);
                }
            }
            busy.try_set(false);
        });
    });
    view! {
        <section class="card" aria-labelledby="sessions-heading">
            <h2 class="card-title" id="sessions-heading">
                "Signing out"
            </h2>
            <p class="card-text">{account::ABOUT_SESSIONS}</p>
            <div class="actions">
                <ActionButton
                    label="Sign out"
                    variant=ButtonVariant::Secondary
                    glyph=Glyph::SignOut
                    busy
                    on_press=here
                    testid="account-sign-out"
                />
                <ActionButton
                    label="Sign out everywhere"
                    variant=ButtonVariant::Secondary
                    on_press=Callback::new(move |()| asking.set(true))
                    testid="sign-out-everywhere"
                />
            </div>
            <Dialog
                id="everywhere-dialog"
                title=account::SIGN_OUT_EVERYWHERE
                open=asking
                on_close=Callback::new(move |()| asking.set(false))
            >
                <p class="dialog-text">{account::ENDS_EVERY_SESSION}</p>
                <div class="dialog-actions">
                    <ActionButton
                        label="Cancel"
                        variant=ButtonVariant::Secondary
                        on_press=Callback::new(move |()| asking.set(false))
                    />
                    <ActionButton label="Sign out everywhere" busy on_press=everywhere testid="confirm-everywhere"/>
                </div>
            </Dialog>
        </section>
    }
}
