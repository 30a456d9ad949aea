//! `cargo xtask bench`: how fast the server is as it ships, on this machine, over loopback, beside what the machine can do
//! at best.
//!
//! Ratios of figures from one run are what counts: machines differ, and so does one machine from minute to minute. So each
//! limit is measured right before or after what it limits, several times over, and the median is taken.

mod cluster;
mod connections;
mod findings;
mod goals;
mod limits;
mod peer;
mod people;
mod pgbench;
mod proc;
mod report;
mod sample;
mod server;
mod settings;
mod spa;
mod stage;
mod work;
mod wrk;

use crate::setup::{self, Purpose};
use crate::{process, workspace};
use anyhow::{Context as _, Result};
use findings::{Findings, ListUnderLoad};
use sample::median;
use settings::{Part, SIGN_INS, Settings};
use stage::Stage;
use std::fs;
use std::thread;
use work::Work;
use wrk::Load;

pub(crate) use settings::Options;

/// Starts of the server, of which the median counts.
const STARTS: usize = 7;

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
