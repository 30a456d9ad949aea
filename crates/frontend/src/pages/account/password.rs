//! Changes the password.

use crate::browser::spawn;
use crate::pages::form::{Form, clear, text};
use crate::session::SignedIn;
use crate::ui::button::SubmitButton;
use crate::ui::field::PasswordField;
use crate::ui::notice::FormHead;
use crate::words::account;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::auth::ChangePasswordRequest;
use shared::error::ErrorCode;
use shared::text::{Password, PasswordAttempt};

/// Changes the password. The person stays signed in here, and nowhere else.
#[component]
pub fn ChangePassword(
    /// Whose password it is.
    signed_in: SignedIn,
) -> impl IntoView {
    let (email, client) = (signed_in.user.email, signed_in.client);
    let form = Form::new(&[
        ("current_password", "current_password"),
        ("new_password", "new_password"),
    ]);
    let done = RwSignal::new(None);
    let (current, new) = (NodeRef::new(), NodeRef::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !form.begin() {
            return;
        }
        done.set(None);
        let request = (
            form.check("current_password", PasswordAttempt::parse(&text(current))),
            form.check("new_password", Password::parse(&text(new))),
        );
        let (Some(current_password), Some(new_password)) = request else {
            form.focus_first_error();
            return;
        };
        form.busy.set(true);
        let client = client.clone();
        spawn(async move {
            let request = ChangePasswordRequest {
                current_password,
                new_password,
            };
            match client.change_password(&request).await {
                Ok(_) => {
                    clear(current);
                    clear(new);
                    done.try_set(Some(account::PASSWORD_CHANGED.to_owned()));
                }
                Err(failure) if failure.code() == Some(ErrorCode::InvalidCredentials) => {
                    form.refuse("current_password", account::WRONG_CURRENT_PASSWORD);
                }
                Err(failure) => form.fail(&failure),
            }
            form.end();
        });
    };
    view! {
        <section class="card" aria-labelledby="password-heading">
            <h2 class="card-title" id="password-heading">
                "Change password"
            </h2>
            <form class="form" novalidate on:submit=submit data-testid="password-form">
                <FormHead
                    text=account::ABOUT_PASSWORD
                    notice=done
                    alert=form.alert
                />
                // Tells password managers whose password it is.
                <input class="visually-hidden" type="text" autocomplete="username" value=email readonly tabindex="-1" aria-hidden="true"/>
                <PasswordField
                    id="current_password"
                    label="Current password"
                    autocomplete="current-password"
                    error=form.error("current_password")
                    on_leave=form.on_leave("current_password", PasswordAttempt::parse)
                    node=current
                />
                <PasswordField
                    id="new_password"
                    label="New password"
                    autocomplete="new-password"
                    hint=account::PASSWORD_HINT
                    error=form.error("new_password")
                    on_leave=form.on_leave("new_password", Password::parse)
                    node=new
                />
                <div class="actions">
                    <SubmitButton
                        label="Change password"
                        busy_label="Changing…"
                        busy=form.busy
                        testid="password-submit"
                    />
                </div>
            </form>
        </section>
    }
}
