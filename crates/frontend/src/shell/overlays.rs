//! What lies over the page: the line for a new task, lists, the palette, the shortcuts.

use super::keys::quick_add;
use super::palette::{Chosen, Command, CommandPalette, Findable};
use super::shortcuts::ShortcutSheet;
use super::{drag, task_keys};
use crate::address::path_of;
use crate::model::draft::Words;
use crate::model::merge::join;
use crate::model::record::Members as _;
use crate::model::views::View;
use crate::store::use_tasks;
use crate::tasks::composer::Composer;
use crate::tasks::conflict::{ConflictDialog, Difference, Keep};
use crate::tasks::list_dialog::{ListAct, ListDialog, ListFacts};
use crate::tasks::quick_add::Grammar;
use crate::tasks::ui_state::{Field, Overlay, UiState, use_ui_state};
use crate::theme::{Theme, ThemeChoice};
use crate::ui::boxed::{effect, memo, show_if};
use crate::ui::button::IconButton;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Glyph;
use crate::ui::listbox::Choice;
use crate::ui::toast::use_toaster;
use crate::words::{self, fields};
use crate::{browser, history};
use leptos::prelude::*;
use shared::lists::ListColor;
use shared::text::{Description, Name, Title};

/// What lies over the page. And the hand that moves things on it, the keys that do, and what reads lines.
#[component]
pub fn Overlays() -> impl IntoView {
    drag::listen(use_tasks(), use_ui_state());
    task_keys::listen();
    Grammar::loaded();
    view! {
        <QuickAddDialog/>
        <Lists/>
        <Palette/>
        <Shortcuts/>
        <Conflict/>
    }
}

/// A line for a new task, over pages that have none of their own.
#[component]
fn QuickAddDialog() -> impl IntoView {
    let ui = use_ui_state();
    let open = memo(move || ui.overlay.get() == Some(Overlay::QuickAdd));
    let close = Callback::new(move |()| {
        if open.get_untracked() {
            ui.overlay.set(None);
        }
    });
    let tasks = use_tasks();
    // The line stays for the next one.
    let added = RwSignal::new(String::new());
    let tell = Callback::new(move |key| {
        let title = tasks
            .get_untracked(key)
            .map(|entry| entry.wanted.title.into_string())
            .unwrap_or_default();
        added.set(words::quick_add::added(&title));
    });
    effect(move || {
        if open.get() {
            added.set(String::new());
        }
    });
    view! {
        <Dialog id="quick-add-dialog" title="Add a task".to_owned() open on_close=close light=true>
            {show_if(
                move || open.get(),
                move || {
                    browser::focus_soon("quick-add-line");
                    view! {
                        <Composer
                            id="quick-add-line"
                            popup_id="quick-add-names"
                            view=View::Inbox
                            on_done=tell
                        />
                        <p class="quick-add-added" role="status" data-testid="quick-add-added">
                            {added}
                        </p>
                    }
                    .into_any()
                },
            )}
            // Last, so that the keyboard lands on the line.
            <div class="dialog-close">
                <IconButton label="Close".to_owned() glyph=Glyph::Close testid="quick-add-close" on_press=close/>
            </div>
        </Dialog>
    }
}

/// A new list, or what there is to change of one.
#[component]
fn Lists() -> impl IntoView {
    let (tasks, ui) = (use_tasks(), use_ui_state());
    let shown = memo(move || match ui.overlay.get() {
        Some(Overlay::List(list)) => Some(list),
        _ => None,
    });
    let error = RwSignal::new(None::<String>);
    let facts = memo(move || {
        let list = shown.get().flatten().and_then(|id| tasks.list(id));
        let new = || ListFacts {
            color: tasks.next_color(),
            ..ListFacts::default()
        };
        list.map_or_else(new, |list| ListFacts {
            name: list.name,
            color: list.color,
            exists: true,
            archived: list.archived,
        })
    });
    let close = move || {
        error.set(None);
        if shown.get_untracked().is_some() {
            ui.overlay.set(None);
        }
    };
    let save = move |(name, color): (String, ListColor)| {
        let name = match Name::parse(&name) {
            Ok(name) => name,
            Err(broken) => {
                error.set(Some(fields::advice("name", broken)));
                browser::focus("list-name");
                return;
            }
        };
        if let Some(id) = shown.get_untracked().flatten() {
            tasks.change_list(id, |list| (list.name, list.color) = (name, color));
            close();
            return;
        }
        browser::spawn(async move {
            match tasks.create_list(name, color).await {
                Ok(id) => {
                    close();
                    history::go(&path_of(&View::List(id)));
                }
                Err(failure) => {
                    error.try_set(Some(failure.sentence()));
                }
            }
        });
    };
    let act = move |act: ListAct| {
        let Some(id) = shown.get_untracked().flatten() else {
            return;
        };
        match act {
            ListAct::Up | ListAct::Down => {
                tasks.move_list(id, act == ListAct::Down);
            }
            ListAct::Archive => {
                tasks.archive_list(id, !facts.get_untracked().archived);
                close();
            }
            ListAct::Delete => {
                close();
                tasks.set_list_deleted(id, true);
                history::go("/inbox");
            }
        }
    };
    view! {
        <ListDialog
            open=Signal::derive(move || shown.get().is_some())
            list=facts
            error
            on_close=Callback::new(move |()| close())
            on_save=Callback::new(save)
            on_act=Callback::new(act)
        />
    }
}

