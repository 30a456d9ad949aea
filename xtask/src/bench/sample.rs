//! Figures of short runs, and what is typical of several.

/// What one run measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sample {
    /// Requests per second.
    pub(super) rate: f64,
    /// Half of the requests took no longer (ms).
    pub(super) p50: Option<f64>,
    /// 99 of 100 took no longer (ms).
    pub(super) p99: Option<f64>,
    /// The server's time on the processor for each request (µs).
    pub(super) cpu: Option<f64>,
    /// The database's (µs).
    pub(super) database: Option<f64>,
}

impl Sample {
    /// The median of each figure by itself.
    pub(super) fn typical(samples: &[Self]) -> Self {
        let each = |figure: fn(&Self) -> Option<f64>| median(samples.iter().filter_map(figure).collect());
        Self {
            rate: each(|sample| Some(sample.rate)).unwrap_or_default(),
            p50: each(|sample| sample.p50),
            p99: each(|sample| sample.p99),
            cpu: each(|sample| sample.cpu),
            database: each(|sample| sample.database),
        }
    }

    /// How often the figure of `theirs` goes into that of `ours`: in each run, and of these the median. Runs of the same number
    /// were made within seconds of each other, and the machine is not as fast in the next one.
    pub(super) fn ratio(ours: &[Self], theirs: &[Self], figure: fn(&Self) -> Option<f64>) -> Option<f64> {
        let pairs = ours.iter().zip(theirs);
        median(
            pairs
                .filter_map(|(ours, theirs)| Some(figure(ours)? / figure(theirs)?))
                .collect(),
        )
    }

    /// How far the rates of the runs lie apart: the greatest less the least, over the median.
    pub(super) fn spread(samples: &[Self]) -> f64 {
        let rates = || samples.iter().map(|sample| sample.rate);
        let (least, greatest) = (rates().fold(f64::MAX, f64::min), rates().fold(0.0, f64::max));
        let rate = Self::typical(samples).rate;
        if rate > 0.0 { (greatest - least) / rate } else { 0.0 }
    }
}

/// The middle one, or the mean of the two in the middle.
pub(super) fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let half = figures.len() / 2;
    let upper = *figures.get(half)?;
    if figures.len() % 2 == 1 {
        return Some(upper);
    }
    Some((figures.get(half - 1)? + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn ratios_are_of_runs_that_were_made_together() {
        let runs = |rates: [f64; 3]| {
            rates.map(|rate| Sample {
                rate,
                ..Sample::default()
            })
        };
        // The machine was half as fast in the second round, and ours was disturbed in the third.
        let (ours, theirs) = (runs([80.0, 40.0, 10.0]), runs([100.0, 50.0, 90.0]));
        let ratio = Sample::ratio(&ours, &theirs, |sample| Some(sample.rate)).unwrap();
        assert!((ratio - 0.8).abs() < 1e-9);
        assert_eq!(Sample::ratio(&ours, &theirs, |sample| sample.cpu), None);
    }

    #[test]
    fn one_disturbed_run_does_not_count() {
        let run = |rate, p50| Sample {
            rate,
            p50: Some(p50),
            ..Sample::default()
        };
        let runs = [run(100.0, 1.0), run(10.0, 50.0), run(110.0, 1.5)];
        assert_eq!(Sample::typical(&runs), run(100.0, 1.5));
        assert!((Sample::spread(&runs) - 1.0).abs() < 1e-9);
    }
}
