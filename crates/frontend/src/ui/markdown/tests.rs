//! What pulldown-cmark makes of a text is what is right.

use super::block::{Block, Item, blocks};
use super::inline::Inline;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, html};
use std::fmt::Write as _;

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn ours(text: &str) -> String {
    blocks(text).iter().map(block).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(inlines) => format!("<p>{}</p>", line(inlines)),
        Block::Heading(level, inlines) => format!("<h{level}>{}</h{level}>", line(inlines)),
        Block::List { start, items } => {
            let (tag, start) = match start {
                None => ("ul", String::new()),
                Some(1) => ("ol", String::new()),
                Some(start) => ("ol", format!(" start=\"{start}\"")),
            };
            format!("<{tag}{start}>{}</{tag}>", items.iter().map(item).collect::<String>())
        }
        Block::Quote(blocks) => format!(
            "<blockquote>{}</blockquote>",
            blocks.iter().map(self::block).collect::<String>()
        ),
        // What stands after the fence is their language's class: see `what_stands_after_a_fence_is_shown`.
        Block::Code { text, .. } => format!("<pre><code>{}</code></pre>", escape(text)),
        Block::Rule => "<hr />".to_owned(),
    }
}

fn item(item: &Item) -> String {
    let tick = match item.ticked {
        None => "",
        Some(false) => "<input disabled=\"\" type=\"checkbox\"/>",
        Some(true) => "<input disabled=\"\" type=\"checkbox\" checked=\"\"/>",
    };
    let mut text = String::from("<li>");
    for (place, part) in item.blocks.iter().enumerate() {
        let tick = if place == 0 { tick } else { "" };
        match part {
            Block::Paragraph(inlines) if item.tight => write!(text, "{tick}{}", line(inlines)).unwrap(),
            Block::Paragraph(inlines) => write!(text, "<p>{tick}{}</p>", line(inlines)).unwrap(),
            other => text.push_str(&block(other)),
        }
    }
    text + "</li>"
}

fn line(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(words) => text.push_str(&escape(words)),
            Inline::Code(code) => write!(text, "<code>{}</code>", escape(code)).unwrap(),
            Inline::Break => text.push_str("<br />"),
            Inline::Emphasis(inner) => write!(text, "<em>{}</em>", line(inner)).unwrap(),
            Inline::Strong(inner) => write!(text, "<strong>{}</strong>", line(inner)).unwrap(),
            Inline::Struck(inner) => write!(text, "<del>{}</del>", line(inner)).unwrap(),
            Inline::Link(url, inner) => write!(text, "<a href=\"{}\">{}</a>", escape(url), line(inner)).unwrap(),
        }
    }
    text
}

fn theirs(text: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        other => other,
    });
    let mut html = String::new();
    html::push_html(&mut html, events);
    tidy(&html)
}

fn tidy(html: &str) -> String {
    // White space between elements, and after a box, is the writer's taste.
    let mut text = html.replace("<br />\n", "<br />").replace("/>\n", "/>");
    for tag in ["p", "h1", "h2", "h3", "li", "ul", "ol", "blockquote", "pre"] {
        for (from, to) in [
            (format!("<{tag}>\n"), format!("<{tag}>")),
            (format!("</{tag}>\n"), format!("</{tag}>")),
        ] {
            text = text.replace(&from, &to);
        }
    }
    for tag in ["ul", "ol", "blockquote", "pre"] {
        text = text
            .replace(&format!("\n<{tag}"), &format!("<{tag}"))
            .replace(&format!("\n</{tag}"), &format!("</{tag}"));
    }
    text.replace("\n</li>", "</li>").replace("\">\n<li", "\"><li")
}

#[test]
fn what_people_write_in_notes_reads_as_everywhere() {
    for text in [
        "plain words",
        "two\nlines",
        "two\n\nparagraphs",
        "*light* _light_ **heavy** __heavy__ ***both***",
        "snake_case_name and 2*3*4",
        "**bold*",
        "*a **b** c*",
        "**a *b* c**",
        "*not closed",
        "a * b * c",
        "~~gone~~ and ~gone~",
        "`code` and ``a ` b`` and ` x `",
        "`not closed",
        "`*no emphasis*`",
        "\\*no emphasis\\* and \\a",
        "# One\n## Two #\n### Three",
        "#no heading",
        "a\n# b\nc",
        "- one\n- two\n- three",
        "* one\n* two",
        "- one\n\n- two",
        "1. one\n2. two",
        "3) three\n4) four",
        "- one\n  - deeper\n    - deepest\n- two",
        "- one\n\n  more of it\n- two",
        "1. one\n   - deeper\n2. two",
        "- [ ] open\n- [x] done",
        "- a\n+ b",
        "words\n- one\n- two",
        "words\n1986. A great year",
        "> said\n> again",
        "> - one\n> - two",
        "> > deep",
        "```\ncode *here*\n  kept\n```\nafter",
        "```rust\nfn main() {}\n```",
        "~~~\nno end\n",
        "- item\n  ```\n  code\n  ```",
        "---",
        "a\n\n***\n\nb",
        "[shown](https://example.org) after",
        "[*a* `b`](https://example.org/x_(y))",
        "[shown](<https://example.org> \"title\")",
        "[mail](mailto:ada@example.org)",
        "<https://example.org/?a=b&c>",
        "[not closed](words",
        "[a] (b)",
        "**[bold](https://example.org)**",
        "2 < 3 & 4 > 1",
        "Grüße, **naïve** 日本語 *語*",
    ] {
        let title = format!("\n{text}\n");
        // What pulldown-cmark writes for a link's title is dropped here.
        assert_eq!(
            ours(text),
            theirs(text)
                .replace(" title=\"title\"", "")
                .replace(" class=\"language-rust\"", ""),
            "{title}"
        );
    }
}

