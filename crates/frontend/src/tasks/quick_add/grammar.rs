//! The grammar of quick add, which is loaded lazily: nobody needs it to see their tasks.

use crate::dates;
use crate::model::input_line::InputLine;
use leptos::prelude::*;
use shared::quick_add::{self, Context, QuickAdd};
use std::ops::Range;

/// [`quick_add::parse`]. A pointer, so that the grammar is no part of what only holds it.
type Parse = fn(&str, &Context, &[Range<usize>]) -> QuickAdd;

/// What reads lines, once it is there.
#[derive(Clone, Copy)]
pub struct Grammar(RwSignal<Option<Parse>>);

impl Grammar {
    /// For all that is drawn in here.
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    /// Has it from now on. Called by what is loaded lazily.
    pub fn loaded() {
        expect_context::<Self>().0.set(Some(quick_add::parse));
    }

    /// Whether lines can be read yet.
    pub fn is_loaded(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// What a line says here and now; `None` until the grammar is there.
    pub fn read(self, line: &InputLine) -> Option<QuickAdd> {
        let parse = self.0.get()?;
        let context = dates::quick_add_context(dates::Clock::now());
        Some(parse(line.text(), &context, line.as_words()))
    }
}
