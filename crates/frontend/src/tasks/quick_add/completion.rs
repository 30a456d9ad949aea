//! What a name that is being typed after `#` or `@` could become.

use std::ops::Range;

/// As many as one takes in at a glance.
const MOST: usize = 8;

/// A name that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typing {
    /// The sign and the name, in bytes of the line, up to the end of the word.
    pub range: Range<usize>,
    /// `#` or `@`
    pub sign: char,
    /// What stands between the sign and the caret, without quotes.
    pub name: String,
}

/// The name at the caret, which is a byte of the line.
pub fn typing(line: &str, caret: usize) -> Option<Typing> {
    let before = line.get(..caret)?;
    let begins = |(at, c): &(usize, char)| {
        matches!(c, '#' | '@')
            && before
                .get(..*at)
                .is_some_and(|text| text.is_empty() || text.ends_with(char::is_whitespace))
    };
    let (start, sign) = before.char_indices().rev().find(begins)?;
    let written = before.get(start + sign.len_utf8()..)?;
    let (name, ends): (_, fn(char) -> bool) = match written.strip_prefix('"') {
        Some(quoted) => (quoted, |c| c == '"'),
        None => (written, char::is_whitespace),
    };
    if name.contains(ends) {
        return None;
    }
    let rest = line.get(caret..)?;
    // In an open quote the rest of the line is somebody's next words, not the name.
    let more = if written.starts_with('"') {
        rest.find('"').map_or(0, |at| at + 1)
    } else {
        rest.find(char::is_whitespace).unwrap_or(rest.len())
    };
    Some(Typing {
        range: start..caret + more,
        sign,
        name: name.to_owned(),
    })
}

/// The line with the name written out, and the caret behind it, in bytes.
pub fn complete(line: &str, typing: &Typing, name: &str) -> (String, usize) {
    let before = line.get(..typing.range.start).unwrap_or_default();
    let after = line.get(typing.range.end..).unwrap_or_default();
    // What the grammar takes without quotes, and a little less.
    let is_letter = |c: char| c.is_ascii_alphabetic() || !c.is_ascii() && !c.is_whitespace();
    let plain = name.contains(is_letter)
        && name
            .chars()
            .all(|c| is_letter(c) || c.is_ascii_digit() || matches!(c, '-' | '_'));
    let quote = if plain { "" } else { "\"" };
    let mut text = format!("{before}{}{quote}{name}{quote}", typing.sign);
    if !after.starts_with(char::is_whitespace) {
        text.push(' ');
    }
    let caret = text.len() + usize::from(after.starts_with(char::is_whitespace));
    text.push_str(after);
    (text, caret)
}

/// How well a name fits: from all of it to somewhere within.
const BEST: u8 = 0;
const WORST: u8 = 3;

/// Those of `names` that `typed` could become, the likeliest first, by their places. `fold` makes upper and lower case
/// the same.
pub fn likely(names: &[String], typed: &str, fold: fn(&str) -> String) -> Vec<usize> {
    let typed = fold(typed);
    let found: Vec<(u8, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(place, name)| {
            let name = fold(name);
            let rank = match name.find(&typed)? {
                0 if name.len() == typed.len() => BEST,
                0 => 1,
                at if name
                    .get(..at)
                    .is_some_and(|text| text.ends_with(|c: char| c.is_whitespace() || c == '-')) =>
                {
                    2
                }
                _ => WORST,
            };
            Some((rank, place))
        })
        .collect();
    let of_rank = |rank| found.iter().filter(move |(found, _)| *found == rank);
    let by_rank = (BEST..=WORST).flat_map(of_rank);
    by_rank.map(|(_, place)| *place).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(marked: &str) -> Option<(String, String)> {
        let caret = marked.find('|').unwrap();
        let line = marked.replace('|', "");
        typing(&line, caret).map(|typing| (line[typing.range].to_owned(), typing.name))
    }

    #[test]
    fn a_name_is_completed_where_the_caret_is() {
        for (marked, expected) in [
            ("milk #|", Some(("#", ""))),
            ("milk #ho|", Some(("#ho", "ho"))),
            ("#ho|me milk", Some(("#home", "ho"))),
            ("milk @fl|", Some(("@fl", "fl"))),
            ("milk #\"my ho|", Some(("#\"my ho", "my ho"))),
            ("milk #\"my ho|me\" now", Some(("#\"my home\"", "my ho"))),
            ("milk #home |", None),
            ("milk| #home", None),
            ("c# |", None),
            ("c#|", None),
            ("ada@example|", None),
            ("#\"my home\"|", None),
        ] {
            let expected = expected.map(|(range, name)| (range.to_owned(), name.to_owned()));
            assert_eq!(at(marked), expected, "{marked}");
        }
    }

    #[test]
    fn a_name_is_quoted_when_it_must_be() {
        for (marked, name, expected) in [
            ("milk #ho|", "home", "milk #home |"),
            ("#ho| milk", "home", "#home |milk"),
            ("milk #|", "my home", "milk #\"my home\" |"),
            ("milk #|", "2027", "milk #\"2027\" |"),
        ] {
            let caret = marked.find('|').unwrap();
            let line = marked.replace('|', "");
            let (mut text, caret) = complete(&line, &typing(&line, caret).unwrap(), name);
            text.insert(caret, '|');
            assert_eq!(text, expected, "{marked}");
        }
    }

    #[test]
    fn what_begins_so_comes_before_what_only_has_it() {
        let names: Vec<String> = ["At home", "Homework", "Whoms", "home"].map(str::to_owned).into();
        assert_eq!(likely(&names, "HOM", str::to_lowercase), [1, 3, 0, 2]);
        assert_eq!(likely(&names, "home", str::to_lowercase), [3, 1, 0]);
        assert_eq!(likely(&names, "x", str::to_lowercase), [0_usize; 0]);
    }
}
