//! What a fault cost.

use crate::load::{Event, Outcome, Record, Who};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What the clients saw around one fault.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// The longest time between two answers of success to anybody, from the fault on.
    pub(crate) gap: Duration,
    pub(crate) slowest: Duration,
    pub(crate) requests: usize,
    pub(crate) failed: Vec<Event>,
    pub(crate) acknowledged: usize,
    pub(crate) lost: Vec<String>,
    pub(crate) wrong: Vec<String>,
}

impl Figures {
    /// Sums up what was recorded, and asks the service what it still has.
    pub(crate) async fn of(records: &[Record], began: Instant) -> Self {
        let mut figures = Self::default();
        let mut successes = Vec::new();
        for record in records {
            figures.requests += record.events.len();
            figures.acknowledged += record.acknowledged;
            figures.wrong.extend(record.wrong.iter().cloned());
            figures.lost.extend(record.lost().await);
            for event in &record.events {
                figures.slowest = figures.slowest.max(event.ended - event.started);
                if event.outcome == Outcome::Done {
                    successes.push(event.ended);
                } else {
                    figures.failed.push(event.clone());
                }
            }
        }
        successes.sort_unstable();
        let gaps = successes.windows(2).filter(|pair| pair[1] > began);
        figures.gap = gaps.map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
        figures
    }

    pub(crate) fn failures(&self) -> usize {
        self.failed.len()
    }

    /// `3 × 503, 1 × 502 (proxy)`
    fn failures_by_status(rounds: &[Self]) -> String {
        let mut counts = BTreeMap::new();
        for event in rounds.iter().flat_map(|round| &round.failed) {
            let kind = match &event.outcome {
                Outcome::Done => continue,
                Outcome::Refused(status, Who::Node, _) => status.to_string(),
                Outcome::Refused(status, Who::Proxy, _) => format!("{status} of the proxy"),
                Outcome::Broken(_) => "no answer".to_owned(),
            };
            *counts.entry(kind).or_insert(0_usize) += 1;
        }
        if counts.is_empty() {
            return "none".to_owned();
        }
        let counts: Vec<_> = counts.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
        counts.join(", ")
    }
}

/// The rows of a Markdown table.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(String, Vec<Figures>)>);

impl Table {
    /// Adds what each round of one fault cost.
    pub(crate) fn add(&mut self, title: String, rounds: Vec<Figures>) {
        self.0.push((title, rounds));
    }

    /// The table.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from(
            "| fault | rounds | seconds without service: median, worst | slowest request, s | requests | of them failed | writes acknowledged | of them lost |\n\
             |---|---|---|---|---|---|---|---|\n",
        );
        for (title, rounds) in &self.0 {
            let mut gaps: Vec<_> = rounds.iter().map(|round| round.gap.as_secs_f64()).collect();
            gaps.sort_by(f64::total_cmp);
            let (median, worst) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
            let slowest = rounds.iter().map(|round| round.slowest).max().unwrap_or_default();
            let sum = |count: fn(&Figures) -> usize| rounds.iter().map(count).sum::<usize>();
            let _ = writeln!(
                text,
                "| {title} | {} | {median:.2}, {worst:.2} | {:.2} | {} | {} | {} | {} |",
                rounds.len(),
                slowest.as_secs_f64(),
                sum(|round| round.requests),
                Figures::failures_by_status(rounds),
                sum(|round| round.acknowledged),
                sum(|round| round.lost.len()),
            );
        }
        text
    }
}
