//! What stands within a paragraph.

use super::link;

/// A part of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    Break,
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Struck(Vec<Inline>),
    /// The address, which is safe, and what is shown.
    Link(String, Vec<Inline>),
}

/// A part that is read, or a run of signs that may turn out to enclose others (`CommonMark` §6.2).
#[derive(Clone, Debug)]
enum Part {
    Read(Inline),
    Signs {
        sign: char,
        count: usize,
        opens: bool,
        closes: bool,
    },
}

/// Reads a paragraph.
pub(super) fn inlines(text: &str) -> Vec<Inline> {
    Reader { text, in_link: false }.read()
}

struct Reader<'a> {
    text: &'a str,
    /// A link is not part of another one.
    in_link: bool,
}

impl Reader<'_> {
    fn read(&self) -> Vec<Inline> {
        let mut parts = Vec::new();
        let mut words = String::new();
        let mut at = 0;
        let mut before = ' ';
        while let Some(rest) = self.text.get(at..)
            && let Some(c) = rest.chars().next()
        {
            let (part, length) = self.part(rest, c, before).unzip();
            let length = length.unwrap_or_else(|| c.len_utf8());
            match part {
                None => words.push(c),
                // A backslash gives up its meaning to the sign after it.
                Some(Part::Read(Inline::Text(text))) => words.push_str(&text),
                Some(part) => {
                    if matches!(part, Part::Read(Inline::Break)) {
                        words.truncate(words.trim_end_matches(' ').len());
                    }
                    flush(&mut words, &mut parts);
                    parts.push(part);
                }
            }
            before = rest
                .get(..length)
                .and_then(|taken| taken.chars().next_back())
                .unwrap_or(c);
            at += length;
        }
        flush(&mut words, &mut parts);
        enclose(parts)
    }

    /// What begins here, and how many bytes it takes. `None` if it is just a letter.
    fn part(&self, rest: &str, c: char, before: char) -> Option<(Part, usize)> {
        let read = |inline, length| Some((Part::Read(inline), length));
        match c {
            '\n' => {
                let indent = rest.len() - rest.trim_start_matches(['\n', ' ']).len();
                read(Inline::Break, indent)
            }
            '\\' => match rest.chars().nth(1)? {
                '\n' => read(Inline::Break, 2),
                sign if sign.is_ascii_punctuation() => read(Inline::Text(sign.to_string()), 2),
                _ => None,
            },
            '`' => {
                let (code, length) = code(rest)?;
                match code {
                    Some(code) => read(Inline::Code(code), length),
                    None => read(Inline::Text(rest.get(..length)?.to_owned()), length),
                }
            }
            '*' | '_' | '~' => Some(signs(rest, c, before)),
            '<' if !self.in_link => {
                let (inside, _) = rest.get(1..)?.split_once('>')?;
                let url = link::safe(inside)?;
                read(
                    Inline::Link(url, vec![Inline::Text(inside.to_owned())]),
                    inside.len() + 2,
                )
            }
            // Nothing is loaded from elsewhere: an image is a link to it.
            '!' if rest.starts_with("![") && !self.in_link => {
                let (link, length) = linked(rest.get(1..)?)?;
                read(link, length + 1)
            }
            '[' if !self.in_link => {
                let (link, length) = linked(rest)?;
                read(link, length)
            }
            'h' | 'H' | 'w' | 'W' if !self.in_link && !before.is_ascii_alphanumeric() => {
                let length = link::bare(rest)?;
                let shown = rest.get(..length)?;
                let url = if shown.contains("://") {
                    shown.to_owned()
                } else {
                    format!("http://{shown}")
                };
                read(
                    Inline::Link(link::safe(&url)?, vec![Inline::Text(shown.to_owned())]),
                    length,
                )
            }
            _ => None,
        }
    }
}

fn flush(words: &mut String, parts: &mut Vec<Part>) {
    if !words.is_empty() {
        parts.push(Part::Read(Inline::Text(std::mem::take(words))));
    }
}

/// A span of code, in as many backticks as it begins with; without its end the backticks are just that.
fn code(rest: &str) -> Option<(Option<String>, usize)> {
    let fence = rest.len() - rest.trim_start_matches('`').len();
    let inside = rest.get(fence..)?;
    let mut at = 0;
    while let Some(found) = inside.get(at..)?.find('`') {
        let start = at + found;
        let run = inside.get(start..)?;
        let run = run.len() - run.trim_start_matches('`').len();
        if run == fence {
            let text = inside.get(..start)?.replace('\n', " ");
            let is_padded = text.starts_with(' ') && text.ends_with(' ') && text.contains(|c| c != ' ');
            let text = if is_padded {
                text.get(1..text.len() - 1)?.to_owned()
            } else {
                text
            };
            return Some((Some(text), fence * 2 + start));
        }
        at = start + run;
    }
    Some((None, fence))
}

