//! `/sign-up`

use super::form::{Form, clear, text};
use crate::api;
use crate::browser::spawn;
use crate::return_to;
use crate::session::use_session;
use crate::ui::button::SubmitButton;
use crate::ui::field::{PasswordField, TextField};
use crate::ui::notice::FormHead;
use crate::ui::page::PageHeading;
use crate::words::auth;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::auth::RegisterRequest;
use shared::text::{Email, Name, Password};

/// Makes an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let session = use_session();
    let other_page = return_to::with_query(return_to::SIGN_IN, &use_location().search.get_untracked());
    let form = Form::new(&[("name", "name"), ("email", "email"), ("password", "password")]);
    let (name, email, password) = (NodeRef::new(), NodeRef::new(), NodeRef::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !form.begin() {
            return;
        }
        let called = text(name);
        let called = if called.trim().is_empty() {
            form.check("name", Ok(None))
        } else {
            form.check("name", Name::parse(&called).map(Some))
        };
        let request = (
            called,
            form.check("email", Email::parse(&text(email))),
            form.check("password", Password::parse(&text(password))),
        );
        let (Some(name), Some(email), Some(chosen)) = request else {
            form.focus_first_error();
            return;
        };
        form.busy.set(true);
        spawn(async move {
            let request = RegisterRequest {
                email,
                password: chosen,
                name,
            };
            match api::auth::register(&request).await {
                Ok(auth) => {
                    clear(password);
                    session.sign_up(auth);
                }
                Err(failure) => form.fail(&failure),
            }
            form.end();
        });
    };
    view! {
        <div class="card">
            <PageHeading title="Create your account"/>
            <form class="form" novalidate on:submit=submit data-testid="sign-up-form">
                <FormHead text=auth::ALL_IT_TAKES alert=form.alert/>
                <TextField
                    id="name"
                    label="Name (optional)"
                    autocomplete="name"
                    error=form.error("name")
                    on_leave=form.on_leave("name", Name::parse)
                    node=name
                />
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
                    autocomplete="new-password"
                    hint=auth::PASSWORD_HINT
                    error=form.error("password")
                    on_leave=form.on_leave("password", Password::parse)
                    node=password
                />
                <SubmitButton
                    label="Create account"
                    busy_label=auth::CREATING_ACCOUNT
                    busy=form.busy
                    testid="sign-up-submit"
                />
            </form>
        </div>
        <p class="narrow-note">
            {auth::HAVE_ACCOUNT}
            <a href=other_page>"Sign in"</a>
        </p>
    }
}
