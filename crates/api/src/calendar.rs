//! Days, zones and what comes back: the calendar as tasks have it. Knows nothing of the rest of the server.

pub mod recurrence;
