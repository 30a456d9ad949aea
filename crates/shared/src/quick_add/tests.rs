//! What holds for every line, and what the table of phrases has no room for.

use super::*;
use crate::due::Zone;
use crate::recurrence::Rule;
use crate::recurrence::tests::any_recurrence;
use chrono::NaiveDateTime;
use proptest::prelude::*;

/// Saturday 21 November 2026, 15:40, in London.
pub(super) fn context() -> Context {
    Context {
        now: NaiveDate::from_ymd_opt(2026, 11, 21)
            .unwrap()
            .and_hms_opt(15, 40, 0)
            .unwrap(),
        zone: Zone::parse("Europe/London").unwrap(),
        numeric_dates: NumericDates::default(),
    }
}

fn chips(read: &QuickAdd) -> Vec<(&str, Kind)> {
    read.understood
        .iter()
        .map(|part| (part.text.as_str(), part.kind))
        .collect()
}

#[test]
fn each_thing_understood_has_its_own_text() {
    let line = "pay rent every month on the 1st p1 #home @flat tomorrow 9am";
    let read = parse(line, &context(), &[]);
    assert_eq!(
        chips(&read),
        [
            ("every month on the 1st", Kind::Recurrence),
            ("p1", Kind::Priority),
            ("#home", Kind::List),
            ("@flat", Kind::Tag),
            ("tomorrow 9am", Kind::Due),
        ]
    );
    assert_eq!(read.due.unwrap().zone().unwrap().as_str(), "Europe/London");
}

#[test]
fn a_date_and_a_time_apart_are_two_chips() {
    let read = parse("tomorrow call bob at 9", &context(), &[]);
    assert_eq!(chips(&read), [("tomorrow", Kind::Due), ("at 9", Kind::Due)]);
    let read = parse("call bob at 9 tomorrow", &context(), &[]);
    assert_eq!(chips(&read), [("at 9 tomorrow", Kind::Due)]);
}

#[test]
fn a_chip_turns_back_into_words() {
    let line = "Friday night dinner tomorrow p1";
    let read = parse(line, &context(), &[]);
    assert_eq!(chips(&read), [("tomorrow", Kind::Due), ("p1", Kind::Priority)]);
    let tomorrow = read.understood[0].range.clone();
    // Without the other date, the first one counts, until it is words as well.
    let read = parse(line, &context(), std::slice::from_ref(&tomorrow));
    assert_eq!(chips(&read), [("Friday night", Kind::Due), ("p1", Kind::Priority)]);
    assert_eq!(read.title, "dinner tomorrow");
    let read = parse(line, &context(), &[tomorrow, read.understood[0].range.clone()]);
    assert_eq!(read.title, "Friday night dinner tomorrow");
    assert_eq!((read.due, read.priority), (None, Some(3)));
}

#[test]
fn a_range_is_words_wherever_it_lies() {
    let line = "call bob tomorrow 9am";
    let chips_without = |range| {
        let read = parse(line, &context(), &[range]);
        read.understood.into_iter().map(|part| part.text).collect::<Vec<_>>()
    };
    assert_eq!(chips_without(0..8), ["tomorrow 9am"]);
    assert_eq!(chips_without(10..11), ["9am"]);
    assert_eq!(chips_without(20..99), ["tomorrow"]);
    // Between the two there is nothing but a space.
    assert_eq!(chips_without(17..18), ["tomorrow", "9am"]);
    assert_eq!(chips_without(0..usize::MAX), [""; 0]);
    #[expect(clippy::reversed_empty_ranges, reason = "any range may come")]
    let backwards = 18..3;
    assert_eq!(chips_without(backwards), ["tomorrow 9am"]);
}

#[test]
fn numbers_are_month_first_for_those_who_write_so() {
    let american = Context {
        numeric_dates: NumericDates::MonthFirst,
        ..context()
    };
    for (line, date) in [
        ("1/2", (2027, 1, 2)),
        ("12/24", (2026, 12, 24)),
        ("24/12", (2026, 12, 24)),
        ("3/4/2027", (2027, 3, 4)),
    ] {
        let (year, month, day) = date;
        assert_eq!(
            parse(line, &american, &[]).due.unwrap().date(),
            NaiveDate::from_ymd_opt(year, month, day).unwrap(),
            "{line}"
        );
    }
}