/// What the palette can do, in the order in which it offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Go(String),
    Add,
    NewList,
    Select,
    Shortcuts,
    Undo,
    Theme(Theme),
}

/// Every place and every act by its name.
#[component]
fn Palette() -> impl IntoView {
    let (tasks, ui) = (use_tasks(), use_ui_state());
    let (toaster, theme): (_, ThemeChoice) = (use_toaster(), expect_context());
    let open = memo(move || ui.overlay.get() == Some(Overlay::Palette));
    let deeds = memo(move || if open.get() { deeds(tasks) } else { Vec::new() });
    let commands = Signal::derive(move || deeds.get().into_iter().map(|(_, command)| command).collect::<Vec<_>>());
    let findable = memo(move || {
        if !open.get() {
            return Vec::new();
        }
        tasks.with(|replica| {
            let task = |entry: &crate::model::replica::Entry| {
                Some(Findable {
                    id: entry.id()?,
                    title: entry.wanted.title.as_str().to_owned(),
                    hint: tasks.name_of(entry.wanted.list_id),
                    completed: entry.wanted.completed,
                })
            };
            replica.shown().filter_map(task).collect::<Vec<_>>()
        })
    });
    let close = Callback::new(move |()| {
        if open.get_untracked() {
            ui.overlay.set(None);
        }
    });
    let choose = Callback::new(move |chosen: Chosen| {
        let deed = match chosen {
            Chosen::Task(id) => {
                close.run(());
                if let Some(key) = tasks.with_untracked(|replica| replica.find(id).map(|entry| entry.key)) {
                    ui.show(key, Field::Title);
                }
                return;
            }
            Chosen::Command(place) => deeds.with_untracked(|deeds| deeds.get(place).map(|(deed, _)| deed.clone())),
        };
        close.run(());
        match deed {
            None => {}
            Some(Deed::Go(path)) => history::go(&path),
            Some(Deed::Add) => browser::next_frame(move || quick_add(ui)),
            Some(Deed::NewList) => ui.overlay.set(Some(Overlay::List(None))),
            Some(Deed::Select) => ui.selecting.set(true),
            Some(Deed::Shortcuts) => ui.overlay.set(Some(Overlay::Shortcuts)),
            Some(Deed::Undo) => {
                toaster.undo_last();
            }
            Some(Deed::Theme(chosen)) => theme.set(chosen),
        }
    });
    view! { <CommandPalette open commands tasks=findable on_choose=choose on_close=close/> }
}

fn command(deed: Deed, glyph: Glyph, label: &str, hint: &str, also: &'static str) -> (Deed, Command) {
    let choice = Choice::new(glyph, label).hint(hint);
    (deed, Command { choice, also })
}

fn page(path: &str, glyph: Glyph, label: &str, hint: &str, also: &'static str) -> (Deed, Command) {
    command(Deed::Go(path.to_owned()), glyph, label, hint, also)
}

