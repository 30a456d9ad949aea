//! Numbers of things.

use std::fmt::Display;

/// So many of something.
pub fn count<N: Copy + Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    let noun = if number == N::from(1) { one } else { many };
    format!("{number} {noun}")
}

/// So many tasks.
pub fn tasks<N: Copy + Display + PartialEq + From<u8>>(number: N) -> String {
    count(number, "task", "tasks")
}

/// How many more there are than are shown.
pub fn and_more(number: u64) -> String {
    format!("… and {number} more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!(tasks(1_u64), "1 task");
        assert_eq!(tasks(0_usize), "0 tasks");
        assert_eq!(count(2_u64, "list", "lists"), "2 lists");
    }
}
