//! The tables, as they are printed and as they stand in `docs/performance.md`.

use super::connections::{ACTIVE, IDLE};
use super::findings::Findings;
use super::goals::{self, Needed};
use super::proc;
use super::sample::Sample;
use super::settings::{SIGN_INS, Settings};
use super::work::{Database, Subject, Work};
use super::wrk::CONNECTIONS;
use crate::{process, tools, workspace};
use anyhow::{Context as _, Result};
use clap::ValueEnum as _;
use std::env;
use std::fs;
use std::process::Command;

const BEGIN: &str = "<!-- Written by `cargo xtask bench --write` from here … -->\n";
const END: &str = "<!-- … to here. -->\n";

impl Findings {
    /// All of it.
    pub(super) fn markdown(&self, settings: &Settings) -> String {
        let mut text = provenance(settings);
        text += "\n\n### Goals\n\n";
        text += &self.goals();
        if !self.samples.is_empty() {
            text += "\n### Requests\n\n";
            text += &self.requests();
        }
        let rest = self.rest();
        if !rest.is_empty() {
            text += "\n### Everything else\n\n";
            text += &rest;
        }
        text
    }

    fn goals(&self) -> String {
        let mut rows = vec![["goal", "needed", "measured", ""].map(str::to_owned).to_vec()];
        for goal in goals::of(self) {
            let needed = match goal.needed {
                Needed::AtLeast(least) => format!("≥ {least}"),
                Needed::AtMost(most) => format!("≤ {most}"),
            };
            let verdict = if goal.is_reached() { "good" } else { "not yet" };
            rows.push(vec![
                goal.what.clone(),
                needed,
                significant(goal.figure),
                verdict.to_owned(),
            ]);
        }
        let failed = if self.failed == 0 { "good" } else { "not yet" };
        let right = "answers that were not what they should be".to_owned();
        rows.push(vec![
            right,
            "≤ 0".to_owned(),
            self.failed.to_string(),
            failed.to_owned(),
        ]);
        table(&rows)
    }

