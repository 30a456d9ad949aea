//! Who is signed in, and what they can do about it.

use crate::ui::boxed::aria;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::ui::theme_picker::ThemePicker;
use crate::words;
use leptos::html::Div;
use leptos::prelude::*;

/// A button with the person's initial, and a menu below it. The browser closes it on Escape and on a click elsewhere.
#[component]
pub fn AccountMenu(
    /// What the person is called.
    name: Option<String>,
    /// The address that they sign in with.
    email: String,
    /// They want to leave.
    on_sign_out: Callback<()>,
    /// They are leaving already.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let menu = NodeRef::<Div>::new();
    let hide = move || {
        if let Some(menu) = menu.get() {
            // Fails only if it is hidden already.
            let _ = menu.hide_popover();
        }
    };
    let called = name.clone().unwrap_or_else(|| email.clone());
    let initial: String = called.chars().take(1).collect();
    view! {
        <button
            type="button"
            class="account-button"
            aria-label=words::shell::account_menu(&called)
            popovertarget="account-menu"
            data-testid="account-menu"
        >
            <span class="avatar" aria-hidden="true">
                {initial}
            </span>
            <Icon glyph=Glyph::ChevronDown/>
        </button>
        <div class="account-menu" id="account-menu" popover="auto" data-testid="account-menu-panel" node_ref=menu>
            <div class="account-who">
                {name.map(|name| view! { <p class="account-name">{name}</p> })}
                <p class="account-email" data-testid="account-email">
                    {email}
                </p>
            </div>
            <ul class="account-items">
                <li>
                    <a href="/account" class="account-item" data-testid="account-link" on:click=on::click(move |_| hide())>
                        <Icon glyph=Glyph::Person/>
                        "Account"
                    </a>
                </li>
                <li>
                    <button
                        type="button"
                        class="account-item"
                        data-testid="sign-out"
                        aria-disabled=aria(move || busy.get())
                        on:click=on::click(move |_| {
                            if !busy.get_untracked() {
                                on_sign_out.run(());
                            }
                        })
                    >
                        <Icon glyph=Glyph::SignOut/>
                        {Signal::derive(move || if busy.get() { words::shell::SIGNING_OUT } else { "Sign out" })}
                    </button>
                </li>
            </ul>
            <div class="account-theme">
                <span aria-hidden="true">"Theme"</span>
                <ThemePicker name="menu-theme"/>
            </div>
        </div>
    }
}
