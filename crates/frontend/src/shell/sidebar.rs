//! Where one can go: the fixed pages, the lists, and the tags.

use crate::ui::boxed::{boxed_view, memo};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words;
use leptos::prelude::*;
use uuid::Uuid;

/// A place to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// A picture of it; lists have a dot of their colour instead.
    pub glyph: Option<Glyph>,
    /// The dot's colour.
    pub color: &'static str,
    /// How many tasks wait there; nothing if that does not matter.
    pub count: usize,
    /// Some of them are late.
    pub overdue: bool,
    /// The list that it is, which can be changed.
    pub list: Option<Uuid>,
    /// What a task means that is dropped on it.
    pub drop: &'static str,
}

impl Place {
    /// A fixed page.
    pub fn page(path: &str, name: &str, glyph: Glyph) -> Self {
        Self {
            path: path.to_owned(),
            name: name.to_owned(),
            glyph: Some(glyph),
            color: "",
            count: 0,
            overdue: false,
            list: None,
            drop: "",
        }
    }
}

/// The navigation: at the side of a wide screen, and a drawer on a narrow one.
#[component]
pub fn Sidebar(
    /// The pages that everybody has.
    #[prop(into)]
    pages: Signal<Vec<Place>>,
    /// The lists.
    #[prop(into)]
    lists: Signal<Vec<Place>>,
    /// The lists that are out of sight.
    #[prop(into)]
    archived: Signal<Vec<Place>>,
    /// The tags.
    #[prop(into)]
    tags: Signal<Vec<Place>>,
    /// What is not to be done any more.
    #[prop(into)]
    rest: Signal<Vec<Place>>,
    /// The address of the page that is there.
    #[prop(into)]
    here: Signal<String>,
    /// The person wants one more list.
    on_new_list: Callback<()>,
    /// The person wants to change a list.
    on_edit_list: Callback<Uuid>,
    /// The person goes somewhere.
    on_go: Callback<()>,
) -> impl IntoView {
    view! {
        <nav class="sidebar" id="sidebar" popover="auto" aria-label="Pages" data-testid="sidebar">
            <Places places=pages here on_edit_list on_go/>
            <div class="sidebar-head">
                <h2 class="sidebar-title">"Lists"</h2>
                <IconButton label="Add a list".to_owned() glyph=Glyph::Add testid="new-list" on_press=on_new_list/>
            </div>
            <Places places=lists here on_edit_list on_go/>
            {section("Tags", tags, here, on_edit_list, on_go)}
            <div class="sidebar-rest">
                <Places places=rest here on_edit_list on_go/>
            </div>
            {section("Archived", archived, here, on_edit_list, on_go)}
        </nav>
    }
}

/// A section that is there only if something is in it.
fn section(
    title: &'static str,
    places: Signal<Vec<Place>>,
    here: Signal<String>,
    on_edit_list: Callback<Uuid>,
    on_go: Callback<()>,
) -> AnyView {
    let any = memo(move || places.with(|places| !places.is_empty()));
    view! {
        {boxed_view(move || {
            if !any.get() {
                return ().into_any();
            }
            view! {
                <div class="sidebar-head">
                    <h2 class="sidebar-title">{title}</h2>
                </div>
                <Places places here on_edit_list on_go/>
            }
            .into_any()
        })}
    }
    .into_any()
}

#[component]
fn Places(
    places: Signal<Vec<Place>>,
    here: Signal<String>,
    on_edit_list: Callback<Uuid>,
    on_go: Callback<()>,
) -> impl IntoView {
    boxed_view(move || {
        let items = places
            .get()
            .into_iter()
            .map(|place| item(place, here, on_edit_list, on_go));
        view! { <ul class="places">{items.collect_view()}</ul> }.into_any()
    })
}

fn item(place: Place, here: Signal<String>, on_edit_list: Callback<Uuid>, on_go: Callback<()>) -> AnyView {
    let path = place.path.clone();
    let current = Signal::derive(move || here.with(|here| *here == path).then_some("page"));
    let picture = match place.glyph {
        Some(glyph) => view! { <Icon glyph/> }.into_any(),
        None => view! { <span class="dot" aria-hidden="true"></span> }.into_any(),
    };
    let count = (place.count > 0).then(|| {
        view! {
            <span class=if place.overdue { "place-count place-overdue" } else { "place-count" } data-testid="place-count">
                {place.count}
                <span class="visually-hidden">{words::shell::open_count(place.overdue)}</span>
            </span>
        }
    });
    let edit = place.list.map(|id| {
        view! {
            <IconButton
                label=words::shell::edit_list(&place.name)
                glyph=Glyph::More
                testid="place-edit"
                on_press=Callback::new(move |()| on_edit_list.run(id))
            />
        }
    });
    view! {
        <li class="place-item">
            <a
                class="place"
                href=place.path
                aria-current=current
                data-color=place.color
                data-drop=(!place.drop.is_empty()).then_some(place.drop)
                data-list=place.list.map(|id| id.to_string())
                // The browser’s own dragging of links would be in the way of ours.
                draggable=place.list.map(|_| "false")
                on:click=on::click(move |_| on_go.run(()))
            >
                {picture}
                <span class="place-name">{place.name}</span>
                {count}
            </a>
            {edit}
        </li>
    }
    .into_any()
}
