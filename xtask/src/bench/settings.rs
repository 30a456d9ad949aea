//! What is measured, and how.

use super::proc;
use super::work::{Database, Work};
use crate::workspace;
use anyhow::{Context as _, Result};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;

/// Sign-ins that are always under way while the list is measured.
pub(super) const SIGN_INS: u32 = 64;

/// What to measure, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each run; a run of sign-ins takes five times as long
    #[arg(long, default_value_t = 3.0)]
    pub(super) seconds: f64,
    /// Runs of each measurement, of which the median counts
    #[arg(long, default_value_t = 3)]
    pub(super) rounds: usize,
    /// One short run of each: to see that everything works
    #[arg(long, conflicts_with_all = ["seconds", "rounds"])]
    pub(super) quick: bool,
    /// Only on this database
    #[arg(long)]
    pub(super) database: Option<Database>,
    /// Only this; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(super) only: Vec<Part>,
    /// Measure the peer of bench/peer-fastapi as well, which is installed below the build folder
    #[arg(long)]
    pub(super) peer: bool,
    /// Another build of the server, measured in turn with this one: what a change costs is the ratio of each pair
    #[arg(long, value_name = "BINARY")]
    pub(super) against: Option<PathBuf>,
    /// Put the figures into docs/performance.md
    #[arg(long)]
    pub(super) write: bool,
    /// Where the databases lie: on the disk that is to be measured
    #[arg(long, value_name = "FOLDER")]
    pub(super) folder: Option<PathBuf>,
}

/// A part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Work(Work),
    ListUnderSignIns,
    Start,
    Connections,
}

impl clap::ValueEnum for Part {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Work(Work::List),
            Self::Work(Work::One),
            Self::Work(Work::Create),
            Self::Work(Work::Complete),
            Self::Work(Work::Rejected),
            Self::Work(Work::SignIn),
            Self::Work(Work::FirstLoad),
            Self::ListUnderSignIns,
            Self::Start,
            Self::Connections,
        ]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        use clap::builder::PossibleValue;
        Some(match self {
            Self::Work(work) => work.to_possible_value()?,
            Self::ListUnderSignIns => {
                PossibleValue::new("list-under-sign-ins").help("A list of 20 tasks, while sign-ins queue")
            }
            Self::Start => PossibleValue::new("start").help("From the start of the program to its first answer"),
            Self::Connections => PossibleValue::new("connections").help("10,000 idle connections and 1,000 busy ones"),
        })
    }
}

/// How it is measured.
pub(super) struct Settings {
    pub(super) seconds: f64,
    pub(super) rounds: usize,
    pub(super) cores: u32,
    pub(super) folder: PathBuf,
    pub(super) databases: Vec<Database>,
    pub(super) only: Vec<Part>,
    pub(super) peer: bool,
    pub(super) against: Option<PathBuf>,
    /// What else this machine had to do before we began.
    pub(super) load: Option<f64>,
}

impl Settings {
    pub(super) fn new(options: &Options) -> Result<Self> {
        let folder = match &options.folder {
            Some(folder) => std::path::absolute(folder)?.join("taskward-bench"),
            None => workspace::built("release", "bench-data")?,
        };
        // What an earlier run left behind.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let both = || Database::ALL.to_vec();
        Ok(Self {
            seconds: if options.quick { 1.0 } else { options.seconds },
            rounds: if options.quick { 1 } else { options.rounds.max(1) },
            cores: thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX)),
            folder,
            databases: options.database.map_or_else(both, |database| vec![database]),
            only: options.only.clone(),
            peer: options.peer,
            against: options.against.as_ref().map(std::path::absolute).transpose()?,
            load: proc::load(),
        })
    }

    /// Whether the machine had so much else to do that the figures cannot be trusted.
    pub(super) fn is_busy(&self) -> bool {
        self.load.is_some_and(|load| load > 0.5 * f64::from(self.cores))
    }

    pub(super) fn includes(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// What is keyed by a database.
pub(super) type ByDatabase<T> = BTreeMap<Database, T>;