#[test]
fn the_ends_of_years_and_of_the_calendar_are_right() {
    let at = |year, month, day| Context {
        now: NaiveDate::from_ymd_opt(year, month, day)
            .unwrap()
            .and_hms_opt(23, 59, 59)
            .unwrap(),
        ..context()
    };
    for (line, now, due) in [
        ("tomorrow", at(2026, 12, 31), Some("2027-01-01")),
        ("in 1 minute", at(2026, 12, 31), Some("2027-01-01 00:00 Europe/London")),
        ("9am", at(2026, 12, 31), Some("2027-01-01 09:00 Europe/London")),
        ("next month", at(2026, 12, 31), Some("2027-01-01")),
        ("end of next month", at(2026, 12, 31), Some("2027-01-31")),
        ("in a month", at(2027, 1, 31), Some("2027-02-28")),
        ("in a month", at(2028, 1, 31), Some("2028-02-29")),
        ("in a year", at(2028, 2, 29), Some("2029-02-28")),
        ("29 feb", at(2096, 3, 1), Some("2104-02-29")),
        ("on the 31st", at(2027, 2, 1), Some("2027-03-31")),
        ("tomorrow", at(9999, 12, 31), None),
        ("every day", at(9999, 12, 31), Some("9999-12-31")),
        ("9am", at(9999, 12, 31), None),
        ("in 9999 years", at(2026, 1, 1), None),
    ] {
        let due_text = parse(line, &now, &[]).due.map(|due| due.to_string());
        assert_eq!(due_text.as_deref(), due, "{line} {}", now.now);
    }
    let first = Context {
        now: NaiveDateTime::MIN,
        ..context()
    };
    let last = Context {
        now: NaiveDateTime::MAX,
        ..context()
    };
    for context in [first, last] {
        for line in include_str!("phrases.txt").lines() {
            let _ = parse(line, &context, &[]);
        }
    }
}

#[test]
fn a_task_has_twenty_tags_at_most() {
    let tags: Vec<_> = (0..25).map(|n| format!("@t{n}")).collect();
    let line = tags.join(" ");
    let read = parse(&line, &context(), &[]);
    assert_eq!(read.tags.len(), 20);
    assert_eq!(read.title, "@t20 @t21 @t22 @t23 @t24");
    assert_eq!(parse(&format!("#{}", "x".repeat(101)), &context(), &[]).list, None);
}

/// Looks at tokens that reading a line takes.
fn steps(line: &str) -> usize {
    cursor::STEPS.set(0);
    let _ = parse(line, &context(), &[]);
    cursor::STEPS.get()
}

#[test]
fn the_steps_to_read_a_line_grow_with_its_length_only() {
    for unit in [
        "x",
        "tomorrow ",
        "every ",
        "every mon, ",
        "mon, ",
        "mon and ",
        "mon to ",
        "mondays and ",
        "1st and ",
        "1st and 2nd monday and ",
        "1st of may and ",
        "first monday and third friday and ",
        "last day of ",
        "in the ",
        "at 9 ",
        "at 9 and ",
        "@",
        "@ ",
        "@a ",
        "#\"",
        "\"",
        "“",
        "(((",
        ",",
        ", ",
        "…",
        "a.",
        " ",
        "due by on ",
        "every month on the ",
        "every 1st and ",
        "every day except ",
        "every day except mon and ",
        "2 days before ",
        "the day after ",
        "1/2 ",
        "tomorow ",
        "mon-fri-",
        "９ ",
        "\u{301}",
        "🎉",
        "the 1st of ",
    ] {
        for head in ["", "every ", "1st "] {
            let line = |length: usize| head.to_owned() + &unit.repeat(length / unit.len());
            let (short, long) = (steps(&line(5_000)), steps(&line(10_000)));
            assert!(2 * long <= 5 * short + 1_000, "{head}{unit:?}: {short}, then {long}");
            assert!(long <= 500 * 10_000, "{head}{unit:?}: {long}");
        }
    }
    for line in include_str!("phrases.txt").lines() {
        let words = line.split(' ').count();
        assert!(steps(line) <= 250 * words, "{line}: {}", steps(line));
    }
}

#[test]
fn many_ranges_of_a_long_line_stay_words() {
    let line = "tomorrow ".repeat(20_000);
    let ranges: Vec<_> = (0..20_000).rev().map(|n| (n * 9)..(n * 9 + 1)).collect();
    assert_eq!(parse(&line, &context(), &ranges).understood, []);
}

/// The words of a phrase in the table, without those of the title.
fn known_words() -> Vec<Vec<String>> {
    let phrases = include_str!("phrases.txt").lines();
    let words = phrases.filter_map(|line| line.split_once(" => ")).map(|(phrase, _)| {
        let read = parse(phrase, &context(), &[]);
        let dates = read
            .understood
            .iter()
            .filter(|part| matches!(part.kind, Kind::Due | Kind::Recurrence));
        dates.flat_map(|part| part.text.split(' ')).map(str::to_owned).collect()
    });
    words.filter(|words: &Vec<String>| !words.is_empty()).collect()
}

/// What cannot be left over of a phrase that means something: `on` can, since it is a word of every title.
fn says_a_day(token: &Token) -> bool {
    matches!(
        token.word,
        Word::Weekday { sure: true, .. }
            | Word::Plural(_)
            | Word::Weekdays(_)
            | Word::Every
            | Word::Except
            | Word::Yesterday
            | Word::Impossible
    )
}

