//! Instants in the words that people use for them.

mod ago;
mod due;
mod intl;
mod wall;
mod zone;

pub use self::ago::{ago, long_date};
pub use self::due::{Clock, own_moment, own_zone, quick_add_context, words};
pub use self::intl::{Style, first_weekday, write_date};