#[test]
fn addresses_become_links_by_themselves() {
    for (text, link, shown) in [
        (
            "see https://example.org/a.",
            "https://example.org/a",
            "https://example.org/a",
        ),
        (
            "(https://example.org/a_(b))",
            "https://example.org/a_(b)",
            "https://example.org/a_(b)",
        ),
        ("www.example.org, then", "http://www.example.org", "www.example.org"),
        ("HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG"),
    ] {
        let expected = format!("<a href=\"{link}\">{shown}</a>");
        assert!(ours(text).contains(&expected), "{text}: {}", ours(text));
    }
    for text in ["xhttps://example.org", "www.", "http://", "https:// x"] {
        assert!(!ours(text).contains("<a"), "{text}: {}", ours(text));
    }
}

#[test]
fn no_address_leads_to_a_script_or_anywhere_hidden() {
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/api/x",
        "https:evil.example",
        "https:\\\\evil.example",
        "mailto:",
        "\u{1}javascript:alert(1)",
    ] {
        for text in [
            format!("[x]({url})"),
            format!("[x](<{url}>)"),
            format!("<{url}>"),
            format!("![x]({url})"),
        ] {
            assert!(!ours(&text).contains("<a"), "{text:?}: {}", ours(&text));
        }
    }
}

#[test]
fn html_is_shown_as_it_is_written() {
    for text in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b>bold</b>",
        "&lt;b&gt; &#60;",
    ] {
        assert_eq!(ours(text), format!("<p>{}</p>", escape(text)));
    }
}

#[test]
fn an_image_is_a_link_to_it() {
    assert_eq!(
        ours("![cat](https://example.org/cat.png)"),
        "<p><a href=\"https://example.org/cat.png\">cat</a></p>"
    );
}

#[test]
fn what_stands_after_a_fence_is_shown() {
    for (text, info, code) in [
        ("```rust\nfn main() {}\n```", "rust", "fn main() {}\n"),
        ("~~~ to be done \n", "to be done", ""),
        ("```buy milk", "buy milk", ""),
        ("```\nx", "", "x\n"),
    ] {
        let expected = Block::Code {
            info: info.to_owned(),
            text: code.to_owned(),
        };
        assert_eq!(blocks(text), [expected], "{text}");
    }
}

#[test]
fn the_deepest_text_there_can_be_is_read() {
    for text in [
        "> ".repeat(500),
        "- ".repeat(500),
        "*a ".repeat(330),
        "[".repeat(1000),
        "`a``".repeat(250),
        "*".repeat(1000),
        "**a".repeat(330),
    ] {
        ours(&text);
    }
}

proptest! {
    #[test]
    fn every_letter_that_is_written_is_shown(text in "[a-c \\n*_~`#>()\\[\\]!.-]{0,60}") {
        let letters = |text: &str| text.chars().filter(|c| ('a'..='c').contains(c)).collect::<String>();
        let mut shown = String::new();
        for block in blocks(&text) {
            collect(&block, &mut shown);
        }
        prop_assert_eq!(letters(&shown), letters(&text));
    }
}

fn collect(block: &Block, shown: &mut String) {
    match block {
        Block::Paragraph(inlines) | Block::Heading(_, inlines) => collect_line(inlines, shown),
        Block::List { items, .. } => {
            for item in items {
                for block in &item.blocks {
                    collect(block, shown);
                }
            }
        }
        Block::Quote(blocks) => blocks.iter().for_each(|block| collect(block, shown)),
        Block::Code { info, text } => {
            shown.push_str(info);
            shown.push_str(text);
        }
        Block::Rule => {}
    }
}

fn collect_line(inlines: &[Inline], shown: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => shown.push_str(text),
            Inline::Break => {}
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Struck(inner) | Inline::Link(_, inner) => {
                collect_line(inner, shown);
            }
        }
    }
}
