//! Markdown, shown as elements of our own making: what is written can become none but these, and no HTML.
//!
//! It is the part of `CommonMark` that people use in notes, with struck-out text, boxes and bare addresses as GitHub has
//! them; a line break is kept. The parser is our own because pulldown-cmark would add 59 kB to the download; in
//! tests it says what is right.

mod block;
mod inline;
mod link;

use self::block::{Block, Item, blocks};
use self::inline::Inline;
use super::boxed::effect;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{Document, Element};

/// A text with its markup shown.
#[component]
pub fn Markdown(
    /// The text, as typed.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    effect(move || {
        let Some(place) = node.get() else {
            return;
        };
        place.set_text_content(None);
        let writer = Writer { document: document() };
        for block in text.with(|text| blocks(text)) {
            writer.block(&place, &block);
        }
    });
    view! { <div class="markdown" data-testid="markdown" node_ref=node></div> }
}

/// Adds elements to the page. Each step can fail only on names that are none, and these are all known.
struct Writer {
    document: Document,
}

impl Writer {
    fn add(&self, parent: &Element, tag: &str) -> Option<Element> {
        let element = self.document.create_element(tag).ok()?;
        parent.append_child(&element).ok()?;
        Some(element)
    }

    fn block(&self, parent: &Element, block: &Block) {
        match block {
            Block::Paragraph(inlines) => self.inlines_in(parent, "p", inlines),
            // Below the heading of the task itself.
            Block::Heading(level, inlines) => {
                self.inlines_in(
                    parent,
                    ["h3", "h4", "h5"].get(usize::from(*level) - 1).unwrap_or(&"h6"),
                    inlines,
                );
            }
            Block::List { start, items } => {
                let list = self.add(parent, if start.is_some() { "ol" } else { "ul" });
                let Some(list) = list else { return };
                if let Some(start) = start.filter(|start| *start != 1) {
                    let _ = list.set_attribute("start", &start.to_string());
                }
                for item in items {
                    self.item(&list, item);
                }
            }
            Block::Quote(blocks) => {
                if let Some(quote) = self.add(parent, "blockquote") {
                    self.blocks(&quote, blocks);
                }
            }
            Block::Code { info, text } => {
                let Some(pre) = self.add(parent, "pre") else { return };
                if !info.is_empty() {
                    self.text_in(&pre, "small", info);
                }
                self.text_in(&pre, "code", text);
            }
            Block::Rule => drop(self.add(parent, "hr")),
        }
    }

    fn blocks(&self, parent: &Element, blocks: &[Block]) {
        for block in blocks {
            self.block(parent, block);
        }
    }

    fn item(&self, list: &Element, item: &Item) {
        let Some(element) = self.add(list, "li") else {
            return;
        };
        if let Some(ticked) = item.ticked {
            element.set_class_name("markdown-task");
            if let Some(tick) = self.add(&element, "span") {
                let (class, says) = if ticked {
                    ("markdown-ticked", "Done:")
                } else {
                    ("markdown-open", "To do:")
                };
                tick.set_class_name(class);
                if let Some(words) = self.add(&tick, "span") {
                    words.set_class_name("visually-hidden");
                    words.set_text_content(Some(says));
                }
            }
        }
        match item.blocks.as_slice() {
            // Whoever leaves no empty lines wants none.
            [Block::Paragraph(inlines), rest @ ..] if item.tight => {
                self.inlines(&element, inlines);
                self.blocks(&element, rest);
            }
            blocks => self.blocks(&element, blocks),
        }
    }

    fn text_in(&self, parent: &Element, tag: &str, text: &str) {
        if let Some(element) = self.add(parent, tag) {
            element.set_text_content(Some(text));
        }
    }

    fn inlines_in(&self, parent: &Element, tag: &str, inlines: &[Inline]) {
        if let Some(element) = self.add(parent, tag) {
            self.inlines(&element, inlines);
        }
    }

    fn inlines(&self, parent: &Element, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => {
                    let _ = parent.append_with_str_1(text);
                }
                Inline::Code(text) => self.text_in(parent, "code", text),
                Inline::Break => drop(self.add(parent, "br")),
                Inline::Emphasis(inlines) => self.inlines_in(parent, "em", inlines),
                Inline::Strong(inlines) => self.inlines_in(parent, "strong", inlines),
                Inline::Struck(inlines) => self.inlines_in(parent, "del", inlines),
                Inline::Link(url, inlines) => {
                    if let Some(link) = self.add(parent, "a") {
                        for (name, value) in [
                            ("href", url.as_str()),
                            ("target", "_blank"),
                            ("rel", "noopener noreferrer nofollow"),
                        ] {
                            let _ = link.set_attribute(name, value);
                        }
                        self.inlines(&link, inlines);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
