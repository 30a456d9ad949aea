//! How PostgreSQL gets at what it is asked for.

use tests::postgres::Cluster;
use tests::{Binary, Database};

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
