//! What came of the steps: counts read from libtest's output, and the table at the end.

use std::fmt;

/// How many tests went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
    /// Left out by the command line: by a filter, or by the step itself.
    pub(super) filtered: u64,
}

impl Counts {
    /// Adds what a line of libtest's output says, if it is the line that sums up a test program's run.
    pub(super) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let Some((_, counts)) = line
            .trim()
            .strip_prefix("test result: ")
            .and_then(|line| line.split_once(". "))
        else {
            return;
        };
        for part in counts.split(';') {
            let mut words = part.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                "filtered" => self.filtered += number,
                _ => {}
            }
        }
    }

    /// How many tests ran at all.
    pub(super) fn ran(self) -> u64 {
        self.passed + self.failed
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.filtered += other.filtered;
    }
}

/// Drops the escape sequences that choose a colour (ECMA-48 §8.3.117).
fn without_colours(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(|&end| end == 'm');
        } else {
            text.push(character);
        }
    }
    text
}

struct Row {
    name: String,
    seconds: f64,
    counts: Counts,
    good: bool,
}

/// Every step that ran.
#[derive(Default)]
pub(super) struct Report {
    rows: Vec<Row>,
}

impl Report {
    pub(super) fn add(&mut self, name: String, seconds: f64, mut counts: Counts, good: bool) {
        // A step that fails without a failed test (formatting, a crash, no tests at all) must show in the sum.
        if !good && counts.failed == 0 {
            counts.failed = 1;
        }
        self.rows.push(Row {
            name,
            seconds,
            counts,
            good,
        });
    }

    /// Whether every step was good, and any test ran.
    pub(super) fn is_good(&self) -> bool {
        let only_checks = self.rows.iter().all(|row| row.counts == Counts::default());
        let filtered_to_nothing = only_checks && self.rows.iter().any(|row| is_test(&row.name));
        self.rows.iter().all(|row| row.good) && !self.rows.is_empty() && !filtered_to_nothing
    }
}

fn is_test(name: &str) -> bool {
    name == "unit" || name.starts_with("api-") || name == "browser"
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sum = Counts::default();
        let mut seconds = 0.0;
        writeln!(
            f,
            "{:<14} {:>8} {:>7} {:>7} {:>8}",
            "step", "seconds", "passed", "failed", "skipped"
        )?;
        for row in &self.rows {
            let Counts {
                passed,
                failed,
                skipped,
                ..
            } = row.counts;
            writeln!(
                f,
                "{:<14} {:>8.1} {passed:>7} {failed:>7} {skipped:>8}",
                row.name, row.seconds
            )?;
            sum.add(row.counts);
            seconds += row.seconds;
        }
        writeln!(f, "{:<14} {seconds:>8.1}\n", "all")?;
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            sum.passed, sum.failed, sum.skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(output: &str) -> Counts {
        let mut counts = Counts::default();
        output.lines().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn every_test_programs_result_is_added() {
        let output = "running 3 tests\n\
            test a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s\n\
            \n\
            test result: FAILED. 10 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.25s\n";
        assert_eq!(
            counts(output),
            Counts {
                passed: 12,
                failed: 3,
                skipped: 1,
                filtered: 4
            }
        );
    }

    #[test]
    fn colours_do_not_hide_a_result() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 5 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(counts(line).passed, 5);
    }

    #[test]
    fn what_a_test_prints_is_no_result() {
        assert_eq!(counts("the test result: ok. 5 passed; 0 failed"), Counts::default());
        assert_eq!(counts("test result: maybe"), Counts::default());
    }

    fn report(rows: &[(&str, u64, bool)]) -> Report {
        let mut report = Report::default();
        for (name, passed, good) in rows {
            let counts = Counts {
                passed: *passed,
                ..Counts::default()
            };
            report.add((*name).to_owned(), 1.0, counts, *good);
        }
        report
    }

    #[test]
    fn the_last_line_is_the_sum_alone() {
        let report = report(&[("unit", 3, true), ("api-sqlite", 4, true)]);
        assert!(report.is_good());
        let text = report.to_string();
        assert_eq!(text.lines().last(), Some("7 passed, 0 failed, 0 skipped"));
    }

    #[test]
    fn a_failed_check_is_never_summed_up_as_no_failure() {
        let report = report(&[("fmt", 0, false), ("unit", 3, true)]);
        assert!(!report.is_good());
        assert!(report.to_string().ends_with("3 passed, 1 failed, 0 skipped"));
    }

    #[test]
    fn running_no_tests_is_no_success() {
        assert!(!report(&[]).is_good());
        assert!(!report(&[("unit", 0, true), ("browser", 0, true)]).is_good());
        assert!(report(&[("unit", 0, true), ("browser", 1, true)]).is_good());
        assert!(report(&[("fmt", 0, true)]).is_good());
    }
}