/// Whether every day that is said was understood, as what counts or as what a later one replaces, or none was.
fn is_read_fully_or_left_alone(line: &str) -> Result<(), String> {
    let tokens = lexer::tokens(line, &[]);
    let phrases = partial::without_partial(&tokens, phrases(&tokens, &context()));
    let says_when = |phrase: &Match| matches!(phrase.meaning.kind(), Kind::Due | Kind::Recurrence);
    let is_over = |(at, token): &(usize, &Token)| {
        // `every!` counts from the completion, and ends what came before.
        says_a_day(token) && token.trail != Trail::Bang && !phrases.iter().any(|phrase| phrase.words.contains(at))
    };
    let over: Vec<_> = tokens
        .iter()
        .enumerate()
        .filter(is_over)
        .map(|(_, token)| token.word)
        .collect();
    if over.is_empty() || !phrases.iter().any(says_when) {
        return Ok(());
    }
    Err(format!("of “{line}” is left {over:?}"))
}

#[test]
fn every_prefix_of_a_phrase_is_read_fully_or_left_alone() {
    let mut wrong = Vec::new();
    for words in known_words() {
        let line = words.join(" ");
        let prefixes = line
            .char_indices()
            .filter_map(|(at, _)| line.get(..at))
            .chain([line.as_str()]);
        wrong.extend(prefixes.filter_map(|prefix| is_read_fully_or_left_alone(prefix).err()));
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_day_that_is_not_understood_lets_no_time_beside_it_choose_another() {
    for day in [
        "last friday",
        "last week",
        "yesterday",
        "31 june",
        "31/6",
        "2026-02-30",
        "31.2.2027",
        "mon-fri",
        "tue/thu",
        "tue & fri",
        "monday or tuesday",
        "monday to friday",
        "the 2nd friday",
        "in june",
        "every tomorrow",
        "every monday in june",
        "every day except holidays",
        "the weekend after next weekend",
    ] {
        for time in ["5pm", "at 5pm", "17:00", "at 9", "@ 5pm", "in the morning", "noon"] {
            for line in [
                format!("swim {day} {time}"),
                format!("swim {time} {day}"),
                format!("{day} {time} swim"),
            ] {
                let read = parse(&line, &context(), &[]);
                assert_eq!((read.due, read.title), (None, line.clone()), "{line}");
            }
        }
    }
}

/// Lines of the words that mean something, and of anything.
fn any_line() -> impl Strategy<Value = String> {
    let words = "every,every!,other,day,days,3,1st,15th,31,29,feb,may,december,2027,of,the,month,months,year,week,weeks,on,at,by,\
                 in,a,two,first,last,second,mon,monday,sun,and,tom,tomorrow,tonight,today,next,this,weekend,end,9am,9,pm,21:00,24/12,\
                 24/7,2026-12-24,noon,midnight,morning,evening,p1,p2,#home,@flat,@\"two words\",\"quoted,tomorrow\",until,for,10,\
                 times,starting,from,now,after,completion,daily,weekly,due,&,to,-,or,except,each,everyday,weekends,mondays,biweekly,mon-fri,workday,quarter,start,last,before,yesterday,\
                 tomorow,1/2,24.12.2027,4p,18h30,@,@5pm,'27,…,chapter,milk,🎉,é,ſ";
    let words: Vec<_> = words.split(',').map(str::to_owned).collect();
    let word = prop_oneof![8 => proptest::sample::select(words), 1 => any::<String>()];
    let between = prop_oneof![6 => Just(" "), 1 => Just(", "), 1 => Just("  "), 1 => Just("! "), 1 => Just("")];
    proptest::collection::vec((word, between), 0..16)
        .prop_map(|words| words.into_iter().map(|(word, between)| word + between).collect())
}

fn any_ranges() -> impl Strategy<Value = Vec<Range<usize>>> {
    let range = (0..80_usize, 0..80_usize).prop_map(|(start, end)| start..end);
    proptest::collection::vec(prop_oneof![9 => range, 1 => Just(0..usize::MAX)], 0..4)
}

/// Without what joining may add or take away.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !",;:.!?…".contains(*c))
        .collect()
}

/// A name of a day with one thing wrong, and that day's.
fn misspelt_day() -> impl Strategy<Value = (String, &'static str)> {
    let names = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "tomorrow",
    ];
    let edit = (
        0..4_u8,
        any::<proptest::sample::Index>(),
        proptest::char::range('a', 'z'),
    );
    (proptest::sample::select(names.to_vec()), edit).prop_map(|(name, (kind, at, letter))| {
        let mut letters: Vec<char> = name.chars().collect();
        let at = at.index(letters.len() - 1);
        match kind {
            0 => letters.insert(at, letter),
            1 => {
                letters.remove(at);
            }
            2 => letters[at] = letter,
            _ => letters.swap(at, at + 1),
        }
        (letters.into_iter().collect(), name)
    })
}

