//! What the browser knows of the person's clock and language, for the model.

use crate::browser;
use crate::dates::{self, Clock};
use crate::model::views::{self, LocalDue, Locale};
use chrono::Timelike as _;
use shared::due::Due;
use std::cell::RefCell;

/// How the person sees what tasks say, at this look at the clock.
pub fn locale(clock: Clock) -> Locale<'static> {
    Locale {
        clock: on_the_wall(clock),
        local_due: &localise,
        fold: &browser::fold,
    }
}

/// The day and minute of a look at the clock.
fn on_the_wall(clock: Clock) -> views::Clock {
    views::Clock {
        today: clock.today(),
        minute: clock.local.hour() * 60 + clock.local.minute(),
    }
}

thread_local! {
    // Asking the browser about another zone takes it longer than all the rest.
    static FOREIGN: RefCell<Vec<(Due, LocalDue)>> = const { RefCell::new(Vec::new()) };
    static OWN: String = dates::own_zone().as_str().to_owned();
}

/// Where something is due on the person's own clock.
fn localise(due: &Due) -> LocalDue {
    let here = LocalDue {
        date: due.date(),
        minute: due.time().map(|time| time.hour() * 60 + time.minute()),
    };
    if due.zone().is_none_or(|zone| OWN.with(|own| own == zone.as_str())) {
        return here;
    }
    FOREIGN.with_borrow_mut(|known| {
        if let Some((_, when)) = known.iter().find(|(other, _)| other == due) {
            return *when;
        }
        let own = dates::own_moment(due);
        let when = LocalDue {
            date: own.date(),
            minute: Some(own.time().hour() * 60 + own.time().minute()),
        };
        known.push((due.clone(), when));
        when
    })
}
