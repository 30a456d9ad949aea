//! `/search`: tasks by their words, open and done, as one types.

use crate::browser;
use crate::model::replica::{Entry, Key};
use crate::model::views::Row;
use crate::store::use_tasks;
use crate::tasks::list::TaskList;
use crate::tasks::ui_state::use_ui_state;
use crate::ui::boxed::{boxed_view, effect, memo};
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::ui::page::PageHeading;
use crate::words::{empty, number, search};
use leptos::prelude::*;
use std::time::Duration;

/// Debounce: as long as one waits for the next letter before asking.
const PAUSE: Duration = Duration::from_millis(120);

/// Where one types what to look for.
pub const SEARCH_ID: &str = "search";

/// What has come of looking.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    /// Nothing was asked for.
    Nothing,
    /// The server is looking; what there was is still shown.
    Tasks(Vec<Key>),
    /// It could not be asked, and why.
    Failed(String),
}

/// Tasks by their words.
#[component]
#[expect(clippy::too_many_lines, reason = "most of them are markup")]
pub fn SearchPage() -> impl IntoView {
    let tasks = use_tasks();
    let ui = use_ui_state();
    ui.turn_to(None);
    let words = RwSignal::new(String::new());
    let found = RwSignal::new(Found::Nothing);
    // Each question has a number, so that only the answer to the last one counts.
    let asked = StoredValue::new(0_u32);
    let ask = move || {
        let number = asked.get_value() + 1;
        asked.set_value(number);
        let text = words.get_untracked().trim().to_owned();
        if text.is_empty() {
            found.set(Found::Nothing);
            return;
        }
        browser::spawn_while_shown(async move {
            let answer = tasks.search(&text).await;
            if asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(keys) => found.set(Found::Tasks(keys)),
                Err(failure) => found.set(Found::Failed(failure.sentence())),
            }
        });
    };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    // Debounced: asked once the typing rests.
    let type_words = move |text: String| {
        words.set(text);
        stop();
        timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    };
    let lines = memo(move || match found.get() {
        Found::Tasks(keys) => tasks.with(|replica| {
            let shown = keys
                .iter()
                .filter(|key| replica.get(**key).is_some_and(Entry::is_shown));
            shown.copied().map(Row::Task).collect::<Vec<_>>()
        }),
        _ => Vec::new(),
    });
    let keys = move || {
        lines.with(|lines| {
            let task = |line: &Row| if let Row::Task(key) = line { Some(*key) } else { None };
            lines.iter().filter_map(task).collect::<Vec<_>>()
        })
    };
    effect(move || ui.order.set(keys()));
    let count = Signal::derive(move || match (&*found.read(), lines.with(Vec::len)) {
        (Found::Tasks(_), count) => number::tasks(count),
        _ => String::new(),
    });
    let heading = view! { <PageHeading title="Search".to_owned()/> };
    // After the heading has asked for it.
    browser::focus_soon(SEARCH_ID);
    view! {
        <div class="page-top">
            {heading}
            <p class="page-count" role="status" data-testid="search-count">
                {count}
            </p>
        </div>
        <search class="search">
            <label class="visually-hidden" for=SEARCH_ID>
                "Search tasks"
            </label>
            <Icon glyph=Glyph::Search/>
            <input
                class="search-input"
                id=SEARCH_ID
                type="search"
                placeholder=search::WHERE
                autocomplete="off"
                enterkeyhint="search"
                maxlength="200"
                data-testid="search-input"
                on:input=on::input(move |event| type_words(event_target_value(&event)))
            />
        </search>
        {boxed_view(move || match (found.get(), lines.with(Vec::is_empty)) {
            (Found::Nothing, _) => view! {
                <EmptyState
                    glyph=Glyph::Search
                    title=empty::SEARCH.title
                    text=empty::SEARCH.text
                    testid="empty"
                />
            }
            .into_any(),
            (Found::Failed(why), _) => view! {
                <EmptyState glyph=Glyph::Alert title=search::FAILED text=why urgent=true testid="search-error"/>
            }
            .into_any(),
            (Found::Tasks(_), true) => view! {
                <EmptyState
                    glyph=Glyph::Search
                    title=empty::FOUND.title
                    text=empty::FOUND.text
                    testid="empty"
                />
            }
            .into_any(),
            (Found::Tasks(_), false) => ().into_any(),
        })}
        <TaskList lines label="Found tasks" testid="found-tasks"/>
    }
}