fn deeds(tasks: crate::store::TaskStore) -> Vec<(Deed, Command)> {
    let mut all = vec![
        command(Deed::Add, Glyph::Add, "Add a task", "q", "new create"),
        page("/today", Glyph::Light, "Today", "g t", "now"),
        page("/upcoming", Glyph::Calendar, "Upcoming", "g u", "week next later"),
        page("/inbox", Glyph::Inbox, "Inbox", "g i", ""),
        page("/tasks", Glyph::Subtasks, "All tasks", "g a", "everything"),
        page("/search", Glyph::Search, "Search", "/", "find"),
        page("/done", Glyph::Check, "Done", "g d", "completed finished"),
        page("/trash", Glyph::Delete, "Trash", "g x", "deleted bin"),
        page("/account", Glyph::Person, "Account", "", "password sign out settings"),
    ];
    for list in tasks.lists.get().into_iter().filter(|list| !list.archived) {
        let choice = Choice::new(Glyph::List, list.name)
            .hint("List")
            .color(list.color.as_str());
        all.push((Deed::Go(path_of(&View::List(list.id))), Command { choice, also: "" }));
    }
    tasks.counts.with(|counts| {
        for (folded, name, _) in &counts.tags {
            all.push(page(&path_of(&View::Tag(folded.clone())), Glyph::Tag, name, "Tag", ""));
        }
    });
    all.extend([
        command(Deed::NewList, Glyph::List, "Add a list", "", "new create project"),
        command(Deed::Select, Glyph::Tick, "Select tasks", "x", "choose many bulk"),
        command(Deed::Undo, Glyph::Retry, "Undo", "", "back"),
        command(Deed::Shortcuts, Glyph::Keyboard, "Keyboard shortcuts", "?", "keys help"),
        command(Deed::Theme(Theme::Light), Glyph::Light, "Light theme", "", "bright day"),
        command(Deed::Theme(Theme::Dark), Glyph::Dark, "Dark theme", "", "night"),
        command(
            Deed::Theme(Theme::System),
            Glyph::System,
            "Theme of the system",
            "",
            "auto",
        ),
    ]);
    all
}

#[component]
fn Shortcuts() -> impl IntoView {
    let ui: UiState = use_ui_state();
    let open = memo(move || ui.overlay.get() == Some(Overlay::Shortcuts));
    let close = Callback::new(move |()| {
        if open.get_untracked() {
            ui.overlay.set(None);
        }
    });
    view! { <ShortcutSheet open on_close=close/> }
}

/// Words that two have changed: both are shown, and the person decides.
#[component]
fn Conflict() -> impl IntoView {
    let tasks = use_tasks();
    let later = RwSignal::new(None);
    let open = memo(move || tasks.conflict.get().filter(|key| later.get() != Some(*key)));
    // Mine, and theirs.
    let words = memo(move || {
        let entry = open.get().and_then(|key| tasks.entry(key));
        entry.and_then(|entry| Some((entry.conflict.clone()?, entry.wanted.words())))
    });
    let differences = memo(move || {
        words
            .get()
            .map_or_else(Vec::new, |(mine, theirs)| differ(&mine, &theirs))
    });
    let decide = Callback::new(move |kept: Vec<Keep>| {
        let (Some(key), Some((mut mine, theirs))) = (open.get_untracked(), words.get_untracked()) else {
            return;
        };
        for (difference, keep) in differences.get_untracked().into_iter().zip(kept) {
            let text = match keep {
                Keep::Mine => difference.mine,
                Keep::Theirs => difference.theirs,
                Keep::Both => difference.both.unwrap_or(difference.mine),
            };
            if difference.label == TITLE {
                mine.title = text;
            } else {
                mine.description = text;
            }
        }
        if mine.title.trim().is_empty() {
            mine.title = theirs.title;
        }
        tasks.resolve_conflict(key, mine);
    });
    view! {
        <ConflictDialog
            open=Signal::derive(move || open.get().is_some())
            differences
            on_decide=decide
            on_close=Callback::new(move |()| {
                if let Some(key) = open.get_untracked() {
                    later.set(Some(key));
                }
            })
        />
    }
}

const TITLE: &str = "Title";

fn differ(mine: &Words, theirs: &Words) -> Vec<Difference> {
    let title = (mine.title != theirs.title).then(|| Difference {
        label: TITLE,
        mine: mine.title.clone(),
        theirs: theirs.title.clone(),
        both: join(&mine.title, &theirs.title, " / ", Title::MAX),
    });
    let notes = (mine.description != theirs.description).then(|| Difference {
        label: "Notes",
        mine: mine.description.clone(),
        theirs: theirs.description.clone(),
        both: join(&mine.description, &theirs.description, "\n\n", Description::MAX),
    });
    title.into_iter().chain(notes).collect()
}
