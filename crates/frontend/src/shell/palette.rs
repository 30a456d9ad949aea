//! The command palette: every place, every action and every task, a few letters away.

mod fuzzy;

use self::fuzzy::score;
use crate::browser;
use crate::ui::boxed::{aria, effect, memo, show_if};
use crate::ui::button::IconButton;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::listbox::{Choice, Listbox, option_id, step};
use crate::ui::on;
use crate::words;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use uuid::Uuid;

const ID: &str = "palette";
const POPUP_ID: &str = "palette-results";
/// More than one can look through; whoever wants another one types another letter.
const MOST: usize = 50;

/// A place to go to, or something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// How it is shown; its hint is the keys that do the same, or what it is.
    pub choice: Choice,
    /// Other words for it, in lower case.
    pub also: &'static str,
}

/// A task that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findable {
    /// Which task.
    pub id: Uuid,
    /// What to do.
    pub title: String,
    /// Where it is.
    pub hint: String,
    /// Whether it is done.
    pub completed: bool,
}

/// What the person has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A command, by its place among them.
    Command(usize),
    /// A task.
    Task(Uuid),
}

/// A dialog with a field, and below it what it could mean.
#[component]
pub fn CommandPalette(
    /// Whether it is there.
    #[prop(into)]
    open: Signal<bool>,
    /// Places and actions, the likeliest first.
    #[prop(into)]
    commands: Signal<Vec<Command>>,
    /// The tasks, the likeliest first.
    #[prop(into)]
    tasks: Signal<Vec<Findable>>,
    /// The person chooses. The palette is to be closed then.
    on_choose: Callback<Chosen>,
    /// The person wants it gone.
    on_close: Callback<()>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(Some(0));
    effect(move || {
        if open.get() {
            query.set(String::new());
            active.set(Some(0));
        }
    });
    let found = memo(move || {
        if !open.get() {
            return Vec::new();
        }
        let query = query.with(|query| browser::fold(query.trim()));
        commands.with(|commands| tasks.with(|tasks| found(&query, commands, tasks)))
    });
    let choose = Callback::new(move |place: usize| {
        if let Some((chosen, _)) = found.get_untracked().get(place) {
            on_choose.run(*chosen);
        }
    });
    let keys = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some(place) = active.get_untracked() {
                choose.run(place);
            }
        } else {
            step(&event, active, found.with_untracked(Vec::len));
        }
    };
    let choices = Signal::derive(move || found.get().into_iter().map(|(_, choice)| choice).collect::<Vec<_>>());
    view! {
        <Dialog id=ID title="Go to, do or find" open on_close light=true>
            <div class="palette-field">
                <Icon glyph=Glyph::Search/>
                <input
                    class="palette-input"
                    id="palette-input"
                    type="text"
                    role="combobox"
                    aria-label="Go to, do or find"
                    aria-autocomplete="list"
                    aria-expanded=aria(move || found.with(|found| !found.is_empty()))
                    aria-controls=POPUP_ID
                    aria-activedescendant=Signal::derive(move || {
                        let there = active.get().filter(|place| found.with(|found| *place < found.len()));
                        there.map(|place| option_id(POPUP_ID, place))
                    })
                    placeholder=words::shell::PALETTE
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="100"
                    data-testid="palette-input"
                    prop:value=query
                    on:input=on::input(move |event| {
                        query.set(event_target_value(&event));
                        active.set(Some(0));
                    })
                    on:keydown=keys
                />
                <IconButton label="Close" glyph=Glyph::Close testid="palette-close" on_press=on_close/>
            </div>
            {show_if(
                move || open.get(),
                move || {
                    view! {
                        <Listbox id=POPUP_ID label="Results" choices active on_pick=choose/>
                    }
                    .into_any()
                },
            )}
            <p class="palette-none" role="status" data-testid="palette-none">
                {Signal::derive(move || {
                    if open.get() && found.with(Vec::is_empty) { words::shell::NOTHING_CALLED_THAT } else { "" }
                })}
            </p>
        </Dialog>
    }
}

/// What a query, in lower case, could mean: the best first, and of the equally good ones commands before tasks.
fn found(query: &str, commands: &[Command], tasks: &[Findable]) -> Vec<(Chosen, Choice)> {
    let mut found: Vec<(i32, Chosen)> = Vec::new();
    for (place, command) in commands.iter().enumerate() {
        let label = score(query, &browser::fold(&command.choice.label));
        let also = score(query, command.also).map(|score| score - 200);
        if let Some(score) = label.max(also) {
            found.push((score, Chosen::Command(place)));
        }
    }
    // Without a word there is nothing to find tasks by.
    if !query.is_empty() {
        for task in tasks {
            if let Some(score) = score(query, &browser::fold(&task.title)) {
                found.push((score - if task.completed { 100 } else { 10 }, Chosen::Task(task.id)));
            }
        }
    }
    // Without a word they stay in the order in which they are offered.
    if !query.is_empty() {
        found.sort_by_key(|(score, _)| -score);
    }
    found.truncate(MOST);
    let choice = |chosen| match chosen {
        Chosen::Command(place) => commands.get(place).map(|command| command.choice.clone()),
        Chosen::Task(id) => {
            let task = tasks.iter().find(|task| task.id == id)?;
            let glyph = if task.completed { Glyph::Check } else { Glyph::Go };
            Some(Choice::new(glyph, task.title.clone()).hint(task.hint.clone()))
        }
    };
    found
        .into_iter()
        .filter_map(|(_, chosen)| Some((chosen, choice(chosen)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(label: &str, also: &'static str) -> Command {
        Command {
            choice: Choice::new(Glyph::Go, label),
            also,
        }
    }

    fn task(id: u128, title: &str, completed: bool) -> Findable {
        Findable {
            id: Uuid::from_u128(id),
            title: title.to_owned(),
            hint: String::new(),
            completed,
        }
    }

    fn labels(query: &str) -> Vec<String> {
        let commands = [
            command("Today", ""),
            command("Add a task", "new create"),
            command("Trash", "bin deleted"),
        ];
        let tasks = [
            task(1, "Take out the trash", true),
            task(2, "Trade the old bike", false),
        ];
        found(query, &commands, &tasks)
            .into_iter()
            .map(|(_, choice)| choice.label)
            .collect()
    }

    #[test]
    fn without_a_word_all_commands_are_there_in_their_order() {
        assert_eq!(labels(""), ["Today", "Add a task", "Trash"]);
    }

    #[test]
    fn the_best_comes_first_and_what_is_done_last() {
        assert_eq!(labels("tra"), ["Trash", "Trade the old bike", "Take out the trash"]);
        assert_eq!(labels("new"), ["Add a task"]);
        assert_eq!(labels("xyz"), [""; 0]);
    }
}
