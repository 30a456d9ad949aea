//! What the keys do. Whoever listens to them and the sheet that names them read the same table.

use crate::browser;
use crate::ui::boxed::show_if;
use crate::ui::button::IconButton;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Glyph;
use crate::words;
use leptos::prelude::*;

/// Keys that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The keys, and what they do. `Mod` is Ctrl, or ⌘ on a Mac; a space is between keys that are pressed one after the
    /// other, `+` between those that are held, `/` between those that do the same.
    pub keys: &'static [(&'static str, &'static str)],
}

/// Every key.
pub const SHORTCUTS: [Group; 4] = [
    Group {
        title: "Anywhere",
        keys: &[
            ("q", "Add a task"),
            ("Mod+k", "Command palette"),
            ("/", "Search"),
            ("Mod+z", "Undo"),
            ("?", "This sheet"),
        ],
    },
    Group {
        title: "Go to",
        keys: &[
            ("g t", "Today"),
            ("g u", "Upcoming"),
            ("g i", "Inbox"),
            ("g a", "All tasks"),
            ("g d", "Done"),
            ("g x", "Trash"),
        ],
    },
    Group {
        title: "In a list",
        keys: &[
            ("j", "Next task"),
            ("k", "Previous task"),
            ("x", "Select"),
            ("Shift+x", "Select up to here"),
            ("Mod+a", "Select all, once one is"),
            ("Alt+↓", "Move the task or list down"),
            ("Alt+↑", "Move the task or list up"),
        ],
    },
    Group {
        title: "With a task",
        keys: &[
            ("Enter", "Open"),
            ("e", "Edit the title"),
            ("c", "Done, or not any more"),
            ("d", "Due"),
            ("p", "Priority"),
            ("t", "Due today"),
            ("1", "High priority"),
            ("2", "Medium priority"),
            ("3", "Low priority"),
            ("4", "No priority"),
            ("Delete", "Delete"),
        ],
    },
];

/// A dialog with all keys.
#[component]
pub fn ShortcutSheet(
    /// Whether it is there.
    #[prop(into)]
    open: Signal<bool>,
    /// The person wants it gone.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="shortcuts" title="Keyboard shortcuts" open on_close light=true>
            // First, so that the keyboard lands here and the sheet is seen from its top.
            <div class="dialog-close">
                <IconButton label="Close" glyph=Glyph::Close testid="shortcuts-close" on_press=on_close/>
            </div>
            {show_if(
                move || open.get(),
                || {
                    let modifier = if browser::is_mac() { "⌘" } else { "Ctrl" };
                    let groups = SHORTCUTS.into_iter().map(|group| {
                        let keys = group.keys.iter().map(|(keys, what)| row(keys, what, modifier));
                        view! {
                            <section class="shortcut-group">
                                <h3 class="shortcut-title">{group.title}</h3>
                                <dl class="shortcut-list">{keys.collect_view()}</dl>
                            </section>
                        }
                    });
                    view! { <div class="shortcut-groups">{groups.collect_view()}</div> }.into_any()
                },
            )}
        </Dialog>
    }
}

fn row(keys: &'static str, what: &'static str, modifier: &'static str) -> AnyView {
    let parts = keys.split_inclusive([' ', '+']).map(|part| {
        let key = part.trim_end_matches([' ', '+']);
        let key = if key == "Mod" { modifier } else { key };
        let between = if part.ends_with(' ') { words::shell::THEN } else { "" };
        view! {
            <kbd>{if key.is_empty() { part } else { key }}</kbd>
            {between}
        }
    });
    view! {
        <div class="shortcut">
            <dt>{what}</dt>
            <dd>{parts.collect_view()}</dd>
        </div>
    }
    .into_any()
}
