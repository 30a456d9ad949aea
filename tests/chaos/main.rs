//! Breaks a whole installation in every way that it has to survive, under load, and counts what that cost.
//!
//! Clients go through haproxy to three nodes on a PostgreSQL primary with a synchronous standby; one node goes through
//! pgbouncer. Each case is one fault. During all of them, what is acknowledged stays, and what fails is said clearly.
//!
//! `TASKWARD_CHAOS_ROUNDS` repeats each fault and makes what lasts last longer; `TASKWARD_CHAOS_TABLE` names a file for
//! the table that is printed at the end.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics, and says why"
)]

mod faults;
mod figures;
mod haproxy;
mod load;
mod pair;
mod world;

use faults::Fault;
use figures::{Figures, Table};
use libtest_mimic::{Arguments, Failed, Trial};
use std::env;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use world::World;

/// How often each fault is tried, and for how long those last that last.
#[derive(Clone, Copy)]
struct Extent {
    rounds: usize,
    pause: Duration,
}

/// What the cases share: the installation, as long as the last one has left it whole, and the table.
struct Shared {
    runtime: Runtime,
    world: Mutex<Option<World>>,
    table: Mutex<Table>,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let extent = match env::var("TASKWARD_CHAOS_ROUNDS") {
        Err(_) => Extent {
            rounds: 1,
            pause: Duration::from_secs(3),
        },
        Ok(rounds) => Extent {
            rounds: rounds.parse().expect("TASKWARD_CHAOS_ROUNDS is a number"),
            pause: Duration::from_secs(10),
        },
    };
    let shared = Arc::new(Shared {
        runtime: Runtime::new().expect("a runtime"),
        world: Mutex::default(),
        table: Mutex::default(),
    });
    let trials = Fault::ALL.iter().map(|&fault| {
        let shared = Arc::clone(&shared);
        Trial::test(fault.name(), move || shared.try_fault(fault, extent))
    });
    let outcome = libtest_mimic::run(&arguments, trials.collect());
    let table = shared.table.lock().unwrap_or_else(PoisonError::into_inner).markdown();
    println!("{table}");
    if let Some(file) = env::var_os("TASKWARD_CHAOS_TABLE") {
        std::fs::write(file, table).expect("the file of TASKWARD_CHAOS_TABLE");
    }
    outcome.exit_code()
}

impl Shared {
    fn try_fault(&self, fault: Fault, extent: Extent) -> Result<(), Failed> {
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.runtime.block_on(async {
            let mut world = match world {
                Some(world) => world,
                None => World::start().await,
            };
            let mut rounds = Vec::new();
            let mut failures = Vec::new();
            for _ in 0..extent.rounds {
                let (figures, excess) = round(fault, &mut world, extent.pause).await;
                failures.extend(figures.wrong.iter().cloned());
                failures.extend(figures.lost.iter().cloned());
                failures.extend(excess);
                rounds.push(figures);
            }
            let title = fault.title(extent.pause);
            self.table
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .add(title, rounds);
            if failures.is_empty() {
                *self.world.lock().unwrap_or_else(PoisonError::into_inner) = Some(world);
                return Ok(());
            }
            let more = failures.len().saturating_sub(20);
            failures.truncate(20);
            Err(format!("{}\n… and {more} more\n{}", failures.join("\n"), world.logs()).into())
        })
    }
}

/// One fault under load: what it cost, and what of that was too much.
async fn round(fault: Fault, world: &mut World, pause: Duration) -> (Figures, Vec<String>) {
    let load = world.load(fault.clients()).await;
    let began = Instant::now();
    let gone = fault.inject(world, &load, pause).await;
    load.until_steady().await;
    fault.repair(world).await;
    let records = load.stop().await;
    let figures = Figures::of(&records, began).await;
    let excess = fault.excess(&figures, pause, gone);
    (figures, excess)
}
