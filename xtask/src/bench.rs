//! `cargo xtask bench`: how fast the server is as it ships, on this machine, over loopback, beside what the machine can do
//! at best.
//!
//! Ratios of figures from one run are what counts: machines differ, and so does one machine from minute to minute. So each
//! limit is measured right before or after what it limits, several times over, and the median is taken.

mod cluster;
mod connections;
mod goals;
mod limits;
mod peer;
mod people;
mod pgbench;
mod proc;
mod report;
mod sample;
mod server;
mod spa;
mod stage;
mod work;
mod wrk;

use crate::setup::{self, Purpose};
use crate::{process, workspace};
use anyhow::{Context as _, Result};
use clap::Args;
use report::{Findings, ListUnderLoad};
use sample::median;
use server::Server;
use stage::Stage;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use work::{Database, Work};
use wrk::Load;

/// Connections that send requests, and clients of pgbench.
const CONNECTIONS: u32 = 32;

/// Sign-ins that are always under way while the list is measured.
const SIGN_INS: u32 = 64;

/// Starts of the server, of which the median counts.
const STARTS: usize = 7;

/// What to measure, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each run; a run of sign-ins takes five times as long
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Runs of each measurement, of which the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// One short run of each: to see that everything works
    #[arg(long, conflicts_with_all = ["seconds", "rounds"])]
    quick: bool,
    /// Only on this database
    #[arg(long)]
    database: Option<Database>,
    /// Only this; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<Part>,
    /// Measure the peer of bench/peer-fastapi as well, which is installed below the build folder
    #[arg(long)]
    peer: bool,
    /// Another build of the server, measured in turn with this one: what a change costs is the ratio of each pair
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// Put the figures into docs/performance.md
    #[arg(long)]
    write: bool,
    /// Where the databases lie: on the disk that is to be measured
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// A part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
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
struct Settings {
    seconds: f64,
    rounds: usize,
    cores: u32,
    folder: PathBuf,
    databases: Vec<Database>,
    only: Vec<Part>,
    peer: bool,
    against: Option<PathBuf>,
    /// What else this machine had to do before we began.
    load: Option<f64>,
}

impl Settings {
    fn new(options: &Options) -> Result<Self> {
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
    fn is_busy(&self) -> bool {
        self.load.is_some_and(|load| load > 0.5 * f64::from(self.cores))
    }

    fn includes(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Measures, prints the table, and writes it down if that is asked for.
pub(crate) fn bench(options: &Options) -> Result<()> {
    setup::ensure(Purpose::Bench)?;
    let settings = Settings::new(options)?;
    crate::spa::build()?;
    println!("Building the server as it ships, and the limits to compare it with …");
    // One after the other, so that the server is the one that `cargo xtask run` builds, to the byte.
    for package in ["--package=api", "--package=limits"] {
        process::run(workspace::cargo().args(["build", "--release", "--bins", package]))?;
    }
    if settings.is_busy() {
        println!("This machine is busy with other things: what is measured now says little.");
    }
    connections::raise_limit();

    let findings = measure(&settings)?;
    let report = findings.markdown(&settings);
    println!("\n{report}");
    if options.write {
        report::write(&report)?;
    }
    fs::remove_dir_all(&settings.folder).context("removing the databases")
}

fn measure(settings: &Settings) -> Result<Findings> {
    let mut findings = Findings::default();
    println!("Setting up the databases …");
    let stage = Stage::set(settings)?;
    for round in 0..settings.rounds {
        for &work in <Work as clap::ValueEnum>::value_variants() {
            if settings.includes(Part::Work(work)) {
                println!("Round {} of {}: {}", round + 1, settings.rounds, work.title());
                for &subject in work.subjects() {
                    if let Some(sample) = stage.measure(settings, work, subject)? {
                        findings.samples.entry((work, subject)).or_default().push(sample);
                    }
                }
            }
        }
        if settings.includes(Part::ListUnderSignIns) {
            println!(
                "Round {} of {}: list of 20, while sign-ins queue",
                round + 1,
                settings.rounds
            );
            for (&database, node) in &stage.nodes {
                let medians = list_under_sign_ins(settings, node)?;
                findings.under_load.entry(database).or_default().push(medians);
            }
        }
    }
    findings.failed = stage.failed();
    proc::rest()?;
    for (&database, node) in &stage.nodes {
        if settings.includes(Part::Start) {
            println!("Starting the server on {} …", database.title());
            // In turn with the baseline, so that both find the same machine.
            let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
            for _ in 0..STARTS {
                for (times, node) in times.iter_mut().zip([Some(node), stage.baseline.get(&database)]) {
                    if let Some(node) = node {
                        times.push(node.time_to_ready()?.as_secs_f64() * 1e3);
                    }
                }
            }
            let [ours, baselines] = times.map(median);
            findings.starts.extend(ours.map(|time| (database.subject(), time)));
            findings
                .starts
                .extend(baselines.map(|time| (database.baseline(), time)));
        }
        findings
            .resident
            .insert(database.subject(), node.server.resident_at_rest()?);
        if let Some(node) = stage.baseline.get(&database) {
            findings
                .resident
                .insert(database.baseline(), node.server.resident_at_rest()?);
        }
        if settings.includes(Part::Connections)
            && let Some(person) = node.people.first()
        {
            println!("Opening connections to the server on {} …", database.title());
            let outcome = connections::hold(&node.server, person, &settings.folder, settings.seconds)?;
            findings.connections.insert(database, outcome);
            findings
                .resident_at_last
                .insert(database, node.server.resident_at_rest()?);
        }
    }
    Ok(findings)
}

/// The list on one connection, alone and while sign-ins queue.
fn list_under_sign_ins(settings: &Settings, node: &stage::Node) -> Result<ListUnderLoad> {
    let list = Load {
        connections: 1,
        ..Work::List.load(&node.server, &node.people)?
    };
    let sign_ins = Load {
        connections: SIGN_INS,
        ..Work::SignIn.load(&node.server, &node.people)?
    };
    proc::rest()?;
    let idle = list.run(&settings.folder, settings.seconds)?;
    // Longer on either side, so that the queue is full for the whole of the measurement.
    let hammer = sign_ins.start(&settings.folder, settings.seconds + 4.0)?;
    thread::sleep(std::time::Duration::from_secs(1));
    let busy = list.run(&settings.folder, settings.seconds);
    let hammered = wrk::finish(hammer)?;
    Ok(ListUnderLoad {
        idle: idle.p50,
        busy: busy?.p50,
        sign_ins: hammered.rate,
    })
}

/// What is keyed by a database.
type ByDatabase<T> = BTreeMap<Database, T>;
