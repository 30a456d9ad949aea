//! What is around every page of somebody who is signed in, and what those pages share.

use super::account_menu::AccountMenu;
use super::keys;
use super::sidebar::{Place, Sidebar};
use super::sign_out::sign_out;
use crate::address::{path_of, view_at};
use crate::browser;
use crate::lazy;
use crate::model::views::View;
use crate::return_to;
use crate::session::{SignedIn, use_session};
use crate::store::drafts::Drafts;
use crate::store::{Reading, TaskStore, provide_tasks, use_tasks};
use crate::tasks::quick_add::Grammar;
use crate::tasks::ui_state::{Overlay, UiState, provide_ui_state, use_ui_state};
use crate::ui::boxed::{effect, memo, show_if};
use crate::ui::brand::Brand;
use crate::ui::button::ActionButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::notice::OfflineBanner;
use crate::ui::on;
use crate::ui::toast::use_toaster;
use crate::words;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The frame around a page for somebody who is signed in.
#[component]
pub fn Frame(
    /// Who it is.
    signed_in: SignedIn,
    /// The page.
    page: fn() -> AnyView,
) -> impl IntoView {
    let SignedIn { user, client, is_new } = signed_in;
    let session = use_session();
    let toaster = use_toaster();
    let path = use_location().pathname;
    let first = view_at(&path.get_untracked()).unwrap_or(View::All);
    let tasks = provide_tasks(client.clone(), expect_context::<Drafts>(), toaster, first);
    let ui = provide_ui_state(move |key| tasks.get_untracked(key).and_then(|entry| entry.id()));
    keys::listen(tasks, ui, toaster);
    Grammar::provide();
    effect(move || ui.follow_address());
    let is_time = is_time_for_more(tasks, ui);
    let blocked = Signal::derive(move || tasks.blocked());
    // They speak of what is no longer there.
    on_cleanup(move || toaster.clear());
    let busy = RwSignal::new(false);
    let leave = Callback::new(move |()| sign_out(client.clone(), tasks, session, busy));
    view! {
        // External to the router, which would scroll there but leave the keyboard where it was.
        <a class="skip-link" href="#main" rel="external">
            "Skip to content"
        </a>
        <header class="header">
            <div class="header-inner">
                <button
                    type="button"
                    class="icon-button drawer-button"
                    aria-label="Pages"
                    popovertarget="sidebar"
                    data-testid="open-sidebar"
                >
                    <Icon glyph=Glyph::Menu/>
                </button>
                <a href=return_to::HOME class="home-link" data-testid="home-link">
                    <Brand/>
                </a>
                <span class="header-tools">
                    <button
                        type="button"
                        class="palette-button"
                        aria-label=words::shell::SEARCH_OR_JUMP_KEYS
                        data-testid="open-palette"
                        on:click=on::click(move |_| ui.overlay.set(Some(Overlay::Palette)))
                    >
                        <Icon glyph=Glyph::Search/>
                        <span class="palette-hint" aria-hidden="true">
                            {words::shell::SEARCH_OR_JUMP}
                            <kbd>"Ctrl K"</kbd>
                        </span>
                    </button>
                    <AccountMenu name=user.name email=user.email on_sign_out=leave busy/>
                </span>
            </div>
        </header>
        <OfflineBanner message=blocked/>
        <div class="frame">
            <Navigation path/>
            <main class="main" id="main" tabindex="-1">
                {page()}
            </main>
            {show_if(move || is_time.get(), || lazy::fragment(lazy::open_task))}
        </div>
        <BottomBar path/>
        {show_if(
            move || ui.selecting.get(),
            || lazy::fragment(lazy::bulk),
        )}
        {show_if(move || is_time.get(), || lazy::fragment(lazy::overlays))}
        {is_new.then(|| lazy::fragment(lazy::new_account))}
    }
}

