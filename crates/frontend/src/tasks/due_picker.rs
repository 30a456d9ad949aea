//! Chooses when something is due: in words, by a quick choice, or by day and time.

use crate::dates::{self, Clock, Style};
use crate::ui::boxed::{aria, boxed_view, memo};
use crate::ui::calendar::Calendar;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::on;
use crate::words;
use chrono::{Days, NaiveDate, NaiveTime, Timelike as _};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::due::Due;
use shared::quick_add;
use shared::recurrence::Recurrence;

/// What the person has said in words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    due: Option<Due>,
    recurrence: Option<Recurrence>,
}

/// A field for words (`fri 9am`, `every month on the 1st`), quick choices, a calendar, and a field for the time.
#[component]
pub fn DuePicker(
    /// Names its parts: the field is `{id}-words`, the time `{id}-time`.
    id: &'static str,
    /// Names the calendar's parts.
    calendar_id: &'static str,
    /// When it is due now.
    #[prop(into)]
    due: Signal<Option<Due>>,
    /// The time, as it passes.
    #[prop(into)]
    clock: Signal<Clock>,
    /// The person chooses; `None` is no day.
    on_change: Callback<Option<Due>>,
    /// The person has said in words how it comes back.
    #[prop(optional)]
    on_repeat: Option<Callback<Recurrence>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let said = memo(move || typed.with(|text| understood(text, clock.get(), on_repeat.is_some())));
    let today = memo(move || clock.get().today());
    let day = memo(move || due.with(|due| due.as_ref().map(Due::date)));
    let time = memo(move || due.with(|due| due.as_ref().and_then(Due::time)));
    let pick = move |date: NaiveDate| {
        if let Some(due) = due.with_untracked(|due| on_day(due.as_ref(), date)) {
            on_change.run(Some(due));
        }
    };
    let take_words = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(said) = said.get_untracked() else {
            return;
        };
        typed.set(String::new());
        if let Some(due) = said.due {
            on_change.run(Some(due));
        }
        if let (Some(recurrence), Some(on_repeat)) = (said.recurrence, on_repeat) {
            on_repeat.run(recurrence);
        }
    };
    let preview = Signal::derive(move || match said.get() {
        Some(said) => in_words(&said, clock.get()),
        None if typed.with(|text| text.trim().is_empty()) => words::due::EXAMPLES.to_owned(),
        None => words::due::NOT_A_DATE.to_owned(),
    });
    view! {
        <div class="due-picker" data-testid=id>
            <form class="due-words" novalidate on:submit=take_words>
                <input
                    class="input"
                    id=format!("{id}-words")
                    type="text"
                    aria-label="Date in words"
                    placeholder="Type a date"
                    autocomplete="off"
                    enterkeyhint="done"
                    maxlength="100"
                    aria-describedby=format!("{id}-preview")
                    data-testid="due-words"
                    prop:value=typed
                    on:input=on::input(move |event| typed.set(event_target_value(&event)))
                />
                <p class="due-preview" id=format!("{id}-preview") role="status" data-testid="due-preview">
                    {preview}
                </p>
            </form>
            {boxed_view(move || choices(today.get(), day, Callback::new(pick), on_change))}
            <Calendar id=calendar_id selected=day today on_pick=Callback::new(pick)/>
            <div class="due-time">
                <label class="field-label" for=format!("{id}-time")>
                    <Icon glyph=Glyph::Clock/>
                    "Time"
                </label>
                <input
                    class="input"
                    id=format!("{id}-time")
                    type="time"
                    data-testid="due-time"
                    prop:value=Signal::derive(move || time.get().map_or_else(String::new, time_value))
                    on:change=on::change(move |event| {
                        let time = read_time(&event_target_value(&event));
                        let changed = due.with_untracked(|due| at_time(due.as_ref(), time, clock.get_untracked()));
                        if let Some(changed) = changed {
                            on_change.run(Some(changed));
                        }
                    })
                />
                {boxed_view(move || match due.with(|due| foreign_zone(due.as_ref())) {
                    None => ().into_any(),
                    Some(zone) => view! { <p class="due-zone">{words::due::in_zone(&zone)}</p> }.into_any(),
                })}
            </div>
        </div>
    }
}

/// The days that are asked for most.
fn choices(
    today: NaiveDate,
    chosen: Memo<Option<NaiveDate>>,
    on_pick: Callback<NaiveDate>,
    on_change: Callback<Option<Due>>,
) -> AnyView {
    let days = [
        ("Today", Glyph::Light, Some(today)),
        ("Tomorrow", Glyph::Tomorrow, today.succ_opt()),
        ("Next week", Glyph::NextWeek, next_week(today)),
    ];
    let days = days
        .into_iter()
        .filter_map(|(label, glyph, day)| Some((label, glyph, day?)));
    let buttons = days.map(|(label, glyph, day)| {
        choice(
            label,
            glyph,
            dates::write_date(day, Style::Weekday),
            Signal::derive(move || chosen.get() == Some(day)),
            Callback::new(move |()| on_pick.run(day)),
        )
    });
    let none = choice(
        "No date",
        Glyph::NoDate,
        String::new(),
        Signal::derive(move || chosen.get().is_none()),
        Callback::new(move |()| on_change.run(None)),
    );
    view! {
        <div class="due-choices" role="group" aria-label="Quick choices">
            {buttons.collect_view()}
            {none}
        </div>
    }
    .into_any()
}

