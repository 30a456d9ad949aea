//! A month to choose a day from, by the grid of the ARIA Authoring Practices ("Date Picker Dialog").

use super::boxed::{boxed_view, effect, memo};
use super::button::IconButton;
use super::icon::Glyph;
use super::on;
use crate::browser;
use crate::dates::{self, Style};
use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A month. Arrows go by days and weeks, Page Up and Down by months, with Shift by years, Home and End within the week.
#[component]
pub fn Calendar(
    /// Names its parts: a day is `{id}-2026-11-30`, the heading `{id}-month`.
    id: &'static str,
    /// The day that is chosen.
    #[prop(into)]
    selected: Signal<Option<NaiveDate>>,
    /// The person's today.
    #[prop(into)]
    today: Signal<NaiveDate>,
    /// The person chooses a day.
    on_pick: Callback<NaiveDate>,
) -> impl IntoView {
    // The one day that Tab stops at.
    let at = RwSignal::new(selected.get_untracked().unwrap_or_else(|| today.get_untracked()));
    effect(move || {
        if let Some(day) = selected.get() {
            at.set(day);
        }
    });
    let month = memo(move || first_of_month(at.get()));
    let turn = move |months: i32| at.update(|day| *day = month_away(*day, months));
    let keys = move |event: KeyboardEvent| {
        let moved = moved(
            at.get_untracked(),
            &event.key(),
            event.shift_key(),
            dates::first_weekday(),
        );
        if let Some(day) = moved {
            event.prevent_default();
            at.set(day);
            browser::focus_soon(format!("{id}-{day}"));
        }
    };
    view! {
        <div class="calendar" data-testid=id>
            <div class="calendar-head">
                <h3 class="calendar-month" id=format!("{id}-month") aria-live="polite">
                    {Signal::derive(move || dates::write_date(month.get(), Style::Month))}
                </h3>
                <IconButton
                    label="Previous month"
                    glyph=Glyph::ChevronLeft
                    testid="calendar-previous"
                    on_press=Callback::new(move |()| turn(-1))
                />
                <IconButton
                    label="Next month"
                    glyph=Glyph::Chevron
                    testid="calendar-next"
                    on_press=Callback::new(move |()| turn(1))
                />
            </div>
            <table class="calendar-grid" role="grid" aria-labelledby=format!("{id}-month") on:keydown=keys>
                <thead>
                    <tr>{week(dates::first_weekday()).map(weekday).collect_view()}</tr>
                </thead>
                {boxed_view(move || {
                    let rows = weeks(month.get(), dates::first_weekday()).into_iter();
                    let cells = Cells { id, month: month.get(), at, selected, today, on_pick };
                    view! { <tbody>{rows.map(|row| cells.row(row)).collect_view()}</tbody> }.into_any()
                })}
            </table>
        </div>
    }
}

