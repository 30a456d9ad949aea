//! bcrypt.

use anyhow::Result;
use std::thread;
use std::time::{Duration, Instant};

/// As long as what the server gives to bcrypt.
const PASSWORD: &str = "0123456789012345678901234567890123456789012";

/// Compares a password with its hash so many times on each of so many threads, and prints the median (ms).
///
/// # Errors
/// If the library fails.
pub(crate) fn verify(cost: u32, threads: usize, times: u32) -> Result<()> {
    let hash = bcrypt::hash(PASSWORD, cost)?;
    let run = || -> Result<Vec<Duration>, bcrypt::BcryptError> {
        let once = |_| {
            let start = Instant::now();
            bcrypt::verify(PASSWORD, &hash).map(|_| start.elapsed())
        };
        (0..times).map(once).collect()
    };
    let mut taken = Vec::new();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            taken.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        anyhow::Ok(())
    })?;
    taken.sort_unstable();
    if let Some(median) = taken.get(taken.len() / 2) {
        println!("milliseconds {}", median.as_secs_f64() * 1e3);
    }
    Ok(())
}
