//! What can be done with all chosen tasks at once.

use super::quick_add::ListName;
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words::task;
use js_sys::{Function, Reflect};
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;

/// What is to become of the chosen tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// They are done.
    Complete,
    /// They matter so much: 0 (none) to 3 (high).
    Priority(u8),
    /// They are due so many days from now; not at all if `None`.
    Due(Option<u32>),
    /// They belong there.
    Move(Option<Uuid>),
    /// They get a tag.
    Tag(String),
    /// They go into the trash.
    Delete,
    /// All others are chosen as well.
    All,
    /// None is chosen any more.
    Stop,
}

/// A bar at the foot of the page, as long as the person chooses among tasks.
#[component]
pub fn BulkBar(
    /// How many tasks are chosen.
    #[prop(into)]
    count: Signal<usize>,
    /// Where they can be moved to.
    #[prop(into)]
    lists: Signal<Vec<ListName>>,
    /// Tags that there are.
    #[prop(into)]
    tags: Signal<Vec<String>>,
    /// The person decides.
    on_act: Callback<BulkAct>,
) -> impl IntoView {
    let act = move |act: BulkAct| Callback::new(move |()| on_act.run(act.clone()));
    let priorities = [
        ("High priority", 3),
        ("Medium priority", 2),
        ("Low priority", 1),
        ("No priority", 0),
    ];
    let days = [("Today", "0"), ("Tomorrow", "1"), ("In a week", "7"), ("No date", "")];
    let pick_due = Callback::new(move |value: String| on_act.run(BulkAct::Due(value.parse().ok())));
    let pick_priority = Callback::new(move |value: String| {
        if let Ok(level) = value.parse() {
            on_act.run(BulkAct::Priority(level));
        }
    });
    let pick_list = Callback::new(move |value: String| on_act.run(BulkAct::Move(value.parse().ok())));
    let pick_tag = Callback::new(move |value: String| on_act.run(BulkAct::Tag(value)));
    let to_options = |pairs: &[(&str, String)]| {
        pairs
            .iter()
            .map(|(label, value)| ((*label).to_owned(), value.clone()))
            .collect()
    };
    let day_options: Vec<(String, String)> = to_options(&days.map(|(label, value)| (label, value.to_owned())));
    let priority_options: Vec<(String, String)> =
        to_options(&priorities.map(|(label, level)| (label, level.to_string())));
    let list_options = Signal::derive(move || {
        let lists = lists.get().into_iter();
        lists
            .map(|list| (list.name, list.id.map_or_else(String::new, |id| id.to_string())))
            .collect()
    });
    let tag_options = Signal::derive(move || tags.get().into_iter().map(|tag| (tag.clone(), tag)).collect());
    view! {
        <section class="bulk-bar" aria-label="Chosen tasks" data-testid="bulk-bar">
            <p class="bulk-count" role="status" data-testid="bulk-count">
                {Signal::derive(move || match count.get() {
                    0 => "Choose tasks".to_owned(),
                    count => task::selected(count),
                })}
            </p>
            <button type="button" class="button-quiet" data-testid="select-all" on:click=on::click(move |_| on_act.run(BulkAct::All))>
                "All"
            </button>
            <span class="bulk-acts">
                <IconButton label="Complete".to_owned() glyph=Glyph::Check testid="bulk-complete" on_press=act(BulkAct::Complete)/>
                {pick("Due", Glyph::Calendar, "bulk-due", Signal::stored(day_options), pick_due)}
                {pick("Priority", Glyph::Flag, "bulk-priority", Signal::stored(priority_options), pick_priority)}
                {pick("Move to", Glyph::Inbox, "bulk-move", list_options, pick_list)}
                {pick("Tag", Glyph::Tag, "bulk-tag", tag_options, pick_tag)}
                <IconButton label="Delete".to_owned() glyph=Glyph::Delete testid="bulk-delete" on_press=act(BulkAct::Delete)/>
            </span>
            <IconButton label="Stop selecting".to_owned() glyph=Glyph::Close testid="bulk-stop" on_press=act(BulkAct::Stop)/>
        </section>
    }
}

/// A choice that acts at once, and is as undecided as before afterwards.
fn pick(
    label: &'static str,
    glyph: Glyph,
    testid: &'static str,
    options: Signal<Vec<(String, String)>>,
    on_pick: Callback<String>,
) -> AnyView {
    view! {
        <label class="bulk-pick" title=label>
            <Icon glyph/>
            <select
                aria-label=label
                data-testid=testid
                // Else the first step through a closed menu would be the choice.
                on:keydown=on::keydown(|event| {
                    let steps = event.key().starts_with("Arrow") || event.key().chars().count() == 1 && event.key() != " ";
                    let is_alone = !(event.ctrl_key() || event.meta_key() || event.alt_key());
                    if steps && is_alone && show_picker(&event_target(&event)) {
                        event.prevent_default();
                    }
                })
                on:change=on::change(move |event| {
                    let select: web_sys::HtmlSelectElement = event_target(&event);
                    let value = select.value();
                    if select.selected_index() > 0 {
                        select.set_selected_index(0);
                        on_pick.run(value);
                    }
                })
            >
                <option value="" selected>
                    {label}
                </option>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(label, value)| view! { <option value=value>{label}</option> }.into_any())
                        .collect_view()
                        .into_any()
                }}
            </select>
        </label>
    }
    .into_any()
}

/// Opens a menu, as a press on it does. `false` if the browser cannot.
fn show_picker(select: &web_sys::HtmlSelectElement) -> bool {
    // web-sys does not have it yet.
    let show = Reflect::get(select, &"showPicker".into()).and_then(JsCast::dyn_into::<Function>);
    show.is_ok_and(|show| show.call0(select).is_ok())
}
