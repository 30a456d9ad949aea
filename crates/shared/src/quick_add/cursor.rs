//! Reading a phrase word by word. A cursor is copied before a try, and the copy is thrown away if the try fails.

use super::lexer::{Token, Trail};
use super::vocabulary::Word;

/// A place among the words.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The place up to which punctuation was allowed: where the phrase begins, or behind a comma that belongs to it.
    crossed: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(tokens: &'a [Token], at: usize) -> Self {
        Self {
            tokens,
            at,
            crossed: at,
        }
    }

    /// The number of words before this place.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn trail(&self) -> Trail {
        let before = self.at.checked_sub(1).filter(|_| self.at > self.crossed);
        before
            .and_then(|before| self.tokens.get(before))
            .map_or(Trail::None, |token| token.trail)
    }

    /// The next word, unless punctuation lies before it.
    pub(super) fn peek(&self) -> Option<Word> {
        let token = self.tokens.get(self.at)?;
        (self.trail() == Trail::None).then_some(token.word)
    }

    /// Steps over the next word.
    pub(super) fn take(&mut self) -> Option<Word> {
        let word = self.peek()?;
        self.at += 1;
        Some(word)
    }

    /// Steps over the next word if it is this one.
    pub(super) fn eat(&mut self, word: Word) -> bool {
        let there = self.peek() == Some(word);
        self.at += usize::from(there);
        there
    }

    /// Makes a comma after the last word part of the phrase.
    pub(super) fn eat_comma(&mut self) -> bool {
        self.eat_trail(Trail::Comma)
    }

    /// The same with an exclamation mark.
    pub(super) fn eat_bang(&mut self) -> bool {
        self.eat_trail(Trail::Bang)
    }

    fn eat_trail(&mut self, trail: Trail) -> bool {
        let there = self.trail() == trail;
        if there {
            self.crossed = self.at;
        }
        there
    }

    /// Whether the next word has an article: `the sun` is no day.
    pub(super) fn is_a_noun(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.is_some_and(|token| matches!(token.word, Word::The | Word::A))
    }

    /// What a try reads; nothing is stepped over if it fails.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let value = read(&mut ahead)?;
        *self = ahead;
        Some(value)
    }

    /// One or more of something, with `,`, `and`, or both in between.
    pub(super) fn list<T>(&mut self, join: impl Fn(T, T) -> T, item: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        let mut all = item(self)?;
        while let Some(next) = self.attempt(|ahead| {
            let comma = ahead.eat_comma();
            let and = ahead.eat(Word::And);
            if !comma && !and {
                return None;
            }
            ahead.eat(Word::The);
            item(ahead)
        }) {
            all = join(all, next);
        }
        Some(all)
    }

    /// Whether a phrase could end here: at the end, at punctuation, or before what begins another phrase. It is asked
    /// where a word is more often something else: in `buy sun cream`, `sun` is no day.
    pub(super) fn at_an_end(&self) -> bool {
        let Some(word) = self.peek() else {
            return true;
        };
        match word {
            Word::List
            | Word::Tag
            | Word::Priority(_)
            | Word::At
            | Word::By
            | Word::DueBy
            | Word::Every
            | Word::Clock(_)
            | Word::Date(_)
            | Word::Today
            | Word::Tonight
            | Word::Tomorrow
            | Word::Next
            | Word::Until
            | Word::Starting
            | Word::Noon
            | Word::Midnight
            | Word::Part(_)
            | Word::EveryAdverb(_)
            | Word::Weekday { sure: true, .. } => true,
            // `sun 9 am`
            Word::Number(_) => {
                let mut ahead = *self;
                ahead.take();
                matches!(ahead.peek(), Some(Word::Meridiem { .. } | Word::Month(_)))
            }
            // `at 8 in the morning`
            Word::In => {
                let mut ahead = *self;
                ahead.take();
                ahead.eat(Word::The) && matches!(ahead.peek(), Some(Word::Part(_)))
            }
            Word::On => {
                let mut ahead = *self;
                ahead.take();
                matches!(
                    ahead.peek(),
                    Some(Word::Weekday { .. } | Word::Date(_) | Word::Month(_) | Word::Slashed(..))
                )
            }
            _ => false,
        }
    }
}
