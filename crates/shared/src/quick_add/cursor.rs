//! The parser's place in the tokens. It backtracks: a cursor is copied before a try, and the copy is thrown away if the
//! try fails. No try reads further than its own words, and lists are bounded, so that a line is parsed in linear time.

use super::lexer::{Token, Trail};
use super::vocabulary::Word;

/// Items of a list at most: more than a month has days.
const MOST_ITEMS: usize = 40;

#[cfg(test)]
thread_local! {
    /// Looks at a token since the test began.
    pub(super) static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

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
        #[cfg(test)]
        STEPS.set(STEPS.get() + 1);
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

    /// The word before this place, unless there is punctuation between.
    pub(super) fn before(&self) -> Option<Word> {
        let token = self.tokens.get(self.at.checked_sub(1)?)?;
        (token.trail == Trail::None).then_some(token.word)
    }

    /// Whether the next word has an article: `the sun` is no day.
    pub(super) fn is_a_noun(&self) -> bool {
        matches!(self.before(), Some(Word::The | Word::A))
    }

    /// Whether this place is the end of the line.
    pub(super) fn is_finished(&self) -> bool {
        self.at >= self.tokens.len()
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
        for _ in 1..MOST_ITEMS {
            let Some(next) = self.attempt(|ahead| if ahead.eat_joint() { item(ahead) } else { None }) else {
                break;
            };
            all = join(all, next);
        }
        Some(all)
    }

    /// What stands between two items of a list.
    fn eat_joint(&mut self) -> bool {
        let comma = self.eat_comma();
        let and = self.eat(Word::And);
        self.eat(Word::The);
        comma || and
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
            | Word::EveryAdverb(..)
            | Word::Plural(_)
            | Word::Except
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
                    Some(Word::Weekday { .. } | Word::Plural(_) | Word::Date(_) | Word::Month(_) | Word::Slashed(..))
                )
            }
            _ => false,
        }
    }
}
