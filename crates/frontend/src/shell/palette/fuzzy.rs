//! How well a few letters fit a text.

/// The better, the greater. `None` if a word of the query is not in the text, not even by its letters in their order.
/// Both are in lower case.
pub(super) fn score(query: &str, text: &str) -> Option<i32> {
    if query.is_empty() {
        return Some(0);
    }
    let mut total = 0;
    for word in query.split_whitespace() {
        total += word_score(word, text)?;
    }
    // Of two that fit as well, the shorter one is more likely meant.
    Some(total - length(text).min(50))
}

fn word_score(word: &str, text: &str) -> Option<i32> {
    if text.starts_with(word) {
        return Some(1000);
    }
    if text.split_whitespace().any(|part| part.starts_with(word)) {
        return Some(800);
    }
    if text.contains(word) {
        return Some(600);
    }
    // A letter or two are in almost everything.
    if word.chars().count() < 3 {
        return None;
    }
    scattered(word, text)
}

/// The letters in their order, the closer to each other and to the beginnings of words the better.
fn scattered(word: &str, text: &str) -> Option<i32> {
    let mut score = 300;
    let mut rest = text;
    let mut before = ' ';
    for wanted in word.chars() {
        let at = rest.find(wanted)?;
        let skipped = rest.get(..at)?;
        if let Some(last) = skipped.chars().next_back() {
            before = last;
        }
        score -= match length(skipped) {
            0 => 0,
            // The beginning of a word is where people go on.
            skipped if before == ' ' => skipped.min(10),
            skipped => 10 + 3 * skipped.min(20),
        };
        before = wanted;
        rest = rest.get(at + wanted.len_utf8()..)?;
    }
    // What is all over the place means nothing.
    (score > 265).then_some(score)
}

fn length(text: &str) -> i32 {
    i32::try_from(text.len()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_better_than_a_middle_and_that_better_than_scattered_letters() {
        let scores = ["home", "at home", "my-home-page", "house mess"].map(|text| score("home", text));
        let sorted = {
            let mut sorted = scores;
            sorted.sort_by(|a, b| b.cmp(a));
            sorted
        };
        assert_eq!(scores, sorted);
        assert!(scores.iter().take(3).all(Option::is_some), "{scores:?}");
    }

    #[test]
    fn every_word_must_be_there_in_any_order() {
        assert!(score("milk buy", "buy oat milk").is_some());
        assert_eq!(score("milk sell", "buy oat milk"), None);
    }

    #[test]
    fn initials_and_dropped_letters_are_found_but_not_what_is_everywhere() {
        assert!(score("gtt", "go to today").is_some());
        assert!(score("tdy", "today").is_some());
        assert_eq!(score("xt", "exquisite"), None);
        assert_eq!(score("tra", "task number 2 about the car"), None);
    }
}
