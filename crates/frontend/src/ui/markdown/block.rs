//! What a text is made of.

use super::inline::{Inline, inlines};

/// How deep quotes and lists may lie in each other; what lies deeper is shown as it is written.
const DEEPEST: usize = 8;

/// A part of a text that begins on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    /// 1 to 6
    Heading(u8, Vec<Inline>),
    /// With numbers from `start` on, or with dots.
    List {
        start: Option<u32>,
        items: Vec<Item>,
    },
    Quote(Vec<Block>),
    Code {
        /// What stands after the fence: the language, most often.
        info: String,
        text: String,
    },
    Rule,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Whether its box is ticked, if it has one.
    pub(super) ticked: Option<bool>,
    pub(super) blocks: Vec<Block>,
    /// There is no empty line in its list.
    pub(super) tight: bool,
}

/// Reads a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let text = text.replace('\r', "").replace('\t', "    ");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    read(&lines, 0)
}

fn read(lines: &[String], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let found = if line.trim().is_empty() {
            None
        } else {
            block(rest, depth, !paragraph.is_empty())
        };
        if let Some((block, length)) = found {
            end(&mut paragraph, &mut blocks);
            blocks.push(block);
            at += length.max(1);
        } else {
            if line.trim().is_empty() {
                end(&mut paragraph, &mut blocks);
            } else {
                paragraph.push(line.trim());
            }
            at += 1;
        }
    }
    end(&mut paragraph, &mut blocks);
    blocks
}

fn end(paragraph: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(inlines(&paragraph.join("\n"))));
        paragraph.clear();
    }
}

/// What begins with these lines, other than a paragraph, and how many of them it takes.
fn block(lines: &[String], depth: usize, after_words: bool) -> Option<(Block, usize)> {
    let line = lines.first()?;
    if indent(line) > 3 {
        return None;
    }
    let text = line.trim();
    fence(lines)
        .or_else(|| heading(text).map(|heading| (heading, 1)))
        .or_else(|| is_rule(text).then_some((Block::Rule, 1)))
        .or_else(|| quote(lines, depth))
        .or_else(|| list(lines, depth, after_words))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn heading(text: &str) -> Option<Block> {
    let level = text.len() - text.trim_start_matches('#').len();
    let words = text.get(level..)?;
    if !(1..=6).contains(&level) || !(words.is_empty() || words.starts_with(' ')) {
        return None;
    }
    let words = words.trim();
    let bare = words.trim_end_matches('#');
    let words = if bare.is_empty() || bare.ends_with(' ') {
        bare.trim_end()
    } else {
        words
    };
    Some(Block::Heading(u8::try_from(level).ok()?, inlines(words)))
}

fn is_rule(text: &str) -> bool {
    let signs: String = text.split(' ').collect();
    signs.len() >= 3 && ['-', '*', '_'].iter().any(|sign| signs.chars().all(|c| c == *sign))
}

fn fence(lines: &[String]) -> Option<(Block, usize)> {
    let first = lines.first()?;
    let text = first.trim_start();
    let sign = ['`', '~'].into_iter().find(|sign| text.starts_with(*sign))?;
    let length = text.len() - text.trim_start_matches(sign).len();
    let info = text.get(length..)?.trim();
    if length < 3 || sign == '`' && info.contains('`') {
        return None;
    }
    let margin = indent(first);
    let closes = |line: &&String| {
        let line = line.trim();
        line.len() >= length && line.chars().all(|c| c == sign)
    };
    let inside = lines.get(1..)?;
    let end = inside
        .iter()
        .position(|line| closes(&line) && indent(line) <= 3)
        .unwrap_or(inside.len());
    let mut text = String::new();
    for line in inside.get(..end)? {
        text.push_str(line.get(indent(line).min(margin)..)?);
        text.push('\n');
    }
    Some((
        Block::Code {
            info: info.to_owned(),
            text,
        },
        (end + 2).min(lines.len()),
    ))
}

fn quote(lines: &[String], depth: usize) -> Option<(Block, usize)> {
    if depth >= DEEPEST {
        return None;
    }
    let inside: Vec<String> = lines
        .iter()
        .map_while(|line| {
            let text = line.trim_start().strip_prefix('>')?;
            Some(text.strip_prefix(' ').unwrap_or(text).to_owned())
        })
        .collect();
    let length = inside.len();
    (length > 0).then(|| (Block::Quote(read(&inside, depth + 1)), length))
}

/// What stands before a list's item.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Marker {
    /// `-`, `*`, `+`, or what follows the number.
    sign: char,
    number: Option<u32>,
    /// Where its words begin.
    width: usize,
    is_empty: bool,
}

fn marker(line: &str) -> Option<Marker> {
    let margin = indent(line);
    let text = line.get(margin..)?;
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let sign = text.get(digits..)?.chars().next()?;
    let number = match (digits, sign) {
        (0, '-' | '*' | '+') => None,
        (1..=9, '.' | ')') => Some(text.get(..digits)?.parse().ok()?),
        _ => return None,
    };
    let after = text.get(digits + 1..)?;
    let words = after.trim_start_matches(' ');
    if !after.is_empty() && !after.starts_with(' ') || margin > 3 || is_rule(text) {
        return None;
    }
    let space = if words.is_empty() {
        1
    } else {
        (after.len() - words.len()).min(4)
    };
    Some(Marker {
        sign,
        number,
        width: margin + digits + 1 + space,
        is_empty: words.is_empty(),
    })
}

fn list(lines: &[String], depth: usize, after_words: bool) -> Option<(Block, usize)> {
    let first = marker(lines.first()?)?;
    // In the middle of a paragraph `1986. A great year` is no list, nor is an empty item.
    if depth >= DEEPEST || after_words && (first.is_empty || first.number.is_some_and(|number| number != 1)) {
        return None;
    }
    let mut bodies: Vec<Vec<String>> = Vec::new();
    let mut loose = false;
    let mut width = first.width;
    let mut at = 0;
    let mut blank = 0;
    while let Some(line) = lines.get(at) {
        if line.trim().is_empty() {
            blank += 1;
        } else if indent(line) >= width && !bodies.is_empty() {
            if let Some(body) = bodies.last_mut() {
                loose |= blank > 0;
                body.extend(std::iter::repeat_n(String::new(), blank));
                body.push(line.get(width..)?.to_owned());
            }
            blank = 0;
        } else if let Some(next) =
            marker(line).filter(|next| next.sign == first.sign && next.number.is_some() == first.number.is_some())
        {
            loose |= blank > 0;
            width = next.width;
            bodies.push(vec![line.get(width.min(line.len())..)?.to_owned()]);
            blank = 0;
        } else {
            break;
        }
        at += 1;
    }
    let items = bodies.into_iter().map(|body| item(body, depth, !loose)).collect();
    Some((
        Block::List {
            start: first.number,
            items,
        },
        at - blank,
    ))
}

fn item(mut body: Vec<String>, depth: usize, tight: bool) -> Item {
    let mut ticked = None;
    if let Some(first) = body.first_mut() {
        for (sign, value) in [("[ ] ", false), ("[x] ", true), ("[X] ", true)] {
            if let Some(words) = first.strip_prefix(sign) {
                ticked = Some(value);
                *first = words.to_owned();
                break;
            }
        }
    }
    Item {
        ticked,
        blocks: read(&body, depth + 1),
        tight,
    }
}
