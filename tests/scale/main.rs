//! What one PostgreSQL carries: a thousand, a hundred thousand and a million accounts with twenty tasks each, how PostgreSQL
//! gets at the rows of one of them, and how long that takes through the server.
//!
//! Run by `cargo xtask scale`, since it takes some ten minutes and as many gigabytes. It fails if a plan reads more than the
//! owner's own rows.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on panics, and says why"
)]

use serde_json::{Value, json};
use shared::paths;
use std::env;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tests::postgres::Cluster;
use tests::token::Token;
use tests::{Ask, Binary, Database, Person};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use uuid::Uuid;

/// Tasks of each account.
const TASKS: i64 = 20;

/// Requests of each kind.
const REQUESTS: u32 = 2000;

/// Whether a session is alive, as a condition: asked together with the whole list, and beside everything else.
macro_rules! alive {
    () => {
        "EXISTS (SELECT id FROM users WHERE id = '{user}' AND epoch = 0 AND NOT EXISTS \
            (SELECT id FROM signed_out_sessions WHERE user_id = '{user}' AND id = '{task}'))"
    };
}

/// What is asked of the database for each request, with an account and one of its tasks in it.
const QUERIES: [(&str, &str); 5] = [
    ("session", concat!("SELECT ", alive!())),
    (
        "list of 20",
        concat!(
            "SELECT * FROM tasks WHERE owner_id = '{user}' AND deleted_at IS NULL AND ",
            alive!(),
            " ORDER BY created_at DESC, id DESC"
        ),
    ),
    (
        "open tasks by hand",
        "SELECT * FROM tasks WHERE owner_id = '{user}' AND deleted_at IS NULL AND NOT completed ORDER BY position, id LIMIT 21",
    ),
    (
        "one task",
        "SELECT * FROM tasks WHERE owner_id = '{user}' AND id = '{task}' AND deleted_at IS NULL",
    ),
    (
        "create",
        "INSERT INTO tasks (owner_id, id, title, created_at, updated_at, search) \
            VALUES ('{user}', gen_random_uuid(), 'Milk', now(), now(), '')",
    ),
];

fn main() {
    let sizes: Vec<i64> = env::var("TASKWARD_SCALE_USERS")
        .unwrap_or_else(|_| "1000,100000,1000000".to_owned())
        .split(',')
        .map(|size| {
            size.parse()
                .expect("TASKWARD_SCALE_USERS: numbers, separated by commas")
        })
        .collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let text = runtime.block_on(measure(&sizes));
    println!("{text}");
    if let Some(file) = env::var_os("TASKWARD_SCALE_TABLE") {
        std::fs::write(file, text).expect("the file of TASKWARD_SCALE_TABLE");
    }
}

async fn measure(sizes: &[i64]) -> String {
    let cluster = Cluster::start(
        &[
            ("shared_buffers", "1GB"),
            ("maintenance_work_mem", "512MB"),
            ("max_wal_size", "8GB"),
            ("wal_level", "minimal"),
            ("max_wal_senders", "0"),
            ("autovacuum", "off"),
        ],
        &[],
    );
    let place = Database::empty();
    let url = cluster.url("postgres");
    let flags = ["--database-url", &*url, "--database-pool-size", "4"];
    let server = Binary::start(&place, &flags);
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    // Somebody real, whose token is the pattern for everybody's.
    let pattern = server.register("pattern").await;

    let mut table = String::from(
        "| accounts | tasks | tasks and their indexes, MiB | list of 20: p50, p99 ms | open tasks by hand: p50, p99 ms \
         | one task: p50, p99 ms | create: p50, p99 ms | pages read by the list, the open tasks, one task, the session |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut plans = String::new();
    let mut made = 0;
    for &size in sizes {
        let start = Instant::now();
        fill(&client, made, size).await;
        made = size;
        println!("{size} accounts after {:.0?}", start.elapsed());
        let (pages, text) = explain(&client, size).await;
        plans = text;
        let list = requests(&server, &pattern, size, "list").await;
        let open = requests(&server, &pattern, size, "open").await;
        let one = requests(&server, &pattern, size, "one").await;
        let create = requests(&server, &pattern, size, "create").await;
        let tasks: i64 = number(&client, "SELECT COUNT(*) FROM tasks").await;
        let bytes: i64 = number(&client, "SELECT pg_total_relation_size('tasks')").await;
        let _ = writeln!(
            table,
            "| {size} | {tasks} | {} | {list} | {open} | {one} | {create} | {}, {}, {}, {} |",
            bytes / 1024 / 1024,
            pages[1],
            pages[2],
            pages[3],
            pages[0],
        );
    }
    format!("{table}\n{plans}")
}

/// Makes accounts and tasks until there are so many. Tasks come in the order in which people would add them, one of each
/// account's after the other, so that those of one account lie far apart. Half of them are done, and every fourth has a date.
/// They have no text to search by.
async fn fill(client: &Client, from: i64, to: i64) {
    let user = "('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
    let task = "('00000000-0000-4000-9000-' || lpad(to_hex(n * 100 + t), 12, '0'))::uuid";
    let sql = format!(
        "DELETE FROM tasks WHERE title = 'Milk'; -- what requests have added
         DROP INDEX IF EXISTS tasks_by_age, tasks_by_due, tasks_by_position;
         SET session_replication_role = replica; -- what refers to something need not be checked
         INSERT INTO users (id, email, password_hash, created_at)
         SELECT {user}, 'user' || n || '@example.org', 'none', now() FROM generate_series({from} + 1, {to}) AS n;
         INSERT INTO tasks (owner_id, id, title, description, created_at, updated_at, completed, completed_at, due_order,
                            position, search)
         SELECT {user}, {task}, 'Something to do, number ' || t,
                'What has to be thought of when it is done: ' || md5(n || '/' || t), day, day,
                t % 2 = 0, CASE WHEN t % 2 = 0 THEN day END,
                CASE WHEN t % 4 = 1 THEN to_char(day, 'YYYYMMDD')::bigint * 10000 + 2400 END,
                lpad(to_hex(9223372036854775807 - (extract(epoch FROM day) * 1000000)::bigint), 16, '0') || '8', ''
         FROM generate_series(1, {TASKS}) AS t, generate_series({from} + 1, {to}) AS n,
              LATERAL (SELECT timestamptz '2026-01-01' + t * interval '1 day') AS days (day);
         INSERT INTO signed_out_sessions (user_id, id, expires_at)
         SELECT {user}, gen_random_uuid(), now() + interval '30 days' FROM generate_series({from} + 1, {to}, 10) AS n;
         SET session_replication_role = origin;
         CREATE INDEX tasks_by_age ON tasks (owner_id, created_at, id);
         CREATE INDEX tasks_by_due ON tasks (owner_id, due_order, id) WHERE due_order IS NOT NULL;
         CREATE INDEX tasks_by_position ON tasks (owner_id, position, id) WHERE deleted_at IS NULL;"
    );
    client.batch_execute(&sql).await.expect("accounts and tasks");
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
        client.batch_execute(statement).await.expect(statement);
    }
}

