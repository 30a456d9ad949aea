//! Somebody has changed a task elsewhere while it was changed here: both texts beside each other, and neither is lost.

use crate::model::merge::changed;
use crate::ui::boxed::{boxed_view, effect};
use crate::ui::button::{ActionButton, ButtonVariant};
use crate::ui::dialog::Dialog;
use crate::ui::on;
use crate::words::task;
use leptos::prelude::*;

/// A member of a task that both have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is called.
    pub label: &'static str,
    /// What it is here, in words.
    pub mine: String,
    /// What it is there, in words.
    pub theirs: String,
    /// What it is if both are kept, if that can be.
    pub both: Option<String>,
}

/// What to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What was changed here.
    Mine,
    /// What was changed elsewhere.
    Theirs,
    /// Both, one after the other.
    Both,
}

impl Keep {
    /// What loses nothing, if there is such a thing; else what the person has just done.
    fn at_first(difference: &Difference) -> Self {
        if difference.both.is_some() {
            Self::Both
        } else {
            Self::Mine
        }
    }
}

/// A dialog that asks, for each member that both have changed, what to keep. Closing it decides nothing.
#[component]
pub fn ConflictDialog(
    /// Whether it is there.
    #[prop(into)]
    open: Signal<bool>,
    /// What both have changed.
    #[prop(into)]
    differences: Signal<Vec<Difference>>,
    /// The person has decided: what to keep of each, in their order.
    on_decide: Callback<Vec<Keep>>,
    /// The person wants to decide later.
    on_close: Callback<()>,
) -> impl IntoView {
    let kept = RwSignal::new(Vec::new());
    effect(move || kept.set(differences.with(|all| all.iter().map(Keep::at_first).collect::<Vec<_>>())));
    let keep = Callback::new(move |(place, keep): (usize, Keep)| {
        kept.update(|kept| {
            if let Some(kept) = kept.get_mut(place) {
                *kept = keep;
            }
        });
    });
    view! {
        <Dialog id="conflict" title="Changed in two places" open on_close>
            <p class="dialog-text">
                {task::CHANGED_ELSEWHERE}
            </p>
            {boxed_view(move || {
                let all = differences.get().into_iter().enumerate();
                let all = all.map(|(place, difference)| field(place, difference, kept, keep));
                view! { <div class="conflict-fields">{all.collect_view()}</div> }.into_any()
            })}
            <div class="dialog-actions">
                <ActionButton
                    label="Decide later"
                    variant=ButtonVariant::Secondary
                    testid="conflict-later"
                    on_press=on_close
                />
                <ActionButton
                    label="Save"
                    testid="conflict-save"
                    on_press=Callback::new(move |()| on_decide.run(kept.get_untracked()))
                />
            </div>
        </Dialog>
    }
}

fn field(place: usize, difference: Difference, kept: RwSignal<Vec<Keep>>, on_keep: Callback<(usize, Keep)>) -> AnyView {
    let label = difference.label;
    let first = Keep::at_first(&difference);
    let option = move |keep: Keep, name: &'static str, value: &'static str, text: AnyView| {
        view! {
            <label class="conflict-side" data-testid=format!("conflict-{place}-{value}")>
                <span class="conflict-name">
                    <input
                        type="radio"
                        name=format!("conflict-{place}")
                        value=value
                        autofocus=place == 0 && keep == first
                        prop:checked=Signal::derive(move || kept.with(|kept| kept.get(place) == Some(&keep)))
                        on:change=on::change(move |_| on_keep.run((place, keep)))
                    />
                    {name}
                </span>
                <span class="conflict-text">{text}</span>
            </label>
        }
        .into_any()
    };
    let mine = option(
        Keep::Mine,
        "Yours",
        "mine",
        marked(&difference.mine, &difference.theirs),
    );
    let theirs = option(
        Keep::Theirs,
        "The other one",
        "theirs",
        marked(&difference.theirs, &difference.mine),
    );
    let both = difference
        .both
        .map(|text| option(Keep::Both, "Both", "both", text.into_any()));
    view! {
        <fieldset class="conflict-field">
            <legend class="field-label">{label}</legend>
            <div class="conflict-sides">{mine} {theirs} {both}</div>
        </fieldset>
    }
    .into_any()
}

/// A text, with what the other one does not have marked.
fn marked(text: &str, other: &str) -> AnyView {
    if text.is_empty() {
        return view! { <em class="conflict-nothing">"Nothing"</em> }.into_any();
    }
    let range = changed(text, other);
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
    let (before, middle, after) = (part(0..range.start), part(range.clone()), part(range.end..text.len()));
    view! {
        {before}
        <mark>{middle}</mark>
        {after}
    }
    .into_any()
}
