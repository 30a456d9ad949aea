//! `/sign-in`

use super::form::{Form, clear, text};
use crate::api::{self, Failure};
use crate::browser::spawn;
use crate::return_to;
use crate::session::{Notice, use_session};
use crate::ui::button::SubmitButton;
use crate::ui::field::{PasswordField, TextField};
use crate::ui::notice::FormHead;
use crate::ui::page::PageHeading;
use crate::words::auth;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::auth::LoginRequest;
use shared::error::ErrorCode;
use shared::text::{Email, PasswordAttempt};

/// Signs in.
#[component]
pub fn SignInPage(
    /// What is to be said first.
    notice: Option<Notice>,
) -> impl IntoView {
    let session = use_session();
    let other_page = return_to::with_query("/sign-up", &use_location().search.get_untracked());
    let form = Form::new(&[("email", "email"), ("password", "password")]);
    let (email, password) = (NodeRef::new(), NodeRef::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !form.begin() {
            return;
        }
        let request = (
            form.check("email", Email::parse(&text(email))),
            form.check("password", PasswordAttempt::parse(&text(password))),
        );
        let (Some(email), Some(attempt)) = request else {
            form.focus_first_error();
            return;
        };
        form.busy.set(true);
        spawn(async move {
            let request = LoginRequest {
                email,
                password: attempt,
            };
            match api::auth::login(&request).await {
                Ok(auth) => {
                    clear(password);
                    session.sign_in(auth);
                }
                Err(failure) => {
                    refuse(form, &failure);
                }
            }
            form.end();
        });
    };
    let notice = Signal::stored(notice.map(|notice| notice.sentence().to_owned()));
    view! {
        <div class="card">
            <PageHeading title="Sign in"/>
            <form class="form" novalidate on:submit=submit data-testid="sign-in-form">
                <FormHead text=auth::WELCOME_BACK notice alert=form.alert/>
                <TextField
                    id="email"
                    label="Email"
                    kind="email"
                    autocomplete="username"
                    error=form.error("email")
                    on_leave=form.on_leave("email", Email::parse)
                    node=email
                />
                <PasswordField
                    id="password"
                    label="Password"
                    autocomplete="current-password"
                    error=form.error("password")
                    on_leave=form.on_leave("password", PasswordAttempt::parse)
                    node=password
                />
                <SubmitButton label="Sign in" busy_label=auth::SIGNING_IN busy=form.busy testid="sign-in-submit"/>
            </form>
        </div>
        <p class="narrow-note">
            {auth::NEW_HERE}
            <a href=other_page>"Create an account"</a>
        </p>
    }
}

fn refuse(form: Form, failure: &Failure) {
    form.fail(failure);
    if failure.code() == Some(ErrorCode::InvalidCredentials) {
        crate::browser::focus("password");
    }
}