/// How many pages each query reads, and the plans. Panics if one of them reads a table from end to end.
async fn explain(client: &Client, size: i64) -> (Vec<i64>, String) {
    let (mut pages, mut text) = (Vec::new(), String::new());
    for (name, query) in QUERIES {
        let query = query
            .replace("{user}", &user(size / 2).to_string())
            .replace("{task}", &task(size / 2, 7).to_string());
        let explain =
            |format: &str| format!("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF{format}) {query}");
        client.batch_execute("BEGIN").await.unwrap();
        let plan = lines(client, &explain(", FORMAT JSON")).await.concat();
        let rows = lines(client, &explain("")).await;
        client.batch_execute("ROLLBACK").await.unwrap();
        let plan: Value = serde_json::from_str(&plan).expect("a plan");
        let plan = &plan[0]["Plan"];
        // A table of one page is rightly read from end to end.
        let from_end_to_end = plan.to_string().contains("Seq Scan");
        assert!(size < 10_000 || !from_end_to_end, "{name}: {plan:#}");
        let read = plan["Shared Hit Blocks"].as_i64().unwrap() + plan["Shared Read Blocks"].as_i64().unwrap();
        assert!(name == "create" || read <= 60, "{name} reads {read} pages: {plan:#}");
        pages.push(read);
        let _ = writeln!(text, "{name}:\n");
        for row in rows {
            let _ = writeln!(text, "    {row}");
        }
        text.push('\n');
    }
    (pages, text)
}

/// What a query returns in its first column, as text.
async fn lines(client: &Client, sql: &str) -> Vec<String> {
    let messages = client.simple_query(sql).await.expect(sql);
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    rows.collect()
}

/// The median and the 99th percentile of requests for accounts all over the table, one after the other, in ms.
async fn requests(server: &Binary, pattern: &Person, size: i64, what: &str) -> String {
    let client = pattern.at(&server.url);
    let mut took = Vec::new();
    for number in 0..REQUESTS {
        // A stride that meets every part of the table, and nobody twice.
        let n = (i64::from(number) * 7919) % size + 1;
        let id = user(n).to_string();
        let token = Token::read(&pattern.token)
            .with("sub", id.as_str())
            .with("user_id", id.as_str())
            .sign();
        let person = client.with_token(token);
        let request = match what {
            "list" => person.get(&paths::tasks(&id)),
            "open" => person.get(&format!("{}?completed=false&sort=position&limit=20", paths::tasks(&id))),
            "one" => person.get(&paths::task(&id, task(n, 7))),
            _ => person.post(&paths::tasks(&id)).json(&json!({"title": "Milk"})),
        };
        let start = Instant::now();
        let answer = request.ask().await;
        took.push(start.elapsed());
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        let expected = match what {
            "list" => Some(20),
            "open" => Some(10),
            _ => None,
        };
        if let Some(expected) = expected {
            assert_eq!(answer.value().as_array().map(Vec::len), Some(expected));
        }
    }
    took.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    format!(
        "{:.2}, {:.2}",
        ms(took[took.len() / 2]),
        ms(took[took.len() * 99 / 100])
    )
}

/// The id of an account.
fn user(n: i64) -> Uuid {
    format!("00000000-0000-4000-8000-{n:012x}").parse().expect("a UUID")
}

/// The id of an account's task.
fn task(n: i64, t: i64) -> Uuid {
    format!("00000000-0000-4000-9000-{:012x}", n * 100 + t)
        .parse()
        .expect("a UUID")
}

async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.expect(sql).get(0)
}
