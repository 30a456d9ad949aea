//! What the kernel knows about processes (proc(5)).

use anyhow::{Context as _, Result};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::ops::Sub;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{process, thread};

/// The kernel reports times in this unit to user space, whatever its own is (`USER_HZ` of every architecture that Rust has).
const TICK: Duration = Duration::from_millis(10);

/// Time on the processor, in user and kernel mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cpu(Duration);

impl Cpu {
    /// Of a process and of all that descend from it, those included that have ended and been waited for.
    pub(super) fn of_tree(root: u32) -> Result<Self> {
        let mut stats = Vec::new();
        for entry in fs::read_dir("/proc").context("reading /proc")? {
            let name = entry?.file_name();
            // One that ends while we look is counted with its parent.
            if name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit())
                && let Ok(text) = fs::read_to_string(format!("/proc/{}/stat", name.to_string_lossy()))
                && let Some(stat) = Stat::read(&text)
            {
                stats.push(stat);
            }
        }
        let mut family = HashSet::from([root]);
        let mut grows = true;
        while grows {
            let before = family.len();
            family.extend(
                stats
                    .iter()
                    .filter(|stat| family.contains(&stat.parent))
                    .map(|stat| stat.id)
                    .collect::<Vec<_>>(),
            );
            grows = family.len() > before;
        }
        let ticks: u32 = stats
            .iter()
            .filter(|stat| family.contains(&stat.id))
            .map(|stat| stat.ticks)
            .sum();
        Ok(Self(TICK * ticks))
    }

    /// Microseconds for each of so many, if there are any.
    pub(super) fn micros_per(self, count: f64) -> Option<f64> {
        (count > 0.0).then(|| self.0.as_secs_f64() * 1e6 / count)
    }
}

impl Sub for Cpu {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

/// What counts in `/proc/PID/stat`.
#[derive(Debug, PartialEq)]
struct Stat {
    id: u32,
    parent: u32,
    ticks: u32,
}

impl Stat {
    fn read(text: &str) -> Option<Self> {
        let (id, _) = text.split_once(' ')?;
        // The program's name stands in parentheses, and may itself have some.
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
        // state ppid … utime stime cutime cstime: fields 3, 4, 14 to 17 of the whole line.
        Some(Self {
            id: id.parse().ok()?,
            parent: number(1)?,
            ticks: (11..=14).map(number).sum::<Option<u32>>()?,
        })
    }
}

/// A program that gives way to what it talks to (sched(7), `SCHED_BATCH`). Whatever sends requests runs on the cores of
/// whoever answers them; with the usual policy most of the answers interrupt the server as they arrive, and much of what
/// is measured is the switching to and fro. People's browsers run on machines of their own.
pub(super) fn giving_way(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("chrt");
    command.args(["--batch", "0"]).arg(program);
    command
}

/// Waits until this process, and everything that it has started, has nothing more to do, but for a minute at most. What was
/// measured before may not be over: a server goes on hashing the passwords of sign-ins whose clients have gone.
pub(super) fn rest() -> Result<()> {
    const PAUSE: Duration = Duration::from_millis(300);
    let start = Instant::now();
    let mut before = Cpu::of_tree(process::id())?;
    while start.elapsed() < Duration::from_mins(1) {
        thread::sleep(PAUSE);
        let now = Cpu::of_tree(process::id())?;
        if (now - before).0 <= PAUSE / 10 {
            break;
        }
        before = now;
    }
    Ok(())
}

/// Memory of a process that is in RAM (MiB).
pub(super) fn resident(id: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).context("reading the server's memory")?;
    resident_in(&status).context("the kernel does not say how much memory the server has")
}

fn resident_in(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// How many files a process has open, its connections among them.
pub(super) fn open_files(id: u32) -> Result<usize> {
    let files = fs::read_dir(format!("/proc/{id}/fd")).context("counting the server's open files")?;
    Ok(files.count())
}

/// The processor's name.
pub(super) fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name"));
    name.and_then(|line| line.split_once(':'))
        .map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.trim().to_owned())
}

/// How many tasks want a processor, on average over the last minute.
pub(super) fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_a_name_with_parentheses() {
        let text = "71 (a) (b c) S 7 71 71 0 -1 4194560 915 0 2 0 100 20 3 4 20 0 3 0 5 6 7 18446744073709551615";
        let expected = Stat {
            id: 71,
            parent: 7,
            ticks: 127,
        };
        assert_eq!(Stat::read(text), Some(expected));
        assert_eq!(Stat::read("71 (a) S"), None);
    }

    #[test]
    fn what_gives_way_is_told_so_to_the_scheduler() {
        let output = giving_way("chrt").args(["--pid", "0"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("SCHED_BATCH"), "{text}");
    }

    #[test]
    fn memory_is_read() {
        assert_eq!(resident_in("VmPeak:\t 9 kB\nVmRSS:\t    3072 kB\n"), Some(3.0));
        assert_eq!(resident_in(""), None);
        assert!(resident(process::id()).unwrap() > 0.0);
        assert!(open_files(process::id()).unwrap() > 0);
    }

    #[test]
    fn what_this_process_does_is_counted() {
        let before = Cpu::of_tree(process::id()).unwrap();
        let start = Instant::now();
        while Cpu::of_tree(process::id()).unwrap() == before {
            assert!(start.elapsed() < Duration::from_mins(1), "no time was counted");
        }
    }
}