fn choice(label: &'static str, glyph: Glyph, hint: String, chosen: Signal<bool>, on_press: Callback<()>) -> AnyView {
    view! {
        <button type="button" class="due-choice" aria-pressed=aria(move || chosen.get()) on:click=on::click(move |_| on_press.run(()))>
            <Icon glyph/>
            <span>{label}</span>
            <span class="due-choice-hint">{hint}</span>
        </button>
    }
    .into_any()
}

/// Words that say nothing but when, and if it is asked for, how often.
fn understood(text: &str, clock: Clock, with_recurrence: bool) -> Option<Said> {
    if text.trim().is_empty() {
        return None;
    }
    let read = quick_add::parse(text, &dates::quick_add_context(clock), &[]);
    let only_when = read.title.is_empty() && read.priority.is_none() && read.list.is_none() && read.tags.is_empty();
    let good = only_when
        && (read.due.is_some() || read.recurrence.is_some())
        && (with_recurrence || read.recurrence.is_none());
    good.then_some(Said {
        due: read.due,
        recurrence: read.recurrence,
    })
}

fn in_words(said: &Said, clock: Clock) -> String {
    let due = said.due.as_ref().map(|due| dates::words(due, clock));
    match (due, said.recurrence) {
        (Some(due), None) => due.title,
        (Some(due), Some(rule)) => words::due::from(&rule.sentence(), &due.text),
        (None, Some(rule)) => rule.sentence(),
        (None, None) => String::new(),
    }
}

/// The first day of the next week, as the person counts weeks.
fn next_week(today: NaiveDate) -> Option<NaiveDate> {
    today
        .week(dates::first_weekday())
        .checked_first_day()?
        .checked_add_days(Days::new(7))
}

/// The same time on another day.
fn on_day(due: Option<&Due>, date: NaiveDate) -> Option<Due> {
    let at = due.and_then(|due| Some((due.time()?, due.zone()?.clone())));
    match at {
        Some((time, zone)) => Due::at(date, time, zone).ok(),
        None => Due::on(date).ok(),
    }
}

/// Another time on the same day; without a day, the next time that the clock shows it.
fn at_time(due: Option<&Due>, time: Option<NaiveTime>, clock: Clock) -> Option<Due> {
    let Some(time) = time else {
        return Due::on(due?.date()).ok();
    };
    let zone = due.and_then(|due| due.zone().cloned()).unwrap_or_else(dates::own_zone);
    let date = match due {
        Some(due) => due.date(),
        None if time > clock.local.time() => clock.today(),
        None => clock.today().succ_opt()?,
    };
    Due::at(date, time, zone).ok()
}

fn foreign_zone(due: Option<&Due>) -> Option<String> {
    let zone = due?.zone()?;
    (*zone != dates::own_zone()).then(|| zone.as_str().to_owned())
}

/// As `<input type="time">` has it.
fn time_value(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn read_time(value: &str) -> Option<NaiveTime> {
    let (hour, minute) = value.split_once(':')?;
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::due::Zone;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn clock() -> Clock {
        Clock {
            instant: 0.0,
            local: "2026-11-21T15:40:00".parse().unwrap(),
        }
    }

    #[test]
    fn a_new_day_keeps_the_time_and_its_zone() {
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        let due = Due::at(day("2026-11-21"), nine, Zone::parse("Asia/Tokyo").unwrap()).unwrap();
        let moved = on_day(Some(&due), day("2026-12-24")).unwrap();
        assert_eq!(moved.to_string(), "2026-12-24 09:00 Asia/Tokyo");
        assert_eq!(on_day(None, day("2026-12-24")).unwrap().to_string(), "2026-12-24");
    }

    #[test]
    fn without_a_time_a_moment_is_a_day() {
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        let due = Due::at(day("2026-11-21"), nine, Zone::parse("Asia/Tokyo").unwrap()).unwrap();
        assert_eq!(at_time(Some(&due), None, clock()).unwrap().to_string(), "2026-11-21");
        assert_eq!(at_time(None, None, clock()), None);
        let later = NaiveTime::from_hms_opt(10, 0, 0);
        assert_eq!(
            at_time(Some(&due), later, clock()).unwrap().to_string(),
            "2026-11-21 10:00 Asia/Tokyo"
        );
    }

    #[test]
    fn a_browsers_time_is_read_with_and_without_seconds() {
        assert_eq!(read_time("09:05").map(time_value).as_deref(), Some("09:05"));
        assert_eq!(read_time("09:05:30").map(time_value).as_deref(), Some("09:05"));
        assert_eq!(read_time(""), None);
    }
}
