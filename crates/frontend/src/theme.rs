//! Light, dark, or what the system says.

use crate::browser;
use leptos::prelude::*;

/// Where the choice is kept. `theme.js` reads it before the first paint.
const KEY: &str = "taskward.theme";

/// What the person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system, by day and by night.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order in which it is offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in storage and in the stylesheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The chosen theme, for whoever shows or changes it.
#[derive(Clone, Copy)]
pub struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    /// What the person chose, as it changes.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// The person chooses.
    pub fn set(self, theme: Theme) {
        self.0.set(theme);
        apply(theme);
        keep(theme);
    }
}

/// Reads the choice, which `theme.js` has applied already, and offers it as a context.
pub fn provide_theme() {
    let stored = browser::local_storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let theme = RwSignal::new(stored.map_or(Theme::System, |name| Theme::from_name(&name)));
    provide_context(ThemeChoice(theme));
}

fn apply(theme: Theme) {
    paint_browser(theme);
    let Some(root) = document().document_element() else {
        return;
    };
    // A page without the attribute follows the system; that it could not be written changes nothing for the worse.
    let _ = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        chosen => root.set_attribute("data-theme", chosen.name()),
    };
}

/// Gives the browser's own bars the page's colour, of which `index.html` names one for each theme. `theme.js` does the
/// same before the first paint.
fn paint_browser(theme: Theme) {
    for shade in [Theme::Light, Theme::Dark] {
        let name = shade.name();
        let colour = document()
            .query_selector(&format!("meta[data-shade={name}]"))
            .ok()
            .flatten();
        let when = match theme {
            Theme::System => format!("(prefers-color-scheme: {name})"),
            chosen if chosen == shade => "all".to_owned(),
            _ => "not all".to_owned(),
        };
        if let Some(colour) = colour {
            // Could only fail on a name that is no attribute's.
            let _ = colour.set_attribute("media", &when);
        }
    }
}

fn keep(theme: Theme) {
    if let Some(storage) = browser::local_storage() {
        // Full or forbidden storage costs the choice on the next visit, nothing else.
        let _ = match theme {
            Theme::System => storage.remove_item(KEY),
            chosen => storage.set_item(KEY, chosen.name()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_is_found_again_by_its_name() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_name(theme.name()), theme);
        }
        assert_eq!(Theme::from_name("sepia"), Theme::System);
    }
}