/// Whether it is time for what is not needed at first: the tasks are there, or something of it is asked for.
fn is_time_for_more(tasks: TaskStore, ui: UiState) -> Memo<bool> {
    let is_idle = RwSignal::new(false);
    effect(move || {
        if tasks.reading.with(Reading::is_complete) {
            // After they have been drawn.
            browser::next_frame(move || {
                browser::spawn(async move {
                    browser::pause(Duration::ZERO).await;
                    is_idle.try_set(true);
                });
            });
        }
    });
    let is_asked = move || {
        ui.overlay.get().is_some()
            || ui.open.get().is_some()
            || ui.named.get().is_some()
            || tasks.conflict.get().is_some()
            || !tasks.drafts.new_task().is_empty()
            || !tasks.drafts.tray().is_empty()
    };
    let was = AtomicBool::new(false);
    memo(move || {
        let is = was.load(Ordering::Relaxed) || is_idle.get() || is_asked();
        was.store(is, Ordering::Relaxed);
        is
    })
}

/// The pages that everybody has.
fn pages(tasks: TaskStore) -> Vec<Place> {
    let (today, overdue, inbox) = tasks.counts.with(|counts| (counts.today, counts.overdue, counts.inbox));
    vec![
        Place {
            count: inbox,
            drop: "inbox",
            ..Place::page("/inbox", "Inbox", Glyph::Inbox)
        },
        Place {
            count: today,
            overdue: overdue > 0,
            drop: "today",
            ..Place::page("/today", "Today", Glyph::Light)
        },
        Place::page("/upcoming", "Upcoming", Glyph::Calendar),
        Place::page("/tasks", "All tasks", Glyph::Subtasks),
    ]
}

fn lists(tasks: TaskStore, archived: bool) -> Vec<Place> {
    let lists = tasks.lists.get().into_iter().filter(|list| list.archived == archived);
    let place = |list: shared::lists::List| Place {
        glyph: None,
        color: list.color.as_str(),
        count: tasks.counts.with(|counts| counts.list(list.id)),
        list: Some(list.id),
        drop: "list",
        ..Place::page(&format!("/lists/{}", list.id), &list.name, Glyph::List)
    };
    lists.map(place).collect()
}

fn tags(tasks: TaskStore) -> Vec<Place> {
    tasks.counts.with(|counts| {
        let place = |(folded, name, count): &(String, String, usize)| Place {
            count: *count,
            ..Place::page(&path_of(&View::Tag(folded.clone())), name, Glyph::Tag)
        };
        counts.tags.iter().map(place).collect()
    })
}

#[component]
fn Navigation(path: Memo<String>) -> impl IntoView {
    let (tasks, ui) = (use_tasks(), use_ui_state());
    let pages = memo(move || pages(tasks));
    let shown = memo(move || lists(tasks, false));
    let archived = memo(move || lists(tasks, true));
    let tags = memo(move || tags(tasks));
    let rest = Signal::stored(vec![
        Place::page("/search", "Search", Glyph::Search),
        Place::page("/done", "Done", Glyph::Check),
        Place::page("/trash", "Trash", Glyph::Delete),
    ]);
    let hide = move || browser::hide_popover("sidebar");
    view! {
        <Sidebar
            pages
            lists=shown
            archived
            tags
            rest
            here=path
            on_new_list=Callback::new(move |()| {
                hide();
                ui.overlay.set(Some(Overlay::List(None)));
            })
            on_edit_list=Callback::new(move |id| {
                hide();
                ui.overlay.set(Some(Overlay::List(Some(id))));
            })
            on_go=Callback::new(move |()| hide())
        />
    }
}

/// Where the thumb is: the pages that one goes to most, and a new task.
#[component]
fn BottomBar(path: Memo<String>) -> impl IntoView {
    let ui = use_ui_state();
    let tab = move |to: &'static str, name: &'static str, glyph| {
        let current = Signal::derive(move || path.with(|path| path == to).then_some("page"));
        view! {
            <a class="tab" href=to aria-current=current>
                <Icon glyph/>
                {name}
            </a>
        }
    };
    view! {
        <nav class="bottom-bar" aria-label="Most used pages" data-testid="bottom-bar">
            {tab("/today", "Today", Glyph::Light)}
            {tab("/upcoming", "Upcoming", Glyph::Calendar)}
            <span class="tab-add">
                <ActionButton
                    label="Add"
                    glyph=Glyph::Add
                    on_press=Callback::new(move |()| keys::quick_add(ui))
                    testid="quick-add"
                />
            </span>
            {tab("/inbox", "Inbox", Glyph::Inbox)}
            {tab("/search", "Search", Glyph::Search)}
        </nav>
    }
}
