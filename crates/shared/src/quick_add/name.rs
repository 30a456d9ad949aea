//! The names of lists and tags.

/// A list's or tag's name, in characters at most. What is longer is no name, but words.
const MAX_NAME: usize = 100;

/// The name that a `#…` or `@…` gives, without its quotes.
pub(super) fn name(text: &str) -> Option<&str> {
    let name = text.get(1..)?;
    if let Some(quoted) = name.strip_prefix('"') {
        let name = quoted.strip_suffix('"')?.trim();
        return (!name.is_empty() && !name.contains('"') && fits(name)).then_some(name);
    }
    // `#123` is an issue, `@7` a time or a place in a queue, `@ada@example.org` somebody's handle.
    let good = name.chars().any(|c| c.is_ascii_alphabetic() || !c.is_ascii())
        && !name.contains(['#', '@', '"', '“', '„', '«'])
        && fits(name);
    good.then_some(name)
}

fn fits(name: &str) -> bool {
    name.len() <= MAX_NAME * 4 && name.chars().count() <= MAX_NAME && !name.contains(char::is_control)
}
