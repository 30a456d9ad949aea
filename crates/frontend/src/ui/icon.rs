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
    /// A day.
    Calendar = "calendar",
    /// A time of day.
    Clock = "clock",
    /// It comes back.
    Repeat = "repeat",
    /// How much it matters.
    Flag = "flag",
    /// A list.
    List = "hash",
    /// A tag.
    Tag = "tag",
    /// What is in no list.
    Inbox = "inbox",
    /// Look for it.
    Search = "search",
    /// Keys.
    Keyboard = "keyboard",
    /// The next day.
    Tomorrow = "sunrise",
    /// The next week.
    NextWeek = "calendar-arrow-up",
    /// No day.
    NoDate = "calendar-x",
    /// Back.
    ChevronLeft = "chevron-left",
    /// To this machine.
    Download = "download",
    /// From this machine.
    Upload = "upload",
    /// It is so.
    Tick = "check",
    /// Go there.
    Go = "arrow-right",
    /// What a task is made of.
    Subtasks = "list-checks",
    /// What else there is.
    Menu = "menu",
    /// More about it.
    More = "ellipsis",
}

/// An icon. It says nothing to a screen reader: whatever it stands in needs a name of its own.
#[component]
pub fn Icon(
    /// The drawing.
    glyph: Glyph,
) -> impl IntoView {
    view! { <span class="icon" aria-hidden="true" inner_html=glyph.svg()></span> }
}
