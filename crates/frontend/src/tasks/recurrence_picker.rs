//! Chooses how a task comes back.

mod common;
mod custom;

use self::common::options;
use self::custom::{Custom, Ends};
use crate::dates::{self, Style};
use crate::ui::boxed::{aria, boxed_view, memo, show_if};
use crate::ui::on;
use crate::words::due;
use chrono::{NaiveDate, Weekday};
use leptos::prelude::*;
use shared::recurrence::{Count, Interval, Pattern, Recurrence, Rule, Unit};

/// A menu of what is common for the day that the task is due on, and fields for everything else.
#[component]
pub fn RecurrencePicker(
    /// The id of the menu; the other fields are `{id}-…`.
    id: &'static str,
    /// How the task comes back now.
    #[prop(into)]
    recurrence: Signal<Option<Recurrence>>,
    /// The day that it is due on, else today.
    #[prop(into)]
    day: Signal<NaiveDate>,
    /// The person chooses.
    on_change: Callback<Option<Recurrence>>,
) -> impl IntoView {
    let customising = RwSignal::new(false);
    // The menu itself stays when its options change: the keyboard is on it.
    let all = memo(move || options(recurrence.get(), day.get()));
    let choose = move |value: String| match value.as_str() {
        "custom" => {
            customising.set(true);
            if recurrence.get_untracked().is_none() {
                on_change.run(Some(Recurrence::Rule(Rule::new(Pattern::Daily))));
            }
        }
        "" => {
            customising.set(false);
            on_change.run(None);
        }
        rule => {
            customising.set(false);
            on_change.run(Recurrence::parse(rule).ok());
        }
    };
    view! {
        <div class="recurrence-picker" data-testid=id>
            <select
                class="input"
                id=id
                aria-label="Repeat"
                data-testid="recurrence"
                prop:value=Signal::derive(move || value(recurrence.get()))
                on:change=on::change(move |event| choose(event_target_value(&event)))
            >
                {boxed_view(move || {
                    let chosen = recurrence.get_untracked();
                    let options = all.get().into_iter().map(|option| {
                        let label = option.map_or_else(|| due::ONCE.to_owned(), |rule| capital(&rule.sentence()));
                        view! {
                            <option value=value(option) selected=option == chosen>
                                {label}
                            </option>
                        }
                    });
                    options.collect_view().into_any()
                })}
                <option value="custom">"Custom…"</option>
            </select>
            {show_if(
                move || customising.get(),
                move || view! { <Fields id recurrence day on_change/> }.into_any(),
            )}
        </div>
    }
}

