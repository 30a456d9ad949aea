//! A new list, or what there is to change of one.

use crate::ui::boxed::{effect, memo};
use crate::ui::button::{ActionButton, ButtonVariant, SubmitButton};
use crate::ui::dialog::Dialog;
use crate::ui::field::TextField;
use crate::ui::icon::Glyph;
use crate::ui::on;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use shared::lists::ListColor;

/// What is done with a list besides its name and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListAct {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Out of sight, or back.
    Archive,
    /// Into the trash, with its tasks.
    Delete,
}

/// A list as the dialog finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFacts {
    /// What it is called; empty for a new one.
    pub name: String,
    /// Its colour.
    pub color: ListColor,
    /// Whether there is such a list already.
    pub exists: bool,
    /// Whether it is out of sight.
    pub archived: bool,
}

/// Name and colour of a list, and what else can be done with it.
#[component]
pub fn ListDialog(
    /// Whether it is there.
    #[prop(into)]
    open: Signal<bool>,
    /// The list.
    #[prop(into)]
    list: Signal<ListFacts>,
    /// What is wrong with the name.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The person wants it gone.
    on_close: Callback<()>,
    /// The person has chosen a name and a colour.
    on_save: Callback<(String, ListColor)>,
    /// The person wants something else.
    on_act: Callback<ListAct>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let color = RwSignal::new(ListColor::default());
    effect(move || {
        if open.get() {
            let list = list.get_untracked();
            color.set(list.color);
            if let Some(input) = node.get_untracked() {
                input.set_value(&list.name);
                input.select();
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = node.get_untracked().map(|input| input.value()).unwrap_or_default();
        on_save.run((name, color.get_untracked()));
    };
    let exists = memo(move || list.with(|list| list.exists));
    let title = Signal::derive(move || {
        if exists.get() {
            "Edit list".to_owned()
        } else {
            "New list".to_owned()
        }
    });
    let act = move |act| Callback::new(move |()| on_act.run(act));
    view! {
        <Dialog id="list-dialog" title open on_close>
            <form class="form" novalidate on:submit=submit data-testid="list-form">
                <TextField
                    id="list-name"
                    label="Name"
                    autocomplete="off"
                    error
                    on_leave=Callback::new(|_| ())
                    node
                />
                <fieldset class="swatches">
                    <legend class="field-label">"Colour"</legend>
                    {ListColor::ALL.map(|each| swatch(each, color)).into_iter().collect_view()}
                </fieldset>
                <div class="list-acts" hidden=Signal::derive(move || !exists.get())>
                    <ActionButton label="Move up" variant=ButtonVariant::Secondary on_press=act(ListAct::Up) testid="list-up"/>
                    <ActionButton label="Move down" variant=ButtonVariant::Secondary on_press=act(ListAct::Down) testid="list-down"/>
                    <button
                        type="button"
                        class="button button-secondary"
                        data-testid="list-archive"
                        on:click=on::click(move |_| on_act.run(ListAct::Archive))
                    >
                        {Signal::derive(move || if list.with(|list| list.archived) { "Unarchive" } else { "Archive" })}
                    </button>
                    <ActionButton
                        label="Delete list"
                        variant=ButtonVariant::Warning
                        glyph=Glyph::Delete
                        on_press=act(ListAct::Delete)
                        testid="list-delete"
                    />
                </div>
                <div class="dialog-actions">
                    <ActionButton label="Cancel" variant=ButtonVariant::Secondary on_press=on_close/>
                    <SubmitButton label="Save" busy_label="Saving…" busy=Signal::stored(false) testid="list-save"/>
                </div>
            </form>
        </Dialog>
    }
}

fn swatch(each: ListColor, color: RwSignal<ListColor>) -> AnyView {
    let name = each.as_str();
    let (first, rest) = name.split_at(1);
    let label: String = format!("{}{rest}", first.to_ascii_uppercase());
    let title = label.clone();
    view! {
        <label class="swatch" data-color=name title=title data-testid=format!("color-{name}")>
            <input
                class="visually-hidden"
                type="radio"
                name="list-color"
                value=name
                prop:checked=Signal::derive(move || color.get() == each)
                on:change=on::change(move |_| color.set(each))
            />
            <span class="dot" aria-hidden="true"></span>
            <span class="visually-hidden">{label}</span>
        </label>
    }
    .into_any()
}