    fn requests(&self) -> String {
        let head = [
            "request",
            "by",
            "requests/s",
            "± %",
            "p50 ms",
            "p99 ms",
            "CPU µs",
            "database's",
            "of the limit",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for &work in Work::value_variants() {
            for &subject in work.subjects() {
                let Some(samples) = self.samples.get(&(work, subject)) else {
                    continue;
                };
                let sample = Sample::typical(samples);
                let optional = |figure: Option<f64>| figure.map_or_else(String::new, significant);
                rows.push(vec![
                    work.title().to_owned(),
                    subject.title(work).to_owned(),
                    significant(sample.rate),
                    spread(samples),
                    optional(sample.p50),
                    optional(sample.p99),
                    optional(sample.cpu),
                    optional(sample.database),
                    self.of_the_limit(work, subject).unwrap_or_default(),
                ]);
            }
        }
        table(&rows)
    }

    /// How it compares with what limits it: the rate, or where that says nothing the time on the processor.
    fn of_the_limit(&self, work: Work, subject: Subject) -> Option<String> {
        let rates = |ours, theirs| self.rates(work, ours, theirs);
        let times = |ours, theirs| self.times(work, ours, theirs);
        Some(match (subject, work) {
            (Subject::Postgres, Work::List | Work::One | Work::Create) => {
                format!("{:.2} of the rate", rates(subject, Subject::Pgbench)?)
            }
            (Subject::PgbenchPlannedOnce, _) => {
                format!("ours is {:.2} of it", rates(Subject::Postgres, subject)?)
            }
            (Subject::Sqlite, Work::List | Work::One) => {
                format!("{:.2} of the rate per core", times(Subject::SqliteLoop, subject)?)
            }
            (Subject::Sqlite, Work::Create) => format!("{:.1} × the rate", rates(subject, Subject::SqliteLoop)?),
            (Subject::Sqlite | Subject::Postgres, Work::Rejected) => {
                format!("{:.1} × the CPU", times(subject, Subject::Handler)?)
            }
            (Subject::Sqlite | Subject::Postgres, Work::SignIn) => {
                format!("{:.2} of the rate", rates(subject, Subject::Hash)?)
            }
            (Subject::Peer, _) => format!("{:.1} × our CPU", times(subject, Subject::Postgres)?),
            (Subject::SqliteBaseline, _) => format!("ours takes {:.3} × its CPU", times(Subject::Sqlite, subject)?),
            (Subject::PostgresBaseline, _) => {
                format!("ours takes {:.3} × its CPU", times(Subject::Postgres, subject)?)
            }
            _ => return None,
        })
    }

    fn rest(&self) -> String {
        let mut rows = vec![["what", "on", "figure"].map(str::to_owned).to_vec()];
        for database in Database::ALL {
            let mut add = |what: &str, figure: Option<String>| {
                rows.extend(figure.map(|figure| vec![what.to_owned(), database.title().to_owned(), figure]));
            };
            let load = self.list_under_load(database);
            add(
                "list of 20, one connection: p50",
                load.map(|load| format!("{} ms", significant(load.idle))),
            );
            add(
                &format!("the same while {SIGN_INS} sign-ins queue"),
                load.map(|load| {
                    let (p50, rate) = (significant(load.busy), significant(load.sign_ins));
                    format!("{p50} ms, at {rate} sign-ins/s")
                }),
            );
            let mebibytes = |figure: &f64| format!("{} MiB", significant(*figure));
            for (subject, whose) in [(database.subject(), ""), (database.baseline(), ", baseline")] {
                add(
                    &format!("start to the first 200 of /ready{whose}"),
                    self.starts
                        .get(&subject)
                        .map(|time| format!("{} ms", significant(*time))),
                );
                add(
                    &format!("RSS after all requests{whose}"),
                    self.resident.get(&subject).map(mebibytes),
                );
            }
            add(
                &format!("{IDLE} idle and {ACTIVE} active connections"),
                self.connections.get(&database).map(|outcome| {
                    let (rate, memory) = (significant(outcome.rate), significant(outcome.resident));
                    format!("{} errors, {rate} lists/s, RSS {memory} MiB", outcome.errors)
                }),
            );
            add(
                "RSS when they are closed",
                self.resident_at_last.get(&database).map(mebibytes),
            );
        }
        if rows.len() == 1 { String::new() } else { table(&rows) }
    }
}

/// What was run, when, and on what.
fn provenance(settings: &Settings) -> String {
    let load = settings
        .load
        .map_or_else(|| "unknown".to_owned(), |load| load.to_string());
    let output = |command: &mut Command| {
        process::output(command).map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
    };
    let arguments: Vec<String> = env::args().skip(1).collect();
    let revision = output(
        Command::new("git")
            .args(["describe", "--always", "--dirty"])
            .current_dir(workspace::root()),
    );
    let postgres = tools::postgres_and_clients().map_or_else(String::new, |programs| {
        output(Command::new(programs.join("postgres")).arg("--version")).replace("postgres (PostgreSQL)", "PostgreSQL")
    });
    let warning = if settings.is_busy() {
        " **The machine was busy with other things: these figures say little.**"
    } else {
        ""
    };
    format!(
        "`cargo xtask {}` on {} (UTC), revision {revision}, load before it {load}: {} cores of {}, Linux {}, {postgres}. \
         {CONNECTIONS} connections; runs of {} s, {} of each, of which the median counts.{warning}",
        arguments.join(" "),
        output(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M"])),
        settings.cores,
        proc::processor(),
        output(Command::new("uname").arg("-r")),
        settings.seconds,
        settings.rounds,
    )
}

/// Half of how far the runs lie apart (%), if there are several.
fn spread(samples: &[Sample]) -> String {
    if samples.len() < 2 {
        return String::new();
    }
    format!("{:.0}", Sample::spread(samples) * 50.0)
}

/// Three digits that count, and no more than one would read.
fn significant(figure: f64) -> String {
    let digits = match figure.abs() {
        0.0 => 0,
        size if size < 0.1 => 3,
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{figure:.digits$}");
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}

/// A Markdown table that can be read as it is. The first row is the head.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &[String]| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", cells.collect::<String>())
    };
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        text += &line(row);
        if at == 0 {
            let rule = widths.iter().map(|width| format!("{}|", "-".repeat(width + 2)));
            text += &(rule.fold("|".to_owned(), |text, part| text + &part) + "\n");
        }
    }
    text
}

/// Puts the report into `docs/performance.md`.
pub(super) fn write(report: &str) -> Result<()> {
    let path = workspace::root().join("docs/performance.md");
    let text = fs::read_to_string(&path).context("reading docs/performance.md")?;
    let text =
        between_marks(&text, report).context("docs/performance.md has lost the lines that figures stand between")?;
    fs::write(&path, text).context("writing docs/performance.md")
}

fn between_marks(text: &str, report: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{report}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let expected = [
            (0.0, "0"),
            (0.012_34, "0.012"),
            (0.123_4, "0.12"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (123.4, "123"),
            (1234.5, "1,234"),
            (1_234_567.0, "1,234,567"),
        ];
        for (figure, text) in expected {
            assert_eq!(significant(figure), text);
        }
    }

    #[test]
    fn columns_are_aligned() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = table(&[row(["a", "µs"]), row(["list", "1"])]);
        assert_eq!(text, "| a    | µs |\n|------|----|\n| list | 1  |\n");
    }

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let text = format!("above\n{BEGIN}old\n{END}below\n");
        let new = between_marks(&text, "new").unwrap();
        assert_eq!(new, format!("above\n{BEGIN}\nnew\n{END}below\n"));
        assert_eq!(between_marks(&new, "new").unwrap(), new);
        assert!(between_marks("nothing", "new").is_none());
    }

    #[test]
    fn the_document_has_the_marks() {
        let text = fs::read_to_string(workspace::root().join("docs/performance.md")).unwrap();
        assert!(between_marks(&text, "").is_some());
    }
}
