//! What was understood of the line.

use super::grammar::Grammar;
use super::new_task::{Belongs, ListName, belongs};
use crate::dates;
use crate::model::draft::Draft;
use crate::tasks::priority;
use crate::ui::boxed::{boxed_view, memo};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words::{due, quick_add};
use leptos::prelude::*;
use shared::quick_add::{Kind, QuickAdd, Understood};
use std::ops::Range;

/// A thing that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chip {
    range: Range<usize>,
    /// Its words in the line.
    words: String,
    glyph: Glyph,
    text: String,
    title: String,
    /// For the stylesheet: the colour of a list, or the urgency of a date.
    tone: String,
}

/// The chips, each of which turns back into words when it is pressed.
#[component]
pub(super) fn Chips(
    id: &'static str,
    draft: Signal<Draft>,
    lists: Signal<Vec<ListName>>,
    /// The bytes of the line that are to stay words.
    on_press: Callback<Range<usize>>,
) -> impl IntoView {
    let grammar = expect_context::<Grammar>();
    let chips = memo(move || {
        let read = draft.with(|draft| grammar.read(&draft.line)).unwrap_or_default();
        lists.with(|lists| chips(&read, lists))
    });
    // Read out when it changes, which is less often than the line does.
    let summary = memo(move || {
        let texts: Vec<String> = chips.with(|chips| chips.iter().map(|chip| chip.text.clone()).collect());
        texts.join(", ")
    });
    view! {
        <p class="visually-hidden" id=format!("{id}-understood") role="status">
            {summary}
        </p>
        {boxed_view(move || {
            let chips = chips.get();
            if chips.is_empty() {
                return ().into_any();
            }
            let items = chips.into_iter().map(|chip| item(chip, on_press)).collect_view();
            view! {
                <ul class="chips" aria-label="Understood" data-testid="chips">
                    {items}
                </ul>
            }
            .into_any()
        })}
    }
}

fn item(chip: Chip, on_press: Callback<Range<usize>>) -> AnyView {
    let label = quick_add::turn_back(&chip.text, &chip.words);
    view! {
        <li>
            <button
                type="button"
                class="chip"
                data-color=chip.tone
                title=chip.title
                aria-label=label
                data-testid="chip"
                on:click=on::click(move |_| on_press.run(chip.range.clone()))
            >
                <Icon glyph=chip.glyph/>
                <span class="chip-text">{chip.text}</span>
                <Icon glyph=Glyph::Close/>
            </button>
        </li>
    }
    .into_any()
}

fn chips(read: &QuickAdd, lists: &[ListName]) -> Vec<Chip> {
    read.understood.iter().map(|part| chip(part, read, lists)).collect()
}

fn chip(part: &Understood, read: &QuickAdd, lists: &[ListName]) -> Chip {
    let clock = dates::Clock::now();
    let due = read.due.as_ref().map(|due| dates::words(due, clock));
    let mut tone = String::new();
    let mut title = quick_add::TURN_BACK.to_owned();
    let (glyph, text) = match part.kind {
        Kind::Due => {
            let (text, full) = due.map(|due| (due.text, due.title)).unwrap_or_default();
            title = full;
            (Glyph::Calendar, text)
        }
        Kind::Recurrence => {
            let mut text = read.recurrence.map(|rule| rule.sentence()).unwrap_or_default();
            // Its own first day, unless there is a chip that says so.
            if let Some(due) = due.filter(|_| !read.understood.iter().any(|part| part.kind == Kind::Due)) {
                text = due::from(&text, &due.text);
                title = due.title;
            }
            (Glyph::Repeat, text)
        }
        Kind::Priority => {
            let level = read.priority.unwrap_or_default();
            priority::color(level).clone_into(&mut tone);
            (Glyph::Flag, priority::name(level).to_owned())
        }
        Kind::List => {
            let name = read.list.as_deref().unwrap_or_default();
            match belongs(name, lists) {
                Belongs::To(id) => {
                    let list = lists.iter().find(|list| list.id == id);
                    tone = list.map(|list| list.color.clone()).unwrap_or_default();
                    let glyph = if id.is_some() { Glyph::List } else { Glyph::Inbox };
                    (glyph, list.map_or_else(|| name.to_owned(), |list| list.name.clone()))
                }
                Belongs::ToNew(_) | Belongs::Here => {
                    quick_add::LIST_IS_MADE.clone_into(&mut title);
                    (Glyph::Add, quick_add::new_list(name))
                }
            }
        }
        Kind::Tag => {
            let name = part.text.trim_start_matches('@').trim_matches('"');
            (Glyph::Tag, name.to_owned())
        }
    };
    Chip {
        range: part.range.clone(),
        words: part.text.clone(),
        glyph,
        text,
        title,
        tone,
    }
}
