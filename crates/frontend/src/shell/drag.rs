//! Moves tasks by hand: up and down among others, and onto the places of the navigation; and lists among the other lists. By
//! the mouse at once, by a finger after it has rested for a moment, and by the keyboard a step at a time.

mod nudge;
mod target;

pub use self::nudge::{nudge, nudge_list};

use self::target::{Goal, Thing, by_hand, closest, is_below, key_of, list_of};
use crate::browser;
use crate::model::replica::Key;
use crate::store::{BulkEdit, TaskStore};
use crate::tasks::ui_state::UiState;
use crate::ui::boxed::effect;
use leptos::prelude::*;
use shared::due::Due;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Element, Event, PointerEvent};

/// As far as the mouse may tremble in a click, in pixels.
const TREMBLE: f64 = 6.0;

/// As long as a finger rests on something to take it up.
const REST: Duration = Duration::from_millis(450);

/// How close to the screen's edge the page begins to scroll, and how far at a time, in pixels.
const EDGE: f64 = 72.0;
const SCROLL: f64 = 14.0;

/// Something under way.
#[derive(Clone, Debug, PartialEq)]
struct Drag {
    thing: Thing,
    pointer: i32,
    from: (f64, f64),
    at: (f64, f64),
    touch: bool,
    lifted: bool,
}

#[derive(Clone, Copy)]
struct Dragging {
    tasks: TaskStore,
    ui: UiState,
    drag: RwSignal<Option<Drag>>,
    goal: RwSignal<Option<Goal>>,
    rest: StoredValue<Option<TimeoutHandle>>,
    /// The click that ends a drag is none.
    swallow: StoredValue<bool>,
}

/// Listens to the pointer as long as the frame is there.
pub fn listen(tasks: TaskStore, ui: UiState) {
    let dragging = Dragging {
        tasks,
        ui,
        drag: RwSignal::new(None),
        goal: RwSignal::new(None),
        rest: StoredValue::new(None),
        swallow: StoredValue::new(false),
    };
    let down = window_event_listener(leptos::ev::pointerdown, move |event| dragging.down(&event));
    let moved = window_event_listener(leptos::ev::pointermove, move |event| dragging.moved(&event));
    let up = window_event_listener(leptos::ev::pointerup, move |event| dragging.up(&event));
    let cancelled = window_event_listener(leptos::ev::pointercancel, move |_| dragging.stop());
    // While something is in the air, neither the finger scrolls nor Escape does anything else.
    let hold = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if dragging.is_lifted() {
            event.prevent_default();
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    options.set_capture(true);
    for name in ["touchmove", "contextmenu"] {
        let _ = window().add_event_listener_with_callback_and_add_event_listener_options(
            name,
            hold.as_ref().unchecked_ref(),
            &options,
        );
    }
    let click = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if dragging.swallow.try_get_value() == Some(true) {
            dragging.swallow.set_value(false);
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let _ = window().add_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true);
    let key = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && dragging.is_lifted() {
            event.prevent_default();
            dragging.stop();
        }
    });
    effect(move || dragging.paint());
    let kept = StoredValue::new_local(Some((hold, click)));
    on_cleanup(move || {
        down.remove();
        moved.remove();
        up.remove();
        cancelled.remove();
        key.remove();
        if let Some((hold, click)) = kept.try_update_value(Option::take).flatten() {
            for name in ["touchmove", "contextmenu"] {
                let _ =
                    window().remove_event_listener_with_callback_and_bool(name, hold.as_ref().unchecked_ref(), true);
            }
            let _ =
                window().remove_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true);
        }
    });
}

impl Dragging {
    fn is_lifted(self) -> bool {
        self.drag
            .try_with_untracked(|drag| drag.as_ref().is_some_and(|drag| drag.lifted))
            .unwrap_or_default()
    }

    fn down(self, event: &PointerEvent) {
        self.swallow.set_value(false);
        let touch = event.pointer_type() == "touch";
        if event.button() != 0 || !event.is_primary() || event.shift_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        if closest(
            &target,
            ".task-check, .task-actions, .task-details a, input, select, textarea",
        )
        .is_some()
        {
            return;
        }
        let Some(thing) = Thing::of(&target) else {
            return;
        };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.drag.set(Some(Drag {
            thing,
            pointer: event.pointer_id(),
            from: at,
            at,
            touch,
            lifted: false,
        }));
        if touch {
            let lift = move || self.lift();
            self.forget_rest();
            self.rest.set_value(set_timeout_with_handle(lift, REST).ok());
        }
    }

    fn lift(self) {
        self.drag.try_update(|drag| {
            if let Some(drag) = drag {
                drag.lifted = true;
            }
        });
    }

    /// What this pointer drags.
    fn by(self, event: &PointerEvent) -> Option<Drag> {
        self.drag
            .get_untracked()
            .filter(|drag| drag.pointer == event.pointer_id())
    }

    fn moved(self, event: &PointerEvent) {
        let Some(drag) = self.by(event) else {
            return;
        };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let far = (at.0 - drag.from.0).hypot(at.1 - drag.from.1) > TREMBLE;
        if !drag.lifted {
            if !far {
                return;
            }
            if drag.touch {
                // It scrolls.
                self.stop();
                return;
            }
            self.lift();
            browser::clear_selection();
        }
        event.prevent_default();
        self.drag.update(|drag| {
            if let Some(drag) = drag {
                drag.at = at;
            }
        });
        let goal = self.goal_at(drag.thing, at);
        if self.goal.with_untracked(|old| *old != goal) {
            self.goal.set(goal);
        }
        scroll_at_edges(drag.thing, at.1);
    }