fn weekday(day: Weekday) -> AnyView {
    // Any week has one.
    let date = NaiveDate::from_isoywd_opt(2026, 1, day).unwrap_or_default();
    view! {
        <th scope="col" abbr=dates::write_date(date, Style::LongWeekday)>
            {dates::write_date(date, Style::Weekday)}
        </th>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Cells {
    id: &'static str,
    month: NaiveDate,
    at: RwSignal<NaiveDate>,
    selected: Signal<Option<NaiveDate>>,
    today: Signal<NaiveDate>,
    on_pick: Callback<NaiveDate>,
}

impl Cells {
    fn row(self, start: NaiveDate) -> AnyView {
        let days = start.iter_days().take(7).map(|day| self.day(day)).collect_view();
        view! { <tr>{days}</tr> }.into_any()
    }

    fn day(self, day: NaiveDate) -> AnyView {
        let Self {
            id,
            month,
            at,
            selected,
            today,
            on_pick,
        } = self;
        let is_selected = memo(move || selected.get() == Some(day));
        let class = if first_of_month(day) == month {
            "calendar-day"
        } else {
            "calendar-day calendar-day-outside"
        };
        view! {
            <td role="gridcell" aria-selected=Signal::derive(move || if is_selected.get() { "true" } else { "false" })>
                <button
                    type="button"
                    class=class
                    id=format!("{id}-{day}")
                    tabindex=Signal::derive(move || if at.get() == day { "0" } else { "-1" })
                    aria-current=Signal::derive(move || (today.get() == day).then_some("date"))
                    aria-label=dates::write_date(day, Style::Full)
                    on:click=on::click(move |_| {
                        on_pick.run(day);
                        // A day of another month is in another row by then.
                        browser::focus_soon(format!("{id}-{day}"));
                    })
                >
                    {day.day()}
                </button>
            </td>
        }
        .into_any()
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The days of a week that begins with `first`.
fn week(first: Weekday) -> impl Iterator<Item = Weekday> {
    std::iter::successors(Some(first), |day| Some(day.succ())).take(7)
}

/// The first days of the weeks that have a day of this month.
fn weeks(month: NaiveDate, first: Weekday) -> Vec<NaiveDate> {
    let start = month.week(first).checked_first_day().unwrap_or(month);
    let end = month_away(month, 1);
    let starts = std::iter::successors(Some(start), |day| day.checked_add_days(Days::new(7)));
    starts.take_while(|day| *day < end).collect()
}

/// The same day of another month, or its last one.
fn month_away(day: NaiveDate, months: i32) -> NaiveDate {
    let by = Months::new(months.unsigned_abs());
    let moved = if months < 0 {
        day.checked_sub_months(by)
    } else {
        day.checked_add_months(by)
    };
    // Only years of four digits can be due.
    moved.filter(|day| (1000..=9999).contains(&day.year())).unwrap_or(day)
}

/// Where a key leads to. `None` if it is none that moves.
fn moved(day: NaiveDate, key: &str, shift: bool, first: Weekday) -> Option<NaiveDate> {
    let back = |days| day.checked_sub_days(Days::new(days));
    let forth = |days| day.checked_add_days(Days::new(days));
    let moved = match (key, shift) {
        ("ArrowLeft", _) => back(1),
        ("ArrowRight", _) => forth(1),
        ("ArrowUp", _) => back(7),
        ("ArrowDown", _) => forth(7),
        ("Home", _) => day.week(first).checked_first_day(),
        ("End", _) => day.week(first).checked_last_day(),
        ("PageUp", false) => Some(month_away(day, -1)),
        ("PageDown", false) => Some(month_away(day, 1)),
        ("PageUp", true) => Some(month_away(day, -12)),
        ("PageDown", true) => Some(month_away(day, 12)),
        _ => return None,
    };
    moved.filter(|day| (1000..=9999).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_has_the_weeks_that_it_touches() {
        assert_eq!(weeks(day("2026-11-01"), Weekday::Mon).len(), 6);
        assert_eq!(weeks(day("2026-11-01"), Weekday::Sun).len(), 5);
        assert_eq!(
            weeks(day("2027-02-01"), Weekday::Mon),
            ["2027-02-01", "2027-02-08", "2027-02-15", "2027-02-22"].map(day)
        );
    }

    #[test]
    fn keys_go_by_days_weeks_months_and_years() {
        for (key, shift, from, to) in [
            ("ArrowLeft", false, "2026-11-01", "2026-10-31"),
            ("ArrowDown", false, "2026-11-28", "2026-12-05"),
            ("Home", false, "2026-11-25", "2026-11-23"),
            ("End", false, "2026-11-25", "2026-11-29"),
            ("PageDown", false, "2026-01-31", "2026-02-28"),
            ("PageUp", true, "2028-02-29", "2027-02-28"),
        ] {
            assert_eq!(
                moved(day(from), key, shift, Weekday::Mon),
                Some(day(to)),
                "{key} from {from}"
            );
        }
        assert_eq!(moved(day("2026-11-25"), "Tab", false, Weekday::Mon), None);
        assert_eq!(moved(day("9999-12-31"), "ArrowRight", false, Weekday::Mon), None);
    }
}
