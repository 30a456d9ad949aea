//! Deletes the account.

use crate::api::Client;
use crate::browser::spawn;
use crate::pages::form::{Form, clear, text};
use crate::session::{Notice, use_session};
use crate::ui::button::{ActionButton, ButtonVariant, SubmitButton};
use crate::ui::dialog::Dialog;
use crate::ui::field::PasswordField;
use crate::ui::notice::FormHead;
use crate::words::account;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::auth::DeleteAccountRequest;
use shared::error::ErrorCode;
use shared::text::PasswordAttempt;

/// Deletes the account, after asking for the password once more.
#[component]
pub fn DeleteAccount(
    /// Speaks for whose account it is.
    client: Client,
) -> impl IntoView {
    let session = use_session();
    let form = Form::new(&[("password", "delete_password")]);
    let asking = RwSignal::new(false);
    let password = NodeRef::new();
    let close = Callback::new(move |()| {
        clear(password);
        asking.set(false);
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !form.begin() {
            return;
        }
        let Some(attempt) = form.check("password", PasswordAttempt::parse(&text(password))) else {
            form.focus_first_error();
            return;
        };
        form.busy.set(true);
        let client = client.clone();
        spawn(async move {
            let request = DeleteAccountRequest { password: attempt };
            match client.delete_account(&request).await {
                Ok(()) => {
                    clear(password);
                    session.sign_out(Notice::AccountDeleted);
                }
                Err(failure) if failure.code() == Some(ErrorCode::InvalidCredentials) => {
                    form.refuse("password", account::WRONG_PASSWORD);
                }
                Err(failure) => form.fail(&failure),
            }
            form.end();
        });
    };
    view! {
        <section class="card" aria-labelledby="delete-heading">
            <h2 class="card-title" id="delete-heading">
                "Delete account"
            </h2>
            <p class="card-text">{account::ABOUT_DELETION}</p>
            <div class="actions">
                <ActionButton
                    label=account::DELETE
                    variant=ButtonVariant::Warning
                    on_press=Callback::new(move |()| asking.set(true))
                    testid="delete-account"
                />
            </div>
            <Dialog id="delete-dialog" title=account::DELETE_IT open=asking on_close=close>
                <form class="form" novalidate on:submit=submit data-testid="delete-account-form">
                    <FormHead text=account::DELETES_TASKS alert=form.alert/>
                    <PasswordField
                        id="delete_password"
                        label="Your password"
                        autocomplete="current-password"
                        error=form.error("password")
                        on_leave=form.on_leave("password", PasswordAttempt::parse)
                        node=password
                    />
                    <div class="dialog-actions">
                        <ActionButton label="Keep account" variant=ButtonVariant::Secondary on_press=close/>
                        <SubmitButton
                            label="Delete account"
                            busy_label="Deleting…"
                            busy=form.busy
                            variant=ButtonVariant::Danger
                            testid="confirm-delete-account"
                        />
                    </div>
                </form>
            </Dialog>
        </section>
    }
}
