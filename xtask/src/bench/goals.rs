//! What the server is to reach, and whether it does.

use super::connections::{ACTIVE, IDLE};
use super::findings::Findings;
use super::work::{Database, Subject, Work};

/// Something to reach.
#[derive(Debug, PartialEq)]
pub(super) struct Goal {
    pub(super) what: String,
    pub(super) figure: f64,
    pub(super) needed: Needed,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Needed {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    pub(super) fn is_reached(&self) -> bool {
        match self.needed {
            Needed::AtLeast(least) => self.figure >= least,
            Needed::AtMost(most) => self.figure <= most,
        }
    }
}

/// Every goal that something was measured for.
pub(super) fn of(findings: &Findings) -> Vec<Goal> {
    let mut goals = Vec::new();
    let mut add = |what: String, figure: Option<f64>, needed| {
        goals.extend(figure.map(|figure| Goal { what, figure, needed }));
    };

    add(
        "PostgreSQL, list of 20: CPU of FastAPI over ours".into(),
        findings.times(Work::List, Subject::Peer, Subject::Postgres),
        Needed::AtLeast(25.0),
    );
    add(
        "PostgreSQL, list of 20: our requests/s over pgbench's".into(),
        findings.rates(Work::List, Subject::Postgres, Subject::Pgbench),
        Needed::AtLeast(0.70),
    );
    for database in Database::ALL {
        add(
            format!("{}, rejected token: CPU over an empty handler's", database.title()),
            findings.times(Work::Rejected, database.subject(), Subject::Handler),
            Needed::AtMost(2.0),
        );
    }
    add(
        "SQLite, list of 20: our rate per core over the loop's".into(),
        findings.times(Work::List, Subject::SqliteLoop, Subject::Sqlite),
        Needed::AtLeast(0.5),
    );
    add(
        "SQLite, creates: our rate over one transaction each".into(),
        findings.rates(Work::Create, Subject::Sqlite, Subject::SqliteLoop),
        Needed::AtLeast(3.0),
    );
    for database in Database::ALL {
        let title = database.title();
        add(
            format!("{title}, sign-ins: our rate over cores / one hash"),
            findings.rates(Work::SignIn, database.subject(), Subject::Hash),
            Needed::AtLeast(0.95),
        );
        add(
            format!("{title}, list of 20 while sign-ins queue: median over that when idle"),
            findings.list_under_load(database).map(|load| load.busy / load.idle),
            Needed::AtMost(3.0),
        );
        // Whatever came last: the connections, if they were opened.
        let resident = findings
            .resident_at_last
            .get(&database)
            .or(findings.resident.get(&database.subject()));
        add(
            format!("{title}: RSS after the whole bench (MiB)"),
            resident.copied(),
            Needed::AtMost(30.0),
        );
        add(
            format!("{title}: start to first 200 on an existing database (ms)"),
            findings.starts.get(&database.subject()).copied(),
            Needed::AtMost(50.0),
        );
        add(
            format!("{title}: errors on {IDLE} idle and {ACTIVE} active connections"),
            findings
                .connections
                .get(&database)
                .map(|outcome| f64::from(outcome.errors)),
            Needed::AtMost(0.0),
        );
    }
    goals
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn a_goal_is_reached_at_its_bound() {
        let goal = |figure, needed| Goal {
            what: String::new(),
            figure,
            needed,
        };
        assert!(goal(3.0, Needed::AtLeast(3.0)).is_reached());
        assert!(!goal(2.9, Needed::AtLeast(3.0)).is_reached());
        assert!(goal(3.0, Needed::AtMost(3.0)).is_reached());
        assert!(!goal(3.1, Needed::AtMost(3.0)).is_reached());
    }

    #[test]
    fn goals_are_ratios_of_what_was_measured() {
        let sample = |rate, cpu| Sample {
            rate,
            cpu: Some(cpu),
            ..Sample::default()
        };
        let mut findings = Findings::default();
        findings
            .samples
            .insert((Work::List, Subject::Postgres), vec![sample(800.0, 40.0)]);
        assert_eq!(of(&findings), []);
        findings.samples.insert(
            (Work::List, Subject::Pgbench),
            vec![Sample {
                rate: 1000.0,
                ..Sample::default()
            }],
        );
        findings
            .samples
            .insert((Work::List, Subject::Peer), vec![sample(80.0, 1200.0)]);
        let goals = of(&findings);
        assert_eq!(goals.iter().map(|goal| goal.figure).collect::<Vec<_>>(), [30.0, 0.8]);
        assert!(goals.iter().all(Goal::is_reached));
    }
}
