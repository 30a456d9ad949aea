//! How much a task matters, in a word and a colour.

/// What a priority is called: 0 (none) to 3 (high).
pub fn name(priority: u8) -> &'static str {
    match priority {
        3 => "High priority",
        2 => "Medium priority",
        1 => "Low priority",
        _ => "No priority",
    }
}

/// The colour of its flag, by name; empty for none.
pub fn color(priority: u8) -> &'static str {
    match priority {
        3 => "red",
        2 => "amber",
        1 => "blue",
        _ => "",
    }
}
