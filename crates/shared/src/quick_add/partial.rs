//! Phrases of which a part was not understood: half of a phrase is worse than none.
//!
//! The tokens are cut into runs: what stands together without a word of the title, a name, or a full stop between. Where a
//! run has a token that belongs to a phrase and was read as none (`last friday`, `every day at 9am and 5pm`, `31 june 5pm`),
//! every phrase of the run is left alone. So a day that is not understood never lets the time beside it choose another.

use super::lexer::{Token, Trail};
use super::phrase::{Match, Meaning};
use super::vocabulary::{Span, Word};
use std::mem::{Discriminant, discriminant};

/// What was seen of a run.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "any of them may hold together with any other"
)]
struct Run {
    /// The phrase that came last: what kind, and where it ends.
    last: Option<(Discriminant<Meaning>, usize)>,
    repeats: bool,
    times: bool,
    /// What the next phrase would spoil: any, or a time.
    before_any: bool,
    before_time: bool,
    spoilt: bool,
}

/// The phrases without those of spoilt runs.
pub(super) fn without_partial(tokens: &[Token], phrases: Vec<Match>) -> Vec<Match> {
    let mut kept = Vec::with_capacity(phrases.len());
    let mut phrases = phrases.into_iter().peekable();
    let mut run = Run::default();
    // How many phrases were kept before the run.
    let mut begin = 0;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let mut end = at + 1;
        let foreign = match phrases.next_if(|phrase| phrase.words.start == at) {
            Some(phrase) => {
                end = phrase.words.end;
                let foreign = matches!(phrase.meaning, Meaning::Priority(_) | Meaning::List | Meaning::Tag);
                if foreign {
                    close(&mut run, &mut kept, &mut begin);
                } else {
                    run.add(&phrase);
                }
                kept.push(phrase);
                foreign
            }
            // The one word that an exception or an end is about goes with it: `except holidays`.
            None if is_foreign(token.word) => {
                let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.word);
                !(run.spoilt && matches!(before, Some(Word::Except | Word::Until | Word::Starting)))
            }
            None => {
                run.leave(tokens, at, phrases.peek());
                false
            }
        };
        let trail = tokens.get(end - 1).map_or(Trail::None, |token| token.trail);
        if foreign || matches!(trail, Trail::Bang | Trail::Other) {
            close(&mut run, &mut kept, &mut begin);
        }
        at = end;
    }
    close(&mut run, &mut kept, &mut begin);
    kept
}

/// Whether a word is in no phrase that says when.
fn is_foreign(word: Word) -> bool {
    matches!(
        word,
        Word::Plain | Word::Cited | Word::CitedName | Word::List | Word::Tag | Word::Priority(_)
    )
}

fn close(run: &mut Run, kept: &mut Vec<Match>, begin: &mut usize) {
    if run.spoilt {
        kept.truncate(*begin);
    }
    *begin = kept.len();
    *run = Run::default();
}

impl Run {
    /// A phrase.
    fn add(&mut self, phrase: &Match) {
        let is_time = matches!(phrase.meaning, Meaning::Time(_));
        self.spoilt |= self.before_any || self.before_time && is_time;
        self.repeats |= matches!(phrase.meaning, Meaning::Repeat(_));
        self.times |= is_time;
        self.last = Some((discriminant(&phrase.meaning), phrase.words.end));
    }

    /// A token that means something elsewhere, but is in no phrase here. `next` is the phrase that comes next.
    fn leave(&mut self, tokens: &[Token], at: usize, next: Option<&Match>) {
        let word = |at: usize| tokens.get(at).map_or(Word::Plain, |token| token.word);
        let before = at.checked_sub(1).map_or(Word::Plain, word);
        let touches = tokens.get(at).is_some_and(|token| token.trail == Trail::None);
        let after = if touches { word(at + 1) } else { Word::Plain };
        let any = self.last.is_some();
        let follows = self.last.is_some_and(|(_, end)| end == at);
        match word(at) {
            // What says a day.
            Word::Yesterday | Word::Weekdays(_) | Word::Impossible | Word::Except => self.spoil(any, true),
            Word::Weekday { .. } | Word::Plural(_) if !matches!(before, Word::The | Word::A) => self.spoil(any, true),
            Word::Slashed(..) | Word::Workday | Word::Weekend => self.spoil_times(true),
            Word::Month(month) => {
                let led = matches!(before, Word::In | Word::Of);
                // `may` and `march` are verbs.
                let sure = led || !matches!(month, 3 | 5) || matches!(before, Word::Number(_) | Word::Ordinal(_));
                self.spoilt |= any && led || self.times && sure;
                self.before_time = true;
            }
            // What says which one of something, and what joins two.
            Word::Last | Word::Nth(_) | Word::Ordinal(_) | Word::Alternate => {
                let names_a_day = matches!(
                    after,
                    Word::And
                        | Word::Or
                        | Word::Weekday { .. }
                        | Word::Workday
                        | Word::Weekend
                        | Word::Plural(_)
                        | Word::Month(_)
                );
                self.before_any |= names_a_day;
                let names_a_span = matches!(after, Word::Span(_) | Word::Part(_)) && word(at) == Word::Last;
                self.spoil_times(names_a_span);
                // `friday 13th`, which is none.
                let of_a_weekday = self.last.is_some_and(|(_, end)| {
                    matches!(end.checked_sub(1).map(word), Some(Word::Weekday { .. }))
                        && (end == at || end + 1 == at && before == Word::The)
                });
                self.spoilt |= of_a_weekday && (!touches || at + 1 == tokens.len());
            }
            Word::Next => self.spoil_times(matches!(after, Word::Span(_) | Word::Part(_))),
            Word::Every => {
                let goes_on = !is_foreign(after) && after != Word::Times || at + 1 == tokens.len();
                self.spoil(any && touches && goes_on, true);
            }
            Word::Before | Word::After => {
                self.before_any |= matches!(before, Word::Span(_) | Word::Weekend | Word::Weekday { .. });
            }
            Word::And | Word::Or | Word::To => self.before_any |= any,
            Word::Dash => {
                let same = next.is_some_and(|next| {
                    next.words.start == at + 1 && self.last.is_some_and(|(kind, _)| kind == discriminant(&next.meaning))
                });
                self.before_any |= follows && same;
            }
            // What goes on with the phrase before.
            Word::Until | Word::Starting => self.spoilt |= self.repeats,
            Word::Of => {
                self.spoilt |= follows;
                self.before_any |= matches!(after, Word::Every | Word::Each);
            }
            Word::Span(Span::Week | Span::Fortnight) => self.spoilt |= follows,
            Word::Span(_) | Word::Start | Word::End => self.spoilt |= follows && self.repeats,
            Word::Meridiem { pm: true } => self.spoilt |= any,
            _ => {}
        }
    }

    fn spoil_times(&mut self, if_so: bool) {
        self.spoilt |= if_so && self.times;
        self.before_time |= if_so;
    }

    fn spoil(&mut self, any: bool, before_any: bool) {
        self.spoilt |= any;
        self.before_any |= before_any;
    }
}
