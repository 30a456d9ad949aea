//! Takes out of text what only its authors read. Compression does the rest: what a parser could gain beyond it is below a hundred
//! bytes in all, and it would take longer to compile than the rest of this program.

/// A stylesheet without comments and without space that means nothing.
pub(crate) fn css(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Whether there was space, or a comment, since the last character.
    let mut space = false;
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            space = true;
        } else if first.is_ascii_whitespace() {
            rest = rest.trim_start();
            space = true;
        } else {
            if first == '}' && out.ends_with(';') {
                out.pop();
            }
            // Before a colon space may be a selector's (`a :hover`), behind one it is not.
            let tight = "{};,".contains(first) || out.is_empty() || out.ends_with(['{', '}', ';', ',', ':']);
            if space && !tight {
                out.push(' ');
            }
            space = false;
            let length = if matches!(first, '"' | '\'') {
                string_length(rest, first)
            } else {
                first.len_utf8()
            };
            let (taken, after) = rest.split_at(length);
            out.push_str(taken);
            rest = after;
        }
    }
    out
}

/// How long the string is that `text` begins with, quotes included.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// A script without indentation, empty lines and lines that are comments. One with a text over several lines stays as it is.
pub(crate) fn script(text: &str) -> String {
    if text.contains(['`', '\\']) || text.contains("/*") {
        return text.to_owned();
    }
    lines(text, |line| line.starts_with("//"))
}

/// HTML without indentation and empty lines. A line break stays, since between words it is space.
pub(crate) fn html(text: &str) -> String {
    lines(text, |_| false)
}

fn lines(text: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    let kept = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_left_out(line));
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stylesheet_keeps_what_it_means() {
        for (before, after) in [
            (
                "/* why */\n\na {\n  color: red;\n  margin: 0 auto;\n}\n",
                "a{color:red;margin:0 auto}",
            ),
            ("a :hover > b , c{}", "a :hover > b,c{}"),
            (
                "@media (width >= 40rem) and (hover: hover) { a { b: calc(1px + 2px); } }",
                "@media (width >= 40rem) and (hover:hover){a{b:calc(1px + 2px)}}",
            ),
            (
                "a::after { content: \"; } /* \\\" */  x\" }",
                "a::after{content:\"; } /* \\\" */  x\"}",
            ),
            ("a{b:c/**/d}", "a{b:c d}"),
            (":root { --empty: ; }", ":root{--empty:}"),
            ("/* no end", ""),
            ("a { content: 'no end", "a{content:'no end"),
        ] {
            assert_eq!(css(before), after);
        }
    }

    #[test]
    fn a_script_loses_its_comments_only() {
        assert_eq!(script("// why\ntry {\n  go(); // now\n\n}\n"), "try {\ngo(); // now\n}");
        for text in ["a = `\n  // text`", "/*\n * why\n */", "a = 'b\\\n  c'"] {
            assert_eq!(script(text), text);
        }
    }

    #[test]
    fn a_page_loses_its_indentation() {
        assert_eq!(html("  <p>a\n\n   b</p>\n"), "<p>a\nb</p>");
    }
}
