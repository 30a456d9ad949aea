//! How the databases get at what they are asked for.

use tests::postgres::Cluster;
use tests::{Binary, Database, TestApp};

/// An account whose list is a hundred times as long as everybody else's. For the others a plan of their own promises fewer
/// rows than one for all, so that PostgreSQL would make one at each execution.
const SOMEBODY_ELSE: &str = "
    INSERT INTO users (id, email, created_at) VALUES (gen_random_uuid(), 'grace@example.org', now());
    INSERT INTO tasks (owner_id, id, title, created_at, updated_at, search)
    SELECT users.id, gen_random_uuid(), 'Task ' || n, now(), now(), '' FROM users, generate_series(1, 2000) AS n
    WHERE users.email = 'grace@example.org';
    ANALYZE";

mod postgres_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn the_list_is_planned_once_however_much_accounts_differ() {
        let cluster = Cluster::start(&[("log_planner_stats", "on")], &[]);
        let own = Database::empty();
        let server = Binary::start(&own, &["--database-url", &cluster.url("postgres"), "--workers", "1"]);
        let ada = server.register("ada").await;
        for number in 1..=20 {
            ada.add(&format!("Task {number}")).await;
        }
        cluster.execute("postgres", SOMEBODY_ELSE);
        let list_ten_times = async |marker: &str| {
            for _ in 0..10 {
                assert_eq!(ada.list().await.len(), 20);
            }
            cluster.execute("postgres", &format!("SELECT '{marker}'"));
            let log = cluster.logged_until(marker);
            log.iter().filter(|line| line.contains("FROM \"tasks\"")).count()
        };
        assert!(list_ten_times("the first ten").await > 0, "what is planned is logged");
        assert_eq!(list_ten_times("the second ten").await, 0);
    }
}

mod sqlite_only {
    use super::*;
    use diesel::connection::SimpleConnection;
    use diesel::sql_types::{BigInt, Text};
    use diesel::{QueryableByName, RunQueryDsl};

    /// An instruction of SQLite's virtual machine.
    #[derive(QueryableByName)]
    struct Instruction {
        #[diesel(sql_type = Text)]
        opcode: String,
        #[diesel(sql_type = BigInt)]
        p2: i64,
    }

    #[derive(QueryableByName)]
    struct Root {
        #[diesel(sql_type = BigInt)]
        rootpage: i64,
    }

    /// Not among all tasks of the owner: to delete an account took time that grew with the square of its tasks.
    #[tokio::test]
    #[ignore = "only on SQLite"]
    async fn the_subtasks_of_a_task_that_is_deleted_are_looked_up_by_their_parent() {
        let app = TestApp::spawn().await;
        let mut connection = app.database().sqlite();
        connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
        let index = "SELECT rootpage FROM sqlite_schema WHERE name = 'tasks_by_parent'";
        let Root { rootpage } = diesel::sql_query(index).get_result(&mut connection).unwrap();
        for deletion in [
            "DELETE FROM users WHERE id = x'00'",
            "DELETE FROM tasks WHERE owner_id = x'00' AND id = x'00'",
        ] {
            let program: Vec<Instruction> = diesel::sql_query(format!("EXPLAIN {deletion}"))
                .load(&mut connection)
                .unwrap();
            let reads = program
                .iter()
                .any(|step| step.opcode == "OpenRead" && step.p2 == rootpage);
            assert!(reads, "{deletion}");
        }
    }
}