/// `[what is shown](address "title")`. The title says nothing that people can see on a phone, and is dropped.
fn linked(rest: &str) -> Option<(Inline, usize)> {
    let shown = rest.get(1..1 + closing(rest.get(1..)?)?)?;
    let after = rest.get(shown.len() + 2..)?;
    let target = after.strip_prefix('(')?;
    let inside = target.trim_start();
    let (url, more) = if let Some(quoted) = inside.strip_prefix('<') {
        quoted.split_once('>')?
    } else {
        let mut depth = 0_usize;
        let end = inside.find(|c: char| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' if depth > 0 => {
                depth -= 1;
                false
            }
            _ => c == ')' || c.is_whitespace(),
        })?;
        (inside.get(..end)?, inside.get(end..)?)
    };
    let more = more.trim_start();
    let more = match more.chars().next()? {
        quote @ ('"' | '\'') => more.get(1..)?.split_once(quote)?.1.trim_start(),
        _ => more,
    };
    let left = more.strip_prefix(')')?;
    let url = link::safe(url)?;
    let inlines = Reader {
        text: shown,
        in_link: true,
    }
    .read();
    Some((Inline::Link(url, inlines), rest.len() - left.len()))
}

/// Where the bracket closes that is open at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut skip = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if skip => skip = false,
            '\\' => skip = true,
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A run of signs, and whether it can open and close (`CommonMark` §6.2, left- and right-flanking).
fn signs(rest: &str, sign: char, before: char) -> (Part, usize) {
    let count = rest.len() - rest.trim_start_matches(sign).len();
    let after = rest.get(count..).and_then(|after| after.chars().next()).unwrap_or(' ');
    let is_space = |c: char| c.is_whitespace();
    let is_sign = |c: char| c.is_ascii_punctuation();
    let left = !is_space(after) && (!is_sign(after) || is_space(before) || is_sign(before));
    let right = !is_space(before) && (!is_sign(before) || is_space(after) || is_sign(after));
    let (opens, closes) = match sign {
        '_' => (left && (!right || is_sign(before)), right && (!left || is_sign(after))),
        // Three of them are a fence, or a line.
        '~' => (left && count < 3, right && count < 3),
        _ => (left, right),
    };
    (
        Part::Signs {
            sign,
            count,
            opens,
            closes,
        },
        count,
    )
}

/// Puts what stands between signs into them. The nearest that fit belong together.
fn enclose(mut parts: Vec<Part>) -> Vec<Inline> {
    let mut at = 0;
    while at < parts.len() {
        let Some(opener) = opener(&parts, at) else {
            at += 1;
            continue;
        };
        let taken = shorten(&mut parts, opener, at);
        let inner: Vec<Part> = parts.drain(opener + 1..at).collect();
        let sign = match parts.get(opener) {
            Some(Part::Signs { sign, .. }) => *sign,
            _ => '*',
        };
        let inner = plain(inner);
        let enclosed = match (sign, taken) {
            ('~', _) => Inline::Struck(inner),
            (_, 2) => Inline::Strong(inner),
            _ => Inline::Emphasis(inner),
        };
        parts.insert(opener + 1, Part::Read(enclosed));
        // What is left of the closer may close more.
        at = opener + 2;
        for place in [opener + 2, opener] {
            if matches!(parts.get(place), Some(Part::Signs { count: 0, .. })) {
                parts.remove(place);
                if place == opener {
                    at -= 1;
                }
            }
        }
    }
    plain(parts)
}

/// The signs that those at `closer` close.
fn opener(parts: &[Part], closer: usize) -> Option<usize> {
    let Some(Part::Signs {
        sign,
        count,
        opens: both,
        closes: true,
    }) = parts.get(closer)
    else {
        return None;
    };
    parts.get(..closer)?.iter().rposition(|part| match part {
        Part::Signs {
            sign: other,
            count: length,
            opens: true,
            closes,
        } => {
            let fits = if *sign == '~' {
                length == count
            } else {
                // What could be both is not taken for a pair by its length alone (rules 9 and 10).
                !((*both || *closes) && (length + count) % 3 == 0 && (length % 3 != 0 || count % 3 != 0))
            };
            other == sign && fits
        }
        _ => false,
    })
}

/// Takes signs from both ends, and says how many from each.
fn shorten(parts: &mut [Part], opener: usize, closer: usize) -> usize {
    let count_of = |parts: &[Part], at: usize| match parts.get(at) {
        Some(Part::Signs { count, .. }) => *count,
        _ => 0,
    };
    let taken = count_of(parts, opener).min(count_of(parts, closer)).min(2);
    for at in [opener, closer] {
        if let Some(Part::Signs { count, .. }) = parts.get_mut(at) {
            *count -= taken;
        }
    }
    taken
}

/// Signs that enclose nothing are just that.
fn plain(parts: Vec<Part>) -> Vec<Inline> {
    let mut all: Vec<Inline> = Vec::with_capacity(parts.len());
    for part in parts {
        let inline = match part {
            Part::Read(inline) => inline,
            Part::Signs { sign, count, .. } => Inline::Text(sign.to_string().repeat(count)),
        };
        match (all.last_mut(), inline) {
            (Some(Inline::Text(text)), Inline::Text(more)) => text.push_str(&more),
            (_, inline) => all.push(inline),
        }
    }
    all
}
