//! A list of which only the rows near the screen are in the document, so that ten thousand cost no more than fifty.
//!
//! Rows have whatever height their contents need. It is measured when they are drawn; until then it is guessed.

use super::boxed::{effect, memo};
use super::each::Each;
use crate::browser;
use leptos::html::Ul;
use leptos::prelude::*;
use std::collections::HashMap;
use std::ops::Range;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Rows beyond the screen's edges, in pixels: what a flick of the finger shows before the next look.
const MARGIN: f64 = 500.0;

/// Rows come and go so many at a time.
const STEP: usize = 8;

/// Where a row is in its list, for those who do not see the list as a whole.
#[derive(Clone, Copy)]
pub struct Places {
    shown: Memo<Vec<u32>>,
    range: Memo<Range<usize>>,
    total: Memo<usize>,
}

impl Places {
    /// The place of a row, counted from 1.
    pub fn place(self, key: u32) -> Option<usize> {
        let within = self.shown.with(|shown| shown.iter().position(|other| *other == key))?;
        Some(self.range.with(|range| range.start) + within + 1)
    }

    /// How many rows there are.
    pub fn total(self) -> usize {
        self.total.get()
    }
}

/// The list: `draw` makes a `li` of each key that is near the screen.
#[component]
pub fn VirtualList(
    /// The rows, in order.
    keys: Memo<Vec<u32>>,
    /// What the list is called.
    #[prop(into)]
    label: Signal<String>,
    /// Its name for tests.
    testid: &'static str,
    /// How high a row is, as far as one can tell without drawing it.
    guess: fn(u32) -> f64,
    /// Draws a row.
    draw: fn(u32) -> AnyView,
) -> impl IntoView {
    let node = NodeRef::<Ul>::new();
    let heights = RwSignal::new(HashMap::<u32, f64>::new());
    // Where each row begins, and where the last one ends.
    let tops = memo(move || {
        heights.with(|heights| {
            let mut top = 0.0;
            let mut tops = keys.with(|keys| {
                let mut tops = Vec::with_capacity(keys.len() + 1);
                for key in keys {
                    tops.push(top);
                    top += heights.get(key).copied().unwrap_or_else(|| guess(*key));
                }
                tops
            });
            tops.push(top);
            tops
        })
    });
    // What can be seen, from the top of the list.
    let window_seen = RwSignal::new((0.0, 900.0));
    let range = memo(move || {
        let (from, to) = window_seen.get();
        tops.with(|tops| near(tops, from - MARGIN, to + MARGIN))
    });
    let shown = memo(move || {
        let range = range.get();
        keys.with(|keys| keys.get(range).map(<[u32]>::to_vec).unwrap_or_default())
    });
    let total = memo(move || keys.with(Vec::len));
    provide_context(Places { shown, range, total });

    let look = move || {
        if let Some(list) = node.try_get_untracked().flatten() {
            let top = list.get_bounding_client_rect().top();
            let height = window()
                .inner_height()
                .ok()
                .and_then(|height| height.as_f64())
                .unwrap_or(900.0);
            let seen = (-top, height - top);
            if window_seen.try_get_untracked().is_some_and(|old| old != seen) {
                window_seen.try_set(seen);
            }
        }
    };
    let measure = move || {
        let Some(list) = node.try_get_untracked().flatten() else {
            return;
        };
        let rows = list.children();
        let measured: Vec<(u32, f64)> = shown.with_untracked(|shown| {
            if usize::try_from(rows.length()).ok() != Some(shown.len()) {
                // They are being drawn.
                return Vec::new();
            }
            let each = (0..rows.length())
                .filter_map(|place| rows.item(place))
                .map(|row| height(&row));
            shown.iter().copied().zip(each).collect()
        });
        let is_new = |(key, height): &(u32, f64)| heights.with_untracked(|heights| heights.get(key) != Some(height));
        if measured.iter().any(is_new) {
            heights.update(|heights| heights.extend(measured));
        }
        look();
    };
    watch(node, look, measure);
    // Whole pixels: to write fractions takes ten thousand bytes of code.
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
    let pad = move |height: f64| format!("{}px", height.round() as i32);
    view! {
        <ul
            class="task-list"
            aria-label=label
            data-testid=testid
            node_ref=node
            style:padding-top=Signal::derive(move || {
                let start = range.with(|range| range.start);
                pad(tops.with(|tops| tops.get(start).copied().unwrap_or_default()))
            })
            style:padding-bottom=Signal::derive(move || {
                let end = range.with(|range| range.end);
                pad(tops.with(|tops| {
                    let all = tops.last().copied().unwrap_or_default();
                    all - tops.get(end).copied().unwrap_or(all)
                }))
            })
        >
            <Each keys=shown draw/>
        </ul>
    }
}

/// Looks again whenever the page is scrolled or has another size, and measures whenever the list has another size.
fn watch(node: NodeRef<Ul>, look: impl Fn() + Copy + Send + Sync + 'static, measure: impl Fn() + Copy + 'static) {
    let asked = StoredValue::new(false);
    let look_soon = move || {
        if asked.try_get_value() == Some(false) {
            asked.set_value(true);
            browser::next_frame(move || {
                if asked.try_set_value(false).is_none() {
                    look();
                }
            });
        }
    };
    let scrolled = window_event_listener_untyped("scroll", move |_| look_soon());
    let resized = window_event_listener_untyped("resize", move |_| look_soon());
    let on_resize = Closure::<dyn FnMut()>::new(measure);
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
    let observer = StoredValue::new_local(observer.map(|observer| (observer, on_resize)));
    effect(move || {
        if let Some(list) = node.get() {
            observer.with_value(|observer| {
                if let Some((observer, _)) = observer {
                    observer.observe(&list);
                }
            });
            look();
        }
    });
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
        observer.try_update_value(|observer| {
            if let Some((observer, _)) = observer.take() {
                observer.disconnect();
            }
        });
    });
}

fn height(row: &Element) -> f64 {
    row.get_bounding_client_rect().height()
}

/// The rows between two heights, a few more rather than a few less, and never none.
fn near(tops: &[f64], from: f64, to: f64) -> Range<usize> {
    let count = tops.len().saturating_sub(1);
    let first = tops.partition_point(|top| *top <= from).saturating_sub(1);
    let last = tops.partition_point(|top| *top < to);
    let start = (first / STEP * STEP).min(count);
    let end = (last.div_ceil(STEP) * STEP).clamp(start, count);
    start.min(end.saturating_sub(STEP.min(count)))..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tops(count: usize) -> Vec<f64> {
        (0..=u32::try_from(count).unwrap())
            .map(|place| f64::from(place) * 50.0)
            .collect()
    }

    #[test]
    fn only_what_is_near_the_screen_is_drawn() {
        assert_eq!(near(&tops(1000), -500.0, 1300.0), 0..32);
        assert_eq!(near(&tops(1000), 10_000.0, 11_000.0), 200..224);
        assert_eq!(near(&tops(1000), 49_000.0, 51_000.0), 976..1000);
    }

    #[test]
    fn a_list_that_has_shrunk_below_the_screen_still_shows_its_end() {
        assert_eq!(near(&tops(10), 90_000.0, 91_000.0), 2..10);
        assert_eq!(near(&tops(0), 0.0, 900.0), 0..0);
        assert_eq!(near(&[0.0], 0.0, 900.0), 0..0);
    }
}
