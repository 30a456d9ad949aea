//! Making foreign text keep our rules without losing it.

pub(super) use super::notes::shortened;
use super::notes::{Notes, Place};
use shared::tags::{Tag, Tags};
use shared::text::{Description, Name, Title};

/// Pieces that a description is cut into at most: a million characters.
const MAX_PIECES: usize = 100;

/// A title and a description that keep our rules, and what did not fit.
pub(super) struct Fitted {
    /// `None` if there is no title at all.
    pub(super) title: Option<Title>,
    pub(super) description: Option<Description>,
    /// What of the description goes on behind it.
    pub(super) rest: Vec<Description>,
}

/// A title, and what did not fit into it before the rest of the description.
pub(super) fn fit(title: &str, description: &str, place: &Place, notes: &mut Notes) -> Fitted {
    let title = one_line(title);
    let description = without_controls(description, place, notes);
    let (title, text) = if title.chars().count() <= Title::MAX {
        (Title::parse(&title).ok(), description)
    } else {
        let text = match description.trim() {
            "" => title.clone(),
            description => format!("{title}\n\n{description}"),
        };
        (Title::parse(&shortened(&title, Title::MAX)).ok(), text)
    };
    if text.trim().is_empty() {
        return Fitted {
            title,
            description: None,
            rest: Vec::new(),
        };
    }
    let mut pieces = pieces(&text).filter_map(|piece| Description::parse(piece).ok());
    let description = pieces.next();
    let rest: Vec<Description> = pieces.by_ref().take(MAX_PIECES - 1).collect();
    if !rest.is_empty() {
        let message = format!(
            "Its notes have more than {} characters: they go on in {} of its own",
            Description::MAX,
            if rest.len() == 1 { "a task" } else { "tasks" }
        );
        notes.add(place, message);
    }
    let left: usize = pieces.map(|piece| piece.as_str().chars().count()).sum();
    if left > 0 {
        notes.add(place, format!("The last {left} characters of its notes are left out"));
    }
    Fitted {
        title,
        description,
        rest,
    }
}

/// The text in pieces of the length that a description may have, which end behind a word if one ends near.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.char_indices().nth(Description::MAX) {
            None => rest.len(),
            Some((end, _)) => {
                let words = rest.get(..end).unwrap_or_default().char_indices();
                let spaces = words.filter(|(_, c)| c.is_whitespace());
                let behind = spaces.map(|(at, c)| at + c.len_utf8());
                behind.max().filter(|word| *word > end / 2).unwrap_or(end)
            }
        };
        let (piece, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(piece)
    })
}

/// A name of a list.
pub(super) fn name(text: &str) -> Option<Name> {
    Name::parse(&shortened(&one_line(text), Name::MAX)).ok()
}

/// A name of a list, and a note if it had to be shortened.
pub(super) fn list_name(text: &str, place: &Place, notes: &mut Notes) -> Option<Name> {
    let name = name(text)?;
    if text.trim().chars().count() > Name::MAX {
        let said = shortened(text, 60);
        notes.add(
            place,
            format!("The list’s name “{said}” is shortened to {} characters", Name::MAX),
        );
    }
    Some(name)
}

/// The tags that these texts can be.
pub(super) fn tags<'a>(texts: impl IntoIterator<Item = &'a str>, place: &Place, notes: &mut Notes) -> Tags {
    let mut tags = Tags::default();
    for text in texts {
        let Ok(tag) = Tag::parse(&one_line(&text.replace(',', " "))) else {
            if !text.trim().is_empty() {
                notes.add(place, format!("The tag “{}” cannot be one", shortened(text, 60)));
            }
            continue;
        };
        let mut all: Vec<Tag> = tags.iter().filter_map(|tag| Tag::parse(tag).ok()).collect();
        all.push(tag);
        match Tags::new(all) {
            Ok(more) => tags = more,
            Err(_) => {
                notes.add(
                    place,
                    format!("Only {} tags fit; “{}” is left out", Tags::MAX, shortened(text, 60)),
                );
            }
        }
    }
    tags
}

fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

fn without_controls(text: &str, place: &Place, notes: &mut Notes) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let left = text.chars().filter(|c| !kept(c)).count();
    if left == 0 {
        return text.to_owned();
    }
    notes.add(place, format!("{left} control characters of its notes are left out"));
    text.chars().filter(kept).collect()
}
