//! Making foreign text keep our rules without losing it.

use super::{Notes, Place};
use shared::tags::{Tag, Tags};
use shared::text::{Description, Name, Title};

/// A title, and what did not fit into it before the rest of the description. `None` if there is no title at all.
pub(super) fn title_and_description(
    title: &str,
    description: &str,
    place: &Place,
    notes: &mut Notes,
) -> (Option<Title>, Option<Description>) {
    let title = one_line(title);
    let description = without_controls(description);
    if title.chars().count() <= Title::MAX {
        return (Title::parse(&title).ok(), fitting(&description, place, notes));
    }
    let rest = match description.trim() {
        "" => title.clone(),
        description => format!("{title}\n\n{description}"),
    };
    (
        Title::parse(&shortened(&title, Title::MAX)).ok(),
        fitting(&rest, place, notes),
    )
}

fn fitting(description: &str, place: &Place, notes: &mut Notes) -> Option<Description> {
    if description.trim().is_empty() {
        return None;
    }
    let length = description.chars().count();
    if length > Description::MAX {
        let lost = length - (Description::MAX - 1);
        notes.add(
            place,
            format!("The last {lost} characters of the description do not fit"),
        );
    }
    Description::parse(&shortened(description, Description::MAX)).ok()
}

/// A name of a list.
pub(super) fn name(text: &str) -> Option<Name> {
    Name::parse(&shortened(&one_line(text), Name::MAX)).ok()
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

/// At most so many characters; what is longer ends with an ellipsis, behind a whole word if there is one near.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(max.saturating_sub(1)).collect();
    let word = cut.rfind(char::is_whitespace).filter(|end| *end > cut.len() / 2);
    let kept = cut.get(..word.unwrap_or(cut.len())).unwrap_or(&cut);
    format!("{}…", kept.trim_end())
}

fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

fn without_controls(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().filter(kept).collect()
}
