//! Icons, drawn inside the page so that they take the text's colour.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $file:literal,)*) => {
        /// An icon's drawing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph {
            $($(#[$doc])* $name,)*
        }

        impl Glyph {
            fn svg(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../icons/", $file, ".svg")),)*
                }
            }
        }
    };
}

icons! {
    /// Something is wrong.
    Alert = "circle-alert",
    /// Done.
    Check = "circle-check",
    /// What a click unfolds.
    Chevron = "chevron-right",
    /// What a click drops down.
    ChevronDown = "chevron-down",
    /// Take it away.
    Close = "x",
    /// A person.
    Person = "user-round",
    /// Leave.
    SignOut = "log-out",
    /// Change it.
    Edit = "pencil",
    /// Throw it away.
    Delete = "trash-2",
    /// One more.
    Add = "plus",
    /// Some words about it.
    Notes = "notebook-pen",
    /// Once more.
    Retry = "rotate-ccw",
    /// No network.
    Offline = "wifi-off",
    /// What is hidden can be shown.
    Show = "eye",
    /// What is shown can be hidden.
    Hide = "eye-off",
    /// As the system.
    System = "monitor",
    /// By day.
    Light = "sun",
    /// By night.
    Dark = "moon",
}

/// An icon. It says nothing to a screen reader: whatever it stands in needs a name of its own.
#[component]
pub fn Icon(
    /// The drawing.
    glyph: Glyph,
) -> impl IntoView {
    view! { <span class="icon" aria-hidden="true" inner_html=glyph.svg()></span> }
}
