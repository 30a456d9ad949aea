//! What was measured.

use super::connections::Outcome;
use super::sample::{Sample, median};
use super::settings::ByDatabase;
use super::work::{Database, Subject, Work};
use std::collections::BTreeMap;

/// Everything that was measured.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) samples: BTreeMap<(Work, Subject), Vec<Sample>>,
    pub(super) under_load: ByDatabase<Vec<ListUnderLoad>>,
    /// Milliseconds.
    pub(super) starts: BTreeMap<Subject, f64>,
    /// MiB, after all requests.
    pub(super) resident: BTreeMap<Subject, f64>,
    /// MiB, after the many connections have been closed again.
    pub(super) resident_at_last: ByDatabase<f64>,
    pub(super) connections: ByDatabase<Outcome>,
    /// Answers that were not what they should be.
    pub(super) failed: u32,
}

/// Medians of the list on one connection (ms), and sign-ins per second meanwhile.
#[derive(Clone, Copy)]
pub(super) struct ListUnderLoad {
    pub(super) idle: f64,
    pub(super) busy: f64,
    pub(super) sign_ins: f64,
}

impl Findings {
    /// The ratio of one subject's rate to another's at the same work.
    pub(super) fn rates(&self, work: Work, ours: Subject, theirs: Subject) -> Option<f64> {
        self.ratio(work, ours, theirs, |sample| Some(sample.rate))
    }

    /// The ratio of one subject's time on the processor to another's at the same work.
    pub(super) fn times(&self, work: Work, ours: Subject, theirs: Subject) -> Option<f64> {
        self.ratio(work, ours, theirs, |sample| sample.cpu)
    }

    fn ratio(&self, work: Work, ours: Subject, theirs: Subject, figure: fn(&Sample) -> Option<f64>) -> Option<f64> {
        let samples = |subject| self.samples.get(&(work, subject));
        Sample::ratio(samples(ours)?, samples(theirs)?, figure)
    }

    pub(super) fn list_under_load(&self, database: Database) -> Option<ListUnderLoad> {
        let all = self.under_load.get(&database)?;
        let middle = |figure: fn(&ListUnderLoad) -> f64| median(all.iter().map(figure).collect());
        Some(ListUnderLoad {
            idle: middle(|load| load.idle)?,
            busy: middle(|load| load.busy)?,
            sign_ins: middle(|load| load.sign_ins)?,
        })
    }
}
