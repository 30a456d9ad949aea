//! The names that a name being typed could become: lists after `#`, tags after `@`.

use super::completion::{Typing, likely, typing};
use super::new_task::{Belongs, ListName, belongs};
use crate::browser;
use crate::ui::icon::Glyph;
use crate::ui::listbox::Choice;
use crate::words::quick_add;

/// A name that is being typed, and what it could become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// What is being typed.
    pub(super) typing: Typing,
    /// What would be written, and how it is shown.
    pub(super) names: Vec<(String, Choice)>,
}

/// What the name at the caret could become, if there is one.
pub(super) fn find_offer(input: &web_sys::HtmlInputElement, lists: &[ListName], tags: &[String]) -> Option<Offer> {
    let line = input.value();
    let caret = input.selection_end().ok().flatten()?;
    let typing = typing(&line, byte_at(&line, caret)?)?;
    let names: Vec<(String, Choice)> = if typing.sign == '#' {
        let all: Vec<String> = lists.iter().map(|list| list.name.clone()).collect();
        let found = likely(&all, &typing.name, browser::fold).into_iter();
        let mut names: Vec<_> = found
            .filter_map(|place| lists.get(place))
            .map(|list| {
                let glyph = if list.id.is_some() { Glyph::List } else { Glyph::Inbox };
                (
                    list.name.clone(),
                    Choice::new(glyph, list.name.clone()).color(list.color.clone()),
                )
            })
            .collect();
        let is_name = typing
            .name
            .contains(|c: char| !c.is_ascii_digit() && !c.is_whitespace());
        if is_name && matches!(belongs(&typing.name, lists), Belongs::ToNew(_)) {
            let choice = Choice::new(Glyph::Add, quick_add::new_list(&typing.name));
            names.push((typing.name.clone(), choice));
        }
        names
    } else {
        let found = likely(tags, &typing.name, browser::fold).into_iter();
        let found = found.filter_map(|place| tags.get(place));
        found
            .map(|tag| (tag.clone(), Choice::new(Glyph::Tag, tag.clone())))
            .collect()
    };
    // A name that stands there already needs no offer.
    let is_done = names.len() == 1 && is_known(&typing, lists, tags);
    (!names.is_empty() && !is_done).then_some(Offer { typing, names })
}

fn is_known(typing: &Typing, lists: &[ListName], tags: &[String]) -> bool {
    match typing.sign {
        '#' => lists.iter().any(|list| list.name == typing.name),
        _ => tags.contains(&typing.name),
    }
}

/// The browser counts UTF-16 units.
fn byte_at(text: &str, units: u32) -> Option<usize> {
    let mut left = usize::try_from(units).ok()?;
    let mut at = 0;
    for c in text.chars() {
        if left == 0 {
            break;
        }
        left = left.checked_sub(c.len_utf16())?;
        at += c.len_utf8();
    }
    Some(at)
}

/// How long a text is as the browser counts, in UTF-16 units.
pub(super) fn utf16_length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_the_browser_counts_is_found() {
        assert_eq!(byte_at("aäb", 2), Some(3));
        assert_eq!(byte_at("🎉b", 2), Some(4));
        assert_eq!(byte_at("🎉b", 1), None);
        assert_eq!(byte_at("ab", 9), Some(2));
        assert_eq!(utf16_length("aä🎉"), 4);
    }
}
