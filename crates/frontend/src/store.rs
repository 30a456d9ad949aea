//! The tasks and lists that the pages of somebody who is signed in share: what they read of them, and what the person
//! does with them. How the server hears of that is in `sync`.

mod acts;
mod bulk;
pub mod drafts;
mod lists;
mod locale;
mod provide;
mod reading;
mod report;
mod request;
pub mod samples;
mod state;
mod sync;
mod trash;

pub use self::acts::focus_composer;
pub use self::bulk::BulkEdit;
pub use self::locale::locale;
pub use self::provide::provide_tasks;
pub use self::request::check;
pub use self::state::{COMPOSER_ID, Reading, TaskStore, archived, open_id, toggle_id, use_tasks};