proptest! {
    #[test]
    fn a_misspelt_day_beside_a_time_is_that_day_or_left_alone((word, day) in misspelt_day(), before in any::<bool>()) {
        // Words of their own.
        prop_assume!(!["sundae", "sundry", "munday"].contains(&word.as_str()));
        let line = if before { format!("swim at 9am {word}") } else { format!("swim {word} at 9am") };
        let date = |line: &str| parse(line, &context(), &[]).due.map(|due| due.date());
        let read = date(&line);
        prop_assert!(read.is_none() || read == date(day), "{}: {:?}", line, read);
    }

    #[test]
    fn every_shuffle_of_a_phrase_is_read_fully_or_left_alone(
        words in proptest::sample::select(known_words()).prop_shuffle(),
        more in proptest::sample::select(known_words()),
    ) {
        let line = words.join(" ");
        prop_assert_eq!(is_read_fully_or_left_alone(&line), Ok(()));
        let line = line + " " + &more.join(" ");
        prop_assert_eq!(is_read_fully_or_left_alone(&line), Ok(()));
    }

    #[test]
    fn the_title_is_the_line_without_what_was_understood(line in any_line(), ranges in any_ranges()) {
        let read = parse(&line, &context(), &ranges);
        let mut gaps = Vec::new();
        let mut at = 0;
        for part in &read.understood {
            prop_assert!(part.range.start >= at && part.range.end > part.range.start);
            prop_assert_eq!(line.get(part.range.clone()), Some(part.text.as_str()));
            gaps.push(&line[at..part.range.start]);
            at = part.range.end;
        }
        gaps.push(&line[at..]);
        prop_assert_eq!(bare(&gaps.concat()), bare(&read.title));
        // Where no punctuation is beside what was understood, it is that to the byte.
        let gaps: Vec<_> = gaps.into_iter().map(str::trim).filter(|gap| !gap.is_empty()).collect();
        if !gaps.iter().any(|gap| gap.starts_with([',', ';', ':', '.', '!', '?', '…']) || gap.ends_with([',', ';', ':', '…'])) {
            prop_assert_eq!(gaps.join(" "), read.title.clone());
        }
        prop_assert_eq!(read.title.trim(), &read.title);
    }

    #[test]
    fn what_is_to_stay_words_is_never_understood(line in any_line(), ranges in any_ranges()) {
        let read = parse(&line, &context(), &ranges);
        for part in &read.understood {
            for range in ranges.iter().filter(|range| !range.is_empty()) {
                prop_assert!(range.end <= part.range.start || part.range.end <= range.start, "{:?} {:?}", part, range);
            }
        }
        // Turning one chip after the other back into words ends with the line itself.
        let mut ranges = ranges;
        let mut left = read.understood;
        while let Some(part) = left.first() {
            ranges.push(part.range.clone());
            left = parse(&line, &context(), &ranges).understood;
        }
        prop_assert_eq!(parse(&line, &context(), &ranges).title, line.trim());
    }

    #[test]
    fn nothing_breaks_it(line in any::<String>(), ranges in any_ranges(), seconds in any::<u32>()) {
        let context = Context {
            now: chrono::DateTime::from_timestamp(seconds.into(), 0).unwrap().naive_utc(),
            ..context()
        };
        let read = parse(&line, &context, &ranges);
        prop_assert_eq!(read.due.is_some(), read.understood.iter().any(|part| matches!(part.kind, Kind::Due | Kind::Recurrence)));
    }

    #[test]
    fn every_recurrence_is_understood_in_the_words_that_say_it(recurrence in any_recurrence()) {
        let recurrence = match recurrence {
            // Weeks that don't begin on Monday come from files only.
            Recurrence::Rule(rule) => Recurrence::Rule(Rule { week_start: chrono::Weekday::Mon, ..rule }),
            other @ Recurrence::AfterCompletion(..) => other,
        };
        let sentence = recurrence.sentence();
        let read = parse(&format!("swim {sentence}"), &context(), &[]);
        prop_assert_eq!(read.recurrence, Some(recurrence), "{}", sentence);
        prop_assert_eq!(read.title, "swim");
    }

    #[test]
    fn upper_and_lower_case_are_the_same(line in any_line()) {
        let lower = line.to_ascii_lowercase();
        let read = parse(&lower, &context(), &[]);
        let loud = parse(&lower.to_ascii_uppercase(), &context(), &[]);
        prop_assert_eq!((read.due, read.recurrence, read.priority), (loud.due, loud.recurrence, loud.priority));
    }
}
