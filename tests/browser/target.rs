//! What a person points at: things on the page by their role and their name.

use std::fmt;

/// Something on the page that can be seen.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// One of the kinds that `find.js` knows.
    pub(crate) kind: &'static str,
    /// Its name, or whatever else tells it from others of its kind.
    pub(crate) name: String,
}

/// A button.
pub(crate) fn button(name: impl Into<String>) -> Target {
    target("button", name)
}

/// A link.
pub(crate) fn link(name: impl Into<String>) -> Target {
    target("link", name)
}

/// A field to write in.
pub(crate) fn field(name: impl Into<String>) -> Target {
    target("field", name)
}

/// A box to tick, or one of several to choose from.
pub(crate) fn choice(name: impl Into<String>) -> Target {
    target("choice", name)
}

/// A heading.
pub(crate) fn heading(name: impl Into<String>) -> Target {
    target("heading", name)
}

/// Any text, as a whole or as a part of what an element says.
pub(crate) fn text(part: impl Into<String>) -> Target {
    target("text", part)
}

/// What the app itself names for tests, where a person would point.
pub(crate) fn testid(id: impl Into<String>) -> Target {
    target("testid", id)
}

/// The row of a task.
pub(crate) fn row(title: impl Into<String>) -> Target {
    target("row", title)
}

fn target(kind: &'static str, name: impl Into<String>) -> Target {
    Target {
        kind,
        name: name.into(),
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} “{}”", self.kind, self.name)
    }
}
