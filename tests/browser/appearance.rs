//! Light and dark, and motion, as the system asks for them or the person chooses.

use crate::page::Page;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, choice, field, heading, testid};
use fantoccini::key::Key;
use serde_json::json;

#[tokio::test]
async fn the_page_is_light_or_dark_as_the_system_is() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.prefer("prefers-color-scheme", "light").await;
        page.open("/sign-in").await;
        page.sees(heading("Sign in")).await;
        let light = page.brightness().await;
        page.prefer("prefers-color-scheme", "dark").await;
        let dark = page.brightness().await;
        assert!(light > 200.0 && dark < 60.0, "light {light}, dark {dark}");
    })
    .await;
}

#[tokio::test]
async fn a_chosen_theme_stays_chosen_from_the_first_paint_on() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.prefer("prefers-color-scheme", "light").await;
        page.enter(&ada).await;
        page.click(testid("account-menu")).await;
        page.click(testid("theme-dark")).await;
        page.until(
            "it is dark",
            "return document.documentElement.dataset.theme === 'dark'",
            json!([]),
        )
        .await;
        assert!(page.brightness().await < 60.0);
        // Before the app itself is there, its page already is what was chosen.
        let note = "addEventListener('DOMContentLoaded', () => window.first = document.documentElement.dataset.theme)";
        page.inject(note).await;
        page.reload().await;
        let first: String = page.eval("return window.first", json!([])).await;
        assert_eq!(first, "dark");
        page.sees(heading("All tasks")).await;
        assert!(page.brightness().await < 60.0);
        page.click(testid("account-menu")).await;
        page.click(testid("theme-system")).await;
        page.until(
            "it is the system's",
            "return !document.documentElement.dataset.theme",
            json!([]),
        )
        .await;
        assert!(page.brightness().await > 200.0);
    })
    .await;
}

#[tokio::test]
async fn the_browsers_own_bars_take_the_colour_of_the_theme() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.prefer("prefers-color-scheme", "light").await;
        page.enter(&ada).await;
        let light = page.bar_colour().await;
        page.prefer("prefers-color-scheme", "dark").await;
        let dark = page.bar_colour().await;
        assert_ne!(light, dark);
        for (theme, expected) in [("light", &light), ("dark", &dark), ("light", &light), ("system", &dark)] {
            page.click(testid("account-menu")).await;
            page.click(testid(format!("theme-{theme}"))).await;
            page.press(Key::Escape).await;
            assert_eq!(&page.bar_colour().await, expected, "{theme}");
            page.reload().await;
            page.sees(heading("All tasks")).await;
            assert_eq!(&page.bar_colour().await, expected, "{theme}, after a reload");
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_moves_for_those_who_do_not_want_it_to() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        ada.add("Call Charles").await;
        let page = stage.browser().await;
        page.prefer("prefers-reduced-motion", "reduce").await;
        page.inject(COUNT_MOTION).await;
        page.enter(&ada).await;
        page.fill(field("New task"), "One more").await;
        page.press(Key::Enter).await;
        page.has_saved("One more").await;
        page.click(choice("Done: Buy milk")).await;
        page.click(testid("completed-toggle")).await;
        page.delete("Call Charles").await;
        page.sees(button("Undo")).await;
        page.click(testid("account-menu")).await;
        page.sees(testid("account-menu-panel")).await;
        let moved: Vec<String> = page.eval("return window.moved", json!([])).await;
        assert!(moved.is_empty(), "{moved:?}");
    })
    .await;
}

#[tokio::test]
async fn things_move_for_everybody_else() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.prefer("prefers-reduced-motion", "no-preference").await;
        page.inject(COUNT_MOTION).await;
        page.enter(&ada).await;
        page.delete("Buy milk").await;
        page.sees(button("Undo")).await;
        page.until("something has moved", "return window.moved.length > 0", json!([]))
            .await;
    })
    .await;
}

impl Page {
    /// Lets the system prefer something, as far as the page can tell.
    pub(crate) async fn prefer(&self, feature: &str, value: &str) {
        let features = json!({"features": [{"name": feature, "value": value}]});
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// The colour that the page gives to the browser's own bars: of the first of its kind that applies, as HTML says.
    async fn bar_colour(&self) -> String {
        let script = "
            const colours = [...document.querySelectorAll('meta[name=theme-color]')];
            return colours.find((each) => matchMedia(each.media).matches)?.content ?? ''";
        self.eval(script, json!([])).await
    }

    /// How bright the page's background is, from 0 to 255.
    async fn brightness(&self) -> f64 {
        let script = "
            const canvas = document.createElement('canvas').getContext('2d');
            const colour = (element) => getComputedStyle(element).backgroundColor;
            const isClear = (colour) => colour === 'rgba(0, 0, 0, 0)';
            const body = colour(document.body);
            canvas.fillStyle = isClear(body) ? colour(document.documentElement) : body;
            canvas.fillRect(0, 0, 1, 1);
            const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
            return (red + green + blue) / 3";
        self.eval(script, json!([])).await
    }
}

/// Notes every animation and transition that takes long enough to be seen, in every frame.
const COUNT_MOTION: &str = "
    window.moved = [];
    const look = () => {
        for (const each of document.getAnimations()) {
            const { duration } = each.effect.getComputedTiming();
            const what = `${each.constructor.name} ${each.animationName ?? each.transitionProperty} ${each.effect.target?.className} ${duration}`;
            if (duration > 10 && !window.moved.includes(what)) window.moved.push(what);
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);";
