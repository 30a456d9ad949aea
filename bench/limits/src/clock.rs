//! Doing something again and again, and what it costs.

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// How long a loop ran, and how often it went round.
pub(crate) struct Pace {
    rounds: u32,
    wall: Duration,
    cpu: Duration,
}

impl Pace {
    /// Goes round for at least `time`.
    ///
    /// # Errors
    /// What `work` fails with.
    pub(crate) fn of(time: Duration, mut work: impl FnMut() -> Result<()>) -> Result<Self> {
        let (start, cpu) = (Instant::now(), process_time());
        let mut rounds = 0;
        while start.elapsed() < time {
            // Reading the clock is not what is measured.
            for _ in 0..16 {
                work()?;
            }
            rounds += 16;
        }
        Ok(Self {
            rounds,
            wall: start.elapsed(),
            cpu: process_time().saturating_sub(cpu),
        })
    }

    /// Rounds per second, and this process's time on the processor for each (µs).
    pub(crate) fn print(&self) {
        let rounds = f64::from(self.rounds);
        println!("per_second {}", rounds / self.wall.as_secs_f64());
        println!("cpu_micros {}", self.cpu.as_secs_f64() * 1e6 / rounds);
    }
}

/// This process's time on the processor, in user and kernel mode.
fn process_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}