/// Everything that a rule can say.
#[component]
fn Fields(
    id: &'static str,
    recurrence: Signal<Option<Recurrence>>,
    day: Signal<NaiveDate>,
    on_change: Callback<Option<Recurrence>>,
) -> impl IntoView {
    // Kept apart from the rule, which cannot say all that is half typed.
    let custom = RwSignal::new(Custom::of(recurrence.get_untracked(), day.get_untracked()));
    let change = move |change: &dyn Fn(&mut Custom)| {
        custom.update(|custom| change(custom));
        on_change.run(Some(custom.with_untracked(|custom| custom.build(day.get_untracked()))));
    };
    let unit = memo(move || custom.with(|custom| custom.unit));
    let after = memo(move || custom.with(|custom| custom.after_completion));
    let ends = memo(move || custom.with(|custom| custom.ends));
    let units = [
        (Unit::Day, "days"),
        (Unit::Week, "weeks"),
        (Unit::Month, "months"),
        (Unit::Year, "years"),
    ];
    let units = units.map(|(of, label)| {
        view! {
            <option value=label selected=Signal::derive(move || unit.get() == of)>
                {label}
            </option>
        }
    });
    view! {
        <fieldset class="recurrence-custom" data-testid="recurrence-custom">
            <legend class="visually-hidden">"Custom repetition"</legend>
            <div class="recurrence-row">
                <label for=format!("{id}-interval")>"Every"</label>
                <input
                    class="input recurrence-number"
                    id=format!("{id}-interval")
                    type="number"
                    inputmode="numeric"
                    min="1"
                    max=Interval::MAX.to_string()
                    data-testid="recurrence-interval"
                    prop:value=Signal::derive(move || custom.with(|custom| custom.interval.get().to_string()))
                    on:change=on::change(move |event| {
                        let number = event_target_value(&event).parse().ok().and_then(Interval::new);
                        change(&|custom| custom.interval = number.unwrap_or(custom.interval));
                    })
                />
                <select
                    class="input"
                    aria-label="Unit"
                    data-testid="recurrence-unit"
                    on:change=on::change(move |event| {
                        let unit = match event_target_value(&event).as_str() {
                            "days" => Unit::Day,
                            "weeks" => Unit::Week,
                            "months" => Unit::Month,
                            _ => Unit::Year,
                        };
                        change(&|custom| custom.unit = unit);
                    })
                >
                    {units}
                </select>
            </div>
            {show_if(
                move || unit.get() == Unit::Week && !after.get(),
                move || {
                    let first = dates::first_weekday();
                    let days = std::iter::successors(Some(first), |day| Some(day.succ())).take(7);
                    let days = days.map(|day| {
                        let chosen = memo(move || custom.with(|custom| custom.weekdays.contains(day)));
                        weekday(
                            day,
                            chosen,
                            Callback::new(move |()| change(&|custom| custom.toggle(day))),
                        )
                    });
                    view! {
                        <div class="recurrence-weekdays" role="group" aria-label="Days of the week">
                            {days.collect_view()}
                        </div>
                    }
                    .into_any()
                },
            )}
            {show_if(
                move || unit.get() == Unit::Month && !after.get(),
                move || {
                    let offered = custom.with_untracked(|custom| custom.month_patterns(day.get_untracked()));
                    let options = offered.clone().into_iter().enumerate().map(|(place, pattern)| {
                        let label = due::of_month(pattern);
                        let selected = custom.with_untracked(|custom| custom.monthly == pattern);
                        view! {
                            <option value=place.to_string() selected=selected>
                                {label}
                            </option>
                        }
                    });
                    let options = options.collect_view();
                    view! {
                        <select
                            class="input"
                            aria-label="Day of the month"
                            data-testid="recurrence-month"
                            on:change=on::change(move |event| {
                                let place = event_target_value(&event).parse::<usize>().ok();
                                if let Some(pattern) = place.and_then(|place| offered.get(place).copied()) {
                                    change(&|custom| custom.monthly = pattern);
                                }
                            })
                        >
                            {options}
                        </select>
                    }
                    .into_any()
                },
            )}
            <label class="recurrence-row">
                <input
                    type="checkbox"
                    data-testid="recurrence-after"
                    prop:checked=after
                    on:change=on::change(move |event| {
                        let after = event_target_checked(&event);
                        change(&|custom| custom.after_completion = after);
                    })
                />
                {due::FROM_DONE}
            </label>
            {show_if(
                move || !after.get(),
                move || {
                    let options = [(Ends::Never, "Never ends"), (Ends::Until, "Ends on"), (Ends::Count, "Ends after")];
                    let options = options.map(|(end, label)| {
                        view! {
                            <option value=label selected=Signal::derive(move || ends.get() == end)>
                                {label}
                            </option>
                        }
                    });
                    view! {
                        <div class="recurrence-row">
                            <select
                                class="input"
                                aria-label="End"
                                data-testid="recurrence-end"
                                on:change=on::change(move |event| {
                                    let ends = match event_target_value(&event).as_str() {
                                        "Ends on" => Ends::Until,
                                        "Ends after" => Ends::Count,
                                        _ => Ends::Never,
                                    };
                                    change(&|custom| custom.ends = ends);
                                })
                            >
                                {options}
                            </select>
                            {show_if(
                                move || ends.get() == Ends::Until,
                                move || {
                                    view! {
                                        <input
                                            class="input"
                                            type="date"
                                            aria-label="Last day"
                                            data-testid="recurrence-until"
                                            prop:value=Signal::derive(move || {
                                                custom.with(|custom| custom.until.to_string())
                                            })
                                            on:change=on::change(move |event| {
                                                if let Ok(until) = event_target_value(&event).parse::<NaiveDate>() {
                                                    change(&|custom| custom.until = until);
                                                }
                                            })
                                        />
                                    }
                                    .into_any()
                                },
                            )}
                            {show_if(
                                move || ends.get() == Ends::Count,
                                move || {
                                    view! {
                                        <input
                                            class="input recurrence-number"
                                            type="number"
                                            inputmode="numeric"
                                            min="1"
                                            max=Count::MAX.to_string()
                                            aria-label="Times"
                                            data-testid="recurrence-count"
                                            prop:value=Signal::derive(move || {
                                                custom.with(|custom| custom.count.get().to_string())
                                            })
                                            on:change=on::change(move |event| {
                                                let count = event_target_value(&event).parse().ok().and_then(Count::new);
                                                change(&|custom| custom.count = count.unwrap_or(custom.count));
                                            })
                                        />
                                        <span>"times"</span>
                                    }
                                    .into_any()
                                },
                            )}
                        </div>
                    }
                    .into_any()
                },
            )}
        </fieldset>
    }
}

/// An option's value: the rule's text.
fn value(option: Option<Recurrence>) -> String {
    option.map_or_else(String::new, |rule| rule.to_string())
}

fn weekday(day: Weekday, chosen: Memo<bool>, on_press: Callback<()>) -> AnyView {
    // Any week has one.
    let date = NaiveDate::from_isoywd_opt(2026, 1, day).unwrap_or_default();
    view! {
        <button
            type="button"
            class="recurrence-weekday"
            title=dates::write_date(date, Style::LongWeekday)
            aria-pressed=aria(move || chosen.get())
            on:click=on::click(move |_| on_press.run(()))
        >
            {dates::write_date(date, Style::Weekday)}
        </button>
    }
    .into_any()
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + rest.as_str()
    })
}