    fn up(self, event: &PointerEvent) {
        let Some(drag) = self.by(event) else {
            return;
        };
        let goal = self.goal.get_untracked();
        if drag.lifted {
            self.swallow.set_value(true);
            // Without a click there is nothing to swallow.
            set_timeout(
                move || self.swallow.try_set_value(false).map_or((), drop),
                Duration::from_millis(50),
            );
        }
        self.stop();
        if let Some(goal) = goal.filter(|_| drag.lifted) {
            self.drop_at(drag.thing, &goal);
        }
    }

    fn stop(self) {
        self.forget_rest();
        self.drag.try_set(None);
        self.goal.try_set(None);
    }

    fn forget_rest(self) {
        if let Some(timer) = self.rest.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn goal_at(self, thing: Thing, (x, y): (f64, f64)) -> Option<Goal> {
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
        let element = document().element_from_point(x as f32, y as f32)?;
        let key = match thing {
            Thing::Task(key) => key,
            Thing::List(id) => {
                let other = list_of(&element).filter(|other| *other != id && self.tasks.is_in_sight(*other))?;
                return Some(Goal::Beside(Thing::List(other), is_below(&element, "[data-list]", y)?));
            }
        };
        if let Some(place) = closest(&element, "[data-drop]") {
            return match place.get_attribute("data-drop")?.as_str() {
                "inbox" => Some(Goal::List(None)),
                "today" => Some(Goal::Today),
                _ => place
                    .get_attribute("data-list")?
                    .parse()
                    .ok()
                    .map(|id| Goal::List(Some(id))),
            };
        }
        let other = key_of(&element).filter(|other| *other != key && by_hand(self.ui))?;
        if self.ui.order.with_untracked(|order| !order.contains(&other)) {
            return None;
        }
        Some(Goal::Beside(Thing::Task(other), is_below(&element, "[data-key]", y)?))
    }

    fn drop_at(self, thing: Thing, goal: &Goal) {
        let key = match (thing, goal) {
            (Thing::Task(key), _) => key,
            (Thing::List(id), Goal::Beside(Thing::List(other), below)) => {
                self.tasks.place_list(id, *other, *below);
                return;
            }
            (Thing::List(_), _) => return,
        };
        let selected = self.ui.selected.get_untracked();
        let keys = if selected.contains(&key) {
            self.ui.targets()
        } else {
            vec![key]
        };
        match *goal {
            Goal::List(list) => self.tasks.bulk_edit(&keys, &BulkEdit::List(list)),
            Goal::Today => {
                let today = self.tasks.clock.get_untracked().today();
                self.tasks.bulk_edit(&keys, &BulkEdit::Due(Due::on(today).ok()));
            }
            Goal::Beside(Thing::List(_), _) => {}
            Goal::Beside(Thing::Task(other), below) => {
                let order = self.ui.order.get_untracked();
                let others: Vec<Key> = order.into_iter().filter(|each| *each != key).collect();
                let Some(place) = others.iter().position(|each| *each == other) else {
                    return;
                };
                let at = |place: Option<usize>| place.and_then(|place| others.get(place)).copied();
                let (after, before) = if below {
                    (Some(other), at(place.checked_add(1)))
                } else {
                    (at(place.checked_sub(1)), Some(other))
                };
                self.tasks.place(key, after, before);
            }
        }
    }

    /// Marks what is in the air, and where it would go.
    fn paint(self) {
        let lifted = self
            .drag
            .with(|drag| drag.as_ref().filter(|drag| drag.lifted).map(|drag| drag.thing));
        let goal = self.goal.get();
        let root = document().document_element();
        if let Some(root) = root {
            // The class is no attribute that could be refused.
            let _ = root.class_list().toggle_with_force("dragging", lifted.is_some());
        }
        for class in ["task-lifted", "drop-above", "drop-below", "drop-here"] {
            let marked = document().get_elements_by_class_name(class);
            for place in (0..marked.length()).rev() {
                if let Some(element) = marked.item(place) {
                    let _ = element.class_list().remove_1(class);
                }
            }
        }
        let mark = |selector: &str, class: &str| {
            if let Ok(Some(element)) = document().query_selector(selector) {
                let _ = element.class_list().add_1(class);
            }
        };
        if let Some(thing) = lifted {
            mark(&thing.selector(), "task-lifted");
            match goal {
                Some(Goal::Beside(other, below)) => {
                    mark(&other.selector(), if below { "drop-below" } else { "drop-above" });
                }
                Some(Goal::List(Some(id))) => mark(&Thing::List(id).selector(), "drop-here"),
                Some(Goal::List(None)) => mark("[data-drop='inbox']", "drop-here"),
                Some(Goal::Today) => mark("[data-drop='today']", "drop-here"),
                None => {}
            }
        }
    }
}

fn scroll_at_edges(thing: Thing, y: f64) {
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let by = if y < EDGE {
        -SCROLL
    } else if y > height - EDGE {
        SCROLL
    } else {
        return;
    };
    match thing {
        Thing::Task(_) => window().scroll_by_with_x_and_y(0.0, by),
        Thing::List(_) => {
            if let Some(sidebar) = document().get_element_by_id("sidebar") {
                sidebar.scroll_by_with_x_and_y(0.0, by);
            }
        }
    }
}
