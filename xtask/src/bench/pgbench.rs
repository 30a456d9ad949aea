//! pgbench: what PostgreSQL does with nothing of ours in front of it. The statements are the server's own, prepared once
//! for each of as many clients as there are connections to the server.

use super::cluster::Cluster;
use super::people::Person;
use super::sample::Sample;
use super::settings::Settings;
use super::wrk::CONNECTIONS;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::process::Stdio;

/// The columns of a task that the server reads.
macro_rules! columns {
    () => {
        "id, title, description, completed, version, created_at, updated_at, due_order, due_zone, priority, tags, \
         list_id, position, parent_id, subtasks_total, subtasks_completed, recurrence, completed_at, deleted_at"
    };
}

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM tasks WHERE owner_id = :owner0 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC;\n"
);

const ONE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM tasks WHERE owner_id = :owner0 AND id = :task0 AND deleted_at IS NULL;\n"
);

/// What can be measured.
#[derive(Clone, Copy)]
pub(super) enum Statement {
    /// The list of one person.
    List,
    /// The same, with one plan for whoever's list it is. Left to itself, PostgreSQL makes a plan for each execution wherever
    /// that promises a cheaper one.
    ListPlannedOnce,
    /// One task of one person.
    One,
    /// A new task, for all the people but the first in turn.
    Create,
}

/// Runs it, and gives its figures. The processor's time is the database's.
pub(super) fn run(settings: &Settings, cluster: &Cluster, people: &[Person], statement: Statement) -> Result<Sample> {
    let scripts: Vec<String> = match statement {
        Statement::List | Statement::ListPlannedOnce => vec![LIST.to_owned()],
        Statement::One => vec![ONE.to_owned()],
        Statement::Create => (1..people.len()).map(create).collect(),
    };
    let mut pgbench = cluster.pgbench();
    if matches!(statement, Statement::ListPlannedOnce) {
        pgbench.env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan");
    }
    pgbench
        .args(["--no-vacuum", "--protocol=prepared"])
        .arg(format!("--client={CONNECTIONS}"))
        .arg(format!("--jobs={}", settings.cores.min(8)))
        .arg(format!("--time={}", settings.seconds.round().max(1.0)));
    for (number, person) in people.iter().enumerate() {
        pgbench.args(["-D", &format!("owner{number}={}", person.id)]);
        pgbench.args(["-D", &format!("task{number}={}", person.task)]);
    }
    for (number, script) in scripts.iter().enumerate() {
        let file = settings.folder.join(format!("pgbench-{number}.sql"));
        fs::write(&file, script).context("writing a script for pgbench")?;
        pgbench.arg("--file").arg(file);
    }
    let before = cluster.cpu()?;
    let output = pgbench.stdin(Stdio::null()).output().context("starting pgbench")?;
    let cpu = cluster.cpu()? - before;
    if !output.status.success() {
        bail!("pgbench: {}", String::from_utf8_lossy(&output.stderr));
    }
    let (count, rate) = parse(&String::from_utf8_lossy(&output.stdout))?;
    Ok(Sample {
        rate,
        database: cpu.micros_per(count),
        ..Sample::default()
    })
}

fn create(person: usize) -> String {
    format!(
        "INSERT INTO tasks (owner_id, id, title, description, created_at, updated_at, search) \
         VALUES (:owner{person}, gen_random_uuid(), 'Buy milk', NULL, now(), now(), 'buy milk') RETURNING {};\n",
        columns!()
    )
}

/// How many transactions there were, and how many each second.
fn parse(text: &str) -> Result<(f64, f64)> {
    let after = |label: &str| {
        let rest = text.lines().find_map(|line| line.strip_prefix(label));
        let number = rest.and_then(|rest| rest.split([' ', '/']).find(|word| !word.is_empty()));
        number
            .and_then(|number| number.parse::<f64>().ok())
            .with_context(|| format!("pgbench did not print `{label}`:\n{text}"))
    };
    let failed = after("number of failed transactions:").unwrap_or(0.0);
    if failed > 0.0 {
        bail!("pgbench counted {failed} failures");
    }
    Ok((after("number of transactions actually processed:")?, after("tps =")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_what_pgbench_prints() {
        let text = "pgbench (15.1)\nnumber of clients: 32\nnumber of transactions actually processed: 54321/60000\n\
                    number of failed transactions: 0 (0.000%)\nlatency average = 1.0 ms\n\
                    tps = 18107.5 (without initial connection time)\n";
        assert_eq!(parse(text).unwrap(), (54321.0, 18107.5));
        assert!(parse("").is_err());
        assert!(parse(&text.replace("transactions: 0 (", "transactions: 3 (")).is_err());
    }
}
